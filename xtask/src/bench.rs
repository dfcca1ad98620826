//! `cargo xtask bench`: speed and size, each beside a reference that was measured in the same run.
//!
//! Only ratios say something of another machine. A missed target is no error; what could not be
//! measured is.

mod browser;
mod lookup;
mod mix;
mod native;
mod node;
mod size;
mod table;
mod trust;

use crate::{build, paths, setup};
use anyhow::{Context, Result, bail};
use lab::browser::Kind;
use std::fs;
use std::path::PathBuf;
use table::Group;

#[derive(clap::Args)]
pub struct Arguments {
    /// In which browsers to measure starts: chromium, firefox, both or none
    #[arg(long, value_name = "WHICH", default_value = "chromium", value_parser = read_browsers)]
    browser: Browsers,
    /// Measure the packed map over these hosts too: the first of the tab-separated columns
    #[arg(long, value_name = "FILE")]
    hosts: Option<PathBuf>,
    /// Print JSON in place of a table
    #[arg(long)]
    json: bool,
    /// Only measure the native core, as JSON: this program starts itself with it, built for speed
    #[arg(long, hide = true)]
    native: bool,
}

/// The browsers to measure in.
#[derive(Debug, Clone)]
struct Browsers(Vec<Kind>);

fn read_browsers(text: &str) -> Result<Browsers, String> {
    match text {
        "chromium" => Ok(Browsers(vec![Kind::Chromium])),
        "firefox" => Ok(Browsers(vec![Kind::Firefox])),
        "both" => Ok(Browsers(Kind::ALL.to_vec())),
        "none" => Ok(Browsers(Vec::new())),
        _ => Err("write chromium, firefox, both or none".to_owned()),
    }
}

impl Arguments {
    pub fn run(self) -> Result<()> {
        if self.native {
            return native::print();
        }
        if self.browser.0.is_empty() {
            setup::for_build()?;
        } else {
            setup::for_browsers()?;
        }
        build::development()?;
        let input = Input::write()?;
        let mut groups = Vec::new();
        let mut failures = Vec::new();
        let mut add = |what: &str, measured: Result<Vec<Group>>| match measured {
            Ok(measured) => groups.extend(measured),
            Err(error) => failures.push(format!("{what}: {error:#}")),
        };
        eprintln!("measuring the native core");
        add("the native core", native::measure());
        eprintln!("measuring in Node");
        add("verdicts in Node", node::verdicts(&input));
        add("starts in Node", node::starts(&input));
        add("trust", trust::measure());
        add("sizes", size::measure(&input));
        eprintln!("measuring the packed map");
        let shipped: Vec<&str> = input.shipped.iter().map(String::as_str).collect();
        add("the packed map", lookup::measure(&shipped, self.hosts.as_deref()));
        for kind in self.browser.0 {
            eprintln!("measuring in {kind}");
            add(&format!("{kind}"), browser::measure(kind));
        }
        if self.json {
            println!("{}", table::json(&groups)?);
        } else {
            print!("{}", table::text(&groups));
        }
        if !failures.is_empty() {
            bail!("not measured: {}", failures.join("; "));
        }
        Ok(())
    }
}

/// Files that the scripts of `bench/` read.
struct Input {
    /// `{urls, now}`.
    mix: PathBuf,
    /// The hosts of the list's official sites, as a JSON array.
    hosts: PathBuf,
    /// The same entries with all that the list says of each, as JSON.
    sites: PathBuf,
    /// The revocations, as JSON.
    revocations: PathBuf,
    /// The rules of the Public Suffix List, one a line.
    suffixes: PathBuf,
    /// How many entries these hold.
    counts: Counts,
    /// The hosts of the list's official sites.
    shipped: Vec<String>,
}

struct Counts {
    sites: usize,
    revocations: usize,
    suffixes: usize,
}

impl Input {
    fn write() -> Result<Self> {
        let folder = folder()?;
        let reviewed = publish::build::check(&paths::root().join("data"))?;
        let hosts: Vec<&str> = reviewed.sites.iter().map(|site| site.host.as_str()).collect();
        let sites: Vec<_> = reviewed.sites.iter().map(size::site).collect();
        let revocations: Vec<_> = reviewed.revocations.iter().map(size::revocation).collect();
        let suffixes: Vec<String> = publish::suffix_list::rules()?.into_iter().map(|(rule, _)| rule).collect();
        let write = |name: &str, text: String| -> Result<PathBuf> {
            let file = folder.join(name);
            fs::write(&file, text).with_context(|| format!("cannot write {}", file.display()))?;
            Ok(file)
        };
        Ok(Self {
            mix: write("mix.json", serde_json::json!({"urls": mix::urls(), "now": mix::now()?.0 * 1000}).to_string())?,
            hosts: write("hosts.json", serde_json::to_string(&hosts)?)?,
            sites: write("sites.json", serde_json::to_string(&sites)?)?,
            revocations: write("revocations.json", serde_json::to_string(&revocations)?)?,
            suffixes: write("suffixes.txt", suffixes.join("\n"))?,
            counts: Counts { sites: sites.len(), revocations: revocations.len(), suffixes: suffixes.len() },
            shipped: hosts.into_iter().map(str::to_owned).collect(),
        })
    }
}

/// Where what is measured with is put.
fn folder() -> Result<PathBuf> {
    let folder = paths::target().join("bench-input");
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    Ok(folder)
}

/// The middle one; of an even number, the upper of the two.
fn median(mut values: Vec<f64>) -> Result<f64> {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().context("nothing was measured")
}
