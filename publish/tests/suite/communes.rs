//! Town halls as text: `official-sites/communes/NN.tsv`, and how they are named.

use crate::lists::{self, suffixes};
use crate::table::{Row, fail_on, rows, workspace};
use bon_guichet::list::Scope;
use publish::reviewed::{self, Reviewed, Site};
use publish::town_hall;
use std::fs;

const HEADER: &str = "insee\tname\thost\tsource\tdate\treview\n";
const GOOD: &str = "01004\tAmbérieu\tamberieu.example\ttest\t2026-10-01\tfirst\n";

#[test]
fn town_halls_are_named_as_french_says() {
    let mut failures = Vec::new();
    for Row { line, cells } in rows("publish/tests/cases/town-halls.txt") {
        let [insee, name, wanted] = cells.as_slice() else { panic!("{line}: three cells are needed") };
        let found = town_hall::organisation(insee, name);
        if found != *wanted {
            failures.push(format!("{line}: wanted {wanted}, found {found}"));
        }
    }
    fail_on(&failures);
}

#[test]
fn a_line_is_the_exact_host_of_one_town_hall() {
    let read = with("01.tsv", &format!("# A comment.\n{HEADER}{GOOD}"));
    assert!(read.problems.is_empty(), "{:#?}", read.problems);
    let town_halls: Vec<&Site> = read.sites.iter().filter(|site| site.review == "first").collect();
    let [site] = town_halls.as_slice() else { panic!("{town_halls:#?}") };
    assert_eq!((site.host.as_str(), site.scope), ("amberieu.example", Scope::Host));
    assert_eq!((site.organisation.as_str(), site.department.as_str()), ("Mairie d’Ambérieu (Ain)", "01"));
    assert_eq!((site.sources.as_str(), site.checked.0.as_str()), ("Bon Guichet (2026-11-22)", "2026-10-01"));
    assert!(site.place.file.ends_with("communes/01.tsv") && site.place.line == 3, "{}", site.place);
}

/// File, its lines after the header, and each defect: line, column or line, what, remedy.
#[test]
fn every_defect_of_a_line_is_told() {
    let cases: [(&str, &str, &[&str]); 14] = [
        ("02.tsv", GOOD, &["2: 01004, `insee`: is \"01004\"; write the five characters of a commune of 02, or move"]),
        (
            "01.tsv",
            &format!("{GOOD}{GOOD}"),
            &["3: 01004, `insee`: is that of the line before; keep one line a commune"],
        ),
        (
            "01.tsv",
            &format!("{GOOD}{}", GOOD.replace("01004", "01002").replace("amb", "b")),
            &["3: 01002, `insee`: comes after 01004; sort the lines by INSEE code"],
        ),
        ("01.tsv", "01004\tAmbérieu\n", &["2: line 2: has 2 cells; write 6: insee, name, host, source, date, review"]),
        ("01.tsv", "\n", &["2: line 2: has 1 cells; write 6"]),
        (
            "01.tsv",
            &GOOD.replace("amberieu.example", "www.amberieu.example"),
            &["2: 01004, `host`: starts with `www.`; leave `www.` out"],
        ),
        (
            "01.tsv",
            &GOOD.replace("amberieu.example", "https://amberieu.example/"),
            &["2: 01004, `host`: is \"https://amberieu.example/\", which is no public host; write a public host alone"],
        ),
        (
            "01.tsv",
            &GOOD.replace("amberieu.example", "e-monsite.com"),
            &["2: 01004, `host`: is no commune’s own: each name below it has its own owner; name the full host"],
        ),
        ("01.tsv", &GOOD.replace("amberieu.example", "gouv.fr"), &["2: 01004, `host`: is no commune’s own"]),
        (
            "01.tsv",
            &GOOD.replace("Ambérieu", "L'Ambérieu"),
            &["2: 01004, `name`: has a typewriter apostrophe; write ’"],
        ),
        ("01.tsv", &GOOD.replace("Ambérieu", &"a".repeat(80)), &["2: 01004, `name`: makes \"Mairie de aaa"]),
        (
            "01.tsv",
            &GOOD.replace("\ttest\t2026-10-01\tfirst", "\trumour\t2026-13-01\tsecond"),
            &[
                "2: 01004, `date`: is \"2026-13-01\"; write a day as 2026-01-31",
                "2: 01004, `review`: is \"second\", which is no signed-off file of reviews/; name a file of reviews/, or put",
                "2: 01004, `source`: is \"rumour\", which sources.toml does not have; add it there",
            ],
        ),
        (
            "01.tsv",
            "01004\t\t \t\t\t\n",
            &[
                "2: 01004, `date`: is \"\"; write",
                "2: 01004, `host`: is \" \", which is no public host",
                "2: 01004, `name`: is empty; write it or remove the line",
                "2: 01004, `review`: is empty",
                "2: 01004, `source`: is empty",
                "2: line 2, `host`: has spaces around it; remove them",
            ],
        ),
        ("01.tsv", &GOOD.replace("amberieu.example", "revoked.example"), &["2: revoked.example: is revoked at "]),
    ];
    for (file, lines, wanted) in cases {
        let read = with(file, &format!("{HEADER}{lines}"));
        let told: Vec<String> = read.problems.iter().map(ToString::to_string).collect();
        let told: Vec<&str> = told.iter().map(|text| text.split_once(".tsv:").unwrap().1).collect();
        for wanted in wanted {
            assert!(told.iter().any(|told| told.starts_with(wanted)), "{lines}wanted {wanted}\ntold {told:#?}");
        }
        assert_eq!(told.len(), wanted.len(), "{lines}told {told:#?}");
    }
}

