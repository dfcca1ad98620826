//! What entries are held against: the sources they may cite, and where a name has one owner.

use crate::problem::Problem;
use crate::table::{Source, Table};
use anyhow::{Context, Result};
use bon_guichet::hosts::Key;
use bon_guichet::public_suffix::PublicSuffixes;
use std::collections::BTreeMap;
use std::path::Path;
use toml::de::DeValue;

/// What entries are held against.
pub struct Rules<'s> {
    /// What to show of a source, by its id; nothing where sources.toml could not be read.
    pub sources: Option<BTreeMap<String, String>>,
    platforms: Vec<String>,
    suffixes: PublicSuffixes<'s>,
}

impl<'s> Rules<'s> {
    /// Reads `sources.toml` and `shared-platforms.toml` of a data folder.
    pub fn read(data: &Path, suffixes: &PublicSuffixes<'s>, problems: &mut Vec<Problem>) -> Result<Self> {
        let sources = read_sources(&data.join("sources.toml"), problems)?;
        let platforms = read_platforms(&data.join("shared-platforms.toml"))?;
        Ok(Self { sources, platforms, suffixes: *suffixes })
    }

    /// The platforms that the Public Suffix List does not name.
    pub fn into_platforms(self) -> Vec<String> {
        self.platforms
    }

    /// Whether each name below the host has its own owner.
    pub fn is_public_suffix(&self, host: &str) -> bool {
        Key::of(host).is_some_and(|key| self.suffixes.suffix_of(&key).key_len == host.len() + 1)
    }

    /// The platform, unknown to the Public Suffix List, that the host is or stands on.
    pub fn platform_of(&self, host: &str) -> Option<&str> {
        let below = |platform: &&String| host == platform.as_str() || host.ends_with(&format!(".{platform}"));
        self.platforms.iter().find(below).map(String::as_str)
    }
}

fn read_sources(file: &Path, problems: &mut Vec<Problem>) -> Result<Option<BTreeMap<String, String>>> {
    let text = Source::read(file)?;
    let source = Source { file, text: &text };
    let mut shown = BTreeMap::new();
    let Some(document) = source.parse(problems) else { return Ok(None) };
    let mut whole = Table::new(&source, "file", 0, document.get_ref());
    for (id, value) in document.get_ref() {
        let DeValue::Table(members) = value.get_ref() else {
            whole.refuse(id.get_ref(), "is no source", "start each with its id in square brackets");
            continue;
        };
        let mut table = Table::new(&source, id.get_ref(), id.span().start, members);
        let publisher = table.text("publisher");
        for field in ["title", "place", "licence"] {
            table.text(field);
        }
        if let Some(date) = table.date("date") {
            shown.insert(id.get_ref().to_string(), format!("{publisher} ({})", date.0));
        }
        problems.extend(table.finish());
    }
    problems.extend(whole.problems);
    Ok(Some(shown))
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
