//! The four kinds of metadata (TUF §4.3 to §4.6), signed with Ed25519.

use anyhow::{Context, Result, ensure};
use bon_guichet::trust::json::Json;
use bon_guichet::trust::{PUBLISHED, Time};
use ed25519_dalek::pkcs8::DecodePrivateKey;
use ed25519_dalek::{Signer, SigningKey};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::Path;

const SPEC_VERSION: &str = "1.0.33";

/// A key that signs, and the object that names it in metadata.
pub struct Key {
    signing: SigningKey,
    id: String,
}

impl Key {
    /// Reads a private key: PKCS#8 PEM, as `openssl genpkey -algorithm ed25519` writes it.
    pub fn read(file: &Path) -> Result<Self> {
        let pem = std::fs::read_to_string(file).with_context(|| format!("cannot read the key {}", file.display()))?;
        let signing = SigningKey::from_pkcs8_pem(&pem).map_err(|error| {
            anyhow::anyhow!(
                "{} holds no Ed25519 key in PKCS#8 PEM ({error}); make one with `openssl genpkey -algorithm ed25519`",
                file.display()
            )
        })?;
        Ok(signing.into())
    }

    /// What names the key in metadata.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The same key under another id, which metadata may give it.
    #[must_use]
    pub fn named(self, id: &str) -> Self {
        Self { id: id.to_owned(), ..self }
    }

    /// The key's object in metadata.
    pub fn public(&self) -> Json {
        public(&self.signing)
    }
}

impl From<SigningKey> for Key {
    fn from(signing: SigningKey) -> Self {
        Self { id: hex(&Sha256::digest(public(&signing).canonical())), signing }
    }
}

/// The keys of a role and how many of them must sign.
pub struct Role {
    /// Its keys.
    pub keys: Vec<Key>,
    /// How many must sign.
    pub threshold: usize,
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
#[derive(Debug, Clone, Copy)]
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
    signed("root", issue, root_members(roles)?, &[&roles.root])
}

/// The root that follows one with these keys: both have to sign (§5.3.4).
pub fn rotated_root(roles: &Roles, issue: Issue, before: &Role) -> Result<Vec<u8>> {
    signed("root", issue, root_members(roles)?, &[&roles.root, before])
}

fn root_members(roles: &Roles) -> Result<[(&'static str, Json); 3]> {
    let mut keys = BTreeMap::new();
    let mut table = BTreeMap::new();
    for (name, role) in
        [("root", &roles.root), ("targets", &roles.targets), ("snapshot", &roles.online), ("timestamp", &roles.online)]
    {
        keys.extend(public_keys(role));
        table.insert(name.to_owned(), object(keyids(role)?));
    }
    Ok([("consistent_snapshot", Json::Bool(true)), ("keys", object(keys)), ("roles", object(table))])
}

/// The table of contents of a list.
pub fn targets(files: &BTreeMap<String, Vec<u8>>, published: Time, role: &Role, issue: Issue) -> Result<Vec<u8>> {
    let own = [("targets", files_table(files)?), (PUBLISHED, text(&published.to_string()))];
    signed("targets", issue, own, &[role])
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
        keys.extend(public_keys(delegation.role));
        let paths = delegation.paths.iter().map(|path| text(path)).collect();
        let own = [
            ("name", text(&delegation.name)),
            ("paths", Json::List(paths)),
            ("terminating", Json::Bool(delegation.terminating)),
        ];
        roles.push(object(own.into_iter().chain(keyids(delegation.role)?)));
    }
    let delegations = object([("keys", object(keys)), ("roles", Json::List(roles))]);
    let own =
        [("delegations", delegations), ("targets", files_table(files)?), (PUBLISHED, text(&published.to_string()))];
    signed("targets", issue, own, &[role])
}

/// Which version each targets role has (§4.4): by name, without `.json`.
pub fn snapshot(roles: &BTreeMap<String, Made>, role: &Role, issue: Issue) -> Result<Vec<u8>> {
    let mut meta = BTreeMap::new();
    for (name, made) in roles {
        meta.insert(format!("{name}.json"), meta_of(made)?);
    }
    signed("snapshot", issue, [("meta", object(meta))], &[role])
}

/// Which snapshot is the newest (§4.6).
pub fn timestamp(snapshot: &Made, role: &Role, issue: Issue) -> Result<Vec<u8>> {
    signed("timestamp", issue, [("meta", object([("snapshot.json", meta_of(snapshot)?)]))], &[role])
}

/// A metadata file: what is signed, and the signatures of these keys.
pub fn envelope<'k>(signed: Json, keys: impl IntoIterator<Item = &'k Key>) -> Vec<u8> {
    let message = signed.canonical();
    let signature =
        |key: &Key| object([("keyid", text(&key.id)), ("sig", text(&hex(&key.signing.sign(&message).to_bytes())))]);
    let signatures = keys.into_iter().map(signature).collect();
    object([("signatures", Json::List(signatures)), ("signed", signed)]).canonical()
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

fn public_keys(role: &Role) -> impl Iterator<Item = (String, Json)> {
    role.keys.iter().map(|key| (key.id.clone(), key.public()))
}

fn keyids(role: &Role) -> Result<[(&'static str, Json); 2]> {
    let ids = role.keys.iter().map(|key| text(&key.id)).collect();
    Ok([("keyids", Json::List(ids)), ("threshold", Json::Integer(i64::try_from(role.threshold)?))])
}

fn signed<const N: usize>(kind: &str, issue: Issue, own: [(&str, Json); N], roles: &[&Role]) -> Result<Vec<u8>> {
    for role in roles {
        ensure!(role.keys.len() >= role.threshold, "{kind}: {} keys, {} must sign", role.keys.len(), role.threshold);
    }
    let mut members = vec![
        ("_type", text(kind)),
        ("spec_version", text(SPEC_VERSION)),
        ("version", Json::Integer(issue.version.into())),
        ("expires", text(&issue.expires.to_string())),
    ];
    members.extend(own);
    // As many as must, and no more: then damage to any of them is noticed.
    let keys = roles.iter().flat_map(|role| role.keys.iter().take(role.threshold));
    let keys: BTreeMap<&str, &Key> = keys.map(|key| (key.id.as_str(), key)).collect();
    Ok(envelope(object(members), keys.into_values()))
}

fn public(key: &SigningKey) -> Json {
    let value = object([("public", text(&hex(key.verifying_key().as_bytes())))]);
    object([("keytype", text("ed25519")), ("keyval", value), ("scheme", text("ed25519"))])
}

fn object<K: Into<String>>(members: impl IntoIterator<Item = (K, Json)>) -> Json {
    let members: BTreeMap<String, Json> = members.into_iter().map(|(key, value)| (key.into(), value)).collect();
    Json::Object(members.into())
}

fn text(text: &str) -> Json {
    Json::Text(text.to_owned())
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
