//! The WHATWG URL test data, as the crate `url` carries it.

use crate::crate_folder::crate_folder;
use crate::table::fail_on;
use bon_guichet::address::{Address, NotJudged, Scheme, url_crate};
use bon_guichet::verdict::Reason;
use serde_json::Value;
use std::collections::BTreeMap;

/// Inputs for which something else is right than the data says, and why. One that starts to pass
/// fails the test.
const EXCEPTIONS: [(&str, &str); 0] = [];

#[test]
fn every_record_without_a_base_is_read_as_the_standard_says() {
    let mut exceptions = BTreeMap::from(EXCEPTIONS);
    let mut counts = BTreeMap::new();
    let mut failures = Vec::new();
    for record in records() {
        let url = record["input"].as_str().unwrap();
        let (wanted, found) = (wanted(&record), found(url));
        *counts.entry(wanted.split(' ').next().unwrap().to_owned()).or_insert(0) += 1;
        match (wanted == found, exceptions.remove(url)) {
            (false, None) => failures.push(format!("{url:?}: wanted {wanted}, found {found}")),
            (true, Some(_)) => failures.push(format!("{url:?}: passes; remove the exception")),
            _ => {}
        }
    }
    failures.extend(exceptions.keys().map(|url| format!("{url:?}: an exception that no record has")));
    fail_on(&failures);
    // The data holds some of each kind; a loop that skipped them would pass as well.
    for (kind, least) in [
        ("not_an_address", 200),
        ("https", 5),
        ("http", 75),
        ("other_scheme", 130),
        ("local_file", 35),
        ("private_network", 20),
    ] {
        assert!(counts.get(kind).is_some_and(|count| *count >= least), "{kind}: {counts:?}");
    }
}

/// The records that say what a URL means by itself. An older form of the data writes `about:blank`
/// where there is no base.
fn records() -> Vec<Value> {
    let text = std::fs::read(crate_folder("url").unwrap().join("tests/urltestdata.json")).unwrap();
    let all: Vec<Value> = serde_json::from_slice(&text).unwrap();
    let stands_alone = |record: &Value| {
        let has_input = record.get("input").is_some_and(Value::is_string);
        let base = record.get("base").and_then(Value::as_str);
        has_input && base.is_none_or(|base| base == "about:blank" && !needs_base(record))
    };
    all.into_iter().filter(stands_alone).collect()
}

/// Such as `#frag` against `about:blank`.
fn needs_base(record: &Value) -> bool {
    record.get("href").and_then(Value::as_str).is_some_and(|href| href.starts_with("about:blank"))
}

/// Scheme, host, path and credentials, or the reason's id.
fn wanted(record: &Value) -> String {
    if record.get("failure").is_some() {
        return "not_an_address".to_owned();
    }
    let part = |name: &str| record[name].as_str().unwrap();
    let reason = match part("protocol") {
        "http:" | "https:" => {
            let host = part("hostname");
            let host = host.strip_suffix('.').unwrap_or(host);
            if let Some(reason) = no_public_name(host) {
                return reason.to_owned();
            }
            let has_credentials = !part("username").is_empty() || !part("password").is_empty();
            return line(part("protocol").trim_end_matches(':'), host, part("pathname"), has_credentials);
        }
        "file:" => "local_file",
        "about:" => "browser_page",
        _ => "other_scheme",
    };
    reason.to_owned()
}

/// Written again, and more simply, than in the core.
fn no_public_name(host: &str) -> Option<&'static str> {
    let octets: Vec<u8> = host.split('.').map_while(|part| part.parse().ok()).collect();
    if let ([first, second, _, _], 3) = (octets.as_slice(), host.matches('.').count()) {
        return Some(match (first, second) {
            (127, _) => "localhost",
            (0 | 10, _) | (192, 168) | (172, 16..=31) | (169, 254) | (100, 64..=127) => "private_network",
            _ => "ip_literal",
        });
    }
    match host {
        "[::1]" | "localhost" => Some("localhost"),
        "[::]" => Some("private_network"),
        _ if host.starts_with("[::ffff:") || host.starts_with("[f") => panic!("{host}: say what it is"),
        _ if host.starts_with('[') => Some("ip_literal"),
        _ => (!host.contains('.')).then_some("private_network"),
    }
}

fn found(url: &str) -> String {
    match Address::read(url, url_crate, None) {
        Ok(address) => {
            let scheme = if address.scheme == Scheme::Https { "https" } else { "http" };
            line(scheme, address.host(), address.path(), address.has_credentials)
        }
        Err(reason) => Reason::NotJudged(reason).id().to_owned(),
    }
}

fn line(scheme: &str, host: &str, path: &str, has_credentials: bool) -> String {
    format!("{scheme} {host} {path}{}", if has_credentials { " credentials" } else { "" })
}

/// A parser that knows nothing makes everything that is not plain unreadable.
#[test]
fn the_plain_form_is_read_without_the_parser() {
    let read = |url| Address::read(url, |_| None, None).map(|address| address.host().to_owned());
    assert_eq!(read("https://www.impots.gouv.fr/portail/?a=b#c").as_deref(), Ok("www.impots.gouv.fr"));
    for url in
        ["https://AMELI.fr/", "https://ameli.fr:443/", "https://a@ameli.fr/", "https://ameli.fr./", "http://127.1/"]
    {
        assert_eq!(read(url), Err(NotJudged::NotAnAddress), "{url}");
    }
}
