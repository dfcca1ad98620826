//! Keeping the list new: a refresh from a mirror, and the list that the last one left in store.
//!
//! Nothing here fetches or stores: a [`Host`] does. What it stores lies under three kinds of keys:
//!
//! ```text
//! metadata/NAME   accepted metadata, as the updater asks for it
//! file/HASH       a file of the list, by the hash that was signed
//! in-use          the targets metadata of the list in use
//! ```
//!
//! Files are kept by what they hold, so an old list and a new one lie side by side, and writing
//! `in-use` is what puts the new one in the old one's place. A worker may die at any moment: the
//! list in use is whole before and after.

mod refresh;
mod schedule;
mod stored;

pub use refresh::{Renewed, refresh};
pub use schedule::{DAY, Outcome, Record, delay};
pub use stored::stored;

use crate::trust::{Hashed, Refusal, Targets};

/// The key of the targets metadata of the list in use.
pub const IN_USE: &str = "in-use";

/// What fetches and stores. Its storage is not trusted: what comes out of it is verified as if it
/// came from the mirror.
#[expect(async_fn_in_trait, reason = "a worker has one thread")]
pub trait Host {
    /// The bytes stored under a key.
    async fn load(&self, key: &str) -> Result<Option<Vec<u8>>, Trouble>;

    /// Stores bytes under a key. Only returns when they are durable.
    async fn store(&self, key: &str, bytes: &[u8]) -> Result<(), Trouble>;

    /// Forgets every key but these.
    async fn keep_only(&self, keys: &[String]) -> Result<(), Trouble>;

    /// A file of the mirror, by its path there; nothing if the mirror says that there is none.
    /// More than `max` bytes need not be read: one more is enough to be refused.
    async fn fetch(&self, path: &str, max: u64) -> Result<Option<Vec<u8>>, Trouble>;

    /// The bytes with their SHA-256, by the fastest means there is.
    async fn hash(&self, bytes: Vec<u8>) -> Hashed;

    /// So many files of so many are there; of none while it is not known how many there will be.
    async fn progress(&self, done: usize, of: usize);
}

/// Why a refresh came to nothing. The list in use stays as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// What the mirror gave was not accepted.
    Refused(Refusal),
    /// The mirror gave a web page where a file should be, as the log-in of a public Wi-Fi does.
    Page(String),
    /// The mirror did not answer, not in time, or led elsewhere.
    Unreachable,
    /// The mirror answered with this status of HTTP.
    Status(u16),
    /// This computer could not store the list, or not read what it had stored.
    Storage,
}

impl From<Refusal> for Trouble {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl Trouble {
    /// The word under which it is kept and explained.
    pub fn id(&self) -> &'static str {
        match self {
            Self::Page(_) => "page",
            Self::Unreachable => "unreachable",
            Self::Status(_) => "status",
            Self::Storage => "storage",
            Self::Refused(refusal) => match refusal {
                Refusal::Rollback { .. } | Refusal::Version { .. } | Refusal::Removed(_) => "rollback",
                Refusal::Expired { .. } => "expired",
                Refusal::Threshold { .. } | Refusal::NotSigned(_) | Refusal::NotInSnapshot(_) => "unsigned",
                Refusal::Missing(_) => "missing",
                Refusal::Unreadable(_) => "unreadable",
                _ => "damaged",
            },
        }
    }

    /// Every word, so that a test can hold the messages against them.
    pub const IDS: [&str; 10] = [
        "page",
        "unreachable",
        "status",
        "storage",
        "rollback",
        "expired",
        "unsigned",
        "missing",
        "unreadable",
        "damaged",
    ];

    /// What it is about: a file or a status; empty where there is nothing to name.
    pub fn subject(&self) -> String {
        match self {
            Self::Refused(refusal) => refusal.file().to_string(),
            Self::Page(file) => file.clone(),
            Self::Status(status) => status.to_string(),
            Self::Unreachable | Self::Storage => String::new(),
        }
    }
}

fn metadata(name: &str) -> String {
    format!("metadata/{name}")
}

/// Where a file of the list lies, if the metadata names it.
fn file(targets: &Targets, name: &str) -> Option<String> {
    targets.get(name).map(|target| format!("file/{}", target.digest()))
}
