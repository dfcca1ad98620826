//! The reviewed text of `data/`, read whole: entries, and every defect with its place.

use crate::agreement::{refuse_disagreements, refuse_lines_beside_entries};
use crate::date::Date;
use crate::problem::{Place, Problem};
use crate::resemblance;
use crate::rules::Rules;
use crate::table::{Source, Table, files, files_if_any};
use crate::{commune, department};
use anyhow::Result;
use bon_guichet::address::{Address, MAX_PATH, url_crate};
use bon_guichet::list::Scope;
use bon_guichet::public_suffix::PublicSuffixes;
use std::path::Path;
use toml::de::DeValue;

/// Longest texts, in characters: what a card can show.
pub(crate) const MAX_ORGANISATION: usize = 90;
const MAX_PURPOSE: usize = 110;

/// An entry of `official-sites/`, or a line of `official-sites/communes/`.
#[derive(Debug, Clone)]
pub struct Site {
    /// Where it stands.
    pub place: Place,
    /// Lower case, ASCII, without `www.`.
    pub host: String,
    /// How far it reaches.
    pub scope: Scope,
    /// For [`Scope::Path`]; otherwise empty.
    pub path: String,
    /// Who answers for it.
    pub organisation: String,
    /// What one does there, in French.
    pub purpose_fr: String,
    /// The same in English.
    pub purpose_en: String,
    /// As people write it; empty where none is proven.
    pub telephone: String,
    /// Two letters; empty for France.
    pub country: String,
    /// INSEE code of the département whose shard carries the entry; empty for a national one.
    pub department: String,
    /// Id of `classes.toml`; empty for the class of its file.
    pub class: String,
    /// The file of `reviews/` that let it in, without its ending; empty where a person compared the
    /// entry itself with its sources.
    pub review: String,
    /// The public sources, for people.
    pub sources: String,
    /// The day of the check; for a town hall, of its source's content.
    pub checked: Date,
}

/// An entry of `revocations/`.
#[derive(Debug, Clone)]
pub struct Revocation {
    /// Where it stands.
    pub place: Place,
    /// The host, which is struck off with everything below it.
    pub host: String,
    /// The reason's word.
    pub reason: String,
    /// The public sources, for people.
    pub sources: String,
    /// The day of the check.
    pub checked: Date,
}

/// All reviewed text.
#[derive(Debug, Default)]
pub struct Reviewed {
    /// The entries without defect.
    pub sites: Vec<Site>,
    /// The revocations without defect.
    pub revocations: Vec<Revocation>,
    /// What is imitated, where the folder says it.
    pub resemblance: Option<resemblance::Reviewed>,
    /// The platforms that the Public Suffix List does not name.
    pub platforms: Vec<String>,
    /// Every defect, in order of place.
    pub problems: Vec<Problem>,
    /// What is no defect yet, in order of place.
    pub warnings: Vec<Problem>,
}

/// The reasons that a revocation may give.
const REVOCATION_REASONS: [&str; 2] = ["squatted", "not-public"];

/// Reads a data folder. An unreadable folder is an error; a defect of the text is a [`Problem`].
pub fn read(data: &Path, suffixes: &PublicSuffixes) -> Result<Reviewed> {
    let mut reviewed = Reviewed::default();
    let rules = Rules::read(data, suffixes, &mut reviewed.problems)?;
    for file in files(&data.join("official-sites"), "toml")? {
        each_entry(&file, "site", &mut reviewed.problems, |table| {
            let (site, problems) = read_site(table, &rules);
            reviewed.sites.extend(site);
            problems
        })?;
    }
    for file in files_if_any(&data.join(commune::FOLDER), "tsv")? {
        let text = Source::read(&file)?;
        reviewed.sites.extend(commune::read(&file, &text, &rules, &mut reviewed.problems));
    }
    for file in files(&data.join("revocations"), "toml")? {
        each_entry(&file, "revoked", &mut reviewed.problems, |table| {
            let (revocation, problems) = read_revocation(table, &rules);
            reviewed.revocations.extend(revocation);
            problems
        })?;
    }
    refuse_lines_beside_entries(&mut reviewed);
    refuse_disagreements(&mut reviewed);
    reviewed.resemblance = resemblance::read(data, &reviewed.sites, &rules, &mut reviewed.problems)?;
    reviewed.platforms = rules.into_platforms();
    reviewed.problems.sort();
    Ok(reviewed)
}

