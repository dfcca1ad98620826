//! What all metadata files have in common (TUF §4.2), and who signed them (§4.2.1).

use super::json::Json;
use super::key::PublicKey;
use super::{File, MAX_METADATA, Refusal, Time, hex};

/// Most keys that a role may have, and most signatures that a file may have.
const MAX_KEYS: usize = 64;

/// The keys that may sign for a role, and how many of them must.
#[derive(Debug, Clone)]
pub struct Role {
    /// By keyid.
    keys: Vec<(String, PublicKey)>,
    threshold: usize,
}

impl Role {
    /// Reads a role of a root (§4.3) or of a delegation (§4.5), and its keys out of `keys`.
    pub(super) fn read(role: Option<&Json>, keys: Option<&Json>) -> Result<Self, &'static str> {
        let threshold = role.and_then(|role| role.get("threshold")).and_then(Json::unsigned);
        let Some(Json::List(keyids)) = role.and_then(|role| role.get("keyids")) else {
            return Err("a role without keyids");
        };
        let threshold = threshold.and_then(|number| usize::try_from(number).ok()).filter(|&number| number > 0);
        let threshold = threshold.ok_or("a role without a threshold above 0")?;
        if keyids.len() > MAX_KEYS {
            return Err("too many keys");
        }
        let mut own = Vec::new();
        let mut seen = Vec::new();
        for keyid in keyids.iter().filter_map(Json::text) {
            if seen.contains(&keyid) {
                return Err("a keyid that stands twice in a role");
            }
            seen.push(keyid);
            if let Some(key) = keys.and_then(|keys| keys.get(keyid)).and_then(PublicKey::read) {
                own.push((keyid.to_owned(), key));
            }
        }
        Ok(Self { keys: own, threshold })
    }

    pub(super) fn has_development_key(&self) -> bool {
        self.keys.iter().any(|(_, key)| key.is_development())
    }
}

/// How far the signatures of a role have come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    /// Distinct keys of the role that have signed.
    pub good: usize,
    /// How many must.
    pub needed: usize,
}

/// Counts the good signatures of a metadata file while a publisher gathers them. `role` and `keys`
/// are as a root has them (§4.3).
pub fn tally(bytes: &[u8], file: File, role: Option<&Json>, keys: Option<&Json>) -> Result<Tally, Refusal> {
    let envelope = Envelope::read(bytes, file)?;
    let role = Role::read(role, keys).map_err(|what| envelope.malformed(what))?;
    Ok(envelope.tally(&role))
}

/// A metadata file before it is known who signed it.
pub(super) struct Envelope {
    pub(super) file: File,
    pub(super) signed: Json,
    signatures: Vec<(String, Vec<u8>)>,
}

impl Envelope {
    pub(super) fn read(bytes: &[u8], file: File) -> Result<Self, Refusal> {
        if bytes.len() > MAX_METADATA {
            return Err(Refusal::TooLong { file, limit: MAX_METADATA });
        }
        let malformed = |what: &str| Refusal::Malformed { file: file.clone(), what: what.to_owned() };
        let mut json = Json::parse(bytes).map_err(|what| malformed(&what))?;
        let Json::Object(members) = &mut json else { return Err(malformed("not an object")) };
        let signed = members.remove("signed").ok_or_else(|| malformed("no \"signed\""))?;
        let Some(Json::List(list)) = members.get("signatures") else { return Err(malformed("no \"signatures\"")) };
        if list.len() > MAX_KEYS {
            return Err(malformed("too many signatures"));
        }
        let mut signatures: Vec<(String, Vec<u8>)> = Vec::new();
        for item in list {
            let keyid = item.get("keyid").and_then(Json::text);
            let signature = item.get("sig").and_then(Json::text);
            let (Some(keyid), Some(signature)) = (keyid, signature) else {
                return Err(malformed("a signature without keyid"));
            };
            if signatures.iter().any(|(known, _)| known == keyid) {
                return Err(malformed("two signatures of one keyid"));
            }
            // What is not even hexadecimal is no signature, and does not count.
            signatures.push((keyid.to_owned(), hex::bytes(signature).unwrap_or_default()));
        }
        let wanted = match &file {
            File::Root => "root",
            File::Timestamp => "timestamp",
            File::Snapshot => "snapshot",
            File::Targets | File::Delegated(_) | File::Target(_) => "targets",
        };
        if signed.get("_type").and_then(Json::text) != Some(wanted) {
            return Err(malformed("another \"_type\""));
        }
        if !signed.get("spec_version").and_then(Json::text).is_some_and(|version| version.starts_with("1.")) {
            return Err(malformed("another \"spec_version\" than 1"));
        }
        Ok(Self { file, signed, signatures })
    }

    pub(super) fn malformed(&self, what: &str) -> Refusal {
        Refusal::Malformed { file: self.file.clone(), what: what.to_owned() }
    }

    pub(super) fn version(&self) -> Result<u64, Refusal> {
        let version = self.signed.get("version").and_then(Json::unsigned).filter(|&version| version > 0);
        version.ok_or_else(|| self.malformed("no \"version\" above 0"))
    }

    pub(super) fn expires(&self) -> Result<Time, Refusal> {
        let expires = self.signed.get("expires").and_then(Json::text).and_then(Time::parse);
        expires.ok_or_else(|| self.malformed("no \"expires\" that is a moment"))
    }

    /// Refuses unless enough distinct keys of the role have signed.
    pub(super) fn require(&self, role: &Role) -> Result<(), Refusal> {
        let Tally { good, needed } = self.tally(role);
        if good < needed {
            return Err(Refusal::Threshold { file: self.file.clone(), good, needed });
        }
        Ok(())
    }

    /// Keys are counted, not keyids: one key under two ids is one voice.
    pub(super) fn tally(&self, role: &Role) -> Tally {
        let message = self.signed.canonical();
        let mut good: Vec<&PublicKey> = Vec::new();
        for (keyid, signature) in &self.signatures {
            if let Some((_, key)) = role.keys.iter().find(|(known, _)| known == keyid)
                && !good.contains(&key)
                && key.accepts(&message, signature)
            {
                good.push(key);
            }
        }
        Tally { good: good.len(), needed: role.threshold }
    }
}
