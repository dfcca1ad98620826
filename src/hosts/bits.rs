//! Bits, the high ones of a byte first.

use super::code::{self, ESCAPE, ESCAPED_BITS, MAX_LENGTH};

/// Reads bits; past the end they are all 0.
pub(super) struct Bits<'a> {
    bytes: &'a [u8],
    /// The next bits, at the high end.
    ahead: u64,
    /// How many of them were read from `bytes`.
    known: u32,
}

impl<'a> Bits<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, ahead: 0, known: 0 }
    }

    /// The next `count` bits, 32 at most.
    pub(super) fn raw(&mut self, count: u32) -> u32 {
        self.look_ahead(count);
        // A shift by all 64 bits is none.
        let value = u32::try_from(self.ahead.checked_shr(64 - count).unwrap_or_default()).unwrap_or_default();
        self.skip(count);
        value
    }

    /// The next symbol of a row.
    #[inline]
    pub(super) fn symbol(&mut self, row: usize) -> Option<u8> {
        self.look_ahead(MAX_LENGTH);
        let (symbol, length) = code::decode(row, usize::try_from(self.ahead >> (64 - MAX_LENGTH)).ok()?)?;
        self.skip(length);
        match symbol {
            ESCAPE => u8::try_from(self.raw(ESCAPED_BITS)).ok(),
            symbol => Some(symbol),
        }
    }

    #[inline]
    fn look_ahead(&mut self, count: u32) {
        if self.known < count {
            let four = match self.bytes.split_first_chunk::<4>() {
                Some((four, rest)) => {
                    self.bytes = rest;
                    *four
                }
                None => self.last_bytes(),
            };
            self.ahead |= u64::from(u32::from_be_bytes(four)) << (32 - self.known);
            self.known += 32;
        }
    }

    #[cold]
    fn last_bytes(&mut self) -> [u8; 4] {
        let mut four = [0; 4];
        for (to, from) in four.iter_mut().zip(std::mem::take(&mut self.bytes)) {
            *to = *from;
        }
        four
    }

    fn skip(&mut self, count: u32) {
        self.ahead <<= count;
        self.known -= count;
    }
}

/// Where a map's keys are written.
pub trait Sink {
    /// A symbol in the code of a row.
    fn symbol(&mut self, row: usize, symbol: u8);
    /// The low `count` bits of a number.
    fn raw(&mut self, number: u32, count: u32);
}

/// Writes bits.
#[derive(Default)]
pub(super) struct Writer {
    pub(super) bytes: Vec<u8>,
    /// How many bits of the last byte are free.
    free: u32,
}

impl Writer {
    /// Goes on at the next whole byte, and says which it is.
    pub(super) fn align(&mut self) -> usize {
        self.free = 0;
        self.bytes.len()
    }
}

impl Sink for Writer {
    fn symbol(&mut self, row: usize, symbol: u8) {
        if let Some((code, length)) = code::code(row, symbol) {
            self.raw(code, length);
        } else if let Some((code, length)) = code::code(row, ESCAPE) {
            self.raw(code, length);
            self.raw(symbol.into(), ESCAPED_BITS);
        }
    }

    fn raw(&mut self, number: u32, count: u32) {
        for bit in (0..count).rev() {
            if self.free == 0 {
                self.bytes.push(0);
                self.free = 8;
            }
            self.free -= 1;
            if let Some(last) = self.bytes.last_mut() {
                *last |= u8::from(number >> bit & 1 == 1) << self.free;
            }
        }
    }
}
