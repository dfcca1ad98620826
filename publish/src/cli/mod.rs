//! `bon-guichet-publish VERB`: one file a verb. A verb returns an [`Answer`]; only this file prints.

mod answer;
mod moment;
mod passphrase;
mod progress;

mod check;
mod explain;
mod revoke;

mod init_root;
mod make_key;
mod pack;
mod refresh;
mod rotate_root;
mod sign;
mod verify;

mod cost;

use answer::Answer;
use anyhow::Result;
use bon_guichet::trust::Time;
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
    /// Work as at this moment, such as 2027-01-31T00:00:00Z: for rehearsals
    #[arg(long, global = true, value_name = "TIME", value_parser = moment::read)]
    now: Option<Time>,
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Check the reviewed text, and name every defect with file, line and remedy
    Check(check::Arguments),
    /// Say which entry speaks for a host, from which source and day, or why none does
    Explain(explain::Arguments),
    /// Strike a host off for good
    Revoke(revoke::Arguments),
    /// Make a key where its holder keeps it
    MakeKey(make_key::Arguments),
    /// Make the keys of a new publisher, and the first root
    InitRoot(init_root::Arguments),
    /// Change keys, thresholds or the last moment of the root
    RotateRoot(rotate_root::Arguments),
    /// Check and pack the reviewed text to a list that waits for signatures
    Pack(pack::Arguments),
    /// Add a signature to what is staged
    Sign(sign::Arguments),
    /// Publish what is staged, and sign snapshot and timestamp anew; to be run daily
    Refresh(refresh::Arguments),
    /// Let the core's own client update from a repository
    Verify(verify::Arguments),
    /// Print what a repository costs to serve, from the sizes of its files
    Cost(cost::Arguments),
}

impl Verb {
    fn run(self, now: Time) -> Result<Answer> {
        match self {
            Self::Check(arguments) => arguments.run(),
            Self::Explain(arguments) => arguments.run(now),
            Self::Revoke(arguments) => arguments.run(now),
            Self::MakeKey(arguments) => arguments.run(),
            Self::InitRoot(arguments) => arguments.run(now),
            Self::RotateRoot(arguments) => arguments.run(now),
            Self::Pack(arguments) => arguments.run(now),
            Self::Sign(arguments) => arguments.run(),
            Self::Refresh(arguments) => arguments.run(now),
            Self::Verify(arguments) => arguments.run(now),
            Self::Cost(arguments) => arguments.run(now),
        }
    }
}

/// Runs the verb of the command line. A wrong command line ends in clap, with exit code 2.
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match arguments.verb.run(arguments.now.unwrap_or_else(moment::now)) {
        Ok(answer) => answer.print(arguments.json),
        Err(error) => answer::refuse(&error, arguments.json),
    }
}
