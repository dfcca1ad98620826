//! The seeds of `fuzz/`, through the properties that are fuzzed, so that neither can rot.

use crate::{answers, canonical, metadata};
use std::collections::BTreeSet;
use std::path::Path;

fn seeds(target: &str) -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/seeds").join(target);
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files.map(|file| (file.file_name().unwrap().display().to_string(), std::fs::read(file).unwrap())).collect()
}

#[test]
fn canonical_json() {
    let read: BTreeSet<String> =
        seeds("canonical").into_iter().filter(|(_, seed)| canonical::holds(seed)).map(|(name, _)| name).collect();
    assert_eq!(read, ["all", "deep", "numbers", "spaces"].map(str::to_owned).into());
}

#[test]
fn signed_metadata() {
    let mut accepted = BTreeSet::new();
    let mut refused = BTreeSet::new();
    for (name, seed) in seeds("metadata") {
        let (role, is_accepted) = metadata::holds(&seed).unwrap_or_else(|| panic!("{name}: no role has its letter"));
        if is_accepted {
            accepted.insert(role)
        } else {
            refused.insert(name)
        };
    }
    assert_eq!(accepted, ["regions", "root", "snapshot", "targets", "timestamp"].into());
    assert_eq!(refused, ["expired", "page"].map(str::to_owned).into());
}

#[test]
fn hostile_answers() {
    let reached: Vec<_> = seeds("answers").iter().map(|(_, seed)| answers::holds(seed)).collect();
    assert!(reached.iter().any(|reached| reached.taken > 2), "no seed gets to targets: {reached:?}");
    assert!(reached.iter().any(|reached| reached.refreshed > 0 && reached.refused > 0), "{reached:?}");
}
