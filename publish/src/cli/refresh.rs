//! `refresh`: takes in what is staged, and signs snapshot and timestamp anew.

use super::answer::Answer;
use super::moment::DAY;
use super::passphrase::Passphrases;
use super::verify;
use anyhow::{Context, Result};
use bon_guichet::trust::Time;
use publish::published::{Published, Terms};
use publish::staged::Staged;
use std::path::PathBuf;

#[derive(clap::Args)]
pub struct Arguments {
    /// The repository
    #[arg(long, value_name = "DIR", default_value = "repository")]
    repository: PathBuf,
    /// Publish what is staged in this folder, and remove the folder
    #[arg(long, value_name = "DIR")]
    staged: Option<PathBuf>,
    /// An online private key (repeatable)
    #[arg(long, value_name = "FILE")]
    key: Vec<PathBuf>,
    /// Days that the timestamp is good for: how long the daily run may fail before clients stop updating
    #[arg(long, value_name = "N", default_value_t = 7, value_parser = clap::value_parser!(u64).range(1..=366))]
    timestamp_days: u64,
    /// Days that a snapshot is good for; it is signed anew when half of them are past
    #[arg(long, value_name = "N", default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=366))]
    snapshot_days: u64,
    #[command(flatten)]
    passphrases: Passphrases,
}

impl Arguments {
    pub fn run(&self, now: Time) -> Result<Answer> {
        let published = Published::open(&self.repository)?;
        let staged = self.staged.as_ref().map(|folder| Staged::read(folder)).transpose()?;
        let keys = self.key.iter().map(|file| self.passphrases.unlock(file)).collect::<Result<Vec<_>>>()?;
        let terms = Terms { timestamp: self.timestamp_days * DAY, snapshot: self.snapshot_days * DAY };
        let refreshed = published.refresh(staged.as_ref(), &keys, terms, now)?;
        if let Some(folder) = &self.staged {
            let published = || format!("all is published, but {} cannot be removed", folder.display());
            std::fs::remove_dir_all(folder).with_context(published)?;
        }
        let mut answer = Answer::good();
        for path in &refreshed.written {
            answer = answer.line(format!("wrote {path}"));
        }
        answer = answer.fact("written", refreshed.written);
        match refreshed.updated {
            Some(updated) => verify::describe(answer, &updated, &Published::open(&self.repository)?),
            None => Ok(answer.line("there is no list yet: `pack` one")),
        }
    }
}
