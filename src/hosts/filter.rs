//! A Bloom filter over the first two labels of a map's keys: what it does not know, the map does
//! not hold (Bloom, "Space/time trade-offs in hash coding with allowable errors", 1970). Whatever
//! it lets through is compared with the keys themselves.

/// Bits a name.
const BITS: usize = 6;
/// Bits set for each name: `BITS` × ln 2, rounded.
const PROBES: u32 = 4;

/// The first two labels of a key, such as `fr.ameli.`; nothing where it has only one.
pub(super) fn name(key: &[u8]) -> Option<&[u8]> {
    let first = key.iter().position(|&byte| byte == b'.')? + 1;
    let second = key.get(first..)?.iter().position(|&byte| byte == b'.')? + 1;
    key.get(..first + second)
}

/// Whether `name` may be one of those that the filter was made of.
pub(super) fn may_hold(filter: &[u8], name: &[u8]) -> bool {
    probes(filter.len(), name).all(|(byte, bit)| filter.get(byte).is_some_and(|found| found & bit != 0))
}

/// The filter for that many distinct names.
pub(super) fn build<'n>(count: usize, names: impl Iterator<Item = &'n [u8]>) -> Vec<u8> {
    let mut filter = vec![0; (count * BITS).div_ceil(8)];
    for name in names {
        for (byte, bit) in probes(filter.len(), name) {
            if let Some(byte) = filter.get_mut(byte) {
                *byte |= bit;
            }
        }
    }
    filter
}

/// Byte and bit of each probe (Kirsch and Mitzenmacher, "Less hashing, same performance", 2006).
fn probes(len: usize, name: &[u8]) -> impl Iterator<Item = (usize, u8)> {
    let hash = hash(name);
    let (mut next, step) = (hash & 0xffff_ffff, hash >> 32 | 1);
    (0..PROBES).map(move |_| {
        // The high half of the product of 32 bits and a length is below that length.
        let bit = (next * (len as u64 * 8)) >> 32;
        next = (next + step) & 0xffff_ffff;
        (usize::try_from(bit / 8).unwrap_or_default(), 1 << (bit % 8))
    })
}

/// Eight bytes at a time, mixed by multiplication (the multiplier of `SplitMix64`). It needs to
/// be even, not hard to forge: a collision costs its maker's visitors a comparison.
fn hash(name: &[u8]) -> u64 {
    let mut hash = name.len() as u64;
    for chunk in name.chunks(8) {
        let word = match chunk.first_chunk() {
            Some(&eight) => u64::from_le_bytes(eight),
            None => chunk.iter().rev().fold(0, |word, &byte| word << 8 | u64::from(byte)),
        };
        hash = (hash ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        hash ^= hash >> 29;
    }
    hash
}
