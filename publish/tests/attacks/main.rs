//! Walks `tests/attacks/`: each folder is a script of what a repository serves, step by step, and
//! of what the updater says to it. A new attack is a new folder; `tests/attacks/README.md` says
//! what a script may hold.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod script;

mod client;
mod repository;
mod transcript;

mod hostile;
mod properties;

#[path = "../../../fuzz/properties/answers.rs"]
mod answers;
#[path = "../../../fuzz/properties/canonical.rs"]
mod canonical;
#[path = "../../../fuzz/properties/metadata.rs"]
mod metadata;

mod corpus;

use client::Client;
use repository::Repository;
use script::Script;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Fewer folders than this, and some were lost.
const AT_LEAST: usize = 40;

fn folders() -> Vec<PathBuf> {
    let attacks = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/attacks");
    let entries = std::fs::read_dir(attacks).unwrap().map(|entry| entry.unwrap().path());
    let mut folders: Vec<PathBuf> = entries.filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

#[test]
fn every_attack_ends_as_its_script_says() {
    let mut failures = Vec::new();
    let folders = folders();
    assert!(folders.len() >= AT_LEAST, "only {} attacks", folders.len());
    for folder in &folders {
        let name = folder.file_name().unwrap().to_string_lossy();
        match run(&folder.join("steps.toml")) {
            Ok(runs) => transcribe(&name, runs),
            Err(failure) => failures.push(format!("{name}: {failure}")),
        }
    }
    assert!(failures.is_empty(), "{} of {}:\n{}", failures.len(), folders.len(), failures.join("\n"));
    println!("{} attacks", folders.len());
}

/// Into the folder that the environment names, for `tests/wasm/attacks.test.mjs`.
fn transcribe(name: &str, runs: Vec<Value>) {
    if let Some(folder) = std::env::var_os("TRANSCRIPTS") {
        std::fs::write(Path::new(&folder).join(format!("{name}.json")), Value::Array(runs).to_string()).unwrap();
    }
}

/// An attack that is met with success only is none: only what is marked so may have no refusal.
#[test]
fn every_attack_says_what_it_is_and_is_refused_somewhere() {
    for folder in folders() {
        let script = Script::read(&folder.join("steps.toml")).unwrap();
        assert!(script.about.ends_with('.'), "{}: say in a sentence what is tried", folder.display());
        let looks = script.step.iter().flat_map(|step| step.then.iter().map(|look| &look.expect));
        let refused = script.step.iter().filter_map(|step| step.expect.as_ref()).chain(looks).any(|said| said != "ok");
        assert_eq!(refused, !script.harmless, "{}: refused somewhere, or `harmless = true`", folder.display());
    }
}

fn run(file: &Path) -> Result<Vec<Value>, String> {
    let script = Script::read(file)?;
    let mut repository = Repository::new();
    let mut client = Client::new(&repository);
    for (number, step) in script.step.iter().enumerate() {
        let in_step = |what: String| format!("step {}: {what}", number + 1);
        repository.apply(step).map_err(in_step)?;
        client.apply(step, &repository).map_err(in_step)?;
        let Some(first) = &step.expect else { continue };
        let wanted = std::iter::once(first).chain(step.then.iter().map(|look| &look.expect));
        let said = client.run(step, &repository);
        for (wanted, said) in wanted.zip(&said) {
            if said != wanted && !(wanted.ends_with('…') && said.starts_with(wanted.trim_end_matches('…'))) {
                return Err(in_step(format!("wanted {wanted:?}, found {said:?}")));
            }
        }
        let stored: BTreeMap<String, u64> = client.stored();
        for (name, version) in &step.stored {
            let found = stored.get(name).copied().unwrap_or_default();
            if found != *version {
                return Err(in_step(format!("{name} is stored as version {found}, not {version}")));
            }
        }
    }
    Ok(client.runs)
}
