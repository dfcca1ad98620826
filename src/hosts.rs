//! A map from host names to small numbers, packed as bytes and read where it lies.
//!
//! Exact by construction: every key is stored whole, so no host can match by collision. Opening a
//! map reads one header; looking up allocates nothing.
//!
//! A host is turned round, label by label, each label closed by a dot: `www.ameli.fr` becomes
//! `fr.ameli.www.`. In that form a parent domain is a prefix of its subdomains, and stands before
//! them in byte order. One search for the greatest key that is not after the host therefore meets
//! all of its listed parents: they are ancestors of the key that was found.
//!
//! ```text
//! u32 LE  number of keys
//! u8 × 2  bytes of a value, bytes of an up
//! values  what each key stands for, in the order of the keys (LE)
//! ups     how many keys back each key's nearest listed parent stands, 0 where there is none (LE)
//! index   for each block of 16 keys: the first 8 bytes of its first key, zeros after its end
//!         (u64 BE), and where it starts in keys (u32 LE)
//! keys    for each key: u8 bytes in common with the key before (0 for the first of a block),
//!         u8 how many bytes follow, and these
//! ```

use std::cmp::Ordering;

/// Longest host name of the domain name system, in bytes (RFC 1035 §2.3.4).
pub const MAX_HOST: usize = 253;
const KEYS_PER_BLOCK: usize = 16;
const HEAD: usize = 8;
const INDEX_ENTRY: usize = HEAD + 4;

/// A host name in the form in which it is looked up: labels turned round, a dot after each.
#[derive(Clone, Copy)]
pub struct Key {
    bytes: [u8; MAX_HOST + 1],
    len: u8,
}

impl Key {
    /// The key of an ASCII host without a trailing dot.
    ///
    /// Nothing for a name that no map can hold: empty, longer than [`MAX_HOST`], or with an empty
    /// label.
    pub fn of(host: &str) -> Option<Self> {
        if host.is_empty() || host.len() > MAX_HOST {
            return None;
        }
        let mut key = Self { bytes: [0; MAX_HOST + 1], len: u8::try_from(host.len() + 1).ok()? };
        let mut free = key.bytes.get_mut(..=host.len())?;
        let mut rest = host.as_bytes();
        while !rest.is_empty() {
            let dot = rest.iter().rposition(|&byte| byte == b'.');
            let (before, label) = rest.split_at_checked(dot.map_or(0, |dot| dot + 1))?;
            let (filled, after) = free.split_at_mut_checked(label.len() + 1)?;
            let (closing, filled) = filled.split_last_mut()?;
            filled.copy_from_slice(label);
            *closing = b'.';
            if label.is_empty() || before == b"." {
                return None;
            }
            free = after;
            rest = before.split_last().map_or(&[], |(_, before)| before);
        }
        Some(key)
    }

    /// The key's bytes, such as `fr.ameli.www.`.
    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..usize::from(self.len)).unwrap_or_default()
    }
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&String::from_utf8_lossy(self.as_bytes()))
    }
}

/// A packed map that was found malformed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Malformed;

/// A packed map over bytes that belong to somebody else.
#[derive(Clone, Copy, Default)]
pub struct Hosts<'a> {
    count: usize,
    values: Column<'a>,
    ups: Column<'a>,
    /// [`INDEX_ENTRY`] bytes a block.
    index: &'a [u8],
    keys: &'a [u8],
}

/// A listed host that is the looked-up host or one of its parents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Match {
    /// How many bytes of the looked-up key the listed host covers, its closing dot included.
    pub len: usize,
    /// The number stored for the listed host.
    pub value: u32,
    position: usize,
}

/// Numbers of the same width, one a key.
#[derive(Clone, Copy, Default)]
struct Column<'a> {
    width: usize,
    bytes: &'a [u8],
}

impl<'a> Column<'a> {
    fn split(bytes: &'a [u8], count: usize, width: u8) -> Result<(Self, &'a [u8]), Malformed> {
        let width = usize::from(width);
        let split = count.checked_mul(width).filter(|_| width <= 4).and_then(|len| bytes.split_at_checked(len));
        let (bytes, rest) = split.ok_or(Malformed)?;
        Ok((Self { width, bytes }, rest))
    }

    fn get(&self, position: usize) -> Option<u32> {
        let start = position.checked_mul(self.width)?;
        let number = self.bytes.get(start..start.checked_add(self.width)?)?;
        Some(number.iter().rev().fold(0, |high, low| high << 8 | u32::from(*low)))
    }
}

