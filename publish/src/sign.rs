//! The four kinds of metadata (TUF §4.3 to §4.6), and their signatures.

use crate::keys::Key;
use crate::root::{Holders, RootModel};
use anyhow::{Context, Result, ensure};
use bon_guichet::trust::json::{Json, Members};
use bon_guichet::trust::{PUBLISHED, Time};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

const SPEC_VERSION: &str = "1.0.33";

/// The keys of a role and how many of them must sign.
pub struct Role {
    /// Its keys.
    pub keys: Vec<Key>,
    /// How many must sign.
    pub threshold: usize,
}

impl Role {
    /// Their public halves.
    pub fn holders(&self) -> Holders {
        Holders { keys: self.keys.iter().map(|key| key.public().clone()).collect(), threshold: self.threshold }
    }
}

/// The four roles of a repository.
pub struct Roles {
    /// Signs the root itself.
    pub root: Role,
    /// Signs the list.
    pub targets: Role,
    /// Signs snapshot and timestamp.
    pub online: Role,
}

/// Number and last moment of a metadata file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Issue {
    /// Counts up from 1.
    pub version: u32,
    /// The last moment at which it is good.
    pub expires: Time,
}

/// A part of the list that another role signs (§4.5).
pub struct Delegation<'r> {
    /// The delegated role's name.
    pub name: String,
    /// Who signs it.
    pub role: &'r Role,
    /// Patterns of the paths it is trusted with.
    pub paths: Vec<String>,
    /// What it does not have, no later role is asked for.
    pub terminating: bool,
}

/// A metadata file that was made, as the next one names it.
#[derive(Debug, Clone)]
pub struct Made {
    /// Its version.
    pub version: u32,
    /// The whole file.
    pub bytes: Vec<u8>,
}

/// The root, signed by its own keys.
pub fn root(roles: &Roles, issue: Issue) -> Result<Vec<u8>> {
    by(&[&roles.root], RootModel::of(roles, issue).content()?)
}

/// The root that follows one with these keys: both have to sign (§5.3.4).
pub fn rotated_root(roles: &Roles, issue: Issue, before: &Role) -> Result<Vec<u8>> {
    by(&[&roles.root, before], RootModel::of(roles, issue).content()?)
}

/// The table of contents of a list.
pub fn targets(files: &BTreeMap<String, Vec<u8>>, published: Time, role: &Role, issue: Issue) -> Result<Vec<u8>> {
    by(&[role], targets_content(files, published, issue)?)
}

/// What the table of contents of a list says, before anybody signed it.
pub fn targets_content(files: &BTreeMap<String, Vec<u8>>, published: Time, issue: Issue) -> Result<Json> {
    let own = [("targets", files_table(files)?), (PUBLISHED, text(&published.to_string()))];
    Ok(content("targets", issue, own))
}

/// The table of contents of a list that other roles hold a part of.
pub fn delegating_targets(
    files: &BTreeMap<String, Vec<u8>>,
    delegations: &[Delegation],
    published: Time,
    role: &Role,
    issue: Issue,
) -> Result<Vec<u8>> {
    let mut keys = BTreeMap::new();
    let mut roles = Vec::new();
    for delegation in delegations {
        let holders = delegation.role.holders();
        keys.extend(holders.keys_table());
        let paths = delegation.paths.iter().map(|path| text(path)).collect();
        let own = [
            ("name", text(&delegation.name)),
            ("paths", Json::List(paths)),
            ("terminating", Json::Bool(delegation.terminating)),
        ];
        roles.push(object(own.into_iter().chain(holders.members()?)));
    }
    let delegations = object([("keys", object(keys)), ("roles", Json::List(roles))]);
    let own =
        [("delegations", delegations), ("targets", files_table(files)?), (PUBLISHED, text(&published.to_string()))];
    by(&[role], content("targets", issue, own))
}

/// Which version each targets role has (§4.4): by name, without `.json`.
pub fn snapshot(roles: &BTreeMap<String, Made>, role: &Role, issue: Issue) -> Result<Vec<u8>> {
    let mut meta = BTreeMap::new();
    for (name, made) in roles {
        meta.insert(format!("{name}.json"), meta_of(made)?);
    }
    by(&[role], content("snapshot", issue, [("meta", object(meta))]))
}

