//! `explain`: what the list says of a host, and where that is written.

use super::answer::Answer;
use super::progress;
use anyhow::Result;
use bon_guichet::trust::Time;
use publish::explain::explain;
use std::path::PathBuf;

#[derive(clap::Args)]
pub struct Arguments {
    /// A host, or a whole address
    host: String,
    /// The folder of reviewed text
    #[arg(long, value_name = "DIR", default_value = "data")]
    data: PathBuf,
}

impl Arguments {
    pub fn run(&self, now: Time) -> Result<Answer> {
        let spinner = progress::spinner("packing");
        let explanation = explain(&self.data, &self.host, now)?;
        spinner.finish_and_clear();
        let answer = explanation.lines.into_iter().fold(Answer::good(), Answer::line);
        Ok(explanation.facts.into_iter().fold(answer, |answer, (name, value)| answer.fact(&name, value)))
    }
}
