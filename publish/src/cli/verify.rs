//! `verify`: what every client would make of a repository.

use super::answer::Answer;
use super::moment::DAY;
use anyhow::{Context, Result, anyhow};
use bon_guichet::trust::Time;
use publish::client::{Client, Updated};
use publish::published::Published;
use serde_json::json;
use std::path::PathBuf;

#[derive(clap::Args)]
pub struct Arguments {
    /// The repository: a folder with metadata/ and targets/
    #[arg(default_value = "repository")]
    repository: PathBuf,
    /// The root that clients came with; the repository's own first root unless given
    #[arg(long, value_name = "FILE")]
    root: Option<PathBuf>,
}

impl Arguments {
    pub fn run(&self, now: Time) -> Result<Answer> {
        let published = Published::open(&self.repository)?;
        let first = self.repository.join("metadata/1.root.json");
        let file = self.root.as_ref().unwrap_or(&first);
        let root = std::fs::read(file).with_context(|| format!("cannot read the root {}", file.display()))?;
        let updated = Client::new(root).update(now, |path| published.served(path));
        let name = self.repository.display();
        let updated = updated.map_err(|refusal| anyhow!("clients refuse {name} at {now}: {refusal}"))?;
        let answer = describe(Answer::good(), &updated, &published)?;
        let soon = published.expiries()?.into_iter().filter(|(_, issue)| issue.expires.0 < now.0 + 2 * DAY);
        Ok(soon.fold(answer, |answer, (name, _)| answer.line(format!("{name} expires within two days"))))
    }
}

/// Says what clients now have, and until when.
pub fn describe(answer: Answer, updated: &Updated, published: &Published) -> Result<Answer> {
    let mut answer = answer.line("clients accept the repository");
    let mut facts = serde_json::Map::new();
    for (name, issue) in published.expiries()? {
        answer = answer.line(format!("  {name:<9} {:>6}, good until {}", issue.version, issue.expires));
        facts.insert(name.to_owned(), json!({ "version": issue.version, "expires": issue.expires.to_string() }));
    }
    for (name, bytes) in &updated.files {
        answer = answer.line(format!("  {name}: {} bytes", bytes.len()));
    }
    let trusted = &updated.list.trusted;
    if trusted.root.is_development {
        answer = answer.line("development keys: a release build refuses this list");
    }
    let files = updated.files.iter().map(|(name, bytes)| (name.clone(), bytes.len().into())).collect();
    Ok(answer
        .fact("metadata", facts)
        .fact("files", serde_json::Value::Object(files))
        .fact("published", trusted.published.to_string())
        .fact("hosts", updated.list.list.len())
        .fact("development", trusted.root.is_development))
}
