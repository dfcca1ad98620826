//! `cargo xtask judge`: one JSON line a URL.

use crate::{list, paths};
use anyhow::{Context, Result};
use bon_guichet::address::url_crate;
use bon_guichet::list::SignedList;
use bon_guichet::trust::Time;
use bon_guichet::verdict::{Listing, judge, read_address};
use bon_guichet::wire::Line;
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Read, Write, stdin, stdout};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

#[derive(clap::Args)]
pub struct Arguments {
    /// A file with one URL a line; standard input if it is missing or `-`
    urls: Option<PathBuf>,
    /// Judge by this signed list, whose root.json is taken as the root of trust
    #[arg(long, value_name = "DIR")]
    list: Option<PathBuf>,
    /// Judge as at this moment, such as 2027-01-31T00:00:00Z
    #[arg(long, value_name = "TIME", value_parser = read_time)]
    now: Option<Time>,
}

impl Arguments {
    pub fn run(self) -> Result<()> {
        let listing = match self.list {
            Some(folder) => open(&folder),
            None => packaged()?,
        };
        if let Err(refusal) = &listing {
            eprintln!("the list was refused: {refusal}");
        }
        let now = self.now.unwrap_or_else(now);
        let input: Box<dyn Read> = match &self.urls {
            Some(file) if file != Path::new("-") => {
                Box::new(File::open(file).with_context(|| format!("cannot read {}", file.display()))?)
            }
            _ => Box::new(stdin()),
        };
        judge_lines(BufReader::new(input), BufWriter::new(stdout().lock()), &listing, now)
    }
}

/// Each line is a URL, whatever it holds; only its line end is taken off. An empty line is passed over.
fn judge_lines(mut input: impl BufRead, mut output: impl Write, listing: &Listing, now: Time) -> Result<()> {
    let mut line = Vec::new();
    while input.read_until(b'\n', &mut line)? > 0 {
        let text = String::from_utf8_lossy(&line);
        let url = text.trim_end_matches(['\r', '\n']);
        if !url.is_empty() {
            let address = read_address(url, url_crate, listing);
            serde_json::to_writer(&mut output, &Line::of(url, &judge(&address, listing, now)))?;
            output.write_all(b"\n")?;
        }
        line.clear();
    }
    Ok(output.flush()?)
}

/// The list that a build of this tree would carry.
pub fn packaged() -> Result<Listing> {
    let folder = paths::list();
    list::build(&paths::root().join("data"), &folder)?;
    Ok(open(&folder))
}

/// A signed list in a folder.
pub fn open(folder: &Path) -> Listing {
    SignedList::read(|name| std::fs::read(folder.join(name)).ok())
}

/// The present moment.
pub fn now() -> Time {
    let since_1970 = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    Time(since_1970.as_secs())
}

fn read_time(text: &str) -> Result<Time, String> {
    Time::parse(text).ok_or_else(|| "write it as 2027-01-31T00:00:00Z".to_owned())
}
