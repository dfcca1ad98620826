//! The built extension (`cargo xtask dist`) in both browsers, with the network cut: every host is
//! served on loopback under its real name.
//!
//! `cargo test -p e2e -- firefox` runs one browser, `cargo test -p e2e -- popup` one subject.

#![allow(clippy::indexing_slicing, reason = "it means `value[\"key\"]` on JSON, which does not panic")]

mod broken_list;
mod popup;
mod stage;
#[allow(
    clippy::panic,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    dead_code,
    reason = "it is shared with other suites"
)]
#[path = "../../cases/table.rs"]
mod table;
mod toolbar;
mod update;
mod whole;

use lab::browser::Kind;
use libtest_mimic::{Arguments, Trial, run};
use stage::{Shared, Stage};

/// A scenario: its name and what it does on a stage that others use before and after it.
type Scenario = (&'static str, fn(&mut Stage) -> anyhow::Result<()>);

fn main() {
    let mut arguments = Arguments::from_args();
    // Scenarios share a browser, one after the other.
    arguments.test_threads = Some(1);
    let stages: Vec<Shared> = Kind::ALL.into_iter().map(Shared::new).collect();
    let mut trials = Vec::new();
    for stage in &stages {
        let subjects = [
            ("toolbar", toolbar::ALL),
            ("popup", popup::ALL),
            ("broken_list", broken_list::ALL),
            ("update", update::ALL),
            ("whole", whole::ALL),
        ];
        for (subject, scenarios) in subjects {
            for (name, scenario) in scenarios {
                let stage = stage.clone();
                let name = format!("{}::{subject}::{name}", stage.kind());
                trials.push(Trial::test(name, move || {
                    stage.with(*scenario).map_err(|error| format!("{error:#}").into())
                }));
            }
        }
    }
    let conclusion = run(&arguments, trials);
    // Ends the browsers: `exit` drops nothing.
    stages.iter().for_each(Shared::close);
    conclusion.exit();
}