fn read_site(mut table: Table, rules: &Rules) -> (Option<Site>, Vec<Problem>) {
    let host = read_host(&mut table, rules);
    let word = table.text("scope");
    let scope = match word.as_str() {
        "domain" => Scope::Domain,
        "path" => Scope::Path,
        "zone" => Scope::Zone,
        "host" | "" => Scope::Host,
        _ => {
            table.refuse("scope", format!("is {word:?}"), "write one of: domain, host, path, zone");
            Scope::Host
        }
    };
    check_reach(&mut table, &host, scope, rules);
    let path = table.optional_text("path");
    if (scope == Scope::Path) == path.is_empty() {
        table.refuse("path", "goes with `scope = \"path\"`, and only with it", "set both or neither");
    } else if scope == Scope::Path {
        check_path(&mut table, &host, &path);
    }
    let organisation = table.text("organisation");
    check_text(&mut table, "organisation", &organisation, MAX_ORGANISATION);
    let (purpose_fr, purpose_en) = read_purpose(&mut table);
    let telephone = read_telephone(&mut table);
    let country = table.optional_text("country");
    if !country.is_empty() && (country.len() != 2 || !country.bytes().all(|byte| byte.is_ascii_uppercase())) {
        table.refuse("country", format!("is {country:?}"), "write two capital letters (ISO 3166-1), or EU");
    }
    let department = table.optional_text("department");
    if !department.is_empty() && !department::is_code(&department) {
        table.refuse("department", format!("is {department:?}"), "write an INSEE code: 01 to 95, 2A, 2B, 971 to 989");
    }
    let class = table.optional_text("class");
    let review = table.optional_text("review");
    if !review.is_empty() && !rules.reviews.contains(&review) {
        table.refuse(
            "review",
            format!("is {review:?}, which is no signed-off file of reviews/"),
            "name a file of reviews/",
        );
    }
    let sources = read_cited(&mut table, rules);
    let checked = table.date("checked");
    let place = table.place();
    let problems = table.finish();
    let site = checked.filter(|_| problems.is_empty()).map(|checked| Site {
        place,
        host,
        scope,
        path,
        organisation,
        purpose_fr,
        purpose_en,
        telephone,
        country,
        department,
        class,
        review,
        sources,
        checked,
    });
    (site, problems)
}

fn read_revocation(mut table: Table, rules: &Rules) -> (Option<Revocation>, Vec<Problem>) {
    let host = read_host(&mut table, rules);
    let reason = table.text("reason");
    if !reason.is_empty() && !REVOCATION_REASONS.contains(&reason.as_str()) {
        table.refuse("reason", format!("is {reason:?}"), format!("write one of: {}", REVOCATION_REASONS.join(", ")));
    }
    if rules.is_public_suffix(&host) || rules.platform_of(&host) == Some(&host) {
        table.refuse("host", "would strike off sites of many people", "name the full host");
    }
    let sources = read_cited(&mut table, rules);
    let checked = table.date("checked");
    let place = table.place();
    let problems = table.finish();
    let revocation =
        checked.filter(|_| problems.is_empty()).map(|checked| Revocation { place, host, reason, sources, checked });
    (revocation, problems)
}

fn read_host(table: &mut Table, rules: &Rules) -> String {
    let host = table.text("host");
    if host.is_empty() {
        return host;
    }
    table.subject.clone_from(&host);
    if let Some((what, remedy)) = rules.defect_of_host(&host) {
        table.refuse("host", what, remedy);
    }
    host
}

/// A path must come out of the URL parser as it went in, or no address can ever match it.
fn check_path(table: &mut Table, host: &str, path: &str) {
    let url = format!("https://{host}{path}");
    let is_kept = Address::read(&url, url_crate, None).is_ok_and(|address| address.path() == path);
    if !is_kept
        || path.trim_matches('/').is_empty()
        || path.contains('%')
        || path.contains("//")
        || path.len() >= MAX_PATH
    {
        let remedy = format!("write a folder as the address bar shows it, from `/`, shorter than {MAX_PATH} bytes");
        table.refuse("path", format!("is {path:?}"), remedy);
    }
}

