//! Reviewed entries to the files of the list. The same text gives the same bytes.

use crate::reviewed::{Revocation, Site};
use anyhow::{Context, Result, anyhow};
use bon_guichet::hosts::NotAHost;
use bon_guichet::list::{LIST, Packer, Record, Scope, shard_name};
use bon_guichet::trust::Time;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// The files of the official sites, by target name: the whole list, and the shards from which an
/// update puts it together.
pub fn sites(sites: &[Site]) -> Result<BTreeMap<String, Vec<u8>>> {
    let mut packers = BTreeMap::from([(LIST.to_owned(), Packer::default()), (shard_name(""), Packer::default())]);
    for site in sites {
        let record = Record {
            organisation: Cow::Borrowed(&site.organisation),
            purpose_fr: &site.purpose_fr,
            purpose_en: &site.purpose_en,
            telephone: &site.telephone,
            country: &site.country,
            department: &site.department,
            path: &site.path,
            sources: &site.sources,
            checked: days(&site.checked.0)?,
        };
        for name in [LIST.to_owned(), shard_name(&site.department)] {
            packers.entry(name).or_default().add(&site.host, site.scope, record.clone());
        }
    }
    packers.into_iter().map(|(name, packer)| Ok((name, packer.pack().map_err(not_a_host)?))).collect()
}

/// The file of revocations.
pub fn revocations(revocations: &[Revocation]) -> Result<Vec<u8>> {
    let mut packer = Packer::default();
    for revocation in revocations {
        let record = Record {
            purpose_fr: &revocation.reason,
            sources: &revocation.sources,
            checked: days(&revocation.checked.0)?,
            ..Record::default()
        };
        packer.add(&revocation.host, Scope::Revoked, record);
    }
    packer.pack().map_err(not_a_host)
}

fn not_a_host(NotAHost(text): NotAHost) -> anyhow::Error {
    anyhow!("{text:?} is no host")
}

fn days(date: &str) -> Result<u32> {
    let time = Time::parse(&format!("{date}T00:00:00Z")).with_context(|| format!("{date} is no day"))?;
    Ok(u32::try_from(time.0 / 86_400)?)
}
