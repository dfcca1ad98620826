//! A map from host names to small numbers, packed as bytes and read where it lies.
//!
//! Exact by construction: every key is stored whole and compared whole, so no host can match by
//! collision. Opening a map reads one header; looking up allocates nothing.
//!
//! A host is turned round, label by label, each label closed by a dot: `www.ameli.fr` becomes
//! `fr.ameli.www.`. In that form a parent domain is a prefix of its subdomains, and stands before
//! them in byte order. Keys are sorted and packed in blocks, and a block says of its first key
//! which parents of it are listed: the one block in which a host would stand holds all of its
//! listed parents.
//!
//! ```text
//! u32 LE  number of keys
//! u32 LE  bytes of the filter
//! u8 × 3  keys a block; bits of a value (0 to 32); form of the blocks: 0 coded, 1 plain
//! filter  of the first two labels of the keys (`filter`); may be empty, and then lets all through
//! heads   for each block: a number in the order of the keys for its first (`code::head`, u32 LE)
//! starts  for each block: where it starts in keys (u24 LE)
//! values  what each key stands for, in the order of the keys, the high bit first
//! keys    the blocks, each from a whole byte on
//! ```
//!
//! In a plain block stand whole bytes (`plain`). A coded one is in the static code of `code`: the
//! first key, character by character; a bit for each name above it, 1 where that is listed,
//! followed by its value; then, for each further key, how many bytes it shares with the one before,
//! and the characters that follow.

mod bits;
pub mod code;
mod filter;
mod key;
mod pack;
mod plain;

pub use bits::Sink;
pub use key::{Key, MAX_HOST};
pub(crate) use pack::small;
pub use pack::{Keys, NotAHost, key, pack, pack_keys, spell};

use bits::Bits;
use code::{AS_LAST, FAR, SHARED, WHOLE};
use key::MAX_KEY;

const HEADER: usize = 11;
/// Bytes of a block's head and of its start.
const HEAD: usize = 4;
const START: usize = 3;

/// How a map trades bytes for time. Any map is read, whatever its layout.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    /// More keys in a block are fewer bytes and a longer way to each.
    pub keys_per_block: u8,
    /// Whether most hosts that are asked for are not in the map: a filter then answers for it,
    /// unless it lists a name of one label.
    pub filter: bool,
    /// Whether most hosts that are asked for are in the map: keys then stand as they are, found in
    /// less time, in place of a code that takes fewer bytes.
    pub plain: bool,
}

/// A packed map that was found malformed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Malformed;

/// A packed map over bytes that belong to somebody else.
#[derive(Clone, Copy, Default)]
pub struct Hosts<'a> {
    count: usize,
    keys_per_block: usize,
    value_bits: u32,
    is_plain: bool,
    filter: &'a [u8],
    heads: &'a [u8],
    starts: &'a [u8],
    values: &'a [u8],
    keys: &'a [u8],
}

/// A listed host that is the looked-up host or one of its parents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Match {
    /// How many bytes of the looked-up key the listed host covers, its closing dot included.
    pub len: usize,
    /// The number stored for the listed host.
    pub value: u32,
}

