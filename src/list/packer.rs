//! Packing a file of the list. Publisher and client share it: the same entries give the same
//! bytes, in whatever order they came, on every machine.

use super::entries::{GROUP, PROFILE, split_ending, write_varint};
use super::record::{Record, Scope};
use super::shard::{Class, MAGIC};
use crate::hosts::{self, Keys, Layout, NotAHost, small};

/// Asked at every verdict, and seldom finds something.
pub const LAYOUT: Layout = Layout { keys_per_block: 13, filter: true, plain: false };

/// Gathers entries and packs them.
///
/// It is in the client too, so it is made for few bytes of code: what is put in order is put into
/// one kind of map, [`Keys`].
#[derive(Debug, Clone, Default)]
pub struct Packer<'r> {
    /// For each host, where its rules are.
    places: Keys,
    rules: Vec<Rules<'r>>,
    refused: Option<NotAHost>,
}

/// The rules of a host.
type Rules<'r> = Vec<(Scope, Record<'r>)>;

impl<'r> Packer<'r> {
    /// Adds an entry for a host.
    pub fn add(&mut self, host: &str, scope: Scope, record: Record<'r>) {
        let key = match hosts::key(host) {
            Ok(key) => key,
            Err(refused) => {
                self.refused.get_or_insert(refused);
                return;
            }
        };
        let next = self.rules.len();
        let place = *self.places.entry(key).or_insert(small(next));
        if place == small(next) {
            self.rules.push(Vec::new());
        }
        if let Some(rules) = self.rules.get_mut(place as usize) {
            // The closest first, for those who read; then whatever tells them apart.
            let at = rules.partition_point(|(known, own)| (scope, record.path, own) <= (*known, own.path, &record));
            rules.insert(at, (scope, record));
        }
    }

    /// The packed file, or the first entry added whose host is none.
    pub fn pack(mut self) -> Result<Vec<u8>, NotAHost> {
        if let Some(refused) = self.refused {
            return Err(refused);
        }
        let mut rules = Vec::with_capacity(self.rules.len());
        for place in self.places.values_mut() {
            let own = self.rules.get_mut(*place as usize).map(std::mem::take).unwrap_or_default();
            *place = Class::of(own.iter().map(|(scope, _)| *scope)).number();
            rules.push(own);
        }
        let hosts = hosts::pack_keys(&self.places, LAYOUT);
        let items = Items::of(&rules);
        let (groups, entries) = items.write_entries(&rules);
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

/// The items of a file by what they are made of, each with its number.
#[derive(Default)]
struct Items {
    /// The fields of a profile, 4 bytes each (BE); a text's is its number among the texts.
    profiles: Keys,
    texts: Keys,
}

impl Items {
    fn of(rules: &[Rules]) -> Self {
        let mut items = Self::default();
        items.texts.insert(Vec::new(), 0);
        for text in rules.iter().flatten().flat_map(texts) {
            if !items.texts.contains_key(text.as_bytes()) {
                items.texts.insert(text.as_bytes().to_vec(), 0);
            }
        }
        (0..).zip(items.texts.values_mut()).for_each(|(number, text)| *text = number);
        for rule in rules.iter().flatten() {
            let profile = items.profile(rule);
            *items.profiles.entry(profile).or_default() += 1;
        }
        let mut by_frequency = Keys::new();
        for (profile, frequency) in &items.profiles {
            by_frequency.insert([&(!frequency).to_be_bytes(), profile.as_slice()].concat(), 0);
        }
        for (number, key) in (0..).zip(by_frequency.keys()) {
            if let Some(profile) = key.get(4..).and_then(|profile| items.profiles.get_mut(profile)) {
                *profile = number;
            }
        }
        items
    }

    fn profile(&self, rule: &(Scope, Record)) -> Vec<u8> {
        let (scope, record) = rule;
        let mut profile = Vec::with_capacity(4 * PROFILE);
        let number = Scope::ALL.iter().position(|known| known == scope).unwrap_or_default();
        profile.extend(small(number).to_be_bytes());
        for text in texts(rule) {
            profile.extend(self.texts.get(text.as_bytes()).copied().unwrap_or_default().to_be_bytes());
        }
        profile.extend(record.checked.to_be_bytes());
        profile
    }

    fn write_entries(&self, hosts: &[Rules]) -> (Vec<u8>, Vec<u8>) {
        let (mut groups, mut entries) = (Vec::new(), Vec::new());
        let mut before = "";
        for (place, rules) in hosts.iter().enumerate() {
            if place.is_multiple_of(GROUP) {
                groups.extend(small(entries.len()).to_le_bytes());
                before = "";
            }
            for (rule, following) in rules.iter().zip((0..rules.len()).rev()) {
                let number = self.profiles.get(&self.profile(rule)).copied().unwrap_or_default();
                write_varint(&mut entries, number * 2 + u32::from(following > 0));
                let (organisation, _) = split_ending(&rule.1.organisation);
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
        let first_text = small(self.profiles.len());
        let mut profiles = vec![&[][..]; self.profiles.len()];
        for (profile, number) in &self.profiles {
            if let Some(place) = profiles.get_mut(*number as usize) {
                *place = profile;
            }
        }
        for profile in profiles {
            for (place, field) in profile.as_chunks::<4>().0.iter().enumerate() {
                let is_text = (1..PROFILE - 1).contains(&place);
                write_varint(&mut items, u32::from_be_bytes(*field) + if is_text { first_text } else { 0 });
            }
            ends.extend(small(items.len()).to_le_bytes());
        }
        for text in self.texts.keys() {
            items.extend(text);
            ends.extend(small(items.len()).to_le_bytes());
        }
        (ends, items)
    }
}

/// The texts of a rule's profile, in their order.
fn texts<'e>((_, record): &'e (Scope, Record)) -> [&'e str; PROFILE - 2] {
    let Record { path, ref organisation, purpose_fr, purpose_en, telephone, country, department, sources, checked: _ } =
        *record;
    let (_, ending) = split_ending(organisation);
    [path, ending, purpose_fr, purpose_en, telephone, country, department, sources]
}