impl<'a> Hosts<'a> {
    /// Reads the header. A map with a damaged body opens, and then finds nothing where it is damaged.
    pub fn open(bytes: &'a [u8]) -> Result<Self, Malformed> {
        let (header, rest) = bytes.split_first_chunk::<6>().ok_or(Malformed)?;
        let [.., value_width, up_width] = *header;
        let count = read_u32(header, 0).ok_or(Malformed)?;
        let (values, rest) = Column::split(rest, count, value_width)?;
        let (ups, rest) = Column::split(rest, count, up_width)?;
        let blocks = count.div_ceil(KEYS_PER_BLOCK);
        let (index, keys) =
            blocks.checked_mul(INDEX_ENTRY).and_then(|len| rest.split_at_checked(len)).ok_or(Malformed)?;
        Ok(Self { count, values, ups, index, keys })
    }

    /// How many hosts the map holds.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether the map holds no host.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The listed hosts that are `key` or a parent of it, the longest first.
    pub fn matches(&self, key: &Key) -> impl Iterator<Item = Match> + use<'a> {
        let hosts = *self;
        std::iter::successors(hosts.longest_match(key.as_bytes()), move |found| hosts.parent(found))
    }

    fn longest_match(&self, wanted: &[u8]) -> Option<Match> {
        let (position, len, common) = self.predecessor(wanted)?;
        let mut candidate = self.found(position, len)?;
        // The parents of the predecessor are the only candidates; those that fit inside the part
        // that it has in common with the wanted key are the wanted key's own parents.
        while candidate.len > common {
            candidate = self.parent(&candidate)?;
        }
        Some(candidate)
    }

    /// The greatest key that is not after `wanted`: its position, its length, and how many bytes
    /// the two have in common.
    fn predecessor(&self, wanted: &[u8]) -> Option<(usize, usize, usize)> {
        let block = self.block_of(wanted)?;
        let mut keys = self.block(block)?;
        let mut best = None;
        let mut common = 0;
        for position in block * KEYS_PER_BLOCK..self.count.min((block + 1) * KEYS_PER_BLOCK) {
            let (shared, rest) = keys.next()?;
            // Keys ascend, so one that shares less with its forerunner than that shared with
            // `wanted` is past it, and one that shares more stands to it as its forerunner did.
            if shared < common {
                break;
            }
            if shared == common {
                let tail = wanted.get(common..)?;
                let same = rest.iter().zip(tail).take_while(|(a, b)| a == b).count();
                if rest.get(same) > tail.get(same) {
                    break;
                }
                common += same;
            }
            best = Some((position, shared + rest.len(), common));
        }
        best
    }

    fn found(&self, position: usize, len: usize) -> Option<Match> {
        Some(Match { len, value: self.values.get(position)?, position })
    }

    /// The last block whose first key is not after `wanted`.
    fn block_of(&self, wanted: &[u8]) -> Option<usize> {
        let wanted_head = head(wanted);
        let (mut low, mut high) = (0, self.index.len() / INDEX_ENTRY);
        while low < high {
            let middle = low.midpoint(high);
            let (head, _) = self.index_entry(middle)?;
            let is_not_after = match head.cmp(&wanted_head) {
                Ordering::Less => true,
                Ordering::Equal => self.block(middle)?.next()?.1 <= wanted,
                Ordering::Greater => false,
            };
            if is_not_after {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low.checked_sub(1)
    }

    fn parent(&self, of: &Match) -> Option<Match> {
        let up = usize::try_from(self.ups.get(of.position)?).ok().filter(|&up| up > 0)?;
        let position = of.position.checked_sub(up)?;
        let (shared, rest) = self.block(position / KEYS_PER_BLOCK)?.nth(position % KEYS_PER_BLOCK)?;
        self.found(position, shared + rest.len())
    }

    fn block(&self, number: usize) -> Option<Keys<'a>> {
        let (_, start) = self.index_entry(number)?;
        Some(Keys { bytes: self.keys.get(start..)? })
    }

    fn index_entry(&self, number: usize) -> Option<(u64, usize)> {
        let entry = self.index.get(number * INDEX_ENTRY..)?;
        Some((u64::from_be_bytes(*entry.first_chunk()?), read_u32(entry, HEAD)?))
    }
}

/// The first bytes of a key as a number, in the same order as the keys.
fn head(key: &[u8]) -> u64 {
    let mut head = [0; HEAD];
    for (to, from) in head.iter_mut().zip(key) {
        *to = *from;
    }
    u64::from_be_bytes(head)
}

/// The keys from some block on: what each shares with the one before, and what it adds.
struct Keys<'a> {
    bytes: &'a [u8],
}

impl<'a> Iterator for Keys<'a> {
    type Item = (usize, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let (&[shared, len], after) = self.bytes.split_first_chunk()?;
        let (rest, after) = after.split_at_checked(len.into())?;
        self.bytes = after;
        Some((shared.into(), rest))
    }
}

pub(crate) fn read_u32(bytes: &[u8], at: usize) -> Option<usize> {
    let four = bytes.get(at..at.checked_add(4)?)?;
    usize::try_from(u32::from_le_bytes(four.try_into().ok()?)).ok()
}

