//! Reads one TOML table field by field, and notes every defect instead of stopping at the first.

use crate::date::Date;
use crate::problem::{Place, Problem};
use anyhow::{Context, Result};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A TOML file that is being read.
pub struct Source<'t> {
    pub file: &'t Path,
    pub text: &'t str,
}

impl<'t> Source<'t> {
    /// The text of a file.
    pub fn read(file: &Path) -> Result<String> {
        std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))
    }

    /// Its TOML; nothing, and a noted defect, where the syntax is wrong.
    pub fn parse(&self, problems: &mut Vec<Problem>) -> Option<Spanned<DeTable<'t>>> {
        match DeTable::parse(self.text) {
            Ok(document) => Some(document),
            Err(error) => {
                let start = error.span().map_or(0, |span| span.start);
                problems.push(Problem {
                    place: Place::at(self.file, self.text, start),
                    subject: "TOML".to_owned(),
                    what: error.message().to_owned(),
                    remedy: "mend the syntax: nothing of this file was read".to_owned(),
                });
                None
            }
        }
    }
}

/// One table of a file, such as an entry.
pub struct Table<'t> {
    source: &'t Source<'t>,
    /// What people call it: the entry's host, once it is known.
    pub subject: String,
    start: usize,
    members: &'t DeTable<'t>,
    read: BTreeSet<&'static str>,
    pub problems: Vec<Problem>,
}

impl<'t> Table<'t> {
    pub fn new(source: &'t Source<'t>, subject: &str, start: usize, members: &'t DeTable<'t>) -> Self {
        let subject = subject.to_owned();
        Self { source, subject, start, members, read: BTreeSet::new(), problems: Vec::new() }
    }

    pub fn place(&self) -> Place {
        Place::at(self.source.file, self.source.text, self.start)
    }

    /// Notes a defect of a field, at the field's own line where it stands in the file.
    pub fn refuse(&mut self, field: &str, what: impl Into<String>, remedy: impl Into<String>) {
        let start = self.members.get(field).map_or(self.start, |value| value.span().start);
        let place = Place::at(self.source.file, self.source.text, start);
        let subject = format!("{}, `{field}`", self.subject);
        self.problems.push(Problem { place, subject, what: what.into(), remedy: remedy.into() });
    }

    pub fn has(&self, field: &str) -> bool {
        self.members.contains_key(field)
    }

    /// A text that must be there; empty where it is not, which is then a noted defect.
    pub fn text(&mut self, field: &'static str) -> String {
        match self.value(field).map(Spanned::get_ref) {
            Some(DeValue::String(text)) if !text.trim().is_empty() => return text.to_string(),
            Some(DeValue::String(_)) => self.refuse(field, "is empty", "write it or remove the entry"),
            Some(_) => self.refuse(field, "is not a text", "put it between quotation marks"),
            None => self.refuse(field, "is missing", format!("add `{field} = \"…\"`")),
        }
        String::new()
    }

    /// A text that may be absent.
    pub fn optional_text(&mut self, field: &'static str) -> String {
        if self.has(field) { self.text(field) } else { String::new() }
    }

    /// Whether a field says `true`; absent means no.
    pub fn flag(&mut self, field: &'static str) -> bool {
        match self.value(field).map(Spanned::get_ref) {
            None => false,
            Some(DeValue::Boolean(value)) => *value,
            Some(_) => {
                self.refuse(field, "is neither true nor false", format!("write `{field} = true` or remove it"));
                false
            }
        }
    }

    /// A date that must be there.
    pub fn date(&mut self, field: &'static str) -> Option<Date> {
        let found = self.value(field).map(Spanned::get_ref);
        if let Some(DeValue::Datetime(toml::value::Datetime { date: Some(date), time: None, .. })) = found {
            return Some(Date(format!("{:04}-{:02}-{:02}", date.year, date.month, date.day)));
        }
        let what = if self.has(field) { "is not a date" } else { "is missing" };
        self.refuse(field, what, format!("write `{field} = 2026-01-31`, without quotation marks"));
        None
    }

    /// A whole number above 0 that must be there.
    pub fn number(&mut self, field: &'static str) -> Option<u32> {
        if let Some(DeValue::Integer(number)) = self.value(field).map(Spanned::get_ref)
            && let Ok(number) = number.as_str().parse()
            && number > 0
        {
            return Some(number);
        }
        let what = if self.has(field) { "is not a whole number above 0" } else { "is missing" };
        self.refuse(field, what, format!("write `{field} = 12`"));
        None
    }

    /// A list that must be there and hold something.
    pub fn list(&mut self, field: &'static str) -> Vec<&'t Spanned<DeValue<'t>>> {
        if let Some(DeValue::Array(items)) = self.value(field).map(Spanned::get_ref)
            && !items.is_empty()
        {
            return items.iter().collect();
        }
        let what = if self.has(field) { "is not a list, or is empty" } else { "is missing" };
        self.refuse(field, what, format!("write `{field} = [\"…\"]`"));
        Vec::new()
    }

    /// The entries of a file, each under `[[field]]`.
    pub fn entries(&mut self, field: &'static str) -> &'t [Spanned<DeValue<'t>>] {
        if let Some(DeValue::Array(items)) = self.value(field).map(Spanned::get_ref) {
            return items;
        }
        let what = if self.has(field) { "is not a list of entries" } else { "is missing: the file holds no entry" };
        self.refuse(field, what, format!("start each entry with `[[{field}]]`"));
        &[]
    }

    /// A table within this one; its defects must be taken back with [`Table::absorb`].
    pub fn inner(&mut self, field: &'static str) -> Option<Table<'t>> {
        let value = self.value(field)?;
        if let DeValue::Table(members) = value.get_ref() {
            let subject = format!("{}, `{field}`", self.subject);
            return Some(Table::new(self.source, &subject, value.span().start, members));
        }
        self.refuse(field, "is not a table", format!("write `{field} = {{ … }}`"));
        None
    }

    /// A table that stands in a list of this one.
    pub fn item(&self, subject: &str, value: &'t Spanned<DeValue<'t>>) -> Option<Table<'t>> {
        match value.get_ref() {
            DeValue::Table(members) => Some(Table::new(self.source, subject, value.span().start, members)),
            _ => None,
        }
    }

    /// Takes over the defects of a table within this one.
    pub fn absorb(&mut self, inner: Table<'t>) {
        self.problems.extend(inner.finish());
    }

    /// Notes the fields that nobody asked for, and gives all defects.
    pub fn finish(mut self) -> Vec<Problem> {
        let unknown = self.members.keys().map(|key| key.get_ref().to_string());
        let unknown: Vec<String> = unknown.filter(|key| !self.read.contains(key.as_str())).collect();
        for field in unknown {
            let known = self.read.iter().copied().collect::<Vec<_>>().join(", ");
            self.refuse(&field, "is not a known field", format!("remove it or write one of: {known}"));
        }
        self.problems
    }

    fn value(&mut self, field: &'static str) -> Option<&'t Spanned<DeValue<'t>>> {
        self.read.insert(field);
        self.members.get(field)
    }
}

/// The files of a folder that may be absent, with this ending, by name.
pub fn files_if_any(folder: &Path, ending: &str) -> Result<Vec<PathBuf>> {
    if folder.is_dir() { files(folder, ending) } else { Ok(Vec::new()) }
}

/// The files of a folder with this ending, by name.
pub fn files(folder: &Path, ending: &str) -> Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(folder).with_context(|| format!("cannot read the folder {}", folder.display()))?;
    let mut files = entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    files.retain(|file| file.extension().is_some_and(|extension| extension == ending));
    files.sort();
    Ok(files)
}
