//! `cost`: what a repository costs to serve to so many installs.

use super::answer::Answer;
use super::progress;
use anyhow::{Result, ensure};
use bon_guichet::trust::Time;
use publish::cost::{Assumed, Costs, Load, measure};
use publish::published::Published;
use serde_json::{Value, json};
use std::path::PathBuf;

#[derive(clap::Args)]
pub struct Arguments {
    /// The repository
    #[arg(default_value = "repository")]
    repository: PathBuf,
    /// How many installs (repeatable)
    #[arg(long, value_name = "N", default_values_t = [1_000_000, 10_000_000])]
    installs: Vec<u32>,
    /// Lists published a month
    #[arg(long, value_name = "N", default_value_t = 1.0)]
    lists: f64,
    /// Entries by département that change a month
    #[arg(long, value_name = "N", default_value_t = 115.0)]
    changes: f64,
    /// Days from one snapshot to the next where no list comes between
    #[arg(long, value_name = "N", default_value_t = 30.0)]
    snapshot_days: f64,
    /// Bytes of handshake and headers that are counted for each visit
    #[arg(long, value_name = "BYTES", default_value_t = 0.0)]
    overhead: f64,
}

impl Arguments {
    pub fn run(&self, now: Time) -> Result<Answer> {
        let sound = self.lists > 0.0 && self.snapshot_days > 0.0 && self.changes >= 0.0 && self.overhead >= 0.0;
        ensure!(sound, "--lists and --snapshot-days must be above 0, --changes and --overhead not below");
        let Self { lists, changes, snapshot_days, overhead, .. } = *self;
        let assumed = Assumed { lists, changes, snapshot_days, overhead };
        let bar = progress::bar(0, "compressing");
        let count = |files: usize| {
            bar.set_length(files as u64);
            bar.inc(1);
        };
        let costs = measure(&Published::open(&self.repository)?, assumed, now, count)?;
        bar.finish_and_clear();
        Ok(self.per_installs(per_install(Answer::good(), &costs), &costs))
    }

    fn per_installs(&self, answer: Answer, costs: &Costs) -> Answer {
        let mut answer = answer.line("\n| installs | the list is fetched | requests a day | a second | GB a day |");
        answer = answer.line("| ---: | --- | ---: | ---: | ---: |");
        let mut facts = Vec::new();
        for &installs in &self.installs {
            for (how, load) in [("whole", costs.mean_whole), ("by changed parts", costs.mean_by_parts)] {
                let requests = load.requests * f64::from(installs);
                let bytes = load.bytes * f64::from(installs);
                let (second, giga) = (requests / 86_400.0, bytes / 1e9);
                answer = answer.line(format!("| {installs} | {how} | {requests:.0} | {second:.0} | {giga:.1} |"));
                facts.push(
                    json!({ "installs": installs, "fetched": how, "requests_a_day": requests, "bytes_a_day": bytes }),
                );
            }
        }
        answer.fact("a_day", facts)
    }
}

fn per_install(answer: Answer, costs: &Costs) -> Answer {
    let mut answer = answer.line("| file | bytes | on the wire |").line("| --- | ---: | ---: |");
    let mut files = serde_json::Map::new();
    for file in &costs.files {
        answer = answer.line(format!("| {} | {} | {} |", file.name, file.bytes, file.wire));
        files.insert(file.name.clone(), json!({ "bytes": file.bytes, "wire": file.wire }));
    }
    let (parts, changed) = costs.parts;
    if parts > 0 {
        answer =
            answer.line(format!("\n{changed:.1} of {parts} parts are expected to change from one list to the next."));
    }
    answer = answer.line("\n| an install | requests | bytes |").line("| --- | ---: | ---: |");
    let mut loads = serde_json::Map::new();
    for (what, load) in [
        ("a day without a new list", costs.quiet_day),
        ("a new list, fetched whole", costs.whole),
        ("a new list, by changed parts", costs.by_parts),
        ("a mean day, fetched whole", costs.mean_whole),
        ("a mean day, by changed parts", costs.mean_by_parts),
    ] {
        let Load { requests, bytes } = load;
        answer = answer.line(format!("| {what} | {requests:.2} | {bytes:.0} |"));
        loads.insert(what.replace([' ', ','], "_").replace("__", "_"), json!({ "requests": requests, "bytes": bytes }));
    }
    answer
        .fact("files", Value::Object(files))
        .fact("parts", parts)
        .fact("parts_changed", changed)
        .fact("an_install", loads)
}
