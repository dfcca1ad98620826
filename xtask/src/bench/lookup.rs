//! The packed map beside other containers of hosts: bytes, look-ups, time until it answers.

use super::node::{number, script};
use super::size::size;
use super::table::{Group, Row, Unit};
use super::{folder, mix};
use crate::build;
use anyhow::{Context, Result, anyhow};
use bon_guichet::{hosts, list};
use serde_json::json;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// How many look-ups are asked in a turn. A tenth are listed hosts, a tenth names below such.
const ASKED: usize = 1000;

/// Measures over the hosts of a file, the first of the tab-separated columns of each line, and over
/// those of the shipped list.
pub fn measure(shipped: &[&str], file: Option<&Path>) -> Result<Vec<Group>> {
    let module = folder()?.join("lookup");
    fs::create_dir_all(&module)?;
    build::wasm("bench-lookup", "lookup", &module)?;
    let mut groups = Vec::new();
    if let Some(file) = file {
        let text = fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
        let hosts = text.lines().filter_map(|line| line.split('\t').next()).filter(|host| host.contains('.'));
        let name = file.file_name().unwrap_or_default().display().to_string();
        groups.extend(contenders(&name, &hosts.collect::<BTreeSet<_>>(), &module)?);
    }
    groups.extend(contenders("the shipped list", &shipped.iter().copied().collect(), &module)?);
    Ok(groups)
}

fn contenders(name: &str, known: &BTreeSet<&str>, module: &Path) -> Result<Vec<Group>> {
    let packed = hosts::pack(known.iter().map(|host| (*host, 0)), list::LAYOUT);
    let packed = write("hosts.bin", &packed.map_err(|bad| anyhow!("{:?} is no host", bad.0))?)?;
    let automaton = write("hosts.fst", &automaton(known)?)?;
    let text = write("hosts.txt", known.iter().copied().collect::<Vec<_>>().join("\n").as_bytes())?;
    let input = json!({"hosts": known, "asked": asked(known)});
    let input = write("lookup.json", input.to_string().as_bytes())?;
    let found = script("lookup.mjs", [module, &packed, &automaton, &input].map(Path::as_os_str))?;
    let time = |part: &str, contender: &str| number(found.get(part).context(part.to_owned())?, contender);

    let count = f64::from(u32::try_from(known.len())?);
    let [ours, theirs, plain] = [size(&packed)?, size(&automaton)?, size(&text)?];
    let (raw, brotli) = (ours.raw * 8.0 / count, ours.brotli * 8.0 / count);
    let unit = Unit::BitsPerEntry;
    let reference = |what: &str, bytes: f64, ours: f64| Row::reference(what, bytes * 8.0 / count, unit, ours);
    let mut groups = vec![Group {
        title: format!("Hosts of {name}, {count}"),
        rows: vec![
            Row::ours("packed map, as stored and searched", raw, unit).at_most(41.0),
            reference("  automaton (fst)", theirs.raw, raw),
            reference("  HNTrie", number(&found, "trie_bytes")?, raw),
            reference("  text", plain.raw, raw),
            Row::ours("packed map, brotli", brotli, unit).at_most(36.0),
            reference("  automaton, brotli", theirs.brotli, brotli),
            reference("  text, brotli", plain.brotli, brotli),
        ],
    }];
    let mut rows = Vec::new();
    for (part, what) in
        [("mix", "a tenth listed, a tenth below"), ("listed", "those alone"), ("others", "others alone")]
    {
        let (ours, unit) = (time(part, "packed")?, Unit::Nanoseconds);
        let trie = Row::reference("  HNTrie, WebAssembly", time(part, "trie")?, unit, ours);
        rows.push(Row::ours(&format!("packed map, WebAssembly: {what}"), ours, unit));
        rows.push(if part == "mix" { trie.at_most_times(0.9) } else { trie });
        rows.push(Row::reference("  automaton, WebAssembly", time(part, "automaton")?, unit, ours));
        rows.push(Row::reference("  Set with suffix walk", time(part, "set")?, unit, ours));
    }
    groups.push(Group { title: format!("Look-up in {name} from JavaScript, in Node, crossing included"), rows });
    let (ours, unit) = (time("ready", "packed")?, Unit::Milliseconds);
    let beside =
        |what: &str, part: &str| Ok::<_, anyhow::Error>(Row::reference(what, time("ready", part)?, unit, ours));
    groups.push(Group {
        title: format!("From fetched bytes of {name} to ready, in Node"),
        rows: vec![
            Row::ours("packed map", ours, unit),
            beside("  automaton", "automaton")?.at_most_times(1.0),
            beside("  HNTrie from its snapshot", "trie")?,
            beside("  Set from JSON", "set")?,
        ],
    });
    Ok(groups)
}

/// An automaton of the hosts, each from its end.
fn automaton(hosts: &BTreeSet<&str>) -> Result<Vec<u8>> {
    let reversed: BTreeSet<Vec<u8>> = hosts.iter().map(|host| host.bytes().rev().collect()).collect();
    Ok(fst::Set::from_iter(reversed)?.into_fst().into_inner())
}

/// Hosts of the list and below, from all over it, among popular ones.
fn asked(known: &BTreeSet<&str>) -> Vec<String> {
    let hosts: Vec<&str> = known.iter().copied().collect();
    let popular = mix::popular();
    let mut next = 0;
    let mut listed = || {
        // A stride that shares no factor with most lengths, so that no part of the list is left out.
        next = (next + 7919) % hosts.len().max(1);
        hosts.get(next).copied().unwrap_or_default()
    };
    let ask = |number: usize| match number % 10 {
        0 => listed().to_owned(),
        1 => format!("sous.{}", listed()),
        _ => popular.get(number % popular.len()).cloned().unwrap_or_default(),
    };
    (0..ASKED).map(ask).collect()
}

fn write(name: &str, bytes: &[u8]) -> Result<PathBuf> {
    let file = folder()?.join(name);
    fs::write(&file, bytes).with_context(|| format!("cannot write {}", file.display()))?;
    Ok(file)
}
