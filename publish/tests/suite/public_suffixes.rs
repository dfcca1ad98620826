//! The packed Public Suffix List against its own test file and against the crate `psl`.

use crate::crate_folder::crate_folder;
use crate::lists::suffixes;
use crate::table::fail_on;
use bon_guichet::address::{Address, url_crate};
use publish::suffix_list;

/// `checkPublicSuffix` of <https://publicsuffix.org/list/>: a host, and its registrable domain.
#[test]
fn the_lists_own_test_file_passes() {
    let text = std::fs::read_to_string(crate_folder("publicsuffix").unwrap().join("tests/tests.txt")).unwrap();
    let cases = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//"));
    let cases: Vec<(&str, &str)> = cases.filter_map(|line| line.split_once(char::is_whitespace)).collect();
    assert!(cases.len() > 70, "only {} cases were read", cases.len());
    let failures = cases.iter().filter_map(|(host, wanted)| {
        let wanted = Some(wanted.trim()).filter(|wanted| *wanted != "null").map(ascii);
        let found = registrable_domain(host);
        (found != wanted).then(|| format!("{host}: wanted {wanted:?}, found {found:?}"))
    });
    fail_on(&failures.collect::<Vec<_>>());
}

/// Every rule, with none, one and two labels before it.
#[test]
fn the_crate_psl_says_the_same_of_every_rule() {
    let suffixes = suffixes();
    let mut compared = 0;
    let mut failures = Vec::new();
    for (rule, _) in suffix_list::rules().unwrap() {
        let host = rule.trim_start_matches('!').replace('*', "wild");
        for host in [host.clone(), format!("one.{host}"), format!("two.one.{host}")] {
            if !host.contains('.') {
                continue; // A name without a dot is not judged.
            }
            let url = format!("https://{host}/");
            let Ok(address) = Address::read(&url, url_crate, Some(&suffixes)) else {
                assert!(host.ends_with("home.arpa"), "{host} is not judged");
                continue;
            };
            let unicode = idna::domain_to_unicode(&host).0;
            let suffix = psl::suffix(unicode.as_bytes()).unwrap();
            let wanted =
                (Some(text(suffix.as_bytes())), psl::domain(unicode.as_bytes()).map(|domain| text(domain.as_bytes())));
            let found = (address.public_suffix().map(str::to_owned), address.registrable_domain().map(str::to_owned));
            let is_private = suffix.typ() == Some(psl::Type::Private) && found.1.is_some();
            if found != wanted || address.is_on_shared_platform() != is_private {
                failures.push(format!("{host}: wanted {wanted:?}, private: {is_private}; found {found:?}"));
            }
            compared += 1;
        }
    }
    assert!(compared > 20_000, "only {compared} hosts were compared");
    fail_on(&failures);
}

/// What a browser would make of the host, which may have capitals, accents or an empty label.
fn registrable_domain(host: &str) -> Option<String> {
    let suffixes = suffixes();
    let url = format!("https://{host}/");
    let address = Address::read(&url, url_crate, Some(&suffixes)).ok()?;
    address.registrable_domain().map(str::to_owned)
}

fn ascii(host: &str) -> String {
    idna::domain_to_ascii(host).unwrap()
}

fn text(bytes: &[u8]) -> String {
    ascii(std::str::from_utf8(bytes).unwrap())
}
