//! The suite's command line.

use anyhow::{Context, Result, bail};
use std::collections::BTreeMap;

pub struct Arguments {
    pub metadata_dir: String,
    pub command: Command,
}

pub enum Command {
    Init { root: String },
    Refresh { metadata_url: String },
    Download { metadata_url: String, target_names: Vec<String>, target_base_url: String, target_dir: String },
}

impl Arguments {
    pub fn parse(mut words: impl Iterator<Item = String>) -> Result<Self> {
        let mut options: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut plain = Vec::new();
        while let Some(word) = words.next() {
            match word.strip_prefix("--") {
                Some(name) => {
                    let value = words.next().with_context(|| format!("--{name} needs a value"))?;
                    options.entry(name.to_owned()).or_default().push(value);
                }
                None => plain.push(word),
            }
        }
        let mut all = |name: &str| options.remove(name).with_context(|| format!("--{name} is missing"));
        let metadata_dir = last(all("metadata-dir")?);
        let mut plain = plain.into_iter();
        let command = match plain.next().as_deref() {
            Some("init") => Command::Init { root: plain.next().context("init needs a root")? },
            Some("refresh") => Command::Refresh { metadata_url: last(all("metadata-url")?) },
            Some("download") => Command::Download {
                metadata_url: last(all("metadata-url")?),
                target_names: all("target-name")?,
                target_base_url: last(all("target-base-url")?),
                target_dir: last(all("target-dir")?),
            },
            _ => bail!("init, refresh or download?"),
        };
        Ok(Self { metadata_dir, command })
    }
}

fn last(mut values: Vec<String>) -> String {
    values.pop().unwrap_or_default()
}
