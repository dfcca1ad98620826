//! `sign`: one key holder's signature on what is staged.

use super::answer::Answer;
use super::passphrase::Passphrases;
use super::rotate_root;
use anyhow::Result;
use publish::root::{RootModel, short};
use publish::staged::{Count, Staged};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

#[derive(clap::Args)]
pub struct Arguments {
    /// A private key (repeatable)
    #[arg(long, value_name = "FILE", required = true)]
    key: Vec<PathBuf>,
    /// The staged folder, as `pack` or `rotate-root` made it
    #[arg(long, value_name = "DIR", default_value = "staged")]
    staged: PathBuf,
    #[command(flatten)]
    passphrases: Passphrases,
}

impl Arguments {
    pub fn run(&self) -> Result<Answer> {
        let mut staged = Staged::read(&self.staged)?;
        let mut answer = describe(Answer::good(), &staged)?;
        for file in &self.key {
            let key = self.passphrases.unlock(file)?;
            let signed = staged.sign(&key)?.join(", ");
            answer = answer.line(format!("{} signed {signed}", short(key.id())));
        }
        staged.write(&self.staged)?;
        report(answer, &staged, &self.staged)
    }
}

/// Says what is to be signed: a key holder compares it with what was agreed.
fn describe(answer: Answer, staged: &Staged) -> Result<Answer> {
    let mut answer = answer;
    if let Some(root) = &staged.root {
        answer = rotate_root::describe(answer, &RootModel::read(root)?);
    }
    if let Some(issue) = staged.list()? {
        answer = answer.line(format!("list {}, good until {}", issue.version, issue.expires));
        for (name, bytes) in &staged.files {
            answer = answer.line(format!("  {name}: {} bytes", bytes.len()));
        }
    }
    Ok(answer)
}

/// Says how far the signatures have come, and what is next.
pub fn report(answer: Answer, staged: &Staged, folder: &Path) -> Result<Answer> {
    let counts = staged.counts()?;
    let is_complete = counts.iter().all(Count::is_complete);
    let mut answer = answer;
    for Count { file, by, tally } in &counts {
        answer = answer.line(format!("{file}: {} of {} signatures ({by})", tally.good, tally.needed));
    }
    let folder = folder.display().to_string();
    let next = if is_complete {
        format!("complete: publish it with `refresh --staged {folder}`")
    } else {
        format!("not complete: hand {folder} to the next key holder, who will `sign` it")
    };
    let fact = |Count { file, by, tally }: &Count| json!({ "file": file, "by": by, "good": tally.good, "needed": tally.needed });
    Ok(answer
        .line(next)
        .fact("staged", folder)
        .fact("complete", is_complete)
        .fact("signatures", counts.iter().map(fact).collect::<Vec<Value>>()))
}
