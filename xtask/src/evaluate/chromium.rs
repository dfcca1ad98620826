//! Chromium's own cases.

use super::sets;
use anyhow::Result;
use bon_guichet::resemblance::Likeness;
use std::path::Path;

pub fn compare(file: &Path, find: impl Fn(&str) -> Option<Likeness>) -> Result<()> {
    let text = sets::text(file)?;
    for row in text.lines().skip(1) {
        let cells: Vec<&str> = row.split('\t').collect();
        let [_, test, input, ..] = cells.as_slice() else { continue };
        if let Some(found) = find(input) {
            println!("{test} {input} {found:?}");
        }
    }
    Ok(())
}
