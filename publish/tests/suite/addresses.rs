//! `tests/cases/addresses.txt`.

use crate::table::{self, Row, fail_on, shown};
use bon_guichet::address::{Address, MAX_PATH, NotJudged, Scheme, url_crate};
use bon_guichet::public_suffix::PublicSuffixes;
use bon_guichet::verdict::Reason;
use publish::suffix_list;

const CASES: &str = "tests/cases/addresses.txt";

#[test]
fn every_url_is_read_as_the_table_says() {
    let suffixes = suffix_list::packed().unwrap();
    let suffixes = PublicSuffixes::open(&suffixes).unwrap();
    let rows = table::rows(CASES);
    assert!(rows.len() > 300, "only {} cases were read", rows.len());
    fail_on(&rows.iter().filter_map(|row| failure(row, &suffixes)).collect::<Vec<_>>());
}

/// Without a Public Suffix List nothing else changes.
#[test]
fn the_suffix_list_does_not_change_the_host() {
    let mut failures = Vec::new();
    for Row { line, cells } in table::rows(CASES).into_iter().filter(|row| row.cells.len() < 7) {
        let read = Address::read(&cells[0], url_crate, None);
        let host = read.as_ref().map_or_else(|reason| id(*reason), |address| address.host().to_owned());
        let knows = read.is_ok_and(|address| {
            address.public_suffix().is_some()
                || address.registrable_domain().is_some()
                || address.is_on_shared_platform()
        });
        if host != cells[1] || knows {
            failures.push(format!("{CASES}:{line}: {}: knows a suffix: {knows}", shown(&host)));
        }
    }
    fail_on(&failures);
}

fn failure(Row { line, cells }: &Row, suffixes: &PublicSuffixes) -> Option<String> {
    let (url, wanted) = cells.split_first().unwrap();
    let found = read(url, suffixes);
    let place = || format!("{CASES}:{line}: {}", shown(url));
    let said = |cells: &[String]| cells.iter().map(|cell| shown(cell)).collect::<Vec<_>>().join(" | ");
    let Some((deviation, standard)) = wanted.split_last().filter(|_| wanted.len() == 6) else {
        return (found != wanted).then(|| format!("{}\n  wanted {}\n  found  {}", place(), said(wanted), said(&found)));
    };
    let (deviant, why) = deviation.split_once(';').unwrap_or_else(|| panic!("{}: say why", place()));
    assert!(!why.trim().is_empty(), "{}: say why", place());
    (found == standard || found[0] != deviant.trim())
        .then(|| format!("{}\n  no longer deviates as written: {}", place(), said(&found)))
}

/// The cells that a row should have after its URL.
fn read(url: &str, suffixes: &PublicSuffixes) -> Vec<String> {
    let address = match Address::read(url, url_crate, Some(suffixes)) {
        Ok(address) => address,
        Err(reason) => return vec![id(reason)],
    };
    let or_same = |text: &str| if text == address.host() { "=".to_owned() } else { text.to_owned() };
    let domain = address.registrable_domain().map_or("-".to_owned(), or_same);
    let suffix = address.public_suffix().unwrap_or("-").to_owned();
    vec![address.host().to_owned(), or_same(&address.unicode_host()), domain, suffix, flags(&address)]
}

fn flags(address: &Address) -> String {
    let path = match address.path() {
        "/" => None,
        path if path.len() <= 64 => Some(format!("path={path}")),
        path => Some(format!("path={} bytes", path.len())),
    };
    assert!(address.path().len() <= MAX_PATH);
    let flags = [
        (address.scheme == Scheme::Http).then(|| "http".to_owned()),
        address.has_credentials.then(|| "credentials".to_owned()),
        address.is_on_shared_platform().then(|| "shared".to_owned()),
        address.key().is_none().then(|| "no_key".to_owned()),
        path,
    ];
    let flags: Vec<String> = flags.into_iter().flatten().collect();
    if flags.is_empty() { "-".to_owned() } else { flags.join(",") }
}

fn id(reason: NotJudged) -> String {
    Reason::NotJudged(reason).id().to_owned()
}