/// Packs hosts and their numbers. The order in which they come does not matter; a host that comes
/// twice is the caller's mistake, and the last number stays.
pub fn pack<'h>(entries: impl IntoIterator<Item = (&'h str, u32)>) -> Result<Vec<u8>, NotAHost> {
    let mut keys = std::collections::BTreeMap::new();
    for (host, value) in entries {
        let key = Key::of(host).ok_or_else(|| NotAHost(host.to_owned()))?;
        keys.insert(key.as_bytes().to_vec(), value);
    }
    let (mut index, mut body, mut ups) = (Vec::new(), Vec::new(), Vec::new());
    let mut parents: Vec<(usize, &[u8])> = Vec::new();
    let mut before: &[u8] = &[];
    for (position, key) in keys.keys().enumerate() {
        while parents.last().is_some_and(|(_, parent)| !key.starts_with(parent)) {
            parents.pop();
        }
        ups.push(small(parents.last().map_or(0, |(parent, _)| position - parent)));
        let shared = if position % KEYS_PER_BLOCK == 0 {
            index.extend(head(key).to_be_bytes());
            index.extend(small(body.len()).to_le_bytes());
            0
        } else {
            key.iter().zip(before).take_while(|(a, b)| a == b).count()
        };
        let rest = key.get(shared..).unwrap_or_default();
        body.extend([short(shared), short(rest.len())]);
        body.extend(rest);
        parents.push((position, key));
        before = key;
    }
    let (value_width, values) = column(keys.values().copied());
    let (up_width, ups) = column(ups.into_iter());
    let mut packed = small(keys.len()).to_le_bytes().to_vec();
    packed.extend([value_width, up_width]);
    for section in [values, ups, index, body] {
        packed.extend(section);
    }
    Ok(packed)
}

/// Numbers in as few bytes each as the greatest of them needs.
fn column(numbers: impl Iterator<Item = u32> + Clone) -> (u8, Vec<u8>) {
    let greatest = numbers.clone().max().unwrap_or_default();
    let width = (4 - greatest.leading_zeros() / 8).max(1);
    let bytes = numbers.flat_map(|number| number.to_le_bytes().into_iter().take(width as usize));
    (short(width as usize), bytes.collect())
}

/// A key has at most [`MAX_HOST`] + 1 bytes, so lengths within it fit.
fn short(number: usize) -> u8 {
    u8::try_from(number).unwrap_or(u8::MAX)
}

/// The text given to [`pack`] that is no host name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotAHost(pub String);

/// A packed list is limited to 4 GiB by its 32-bit offsets; nothing near that is ever packed.
pub(crate) fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn listed(hosts: &[u8], host: &str) -> Vec<(usize, u32)> {
        let hosts = Hosts::open(hosts).unwrap();
        hosts.matches(&Key::of(host).unwrap()).map(|found| (found.len, found.value)).collect()
    }

    #[test]
    fn finds_a_host_and_its_parents_longest_first() {
        let packed = pack([("fr", 1), ("gouv.fr", 2), ("impots.gouv.fr", 3), ("g.fr", 4), ("gouv-x.fr", 5)]).unwrap();
        assert_eq!(listed(&packed, "www.impots.gouv.fr"), [(15, 3), (8, 2), (3, 1)]);
        assert_eq!(listed(&packed, "impots.gouv.fr.evil.example"), []);
        assert_eq!(listed(&packed, "gouv-y.fr"), [(3, 1)]);
        assert_eq!(listed(&packed, "com"), []);
    }

    #[test]
    fn names_that_no_map_can_hold_have_no_key() {
        for host in ["", ".", "a..fr", ".fr", "fr.", &"a".repeat(254)] {
            assert!(Key::of(host).is_none(), "{host}");
        }
    }

    proptest! {
        /// Against the obvious way to do it: try every parent in an ordinary map.
        #[test]
        fn agrees_with_a_tree_map(
            hosts in proptest::collection::btree_map("[ab-]{1,3}(\\.[ab]{1,2}){0,3}", 0u32..1000, 0..80),
            wanted in "[ab-]{1,3}(\\.[ab]{1,2}){0,4}",
        ) {
            let packed = pack(hosts.iter().map(|(host, value)| (host.as_str(), *value))).unwrap();
            let mut expected = Vec::new();
            let mut rest = Some(wanted.as_str());
            while let Some(host) = rest {
                if let Some(value) = hosts.get(host) {
                    expected.push((host.len() + 1, *value));
                }
                rest = host.split_once('.').map(|(_, parent)| parent);
            }
            prop_assert_eq!(listed(&packed, &wanted), expected);
        }

        #[test]
        fn damaged_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200), host in "[a-c.]{0,9}") {
            if let (Ok(hosts), Some(key)) = (Hosts::open(&bytes), Key::of(&host)) {
                prop_assert!(hosts.matches(&key).take(1000).count() <= 1000);
            }
        }
    }
}
