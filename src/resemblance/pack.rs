//! Gathers words and names, and packs them. The same give the same bytes, in whatever order they
//! came.

use super::letters;
use super::table::{ALPHABET, MAGIC, SECTIONS, Zone, pair_number};
use super::word::{Flags, Role, Strength};
use crate::hosts::{self, Layout, NotAHost, small};
use std::collections::BTreeMap;

/// Zones are few.
const LAYOUT: Layout = Layout { keys_per_block: 8, filter: false, plain: true };

/// What a word says, before it is packed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meaning {
    /// What it says.
    pub role: Role,
    /// For a brand.
    pub strength: Strength,
    /// What else is known of it.
    pub flags: Flags,
    /// The subject of a brand or topic; 0 for none of its own.
    pub subject: u8,
    /// For a brand: the listed host that it stands for.
    pub site: String,
}

/// A table that is being made.
#[derive(Debug, Default)]
pub struct Packer {
    words: BTreeMap<Vec<u8>, (String, Meaning)>,
    look_alikes: BTreeMap<u32, [u8; 2]>,
    zones: BTreeMap<String, Zone>,
}

/// The words that cannot stand side by side: they look the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clash(pub String, pub String);

/// Why there is no packed table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotPacked {
    /// That text is no host.
    NotAHost(String),
    /// So many words, or bytes of sites: more than their 16-bit numbers hold.
    TooMuch(usize),
}

impl Packer {
    /// Adds a word: ASCII letters and digits, and hyphens where people may write them.
    pub fn word(&mut self, word: &str, mut meaning: Meaning) -> Result<(), Clash> {
        let spelling = word.replace('-', "");
        if spelling != word {
            meaning.flags = meaning.flags | Flags::IN_PARTS;
        }
        match self.words.entry(letters::looks(&spelling)) {
            std::collections::btree_map::Entry::Occupied(other) if other.get().1 != meaning => {
                Err(Clash(word.to_owned(), other.get().0.clone()))
            }
            entry => {
                entry.or_insert((spelling, meaning));
                Ok(())
            }
        }
    }

    /// What a word that looks like this one says, if there is one.
    pub fn meaning(&self, word: &str) -> Option<&Meaning> {
        self.words.get(&letters::looks(word)).map(|(_, meaning)| meaning)
    }

    /// Adds a character beyond ASCII, and the one or two letters that it looks like.
    pub fn look_alike(&mut self, char: char, looks: [u8; 2]) {
        self.look_alikes.insert(char.into(), looks);
    }

    /// Adds a name and what is known of it and of all names below it.
    pub fn zone(&mut self, host: &str, zone: Zone) {
        self.zones.insert(host.to_owned(), zone);
    }

    /// The packed table.
    pub fn pack(self) -> Result<Vec<u8>, NotPacked> {
        let mut sites: Vec<&str> = self.words.values().map(|(_, meaning)| meaning.site.as_str()).collect();
        sites.sort_unstable();
        sites.dedup();
        let most = self.words.len().max(sites.iter().map(|site| site.len()).sum());
        if u16::try_from(most).is_err() {
            return Err(NotPacked::TooMuch(most));
        }
        let (mut words, mut index) = (Vec::new(), Vec::new());
        let mut first = vec![0_u16; ALPHABET * ALPHABET + 1];
        let mut ends: BTreeMap<usize, Vec<u16>> = BTreeMap::new();
        // In order of their first pair's number, so that a pair's words stand together.
        let mut ordered: Vec<_> = self.words.iter().collect();
        ordered.sort_by_key(|(looks, _)| pair_number(pair(looks.iter())));
        for (number, (looks, (spelling, meaning))) in ordered.into_iter().enumerate() {
            index.extend(small(words.len()).to_le_bytes());
            let spelling = if spelling.as_bytes() == looks { &[] } else { spelling.as_bytes() };
            for text in [looks, spelling] {
                words.push(low_byte(text.len()));
                words.extend(text);
            }
            let role = Role::ALL.iter().position(|role| *role == meaning.role).unwrap_or_default();
            let site = sites.binary_search(&meaning.site.as_str()).unwrap_or_default();
            words.extend([low_byte(role), meaning.strength as u8, meaning.flags.0, meaning.subject]);
            words.extend(half(site).to_le_bytes());
            for later in first.iter_mut().skip(pair_number(pair(looks.iter())) + 1) {
                *later += 1;
            }
            ends.entry(pair_number(pair(looks.iter().rev()))).or_default().push(half(number));
        }
        let mut last = Vec::new();
        let mut before = 0;
        for number in 0..=ALPHABET * ALPHABET {
            last.extend(half(before).to_le_bytes());
            before += ends.get(&number).map_or(0, Vec::len);
        }
        last.extend(ends.values().flatten().flat_map(|number| number.to_le_bytes()));
        let first: Vec<u8> = first.iter().flat_map(|number| number.to_le_bytes()).collect();
        let looks: Vec<u8> =
            self.look_alikes.iter().flat_map(|(char, looks)| [&char.to_le_bytes()[..], looks].concat()).collect();
        let ends = sites.iter().scan(0, |end, site| {
            *end += site.len();
            Some(half(*end))
        });
        let site_ends: Vec<u8> = ends.flat_map(u16::to_le_bytes).collect();
        let zones = self.zones.iter().map(|(host, zone)| (host.as_str(), *zone as u32));
        let zones = hosts::pack(zones, LAYOUT).map_err(|NotAHost(host)| NotPacked::NotAHost(host))?;
        let sections: [Vec<u8>; SECTIONS] = [words, index, first, last, looks, site_ends, sites.concat().into_bytes()];
        let mut packed = MAGIC.to_vec();
        packed.extend(sections.iter().flat_map(|section| small(section.len()).to_le_bytes()));
        packed.extend(sections.concat());
        packed.extend(zones);
        Ok(packed)
    }
}

/// The first two of some looks, nothing standing for one that is not there.
fn pair<'l>(mut looks: impl Iterator<Item = &'l u8>) -> [u8; 2] {
    [looks.next().copied().unwrap_or_default(), looks.next().copied().unwrap_or_default()]
}

/// A word has fewer than 64 letters.
fn low_byte(number: usize) -> u8 {
    u8::try_from(number).unwrap_or(u8::MAX)
}

/// The table has fewer than 65,536 words, and as many bytes of sites.
fn half(number: usize) -> u16 {
    u16::try_from(number).unwrap_or(u16::MAX)
}