#[test]
fn another_header_is_refused_whole() {
    for text in ["", "insee\thost\n", &format!("{GOOD}{HEADER}")] {
        let told: Vec<String> = with("01.tsv", text).problems.iter().map(ToString::to_string).collect();
        let [told] = told.as_slice() else { panic!("{told:#?}") };
        assert!(told.contains("01.tsv:1: line 1: is not the header; nothing of this file was read; start"), "{told}");
    }
}

/// What a person wrote of the host stands, however far it reaches.
#[test]
fn a_line_beside_an_entry_is_refused() {
    let folder = lists::data();
    lists::write(folder.path(), "reviews/first.tsv", "# signed-off: Bon Guichet, 2026-11-22\n");
    lists::write(folder.path(), "official-sites/communes/01.tsv", &format!("{HEADER}{GOOD}"));
    for scope in ["host", "domain"] {
        let entry = lists::entry("amberieu.example", "Ville").replace("\"host\"", &format!("{scope:?}"));
        lists::write(folder.path(), "official-sites/hand.toml", &entry);
        let read = reviewed::read(folder.path(), &suffixes()).unwrap();
        let told: Vec<String> = read.problems.iter().map(ToString::to_string).collect();
        let [told] = told.as_slice() else { panic!("{told:#?}") };
        assert!(told.contains("01.tsv:2: amberieu.example: has an entry that a person wrote, at "), "{told}");
        assert!(told.ends_with("hand.toml:1; remove the line"), "{told}");
        assert_eq!(read.sites.iter().filter(|site| site.host == "amberieu.example").count(), 1);
    }
}

/// Two communes of different départements on one host: neither is official.
#[test]
fn a_host_of_two_communes_is_refused() {
    let folder = lists::data();
    lists::write(folder.path(), "official-sites/communes/01.tsv", &format!("{HEADER}{GOOD}"));
    lists::write(
        folder.path(),
        "official-sites/communes/02.tsv",
        &format!("{HEADER}{}", GOOD.replace("01004", "02004")),
    );
    lists::write(folder.path(), "reviews/first.tsv", "# signed-off: Bon Guichet, 2026-11-22\n");
    let read = reviewed::read(folder.path(), &suffixes()).unwrap();
    assert_eq!(read.problems.len(), 2, "{:#?}", read.problems);
    assert!(read.sites.iter().all(|site| site.host != "amberieu.example"));
}

/// `tests/lists/small` with one more file of town halls, and the review that it names.
fn with(file: &str, text: &str) -> Reviewed {
    let folder = lists::data();
    lists::write(folder.path(), &format!("official-sites/communes/{file}"), text);
    lists::write(folder.path(), "reviews/first.tsv", "# signed-off: Bon Guichet, 2026-11-22\n");
    lists::write(
        folder.path(),
        "revocations/more.toml",
        "[[revoked]]\nhost = \"revoked.example\"\nreason = \"squatted\"\nsources = [\"test\"]\nchecked = 2026-11-22\n",
    );
    reviewed::read(folder.path(), &suffixes()).unwrap()
}

/// INSEE's list of h aspirés names communes, each once, in order.
#[test]
fn the_list_of_aspirated_names_is_whole() {
    let text = fs::read_to_string(workspace("publish/src/h_aspire.tsv")).unwrap();
    let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
    assert!(lines.len() > 200 && lines.is_sorted_by(|before, after| before < after), "{}", lines.len());
    for line in lines {
        let (insee, name) = line.split_once('\t').unwrap();
        assert!(publish::department::of_commune(insee).is_some() && name.starts_with('H'), "{line}");
    }
}
