//! What the entries of a packed file say: read when somebody asks.

use super::record::{Record, Scope};
use crate::hosts::read_u32;
use std::borrow::Cow;

/// Hosts whose entries are found together.
pub(super) const GROUP: usize = 32;
/// What a profile holds: the scope, the numbers of the record's texts but the organisation, in
/// their order, and the day.
pub(super) const PROFILE: usize = 9;

/// The sections of a packed file after its hosts.
#[derive(Clone, Copy)]
pub(super) struct Entries<'a> {
    pub(super) groups: &'a [u8],
    pub(super) entries: &'a [u8],
    pub(super) ends: &'a [u8],
    pub(super) items: &'a [u8],
}

/// Where reading one rule after the other has come to.
#[derive(Default)]
pub(super) struct Rules {
    at: usize,
    organisation: Vec<u8>,
}

impl<'a> Entries<'a> {
    /// Shows the rules of the host at `place`, wherever that is.
    pub(super) fn seek(&self, place: usize, mut visit: impl FnMut(Scope, Record<'a>)) -> Option<()> {
        let mut rules = Rules::default();
        for before in place - place % GROUP..place {
            self.read(before, &mut rules, |_, _| ())?;
        }
        self.read(place, &mut rules, &mut visit)
    }

    /// Shows the rules of the host at `place`: a group's first, or the one after that which was
    /// read last.
    pub(super) fn read(&self, place: usize, rules: &mut Rules, mut visit: impl FnMut(Scope, Record<'a>)) -> Option<()> {
        if place.is_multiple_of(GROUP) {
            rules.at = read_u32(self.groups, place / GROUP * 4)?;
            rules.organisation.clear();
        }
        loop {
            let mut reader = Reader { bytes: self.entries.get(rules.at..)? };
            let start = reader.bytes.len();
            let number = reader.varint()?;
            let (shared, len) = (reader.size()?, reader.size()?);
            rules.organisation.truncate(shared);
            rules.organisation.extend(reader.bytes.get(..len)?);
            rules.at += start - reader.bytes.len() + len;
            let (scope, record) = self.profile(number / 2)?;
            let organisation = String::from_utf8(rules.organisation.clone()).ok()?;
            visit(scope, Record { organisation: Cow::Owned(organisation), ..record });
            if number % 2 == 0 {
                return Some(());
            }
        }
    }

    fn profile(&self, number: u32) -> Option<(Scope, Record<'a>)> {
        let mut reader = Reader { bytes: self.item(number)? };
        let mut fields = [0; PROFILE];
        for field in &mut fields {
            *field = reader.varint()?;
        }
        let [scope, texts @ .., checked] = fields;
        let scope = *Scope::ALL.get(usize::try_from(scope).ok()?)?;
        let [path, purpose_fr, purpose_en, telephone, country, department, sources] =
            texts.map(|number| self.text(number).unwrap_or_default());
        let organisation = Cow::Borrowed("");
        let record =
            Record { path, organisation, purpose_fr, purpose_en, telephone, country, department, sources, checked };
        Some((scope, record))
    }

    fn text(&self, number: u32) -> Option<&'a str> {
        std::str::from_utf8(self.item(number)?).ok()
    }

    fn item(&self, number: u32) -> Option<&'a [u8]> {
        let number = usize::try_from(number).ok()?;
        let start = match number.checked_sub(1) {
            None => 0,
            Some(before) => read_u32(self.ends, before.checked_mul(4)?)?,
        };
        self.items.get(start..read_u32(self.ends, number.checked_mul(4)?)?)
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

/// Appends a number as [`Entries`] read it.
pub(super) fn write_varint(out: &mut Vec<u8>, mut value: u32) {
    while value >= 0x80 {
        out.push(value.to_le_bytes()[0] | 0x80);
        value >>= 7;
    }
    out.push(value.to_le_bytes()[0]);
}
