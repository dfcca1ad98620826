//! Which bytes are the publisher's: the part of The Update Framework (TUF 1.0) that decides it.
//!
//! A root of trust names the keys of each role; the targets role names each file of the list by
//! length and hash. The list that came with the product is opened by [`Trusted::open`]; newer ones
//! come through [`update::Updater`]. Nothing here reads a clock, a network or a disk: bytes and
//! the time come in as arguments.
//!
//! Section numbers are those of the TUF specification 1.0.33.

mod refusal;
mod time;

mod hex;
pub mod json;

mod digest;
mod key;
mod name;

mod delegation;
mod envelope;
mod metadata;

pub mod update;

pub use digest::Hashes;
pub use envelope::{Role, Tally, tally};
pub use metadata::{PUBLISHED, Root, Target, Targets};
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
    /// When the publisher made the list.
    pub published: Time,
}

impl Trusted {
    /// Takes `root` as the root of trust, as shipped with the product (§5.3.1), and accepts
    /// `targets` if enough of its keys have signed it (§5.6). Expiry is no reason to refuse here:
    /// it is asked of [`Targets::expires`] each time a page is judged.
    pub fn open(root: &[u8], targets: &[u8]) -> Result<Self, Refusal> {
        Self::under(Root::open(root)?, targets)
    }

    /// The same under a root that was rotated since ([`Root::rotate`]): a stored list at a start.
    pub fn under(root: Root, targets: &[u8]) -> Result<Self, Refusal> {
        let targets = Targets::open(targets, File::Targets, &root.targets)?;
        Self::new(root, targets)
    }

    /// What a list of ours must be beyond the specification.
    fn new(root: Root, targets: Targets) -> Result<Self, Refusal> {
        let malformed = |what: &str| Refusal::Malformed { file: File::Targets, what: what.to_owned() };
        if !targets.names().all(name::is_flat) {
            return Err(malformed("a target name that is no plain file name"));
        }
        let published = targets.published;
        let published = published.ok_or_else(|| malformed("no \"x-bon-guichet-published\" that is a moment"))?;
        Ok(Self { root, targets, published })
    }

    /// Accepts one file of the list if length and hash are those that were signed (§5.7).
    pub fn verify(&self, name: &str, content: Hashed) -> Result<Vec<u8>, Refusal> {
        let file = || File::Target(name.to_owned());
        let target = self.targets.get(name).ok_or_else(|| Refusal::NotSigned(file()))?;
        let found = content.bytes.len() as u64;
        if found != target.length {
            return Err(Refusal::Length { file: file(), signed: target.length, found });
        }
        if !target.hashes.match_hashed(&content) {
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
