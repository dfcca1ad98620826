//! Why a file was not accepted.

use std::fmt;

/// A file of a signed list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum File {
    /// The root of trust.
    Root,
    /// The targets metadata.
    Targets,
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
            | Self::TooLong { file, .. }
            | Self::Malformed { file, .. }
            | Self::Threshold { file, .. }
            | Self::Length { file, .. } => file,
        }
    }
}

impl fmt::Display for File {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root => f.write_str("root.json"),
            Self::Targets => f.write_str("targets.json"),
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
            Self::Hash(file) => write!(f, "{file} does not have the signed SHA-256"),
            Self::Unreadable(file) => write!(f, "{file} is not in a form that this version reads"),
        }
    }
}

impl std::error::Error for Refusal {}
