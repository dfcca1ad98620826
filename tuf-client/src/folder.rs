//! A flat folder of files.

use anyhow::{Context, Result};
use std::io::{ErrorKind, Write};
use std::path::PathBuf;

pub struct Folder(PathBuf);

impl Folder {
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    /// What cannot be read is not there.
    pub fn read(&self, name: &str) -> Option<Vec<u8>> {
        std::fs::read(self.file(name)).ok()
    }

    /// Whole or not at all, and durable when it returns; without bytes, the file goes.
    pub fn write(&self, name: &str, bytes: &[u8]) -> Result<()> {
        let (file, fresh) = (self.file(name), self.0.join(".new"));
        let write = || {
            if bytes.is_empty() {
                return std::fs::remove_file(&file).or_else(|error| match error.kind() {
                    ErrorKind::NotFound => Ok(()),
                    _ => Err(error),
                });
            }
            let mut open = std::fs::File::create(&fresh)?;
            open.write_all(bytes)?;
            open.sync_all()?;
            std::fs::rename(&fresh, &file)
        };
        write().with_context(|| format!("cannot write {}", file.display()))
    }

    /// Target paths have slashes; here each is one name.
    fn file(&self, name: &str) -> PathBuf {
        self.0.join(name.replace('/', "%2F"))
    }
}
