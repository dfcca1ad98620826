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
//! u32 LE  offset of each block of 16 keys, from the start of the keys
//! keys    shared: varint   bytes in common with the key before (0 for the first of a block)
//!         rest:   varint + bytes
//!         up:     varint   how many keys back the nearest listed parent stands (0: there is none)
//!         value:  varint
//! ```

/// Longest host name of the domain name system, in bytes (RFC 1035 §2.3.4).
pub const MAX_HOST: usize = 253;
const KEYS_PER_BLOCK: usize = 16;

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
        let mut key = Self { bytes: [0; MAX_HOST + 1], len: 0 };
        let mut end = 0;
        for label in host.rsplit('.') {
            if label.is_empty() {
                return None;
            }
            let dot = end + label.len();
            key.bytes.get_mut(end..dot)?.copy_from_slice(label.as_bytes());
            *key.bytes.get_mut(dot)? = b'.';
            end = dot + 1;
        }
        key.len = u8::try_from(end).ok()?;
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
#[derive(Clone, Copy)]
pub struct Hosts<'a> {
    count: usize,
    /// Block offsets, four bytes each.
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
    up: usize,
}

impl<'a> Hosts<'a> {
    /// Reads the header. A map with a damaged body opens, and then finds nothing where it is damaged.
    pub fn open(bytes: &'a [u8]) -> Result<Self, Malformed> {
        let (count, rest) = bytes.split_at_checked(4).ok_or(Malformed)?;
        let count = read_u32(count, 0).ok_or(Malformed)?;
        let blocks = count.div_ceil(KEYS_PER_BLOCK);
        let (index, keys) = blocks.checked_mul(4).and_then(|len| rest.split_at_checked(len)).ok_or(Malformed)?;
        Ok(Self { count, index, keys })
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
        let (mut candidate, common) = self.predecessor(wanted)?;
        // The parents of the predecessor are the only candidates; those that fit inside the part
        // that it has in common with the wanted key are the wanted key's own parents.
        while candidate.len > common {
            candidate = self.parent(&candidate)?;
        }
        Some(candidate)
    }

    /// The greatest key that is not after `wanted`, and how many bytes the two have in common.
    fn predecessor(&self, wanted: &[u8]) -> Option<(Match, usize)> {
        let block = self.block_of(wanted)?;
        let mut reader = self.block(block)?;
        let mut best = None;
        let mut common = 0;
        for position in block * KEYS_PER_BLOCK..self.count.min((block + 1) * KEYS_PER_BLOCK) {
            let entry = reader.entry()?;
            // Keys ascend, so one that shares less with its forerunner than that shared with
            // `wanted` is past it, and one that shares more stands to it as its forerunner did.
            if entry.shared < common {
                break;
            }
            if entry.shared == common {
                let tail = wanted.get(common..)?;
                let same = entry.rest.iter().zip(tail).take_while(|(a, b)| a == b).count();
                if entry.rest.get(same) > tail.get(same) {
                    break;
                }
                common += same;
            }
            let len = entry.shared + entry.rest.len();
            best = Some((Match { len, value: entry.value, position, up: entry.up }, common));
        }
        best
    }

    /// The last block whose first key is not after `wanted`.
    fn block_of(&self, wanted: &[u8]) -> Option<usize> {
        let (mut low, mut high) = (0, self.index.len() / 4);
        while low < high {
            let middle = low.midpoint(high);
            if self.block(middle)?.entry()?.rest <= wanted {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low.checked_sub(1)
    }

    fn parent(&self, of: &Match) -> Option<Match> {
        if of.up == 0 {
            return None;
        }
        let position = of.position.checked_sub(of.up)?;
        let mut reader = self.block(position / KEYS_PER_BLOCK)?;
        for _ in 0..position % KEYS_PER_BLOCK {
            reader.entry()?;
        }
        let entry = reader.entry()?;
        Some(Match { len: entry.shared + entry.rest.len(), value: entry.value, position, up: entry.up })
    }

    fn block(&self, number: usize) -> Option<Reader<'a>> {
        let start = read_u32(self.index, number.checked_mul(4)?)?;
        Some(Reader { bytes: self.keys.get(start..)? })
    }
}

struct Entry<'a> {
    shared: usize,
    rest: &'a [u8],
    up: usize,
    value: u32,
}

/// Reads varints (LEB128) and byte strings from the front of a slice.
#[derive(Clone, Copy)]
pub(crate) struct Reader<'a> {
    pub bytes: &'a [u8],
}

impl<'a> Reader<'a> {
    pub fn varint(&mut self) -> Option<u32> {
        let mut value = 0;
        for shift in (0..32).step_by(7) {
            let (&byte, rest) = self.bytes.split_first()?;
            self.bytes = rest;
            value |= u32::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(value);
            }
        }
        None
    }

    pub fn size(&mut self) -> Option<usize> {
        usize::try_from(self.varint()?).ok()
    }

    fn entry(&mut self) -> Option<Entry<'a>> {
        let shared = self.size()?;
        let len = self.size()?;
        let (rest, after) = self.bytes.split_at_checked(len)?;
        self.bytes = after;
        Some(Entry { shared, rest, up: self.size()?, value: self.varint()? })
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
    let (mut index, mut body) = (Vec::new(), Vec::new());
    let mut parents: Vec<(usize, &[u8])> = Vec::new();
    let mut before: &[u8] = &[];
    for (position, (key, value)) in keys.iter().enumerate() {
        while parents.last().is_some_and(|(_, parent)| !key.starts_with(parent)) {
            parents.pop();
        }
        let shared = if position % KEYS_PER_BLOCK == 0 {
            index.extend(small(body.len()).to_le_bytes());
            0
        } else {
            key.iter().zip(before).take_while(|(a, b)| a == b).count()
        };
        let rest = key.get(shared..).unwrap_or_default();
        write_varint(&mut body, small(shared));
        write_varint(&mut body, small(rest.len()));
        body.extend(rest);
        write_varint(&mut body, small(parents.last().map_or(0, |(parent, _)| position - parent)));
        write_varint(&mut body, *value);
        parents.push((position, key));
        before = key;
    }
    let mut packed = small(keys.len()).to_le_bytes().to_vec();
    packed.extend(index);
    packed.extend(body);
    Ok(packed)
}

/// The text given to [`pack`] that is no host name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotAHost(pub String);

pub(crate) fn write_varint(out: &mut Vec<u8>, mut value: u32) {
    while value >= 0x80 {
        out.push(value.to_le_bytes()[0] | 0x80);
        value >>= 7;
    }
    out.push(value.to_le_bytes()[0]);
}

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
