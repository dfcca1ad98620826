//! A list that a client puts together from the shards that changed.

use crate::lists::{self, Files};
use bon_guichet::list::{
    LIST, PUBLIC_SUFFIXES, REVOCATIONS, Shard, SignedList, assemble, shard_department, shard_name,
};
use bon_guichet::trust::Hashed;
use publish::pack;
use publish::reviewed::Site;
use std::collections::BTreeSet;

const DEPARTMENTS: [&str; 5] = ["", "01", "2A", "33", "976"];

/// The sites of `tests/lists/small`, each in one of five shards.
fn sites() -> Vec<Site> {
    let mut sites = lists::reviewed("small").sites;
    for (site, department) in sites.iter_mut().zip(DEPARTMENTS.iter().cycle()) {
        (*department).clone_into(&mut site.department);
    }
    sites
}

fn published(sites: &[Site]) -> (Files, SignedList) {
    let mut files = pack::sites(sites).unwrap();
    files.insert(REVOCATIONS.to_owned(), pack::revocations(&lists::reviewed("small").revocations).unwrap());
    files.insert(PUBLIC_SUFFIXES.to_owned(), lists::SUFFIXES.clone());
    let files = lists::signed(files);
    let list = lists::open(&files).unwrap();
    (files, list)
}

/// What it is, what it does, and whose shards it changes.
type Change = (&'static str, fn(&mut Vec<Site>), &'static [&'static str]);

/// What a client puts together after it fetched the shards that changed, and which those were.
fn updated(before: &Files, current: &SignedList, after: &Files, next: &SignedList) -> (Vec<String>, Vec<u8>) {
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let changed = names.into_iter().filter(|name| before.get(*name) != after.get(*name));
    let changed: Vec<String> = changed.filter_map(|name| shard_department(name)).collect();
    let fetch = |department: &String| {
        let name = shard_name(department);
        let bytes = after.get(&name)?.clone();
        Some(Shard::open(next.trusted.verify(&name, Hashed::new(bytes)).unwrap()).unwrap())
    };
    let shards: Vec<Option<Shard>> = changed.iter().map(fetch).collect();
    let pairs: Vec<(&str, Option<&Shard>)> =
        changed.iter().zip(&shards).map(|(department, shard)| (department.as_str(), shard.as_ref())).collect();
    let bytes = assemble(current.list.sites().unwrap(), &pairs).unwrap();
    (changed, next.trusted.verify(LIST, Hashed::new(bytes)).unwrap())
}

#[test]
fn only_what_changed_is_fetched() {
    let before = sites();
    let changes: [Change; 5] = [
        ("nothing", |_| (), &[]),
        ("a telephone", |sites| sites[1].telephone = "3939".to_owned(), &["01"]),
        ("a site moves", |sites| sites[2].department = "33".to_owned(), &["2A", "33"]),
        ("a site goes", |sites| drop(sites.remove(5)), &[""]),
        ("a département goes", |sites| sites.retain(|site| site.department != "976"), &["976"]),
    ];
    let (old, current) = published(&before);
    for (what, change, wanted) in changes {
        let mut after = before.clone();
        change(&mut after);
        let (files, next) = published(&after);
        let (fetched, bytes) = updated(&old, &current, &files, &next);
        assert_eq!(
            fetched.iter().map(String::as_str).collect::<BTreeSet<_>>(),
            wanted.iter().copied().collect(),
            "{what}"
        );
        assert_eq!(bytes, files[LIST], "{what}");
    }
}
