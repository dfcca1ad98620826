//! The four kinds of metadata (TUF §4.3 to §4.6), each accepted only with enough good signatures.

use super::delegation::Delegation;
use super::digest::{self, Hashes};
use super::envelope::{Envelope, Role};
use super::json::{Json, Members};
use super::{File, MAX_TARGET, Refusal, Time, name};

/// Most files that a targets role may name.
const MAX_TARGETS: usize = 1024;

/// The member of targets metadata that says when the list was made.
pub const PUBLISHED: &str = "x-bon-guichet-published";

/// The root of trust (§4.3).
#[derive(Debug, Clone)]
pub struct Root {
    /// Counts up with each new root.
    pub version: u64,
    /// The last moment at which this root may be used to update.
    pub expires: Time,
    /// One of the public development keys signs for a role.
    pub is_development: bool,
    /// Files of the repository carry their version or hash in their names.
    pub(super) consistent_snapshot: bool,
    own: Role,
    pub(super) timestamp: Role,
    pub(super) snapshot: Role,
    pub(super) targets: Role,
}

impl Root {
    /// Reads a root that is trusted because it came with the product (§5.3.1). It must still be
    /// signed by its own keys, so that a damaged one is noticed.
    pub fn open(bytes: &[u8]) -> Result<Self, Refusal> {
        let envelope = Envelope::read(bytes, File::Root)?;
        let role = |name: &str| {
            let role = envelope.signed.get("roles").and_then(|roles| roles.get(name));
            Role::read(role, envelope.signed.get("keys")).map_err(|what| envelope.malformed(what))
        };
        let own = role("root")?;
        envelope.require(&own)?;
        let (timestamp, snapshot, targets) = (role("timestamp")?, role("snapshot")?, role("targets")?);
        let consistent_snapshot = match envelope.signed.get("consistent_snapshot") {
            None => false,
            Some(Json::Bool(given)) => *given,
            Some(_) => return Err(envelope.malformed("\"consistent_snapshot\" is neither true nor false")),
        };
        let is_development = [&own, &timestamp, &snapshot, &targets].into_iter().any(Role::has_development_key);
        Ok(Self {
            version: envelope.version()?,
            expires: envelope.expires()?,
            is_development,
            consistent_snapshot,
            own,
            timestamp,
            snapshot,
            targets,
        })
    }

    /// Accepts the root that follows this one: signed by the keys of both, and the very next
    /// version (§5.3.4, §5.3.5). Its expiry is no reason to refuse: only the last root's counts.
    pub fn rotate(&self, bytes: &[u8]) -> Result<Self, Refusal> {
        Envelope::read(bytes, File::Root)?.require(&self.own)?;
        let next = Self::open(bytes)?;
        let wanted = self.version.saturating_add(1);
        if next.version != wanted {
            return Err(Refusal::Version { file: File::Root, wanted, found: next.version });
        }
        Ok(next)
    }
}

/// What one metadata file says of another (`METAFILES` in §4.4).
#[derive(Debug, Clone)]
pub(super) struct Meta {
    pub(super) version: u64,
    pub(super) length: Option<u64>,
    hashes: Option<Hashes>,
}

impl Meta {
    fn read(entry: &Json) -> Option<Self> {
        let version = entry.get("version").and_then(Json::unsigned).filter(|&version| version > 0)?;
        let length = match entry.get("length") {
            Some(length) => Some(length.unsigned()?),
            None => None,
        };
        let hashes = match entry.get("hashes") {
            Some(hashes) => Some(Hashes::read(hashes)?),
            None => None,
        };
        Some(Self { version, length, hashes })
    }

    /// Length and hashes, before anything of the file is read.
    pub(super) fn check(&self, bytes: &[u8], file: File) -> Result<(), Refusal> {
        digest::check(bytes, self.length, self.hashes.as_ref(), file)
    }

    /// The version, once the file is known to be the role's.
    pub(super) fn check_version(&self, found: u64, file: File) -> Result<(), Refusal> {
        if found == self.version {
            return Ok(());
        }
        Err(Refusal::Version { file, wanted: self.version, found })
    }
}

/// Which snapshot is the newest (§4.6).
#[derive(Debug, Clone)]
pub(super) struct Timestamp {
    pub(super) version: u64,
    pub(super) expires: Time,
    pub(super) snapshot: Meta,
}

impl Timestamp {
    pub(super) fn open(bytes: &[u8], role: &Role) -> Result<Self, Refusal> {
        let envelope = Envelope::read(bytes, File::Timestamp)?;
        envelope.require(role)?;
        let meta = members(&envelope, "meta")?;
        let snapshot = meta.get("snapshot.json").and_then(Meta::read);
        let snapshot = snapshot.ok_or_else(|| envelope.malformed("no snapshot with version and known hashes"))?;
        Ok(Self { version: envelope.version()?, expires: envelope.expires()?, snapshot })
    }
}

