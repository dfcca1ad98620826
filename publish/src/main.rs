//! `bon-guichet-publish`: the publisher's command line.

mod cli;

fn main() -> std::process::ExitCode {
    cli::main()
}
