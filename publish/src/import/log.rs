//! `imports.toml`: what was imported, when, from which bytes.

use super::format::Read;
use super::{Import, Input};
use crate::rules::Cited;
use anyhow::{Context, Result};
use sha2::{Digest, Sha256};
use std::fmt::Write;
use std::path::Path;

const HEAD: &str =
    "# What was imported: written by `bon-guichet-publish import`, one entry an import, the newest last.\n";

/// A file as it was read.
pub struct Entry {
    format: &'static str,
    file: String,
    sha256: String,
    bytes: usize,
}

/// Reads a file, and notes what it was.
pub fn read(input: &Input) -> Result<(Read, Entry)> {
    let bytes = std::fs::read(&input.file).with_context(|| format!("cannot read {}", input.file.display()))?;
    let file = input.file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut sha256 = String::new();
    for byte in Sha256::digest(&bytes) {
        write!(sha256, "{byte:02x}")?;
    }
    let entry = Entry { format: input.format.word(), file, sha256, bytes: bytes.len() };
    Ok((input.format.read(&input.file, &bytes)?, entry))
}

/// Adds an import to the log: the file itself, then those that it was held against.
pub fn append(data: &Path, import: &Import, cited: &Cited, records: usize, inputs: &[Entry]) -> Result<()> {
    let log = data.join("imports.toml");
    let mut text = match std::fs::read_to_string(&log) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => HEAD.to_owned(),
        Err(error) => return Err(error).with_context(|| format!("cannot read {}", log.display())),
    };
    write!(
        text,
        "\n[[import]]\nday = {}\nreview = {:?}\nsource = {:?}\nsource_date = {}\nlicence = {:?}\nrecords = {records}\n",
        import.day, import.review, import.source, cited.date, cited.licence,
    )?;
    for (entry, field) in inputs.iter().zip(["input"].into_iter().chain(std::iter::repeat("evidence"))) {
        let Entry { format, file, sha256, bytes } = entry;
        write!(
            text,
            "[[import.{field}]]\nformat = {format:?}\nfile = {file:?}\nbytes = {bytes}\nsha256 = {sha256:?}\n"
        )?;
    }
    super::write(&log, &text)
}
