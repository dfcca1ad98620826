//! Applies what a person has signed off in a review file, whole or not at all.

use super::changes::Change;
use super::existing::Existing;
use super::review::{Decision, Proposal, Review};
use crate::commune::{self, Line};
use crate::problem::{Place, Problem};
use crate::rules::Rules;
use crate::table::{Source, files_if_any};
use crate::{build, department, reviewed, suffix_list, trial};
use anyhow::{Context, Result, bail};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// Starts of marks that no signature can outweigh: another file must change first.
const FINAL: [&str; 5] = ["folder", "no address", "no commune", "public suffix", "revoked"];
/// Where sites that are no town halls go.
const SITES: &str = "official-sites/imported.toml";

/// What was applied.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Applied {
    /// New entries.
    pub added: usize,
    /// Entries whose host has changed.
    pub moved: usize,
    /// Entries taken out.
    pub removed: usize,
    /// Entries whose date was renewed.
    pub confirmed: usize,
    /// Proposals that stay refused.
    pub refused: usize,
    /// Proposals that wait for a decision.
    pub later: usize,
}

/// Applies a review file to the data folder, and keeps in `reviews/` what no rule decided. Refuses,
/// and names every defect, where one decision cannot be applied.
pub fn accept(data: &Path, file: &Path) -> Result<Applied> {
    let suffixes = suffix_list::packed()?;
    let suffixes = build::open_suffixes(&suffixes)?;
    let mut problems = Vec::new();
    let text = Source::read(file)?;
    let mut review = Review::read(file, &text, &mut problems);
    let Some(day) = review.signed_on() else {
        bail!("{}: nobody has signed it off; write `# signed-off: WHO, 2026-01-31` in its head", file.display());
    };
    let name = file.file_stem().and_then(|stem| stem.to_str()).context("the review has no name")?.to_owned();
    let rules = Rules::read(data, &suffixes, &mut problems)?;
    let cited = rules.sources.as_ref().and_then(|sources| sources.get(&review.source));
    let cited = cited.with_context(|| format!("{:?} is no source of sources.toml: add it there", review.source))?;
    let before = reviewed::read(data, &suffixes)?;
    problems.extend(before.problems.iter().cloned());
    let existing = Existing::read(data, before, &mut problems)?;
    let mut work = Work {
        file,
        review: &name,
        source: &review.source,
        date: &cited.date.0,
        day: &day.0,
        lines: existing.lines,
        sites: String::new(),
        applied: Applied::default(),
        problems,
    };
    for proposal in &review.proposals {
        match proposal.decision {
            Decision::Accept => work.accept(proposal),
            Decision::Refuse => work.applied.refused += 1,
            Decision::Later => work.applied.later += 1,
        }
    }
    let Work { lines, sites, applied, problems, .. } = work;
    refuse(problems)?;
    let by_rule = keep_for_people(&mut review);
    review.applied.extend(by_rule);
    let mut changed = texts(data, &lines)?;
    changed.insert(PathBuf::from("reviews").join(format!("{name}.tsv")), review.text());
    if !sites.is_empty() {
        let old = std::fs::read_to_string(data.join(SITES));
        changed.insert(SITES.into(), old.unwrap_or_else(|_| "# Sites that an import proposed.\n".to_owned()) + &sites);
    }
    refuse(trial::check_with(data, &changed)?.problems)?;
    for (name, text) in &changed {
        super::write(&data.join(name), text)?;
    }
    Ok(applied)
}

struct Work<'w> {
    file: &'w Path,
    review: &'w str,
    source: &'w str,
    /// Of the source's content.
    date: &'w str,
    /// Of the sign-off.
    day: &'w str,
    lines: BTreeMap<String, Line>,
    /// Entries for `imported.toml`.
    sites: String,
    applied: Applied,
    problems: Vec<Problem>,
}

