//! The shipped module in Node, through the scripts of `bench/`.

use super::table::{Group, Row, Unit};
use super::{Input, median};
use crate::build::Target;
use crate::{command, paths};
use anyhow::{Context, Result};
use serde_json::Value;
use std::ffi::OsStr;
use std::process::Command;

/// Fresh processes, for what happens once in each.
const PROCESSES: usize = 11;

pub fn verdicts(input: &Input) -> Result<Vec<Group>> {
    let package = Target::Chrome.folder();
    let found = script("verdict.mjs", [package.as_os_str(), input.mix.as_os_str(), input.hosts.as_os_str()])?;
    let ours = number(&found, "core")?;
    let unit = Unit::Nanoseconds;
    let beside =
        |what: &str, name: &str| -> Result<Row> { Ok(Row::reference(what, number(&found, name)?, unit, ours)) };
    Ok(vec![Group {
        title: "Verdict on a navigation from JavaScript, in Node, crossing included".to_owned(),
        rows: vec![
            Row::ours("core.state(url, now)", ours, unit).at_most(1000.0),
            // 1 µs where `new URL` takes 360 ns.
            beside("new URL(url).hostname alone", "url")?.at_most_times(2.8),
            beside("tldts.getDomain(url) alone", "tldts")?,
            beside("a Set of the hosts with suffix walk, URL in", "set")?,
            beside("the same, host in", "set_of_host")?,
        ],
    }])
}

pub fn starts(input: &Input) -> Result<Vec<Group>> {
    let package = Target::Chrome.folder();
    let mut rounds = Vec::new();
    for round in 0..PROCESSES {
        // What comes first in a process pays for more.
        let first = if round % 2 == 0 { "ours" } else { "set" };
        let arguments = [package.as_os_str(), input.hosts.as_os_str(), OsStr::new(first)];
        rounds.push(script("start.mjs", arguments)?);
    }
    let middle = |name: &str| median(rounds.iter().map(|round| number(round, name)).collect::<Result<_>>()?);
    let (init, cold, warm) = (middle("init")?, middle("open_cold")?, middle("open_warm")?);
    let unit = Unit::Milliseconds;
    Ok(vec![Group {
        title: "Packaged list verified and ready, in Node".to_owned(),
        rows: vec![
            Row::ours("Core.open(files), first call of a process", cold, unit).at_most(15.0),
            Row::reference("JSON.parse and Set of the same hosts, first", middle("set_cold")?, unit, cold),
            Row::ours("Core.open(files), again", warm, unit).at_most(15.0),
            Row::reference("JSON.parse and Set of the same hosts, again", middle("set_warm")?, unit, warm),
            Row::reference("SHA-256 of the same bytes (node:crypto), again", middle("hash_warm")?, unit, warm),
            Row::ours("WebAssembly compiled and instantiated", init, unit),
        ],
    }])
}

/// Runs a script of `bench/` and reads the JSON that it prints.
pub fn script<'a>(name: &str, arguments: impl IntoIterator<Item = &'a OsStr>) -> Result<Value> {
    let mut node = Command::new("node");
    node.arg(paths::root().join("bench").join(name)).args(arguments).current_dir(paths::root());
    let printed = command::output(&mut node)?;
    serde_json::from_str(&printed).with_context(|| format!("bench/{name} printed no JSON: {printed}"))
}

/// A number of the JSON that a script printed.
pub fn number(found: &Value, name: &str) -> Result<f64> {
    found.get(name).and_then(Value::as_f64).with_context(|| format!("no number {name:?} in {found}"))
}