fn check_reach(table: &mut Table, host: &str, scope: Scope, rules: &Rules) {
    let is_suffix = rules.is_public_suffix(host);
    if scope == Scope::Domain && is_suffix {
        let remedy = "write `zone` if it is reserved to the State, or list each site below it";
        table.refuse(
            "scope",
            "is `domain`, but the host is a public suffix: each name below has its own owner",
            remedy,
        );
    }
    if scope == Scope::Zone && !is_suffix {
        table.refuse("scope", "is `zone`, but the host is no public suffix", "write `domain`");
    }
    if let Some(platform) = rules.platform_of(host)
        && (scope == Scope::Domain || host == platform)
    {
        let what = format!("reaches over {platform}, where anybody can open a site");
        table.refuse("scope", what, "list the full host with `scope = \"host\"`, or a `path`");
    }
}

fn read_purpose(table: &mut Table) -> (String, String) {
    let Some(mut purpose) = table.inner("purpose") else {
        if !table.has("purpose") {
            table.refuse("purpose", "is missing", "add `purpose = { fr = \"…\", en = \"…\" }`");
        }
        return Default::default();
    };
    let mut read = |language| {
        let text = purpose.text(language);
        check_text(&mut purpose, language, &text, MAX_PURPOSE);
        if text.ends_with('.') {
            purpose.refuse(language, "ends with a full stop", "remove it: it is shown as a line of a card");
        }
        text
    };
    let texts = (read("fr"), read("en"));
    table.absorb(purpose);
    texts
}

fn check_text(table: &mut Table, field: &str, text: &str, limit: usize) {
    let length = text.chars().count();
    if length > limit {
        table.refuse(field, format!("has {length} characters"), format!("shorten it to {limit}"));
    }
    if text.contains('\'') {
        table.refuse(field, "has a typewriter apostrophe", "write ’");
    }
}

fn read_telephone(table: &mut Table) -> String {
    let Some(mut telephone) = table.inner("telephone") else { return String::new() };
    let number = telephone.text("number");
    let is_dialled = |c: char| c.is_ascii_digit() || matches!(c, ' ' | '+');
    if !number.is_empty()
        && (!number.chars().all(is_dialled) || number.chars().filter(char::is_ascii_digit).count() < 2)
    {
        telephone.refuse("number", format!("is {number:?}"), "write digits and spaces, as people dial it");
    }
    telephone.text("source");
    telephone.date("date");
    table.absorb(telephone);
    number
}

/// The sources of an entry, as one line for people.
pub(crate) fn read_cited(table: &mut Table, rules: &Rules) -> String {
    let mut cited = Vec::new();
    for item in table.list("sources") {
        if let DeValue::String(id) = item.get_ref() {
            let Some(sources) = &rules.sources else { continue };
            if let Some(source) = sources.get(id.as_ref()) {
                cited.push(source.shown.clone());
            } else {
                let what = format!("names {id:?}, which sources.toml does not have");
                table.refuse("sources", what, "add it there");
            }
        } else if let Some(mut page) = table.item(&format!("{}, `sources`", table.subject), item) {
            let url = page.text("url");
            let date = page.date("date");
            if !url.is_empty() && !url.starts_with("https://") && !url.starts_with("http://") {
                page.refuse("url", format!("is {url:?}"), "write the page's whole address");
            }
            let site = url.split('/').nth(2).unwrap_or_default();
            cited.extend(date.map(|date| format!("{site} ({})", date.0)));
            table.absorb(page);
        } else {
            table.refuse("sources", "holds something else than a source", "write \"id\" or { url = \"…\", date = … }");
        }
    }
    cited.join(", ")
}

/// Hands each entry of a file to `read`, and gathers what it notes.
pub(crate) fn each_entry(
    file: &Path,
    kind: &'static str,
    problems: &mut Vec<Problem>,
    mut read: impl FnMut(Table) -> Vec<Problem>,
) -> Result<()> {
    let text = Source::read(file)?;
    let source = Source { file, text: &text };
    let Some(document) = source.parse(problems) else { return Ok(()) };
    let mut whole = Table::new(&source, "file", 0, document.get_ref());
    for item in whole.entries(kind) {
        match whole.item(kind, item) {
            Some(table) => problems.extend(read(table)),
            None => whole.refuse(kind, "holds something else than entries", format!("start each with `[[{kind}]]`")),
        }
    }
    problems.extend(whole.finish());
    Ok(())
}
