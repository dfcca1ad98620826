//! Root and targets metadata (TUF §4.3, §4.5), accepted only with enough good signatures (§4.2.1).

use super::json::Json;
use super::{File, MAX_METADATA, MAX_TARGET, Refusal, Time};
use ed25519_dalek::{Signature, VerifyingKey};

/// Most keys that a root may name, and most files that a targets role may name.
const MAX_KEYS: usize = 64;
const MAX_TARGETS: usize = 1024;

/// The member of targets metadata that says when the list was made.
pub const PUBLISHED: &str = "x-bon-guichet-published";

/// The public halves of `data/keys/development/`, one hexadecimal key a line. The private halves
/// are in the repository, so a list that any of them vouches for proves nothing to a citizen.
const DEVELOPMENT_KEYS: &str = include_str!("../../data/keys/development/public.txt");

/// The keys that may sign for a role, and how many of them must.
#[derive(Debug, Clone)]
pub struct Role {
    /// By keyid.
    keys: Vec<(String, VerifyingKey)>,
    threshold: usize,
}

/// The root of trust.
#[derive(Debug, Clone)]
pub struct Root {
    /// Counts up with each new root.
    pub version: u64,
    /// The last moment at which this root may be used to update.
    pub expires: Time,
    /// One of the public development keys signs for a role.
    pub is_development: bool,
    targets: Role,
}

/// A file of the list, as signed.
#[derive(Debug, Clone)]
pub struct Target {
    /// In bytes.
    pub length: u64,
    /// The file's SHA-256.
    pub sha256: [u8; 32],
}

/// The signed table of contents of a list.
#[derive(Debug, Clone)]
pub struct Targets {
    /// Counts up with each new list.
    pub version: u64,
    /// The last moment at which this list may be used.
    pub expires: Time,
    /// When the publisher made it (`x-bon-guichet-published`, an extension that §4.1 allows).
    pub published: Time,
    /// In order of their names.
    files: Vec<(String, Target)>,
}

impl Root {
    /// Reads a root that is trusted because it came with the product. It must still be signed by
    /// its own keys, so that a damaged one is noticed.
    pub(super) fn open(bytes: &[u8]) -> Result<Self, Refusal> {
        let envelope = Envelope::read(bytes, File::Root, "root")?;
        let own = envelope.role("root")?;
        envelope.require(&own)?;
        let roles = ["root", "timestamp", "snapshot", "targets"];
        let roles = roles.into_iter().map(|name| envelope.role(name)).collect::<Result<Vec<_>, _>>()?;
        let is_development = roles.iter().flat_map(|role| &role.keys).any(|(_, key)| is_development_key(key));
        Ok(Self {
            version: envelope.version()?,
            expires: envelope.expires()?,
            is_development,
            targets: envelope.role("targets")?,
        })
    }
}

impl Targets {
    pub(super) fn open(bytes: &[u8], root: &Root) -> Result<Self, Refusal> {
        let envelope = Envelope::read(bytes, File::Targets, "targets")?;
        envelope.require(&root.targets)?;
        let Some(Json::Object(entries)) = envelope.signed.get("targets") else {
            return Err(envelope.malformed("no \"targets\""));
        };
        if entries.iter().len() > MAX_TARGETS {
            return Err(envelope.malformed("too many targets"));
        }
        let mut files = Vec::new();
        for (name, entry) in entries.iter() {
            if !is_flat_name(name) {
                return Err(envelope.malformed("a target name that is no plain file name"));
            }
            let length = entry.get("length").and_then(Json::unsigned);
            let hash = entry.get("hashes").and_then(|hashes| hashes.get("sha256")).and_then(Json::text);
            let (Some(length), Some(sha256)) = (length, hash.and_then(from_hex)) else {
                return Err(envelope.malformed("a target without length or sha256"));
            };
            if length > MAX_TARGET as u64 {
                return Err(Refusal::TooLong { file: File::Target(name.to_owned()), limit: MAX_TARGET });
            }
            files.push((name.to_owned(), Target { length, sha256 }));
        }
        let published = envelope.signed.get(PUBLISHED).and_then(Json::text).and_then(Time::parse);
        let published =
            published.ok_or_else(|| envelope.malformed("no \"x-bon-guichet-published\" that is a moment"))?;
        Ok(Self { version: envelope.version()?, expires: envelope.expires()?, published, files })
    }

    /// The file of that name.
    pub fn get(&self, name: &str) -> Option<&Target> {
        self.files.iter().find(|(known, _)| known == name).map(|(_, target)| target)
    }

    /// The names of all files.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.files.iter().map(|(name, _)| name.as_str())
    }
}

/// Lower-case letters, digits, `-`, `_` and dots within: no path, on any system.
fn is_flat_name(name: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_.".contains(&byte);
    name.bytes().all(is_plain) && name.starts_with(|first: char| first.is_ascii_alphanumeric())
}

/// A metadata file before it is known who signed it.
struct Envelope {
    file: File,
    signed: Json,
    signatures: Vec<(String, Signature)>,
}

