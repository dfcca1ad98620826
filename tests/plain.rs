//! A URL in its final form is read without the parser ([`bon_guichet::address`]). That way must
//! never say anything else than the parser would.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

use bon_guichet::address::{Address, MAX_PATH, NotJudged, Scheme, url_crate};
use proptest::prelude::*;
use url::Url;

/// What hosts, paths and tricks are made of.
const PIECES: [&str; 40] = [
    "a",
    "ameli",
    "gouv",
    "fr",
    "com",
    "xn--",
    "xn--p1ai",
    "0",
    "1",
    "127",
    "0x7f",
    "8a",
    "-",
    "_",
    ".",
    "..",
    "/",
    "//",
    "/.",
    "\\",
    "?",
    "#",
    "@",
    ":",
    ":80",
    "%2e",
    "%2E",
    "%41",
    "%",
    "A",
    "é",
    "\u{ad}",
    "\u{3002}",
    "\u{ff0e}",
    "\t",
    " ",
    "[::1]",
    "localhost",
    "|",
    "'",
];

/// Every URL of four pieces or fewer.
#[test]
fn plain_and_parsed_agree_on_every_short_url() {
    let (mut plain, mut parsed) = (0, 0);
    for scheme in ["https://", "http://"] {
        let mut urls = vec![scheme.to_owned()];
        for length in 0..=3 {
            for url in &urls {
                if agree(url).unwrap() { plain += 1 } else { parsed += 1 }
            }
            if length < 3 {
                urls = urls.iter().flat_map(|url| PIECES.map(|piece| format!("{url}{piece}"))).collect();
            }
        }
    }
    // Both ways were taken, and often.
    assert!(plain > 2_000 && parsed > 20_000, "{plain} plain, {parsed} parsed");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2048, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn plain_and_parsed_agree_on_pieces(
        scheme in prop::sample::select(vec!["https://", "http://", "https:", "http:/", "HTTPS://", "ftp://", "https:\\\\", ""]),
        pieces in prop::collection::vec(prop::sample::select(PIECES.to_vec()), 0..14),
    ) {
        agree(&format!("{scheme}{}", pieces.concat())).map_err(TestCaseError::fail)?;
    }

    /// Mostly plain, so that the short way is taken often.
    #[test]
    fn plain_and_parsed_agree_on_likely_urls(
        host in "[a-z0-9-]{1,6}(\\.[a-z0-9-]{0,5}){0,4}",
        path in "(/[a-zA-Z0-9._~!$&'()*+,;=:@%|^\\[\\]{}`\"<> -]{0,4}){0,4}",
        rest in "([?#][ -~é]{0,6})?",
    ) {
        agree(&format!("https://{host}{path}{rest}")).map_err(TestCaseError::fail)?;
    }

    #[test]
    fn plain_and_parsed_agree_on_any_text(host in "\\PC{0,12}", path in "\\PC{0,12}") {
        agree(&format!("https://{host}/{path}")).map_err(TestCaseError::fail)?;
        agree(&format!("{host}{path}")).map_err(TestCaseError::fail)?;
    }

    /// Long paths are cut between characters, whichever way they came.
    #[test]
    fn long_paths_are_cut_alike(before in "[a-z/]{1010,1030}", after in "[a-zé/]{0,12}") {
        agree(&format!("https://ameli.fr/{before}{after}")).map_err(TestCaseError::fail)?;
    }
}

/// Whether the URL was read without the parser, or where the two ways disagree.
fn agree(url: &str) -> Result<bool, String> {
    let read = seen(&Address::read(url, url_crate, None));
    let expected = by_url_crate(url);
    if read.as_ref().ok() != expected.as_ref() && !(expected.is_none() && read.is_err()) {
        return Err(format!("{url:?}: read {read:?}, the crate url says {expected:?}"));
    }
    // No plain URL starts with a space, and no parser keeps one.
    let parsed = seen(&Address::read(&format!(" {url}"), url_crate, None));
    if read != parsed {
        return Err(format!("{url:?}: read {read:?}, parsed {parsed:?}"));
    }
    let without_parser = seen(&Address::read(url, |_| None, None));
    if without_parser == Err(NotJudged::NotAnAddress) {
        return Ok(false);
    }
    if without_parser != read {
        return Err(format!("{url:?}: {without_parser:?} without the parser, {read:?} with it"));
    }
    Ok(true)
}

/// Scheme, host, path, credentials.
type Seen = (Scheme, String, String, bool);

fn seen(read: &Result<Address, NotJudged>) -> Result<Seen, NotJudged> {
    let address = read.as_ref().map_err(|reason| *reason)?;
    Ok((address.scheme, address.host().to_owned(), address.path().to_owned(), address.has_credentials))
}

/// Nothing where there is no URL of the web, or its host is a number or a name without a dot.
fn by_url_crate(url: &str) -> Option<Seen> {
    let url = Url::parse(url).ok()?;
    let scheme = match url.scheme() {
        "https" => Scheme::Https,
        "http" => Scheme::Http,
        _ => return None,
    };
    let host = url.domain()?;
    let host = host.strip_suffix('.').unwrap_or(host);
    let is_local = [".localhost", ".local", ".internal", ".home.arpa"].iter().any(|zone| host.ends_with(zone));
    if !host.contains('.') || is_local || host == "home.arpa" {
        return None;
    }
    let path = url.path();
    let path = &path[..path.floor_char_boundary(MAX_PATH)];
    let has_credentials = !url.username().is_empty() || url.password().is_some();
    Some((scheme, host.to_owned(), path.to_owned(), has_credentials))
}
