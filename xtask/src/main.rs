//! `cargo xtask VERB`: one file a verb.

mod build;
mod command;
mod icons;
mod judge;
mod list;
mod manifest;
mod paths;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Builds, tests, shows and measures Bon Guichet.
#[derive(Parser)]
#[command(name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Check, pack and sign the list of official sites
    List(list::Arguments),
    /// Build the extension for each browser into dist/
    Dist(build::Arguments),
    /// Judge URLs, one a line, from a file or standard input
    Judge(judge::Arguments),
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().verb {
        Verb::List(arguments) => arguments.run(),
        Verb::Dist(arguments) => arguments.run(),
        Verb::Judge(arguments) => arguments.run(),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
