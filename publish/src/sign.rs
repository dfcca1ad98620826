//! Root and targets metadata (TUF §4.3, §4.5), signed with Ed25519.

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
        Ok(Self { id: hex(&Sha256::digest(public(&signing).canonical())), signing })
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

/// The root, signed by its own keys.
pub fn root(roles: &Roles, issue: Issue) -> Result<Vec<u8>> {
    let mut keys = BTreeMap::new();
    let mut table = BTreeMap::new();
    for (name, role) in
        [("root", &roles.root), ("targets", &roles.targets), ("snapshot", &roles.online), ("timestamp", &roles.online)]
    {
        let ids = role.keys.iter().map(|key| text(&key.id)).collect();
        keys.extend(role.keys.iter().map(|key| (key.id.clone(), public(&key.signing))));
        let threshold = Json::Integer(i64::try_from(role.threshold)?);
        table.insert(name.to_owned(), object([("keyids", Json::List(ids)), ("threshold", threshold)]));
    }
    let own = [("consistent_snapshot", Json::Bool(true)), ("keys", object(keys)), ("roles", object(table))];
    signed("root", issue, own, &roles.root)
}

/// The table of contents of a list.
pub fn targets(files: &BTreeMap<String, Vec<u8>>, published: Time, role: &Role, issue: Issue) -> Result<Vec<u8>> {
    let mut table = BTreeMap::new();
    for (name, bytes) in files {
        let hashes = object([("sha256", text(&hex(&Sha256::digest(bytes))))]);
        let length = Json::Integer(i64::try_from(bytes.len())?);
        table.insert(name.clone(), object([("hashes", hashes), ("length", length)]));
    }
    signed("targets", issue, [("targets", object(table)), (PUBLISHED, text(&published.to_string()))], role)
}

fn signed<const N: usize>(kind: &str, issue: Issue, own: [(&str, Json); N], role: &Role) -> Result<Vec<u8>> {
    ensure!(role.keys.len() >= role.threshold, "{kind}: {} keys, {} must sign", role.keys.len(), role.threshold);
    let mut members = vec![
        ("_type", text(kind)),
        ("spec_version", text(SPEC_VERSION)),
        ("version", Json::Integer(issue.version.into())),
        ("expires", text(&issue.expires.to_string())),
    ];
    members.extend(own);
    let signed = object(members);
    let message = signed.canonical();
    // As many as must, and no more: then damage to any of them is noticed.
    let signatures = role
        .keys
        .iter()
        .take(role.threshold)
        .map(|key| object([("keyid", text(&key.id)), ("sig", text(&hex(&key.signing.sign(&message).to_bytes())))]));
    Ok(object([("signatures", Json::List(signatures.collect())), ("signed", signed)]).canonical())
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
