//! Lengths and hashes that metadata gives for a file (TUF §4.4, §4.5).

use super::json::Json;
use super::{File, Hashed, Refusal, hex};
use sha2::{Digest, Sha256, Sha512};

/// The hashes of a file. At least one is there, and every one that is there must match. SHA-512 is
/// in the build anyway: Ed25519 is made of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hashes {
    sha256: Option<[u8; 32]>,
    sha512: Option<[u8; 64]>,
}

impl Hashes {
    /// Hashes of other algorithms are passed over; alone they are not enough.
    pub(super) fn read(hashes: &Json) -> Option<Self> {
        let known = |name: &str| hashes.get(name).map(|hash| hash.text().ok_or(()));
        let sha256 = known("sha256").map(|hash| hash.ok().and_then(hex::array));
        let sha512 = known("sha512").map(|hash| hash.ok().and_then(hex::array));
        if sha256 == Some(None) || sha512 == Some(None) || (sha256.is_none() && sha512.is_none()) {
            return None;
        }
        Some(Self { sha256: sha256.flatten(), sha512: sha512.flatten() })
    }

    pub(super) fn match_bytes(&self, bytes: &[u8]) -> bool {
        self.sha256.is_none_or(|hash| Sha256::digest(bytes).as_slice() == hash)
            && self.sha512.is_none_or(|hash| Sha512::digest(bytes).as_slice() == hash)
    }

    /// The same where the SHA-256 was made by the host.
    pub(super) fn match_hashed(&self, content: &Hashed) -> bool {
        self.sha256.is_none_or(|hash| hash == content.sha256)
            && self.sha512.is_none_or(|hash| Sha512::digest(&content.bytes).as_slice() == hash)
    }

    /// What stands before the file's name in a repository with consistent snapshots (§3.3).
    pub(super) fn prefix(&self) -> String {
        match (&self.sha256, &self.sha512) {
            (Some(hash), _) => hex::text(hash),
            (None, Some(hash)) => hex::text(hash),
            (None, None) => String::new(),
        }
    }
}

/// Refuses bytes that have not the signed length or hashes, where these were signed.
pub(super) fn check(bytes: &[u8], length: Option<u64>, hashes: Option<&Hashes>, file: File) -> Result<(), Refusal> {
    let found = bytes.len() as u64;
    match length {
        Some(signed) if signed != found => Err(Refusal::Length { file, signed, found }),
        _ if hashes.is_some_and(|hashes| !hashes.match_bytes(bytes)) => Err(Refusal::Hash(file)),
        _ => Ok(()),
    }
}
