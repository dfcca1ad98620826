//! The native core. `cargo xtask` is built to be built fast, so this part starts itself again,
//! built for speed: the core, the references and the loop around them.

use super::table::{Group, Row, Unit};
use super::{median, mix};
use crate::{command, paths};
use anyhow::{Context, Result};
use bon_guichet::address::url_crate;
use bon_guichet::verdict::{judge, read_address};
use serde_json::json;
use std::hint::black_box;
use std::process::Command;
use std::time::Instant;

const FAST: [&str; 6] = ["bon-guichet", "url", "percent-encoding", "psl", "psl-types", "xtask"];
/// Short and many: a busy machine disturbs few of them.
const ROUNDS: usize = 1001;
const PASSES: usize = 1;

pub fn measure() -> Result<Vec<Group>> {
    let mut cargo = Command::new("cargo");
    cargo.args(["run", "--quiet", "--locked", "--package", "xtask"]).current_dir(paths::root());
    for name in FAST {
        for setting in ["opt-level=3", "debug-assertions=false", "overflow-checks=false"] {
            cargo.arg("--config").arg(format!("profile.dev.package.{name}.{setting}"));
        }
    }
    let printed = command::output(cargo.args(["--", "bench", "--native"]))?;
    let found: serde_json::Value = serde_json::from_str(&printed).context("the native core's numbers")?;
    let number = |name: &str| found.get(name).and_then(serde_json::Value::as_f64).context(name.to_owned());
    let ours = number("judge")?;
    let unit = Unit::Nanoseconds;
    Ok(vec![Group {
        title: "Verdict on a navigation, native".to_owned(),
        rows: vec![
            Row::ours("judge(read_address(url))", ours, unit),
            Row::reference("url::Url::parse(url) alone", number("url")?, unit, ours),
            Row::reference("psl::domain(host) alone", number("psl")?, unit, ours),
        ],
    }])
}

/// Measures here and now, and prints nanoseconds an address.
pub fn print() -> Result<()> {
    let listing = mix::listing()?;
    let now = mix::now()?;
    let urls = mix::urls();
    let parsed: Vec<url::Url> = urls.iter().map(|url| url::Url::parse(url)).collect::<Result<_, _>>()?;
    let hosts: Vec<&str> = parsed.iter().filter_map(url::Url::host_str).collect();
    let mut rounds = [const { Vec::new() }; 3];
    for _ in 0..ROUNDS {
        let [judged, url, psl] = &mut rounds;
        judged.push(time(&urls, |url| {
            let address = read_address(url, url_crate, &listing);
            black_box(judge(&address, &listing, now).state);
        }));
        url.push(time(&urls, |url| drop(black_box(url::Url::parse(url)))));
        psl.push(time(&hosts, |host| {
            black_box(psl::domain(host.as_bytes()));
        }));
    }
    let [judged, url, psl] = rounds;
    println!("{}", json!({"judge": median(judged)?, "url": median(url)?, "psl": median(psl)?}));
    Ok(())
}

/// Nanoseconds for each text.
#[expect(clippy::cast_precision_loss, reason = "a few milliseconds")]
fn time<T: AsRef<str>>(texts: &[T], mut work: impl FnMut(&str)) -> f64 {
    let start = Instant::now();
    for _ in 0..PASSES {
        for text in texts {
            work(black_box(text.as_ref()));
        }
    }
    start.elapsed().as_nanos() as f64 / (PASSES * texts.len()) as f64
}
