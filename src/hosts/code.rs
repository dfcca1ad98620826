//! The static code of a map's keys: few bits for what is likely after what stands before.
//!
//! It belongs to the format, as the code of HPACK does (RFC 7541 appendix B): no list carries a
//! table, none is built at a start, and every publisher packs the same bytes. `lengths.txt` holds
//! it: a line for each [row](ROWS), in it the length in bits of each symbol's canonical prefix code
//! (RFC 1951 §3.2.2), 0 for a symbol that is written as [`ESCAPE`] and its number.
//! `cargo xtask character-code` counts it anew from lists of hosts; another code is another format.

/// What ends a key, its closing dot included. Below it stand the characters of host names.
pub const END: u8 = 39;
/// What announces a symbol that has no code of its own in a row.
pub const ESCAPE: u8 = 40;
/// How many symbols a row has: characters, [`END`] and [`ESCAPE`].
pub const SYMBOLS: usize = 41;
/// Longest code, in bits.
pub const MAX_LENGTH: u32 = 6;
/// Bits in which a symbol's number is written after [`ESCAPE`].
pub(super) const ESCAPED_BITS: u32 = 6;

/// The characters of host names; underscores stand in names of the DNS, if not in host names.
const CHARACTERS: &[u8; END as usize] = b"-.0123456789_abcdefghijklmnopqrstuvwxyz";
const DOT: u8 = 1;
/// Marks a byte that no host name has; beside it stands the first character after that byte.
const UNKNOWN: u8 = 0x80;
/// Bits of [`span`]'s units: an escaped symbol has so small a part.
const SPAN_BITS: u32 = MAX_LENGTH + ESCAPED_BITS;

/// The row of how many bytes a key shares with the one before: [`WHOLE`], or the number's distance
/// from the last such number.
pub(super) const SHARED: usize = 0;
/// In the row of [`SHARED`]: the whole key before.
pub(super) const WHOLE: u8 = 0;
/// In the row of [`SHARED`]: as many as last time. Symbols around it stand for a few more or less.
pub(super) const AS_LAST: u8 = 20;
/// In the row of [`SHARED`]: another number, which follows in 8 bits.
pub(super) const FAR: u8 = END;
/// The first of the rows of a key's first own character, which is greater than the one that the
/// key before has there: a row for each such one, and one for where that key has ended.
const FIRST_CHARACTER: usize = 1;
/// The first of the rows of every other character: a row for each character before it and each
/// class of the one before that.
const CHARACTER: usize = FIRST_CHARACTER + 1 + END as usize;
const CLASSES: usize = 3;
/// How many rows there are.
pub const ROWS: usize = CHARACTER + CLASSES * END as usize;

/// The row of a key's first own character, where the key before has `instead`.
pub(super) fn first_row(instead: Option<u8>) -> usize {
    FIRST_CHARACTER + usize::from(instead.and_then(symbol).unwrap_or(END))
}

/// The row of a character, by the two before it.
#[derive(Clone, Copy)]
pub(super) struct Row {
    /// The first row of the class of the one before the last.
    class: u8,
    last: u8,
}

impl Row {
    /// Of a key's first: as though dots stood before it.
    pub(super) const START: Self = Self { class: class_row(b'.'), last: DOT };

    /// The row after one more character.
    pub(super) fn after(self, symbol: u8) -> Self {
        Self { class: CLASS_ROWS.get(usize::from(self.last)).copied().unwrap_or_default(), last: symbol }
    }

    pub(super) fn number(self) -> usize {
        usize::from(self.class) + usize::from(self.last)
    }
}

/// The symbol of a byte of a host name.
pub(super) fn symbol(byte: u8) -> Option<u8> {
    SYMBOL_OF.get(usize::from(byte)).copied().filter(|&symbol| symbol < UNKNOWN)
}

/// The byte of a symbol; nothing for [`END`] and beyond.
pub(super) fn character(symbol: u8) -> Option<u8> {
    CHARACTERS.get(usize::from(symbol)).copied()
}

