//! `tests/cases/resemblance.txt`, by the list of `data/`, and what must hold for any name.

use crate::packaged::BUILT;
use crate::table::{self, Row, fail_on, shown};
use bon_guichet::address::{Address, url_crate};
use bon_guichet::list::{List, SignedList};
use bon_guichet::resemblance::{Likeness, Resemblance, Technique};
use bon_guichet::verdict::{State, judge, read_address};
use proptest::prelude::*;
use std::collections::BTreeSet;

const CASES: &str = "tests/cases/resemblance.txt";

fn list() -> &'static SignedList {
    BUILT.0.as_ref().unwrap()
}

fn resemblance() -> Resemblance<'static> {
    Resemblance::open(list().resemblance().unwrap()).ok().unwrap()
}

/// What the whole verdict says: a listed site resembles nothing.
fn found(url: &str) -> Option<Likeness> {
    let address = read_address(url, url_crate, &BUILT.0);
    let verdict = judge(&address, &BUILT.0, list().trusted.published);
    let is_certain = verdict.resembles.as_ref().is_some_and(|likeness| likeness.sureness.id() == "certain");
    assert_eq!(verdict.state == State::Resembles, is_certain, "{url}");
    verdict.resembles
}

fn said(likeness: Option<&Likeness>) -> String {
    likeness.map_or("-".to_owned(), |likeness| {
        format!("{} {} {}", likeness.sureness.id(), likeness.technique.id(), likeness.site)
    })
}

#[test]
fn every_address_is_read_as_the_table_says() {
    let rows = table::rows(CASES);
    assert!(rows.len() > 90, "only {} cases were read", rows.len());
    let mut failures = Vec::new();
    let mut met = BTreeSet::new();
    for Row { line, cells } in &rows {
        let [input, wanted] = cells.as_slice() else { panic!("{CASES}:{line}: two cells") };
        let url = if input.contains("://") { input.clone() } else { format!("https://{input}/") };
        let likeness = found(&url);
        met.extend(likeness.iter().map(|likeness| likeness.technique.id()));
        let found = said(likeness.as_ref());
        if found != *wanted {
            failures.push(format!("{CASES}:{line}: {}\n  wanted {wanted}\n  found  {found}", shown(input)));
        }
    }
    fail_on(&failures);
    assert_eq!(met.len(), Technique::ALL.len(), "some technique was never met: {met:?}");
}

/// Nor does any name that the owner of a listed site registered, shared platforms excepted.
#[test]
fn nothing_that_is_listed_resembles() {
    let reviewed = publish::build::check(&table::workspace("data")).unwrap();
    let suffixes = list().public_suffixes();
    let mut failures = Vec::new();
    let mut asked = 0;
    for site in reviewed.sites.iter().filter(|site| !is_public_suffix(&site.host)) {
        for before in ["", "www.", "paiement-gouv.", "ameli.fr."] {
            let url = format!("https://{before}{}/", site.host);
            let address = Address::read(&url, url_crate, suffixes.as_ref()).unwrap();
            let platform = reviewed.platforms.iter().any(|platform| site.host.ends_with(platform));
            if address.registrable_domain().is_none() || address.is_on_shared_platform() || platform {
                continue;
            }
            asked += 1;
            if let Some(likeness) = resemblance().find(&address, &list().list) {
                failures.push(format!("{}: {url}: {}", site.place, said(Some(&likeness))));
            }
        }
    }
    assert!(asked > 4 * 1000, "only {asked} addresses were asked about");
    fail_on(&failures);
}

fn is_public_suffix(host: &str) -> bool {
    let url = format!("https://{host}/");
    let address = Address::read(&url, url_crate, list().public_suffixes().as_ref()).unwrap();
    address.registrable_domain().is_none()
}

