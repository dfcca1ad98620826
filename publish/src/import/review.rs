//! The review file: what an import proposes, as text in which a person decides.

use super::changes::Change;
use crate::date::Date;
use crate::problem::Problem;
use crate::tsv::{self, Row};
use std::path::Path;

/// The columns of a proposal.
pub const COLUMNS: [&str; 10] =
    ["decision", "reason", "change", "insee", "name", "host", "before", "marks", "purpose_fr", "purpose_en"];

/// What the head of the file says, in its comments.
const SOURCE: &str = "# source: ";
const SIGNED_OFF: &str = "# signed-off:";
const APPLIED: &str = "# applied: ";

/// What a person decides of a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Decision {
    /// Not yet: the next import proposes it again.
    Later,
    /// No, and no import proposes it again.
    Refuse,
    /// Yes.
    Accept,
}

impl Decision {
    /// Every decision.
    pub const ALL: [Self; 3] = [Self::Accept, Self::Refuse, Self::Later];

    /// The word in the file.
    pub fn word(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Refuse => "refuse",
            Self::Later => "later",
        }
    }
}

/// One proposal, and what was decided.
#[derive(Debug, Clone)]
pub struct Proposal {
    /// What was decided.
    pub decision: Decision,
    /// Why: a rule, `rule alive`, or a person's words. Not empty, but for [`Decision::Later`].
    pub reason: String,
    /// What would change.
    pub change: Change,
    /// The commune's INSEE code; empty where the source names none.
    pub insee: String,
    /// The commune's name, or the organisation.
    pub name: String,
    /// The host; what the source wrote where that is no host.
    pub host: String,
    /// The host that stands in the list now.
    pub before: String,
    /// Why it is suspicious, for people.
    pub marks: String,
    /// For a site that is no town hall: what one does there.
    pub purpose_fr: String,
    /// The same in English.
    pub purpose_en: String,
    /// Its line in the file; 0 before it is written.
    pub line: usize,
}

/// A review file.
#[derive(Debug, Default)]
pub struct Review {
    /// Id of `sources.toml`.
    pub source: String,
    /// Who answers for the decisions, and when; empty until somebody does.
    pub signed_off: String,
    /// What was applied already, for people.
    pub applied: Vec<String>,
    /// The proposals.
    pub proposals: Vec<Proposal>,
}

impl Review {
    /// Reads the text of a file, and notes every defect.
    pub fn read(file: &Path, text: &str, problems: &mut Vec<Problem>) -> Self {
        let head =
            |key: &str| text.lines().find_map(|line| line.strip_prefix(key)).unwrap_or_default().trim().to_owned();
        let applied = text.lines().filter_map(|line| line.strip_prefix(APPLIED)).map(str::to_owned).collect();
        let mut review = Self { source: head(SOURCE), signed_off: head(SIGNED_OFF), applied, ..Self::default() };
        for mut row in tsv::rows(file, text, &COLUMNS, problems) {
            let proposal = read_proposal(&mut row);
            problems.append(&mut row.problems);
            review.proposals.extend(proposal);
        }
        review
    }

    /// The day of the sign-off; nothing where nobody has signed off.
    pub fn signed_on(&self) -> Option<Date> {
        self.signed_off
            .rsplit_once(", ")
            .filter(|(who, _)| !who.trim().is_empty())
            .and_then(|(_, day)| Date::parse(day))
    }

    /// Whether the text of a review file is signed off.
    pub fn is_signed_off(text: &str) -> bool {
        let signed_off = text.lines().find_map(|line| line.strip_prefix(SIGNED_OFF));
        let review = Self { signed_off: signed_off.unwrap_or_default().trim().to_owned(), ..Self::default() };
        review.signed_on().is_some()
    }

    /// The text of the file.
    pub fn text(&self) -> String {
        let mut text = format!(
            "# A change set and what was decided of it: data/README.md says how to read and to apply it.\n\
             {SOURCE}{}\n{SIGNED_OFF} {}\n",
            self.source, self.signed_off,
        );
        for applied in &self.applied {
            text.extend([APPLIED, applied, "\n"]);
        }
        text += &COLUMNS.join("\t");
        text.push('\n');
        for row in &self.proposals {
            let cells = [
                row.decision.word(),
                &row.reason,
                row.change.word(),
                &row.insee,
                &row.name,
                &row.host,
                &row.before,
                &row.marks,
                &row.purpose_fr,
                &row.purpose_en,
            ];
            text += &cells.map(|cell| cell.replace(['\t', '\n', '\r'], " ").trim().to_owned()).join("\t");
            text.push('\n');
        }
        text.replace("signed-off: \n", "signed-off:\n")
    }
}

fn read_proposal(row: &mut Row) -> Option<Proposal> {
    let host = row.cell("host");
    if !host.is_empty() {
        host.clone_into(&mut row.subject);
    }
    let decision = Decision::ALL.into_iter().find(|decision| decision.word() == row.cell("decision"));
    if decision.is_none() {
        let remedy = format!("write one of: {}", Decision::ALL.map(Decision::word).join(", "));
        row.refuse("decision", format!("is {:?}", row.cell("decision")), remedy);
    }
    let change = Change::ALL.into_iter().find(|change| change.word() == row.cell("change"));
    if change.is_none() {
        let remedy = format!("write one of: {}", Change::ALL.map(Change::word).join(", "));
        row.refuse("change", format!("is {:?}", row.cell("change")), remedy);
    }
    if row.cell("reason").is_empty() && decision.is_some_and(|decision| decision != Decision::Later) {
        row.refuse("reason", "is empty", "say why in a few words");
    }
    let text = |column: &str| row.cell(column).to_owned();
    Some(Proposal {
        decision: decision?,
        reason: text("reason"),
        change: change?,
        insee: text("insee"),
        name: text("name"),
        host: text("host"),
        before: text("before"),
        marks: text("marks"),
        purpose_fr: text("purpose_fr"),
        purpose_en: text("purpose_en"),
        line: row.place().line,
    })
}