impl Envelope {
    fn read(bytes: &[u8], file: File, wanted_type: &str) -> Result<Self, Refusal> {
        if bytes.len() > MAX_METADATA {
            return Err(Refusal::TooLong { file, limit: MAX_METADATA });
        }
        let malformed = |what: &str| Refusal::Malformed { file: file.clone(), what: what.to_owned() };
        let mut json = Json::parse(bytes).map_err(|what| malformed(&what))?;
        let Json::Object(members) = &mut json else { return Err(malformed("not an object")) };
        let signed = members.remove("signed").ok_or_else(|| malformed("no \"signed\""))?;
        let Some(Json::List(list)) = members.get("signatures") else { return Err(malformed("no \"signatures\"")) };
        let mut signatures = Vec::new();
        let mut seen = Vec::new();
        if list.len() > MAX_KEYS {
            return Err(malformed("too many signatures"));
        }
        for item in list {
            let keyid = item.get("keyid").and_then(Json::text);
            let bytes = item.get("sig").and_then(Json::text);
            let (Some(keyid), Some(bytes)) = (keyid, bytes) else { return Err(malformed("a signature without keyid")) };
            if seen.contains(&keyid) {
                return Err(malformed("two signatures of one keyid"));
            }
            seen.push(keyid);
            // A signature of another scheme is not ours to check, and does not count.
            if let Some(bytes) = from_hex::<64>(bytes) {
                signatures.push((keyid.to_owned(), Signature::from_bytes(&bytes)));
            }
        }
        if signed.get("_type").and_then(Json::text) != Some(wanted_type) {
            return Err(malformed("another \"_type\""));
        }
        if !signed.get("spec_version").and_then(Json::text).is_some_and(|version| version.starts_with("1.")) {
            return Err(malformed("another \"spec_version\" than 1"));
        }
        Ok(Self { file, signed, signatures })
    }

    fn malformed(&self, what: &str) -> Refusal {
        Refusal::Malformed { file: self.file.clone(), what: what.to_owned() }
    }

    fn version(&self) -> Result<u64, Refusal> {
        let version = self.signed.get("version").and_then(Json::unsigned).filter(|&version| version > 0);
        version.ok_or_else(|| self.malformed("no \"version\" above 0"))
    }

    fn expires(&self) -> Result<Time, Refusal> {
        let expires = self.signed.get("expires").and_then(Json::text).and_then(Time::parse);
        expires.ok_or_else(|| self.malformed("no \"expires\" that is a moment"))
    }

    /// The keys and the threshold that a root gives to a role (§4.3).
    fn role(&self, name: &str) -> Result<Role, Refusal> {
        let role = self.signed.get("roles").and_then(|roles| roles.get(name));
        let threshold = role.and_then(|role| role.get("threshold")).and_then(Json::unsigned);
        let Some(Json::List(keyids)) = role.and_then(|role| role.get("keyids")) else {
            return Err(self.malformed("a role without keyids"));
        };
        let threshold = threshold.and_then(|number| usize::try_from(number).ok()).filter(|&number| number > 0);
        let threshold = threshold.ok_or_else(|| self.malformed("a role without a threshold above 0"))?;
        if keyids.len() > MAX_KEYS {
            return Err(self.malformed("too many keys"));
        }
        let mut keys = Vec::new();
        let mut seen = Vec::new();
        for keyid in keyids.iter().filter_map(Json::text) {
            if seen.contains(&keyid) {
                return Err(self.malformed("a keyid that stands twice in a role"));
            }
            seen.push(keyid);
            // A key of another scheme is not ours to use, and never counts.
            if let Some(key) = self.signed.get("keys").and_then(|keys| keys.get(keyid)).and_then(ed25519_key) {
                keys.push((keyid.to_owned(), key));
            }
        }
        Ok(Role { keys, threshold })
    }

    /// Refuses unless enough distinct keys of the role have signed. Keys are counted, not keyids:
    /// one key under two ids is one voice.
    fn require(&self, role: &Role) -> Result<(), Refusal> {
        let message = self.signed.canonical();
        let mut good: Vec<&VerifyingKey> = Vec::new();
        for (keyid, signature) in &self.signatures {
            if let Some((_, key)) = role.keys.iter().find(|(known, _)| known == keyid)
                && !good.contains(&key)
                && key.verify_strict(&message, signature).is_ok()
            {
                good.push(key);
            }
        }
        if good.len() < role.threshold {
            return Err(Refusal::Threshold { file: self.file.clone(), good: good.len(), needed: role.threshold });
        }
        Ok(())
    }
}

fn ed25519_key(key: &Json) -> Option<VerifyingKey> {
    let is = |name: &str| key.get(name).and_then(Json::text) == Some("ed25519");
    let public = key.get("keyval")?.get("public")?.text()?;
    (is("keytype") && is("scheme")).then_some(())?;
    VerifyingKey::from_bytes(&from_hex(public)?).ok()
}

fn is_development_key(key: &VerifyingKey) -> bool {
    DEVELOPMENT_KEYS.lines().filter_map(from_hex::<32>).any(|known| known == key.to_bytes())
}

/// Bytes from hexadecimal digits, lower case, of exactly that many: one writing for each key.
fn from_hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    if text.len() != 2 * N || !text.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f')) {
        return None;
    }
    for (position, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * position..2 * position + 2)?, 16).ok()?;
    }
    Some(bytes)
}
