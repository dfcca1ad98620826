//! `cargo xtask VERB`: one file a verb.

mod bench;
mod browse;
mod build;
mod character_code;
mod command;
mod demo;
mod evaluate;
mod icons;
mod judge;
mod list;
mod manifest;
mod messages;
mod paths;
mod setup;
mod test;
mod tuf_client;

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
    /// Show the extension in a browser, on examples served on this computer
    Demo(demo::Arguments),
    /// Run every test
    Test(test::Arguments),
    /// Install what building and testing take
    Setup(setup::Arguments),
    /// Judge URLs, one a line, from a file or standard input
    Judge(judge::Arguments),
    /// Count the packed map's static code anew from lists of hosts
    CharacterCode(character_code::Arguments),
    /// Measure how good a rule is on labelled hosts
    Evaluate(evaluate::Arguments),
    /// Measure speed and size, each beside a reference
    Bench(bench::Arguments),
    /// Run the updater behind the command line of the public suite tuf-conformance, or print where it is
    TufClient(tuf_client::Arguments),
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().verb {
        Verb::List(arguments) => arguments.run(),
        Verb::Dist(arguments) => arguments.run(),
        Verb::Demo(arguments) => arguments.run(),
        Verb::Test(arguments) => arguments.run(),
        Verb::Setup(arguments) => arguments.run(),
        Verb::Judge(arguments) => arguments.run(),
        Verb::CharacterCode(arguments) => arguments.run(),
        Verb::Evaluate(arguments) => arguments.run(),
        Verb::Bench(arguments) => arguments.run(),
        Verb::TufClient(arguments) => arguments.run(),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