/// Which version each targets role has (§4.4).
#[derive(Debug, Clone)]
pub(super) struct Snapshot {
    pub(super) version: u64,
    pub(super) expires: Time,
    /// In order of their names, which end in `.json`.
    roles: Vec<(String, Meta)>,
}

impl Snapshot {
    pub(super) fn open(bytes: &[u8], role: &Role) -> Result<Self, Refusal> {
        let envelope = Envelope::read(bytes, File::Snapshot)?;
        envelope.require(role)?;
        let mut roles = Vec::new();
        for (name, entry) in members(&envelope, "meta")?.iter() {
            let meta = name.strip_suffix(".json").and_then(|_| Meta::read(entry));
            let meta = meta.ok_or_else(|| envelope.malformed("a role without version or known hashes"))?;
            roles.push((name.to_owned(), meta));
        }
        Ok(Self { version: envelope.version()?, expires: envelope.expires()?, roles })
    }

    /// What it says of a targets role's file; a role that it does not name may not be used.
    pub(super) fn get(&self, file: &File) -> Result<&Meta, Refusal> {
        self.named(&name::unescaped(file)).ok_or_else(|| Refusal::NotInSnapshot(file.clone()))
    }

    pub(super) fn named(&self, name: &str) -> Option<&Meta> {
        let position = self.roles.binary_search_by(|(known, _)| known.as_str().cmp(name)).ok()?;
        self.roles.get(position).map(|(_, meta)| meta)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &Meta)> {
        self.roles.iter().map(|(name, meta)| (name.as_str(), meta))
    }
}

/// A file of the list, as signed.
#[derive(Debug, Clone)]
pub struct Target {
    /// In bytes.
    pub length: u64,
    /// Of its bytes.
    pub(super) hashes: Hashes,
}

impl Target {
    /// The SHA-256 of its bytes in hexadecimal, as signed; the SHA-512 where that alone was signed.
    pub fn digest(&self) -> String {
        self.hashes.prefix()
    }

    /// Accepts bytes that have the signed length and hashes (§5.7.3).
    pub(super) fn check(&self, bytes: &[u8], file: File) -> Result<(), Refusal> {
        digest::check(bytes, Some(self.length), Some(&self.hashes), file)
    }
}

/// The signed table of contents of a list (§4.5).
#[derive(Debug, Clone)]
pub struct Targets {
    /// Counts up with each new list.
    pub version: u64,
    /// The last moment at which this list may be used.
    pub expires: Time,
    /// When the publisher made it (`x-bon-guichet-published`, an extension that §4.1 allows).
    pub(super) published: Option<Time>,
    /// In order of their names.
    files: Vec<(String, Target)>,
    /// In the order in which they are asked.
    pub(super) delegations: Vec<Delegation>,
}

impl Targets {
    pub(super) fn open(bytes: &[u8], file: File, role: &Role) -> Result<Self, Refusal> {
        let envelope = Envelope::read(bytes, file)?;
        envelope.require(role)?;
        let entries = members(&envelope, "targets")?;
        if entries.iter().len() > MAX_TARGETS {
            return Err(envelope.malformed("too many targets"));
        }
        let mut files = Vec::new();
        for (name, entry) in entries.iter() {
            let length = entry.get("length").and_then(Json::unsigned);
            let hashes = entry.get("hashes").and_then(Hashes::read);
            let (Some(length), Some(hashes)) = (length, hashes) else {
                return Err(envelope.malformed("a target without length or sha256 or sha512"));
            };
            if length > MAX_TARGET as u64 {
                return Err(Refusal::TooLong { file: File::Target(name.to_owned()), limit: MAX_TARGET });
            }
            files.push((name.to_owned(), Target { length, hashes }));
        }
        let delegations = envelope.signed.get("delegations").map(Delegation::read_all).transpose();
        let delegations = delegations.map_err(|what| envelope.malformed(what))?.unwrap_or_default();
        let published = envelope.signed.get(PUBLISHED).and_then(Json::text).and_then(Time::parse);
        Ok(Self { version: envelope.version()?, expires: envelope.expires()?, published, files, delegations })
    }

    /// The file of that name.
    pub fn get(&self, name: &str) -> Option<&Target> {
        let position = self.files.binary_search_by(|(known, _)| known.as_str().cmp(name)).ok()?;
        self.files.get(position).map(|(_, target)| target)
    }

    /// The names of all files.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.files.iter().map(|(name, _)| name.as_str())
    }
}

fn members<'e>(envelope: &'e Envelope, name: &str) -> Result<&'e Members, Refusal> {
    match envelope.signed.get(name) {
        Some(Json::Object(members)) => Ok(members),
        _ => Err(envelope.malformed(&format!("no {name:?}"))),
    }
}
