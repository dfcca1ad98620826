//! A list to compare: a data folder, or the folder of a signed list.

use crate::date::Date;
use crate::reviewed::{Revocation, Site};
use crate::{build, reviewed, suffix_list};
use anyhow::{Context, Result, anyhow, bail};
use bon_guichet::list::{Record, Scope, SignedList, TARGETS};
use bon_guichet::trust::Time;
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
    /// Reads a folder: of reviewed text without defect, or of a signed list.
    pub fn read(folder: &Path) -> Result<Self> {
        let name = folder.display().to_string();
        let all = if folder.join(TARGETS).is_file() {
            signed(folder)?
        } else if folder.join("official-sites").is_dir() {
            of_text(folder)?
        } else {
            bail!("{name} is no list: it has neither official-sites/ nor {TARGETS}")
        };
        Ok(Self { name, entries: all.into_iter().map(|listed| (listed.key.clone(), listed)).collect() })
    }

    /// How many entries of official sites it has, and how many revocations.
    pub fn counts(&self) -> (usize, usize) {
        let revoked = self.entries.keys().filter(|key| key.scope == Scope::Revoked).count();
        (self.entries.len() - revoked, revoked)
    }
}

/// The entries of a data folder.
fn of_text(folder: &Path) -> Result<Vec<Listed>> {
    let suffixes = suffix_list::packed()?;
    let reviewed = reviewed::read(folder, &build::open_suffixes(&suffixes)?)?;
    if !reviewed.problems.is_empty() {
        bail!("{} has {} defects: see `check`, and mend them first", folder.display(), reviewed.problems.len());
    }
    let sites = reviewed.sites.into_iter().map(of_site);
    Ok(sites.chain(reviewed.revocations.into_iter().map(of_revocation)).collect())
}

/// The entries of a signed list, accepted as the extension accepts it, but for its dates.
fn signed(folder: &Path) -> Result<Vec<Listed>> {
    let list = SignedList::read(|name| std::fs::read(folder.join(name)).ok())
        .map_err(|refusal| anyhow!("the list at {} is refused: {refusal:?}", folder.display()))?;
    let mut all = Vec::new();
    let read = list.list.for_each(|host, scope, record| all.push(of_record(host, scope, &record)));
    read.with_context(|| format!("the list at {} is damaged", folder.display()))?;
    Ok(all)
}

fn of_record(host: String, scope: Scope, record: &Record) -> Listed {
    let checked = Date::of(Time(u64::from(record.checked) * 86_400));
    let (organisation, purpose_fr) = match scope {
        Scope::Revoked => (record.purpose_fr, ""),
        _ => (record.organisation.as_ref(), record.purpose_fr),
    };
    Listed {
        key: Key { host, scope, path: record.path.to_owned() },
        department: record.department.to_owned(),
        organisation: organisation.to_owned(),
        texts: [
            ("purpose (fr)", purpose_fr.to_owned()),
            ("purpose (en)", record.purpose_en.to_owned()),
            ("telephone", record.telephone.to_owned()),
            ("country", record.country.to_owned()),
        ],
        evidence: format!("{}; {checked}", record.sources),
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
