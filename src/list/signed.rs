//! The signed list: files that were each accepted, and what they hold.

use super::{List, Shard};
use crate::public_suffix::PublicSuffixes;
use crate::trust::{File, Hashed, Refusal, Time, Trusted};

/// The root of trust, as a file.
pub const ROOT: &str = "root.json";
/// The signed table of contents, as a file.
pub const TARGETS: &str = "targets.json";
/// The Public Suffix List, by its target name. Every target that is not named here is a file of
/// entries.
pub const PUBLIC_SUFFIXES: &str = "public-suffixes.bin";
/// What is imitated, by its target name. A list may come without it.
pub const RESEMBLANCE: &str = "resemblance.bin";
/// The national sites, by their target name.
pub const NATIONAL: &str = "national.bin";
/// What must never be shown as official, by its target name.
pub const REVOCATIONS: &str = "revocations.bin";

/// A list that a publisher signed, ready to be asked.
#[derive(Debug, Clone)]
pub struct SignedList {
    /// Who vouches for it, and until when.
    pub trusted: Trusted,
    /// The entries.
    pub list: List,
    public_suffixes: Box<[u8]>,
    resemblance: Option<Box<[u8]>>,
}

impl SignedList {
    /// Accepts every file that the targets metadata names, or refuses the list. `files` holds the
    /// bytes of each, in the order of [`Targets::names`](crate::trust::Targets::names).
    pub fn open(trusted: Trusted, files: Vec<Option<Hashed>>) -> Result<Self, Refusal> {
        let (mut public_suffixes, mut resemblance) = (None, None);
        let mut shards = Vec::new();
        let names: Vec<String> = trusted.targets.names().map(str::to_owned).collect();
        for (name, content) in names.into_iter().zip(files) {
            let file = || File::Target(name.clone());
            let bytes = trusted.verify(&name, content.ok_or_else(|| Refusal::Missing(file()))?)?;
            if name == PUBLIC_SUFFIXES {
                PublicSuffixes::open(&bytes).map_err(|_| Refusal::Unreadable(file()))?;
                public_suffixes = Some(bytes.into_boxed_slice());
            } else if name == RESEMBLANCE {
                resemblance = Some(bytes.into_boxed_slice());
            } else {
                shards.push(Shard::open(bytes).map_err(|_| Refusal::Unreadable(file()))?);
            }
        }
        let missing = || Refusal::NotSigned(File::Target(PUBLIC_SUFFIXES.to_owned()));
        let public_suffixes = public_suffixes.ok_or_else(missing)?;
        Ok(Self { trusted, list: List::new(shards), public_suffixes, resemblance })
    }

    /// Accepts a whole list from wherever `read` takes a file by its name.
    pub fn read(mut read: impl FnMut(&str) -> Option<Vec<u8>>) -> Result<Self, Refusal> {
        let root = read(ROOT).ok_or(Refusal::Missing(File::Root))?;
        let targets = read(TARGETS).ok_or(Refusal::Missing(File::Targets))?;
        let trusted = Trusted::open(&root, &targets)?;
        let files = trusted.targets.names().map(|name| read(name).map(Hashed::new)).collect();
        Self::open(trusted, files)
    }

    /// The Public Suffix List that came with it.
    pub fn public_suffixes(&self) -> Option<PublicSuffixes<'_>> {
        PublicSuffixes::open(&self.public_suffixes).ok()
    }

    /// The packed table of what is imitated, if one came with it.
    pub fn resemblance(&self) -> Option<&[u8]> {
        self.resemblance.as_deref()
    }

    /// Whether the list's dates are good: it may be used until its targets metadata expires.
    pub fn is_current(&self, now: Time) -> bool {
        now < self.trusted.targets.expires
    }
}
