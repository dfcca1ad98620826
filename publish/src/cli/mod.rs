//! `bon-guichet-publish VERB`: one file a verb. A verb returns an [`Answer`]; only this file prints.

mod answer;

mod check;
mod import;

use answer::Answer;
use anyhow::Result;
use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Checks, packs, signs and publishes the list of official sites.
#[derive(Parser)]
#[command(
    name = "bon-guichet-publish",
    version,
    after_help = "Exit codes: 0 all is good; 1 defects were found, or the work was refused; 2 the command line is wrong."
)]
struct Arguments {
    /// Answer with one JSON document on standard output
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Check the reviewed text, and name every defect with file, line and remedy
    Check(check::Arguments),
    /// Propose what a publisher's file would change, or apply what was signed off
    Import(import::Arguments),
}

impl Verb {
    fn run(self) -> Result<Answer> {
        match self {
            Self::Check(arguments) => arguments.run(),
            Self::Import(arguments) => arguments.run(),
        }
    }
}

/// Runs the verb of the command line. A wrong command line ends in clap, with exit code 2.
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match arguments.verb.run() {
        Ok(answer) => answer.print(arguments.json),
        Err(error) => answer::refuse(&error, arguments.json),
    }
}