/// A list whose dates have passed is no reason to let an imitation pass.
#[test]
fn an_expired_list_still_warns() {
    let after = list().trusted.targets.expires;
    for (url, state, reasons) in [
        ("https://amendes-gouv-fr.com/", "resembles", vec!["resembles", "list_expired", "not_listed"]),
        ("https://caf-compte.com/", "list_expired", vec!["may_resemble", "list_expired", "not_listed"]),
        ("https://exemple.com/", "list_expired", vec!["list_expired", "not_listed"]),
        ("https://ameli.fr/", "list_expired", vec!["list_expired", "listed_domain"]),
    ] {
        let address = read_address(url, url_crate, &BUILT.0);
        let verdict = judge(&address, &BUILT.0, after);
        let found: Vec<&str> = verdict.reasons.iter().map(bon_guichet::verdict::Reason::id).collect();
        assert_eq!((verdict.state.id(), found), (state, reasons), "{url}");
    }
}

/// The parts that are marked, put together, are the whole addresses.
#[test]
fn a_comparison_shows_both_addresses_whole() {
    let address = read_address("https://www.améli-compte.fr/", url_crate, &BUILT.0);
    let verdict = judge(&address, &BUILT.0, list().trusted.published);
    let comparison = bon_guichet::view::card(&verdict).comparison.unwrap();
    let whole = |parts: &[bon_guichet::view::Part]| parts.iter().map(|part| part.text.as_str()).collect::<String>();
    assert_eq!(whole(&comparison.here), "améli-compte.fr");
    assert_eq!(whole(&comparison.there), "ameli.fr");
    let marked: Vec<&str> = comparison.here.iter().filter(|part| part.differs).map(|part| part.text.as_str()).collect();
    assert_eq!(marked, ["é", "-compte"]);
}

fn of_host(host: &str, list: &List) -> Option<Likeness> {
    let url = format!("https://{host}/");
    let suffixes = self::list().public_suffixes();
    resemblance().find(&Address::read(&url, url_crate, suffixes.as_ref()).ok()?, list)
}

fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        "(ameli|gouv|impots|antai|vitale|fr|compte|mon|www|nimes|xn--|rn|vv|1l0i)",
        "[a-z0-9éаıœ]{1,9}",
        "[\\p{L}\\p{M}]{1,3}",
    ]
}

fn host() -> impl Strategy<Value = String> {
    let name = proptest::collection::vec((word(), prop_oneof!["-", "\\.", ""]), 1..9);
    (name, prop_oneof!["fr", "com", "gouv\\.fr", "github\\.io", "beget\\.tech"]).prop_map(|(name, suffix)| {
        let name: String = name.into_iter().flat_map(|(word, mark)| [word, mark]).collect();
        format!("{name}.{suffix}")
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    /// Capitals and punycode change nothing, and the same name is always read the same.
    #[test]
    fn a_name_is_read_alike_however_it_is_written(host in host()) {
        let found = of_host(&host, &list().list);
        prop_assert_eq!(&of_host(&host, &list().list), &found);
        // Some letters have no capital of their own: the same name is what has the same ASCII form.
        let ascii = |host: &str| idna::domain_to_ascii(host).unwrap_or_default();
        for other in [host.to_uppercase(), ascii(&host)] {
            if !other.is_empty() && ascii(&other) == ascii(&host) {
                prop_assert_eq!(&of_host(&other, &list().list), &found, "{}", other);
            }
        }
    }

    /// Damage further in than the header finds nothing, or something else, and never panics.
    #[test]
    fn a_damaged_table_never_panics(at in any::<prop::sample::Index>(), byte: u8, host in host()) {
        let mut bytes = list().resemblance().unwrap().to_vec();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        let url = format!("https://{host}/");
        let suffixes = list().public_suffixes();
        if let (Ok(table), Ok(address)) = (Resemblance::open(&bytes), Address::read(&url, url_crate, suffixes.as_ref())) {
            let _ = table.find(&address, &list().list);
        }
    }

    #[test]
    fn any_bytes_are_refused_or_read(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let mut named = b"BGR1".to_vec();
        named.extend(&bytes);
        for bytes in [bytes, named] {
            if let Ok(table) = Resemblance::open(&bytes) {
                let address = Address::read("https://ameli-compte.fr/", url_crate, list().public_suffixes().as_ref()).unwrap();
                let _ = table.find(&address, &list().list);
            }
        }
    }
}
