//! The text of an attack.

use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Script {
    /// What is tried, in a sentence.
    pub about: String,
    /// Nothing is refused: without such scripts, an updater that refuses everything would pass.
    #[serde(default)]
    pub harmless: bool,
    pub step: Vec<Step>,
}

/// What happens, in the order of the fields.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub struct Step {
    // The repository's model.
    /// The keys of a role, in the root or in its delegation, and from now on its signers.
    pub keys: BTreeMap<String, Vec<String>>,
    /// Who signs a role from now on, whatever its keys are.
    pub sign: BTreeMap<String, Vec<String>>,
    pub delegate: Vec<Delegate>,
    /// Role, path, content.
    pub add: BTreeMap<String, BTreeMap<String, String>>,
    /// Whether versions and hashes stand in names, from now on; the root says so when published.
    pub consistent: Option<bool>,
    /// Signed anew with the next version, and served, in this order.
    pub publish: Vec<String>,
    /// What is changed in a role as it is published: `role/pointer`, value; null takes out.
    pub set: BTreeMap<String, Value>,

    // What is served.
    pub tamper: Vec<Tamper>,

    // The client.
    /// The root that the product came with.
    pub packaged_root: Option<String>,
    /// The targets version that the product came with.
    pub floor: Option<u64>,
    /// Files that its storage loses.
    pub lose: Vec<String>,
    pub now: Option<String>,
    /// The clock of this step, for a client that remembers no greater time.
    pub clock: Option<String>,
    /// Roots in a refresh, and roles for a target.
    pub max_roots: Option<usize>,
    pub max_roles: Option<usize>,
    /// A target to be fetched after the refresh.
    pub find: Option<String>,
    /// Its content.
    pub gives: Option<String>,
    /// `ok`, or the refusal's words; `…` at the end for any rest.
    pub expect: Option<String>,
    /// Targets to be fetched afterwards, by the same updater.
    pub then: Vec<Look>,
    /// Versions that must be stored afterwards; 0 for none.
    pub stored: BTreeMap<String, u64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Look {
    pub find: String,
    pub gives: Option<String>,
    pub expect: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Delegate {
    pub from: String,
    pub name: String,
    pub keys: Vec<String>,
    #[serde(default)]
    pub paths: Vec<String>,
    /// In place of `paths`.
    #[serde(default)]
    pub path_hash_prefixes: Vec<String>,
    #[serde(default)]
    pub terminating: bool,
}

/// A change to a served file: exactly one of the fields beside `file`.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub struct Tamper {
    /// `timestamp.json`, `2.root.json`, `target:PATH`.
    pub file: String,
    /// Not there.
    pub drop: bool,
    /// Other bytes.
    pub text: Option<String>,
    /// That many spaces after it.
    pub pad: Option<usize>,
    /// Cut to that many bytes.
    pub truncate: Option<usize>,
    /// The first `from` becomes `to`.
    pub replace: Option<[String; 2]>,
    /// The bytes of another file, or of an earlier version of this one (`timestamp.json@1`).
    pub copy: Option<String>,
    /// The first signature once more.
    pub repeat_signature: bool,
    /// Pretty-printed.
    pub spaced: bool,
}

impl Script {
    pub fn read(file: &Path) -> Result<Self, String> {
        let text = std::fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
        toml::from_str(&text).map_err(|error| format!("{}: {error}", file.display()))
    }
}
