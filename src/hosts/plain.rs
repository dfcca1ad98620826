//! Blocks in the plain form: whole bytes, of which most are passed over unread.
//!
//! ```text
//! u8      bytes of the first key, and these
//! u8      how many parents of it are listed; for each, the shortest first: u8 its length in bytes,
//!         and its value (LE) in as many whole bytes as the map's values take
//! u8 × 2  for each further key: bytes in common with the one before; how many follow, and these
//! ```

use super::pack::{Block, short};
use super::{Match, in_common};

/// Writes a block.
pub(super) fn write(block: &Block, value_bits: u32, out: &mut Vec<u8>) {
    out.push(short(block.first().len()));
    out.extend(block.first());
    out.push(short(block.parents.len()));
    for (parent, value) in &block.parents {
        out.push(short(parent.len()));
        out.extend(value.to_le_bytes().into_iter().take(value_bytes(value_bits)));
    }
    for (before, key) in block.keys.iter().zip(block.keys.iter().skip(1)) {
        let (_, rest) = key.split_at(in_common(before, key));
        out.extend([short(key.len() - rest.len()), short(rest.len())]);
        out.extend(rest);
    }
}

/// The first key of a block.
pub(super) fn first(block: &[u8]) -> Option<&[u8]> {
    let mut bytes = Bytes(block);
    let len = bytes.size()?;
    bytes.take(len)
}

/// Shows the keys of a block of `count`, and the parents of its first, that `wanted` starts with.
/// `value` gives that of the key at a place in the block.
pub(super) fn search(
    block: &[u8],
    (count, value_bits): (usize, u32),
    wanted: &[u8],
    value: impl Fn(usize) -> Option<u32>,
    visit: &mut dyn FnMut(Match),
) -> Option<()> {
    let mut bytes = Bytes(block);
    let len = bytes.size()?;
    let mut common = in_common(bytes.take(len)?, wanted);
    // Whatever damaged bytes say, a match ends with a label.
    let mut found = |len: usize, value| {
        if wanted.get(..len).is_some_and(|key| key.ends_with(b".")) {
            visit(Match { len, value });
        }
    };
    for _ in 0..bytes.size()? {
        let len = bytes.size()?;
        let value = bytes.take(value_bytes(value_bits))?.iter().rev().fold(0, |sum, &byte| sum << 8 | u32::from(byte));
        if len <= common {
            found(len, value);
        }
    }
    if common == len {
        found(common, value(0)?);
    }
    for place in 1..count {
        let (shared, len) = (bytes.size()?, bytes.size()?);
        let rest = bytes.take(len)?;
        // Keys ascend, so one that shares less with its forerunner than that shared with `wanted`
        // is past it, and one that shares more stands to it as its forerunner did.
        if shared < common {
            break;
        }
        if shared == common {
            let tail = wanted.get(common..)?;
            let same = in_common(rest, tail);
            if rest.get(same) > tail.get(same) {
                break;
            }
            common += same;
            if same == len {
                found(common, value(place)?);
            }
        }
    }
    Some(())
}

/// Shows every key of a block of `count`, with its place in it.
pub(super) fn walk(block: &[u8], (count, value_bits): (usize, u32), visit: &mut dyn FnMut(usize, &[u8])) -> Option<()> {
    let mut bytes = Bytes(block);
    let len = bytes.size()?;
    let mut key = bytes.take(len)?.to_vec();
    for _ in 0..bytes.size()? {
        bytes.take(1 + value_bytes(value_bits))?;
    }
    visit(0, &key);
    for place in 1..count {
        let (shared, len) = (bytes.size()?, bytes.size()?);
        key.truncate(shared);
        key.extend(bytes.take(len)?);
        visit(place, &key);
    }
    Some(())
}

fn value_bytes(value_bits: u32) -> usize {
    value_bits.div_ceil(8) as usize
}

/// Bytes that are taken from the front.
struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn size(&mut self) -> Option<usize> {
        let (&size, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(size.into())
    }

    fn take(&mut self, len: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(len)?;
        self.0 = rest;
        Some(taken)
    }
}
