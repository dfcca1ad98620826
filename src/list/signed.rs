//! The signed list: files that were each accepted, and what they hold.

use super::{List, Shard};
use crate::public_suffix::PublicSuffixes;
use crate::trust::{File, Hashed, Refusal, Time, Trusted};

/// The root of trust, as a file.
pub const ROOT: &str = "root.json";
/// The signed table of contents, as a file.
pub const TARGETS: &str = "targets.json";
/// Every official site, national or of a département, by its target name.
pub const LIST: &str = "list.bin";
/// What must never be shown as official, by its target name.
pub const REVOCATIONS: &str = "revocations.bin";
/// The Public Suffix List, by its target name.
pub const PUBLIC_SUFFIXES: &str = "public-suffixes.bin";
/// What is imitated, by its target name. A list may come without it.
pub const RESEMBLANCE: &str = "resemblance.bin";
/// The targets that a list is opened from. Others may be signed beside them, such as the shards
/// from which an update [assembles](super::assemble()) the next list.
pub const FILES: [&str; 4] = [LIST, REVOCATIONS, PUBLIC_SUFFIXES, RESEMBLANCE];

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
    /// Accepts the files of the list, or refuses it: `files` holds the bytes of each of [`FILES`], in
    /// that order.
    pub fn open(trusted: Trusted, files: impl IntoIterator<Item = Option<Hashed>>) -> Result<Self, Refusal> {
        let mut files = FILES.into_iter().zip(files.into_iter().chain(std::iter::repeat_with(|| None)));
        let mut next = || -> Result<(File, Vec<u8>), Refusal> {
            let (name, content) = files.next().unwrap_or_default();
            let file = File::Target(name.to_owned());
            let bytes = trusted.verify(name, content.ok_or_else(|| Refusal::Missing(file.clone()))?)?;
            Ok((file, bytes))
        };
        let mut shards = Vec::new();
        for _ in [LIST, REVOCATIONS] {
            let (file, bytes) = next()?;
            shards.push(Shard::open(bytes).map_err(|_| Refusal::Unreadable(file))?);
        }
        let (file, suffixes) = next()?;
        PublicSuffixes::open(&suffixes).map_err(|_| Refusal::Unreadable(file))?;
        let resemblance = match trusted.targets.get(RESEMBLANCE) {
            Some(_) => Some(next()?.1.into_boxed_slice()),
            None => None,
        };
        Ok(Self { trusted, list: List::new(shards), public_suffixes: suffixes.into_boxed_slice(), resemblance })
    }

    /// Accepts a whole list from wherever `read` takes a file by its name.
    pub fn read(mut read: impl FnMut(&str) -> Option<Vec<u8>>) -> Result<Self, Refusal> {
        let root = read(ROOT).ok_or(Refusal::Missing(File::Root))?;
        let targets = read(TARGETS).ok_or(Refusal::Missing(File::Targets))?;
        let trusted = Trusted::open(&root, &targets)?;
        Self::open(trusted, FILES.map(|name| read(name).map(Hashed::new)))
    }

    /// The bytes of one of [`FILES`].
    pub fn bytes(&self, name: &str) -> Option<&[u8]> {
        match name {
            LIST => self.list.shards.first().map(Shard::bytes),
            REVOCATIONS => self.list.shards.get(1).map(Shard::bytes),
            PUBLIC_SUFFIXES => Some(&self.public_suffixes),
            RESEMBLANCE => self.resemblance.as_deref(),
            _ => None,
        }
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