/// The first 32 bits of an alphabetic code of a key: numbers in the same order as the keys, spread
/// evenly where keys are dense. The code is the arithmetic one of the same rows, each symbol as
/// likely as its length says. Before a byte that no key has, it ends.
pub(super) fn head(key: &[u8]) -> u32 {
    let (mut head, mut bits) = (0, 0);
    let mut row = Row::START;
    let last = key.len().saturating_sub(1);
    for (at, &byte) in key.iter().enumerate() {
        let symbol = SYMBOL_OF.get(usize::from(byte)).copied().unwrap_or_default();
        let (start, length) = span(row, if at == last { END } else { symbol & !UNKNOWN });
        head += (start << (64 - SPAN_BITS)) >> bits;
        bits += length;
        row = row.after(symbol);
        if bits >= 32 || symbol >= UNKNOWN {
            break;
        }
    }
    u32::try_from(head >> 32).unwrap_or_default()
}

/// Where a symbol's part of a row begins, in units of 2⁻¹², and the logarithm of how small it is.
fn span(row: Row, symbol: u8) -> (u64, u32) {
    let row = row.number().checked_sub(CHARACTER).and_then(|row| SPANS.get(row));
    let span = row.and_then(|row| row.get(usize::from(symbol))).copied().unwrap_or_default();
    (u64::from(span >> 4), u32::from(span & 15))
}

/// Code and length of a symbol in a row; nothing where it has none of its own.
pub(super) fn code(row: usize, symbol: u8) -> Option<(u32, u32)> {
    let entries = TABLE.get(row)?;
    let position = entries.iter().position(|&entry| entry >> 4 == u16::from(symbol) && entry & 15 > 0)?;
    let length = u32::from(entries.get(position)? & 15);
    Some((u32::try_from(position).ok()? >> (MAX_LENGTH - length), length))
}

/// The symbol that `bits`, of which there are [`MAX_LENGTH`], start with, and its length.
pub(super) fn decode(row: usize, bits: usize) -> Option<(u8, u32)> {
    let entry = *TABLE.as_flattened().get(row << MAX_LENGTH | bits)?;
    Some(((entry >> 4).to_le_bytes()[0], u32::from(entry & 15)))
}

static TABLE: [[u16; 1 << MAX_LENGTH]; ROWS] = table(include_bytes!("lengths.txt"));
static SYMBOL_OF: [u8; 256] = symbol_of();
static SPANS: [[u16; END as usize + 1]; ROWS - CHARACTER] = spans(include_bytes!("lengths.txt"));
static CLASS_ROWS: [u8; END as usize] = class_rows();

/// For each row and each [`MAX_LENGTH`] bits: the symbol that they start with, and its length in
/// the four low bits.
#[expect(
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    clippy::large_stack_arrays,
    reason = "worked out by the compiler"
)]
const fn table(lengths: &[u8; ROWS * (SYMBOLS + 1)]) -> [[u16; 1 << MAX_LENGTH]; ROWS] {
    let mut table = [[0; 1 << MAX_LENGTH]; ROWS];
    let mut row = 0;
    while row < ROWS {
        let mut free = 0;
        let mut length = 1;
        while length <= MAX_LENGTH {
            let mut symbol = 0;
            while symbol < SYMBOLS {
                if (lengths[row * (SYMBOLS + 1) + symbol] - b'0') as u32 == length {
                    let end = free + (1 << (MAX_LENGTH - length));
                    while free < end {
                        table[row][free] = (symbol as u16) << 4 | length as u16;
                        free += 1;
                    }
                }
                symbol += 1;
            }
            length += 1;
        }
        row += 1;
    }
    table
}

