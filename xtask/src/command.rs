//! Runs other programs.

use crate::paths;
use anyhow::{Context, Result, ensure};
use std::path::PathBuf;
use std::process::Command;

/// Runs a program to its end; its output goes where ours goes.
pub fn run(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("cannot start {command:?}"))?;
    ensure!(status.success(), "{command:?} failed: {status}");
    Ok(())
}

/// Runs a program to its end and takes what it printed.
pub fn output(command: &mut Command) -> Result<String> {
    let output = command.output().with_context(|| format!("cannot start {command:?}"))?;
    ensure!(output.status.success(), "{command:?} failed: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).with_context(|| format!("{command:?} printed no text"))
}

/// A script of an npm package that `package-lock.json` locks.
pub fn npm_tool(script: &str) -> Result<PathBuf> {
    let file = paths::root().join("node_modules").join(script);
    ensure!(file.exists(), "{} is missing: run `cargo xtask setup`", file.display());
    Ok(file)
}