/// Which snapshot is the newest (§4.6).
pub fn timestamp(snapshot: &Made, role: &Role, issue: Issue) -> Result<Vec<u8>> {
    by(&[role], content("timestamp", issue, [("meta", object([("snapshot.json", meta_of(snapshot)?)]))]))
}

/// What every metadata file says of itself, and what is its own.
pub(crate) fn content<const N: usize>(kind: &str, issue: Issue, own: [(&str, Json); N]) -> Json {
    let common = [
        ("_type", text(kind)),
        ("spec_version", text(SPEC_VERSION)),
        ("version", Json::Integer(issue.version.into())),
        ("expires", text(&issue.expires.to_string())),
    ];
    object(common.into_iter().chain(own))
}

/// Signed by as many keys of each role as must, and no more: then damage to any of them is noticed.
fn by(roles: &[&Role], signed: Json) -> Result<Vec<u8>> {
    let kind = signed.get("_type").and_then(Json::text).unwrap_or_default();
    for role in roles {
        ensure!(role.keys.len() >= role.threshold, "{kind}: {} keys, {} must sign", role.keys.len(), role.threshold);
    }
    let keys = roles.iter().flat_map(|role| role.keys.iter().take(role.threshold));
    let keys: BTreeMap<&str, &Key> = keys.map(|key| (key.id(), key)).collect();
    Ok(envelope(signed, keys.into_values()))
}

/// A metadata file: what is signed, and the signatures of these keys.
pub fn envelope<'k>(signed: Json, keys: impl IntoIterator<Item = &'k Key>) -> Vec<u8> {
    let message = signed.canonical();
    let signatures = keys.into_iter().map(|key| signature(key, &message)).collect();
    object([("signatures", Json::List(signatures)), ("signed", signed)]).canonical()
}

/// A metadata file with one more signature, in place of an earlier one of the same key.
pub fn add_signature(file: &[u8], key: &Key) -> Result<Vec<u8>> {
    let (signed, signatures) = parts(file)?;
    let others = signatures.into_iter().filter(|it| it.get("keyid").and_then(Json::text) != Some(key.id()));
    let signatures = others.chain([signature(key, &signed.canonical())]).collect();
    Ok(object([("signatures", Json::List(signatures)), ("signed", signed)]).canonical())
}

/// What a metadata file says, and the signatures below it, whether they are good or not.
pub fn parts(file: &[u8]) -> Result<(Json, Vec<Json>)> {
    let parsed = Json::parse(file).map_err(|what| anyhow::anyhow!("no metadata: {what}"))?;
    let Json::Object(mut members) = parsed else { anyhow::bail!("no metadata: not an object") };
    let mut take =
        |name: &str| Members::remove(&mut members, name).with_context(|| format!("no metadata: no {name:?}"));
    let (signed, signatures) = (take("signed")?, take("signatures")?);
    let Json::List(signatures) = signatures else { anyhow::bail!("no metadata: \"signatures\" is no list") };
    Ok((signed, signatures))
}

fn signature(key: &Key, message: &[u8]) -> Json {
    object([("keyid", text(key.id())), ("sig", text(&key.sign(message)))])
}

/// A SHA-256 as metadata and file names write it.
pub fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn files_table(files: &BTreeMap<String, Vec<u8>>) -> Result<Json> {
    let mut table = BTreeMap::new();
    for (name, bytes) in files {
        table.insert(name.clone(), object(length_and_hash(bytes)?));
    }
    Ok(object(table))
}

fn meta_of(made: &Made) -> Result<Json> {
    let version = ("version", Json::Integer(made.version.into()));
    Ok(object(length_and_hash(&made.bytes)?.into_iter().chain([version])))
}

fn length_and_hash(bytes: &[u8]) -> Result<[(&'static str, Json); 2]> {
    let hashes = object([("sha256", text(&sha256(bytes)))]);
    Ok([("hashes", hashes), ("length", Json::Integer(i64::try_from(bytes.len())?))])
}

pub(crate) fn object<K: Into<String>>(members: impl IntoIterator<Item = (K, Json)>) -> Json {
    Json::Object(members.into_iter().map(|(key, value)| (key.into(), value)).collect())
}

pub(crate) fn text(text: &str) -> Json {
    Json::Text(text.to_owned())
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
