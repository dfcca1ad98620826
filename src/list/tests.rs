#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use super::*;
use crate::hosts::Key;
use proptest::prelude::*;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// An entry as text that belongs to nobody.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Own {
    host: String,
    scope: Scope,
    path: String,
    organisation: String,
    purpose: String,
    department: String,
    checked: u32,
}

impl Own {
    fn record(&self) -> Record<'_> {
        Record {
            path: &self.path,
            organisation: Cow::Borrowed(&self.organisation),
            purpose_fr: &self.purpose,
            purpose_en: "to do",
            department: &self.department,
            sources: "source, 2026",
            checked: self.checked,
            ..Record::default()
        }
    }

    fn of(host: String, scope: Scope, record: &Record) -> Self {
        assert_eq!((record.purpose_en, record.sources, record.telephone), ("to do", "source, 2026", ""));
        Self {
            host,
            scope,
            path: record.path.to_owned(),
            organisation: record.organisation.clone().into_owned(),
            purpose: record.purpose_fr.to_owned(),
            department: record.department.to_owned(),
            checked: record.checked,
        }
    }
}

fn packed<'o>(entries: impl IntoIterator<Item = &'o Own>) -> Vec<u8> {
    let mut packer = Packer::default();
    for own in entries {
        packer.add(&own.host, own.scope, own.record());
    }
    packer.pack().unwrap()
}

fn read(shard: &Shard) -> BTreeSet<Own> {
    let mut all = BTreeSet::new();
    let whole = shard.for_each(|host, scope, record| assert!(all.insert(Own::of(host, scope, &record))));
    assert_eq!(whole, Some(()));
    all
}

fn shard<'o>(entries: impl IntoIterator<Item = &'o Own>, department: &str) -> Shard {
    Shard::open(packed(entries.into_iter().filter(|own| own.department == department))).unwrap()
}

const DEPARTMENTS: [&str; 4] = ["", "01", "2A", "976"];

fn own() -> impl Strategy<Value = Own> {
    let host = "[a-c]{1,2}\\.[a-d]{1,2}";
    let scope = prop::sample::select(vec![Scope::Zone, Scope::Domain, Scope::Host, Scope::Path, Scope::Revoked]);
    let organisation = prop_oneof!["Mairie [A-Dé]{0,4}", "\\PC{0,9}"];
    let department = prop::sample::select(DEPARTMENTS.to_vec());
    (host, scope, "/[ab]{1,2}", organisation, "[a-b]{0,2}", department, prop_oneof![Just(20_000u32), any::<u32>()])
        .prop_map(|(host, scope, path, organisation, purpose, department, checked)| Own {
            path: if scope == Scope::Path { path } else { String::new() },
            department: department.to_owned(),
            host,
            scope,
            organisation,
            purpose,
            checked,
        })
}

/// A host's rules of the same reach are one: two would be a contradiction.
fn list(max: usize) -> impl Strategy<Value = BTreeSet<Own>> {
    proptest::collection::vec(own(), 0..max).prop_map(|entries| {
        let unique: BTreeMap<_, _> =
            entries.into_iter().map(|own| ((own.host.clone(), own.scope, own.path.clone()), own)).collect();
        unique.into_values().collect()
    })
}

proptest! {
    #[test]
    fn what_is_packed_is_read_again(entries in list(80)) {
        let shard = Shard::open(packed(&entries)).unwrap();
        prop_assert_eq!(read(&shard), entries.clone());
        for own in &entries {
            let mut said = Vec::new();
            shard.matches(&own.host, &Key::of(&own.host).unwrap(), |len, rule| {
                assert!(len <= own.host.len() + 1);
                said.push(Own::of(own.host.clone(), rule.scope, &rule.record()));
            });
            prop_assert!(said.contains(own), "{own:?} is not among {said:?}");
        }
    }

    /// Whatever changed, the list put together from the one in use and the changed shards is the
    /// publisher's, byte for byte.
    #[test]
    fn an_assembled_list_is_the_packed_one(before in list(40), after in list(40)) {
        let current = Shard::open(packed(&before)).unwrap();
        let shards = |entries| DEPARTMENTS.map(|department| shard(entries, department));
        let (old, new) = (shards(&before), shards(&after));
        let changed: Vec<(&str, Option<&Shard>)> = DEPARTMENTS
            .into_iter()
            .zip(old.iter().zip(&new))
            .filter(|(_, (old, new))| read(old) != read(new))
            .map(|(department, (_, new))| (department, (!new.is_empty()).then_some(new)))
            .collect();
        prop_assert_eq!(assemble(&current, &changed), Ok(packed(&after)));
        // The order in which the shards came does not matter, nor one that did not change.
        let all: Vec<(&str, Option<&Shard>)> = DEPARTMENTS.into_iter().zip(new.iter().map(Some)).rev().collect();
        prop_assert_eq!(assemble(&current, &all), Ok(packed(&after)));
    }

    /// No bit makes a panic; what a damaged file says is not asked here: its signature is broken.
    #[test]
    fn a_flipped_bit_never_panics(entries in list(40), at in any::<prop::sample::Index>(), bit in 0..8u8) {
        let mut bytes = packed(&entries);
        *at.get_mut(&mut bytes) ^= 1u8 << bit;
        let Ok(damaged) = Shard::open(bytes) else { return Ok(()) };
        damaged.for_each(|_, _, _| ());
        for own in &entries {
            damaged.matches(&own.host, &Key::of(&own.host).unwrap(), |_, rule| drop(rule.record()));
        }
        let whole = Shard::open(packed(&entries)).unwrap();
        let _ = assemble(&damaged, &[("01", Some(&whole))]);
        let _ = assemble(&whole, &[("01", Some(&damaged))]);
    }
}

#[test]
fn a_shard_that_holds_what_is_not_its_own_is_refused() {
    let own = |host: &str, department: &str| Own {
        host: host.to_owned(),
        scope: Scope::Host,
        path: String::new(),
        organisation: "Mairie".to_owned(),
        purpose: String::new(),
        department: department.to_owned(),
        checked: 1,
    };
    let current = Shard::open(packed(&[own("a.fr", ""), own("b.fr", "01")])).unwrap();
    let foreign = Shard::open(packed(&[own("c.fr", "01"), own("d.fr", "02")])).unwrap();
    assert_eq!(assemble(&current, &[("01", Some(&foreign))]), Err(NotAssembled::Shard("01".to_owned())));
    assert_eq!(assemble(&current, &[("01", None)]), Ok(packed(&[own("a.fr", "")])));
    assert_eq!(assemble(&current, &[]), Ok(packed(&[own("a.fr", ""), own("b.fr", "01")])));
}

#[test]
fn shards_have_their_names() {
    for (department, name) in [("", "national.bin"), ("01", "dep-01.bin"), ("2A", "dep-2a.bin"), ("976", "dep-976.bin")]
    {
        assert_eq!(shard_name(department), name);
        assert_eq!(shard_department(name).as_deref(), Some(department));
    }
    for name in [LIST, REVOCATIONS, PUBLIC_SUFFIXES, "dep-.bin", "dep-01", "01.bin", ""] {
        assert_eq!(shard_department(name), None, "{name}");
    }
}
