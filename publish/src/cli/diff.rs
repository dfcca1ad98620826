//! `diff`: what changed between two lists.

use super::answer::Answer;
use super::progress;
use anyhow::{Context, Result};
use publish::diff::{self, Change, Kind, Side};
use serde_json::{Value, json};
use std::path::PathBuf;

#[derive(clap::Args)]
pub struct Arguments {
    /// The older list: a folder of reviewed text, or of a signed list
    before: PathBuf,
    /// The newer list
    after: PathBuf,
    /// Write the changes to this file as one page as well
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
}

impl Arguments {
    pub fn run(self) -> Result<Answer> {
        let spinner = progress::spinner("comparing");
        let (before, after) = (Side::read(&self.before)?, Side::read(&self.after)?);
        let changes = diff::compare(&before, &after);
        spinner.finish_and_clear();
        let mut answer = diff::lines(&before, &after, &changes).into_iter().fold(Answer::good(), Answer::line);
        for kind in Kind::ALL {
            let of_it = changes.iter().filter(|change| change.kind == kind).map(fact);
            answer = answer.fact(kind.word(), of_it.collect::<Vec<_>>());
        }
        if let Some(file) = self.html {
            let page = diff::page(&before, &after, &changes);
            std::fs::write(&file, page).with_context(|| format!("cannot write {}", file.display()))?;
            answer = answer.line(format!("\nas a page: {}", file.display()));
        }
        Ok(answer)
    }
}

fn fact(change: &Change) -> Value {
    let fields = change.fields().into_iter();
    let fields = fields.map(|(name, before, after)| (name.to_owned(), json!({ "before": before, "after": after })));
    json!({
        "host": change.listed().map(|listed| &listed.key.host),
        "organisation": change.listed().map(|listed| &listed.organisation),
        "department": change.listed().map(|listed| &listed.department),
        "fields": fields.collect::<serde_json::Map<_, _>>(),
    })
}
