//! "Noms de domaine des organismes du secteur public", by Etalab, then DINUM.

use super::format::{Csv, Read, utf8};
use super::record::{Answer, Place, Record, without_www};
use anyhow::Result;
use std::path::Path;

/// `urls.txt`: one URL a line, of hosts that answered 200 on their own domain.
pub fn urls(file: &Path, bytes: &[u8]) -> Result<Read> {
    let mut read = Read::default();
    for (text, line) in utf8(bytes)?.lines().zip(1..) {
        let address = text.split('#').next().unwrap_or_default().trim();
        if address.is_empty() {
            continue;
        }
        if address.contains(char::is_whitespace) || Place::of(address) == Place::Nothing {
            read.refuse(file, line, &format!("line {line}"), format!("is {address:?}, no address"), "write one URL");
            continue;
        }
        read.records.push(Record { line, address: address.to_owned(), answer: Answer::Alive, ..Record::default() });
    }
    Ok(read)
}

/// `domains.csv`, or the files by category of 2022: a host, and what it answered to http and https.
pub fn domains(_: &Path, bytes: &[u8]) -> Result<Read> {
    let mut read = Read::default();
    Csv::open(bytes, &["name", "http_status", "https_status"])?.each(|line, cell| {
        let address = cell("name");
        let answers = [cell("https_status"), cell("http_status")].map(|status| answer(&address, &status));
        // What is best of the two: a host without https is alive all the same.
        let is = |wanted: fn(&Answer) -> bool| answers.iter().find(|found| wanted(found)).cloned();
        let answer = is(|found| *found == Answer::Alive)
            .or_else(|| is(|found| matches!(found, Answer::Elsewhere(_))))
            .or_else(|| is(|found| *found == Answer::Dead))
            .unwrap_or_default();
        if !address.is_empty() {
            read.records.push(Record { line, address, answer, ..Record::default() });
        }
    })?;
    Ok(read)
}

/// Such as `200 OK`, `301 Moved Permanently https://www.mairie.fr/`, or the text of an error.
fn answer(host: &str, status: &str) -> Answer {
    let target = status.split_whitespace().find(|word| word.contains("://"));
    match target.filter(|_| status.starts_with('3')).map(Place::of) {
        Some(place) => match place.host() {
            Some(target) if target == without_www(host) => Answer::Alive,
            Some(target) => Answer::Elsewhere(target.to_owned()),
            None => Answer::Dead,
        },
        None if status.is_empty() => Answer::NotAsked,
        None if status.starts_with('2') => Answer::Alive,
        None => Answer::Dead,
    }
}
