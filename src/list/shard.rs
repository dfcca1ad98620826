//! One packed file of the list.
//!
//! ```text
//! "BGL3"
//! u32 LE × 4  lengths of hosts, groups, entries and ends, in bytes; the items take the rest
//! hosts       a `Hosts` map from host to its `Class`: all that a verdict needs
//! groups      for each 32 hosts: where their entries start (u32 LE)
//! entries     the rules of each host, in the order of the map: varint twice the number of the
//!             rule's profile, and 1 more where another rule of that host follows; then the
//!             organisation but for its ending: varint bytes in common with the rule before, 0 at a
//!             group's start, varint how many bytes follow, and these
//! ends        for each item: where it ends (u32 LE)
//! items       profiles, the most frequent first: what rules have in common, a varint for each
//!             field of `PROFILE`; then the texts that they name by number, each once; the first is empty
//! ```
//!
//! Nothing after hosts is read until somebody asks what an entry says, or a host has several.

use super::entries::{Entries, Rules};
use super::record::{Record, Scope};
use crate::hosts::{Hosts, Key, read_u32};

pub(super) const MAGIC: &[u8; 4] = b"BGL3";
const HEADER: usize = 20;

/// What the rules of a host are, as far as a verdict needs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// A single rule, of this scope and without a path.
    Single(Scope),
    /// What stands in the entries.
    Several,
}

impl Class {
    /// In the order of their numbers. Those of sites come first, to be told in two bits.
    const ALL: [Self; 5] = [
        Self::Single(Scope::Host),
        Self::Single(Scope::Domain),
        Self::Single(Scope::Zone),
        Self::Several,
        Self::Single(Scope::Revoked),
    ];

    /// That of a host's rules.
    pub(super) fn of(mut scopes: impl Iterator<Item = Scope>) -> Self {
        match (scopes.next(), scopes.next()) {
            (Some(scope), None) if scope != Scope::Path => Self::Single(scope),
            _ => Self::Several,
        }
    }

    pub(super) fn number(self) -> u32 {
        (0..).zip(Self::ALL).find(|(_, class)| *class == self).map_or(0, |(number, _)| number)
    }

    fn numbered(number: u32) -> Option<Self> {
        Self::ALL.get(usize::try_from(number).ok()?).copied()
    }
}

/// A rule of a file, whose texts are read when they are asked for.
#[derive(Debug, Clone, Copy)]
pub struct Rule<'a> {
    shard: &'a Shard,
    /// The listed host.
    host: &'a str,
    /// How far the rule reaches.
    pub scope: Scope,
    /// The path, for [`Scope::Path`].
    pub path: &'a str,
}

impl<'a> Rule<'a> {
    /// What the entry says.
    pub fn record(&self) -> Record<'a> {
        let rules = self.shard.rules_of(self.host);
        let own = rules.into_iter().find(|(scope, record)| *scope == self.scope && record.path == self.path);
        own.map(|(_, record)| record).unwrap_or_default()
    }
}

/// A packed file, found in order as far as its header tells. Damage further in finds nothing; a
/// signature keeps it from getting here.
#[derive(Debug, Clone)]
pub struct Shard {
    bytes: Box<[u8]>,
    groups: usize,
    entries: usize,
    ends: usize,
    items: usize,
}

/// The bytes are no packed file of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Malformed;

impl Shard {
    /// Reads the header.
    pub fn open(bytes: impl Into<Box<[u8]>>) -> Result<Self, Malformed> {
        let bytes = bytes.into();
        let section = |at| read_u32(&bytes, at).ok_or(Malformed);
        let after = |start: usize, len| start.checked_add(len).filter(|&end| end <= bytes.len()).ok_or(Malformed);
        if !bytes.starts_with(MAGIC) {
            return Err(Malformed);
        }
        let groups = after(HEADER, section(4)?)?;
        let entries = after(groups, section(8)?)?;
        let ends = after(entries, section(12)?)?;
        let items = after(ends, section(16)?)?;
        let shard = Self { bytes, groups, entries, ends, items };
        Hosts::open(shard.part(HEADER, groups)).map_err(|_| Malformed)?;
        Ok(shard)
    }

    /// The whole file.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// How many hosts it holds.
    pub fn len(&self) -> usize {
        self.hosts().len()
    }

    /// Whether it holds no host.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Shows the rules of `host`, whose key is `key`, and of each parent of it, the shortest host
    /// first, with the length of the listed host's key.
    pub(super) fn matches<'a>(&'a self, host: &'a str, key: &Key, mut visit: impl FnMut(usize, Rule<'a>)) {
        self.hosts().matches(key, |found| {
            let listed = (host.len() + 1).checked_sub(found.len).and_then(|start| host.get(start..));
            let Some((host, class)) = listed.zip(Class::numbered(found.value)) else { return };
            match class {
                Class::Single(scope) => visit(found.len, Rule { shard: self, host, scope, path: "" }),
                Class::Several => {
                    for (scope, record) in self.rules_of(host) {
                        visit(found.len, Rule { shard: self, host, scope, path: record.path });
                    }
                }
            }
        });
    }

    /// Shows every rule of the file, in its own order. Nothing where it is damaged.
    pub(super) fn for_each<'a>(&'a self, mut visit: impl FnMut(String, Scope, Record<'a>)) -> Option<()> {
        let entries = self.entries();
        let mut rules = Rules::default();
        let mut place = 0;
        let mut is_whole = true;
        self.hosts().for_each(|host, _| {
            is_whole &= entries.read(place, &mut rules, |scope, record| visit(host.clone(), scope, record)).is_some();
            place += 1;
        })?;
        is_whole.then_some(())
    }

    fn rules_of(&self, host: &str) -> Vec<(Scope, Record<'_>)> {
        let mut found = Vec::new();
        if let Some(place) = Key::of(host).and_then(|key| self.hosts().position(&key)) {
            // What is read before damage is met is kept.
            let _ = self.entries().seek(place, |scope, record| found.push((scope, record)));
        }
        found
    }

    fn entries(&self) -> Entries<'_> {
        Entries {
            groups: self.part(self.groups, self.entries),
            rules: self.part(self.entries, self.ends),
            ends: self.part(self.ends, self.items),
            items: self.bytes.get(self.items..).unwrap_or_default(),
        }
    }

    /// Opened once already, and sound then.
    fn hosts(&self) -> Hosts<'_> {
        Hosts::open(self.part(HEADER, self.groups)).unwrap_or_default()
    }

    fn part(&self, start: usize, end: usize) -> &[u8] {
        self.bytes.get(start..end).unwrap_or_default()
    }
}
