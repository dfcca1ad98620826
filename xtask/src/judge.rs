//! `cargo xtask judge`: one JSON line a URL.

use crate::browse::{Choice, Stage};
use crate::{build, list, paths, setup};
use anyhow::{Context, Result};
use bon_guichet::address::url_crate;
use bon_guichet::list::SignedList;
use bon_guichet::trust::Time;
use bon_guichet::verdict::{Listing, judge, read_address};
use bon_guichet::wire::Line;
use serde::Deserialize;
use serde_json::{Value, json};
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
    /// Ask the real extension in a real browser about the pages of --pages
    #[arg(long, value_enum, requires = "pages", conflicts_with_all = ["list", "now", "urls"])]
    browser: Option<Choice>,
    /// With --browser: a file of JSON records {"id", "url", "html"}, one a line
    #[arg(long, value_name = "FILE", requires = "browser")]
    pages: Option<PathBuf>,
    /// Judge as at this moment, such as 2027-01-31T00:00:00Z
    #[arg(long, value_name = "TIME", value_parser = read_time)]
    now: Option<Time>,
}

impl Arguments {
    pub fn run(self) -> Result<()> {
        if let Some((browser, pages)) = self.browser.zip(self.pages) {
            return judge_pages(browser, &pages);
        }
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

/// A page to be served under its real name.
#[derive(Deserialize)]
struct PageRecord {
    id: Value,
    url: String,
    html: String,
}

/// Serves each page to the real extension, and prints what it said, one JSON line a page and browser.
fn judge_pages(browser: Choice, pages: &Path) -> Result<()> {
    setup::for_browsers()?;
    build::development()?;
    let text = std::fs::read_to_string(pages).with_context(|| format!("cannot read {}", pages.display()))?;
    let mut output = BufWriter::new(stdout().lock());
    for kind in browser.kinds() {
        let stage = Stage::start(kind, true)?;
        let tab = stage.browser.new_tab()?;
        for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            let place = || format!("{}:{}: write {{\"id\", \"url\", \"html\"}}", pages.display(), number + 1);
            let page: PageRecord = serde_json::from_str(line).with_context(place)?;
            let said = stage.serve(&page.url, &page.html).and_then(|()| stage.show(&tab, &page.url));
            let mut record = json!({ "id": page.id, "url": page.url, "browser": kind.to_string() });
            let facts = match said {
                // The extension puts no warning into pages yet.
                Ok(said) => json!({
                    "state": said.state.id(), "badge": said.action.badge, "title": said.action.title,
                    "shown_url": said.url, "warning": null,
                }),
                Err(error) => json!({ "error": format!("{error:#}") }),
            };
            if let (Some(record), Value::Object(facts)) = (record.as_object_mut(), facts) {
                record.extend(facts);
            }
            writeln!(output, "{record}")?;
        }
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
