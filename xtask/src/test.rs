//! `cargo xtask test`: every suite, and one closing line over all of them.

use crate::{build, command, paths, setup};
use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

#[derive(clap::Args)]
pub struct Arguments {
    /// Leave out the browsers
    #[arg(long)]
    no_browsers: bool,
}

/// A suite's name, and what runs it.
type Suite = (&'static str, fn() -> Result<Count>);

/// What a suite came to.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Count {
    passed: usize,
    failed: usize,
    skipped: usize,
}

impl Arguments {
    pub fn run(self) -> Result<()> {
        if self.no_browsers {
            setup::for_build()?;
        } else {
            setup::for_browsers()?;
        }
        build::development()?;
        let mut total = Count::default();
        let mut suites: Vec<Suite> = vec![
            ("format", format),
            ("lints", lints),
            ("lints of the WebAssembly part", wasm_lints),
            ("lint of the extension", extension_lint),
            ("native tests", native),
            ("WebAssembly tests", wasm),
        ];
        if !self.no_browsers {
            suites.push(("tests in real browsers", browsers));
        }
        for (name, suite) in suites {
            eprintln!("== {name}");
            let count = suite().unwrap_or_else(|error| {
                eprintln!("error: {error:#}");
                Count { failed: 1, ..Count::default() }
            });
            let ran_nothing = count.passed + count.failed == 0;
            if ran_nothing {
                eprintln!("error: the suite ran no test");
            }
            eprintln!("== {name}: {} passed, {} failed, {} skipped", count.passed, count.failed, count.skipped);
            total.passed += count.passed;
            total.failed += count.failed + usize::from(ran_nothing);
            total.skipped += count.skipped;
        }
        println!("{} passed, {} failed, {} skipped", total.passed, total.failed, total.skipped);
        ensure!(total.failed == 0, "{} failed", total.failed);
        Ok(())
    }
}

fn format() -> Result<Count> {
    one(cargo(&["fmt", "--all", "--check"]))
}

fn lints() -> Result<Count> {
    one(cargo(&["clippy", "--quiet", "--locked", "--workspace", "--all-targets", "--", "--deny", "warnings"]))
}

fn wasm_lints() -> Result<Count> {
    let target = ["--lib", "--target", "wasm32-unknown-unknown", "--", "--deny", "warnings"];
    one(cargo(&["clippy", "--quiet", "--locked", "--package", "bon-guichet"]).args(target))
}

/// Everything but the suites that start browsers.
fn native() -> Result<Count> {
    let but = ["--exclude", "lab", "--exclude", "e2e"];
    cargo_test(cargo(&["test", "--locked", "--workspace", "--no-fail-fast"]).args(but))
}

fn browsers() -> Result<Count> {
    let only = ["--package", "lab", "--package", "e2e", "--", "--test-threads=1"];
    cargo_test(cargo(&["test", "--locked", "--no-fail-fast"]).args(only))
}

fn wasm() -> Result<Count> {
    let mut node = Command::new("node");
    node.args(["--test", "--test-reporter=tap", "tests/wasm/"]).current_dir(paths::root());
    node.env("XTASK", std::env::current_exe()?);
    let mut count = Count::default();
    let succeeded = follow(&mut node, |line| {
        let number = |name: &str| line.strip_prefix(name).and_then(|rest| rest.trim().parse::<usize>().ok());
        count.passed += number("# pass ").unwrap_or_default();
        count.failed += number("# fail ").unwrap_or_default() + number("# cancelled ").unwrap_or_default();
        count.skipped += number("# skipped ").unwrap_or_default() + number("# todo ").unwrap_or_default();
    })?;
    Ok(with_status(count, succeeded))
}

/// addons-linter must have nothing to say of what Firefox is given.
fn extension_lint() -> Result<Count> {
    let folder = build::Target::Firefox.folder();
    let output = Command::new("node")
        .arg(command::npm_tool("web-ext/bin/web-ext.js")?)
        .args(["lint", "--output", "json", "--source-dir"])
        .arg(&folder)
        .output()
        .context("cannot start web-ext")?;
    let report: Value = serde_json::from_slice(&output.stdout)
        .with_context(|| format!("web-ext printed no JSON: {}", String::from_utf8_lossy(&output.stderr)))?;
    let findings = ["errors", "warnings", "notices"].map(|kind| report.pointer(&format!("/summary/{kind}")));
    if findings.iter().all(|found| found.and_then(Value::as_u64) == Some(0)) {
        return Ok(Count { passed: 1, ..Count::default() });
    }
    println!("{report:#}");
    Ok(Count { failed: 1, ..Count::default() })
}

fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new("cargo");
    command.args(arguments).current_dir(paths::root());
    command
}

/// A suite that is one check.
fn one(mut command: impl std::borrow::BorrowMut<Command>) -> Result<Count> {
    let succeeded = command.borrow_mut().status()?.success();
    Ok(with_status(Count { passed: usize::from(succeeded), ..Count::default() }, succeeded))
}

/// Adds up the closing lines of `cargo test`.
fn cargo_test(command: &mut Command) -> Result<Count> {
    let mut count = Count::default();
    let succeeded = follow(command, |line| {
        if let Some(closing) = line.strip_prefix("test result: ") {
            let number = |name: &str| {
                let before = closing.split_once(name)?.0;
                before.trim_end().rsplit(' ').next()?.parse::<usize>().ok()
            };
            count.passed += number("passed").unwrap_or_default();
            count.failed += number("failed").unwrap_or_default();
            count.skipped += number("ignored").unwrap_or_default();
        }
    })?;
    Ok(with_status(count, succeeded))
}

/// A program that failed without a failed test has failed all the same.
fn with_status(mut count: Count, succeeded: bool) -> Count {
    if !succeeded && count.failed == 0 {
        count.failed = 1;
    }
    count
}

/// Runs a program, passes its output on, and shows each line to `look`.
fn follow(command: &mut Command, mut look: impl FnMut(&str)) -> Result<bool> {
    let mut child = command.stdout(Stdio::piped()).spawn().with_context(|| format!("cannot start {command:?}"))?;
    let output = child.stdout.take().context("no output to follow")?;
    for line in BufReader::new(output).lines() {
        let line = line?;
        println!("{line}");
        look(&line);
    }
    Ok(child.wait()?.success())
}
