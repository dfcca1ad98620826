//! Which bytes are the publisher's: the part of The Update Framework (TUF 1.0) that decides it.
//!
//! A root of trust names the keys of each role; the targets role names each file of the list by
//! length and hash. Nothing here reads a clock, a network or a disk: bytes come in as arguments,
//! and whether a list's dates are good is asked with the time as an argument.
//!
//! Section numbers are those of the TUF specification 1.0.33.

pub mod json;
mod metadata;
mod refusal;
mod time;

pub use metadata::{PUBLISHED, Role, Root, Target, Targets};
pub use refusal::{File, Refusal};
pub use time::Time;

use sha2::{Digest, Sha256};

/// Longest metadata file that is read, in bytes.
pub const MAX_METADATA: usize = 1 << 20;
/// Longest file of the list that is read, in bytes.
pub const MAX_TARGET: usize = 16 << 20;

/// A root and the targets metadata that it vouches for.
#[derive(Debug, Clone)]
pub struct Trusted {
    /// The keys and thresholds of each role.
    pub root: Root,
    /// The files of the list.
    pub targets: Targets,
}

impl Trusted {
    /// Takes `root` as the root of trust, as shipped with the product (§5.3.1), and accepts
    /// `targets` if enough of its keys have signed it (§5.6). Expiry is no reason to refuse here:
    /// it is asked of [`Targets::expires`] each time a page is judged.
    pub fn open(root: &[u8], targets: &[u8]) -> Result<Self, Refusal> {
        let root = Root::open(root)?;
        let targets = Targets::open(targets, &root)?;
        Ok(Self { root, targets })
    }

    /// Accepts one file of the list if length and hash are those that were signed (§5.7).
    pub fn verify(&self, name: &str, content: Hashed) -> Result<Vec<u8>, Refusal> {
        let file = || File::Target(name.to_owned());
        let target = self.targets.get(name).ok_or_else(|| Refusal::NotSigned(file()))?;
        let found = content.bytes.len() as u64;
        if found != target.length {
            return Err(Refusal::Length { file: file(), signed: target.length, found });
        }
        if content.sha256 != target.sha256 {
            return Err(Refusal::Hash(file()));
        }
        Ok(content.bytes)
    }
}

/// Bytes and their SHA-256.
#[derive(Debug, Clone)]
pub struct Hashed {
    bytes: Vec<u8>,
    sha256: [u8; 32],
}

impl Hashed {
    /// Hashes the bytes here.
    pub fn new(bytes: Vec<u8>) -> Self {
        Self { sha256: Sha256::digest(&bytes).into(), bytes }
    }

    /// Takes the hash of the host's own implementation, which is many times as fast as ours where
    /// ours has just been compiled.
    pub fn by_host(bytes: Vec<u8>, sha256: [u8; 32]) -> Self {
        Self { bytes, sha256 }
    }
}
