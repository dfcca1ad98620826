//! `official-sites/communes/NN.tsv`: the town halls of a département, one line a commune.

use crate::date::Date;
use crate::problem::Problem;
use crate::reviewed::{MAX_ORGANISATION, Site};
use crate::rules::Rules;
use crate::tsv::{self, Row};
use crate::{department, town_hall};
use bon_guichet::list::Scope;
use std::path::Path;

/// Where the files stand in a data folder.
pub const FOLDER: &str = "official-sites/communes";

/// The columns: the commune's INSEE code and name with its article, its host, the source that
/// declares it, the day of that source's content, and the review that let it in.
pub const COLUMNS: [&str; 6] = ["insee", "name", "host", "source", "date", "review"];

/// A line, as it stands in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The commune's INSEE code.
    pub insee: String,
    /// Its name with the article, as INSEE writes it, with ’.
    pub name: String,
    /// Its host, without `www.`.
    pub host: String,
    /// Id of `sources.toml`.
    pub source: String,
    /// The day of that source's content.
    pub date: String,
    /// The file of `reviews/` that let it in, without its ending.
    pub review: String,
}

/// The lines of a file, unchecked.
pub fn lines(file: &Path, text: &str, problems: &mut Vec<Problem>) -> Vec<Line> {
    let line = |row: Row| {
        let [insee, name, host, source, date, review] = COLUMNS.map(|column| row.cell(column).to_owned());
        Line { insee, name, host, source, date, review }
    };
    tsv::rows(file, text, &COLUMNS, problems).into_iter().map(line).collect()
}

/// The text of a file with these lines.
pub fn text<'l>(lines: impl IntoIterator<Item = &'l Line>) -> String {
    let mut text = COLUMNS.join("\t") + "\n";
    for Line { insee, name, host, source, date, review } in lines {
        text += &[insee, name, host, source, date, review].map(String::as_str).join("\t");
        text.push('\n');
    }
    text
}

/// The entries of a file, whose stem is the département's code. Each is [`Scope::Host`]: the exact
/// host and its `www.` twin, never more.
pub fn read(file: &Path, text: &str, rules: &Rules, problems: &mut Vec<Problem>) -> Vec<Site> {
    let stem = file.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    let mut sites = Vec::new();
    let mut before = "";
    for mut row in tsv::rows(file, text, &COLUMNS, problems) {
        let insee = row.cell("insee");
        check_insee(&mut row, stem, before);
        before = insee;
        let site = read_line(&mut row, stem, rules);
        if row.problems.is_empty() {
            sites.extend(site);
        }
        problems.append(&mut row.problems);
    }
    sites
}

fn check_insee(row: &mut Row, stem: &str, before: &str) {
    let insee = row.cell("insee");
    if !insee.is_empty() {
        insee.clone_into(&mut row.subject);
    }
    if department::of_commune(insee) != Some(stem) {
        let remedy = format!("write the five characters of a commune of {stem}, or move the line to its département");
        row.refuse("insee", format!("is {insee:?}"), remedy);
    } else if insee == before {
        row.refuse("insee", "is that of the line before", "keep one line a commune");
    } else if insee < before {
        row.refuse("insee", format!("comes after {before}"), "sort the lines by INSEE code");
    }
}

fn read_line(row: &mut Row, department: &str, rules: &Rules) -> Option<Site> {
    let (insee, name, host) = (row.cell("insee"), row.text("name"), row.text("host"));
    if let Some((what, remedy)) = rules.defect_of_host(host).filter(|_| !host.is_empty()) {
        row.refuse("host", what, remedy);
    } else if rules.is_public_suffix(host) || rules.platform_of(host) == Some(host) {
        row.refuse("host", "is no commune’s own: each name below it has its own owner", "name the full host");
    }
    let organisation = town_hall::organisation(insee, name);
    if organisation.chars().count() > MAX_ORGANISATION {
        row.refuse("name", format!("makes {organisation:?}"), format!("shorten that to {MAX_ORGANISATION} characters"));
    }
    let id = row.text("source");
    let source = rules.sources.as_ref().map(|sources| sources.get(id));
    if matches!(source, Some(None)) && !id.is_empty() {
        row.refuse("source", format!("is {id:?}, which sources.toml does not have"), "add it there");
    }
    let date = Date::parse(row.cell("date"));
    if date.is_none() {
        row.refuse("date", format!("is {:?}", row.cell("date")), "write a day as 2026-01-31");
    }
    let review = row.text("review");
    if !review.is_empty() && !rules.reviews.contains(review) {
        let remedy = format!("name a file of reviews/, or put reviews/{review}.tsv there");
        row.refuse("review", format!("is {review:?}, which is no signed-off file of reviews/"), remedy);
    }
    Some(Site {
        place: row.place(),
        host: host.to_owned(),
        scope: Scope::Host,
        path: String::new(),
        organisation,
        purpose_fr: town_hall::PURPOSE_FR.to_owned(),
        purpose_en: town_hall::PURPOSE_EN.to_owned(),
        telephone: String::new(),
        country: String::new(),
        department: department.to_owned(),
        class: String::new(),
        review: review.to_owned(),
        sources: source.flatten()?.shown.clone(),
        checked: date?,
    })
}
