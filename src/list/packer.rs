//! Packing a file of the list. Publisher and client share it: the same entries give the same
//! bytes, in whatever order they came, on every machine.

use super::entries::{GROUP, PROFILE, write_varint};
use super::record::{Record, Scope};
use super::shard::{Class, MAGIC};
use crate::hosts::{self, Layout, NotAHost, small};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// Asked at every verdict, and seldom finds something.
pub const LAYOUT: Layout = Layout { keys_per_block: 16, filter: true };

/// Gathers entries and packs them.
#[derive(Debug, Clone, Default)]
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
        for rules in self.entries.values_mut() {
            // The closest first, for those who read; then whatever tells them apart.
            rules.sort_by(|(a, x), (b, y)| (b, y.path, x).cmp(&(a, x.path, y)));
        }
        let classes = self.entries.iter().map(|(host, rules)| {
            let scopes = rules.iter().map(|(scope, _)| *scope);
            (host.as_str(), Class::of(scopes).number())
        });
        let hosts = hosts::pack(classes, LAYOUT)?;
        let items = Items::of(self.entries.values().flatten());
        let (groups, entries) = items.write_entries(in_order(&self.entries));
        let (ends, items) = items.write();
        let mut packed = MAGIC.to_vec();
        for section in [&hosts, &groups, &entries, &ends] {
            packed.extend(small(section.len()).to_le_bytes());
        }
        for section in [hosts, groups, entries, ends, items] {
            packed.extend(section);
        }
        Ok(packed)
    }
}

/// The rules of each host, in the order of the map.
fn in_order<'e, 'r>(
    entries: &'e BTreeMap<String, Vec<(Scope, Record<'r>)>>,
) -> impl Iterator<Item = &'e Vec<(Scope, Record<'r>)>> {
    let mut order: Vec<_> = entries.iter().collect();
    order.sort_by_cached_key(|(host, _)| hosts::Key::of(host).map(|key| key.as_bytes().to_vec()));
    order.into_iter().map(|(_, rules)| rules)
}

/// What rules have in common: scope, texts and day.
type Profile<'r> = (Scope, [&'r str; PROFILE - 2], u32);

fn profile<'r>((scope, record): &(Scope, Record<'r>)) -> Profile<'r> {
    let Record { path, organisation: _, purpose_fr, purpose_en, telephone, country, department, sources, checked } =
        *record;
    (*scope, [path, purpose_fr, purpose_en, telephone, country, department, sources], checked)
}

/// The items of a file, in order.
struct Items<'r> {
    profiles: Vec<Profile<'r>>,
    profile_numbers: BTreeMap<Profile<'r>, u32>,
    texts: Vec<&'r str>,
    text_numbers: BTreeMap<&'r str, u32>,
}

impl<'r> Items<'r> {
    fn of<'e>(rules: impl Iterator<Item = &'e (Scope, Record<'r>)>) -> Self
    where
        'r: 'e,
    {
        let mut frequencies: BTreeMap<Profile, usize> = BTreeMap::new();
        for rule in rules {
            *frequencies.entry(profile(rule)).or_default() += 1;
        }
        let texts: BTreeSet<&str> = frequencies.keys().flat_map(|(_, texts, _)| texts).copied().chain([""]).collect();
        let texts: Vec<&str> = texts.into_iter().collect();
        let mut profiles: Vec<Profile> = frequencies.keys().copied().collect();
        profiles.sort_by_key(|profile| Reverse(frequencies.get(profile)));
        Self {
            profile_numbers: profiles.iter().copied().zip(0..).collect(),
            text_numbers: texts.iter().copied().zip(small(profiles.len())..).collect(),
            profiles,
            texts,
        }
    }

    fn write_entries<'e>(&self, hosts: impl Iterator<Item = &'e Vec<(Scope, Record<'r>)>>) -> (Vec<u8>, Vec<u8>)
    where
        'r: 'e,
    {
        let (mut groups, mut entries) = (Vec::new(), Vec::new());
        let mut before = "";
        for (place, rules) in hosts.enumerate() {
            if place.is_multiple_of(GROUP) {
                groups.extend(small(entries.len()).to_le_bytes());
                before = "";
            }
            for (rule, following) in rules.iter().zip((0..rules.len()).rev()) {
                let number = self.profile_numbers.get(&profile(rule)).copied().unwrap_or_default();
                write_varint(&mut entries, number * 2 + u32::from(following > 0));
                let organisation = rule.1.organisation.as_ref();
                let shared = organisation.bytes().zip(before.bytes()).take_while(|(a, b)| a == b).count();
                let rest = organisation.as_bytes().get(shared..).unwrap_or_default();
                write_varint(&mut entries, small(shared));
                write_varint(&mut entries, small(rest.len()));
                entries.extend(rest);
                before = organisation;
            }
        }
        (groups, entries)
    }

    fn write(&self) -> (Vec<u8>, Vec<u8>) {
        let (mut ends, mut items) = (Vec::new(), Vec::new());
        for (scope, texts, checked) in &self.profiles {
            let number = Scope::ALL.iter().position(|known| known == scope).unwrap_or_default();
            write_varint(&mut items, small(number));
            for text in texts {
                write_varint(&mut items, self.text_numbers.get(text).copied().unwrap_or_default());
            }
            write_varint(&mut items, *checked);
            ends.extend(small(items.len()).to_le_bytes());
        }
        for text in &self.texts {
            items.extend(text.bytes());
            ends.extend(small(items.len()).to_le_bytes());
        }
        (ends, items)
    }
}