impl<'a> Hosts<'a> {
    /// Reads the header. A map with a damaged body opens, and then finds nothing where it is damaged.
    pub fn open(bytes: &'a [u8]) -> Result<Self, Malformed> {
        let (header, rest) = bytes.split_first_chunk::<HEADER>().ok_or(Malformed)?;
        let &[.., keys_per_block, value_bits, form] = header;
        let (count, filter) = (read_u32(header, 0).ok_or(Malformed)?, read_u32(header, 4).ok_or(Malformed)?);
        if keys_per_block == 0 || value_bits > 32 || form > 1 {
            return Err(Malformed);
        }
        let blocks = count.div_ceil(keys_per_block.into());
        let bits = count.checked_mul(value_bits.into()).ok_or(Malformed)?;
        let (filter, rest) = rest.split_at_checked(filter).ok_or(Malformed)?;
        let column = |rest: &'a [u8], width| {
            blocks.checked_mul(width).and_then(|len| rest.split_at_checked(len)).ok_or(Malformed)
        };
        let (heads, rest) = column(rest, HEAD)?;
        let (starts, rest) = column(rest, START)?;
        let (values, keys) = rest.split_at_checked(bits.div_ceil(8)).ok_or(Malformed)?;
        let (keys_per_block, value_bits) = (keys_per_block.into(), value_bits.into());
        let is_plain = form == 1;
        Ok(Self { count, keys_per_block, value_bits, is_plain, filter, heads, starts, values, keys })
    }

    /// How many hosts the map holds.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether the map holds no host.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Shows the listed hosts that are `key` or a parent of it, the shortest first.
    pub fn matches(&self, key: &Key, mut visit: impl FnMut(Match)) {
        let wanted = key.as_bytes();
        if self.may_hold(wanted)
            && let Some(block) = self.block_of(wanted)
        {
            // Where the block is damaged, what follows in it is not found.
            let _ = self.search(block, wanted, &mut visit);
        }
    }

    /// The place of a listed host in the order of the keys.
    pub fn position(&self, key: &Key) -> Option<usize> {
        let mut found = None;
        self.walk(self.block_of(key.as_bytes())?, &mut |position, listed| {
            if listed == key.as_bytes() {
                found = Some(position);
            }
        });
        found
    }

    /// Shows every host and its number, in the order of the keys. Nothing where the map is damaged.
    pub fn for_each(&self, mut visit: impl FnMut(String, u32)) -> Option<()> {
        for block in 0..self.heads.len() / HEAD {
            self.walk(block, &mut |position, key| {
                visit(key::host_of(key), self.value(position).unwrap_or_default());
            })?;
        }
        Some(())
    }

    /// Shows every key of a block with its place.
    fn walk(&self, block: usize, visit: &mut dyn FnMut(usize, &[u8])) -> Option<()> {
        let first = self.first_of(block);
        if self.is_plain {
            return plain::walk(self.block(block), self.shape(block), &mut |place, key| visit(first + place, key));
        }
        let mut keys = self.keys(block);
        keys.first()?;
        keys.parents(self.value_bits, &mut |_| ());
        visit(first, keys.key());
        for position in first + 1..self.first_of(block + 1) {
            keys.next()?;
            visit(position, keys.key());
        }
        Some(())
    }

    fn may_hold(&self, wanted: &[u8]) -> bool {
        self.filter.is_empty() || filter::name(wanted).is_some_and(|name| filter::may_hold(self.filter, name))
    }

    /// Shows the keys of a block, and the parents of its first, that `wanted` starts with.
    fn search(&self, block: usize, wanted: &[u8], visit: &mut dyn FnMut(Match)) -> Option<()> {
        let first = self.first_of(block);
        if self.is_plain {
            let value = |place| self.value(first + place);
            return plain::search(self.block(block), self.shape(block), wanted, value, visit);
        }
        let mut keys = self.keys(block);
        keys.first()?;
        let mut common = in_common(keys.key(), wanted);
        keys.parents(self.value_bits, &mut |parent| {
            if parent.len <= common {
                visit(parent);
            }
        });
        if common == keys.len {
            visit(Match { len: common, value: self.value(first)? });
        }
        for position in first + 1..self.first_of(block + 1) {
            let shared = keys.next()?;
            // Keys ascend, so one that shares less with its forerunner than that shared with
            // `wanted` is past it, and one that shares more stands to it as its forerunner did.
            if shared < common {
                break;
            }
            if shared == common {
                let (rest, tail) = (keys.key().get(common..)?, wanted.get(common..)?);
                let same = in_common(rest, tail);
                if rest.get(same) > tail.get(same) {
                    break;
                }
                common += same;
                if common == keys.len {
                    visit(Match { len: common, value: self.value(position)? });
                }
            }
        }
        Some(())
    }

    /// The last block whose first key is not after `wanted`.
    fn block_of(&self, wanted: &[u8]) -> Option<usize> {
        let head = code::head(wanted);
        let end = self.blocks_before(0, |block| Some(read_head(self.heads, block)? <= head));
        let last = end.checked_sub(1)?;
        if read_head(self.heads, last)? < head {
            return Some(last);
        }
        // Those with the same head are told apart by their keys.
        let start = self.blocks_before(0, |block| Some(read_head(self.heads, block)? < head));
        let is_not_after = |block| {
            if self.is_plain {
                return Some(block < end && plain::first(self.block(block))? <= wanted);
            }
            let mut keys = self.keys(block);
            keys.first()?;
            Some(block < end && keys.key() <= wanted)
        };
        self.blocks_before(start, is_not_after).checked_sub(1)
    }

    /// Where, from `start` on, the blocks end of which `is_before` is true: all of those before
    /// any others.
    fn blocks_before(&self, start: usize, is_before: impl Fn(usize) -> Option<bool>) -> usize {
        let mut low = start;
        let mut left = (self.heads.len() / HEAD).saturating_sub(start);
        while left > 0 {
            let half = left.div_ceil(2);
            // Without a branch: which way it goes is as good as random.
            low += if is_before(low + half - 1) == Some(true) { half } else { 0 };
            left -= half;
        }
        low
    }

    /// The place of a block's first key.
    fn first_of(&self, block: usize) -> usize {
        self.count.min(block * self.keys_per_block)
    }

    fn value(&self, position: usize) -> Option<u32> {
        let start = position * usize::try_from(self.value_bits).ok()?;
        let mut bits = Bits::new(self.values.get(start / 8..)?);
        bits.raw(u32::try_from(start % 8).ok()?);
        Some(bits.raw(self.value_bits))
    }

    /// How many keys a block has, and how many bits their values.
    fn shape(&self, block: usize) -> (usize, u32) {
        (self.first_of(block + 1).saturating_sub(self.first_of(block)), self.value_bits)
    }

    /// The bytes from a block on; of no block, none.
    fn block(&self, block: usize) -> &'a [u8] {
        let start = self.starts.get(block * START..).and_then(|starts| starts.first_chunk()).copied();
        let start = start.and_then(|[a, b, c]| usize::try_from(u32::from_le_bytes([a, b, c, 0])).ok());
        start.and_then(|start| self.keys.get(start..)).unwrap_or_default()
    }

    /// The keys of a coded block, none of them read.
    fn keys(&self, block: usize) -> Reader<'a> {
        Reader { bits: Bits::new(self.block(block)), key: [0; MAX_KEY], len: 0, last_shared: 0 }
    }
}

