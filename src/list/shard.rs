//! One packed file of the list.
//!
//! ```text
//! "BGL1"
//! u32 LE × 3   lengths of hosts, rules and index, in bytes; the text takes the rest
//! hosts        a `Hosts` map from host to an offset in rules
//! rules        varint how many, then for each: varint scope, and a varint for each field of a
//!              `Record`: the number of a string or, for `checked`, days since 1970-01-01
//! index        u32 LE: where each string ends in text; string 0 is empty
//! text         the strings, each once
//! ```

use crate::hosts::{self, Hosts, Key, NotAHost, read_u32, small};
use std::collections::BTreeMap;

const MAGIC: &[u8; 4] = b"BGL1";
const HEADER: usize = 16;

/// How far an entry reaches. In ascending order of how closely it describes an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// Every name below a suffix that is reserved to the State, each its own site.
    Zone,
    /// This host and everything below it.
    Domain,
    /// This host and its `www.` twin.
    Host,
    /// Addresses of this host whose path starts with the entry's.
    Path,
    /// Never official: this host and everything below it.
    Revoked,
}

impl Scope {
    const ALL: [Self; 5] = [Self::Zone, Self::Domain, Self::Host, Self::Path, Self::Revoked];

    /// The word used in files and output.
    pub fn word(self) -> &'static str {
        match self {
            Self::Zone => "zone",
            Self::Domain => "domain",
            Self::Host => "host",
            Self::Path => "path",
            Self::Revoked => "revoked",
        }
    }
}

/// What an entry says. An empty text means that nothing is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Record<'a> {
    /// The path, for [`Scope::Path`].
    pub path: &'a str,
    /// Who answers for the site.
    pub organisation: &'a str,
    /// What one does there, in French; for a revocation, the reason's word.
    pub purpose_fr: &'a str,
    /// The same in English.
    pub purpose_en: &'a str,
    /// A number that the public may call, as people write it.
    pub telephone: &'a str,
    /// Two letters of ISO 3166-1; empty for France.
    pub country: &'a str,
    /// The public sources, for people.
    pub sources: &'a str,
    /// When the entry was compared with them: days since 1970-01-01.
    pub checked: u32,
}

/// How many fields a record has.
const FIELDS: usize = 8;

/// An entry of a file, whose texts are read when they are asked for.
#[derive(Debug, Clone, Copy)]
pub struct Rule<'a> {
    shard: &'a Shard,
    /// How far the entry reaches.
    pub scope: Scope,
    fields: [u32; FIELDS],
}

impl<'a> Rule<'a> {
    /// What the entry says.
    pub fn record(&self) -> Record<'a> {
        let [texts @ .., checked] = self.fields;
        let [path, organisation, purpose_fr, purpose_en, telephone, country, sources] =
            texts.map(|number| self.shard.string(number));
        Record { path, organisation, purpose_fr, purpose_en, telephone, country, sources, checked }
    }

    /// The path, for [`Scope::Path`].
    pub fn path(&self) -> &'a str {
        self.shard.string(self.fields[0])
    }
}

