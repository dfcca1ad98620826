//! `check`: every defect of the reviewed text.

use super::answer::Answer;
use super::progress;
use anyhow::Result;
use publish::build;
use publish::problem::Problem;
use serde_json::{Value, json};
use std::path::PathBuf;

#[derive(clap::Args)]
pub struct Arguments {
    /// The folder of reviewed text
    #[arg(long, default_value = "data")]
    data: PathBuf,
}

impl Arguments {
    pub fn run(self) -> Result<Answer> {
        let spinner = progress::spinner("checking");
        let reviewed = build::check(&self.data)?;
        spinner.finish_and_clear();
        let problems = &reviewed.problems;
        let mut answer = if problems.is_empty() { Answer::good() } else { Answer::defects() };
        for problem in problems {
            answer = answer.line(problem.to_string());
        }
        let (sites, revocations) = (reviewed.sites.len(), reviewed.revocations.len());
        let defects = problems.len();
        Ok(answer
            .line(format!("{sites} official sites, {revocations} revocations, {defects} defects"))
            .fact("sites", sites)
            .fact("revocations", revocations)
            .fact("defects", problems.iter().map(fact).collect::<Vec<_>>()))
    }
}

fn fact(problem: &Problem) -> Value {
    json!({
        "file": problem.place.file, "line": problem.place.line,
        "subject": problem.subject, "what": problem.what, "remedy": problem.remedy,
    })
}
