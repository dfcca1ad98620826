//! A defect of reviewed text: where it stands, what it is, and what to do.

use std::fmt;
use std::path::{Path, PathBuf};

/// A line of a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file.
    pub file: PathBuf,
    /// From 1.
    pub line: usize,
}

impl Place {
    /// The line of `text` that holds the byte at `offset`.
    pub fn at(file: &Path, text: &str, offset: usize) -> Self {
        let before = text.as_bytes().get(..offset.min(text.len())).unwrap_or_default();
        Self { file: file.to_owned(), line: before.split(|&byte| byte == b'\n').count() }
    }
}

/// A defect.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// Where it stands.
    pub place: Place,
    /// The entry's host and the field, where they are known: `ameli.fr, scope`.
    pub subject: String,
    /// What is wrong.
    pub what: String,
    /// What to do about it.
    pub remedy: String,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file.display(), self.line)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}: {}; {}", self.place, self.subject, self.what, self.remedy)
    }
}
