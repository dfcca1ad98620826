//! Attacks on a signed list: each is a change to its files, and the words in which it is refused.

mod forgery;

mod attacks;

use crate::lists::{self, open, time};
use crate::table::{fail_on, workspace};
use attacks::{FILES, HARMLESS, NOT_METADATA, SIGNATURES, SIGNED_ROOTS, SIGNED_TARGETS};
use bon_guichet::address::{Address, url_crate};
use bon_guichet::list::{self, Finding, LIST, List, ROOT, Shard, TARGETS};
use bon_guichet::trust::{File, Hashed, Refusal, Trusted};
use bon_guichet::verdict::{Listing, State, judge, read_address};
use forgery::bytes;

const LISTED: &str = "https://ameli.fr/";
const UNLISTED: &str = "https://evil.example/";

#[test]
fn every_attack_is_refused_by_name() {
    let good = lists::small();
    let mut failures = Vec::new();
    for (name, attack, wanted) in
        [FILES.as_slice(), &NOT_METADATA, &SIGNATURES, &SIGNED_ROOTS, &SIGNED_TARGETS].concat()
    {
        let mut files = good.clone();
        attack(&mut files);
        assert_ne!(files, good, "{name}: changes nothing");
        let found = open(&files).err();
        let said = found.as_ref().map_or("accepted".to_owned(), ToString::to_string);
        let names_its_file = found.is_some_and(|refusal| wanted.starts_with(&refusal.file().to_string()));
        if !said.starts_with(wanted) || !names_its_file {
            failures.push(format!("{name}: wanted {wanted:?}, found {said:?}"));
        }
    }
    fail_on(&failures);
}

#[test]
fn harmless_changes_are_accepted() {
    for (name, change) in HARMLESS {
        let mut files = lists::small();
        change(&mut files);
        let listing = open(&files);
        let states = (state(LISTED, &listing), state(UNLISTED, &listing));
        assert_eq!(states, (State::Official, State::Unlisted), "{name}: {:?}", listing.err());
    }
}

/// One bit at every position of the metadata.
#[test]
fn a_flipped_bit_of_metadata_is_refused() {
    let good = lists::small();
    for (name, file) in [(ROOT, File::Root), (TARGETS, File::Targets)] {
        for position in 0..good[name].len() {
            let flipped = |wanted: &str| {
                let mut bytes = good[wanted].clone();
                if wanted == name {
                    bytes[position] ^= 1 << (position % 8);
                }
                bytes
            };
            let refusal = Trusted::open(&flipped(ROOT), &flipped(TARGETS)).err();
            let refused = refusal.unwrap_or_else(|| panic!("{name}, byte {position}: accepted"));
            // A root that still parses, but names other keys, shows in what it vouches for.
            assert!(*refused.file() == file || name == ROOT, "{name}, byte {position}: {refused}");
        }
    }
}

/// One bit at the start, at the end and at every 97th position of every file.
#[test]
fn a_flipped_bit_of_a_file_is_refused() {
    let mut files = lists::small();
    let trusted = open(&files).unwrap().trusted;
    for name in list::FILES.into_iter().filter(|name| files.contains_key(*name)).collect::<Vec<_>>() {
        let refusal = Refusal::Hash(File::Target(name.to_owned()));
        let len = files[name].len();
        for position in (0..len).filter(|position| *position < 64 || *position + 64 >= len || position % 97 == 0) {
            bytes(&mut files, name)[position] ^= 1 << (position % 8);
            let found = trusted.verify(name, Hashed::new(files[name].clone()));
            assert_eq!(found, Err(refusal.clone()), "{name}, byte {position}");
            if position % 97 == 0 && position < 1000 {
                let listing = open(&files);
                assert_eq!(listing.as_ref().err(), Some(&refusal), "{name}, byte {position}");
                assert_eq!(state(LISTED, &listing), State::ListExpired);
            }
            bytes(&mut files, name)[position] ^= 1 << (position % 8);
        }
    }
    assert!(open(&files).is_ok());
}

/// A file that its publisher signed in a damaged form finds nothing or something else; it neither
/// panics nor loops, and what it does not hold whole it does not call official.
#[test]
fn a_damaged_file_that_was_signed_neither_panics_nor_loops() {
    let good = lists::small();
    let suffixes = lists::suffixes();
    let urls = [LISTED, "https://www.x.gouv.fr/", "https://partage.example/mairie/guichet", "https://a.b.c.d.zz/"];
    let addresses = urls.map(|url| Address::read(url, url_crate, Some(&suffixes)).unwrap());
    let mut opened = 0;
    for position in 0..good[LIST].len() {
        for bit in 0..8 {
            let mut bytes = good[LIST].clone();
            bytes[position] ^= 1 << bit;
            let Ok(shard) = Shard::open(bytes) else { continue };
            opened += 1;
            let list = List::new(vec![shard]);
            for address in &addresses {
                if let Finding::Official(entry) = list.look_up(address) {
                    assert!(address.host().ends_with(entry.host), "byte {position}, bit {bit}");
                    let _ = entry.rule.record();
                }
            }
        }
    }
    assert!(opened > 1000, "only {opened} damaged files were opened");
}

/// A key that everybody has, for any part of a list.
#[test]
fn a_development_key_anywhere_makes_a_development_list() {
    use publish::keys::Key;
    use publish::sign::{Delegation, Issue, Role, Roles, delegating_targets, root};
    let own = |seed: u8| -> Key { ed25519_dalek::SigningKey::from_bytes(&[seed; 32]).into() };
    let development = || Key::read(&workspace("data/keys/development/online-1.pem")).unwrap();
    let role = |keys: Vec<Key>| Role { keys, threshold: 1 };
    let issue = Issue { version: 1, expires: time(lists::EXPIRES) };
    for (place, is_development) in [("nowhere", false), ("root", true), ("targets", true), ("regions", true)] {
        let keys = |name: &str, seed: u8| {
            let more = (place == name).then(development);
            role([own(seed)].into_iter().chain(more).collect())
        };
        let roles = Roles { root: keys("root", 1), targets: keys("targets", 2), online: keys("online", 3) };
        let regions = keys("regions", 4);
        let paths = vec!["regions/*".to_owned()];
        let delegation = Delegation { name: "regions".to_owned(), role: &regions, paths, terminating: false };
        let published = time(lists::PUBLISHED);
        let targets = delegating_targets(&lists::small(), &[delegation], published, &roles.targets, issue).unwrap();
        let trusted = Trusted::open(&root(&roles, issue).unwrap(), &targets).unwrap();
        assert_eq!(trusted.is_development(), is_development, "{place}");
    }
}

fn state(url: &str, listing: &Listing) -> State {
    let address = read_address(url, url_crate, listing);
    judge(&address, listing, time(lists::PUBLISHED)).state
}
