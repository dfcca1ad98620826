//! Signatures and refreshes in the shipped module, beside Web Cryptography and tuf-js; and what
//! trust takes of the module.

use super::node::{number, script};
use super::table::{Group, Row, Unit};
use crate::build::{self, Target};
use crate::paths;
use anyhow::{Context, Result};
use bon_guichet::list::{LIST, ROOT, TARGETS};
use bon_guichet::trust::Time;
use publish::keys::Key;
use publish::repository::{Release, Repository};
use publish::sign::{self, Issue, Made, Role, Roles};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

pub fn measure() -> Result<Vec<Group>> {
    let folder = super::folder()?.join("trust");
    write_repositories(&folder)?;
    let package = Target::Chrome.folder();
    let found = script("trust.mjs", [package.as_os_str(), folder.as_os_str()])?;
    let number = |name: &str| number(&found, name);
    let unit = Unit::Nanoseconds;
    let (one, two) = (number("open_1")?, number("open_2")?);
    let (one_tufjs, two_tufjs) = (number("tufjs_1")?, number("tufjs_2")?);
    let (same, fresh) = (number("same")?, number("fresh")?);
    let milliseconds = Unit::Milliseconds;
    Ok(vec![
        Group {
            title: "A signature of Ed25519 over a root, in Node".to_owned(),
            rows: vec![
                Row::ours("one more signature", two - one, unit),
                Row::reference("Web Cryptography (native code), verify alone", number("webcrypto")?, unit, two - one),
                Row::reference("tuf-js (node:crypto), one more signature", two_tufjs - one_tufjs, unit, two - one),
                Row::ours("the root read, and its one signature", one, unit),
                Row::reference("tuf-js, the same", one_tufjs, unit, one),
            ],
        },
        Group {
            title: "A refresh, files on disk, in Node".to_owned(),
            rows: vec![
                Row::ours("nothing is new", same, milliseconds),
                Row::reference("tuf-js, nothing is new", number("same_tufjs")?, milliseconds, same),
                Row::ours("a new list, taken", fresh, milliseconds),
                Row::reference("tuf-js, a new list, taken", number("fresh_tufjs")?, milliseconds, fresh),
            ],
        },
        share(&package)?,
    ])
}

/// The whole of trust in a program that does nothing else, less the same program without it: more
/// than it takes in the module, where the allocator and the formatting of text are there anyway.
fn share(package: &Path) -> Result<Group> {
    let size = |name: &str| super::size::of(&build::share(name)?);
    let whole = super::size::of(&package.join("wasm/core_bg.wasm"))?;
    let (with, without) = (size("whole")?, size("nothing")?);
    Ok(Group {
        title: "Trust's share of the module".to_owned(),
        rows: vec![
            Row::ours("trust alone, optimised as the module is", with - without, Unit::Bytes).at_most(115_000.0),
            Row::reference("core_bg.wasm", whole, Unit::Bytes, with - without),
        ],
    })
}

/// Two versions of the packaged list, of which one file has changed; and a root that one key must
/// sign, and one that two must.
fn write_repositories(folder: &Path) -> Result<()> {
    let key = |seed: u8| -> Key { ed25519_dalek::SigningKey::from_bytes(&[seed; 32]).into() };
    let role = |seeds: &[u8], threshold| Role { keys: seeds.iter().map(|&seed| key(seed)).collect(), threshold };
    let roles = |threshold| Roles { root: role(&[1, 2], threshold), targets: role(&[3, 4], 2), online: role(&[5], 1) };
    let far = Time::parse("2099-11-22T00:00:00Z").context("a moment")?;
    let issue = |version| Issue { version, expires: far };
    fs::create_dir_all(folder)?;
    for threshold in [1, 2] {
        fs::write(folder.join(format!("root-{threshold}.json")), sign::root(&roles(threshold), issue(1))?)?;
    }
    let roles = roles(2);
    let mut repository = Repository::default();
    repository.add_root(Made { version: 1, bytes: sign::root(&roles, issue(1))? });
    let mut files = packaged_files()?;
    for (version, name) in [(1, "before"), (2, "after")] {
        let [targets, snapshot, timestamp] = [issue(version); 3];
        let (files_now, delegated) = (files.clone(), Vec::new());
        repository
            .add(&roles, Release { files: files_now, delegated, published: far, targets, snapshot, timestamp })?;
        repository.write(&folder.join(name))?;
        files.get_mut(LIST).context("no list")?.push(0);
    }
    Ok(())
}

fn packaged_files() -> Result<BTreeMap<String, Vec<u8>>> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(paths::list())? {
        let path: PathBuf = entry?.path();
        let name = path.file_name().context("an entry without a name")?.to_string_lossy().into_owned();
        if name != ROOT && name != TARGETS {
            files.insert(name, fs::read(path)?);
        }
    }
    Ok(files)
}