impl Work<'_> {
    fn accept(&mut self, proposal: &Proposal) {
        if let Some(mark) = FINAL.iter().find(|mark| proposal.marks.split("; ").any(|text| text.starts_with(**mark))) {
            let remedy = "refuse it, or mend what the mark says and import again";
            return self.refuse(proposal, format!("is accepted although its mark is {mark:?}"), remedy);
        }
        let line = self.lines.get(&proposal.insee).map(|line| line.host.as_str());
        match proposal.change {
            Change::Added if proposal.insee.is_empty() => self.add_site(proposal),
            Change::Added | Change::Moved if line == Some(&proposal.host) => {}
            Change::Added if line.is_none() => {
                self.put(proposal);
                self.applied.added += 1;
            }
            Change::Moved if line == Some(&proposal.before) => {
                self.put(proposal);
                self.applied.moved += 1;
            }
            Change::Gone if line == Some(&proposal.before) => {
                self.lines.remove(&proposal.insee);
                self.applied.removed += 1;
            }
            Change::Gone if line.is_none() => {}
            Change::Confirmed if line == Some(&proposal.host) => {
                if let Some(line) = self.lines.get_mut(&proposal.insee) {
                    self.source.clone_into(&mut line.source);
                    self.date.clone_into(&mut line.date);
                    proposal.name.clone_into(&mut line.name);
                }
                self.applied.confirmed += 1;
            }
            _ => {
                let host = line.unwrap_or("no host").to_owned();
                let what =
                    format!("is {}, but the list has {host} for {} by now", proposal.change.word(), proposal.insee);
                self.refuse(proposal, what, "import again");
            }
        }
    }

    fn put(&mut self, proposal: &Proposal) {
        let line = Line {
            insee: proposal.insee.clone(),
            name: proposal.name.clone(),
            host: proposal.host.clone(),
            source: self.source.to_owned(),
            date: self.date.to_owned(),
            review: self.review.to_owned(),
        };
        self.lines.insert(proposal.insee.clone(), line);
    }

    fn add_site(&mut self, proposal: &Proposal) {
        let Proposal { name, host, purpose_fr, purpose_en, .. } = proposal;
        if [name, purpose_fr, purpose_en].iter().any(|text| text.is_empty()) {
            let remedy = "write in `name` who answers for it, and in `purpose_fr` and `purpose_en` what one does there";
            return self.refuse(proposal, "is accepted without a text for people".to_owned(), remedy);
        }
        let written = write!(
            self.sites,
            "\n[[site]]\nhost = {}\nscope = \"host\"\norganisation = {}\npurpose = {{ fr = {}, en = {} }}\n\
             sources = [{}]\nchecked = {}\nreview = {}\n",
            quoted(host),
            quoted(name),
            quoted(purpose_fr),
            quoted(purpose_en),
            quoted(self.source),
            self.day,
            quoted(self.review),
        );
        self.applied.added += usize::from(written.is_ok());
    }

    fn refuse(&mut self, proposal: &Proposal, what: String, remedy: &str) {
        let place = Place { file: self.file.to_owned(), line: proposal.line };
        let subject = proposal.host.clone();
        self.problems.push(Problem { place, subject, what, remedy: remedy.to_owned() });
    }
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

fn refuse(mut problems: Vec<Problem>) -> Result<()> {
    if problems.is_empty() {
        return Ok(());
    }
    problems.sort();
    problems.dedup();
    let all: Vec<String> = problems.iter().map(ToString::to_string).collect();
    bail!("{} defects, nothing was applied:\n{}", all.len(), all.join("\n"))
}

/// Takes out what a rule decided, which the list itself shows, and says how much that was.
fn keep_for_people(review: &mut Review) -> Vec<String> {
    let mut by_rule: BTreeMap<String, usize> = BTreeMap::new();
    review.proposals.retain(|proposal| {
        let is_by_rule = proposal.decision == Decision::Accept && proposal.reason.starts_with("rule ");
        if is_by_rule {
            *by_rule.entry(proposal.reason.clone()).or_default() += 1;
        }
        !is_by_rule
    });
    by_rule.into_iter().map(|(rule, count)| format!("{count} by {rule}")).collect()
}

/// The text of each file of town halls that there are or were, by its name in the data folder.
fn texts(data: &Path, lines: &BTreeMap<String, Line>) -> Result<BTreeMap<PathBuf, String>> {
    let folder = Path::new(commune::FOLDER);
    let mut departments: BTreeMap<&str, Vec<&Line>> = BTreeMap::new();
    for line in lines.values() {
        departments.entry(department::of_commune(&line.insee).unwrap_or_default()).or_default().push(line);
    }
    let there = files_if_any(&data.join(folder), "tsv")?;
    let there: BTreeSet<String> =
        there.iter().filter_map(|file| Some(file.file_stem()?.to_str()?.to_owned())).collect();
    let all = departments.keys().copied().chain(there.iter().map(String::as_str)).collect::<BTreeSet<_>>();
    let text = |code: &str| commune::text(departments.get(code).into_iter().flatten().copied());
    Ok(all.into_iter().map(|code| (folder.join(format!("{code}.tsv")), text(code))).collect())
}