/// A packed file, found in order as far as its header tells. Damage further in finds nothing; a
/// signature keeps it from getting here.
#[derive(Debug, Clone)]
pub struct Shard {
    bytes: Box<[u8]>,
    rules: usize,
    index: usize,
    text: usize,
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
        let rules = after(HEADER, section(4)?)?;
        let index = after(rules, section(8)?)?;
        let text = after(index, section(12)?)?;
        let shard = Self { bytes, rules, index, text };
        Hosts::open(shard.part(HEADER, rules)).map_err(|_| Malformed)?;
        Ok(shard)
    }

    /// How many hosts it holds.
    pub fn len(&self) -> usize {
        self.hosts().len()
    }

    /// Whether it holds no host.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The rules of the host and of each parent of it, the longest host first, with the length of
    /// the listed host's key.
    pub(super) fn matches(&self, key: &Key) -> impl Iterator<Item = (usize, impl Iterator<Item = Rule<'_>>)> {
        self.hosts().matches(key).map(|found| (found.len, self.rules_at(found.value)))
    }

    fn rules_at(&self, offset: u32) -> impl Iterator<Item = Rule<'_>> {
        let start = usize::try_from(offset).unwrap_or(usize::MAX);
        let mut reader = Reader { bytes: self.part(self.rules, self.index).get(start..).unwrap_or_default() };
        let count = reader.varint().unwrap_or(0);
        (0..count).map_while(move |_| {
            let scope = *Scope::ALL.get(reader.size()?)?;
            let mut fields = [0; FIELDS];
            for field in &mut fields {
                *field = reader.varint()?;
            }
            Some(Rule { shard: self, scope, fields })
        })
    }

    /// The text of that number; empty where there is none.
    fn string(&self, number: u32) -> &str {
        self.try_string(number).unwrap_or_default()
    }

    fn try_string(&self, number: u32) -> Option<&str> {
        let number = usize::try_from(number).ok()?;
        let index = self.part(self.index, self.text);
        let start = match number.checked_sub(1) {
            None => return None,
            Some(before) => read_u32(index, before.checked_mul(4)?)?,
        };
        let end = read_u32(index, number.checked_mul(4)?)?;
        std::str::from_utf8(self.bytes.get(self.text..)?.get(start..end)?).ok()
    }

    /// Opened once already, and sound then.
    fn hosts(&self) -> Hosts<'_> {
        Hosts::open(self.part(HEADER, self.rules)).unwrap_or_default()
    }

    fn part(&self, start: usize, end: usize) -> &[u8] {
        self.bytes.get(start..end).unwrap_or_default()
    }
}

/// Reads varints (LEB128) from the front of a slice.
struct Reader<'a> {
    bytes: &'a [u8],
}

impl Reader<'_> {
    fn varint(&mut self) -> Option<u32> {
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

    fn size(&mut self) -> Option<usize> {
        usize::try_from(self.varint()?).ok()
    }
}

fn write_varint(out: &mut Vec<u8>, mut value: u32) {
    while value >= 0x80 {
        out.push(value.to_le_bytes()[0] | 0x80);
        value >>= 7;
    }
    out.push(value.to_le_bytes()[0]);
}

/// Gathers entries and packs them. The same entries give the same bytes, in whatever order they
/// came.
#[derive(Debug, Default)]
pub struct Packer<'r> {
    entries: BTreeMap<String, Vec<(Scope, Record<'r>)>>,
}

impl<'r> Packer<'r> {
    /// Adds an entry for a host.
    pub fn add(&mut self, host: &str, scope: Scope, record: Record<'r>) {
        self.entries.entry(host.to_owned()).or_default().push((scope, record));
    }

    /// The packed file.
    pub fn pack(mut self) -> Result<Vec<u8>, NotAHost> {
        let mut strings = Strings::default();
        strings.number("");
        let mut rules = Vec::new();
        let mut offsets = Vec::new();
        for (host, entries) in &mut self.entries {
            entries.sort_by(|(a, x), (b, y)| (b, y.path).cmp(&(a, x.path)));
            offsets.push((host.as_str(), small(rules.len())));
            write_varint(&mut rules, small(entries.len()));
            for (scope, record) in entries {
                let number = Scope::ALL.iter().position(|known| known == scope).unwrap_or_default();
                write_varint(&mut rules, small(number));
                for text in [
                    record.path,
                    record.organisation,
                    record.purpose_fr,
                    record.purpose_en,
                    record.telephone,
                    record.country,
                    record.sources,
                ] {
                    let number = strings.number(text);
                    write_varint(&mut rules, number);
                }
                write_varint(&mut rules, record.checked);
            }
        }
        let hosts = hosts::pack(offsets)?;
        let mut packed = MAGIC.to_vec();
        for len in [hosts.len(), rules.len(), strings.ends.len() * 4] {
            packed.extend(small(len).to_le_bytes());
        }
        packed.extend(hosts);
        packed.extend(rules);
        packed.extend(strings.ends.iter().flat_map(|end| end.to_le_bytes()));
        packed.extend(strings.text.bytes());
        Ok(packed)
    }
}

#[derive(Default)]
struct Strings<'r> {
    numbers: BTreeMap<&'r str, u32>,
    ends: Vec<u32>,
    text: String,
}

impl<'r> Strings<'r> {
    fn number(&mut self, text: &'r str) -> u32 {
        let (next, all, ends) = (small(self.numbers.len()), &mut self.text, &mut self.ends);
        *self.numbers.entry(text).or_insert_with(|| {
            all.push_str(text);
            ends.push(small(all.len()));
            next
        })
    }
}
