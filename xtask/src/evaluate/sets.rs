//! Files of labelled hosts.

use super::BENIGN;
use anyhow::{Context, Result, bail};
use flate2::read::GzDecoder;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

/// The hosts of a file.
pub struct Set {
    /// The file's name.
    pub name: String,
    pub hosts: Vec<Host>,
}

/// A host, and what people say of it.
pub struct Host {
    pub name: String,
    pub label: String,
    /// Where it comes from; may be empty.
    pub group: String,
}

/// The sets of a folder, by name.
pub fn read(folder: &Path) -> Result<Vec<Set>> {
    let mut sets = Vec::new();
    for file in files(folder)? {
        let name = name(&file);
        let hosts = if name.starts_with("resemblance") {
            labelled(&file)?
        } else if name.starts_with("hard_negatives") {
            let mut hosts = labelled(&file)?;
            for host in &mut hosts {
                host.group = std::mem::replace(&mut host.label, BENIGN.to_owned());
            }
            hosts
        } else if name.starts_with("benign") || name.starts_with("quasi_official") {
            let benign = |host: &str| Host { name: host.to_owned(), label: BENIGN.to_owned(), group: String::new() };
            text(&file)?.lines().map(str::trim).filter(|host| !host.is_empty()).map(benign).collect()
        } else {
            continue;
        };
        sets.push(Set { name, hosts });
    }
    if sets.is_empty() {
        bail!("{} holds no resemblance*.tsv, hard_negatives*.tsv or benign*.txt", folder.display());
    }
    Ok(sets)
}

/// The files of Chromium's own cases.
pub fn chromium(folder: &Path) -> Result<Vec<PathBuf>> {
    Ok(files(folder)?.into_iter().filter(|file| name(file).starts_with("chromium")).collect())
}

/// The text of a file, packed or not.
pub fn text(file: &Path) -> Result<String> {
    let place = || format!("cannot read {}", file.display());
    let mut reader = File::open(file).with_context(place)?;
    let mut text = String::new();
    if file.extension().is_some_and(|ending| ending == "gz") {
        GzDecoder::new(reader).read_to_string(&mut text).with_context(place)?;
    } else {
        reader.read_to_string(&mut text).with_context(place)?;
    }
    Ok(text)
}

/// Rows of host, label and group, below a line of titles.
fn labelled(file: &Path) -> Result<Vec<Host>> {
    let text = text(file)?;
    let rows = text.lines().zip(1..).skip(1).filter(|(row, _)| !row.trim().is_empty());
    let host = |(row, line): (&str, usize)| {
        let mut cells = row.split('\t').map(str::to_owned);
        let place = || format!("{}:{line}: write host, label and group, with tabs between", file.display());
        let (name, label) = cells.next().zip(cells.next()).with_context(place)?;
        Ok(Host { name, label, group: cells.next().unwrap_or_default() })
    };
    rows.map(host).collect()
}

fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(folder).with_context(|| format!("cannot read the folder {}", folder.display()))?;
    let mut files = entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    files.sort();
    Ok(files)
}

fn name(file: &Path) -> String {
    file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}