/// The keys of a coded block, one at a time.
struct Reader<'a> {
    bits: Bits<'a>,
    key: [u8; MAX_KEY],
    len: usize,
    last_shared: u8,
}

impl Reader<'_> {
    fn key(&self) -> &[u8] {
        self.key.get(..self.len).unwrap_or_default()
    }

    /// Reads the block's first key.
    fn first(&mut self) -> Option<()> {
        self.read_from(0, code::Row::START)
    }

    /// Shows the listed parents of the first key, which has just been read, the shortest first.
    fn parents(&mut self, value_bits: u32, visit: &mut dyn FnMut(Match)) {
        for len in 1..self.len {
            if self.key.get(len - 1) == Some(&b'.') && self.bits.raw(1) == 1 {
                visit(Match { len, value: self.bits.raw(value_bits) });
            }
        }
    }

    /// Reads the next key, and says how many bytes it shares with the one before.
    fn next(&mut self) -> Option<usize> {
        let shared = match self.bits.symbol(SHARED)? {
            WHOLE => self.len,
            symbol => {
                self.last_shared = match symbol {
                    FAR => u8::try_from(self.bits.raw(8)).ok()?,
                    symbol => self.last_shared.checked_add(symbol)?.checked_sub(AS_LAST)?,
                };
                self.last_shared.into()
            }
        };
        let instead = self.key().get(shared).copied();
        let first = self.bits.symbol(code::first_row(instead))?;
        match code::character(first) {
            Some(byte) => {
                let row = row_at(&self.key, shared).after(first);
                *self.key.get_mut(shared)? = byte;
                self.read_from(shared + 1, row)?;
            }
            None => self.end(shared)?,
        }
        Some(shared)
    }

    /// Reads characters from the place `at` on, to the key's end.
    fn read_from(&mut self, at: usize, mut row: code::Row) -> Option<()> {
        // Apart from the rest while they change with every character.
        let mut bits = self.bits;
        for (free, at) in self.key.get_mut(at..)?.iter_mut().zip(at..) {
            let symbol = bits.symbol(row.number())?;
            let Some(byte) = code::character(symbol) else {
                *free = b'.';
                self.len = at + 1;
                self.bits = bits;
                return Some(());
            };
            *free = byte;
            row = row.after(symbol);
        }
        None
    }

    fn end(&mut self, at: usize) -> Option<()> {
        *self.key.get_mut(at)? = b'.';
        self.len = at + 1;
        Some(())
    }
}

fn in_common(a: &[u8], b: &[u8]) -> usize {
    a.iter().zip(b).take_while(|(a, b)| a == b).count()
}

fn read_head(heads: &[u8], block: usize) -> Option<u32> {
    Some(u32::from_le_bytes(*heads.get(block * HEAD..)?.first_chunk()?))
}

/// The row of the character at the place `at` of a key.
fn row_at(key: &[u8], at: usize) -> code::Row {
    let before = at.checked_sub(2).and_then(|start| key.get(start..at)).or(key.get(..at)).unwrap_or_default();
    before.iter().fold(code::Row::START, |row, &byte| row.after(code::symbol(byte).unwrap_or_default()))
}

pub(crate) fn read_u32(bytes: &[u8], at: usize) -> Option<usize> {
    let four = bytes.get(at..at.checked_add(4)?)?;
    usize::try_from(u32::from_le_bytes(four.try_into().ok()?)).ok()
}

#[cfg(test)]
mod tests;
