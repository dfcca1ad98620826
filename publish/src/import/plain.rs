//! Comma-separated text of one's own: a header line, then one site a line.

use super::format::{Csv, Read};
use super::record::Record;
use anyhow::Result;
use std::path::Path;

/// The sites, by the columns `host` and, where there are, `insee`, `name`, `purpose_fr` and
/// `purpose_en`.
pub fn read(_: &Path, bytes: &[u8]) -> Result<Read> {
    let mut read = Read::default();
    Csv::open(bytes, &["host"])?.each(|line, cell| {
        let text = |column: &str| cell(column).replace('\'', "’");
        read.records.push(Record {
            line,
            insee: cell("insee"),
            name: text("name"),
            address: cell("host"),
            purpose_fr: text("purpose_fr"),
            purpose_en: text("purpose_en"),
            ..Record::default()
        });
    })?;
    Ok(read)
}
