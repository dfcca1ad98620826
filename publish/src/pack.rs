//! Reviewed entries to the files of the list. The same text gives the same bytes.

use crate::reviewed::{Revocation, Site};
use anyhow::{Context, Result, anyhow};
use bon_guichet::hosts::NotAHost;
use bon_guichet::list::{Packer, Record, Scope};
use bon_guichet::trust::Time;

/// The file of official sites.
pub fn sites(sites: &[Site]) -> Result<Vec<u8>> {
    let mut packer = Packer::default();
    for site in sites {
        let record = Record {
            organisation: &site.organisation,
            purpose_fr: &site.purpose_fr,
            purpose_en: &site.purpose_en,
            telephone: &site.telephone,
            country: &site.country,
            path: &site.path,
            sources: &site.sources,
            checked: days(&site.checked.0)?,
        };
        packer.add(&site.host, site.scope, record);
    }
    packer.pack().map_err(not_a_host)
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