/// For each row of characters and each symbol: where its part begins, and its length in the four
/// low bits. In byte order, a key's end stands just before the dot that leads on.
#[expect(clippy::indexing_slicing, clippy::cast_possible_truncation, reason = "worked out by the compiler")]
const fn spans(lengths: &[u8; ROWS * (SYMBOLS + 1)]) -> [[u16; END as usize + 1]; ROWS - CHARACTER] {
    let mut spans = [[0; END as usize + 1]; ROWS - CHARACTER];
    let mut row = 0;
    while row < spans.len() {
        let line = (row + CHARACTER) * (SYMBOLS + 1);
        let escape = (lengths[line + ESCAPE as usize] - b'0') as u32;
        let (mut start, mut place) = (0, 0);
        while place <= END {
            let symbol = match place {
                0 => 0,
                1 => END,
                _ => place - 1,
            } as usize;
            let own = (lengths[line + symbol] - b'0') as u32;
            let length = if own == 0 { escape + ESCAPED_BITS } else { own };
            spans[row][symbol] = (start << 4 | length) as u16;
            start += 1 << (SPAN_BITS - length);
            place += 1;
        }
        row += 1;
    }
    spans
}

#[expect(clippy::indexing_slicing, clippy::cast_possible_truncation, reason = "worked out by the compiler")]
const fn symbol_of() -> [u8; 256] {
    let mut symbols = [0; 256];
    let (mut byte, mut next) = (0, 0);
    while byte < symbols.len() {
        let is_known = next < CHARACTERS.len() && CHARACTERS[next] as usize == byte;
        symbols[byte] = next as u8 | if is_known { 0 } else { UNKNOWN };
        next += is_known as usize;
        byte += 1;
    }
    symbols
}

/// For each character, the first row after one of its class.
#[expect(clippy::indexing_slicing, reason = "worked out by the compiler")]
const fn class_rows() -> [u8; END as usize] {
    let mut rows = [0; END as usize];
    let mut symbol = 0;
    while symbol < rows.len() {
        rows[symbol] = class_row(CHARACTERS[symbol]);
        symbol += 1;
    }
    rows
}

/// Vowels, consonants, the rest.
#[expect(clippy::cast_possible_truncation, reason = "there are fewer rows than 256")]
const fn class_row(byte: u8) -> u8 {
    let class = match byte {
        b'a' | b'e' | b'i' | b'o' | b'u' | b'y' => 0,
        b'a'..=b'z' => 1,
        _ => 2,
    };
    CHARACTER as u8 + class * END
}

#[cfg(test)]
#[allow(clippy::indexing_slicing)]
mod tests {
    use super::*;

    /// No sequence of bits is without meaning, and none has two.
    #[test]
    fn every_row_is_a_complete_prefix_code() {
        for row in 0..ROWS {
            let covered: u32 = (0..=ESCAPE).filter_map(|symbol| code(row, symbol)).map(|(_, len)| 64 >> len).sum();
            assert_eq!(covered, 64, "row {row}");
            assert!(code(row, ESCAPE).is_some(), "row {row} cannot write every symbol");
            for symbol in 0..=ESCAPE {
                let Some((code, length)) = code(row, symbol) else { continue };
                assert_eq!(decode(row, (code as usize) << (MAX_LENGTH - length)), Some((symbol, length)));
            }
        }
    }

    #[test]
    fn symbols_are_in_the_order_of_their_bytes() {
        assert!(CHARACTERS.is_sorted());
        for (byte, wanted) in CHARACTERS.iter().zip(0..) {
            assert_eq!(symbol(*byte), Some(wanted));
            assert_eq!(character(wanted), Some(*byte));
        }
        assert_eq!([b'!', b'A', b'{', 0xff].map(symbol), [None; 4]);
    }

    /// The parts of a row follow one another and fit into it.
    #[test]
    fn the_spans_of_a_row_do_not_overlap() {
        for row in SPANS {
            let mut spans: Vec<(u32, u32)> =
                row.iter().map(|span| (u32::from(span >> 4), 4096 >> (span & 15))).collect();
            spans.sort_unstable();
            assert!(spans.windows(2).all(|two| two[0].0 + two[0].1 <= two[1].0));
            assert!(spans.last().is_some_and(|(start, len)| start + len <= 4096));
        }
    }
}
