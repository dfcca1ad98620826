//! `publish/tests/cases/change-requests.txt`, by the list of `tests/lists/small`.

use crate::lists::{self, time};
use crate::packaged::BUILT;
use crate::table::{self, Row, fail_on, shown};
use bon_guichet::address::url_crate;
use bon_guichet::trust::{File, Refusal, Time};
use bon_guichet::verdict::{Listing, judge, read_address};
use bon_guichet::view::{Arg, ChangeRequest, Message, change_request};

const CASES: &str = "publish/tests/cases/change-requests.txt";
const GOOD: &str = "2026-12-01T00:00:00Z";

#[test]
fn a_request_says_what_the_table_says_and_what_is_asked_for() {
    let rows = table::rows(CASES);
    assert!(rows.len() >= 14, "only {} cases were read", rows.len());
    let listing = lists::open(&lists::small());
    let mut failures = Vec::new();
    for Row { line, cells } in &rows {
        let [url, language, wanted, facts @ ..] = cells.as_slice() else { panic!("{CASES}:{line}: too few cells") };
        let request = asked(url, &listing, time(GOOD), language);
        let found = request.as_ref().map_or("-", |request| &request.question.key["request_question_".len()..]);
        let found_facts: Vec<String> = request.iter().flat_map(|request| &request.paragraphs[1]).map(word).collect();
        if (found, &*found_facts) != (wanted, facts) {
            failures.push(format!("{CASES}:{line}: {}\n  {found} | {}", shown(url), found_facts.join(" | ")));
        }
        if let Some(ChangeRequest { paragraphs, .. }) = &request {
            let others = [&paragraphs[0], &paragraphs[2], &paragraphs[3]];
            let others: Vec<&str> = others.into_iter().flatten().map(|message| message.key.as_str()).collect();
            let own = [format!("request_{found}"), format!("request_to_{found}")];
            let evidence = format!("request_evidence_to_{found}");
            let all = [&*own[0], &*own[1], &*evidence, "request_no_evidence", "request_is_public"];
            assert_eq!(others, all, "{CASES}:{line}");
        }
    }
    fail_on(&failures);
}

/// Without a good list there is nothing to correct in it.
#[test]
fn nothing_is_asked_of_a_list_that_is_not_good() {
    let refused: Listing = Err(Refusal::Missing(File::Targets));
    let good = lists::open(&lists::small());
    for Row { line, cells } in table::rows(CASES) {
        assert_eq!(asked(&cells[0], &refused, time(GOOD), "fr"), None, "{CASES}:{line}");
        assert_eq!(asked(&cells[0], &good, time(lists::EXPIRES), "fr"), None, "{CASES}:{line}");
    }
}

/// A warning may be wrong: what is asked for is a correction.
#[test]
fn a_look_alike_is_to_be_corrected() {
    let request = asked("https://ameli-dupond.fr/", &BUILT.0, time(GOOD), "fr").unwrap();
    assert_eq!(request.question.key, "request_question_correct");
    assert_eq!(word(&request.paragraphs[1][0]), "title_resembles: ameli-dupond.fr; ameli.fr");
}

fn asked(url: &str, listing: &Listing, now: Time, language: &str) -> Option<ChangeRequest> {
    let address = read_address(url, url_crate, listing);
    change_request(&judge(&address, listing, now), listing, language)
}

/// `key: argument; argument`.
fn word(message: &Message) -> String {
    let args = message.args.iter().map(|arg| match arg {
        Arg::Text(text) => text.clone(),
        Arg::Date(day) | Arg::Moment(day) => day.to_string(),
        Arg::Number(number) => number.to_string(),
    });
    let args: Vec<String> = args.collect();
    if args.is_empty() { message.key.clone() } else { format!("{}: {}", message.key, args.join("; ")) }
}
