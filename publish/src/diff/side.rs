//! A list to compare: a data folder.

use crate::reviewed::{Revocation, Site};
use crate::{build, reviewed, suffix_list};
use anyhow::{Context, Result, bail};
use bon_guichet::list::Scope;
use std::collections::BTreeMap;
use std::path::Path;

/// What tells one entry from another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    /// The host.
    pub host: String,
    /// How far it reaches.
    pub scope: Scope,
    /// For [`Scope::Path`]; otherwise empty.
    pub path: String,
}

/// What an entry says, by the name of the field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// What tells it from another.
    pub key: Key,
    /// INSEE code of the département; empty for a national entry.
    pub department: String,
    /// Who answers for it; for a revocation, the reason's word.
    pub organisation: String,
    /// What else it says to people, by the field's name.
    pub texts: [(&'static str, String); 4],
    /// Its sources and the day of the check.
    pub evidence: String,
}

/// A list.
#[derive(Debug, Clone, Default)]
pub struct Side {
    /// Its folder.
    pub name: String,
    /// Its entries and revocations.
    pub entries: BTreeMap<Key, Listed>,
}

impl Side {
    /// Reads a folder. Refuses a data folder with defects.
    pub fn read(folder: &Path) -> Result<Self> {
        let name = folder.display().to_string();
        if !folder.join("official-sites").is_dir() {
            bail!("{name} is no data folder: it has no official-sites/");
        }
        let suffixes = suffix_list::packed()?;
        let reviewed = reviewed::read(folder, &build::open_suffixes(&suffixes)?).with_context(|| name.clone())?;
        if !reviewed.problems.is_empty() {
            bail!("{name} has {} defects: see `check`, and mend them first", reviewed.problems.len());
        }
        let sites = reviewed.sites.into_iter().map(of_site);
        let all = sites.chain(reviewed.revocations.into_iter().map(of_revocation));
        Ok(Self { name, entries: all.map(|listed| (listed.key.clone(), listed)).collect() })
    }

    /// How many entries of official sites it has, and how many revocations.
    pub fn counts(&self) -> (usize, usize) {
        let revoked = self.entries.keys().filter(|key| key.scope == Scope::Revoked).count();
        (self.entries.len() - revoked, revoked)
    }
}

fn of_site(site: Site) -> Listed {
    Listed {
        key: Key { host: site.host, scope: site.scope, path: site.path },
        department: site.department,
        organisation: site.organisation,
        texts: [
            ("purpose (fr)", site.purpose_fr),
            ("purpose (en)", site.purpose_en),
            ("telephone", site.telephone),
            ("country", site.country),
        ],
        evidence: format!("{}; {}", site.sources, site.checked),
    }
}

fn of_revocation(revocation: Revocation) -> Listed {
    Listed {
        key: Key { host: revocation.host, scope: Scope::Revoked, path: String::new() },
        department: String::new(),
        organisation: revocation.reason,
        texts: ["purpose (fr)", "purpose (en)", "telephone", "country"].map(|name| (name, String::new())),
        evidence: format!("{}; {}", revocation.sources, revocation.checked),
    }
}
