//! `tests/cases/verdicts.txt`, by the list of `tests/lists/small`.

use crate::lists::{self, time};
use crate::table::{self, Row, fail_on, shown};
use bon_guichet::address::url_crate;
use bon_guichet::trust::{File, Refusal, Time};
use bon_guichet::verdict::{Listing, State, judge, read_address};
use bon_guichet::wire::Line;

const CASES: &str = "tests/cases/verdicts.txt";
const GOOD: &str = "2026-12-01T00:00:00Z";

#[test]
fn every_url_is_judged_as_the_table_says() {
    let rows = table::rows(CASES);
    assert!(rows.len() > 150, "only {} cases were read", rows.len());
    let lists = [lists::small(), lists::small_assembled(false), lists::small_assembled(true)];
    let mut failures = Vec::new();
    for (listing, cut) in
        lists.map(|files| lists::open(&files)).iter().zip(["whole", "assembled", "assembled, reversed"])
    {
        for Row { line, cells } in &rows {
            let [url, now, wanted @ ..] = cells.as_slice() else { panic!("{CASES}:{line}: too few cells") };
            let found = verdict(url, listing, time(if now == "good" { GOOD } else { now }));
            if found != wanted {
                let place = format!("{CASES}:{line}: {} (list {cut})", shown(url));
                failures.push(format!("{place}\n  wanted {wanted:?}\n  found  {found:?}"));
            }
        }
    }
    fail_on(&failures);
}

/// No list: never green, and the reason is named; what is not judged stays so.
#[test]
fn a_refused_list_makes_nothing_official() {
    let refused: Listing = Err(Refusal::Missing(File::Targets));
    let good = lists::open(&lists::small());
    for Row { line, cells } in table::rows(CASES) {
        let with_list = verdict(&cells[0], &good, time(GOOD));
        let found = verdict(&cells[0], &refused, time(GOOD));
        if with_list[0] == State::NotJudged.id() {
            assert_eq!(found, with_list, "{CASES}:{line}");
        } else {
            let credentials = with_list[1].ends_with("credentials_in_url");
            let reasons = if credentials { "list_refused,credentials_in_url" } else { "list_refused" };
            assert_eq!(found, ["list_expired", reasons, "-"], "{CASES}:{line}");
        }
    }
}

/// State, reasons and entry.
fn verdict(url: &str, listing: &Listing, now: Time) -> Vec<String> {
    let address = read_address(url, url_crate, listing);
    let verdict = judge(&address, listing, now);
    let line = Line::of(url, &verdict);
    let entry = line.entry.map(|entry| format!("{} {} {}", entry.host, entry.scope, entry.organisation));
    vec![line.state.to_owned(), line.reasons.join(","), entry.unwrap_or("-".to_owned())]
}
