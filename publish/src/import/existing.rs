//! What the data folder holds before an import: the lines of town halls, the entries that people
//! wrote, and the decisions of earlier reviews.

use super::review::{Decision, Review};
use crate::commune::{self, Line};
use crate::problem::Problem;
use crate::reviewed::{Reviewed, Site};
use crate::table::{Source, files_if_any};
use anyhow::Result;
use bon_guichet::list::Scope;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// What the data folder holds.
#[derive(Debug, Default)]
pub struct Existing {
    /// The lines of town halls, by INSEE code.
    pub lines: BTreeMap<String, Line>,
    /// The revoked hosts.
    pub revoked: BTreeSet<String>,
    /// The entries that people wrote.
    pub by_hand: Vec<Site>,
    /// By INSEE code and host: what an earlier review decided, and the marks it knew.
    pub decided: BTreeMap<(String, String), (Decision, String)>,
    hosts: BTreeSet<String>,
    domains: BTreeSet<String>,
}

impl Existing {
    /// Reads it; the defects of the town halls and the reviews are noted.
    pub fn read(data: &Path, reviewed: Reviewed, problems: &mut Vec<Problem>) -> Result<Self> {
        let mut existing = Self::default();
        for file in files_if_any(&data.join(commune::FOLDER), "tsv")? {
            let lines = commune::lines(&file, &Source::read(&file)?, problems);
            existing.lines.extend(lines.into_iter().map(|line| (line.insee.clone(), line)));
        }
        for file in files_if_any(&data.join("reviews"), "tsv")? {
            let review = Review::read(&file, &Source::read(&file)?, problems);
            for row in review.proposals.into_iter().filter(|row| row.decision != Decision::Later) {
                existing.decided.insert((row.insee, row.host), (row.decision, row.marks));
            }
        }
        existing.revoked = reviewed.revocations.into_iter().map(|revocation| revocation.host).collect();
        let is_by_hand = |site: &Site| site.place.file.extension().is_some_and(|ending| ending == "toml");
        existing.by_hand = reviewed.sites.into_iter().filter(is_by_hand).collect();
        for site in &existing.by_hand {
            match site.scope {
                Scope::Domain | Scope::Zone => existing.domains.insert(site.host.clone()),
                Scope::Host => existing.hosts.insert(site.host.clone()),
                Scope::Path | Scope::Revoked => false,
            };
        }
        Ok(existing)
    }

    /// Whether an entry that a person wrote speaks for the host already.
    pub fn is_written_by_hand(&self, host: &str) -> bool {
        let mut ancestors = std::iter::successors(Some(host), |host| host.split_once('.').map(|(_, parent)| parent));
        self.hosts.contains(host) || ancestors.any(|parent| self.domains.contains(parent))
    }
}
