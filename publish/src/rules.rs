//! What entries are held against: the sources and reviews they may cite, and where a name has one
//! owner.

use crate::date::Date;
use crate::import::review::Review;
use crate::problem::Problem;
use crate::table::{Source, Table, files_if_any};
use anyhow::{Context, Result};
use bon_guichet::address::{Address, url_crate};
use bon_guichet::hosts::Key;
use bon_guichet::public_suffix::PublicSuffixes;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use toml::de::DeValue;

/// A source that entries may cite.
pub struct Cited {
    /// Publisher and date, for people.
    pub shown: String,
    /// The day of its content.
    pub date: Date,
    /// Under which it may be used.
    pub licence: String,
}

/// What entries are held against.
pub struct Rules<'s> {
    /// The sources by id; nothing where sources.toml could not be read.
    pub sources: Option<BTreeMap<String, Cited>>,
    /// The files of `reviews/` that somebody has signed off, without their ending.
    pub reviews: BTreeSet<String>,
    platforms: Vec<String>,
    suffixes: PublicSuffixes<'s>,
}

impl<'s> Rules<'s> {
    /// Reads `sources.toml`, `shared-platforms.toml` and the names of `reviews/` of a data folder.
    pub fn read(data: &Path, suffixes: &PublicSuffixes<'s>, problems: &mut Vec<Problem>) -> Result<Self> {
        let sources = read_sources(&data.join("sources.toml"), problems)?;
        let platforms = read_platforms(&data.join("shared-platforms.toml"))?;
        let mut signed_off = BTreeSet::new();
        for file in files_if_any(&data.join("reviews"), "tsv")? {
            let stem = file.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
            if Review::is_signed_off(&Source::read(&file)?) {
                signed_off.insert(stem.to_owned());
            }
        }
        Ok(Self { sources, reviews: signed_off, platforms, suffixes: *suffixes })
    }

    /// What is wrong with an entry's host, and what to do.
    pub fn defect_of_host(&self, host: &str) -> Option<(String, &'static str)> {
        let url = format!("https://{host}/");
        let is_host = Address::read(&url, url_crate, None).is_ok_and(|address| address.host() == host);
        if !is_host || Key::of(host).is_none() {
            let remedy = "write a public host alone: lower case, ASCII (punycode for accents), no scheme, port or path";
            return Some((format!("is {host:?}, which is no public host"), remedy));
        }
        let is_twin = host.strip_prefix("www.").is_some_and(|twin| !self.is_public_suffix(twin));
        is_twin.then(|| ("starts with `www.`".to_owned(), "leave `www.` out: the twin is matched by itself"))
    }

    /// The platforms that the Public Suffix List does not name.
    pub fn into_platforms(self) -> Vec<String> {
        self.platforms
    }

    /// Whether each name below the host has its own owner.
    pub fn is_public_suffix(&self, host: &str) -> bool {
        Key::of(host).is_some_and(|key| self.suffixes.suffix_of(&key).key_len == host.len() + 1)
    }

    /// Whether the host stands on a platform of the Public Suffix List's private section.
    pub fn is_on_private_suffix(&self, host: &str) -> bool {
        Key::of(host).is_some_and(|key| self.suffixes.suffix_of(&key).private)
    }

    /// What the host's owner registered; the host itself where it is a public suffix.
    pub fn registrable<'h>(&self, host: &'h str) -> &'h str {
        let url = format!("https://{host}/");
        let len = Address::read(&url, url_crate, Some(&self.suffixes))
            .ok()
            .and_then(|address| address.registrable_domain().map(str::len))
            .unwrap_or(host.len());
        host.get(host.len().saturating_sub(len)..).unwrap_or(host)
    }

    /// The platform, unknown to the Public Suffix List, that the host is or stands on.
    pub fn platform_of(&self, host: &str) -> Option<&str> {
        let below = |platform: &&String| host == platform.as_str() || host.ends_with(&format!(".{platform}"));
        self.platforms.iter().find(below).map(String::as_str)
    }
}

fn read_sources(file: &Path, problems: &mut Vec<Problem>) -> Result<Option<BTreeMap<String, Cited>>> {
    let text = Source::read(file)?;
    let source = Source { file, text: &text };
    let mut sources = BTreeMap::new();
    let Some(document) = source.parse(problems) else { return Ok(None) };
    let mut whole = Table::new(&source, "file", 0, document.get_ref());
    for (id, value) in document.get_ref() {
        let DeValue::Table(members) = value.get_ref() else {
            whole.refuse(id.get_ref(), "is no source", "start each with its id in square brackets");
            continue;
        };
        let mut table = Table::new(&source, id.get_ref(), id.span().start, members);
        let publisher = table.text("publisher");
        table.text("title");
        table.text("place");
        let licence = table.text("licence");
        if let Some(date) = table.date("date") {
            sources.insert(id.get_ref().to_string(), Cited { shown: format!("{publisher} ({date})"), date, licence });
        }
        problems.extend(table.finish());
    }
    problems.extend(whole.problems);
    Ok(Some(sources))
}

fn read_platforms(file: &Path) -> Result<Vec<String>> {
    #[derive(serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Platforms {
        domains: Vec<String>,
    }
    let text = Source::read(file)?;
    let platforms: Platforms = toml::from_str(&text).with_context(|| format!("{}", file.display()))?;
    Ok(platforms.domains)
}
