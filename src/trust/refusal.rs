//! Why a file was not accepted.

use super::Time;
use std::fmt;

/// A file of a signed list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum File {
    /// The root of trust.
    Root,
    /// Which snapshot is the newest.
    Timestamp,
    /// Which version each targets role has.
    Snapshot,
    /// The targets metadata.
    Targets,
    /// The targets metadata of a role that another one trusts with some paths.
    Delegated(String),
    /// A file of the list, by its target name.
    Target(String),
}

/// Why a file was not accepted. Each reason carries the facts that explain it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refusal {
    /// The file is not there, or could not be read.
    Missing(File),
    /// The file is longer than any such file may be.
    TooLong {
        /// Which file.
        file: File,
        /// In bytes.
        limit: usize,
    },
    /// The bytes are not the JSON that the specification asks for.
    Malformed {
        /// Which file.
        file: File,
        /// What was wrong, for a developer.
        what: String,
    },
    /// Fewer distinct keys of the role have signed than its threshold asks for.
    Threshold {
        /// Which file.
        file: File,
        /// Signatures that are good.
        good: usize,
        /// Signatures that are needed.
        needed: usize,
    },
    /// The signed metadata does not name the file.
    NotSigned(File),
    /// The file's length is not the signed one.
    Length {
        /// Which file.
        file: File,
        /// In bytes, as signed.
        signed: u64,
        /// In bytes, as found.
        found: u64,
    },
    /// The file's hash is not the signed one.
    Hash(File),
    /// The file has another version than the one that was asked for or announced (mix and match).
    Version {
        /// Which file.
        file: File,
        /// Asked for, or announced.
        wanted: u64,
        /// As signed.
        found: u64,
    },
    /// The file, or what is said of it, is older than what is known (rollback).
    Rollback {
        /// Which file.
        file: File,
        /// The version that is known.
        known: u64,
        /// The version that was offered.
        offered: u64,
    },
    /// The snapshot no longer names a role that it named.
    Removed(File),
    /// The snapshot does not name a role that is delegated to.
    NotInSnapshot(File),
    /// The file may no longer be used to update (freeze).
    Expired {
        /// Which file.
        file: File,
        /// Since when.
        at: Time,
    },
    /// A target path that could lead out of its folder.
    UnsafePath(File),
    /// More new roots in one refresh than are taken.
    TooManyRoots {
        /// How many are taken.
        limit: usize,
    },
    /// More delegated roles for one target than are visited.
    TooManyRoles {
        /// The target.
        file: File,
        /// How many are visited.
        limit: usize,
    },
    /// The publisher signed a file that is not in a form that this version reads.
    Unreadable(File),
}

impl Refusal {
    /// The file that was refused.
    pub fn file(&self) -> &File {
        match self {
            Self::Missing(file)
            | Self::NotSigned(file)
            | Self::Hash(file)
            | Self::Unreadable(file)
            | Self::Removed(file)
            | Self::NotInSnapshot(file)
            | Self::UnsafePath(file)
            | Self::Version { file, .. }
            | Self::Rollback { file, .. }
            | Self::Expired { file, .. }
            | Self::TooManyRoles { file, .. }
            | Self::TooLong { file, .. }
            | Self::Malformed { file, .. }
            | Self::Threshold { file, .. }
            | Self::Length { file, .. } => file,
            Self::TooManyRoots { .. } => &File::Root,
        }
    }
}

impl fmt::Display for File {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root => f.write_str("root.json"),
            Self::Timestamp => f.write_str("timestamp.json"),
            Self::Snapshot => f.write_str("snapshot.json"),
            Self::Targets => f.write_str("targets.json"),
            Self::Delegated(name) => write!(f, "{name}.json"),
            Self::Target(name) => f.write_str(name),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(file) => write!(f, "{file} is missing"),
            Self::TooLong { file, limit } => write!(f, "{file} is longer than {limit} bytes"),
            Self::Malformed { file, what } => write!(f, "{file} is malformed: {what}"),
            Self::Threshold { file, good, needed } => write!(f, "{file} has {good} good signatures of {needed} needed"),
            Self::NotSigned(file) => write!(f, "{file} is not named in targets.json"),
            Self::Length { file, signed, found } => write!(f, "{file} has {found} bytes, {signed} were signed"),
            Self::Hash(file) => write!(f, "{file} does not have the signed SHA-256 or SHA-512"),
            Self::Version { file, wanted, found } => write!(f, "{file} is version {found}, not {wanted}"),
            Self::Rollback { file, known, offered } => {
                write!(f, "{file} goes back from version {known} to version {offered}")
            }
            Self::Removed(file) => write!(f, "{file} is no longer named in snapshot.json"),
            Self::NotInSnapshot(file) => write!(f, "{file} is not named in snapshot.json"),
            Self::Expired { file, at } => write!(f, "{file} expired at {at}"),
            Self::UnsafePath(file) => write!(f, "{file} is no path of a target"),
            Self::TooManyRoots { limit } => write!(f, "root.json was renewed more than {limit} times"),
            Self::TooManyRoles { file, limit } => write!(f, "{file} is not found in {limit} delegated roles"),
            Self::Unreadable(file) => write!(f, "{file} is not in a form that this version reads"),
        }
    }
}

impl std::error::Error for Refusal {}
