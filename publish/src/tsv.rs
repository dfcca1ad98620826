//! Tab-separated text: comments, a header line, then one line an entry, each with its place.

use crate::problem::{Place, Problem};
use std::path::Path;

/// A line of the text, which gathers its own defects.
pub struct Row<'t> {
    /// What people call it: the entry's host, once it is known.
    pub subject: String,
    /// The defects met so far.
    pub problems: Vec<Problem>,
    file: &'t Path,
    line: usize,
    columns: &'static [&'static str],
    cells: Vec<&'t str>,
}

impl<'t> Row<'t> {
    /// Where it stands.
    pub fn place(&self) -> Place {
        Place { file: self.file.to_owned(), line: self.line }
    }

    /// What stands in a column; empty where the column is not one of the text's.
    pub fn cell(&self, column: &str) -> &'t str {
        let position = self.columns.iter().position(|known| *known == column);
        position.and_then(|position| self.cells.get(position)).copied().unwrap_or_default()
    }

    /// A text that must be there; empty where it is not, which is then a noted defect.
    pub fn text(&mut self, column: &str) -> &'t str {
        let text = self.cell(column);
        if text.is_empty() {
            self.refuse(column, "is empty", "write it or remove the line");
        } else if text.contains('\'') {
            self.refuse(column, "has a typewriter apostrophe", "write ’");
        }
        text
    }

    /// Notes a defect of a column.
    pub fn refuse(&mut self, column: &str, what: impl Into<String>, remedy: impl Into<String>) {
        let subject = format!("{}, `{column}`", self.subject);
        self.problems.push(Problem { place: self.place(), subject, what: what.into(), remedy: remedy.into() });
    }
}

/// The lines of a text whose header must name exactly these columns. A line of another shape is
/// noted, and left out.
pub fn rows<'t>(
    file: &'t Path,
    text: &'t str,
    columns: &'static [&'static str],
    problems: &mut Vec<Problem>,
) -> Vec<Row<'t>> {
    let problem = |line: usize, what: String, remedy: String| Problem {
        place: Place { file: file.to_owned(), line },
        subject: format!("line {line}"),
        what,
        remedy,
    };
    let mut lines = text.lines().zip(1..).filter(|(text, _)| !text.starts_with('#'));
    let header = columns.join("\t");
    match lines.next() {
        Some((text, _)) if text == header => {}
        found => {
            let line = found.map_or(1, |(_, line)| line);
            let remedy = format!("start with the columns {}, with a tab between two", columns.join(", "));
            problems.push(problem(line, "is not the header; nothing of this file was read".to_owned(), remedy));
            return Vec::new();
        }
    }
    let mut rows = Vec::new();
    for (text, line) in lines {
        let cells: Vec<&str> = text.split('\t').collect();
        if cells.len() != columns.len() {
            let what = format!("has {} cells", cells.len());
            problems.push(problem(line, what, format!("write {}: {}", columns.len(), columns.join(", "))));
            continue;
        }
        let mut row =
            Row { subject: format!("line {line}"), problems: Vec::new(), file, line, columns, cells: cells.clone() };
        for (column, cell) in columns.iter().zip(cells) {
            if cell.trim() != cell {
                row.refuse(column, "has spaces around it", "remove them");
            }
        }
        rows.push(row);
    }
    rows
}
