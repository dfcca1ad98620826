//! Packing a map. The same entries give the same bytes on every machine: all is whole numbers.

use super::bits::{Sink, Writer};
use super::code::{self, AS_LAST, END, FAR, SHARED, WHOLE};
use super::{Key, Layout, filter, in_common, plain};
use std::collections::BTreeMap;

/// The text given to [`pack`] that is no host name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotAHost(pub String);

/// Keys and their numbers, in the order of the keys.
pub type Keys = BTreeMap<Vec<u8>, u32>;

/// Packs hosts and their numbers. The order in which they come does not matter; a host that comes
/// twice is the caller's mistake, and the last number stays.
pub fn pack<'h>(entries: impl IntoIterator<Item = (&'h str, u32)>, layout: Layout) -> Result<Vec<u8>, NotAHost> {
    Ok(pack_keys(&keys(entries)?, layout))
}

/// Packs keys that [`key`] made.
pub fn pack_keys(keys: &Keys, layout: Layout) -> Vec<u8> {
    let value_bits = 32 - keys.values().copied().max().unwrap_or_default().leading_zeros();
    let names = || keys.keys().map(|key| filter::name(key));
    let filter = if layout.filter && names().all(|name| name.is_some()) {
        let mut names: Vec<&[u8]> = names().flatten().collect();
        names.dedup();
        filter::build(names.len(), names.into_iter())
    } else {
        Vec::new()
    };
    let (mut heads, mut starts, mut values) = (Vec::new(), Vec::new(), Writer::default());
    let mut bits = Writer::default();
    for block in blocks(keys, layout) {
        let start = bits.align();
        heads.extend(code::head(block.first()).to_le_bytes());
        starts.extend(small(start).to_le_bytes().into_iter().take(super::START));
        if layout.plain {
            plain::write(&block, value_bits, &mut bits.bytes);
        } else {
            block.write(value_bits, &mut bits);
        }
    }
    for &value in keys.values() {
        values.raw(value, value_bits);
    }
    let mut packed = small(keys.len()).to_le_bytes().to_vec();
    packed.extend(small(filter.len()).to_le_bytes());
    packed.extend([layout.keys_per_block.max(1), value_bits.to_le_bytes()[0], layout.plain.into()]);
    for section in [filter, heads, starts, values.bytes, bits.bytes] {
        packed.extend(section);
    }
    packed
}

/// Hands the keys of a map to `sink` as they are packed: what the static code is counted from.
pub fn spell<'h>(
    hosts: impl IntoIterator<Item = &'h str>,
    layout: Layout,
    sink: &mut impl Sink,
) -> Result<(), NotAHost> {
    let keys = keys(hosts.into_iter().map(|host| (host, 0)))?;
    blocks(&keys, layout).for_each(|block| block.write(0, sink));
    Ok(())
}

fn keys<'h>(entries: impl IntoIterator<Item = (&'h str, u32)>) -> Result<Keys, NotAHost> {
    let mut keys = Keys::new();
    for (host, value) in entries {
        keys.insert(key(host)?, value);
    }
    Ok(keys)
}

/// The key under which a host is packed.
pub fn key(host: &str) -> Result<Vec<u8>, NotAHost> {
    let key = Key::of(host).filter(|key| key.as_bytes().iter().all(|&byte| code::symbol(byte).is_some()));
    Ok(key.ok_or_else(|| NotAHost(host.to_owned()))?.as_bytes().to_vec())
}

/// Keys that are packed together.
pub(super) struct Block<'k> {
    pub(super) keys: Vec<&'k [u8]>,
    /// The listed parents of the first, with their values, the shortest first.
    pub(super) parents: Vec<(&'k [u8], u32)>,
}

fn blocks(keys: &Keys, layout: Layout) -> impl Iterator<Item = Block<'_>> {
    let mut parents: Vec<(&[u8], u32)> = Vec::new();
    let mut rest = keys.iter().peekable();
    std::iter::from_fn(move || {
        let (first, _) = rest.peek()?;
        parents.retain(|(parent, _)| first.starts_with(parent));
        let mut block = Block { keys: Vec::new(), parents: parents.clone() };
        for (key, &value) in rest.by_ref().take(layout.keys_per_block.max(1).into()) {
            parents.retain(|(parent, _)| key.starts_with(parent));
            parents.push((key, value));
            block.keys.push(key);
        }
        Some(block)
    })
}

impl Block<'_> {
    pub(super) fn first(&self) -> &[u8] {
        self.keys.first().copied().unwrap_or_default()
    }

    fn write(&self, value_bits: u32, sink: &mut impl Sink) {
        let mut before: &[u8] = &[];
        let mut last_shared = 0;
        for &key in &self.keys {
            if before.is_empty() {
                write_characters(key, 0, sink);
                self.write_parents(value_bits, sink);
            } else {
                let shared = in_common(key, before);
                if shared == before.len() {
                    sink.symbol(SHARED, WHOLE);
                } else {
                    write_shared(short(shared), last_shared, sink);
                    last_shared = short(shared);
                }
                sink.symbol(code::first_row(before.get(shared).copied()), symbol_at(key, shared));
                write_characters(key, shared + 1, sink);
            }
            before = key;
        }
    }

    /// For each name above the first key's: whether it is listed, and then its value.
    fn write_parents(&self, value_bits: u32, sink: &mut impl Sink) {
        let first = self.first();
        let ends = (1..first.len()).filter(|&end| first.get(end - 1) == Some(&b'.'));
        for end in ends {
            let parent = self.parents.iter().find(|(parent, _)| parent.len() == end);
            sink.raw(parent.is_some().into(), 1);
            if let Some((_, value)) = parent {
                sink.raw(*value, value_bits);
            }
        }
    }
}

fn write_shared(shared: u8, last: u8, sink: &mut impl Sink) {
    let symbol = shared.checked_add(AS_LAST).and_then(|sum| sum.checked_sub(last));
    if let Some(symbol) = symbol.filter(|&symbol| symbol > WHOLE && symbol < FAR) {
        sink.symbol(SHARED, symbol);
    } else {
        sink.symbol(SHARED, FAR);
        sink.raw(shared.into(), 8);
    }
}

/// The characters of a key from `start` on, to its end.
fn write_characters(key: &[u8], start: usize, sink: &mut impl Sink) {
    for at in start..key.len() {
        sink.symbol(super::row_at(key, at).number(), symbol_at(key, at));
    }
}

/// Its last dot is a key's end.
fn symbol_at(key: &[u8], at: usize) -> u8 {
    let byte = key.get(at).filter(|_| at + 1 < key.len());
    byte.and_then(|&byte| code::symbol(byte)).unwrap_or(END)
}

/// A key has at most [`MAX_HOST`](super::MAX_HOST) + 1 bytes, so lengths within it fit.
pub(super) fn short(number: usize) -> u8 {
    u8::try_from(number).unwrap_or(u8::MAX)
}

/// A packed list is limited to 16 MiB by the longest target that is read.
pub(crate) fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
