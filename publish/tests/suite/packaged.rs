//! The list of `data/`, as it is packed and signed for the extension.

use crate::lists::{self, EXPIRES, PUBLISHED, time};
use crate::table::{self, Row, fail_on, workspace};
use bon_guichet::address::url_crate;
use bon_guichet::list::{FILES, NATIONAL, ROOT, Scope, TARGETS};
use bon_guichet::verdict::{Listing, judge, read_address};
use bon_guichet::wire::Line;
use publish::build::{self, Summary};
use publish::reviewed::Site;
use std::collections::BTreeSet;
use std::sync::LazyLock;

const WELL_KNOWN: &str = "tests/cases/well-known.txt";

pub static BUILT: LazyLock<(Listing, Summary)> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("list");
    let summary = build::development(&workspace("data"), &out).unwrap_or_else(|error| panic!("{error:#}"));
    (lists::open(&lists::files_of(&out)), summary)
});

#[test]
fn it_is_whole_and_says_so() {
    let (listing, summary) = &*BUILT;
    let list = listing.as_ref().unwrap();
    assert!(summary.sites >= 16_000, "{} sites", summary.sites);
    assert!(summary.revocations >= 80, "{} revocations", summary.revocations);
    let names: Vec<&str> = summary.files.keys().map(String::as_str).collect();
    let wanted: BTreeSet<&str> = FILES.into_iter().chain([ROOT, TARGETS]).collect();
    assert_eq!(names, wanted.into_iter().collect::<Vec<_>>());
    assert!(list.trusted.targets.get(NATIONAL).is_some(), "the shards are signed, if not shipped");
    assert!(list.trusted.is_development());
    assert_eq!(list.trusted.published, time(PUBLISHED));
    assert_eq!(list.trusted.targets.expires, time(EXPIRES));
}

#[test]
fn every_entry_speaks_for_its_own_host() {
    let reviewed = build::check(&workspace("data")).unwrap();
    assert_eq!(reviewed.sites.len(), BUILT.1.sites);
    let mut failures = Vec::new();
    for site in &reviewed.sites {
        for (scheme, state) in [("https", "official"), ("http", "official_unprotected")] {
            for url in own_urls(scheme, site) {
                let found = said(&url);
                let wanted = format!("{state} {} {}", site.host, site.organisation);
                if found != wanted {
                    failures.push(format!("{}: {url}: wanted {wanted}, found {found}", site.place));
                }
            }
        }
    }
    fail_on(&failures);
}

#[test]
fn a_revoked_host_is_official_in_no_form() {
    let reviewed = build::check(&workspace("data")).unwrap();
    assert_eq!(reviewed.revocations.len(), BUILT.1.revocations);
    for revocation in &reviewed.revocations {
        for scheme in ["https", "http"] {
            for before in ["", "www.", "a.b.", "www.gouv.fr."] {
                for after in ["", ":8443", "./", "/mairie/", "?ameli.fr", "#impots.gouv.fr"] {
                    let url = format!("{scheme}://{before}{}{after}", revocation.host);
                    let found = said(&url);
                    assert!(found == "unlisted revoked" || found.starts_with("resembles "), "{url}: {found}");
                }
            }
        }
    }
}

/// Found squatted, or not public: `tests/cases/squatted.txt`.
#[test]
fn a_squatted_host_is_official_in_no_form() {
    let rows = table::rows("tests/cases/squatted.txt");
    assert!(rows.len() > 100, "{}", rows.len());
    for Row { cells, .. } in &rows {
        for before in ["", "www.", "mairie."] {
            let url = format!("https://{before}{}/", cells[0]);
            assert!(said(&url).starts_with("unlisted "), "{url}: {}", said(&url));
        }
    }
}

#[test]
fn well_known_addresses_are_judged_as_people_expect() {
    let rows = table::rows(WELL_KNOWN);
    let mut unlisted = 0;
    let mut failures = Vec::new();
    for Row { line, cells } in &rows {
        let [url, wanted] = cells.as_slice() else { panic!("{WELL_KNOWN}:{line}: two cells are needed") };
        let found = said(url);
        let is_unlisted = wanted == "unlisted";
        unlisted += usize::from(is_unlisted);
        let fits = if is_unlisted {
            found.starts_with("unlisted not_listed") || found.starts_with("unlisted may_resemble,not_listed")
        } else if wanted.starts_with("resembles ") {
            found == *wanted
        } else {
            found.starts_with("official ") && !wanted.is_empty() && found.contains(wanted)
        };
        if !fits {
            failures.push(format!("{WELL_KNOWN}:{line}: {url}: wanted {wanted}, found {found}"));
        }
    }
    assert!(unlisted >= 45 && rows.len() - unlisted >= 45, "{unlisted} of {} are unlisted", rows.len());
    fail_on(&failures);
}

fn own_urls(scheme: &str, site: &Site) -> Vec<String> {
    let host = &site.host;
    match site.scope {
        Scope::Zone => vec![format!("{scheme}://name-that-has-no-entry.{host}/")],
        Scope::Path => vec![format!("{scheme}://{host}{}", site.path), format!("{scheme}://www.{host}{}/a", site.path)],
        Scope::Host | Scope::Domain | Scope::Revoked => {
            vec![format!("{scheme}://{host}/"), format!("{scheme}://www.{host}/a?b#c")]
        }
    }
}

/// The state, then host and organisation of the entry, or what it resembles, or the reasons.
fn said(url: &str) -> String {
    let listing = &BUILT.0;
    let address = read_address(url, url_crate, listing);
    let verdict = judge(&address, listing, time(PUBLISHED));
    let line = Line::of(url, &verdict);
    match (line.entry, line.resembles) {
        (None, Some(resembles)) if line.state == "resembles" => format!("{} {}", line.state, resembles.site),
        (Some(entry), _) => format!("{} {} {}", line.state, entry.host, entry.organisation),
        (None, _) => format!("{} {}", line.state, line.reasons.join(",")),
    }
}
