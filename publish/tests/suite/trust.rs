//! Attacks on a signed list: each is a change to its files, and the words in which it is refused.

use crate::lists::{self, Files, open, time};
use crate::table::{fail_on, workspace};
use bon_guichet::address::url_crate;
use bon_guichet::list::{List, PUBLIC_SUFFIXES, ROOT, Shard, TARGETS};
use bon_guichet::trust::json::Json;
use bon_guichet::trust::{File, MAX_METADATA, MAX_TARGET, Refusal, Trusted};
use bon_guichet::verdict::{Listing, State, judge, read_address};
use ed25519_dalek::pkcs8::DecodePrivateKey;
use ed25519_dalek::{Signer, SigningKey};
use publish::build::{NATIONAL, REVOCATIONS};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

const LISTED: &str = "https://ameli.fr/";
const UNLISTED: &str = "https://evil.example/";

/// A change, and how its refusal begins: file and reason.
type Attack = (&'static str, fn(&mut Files), &'static str);

const FILES: [Attack; 17] = [
    ("no root", |list| remove(list, ROOT), "root.json is missing"),
    ("no targets", |list| remove(list, TARGETS), "targets.json is missing"),
    ("no sites", |list| remove(list, NATIONAL), "national.bin is missing"),
    ("no revocations", |list| remove(list, REVOCATIONS), "revocations.bin is missing"),
    ("no suffixes", |list| remove(list, PUBLIC_SUFFIXES), "public-suffixes.bin is missing"),
    ("empty root", |list| bytes(list, ROOT).clear(), "root.json is malformed: EOF"),
    ("empty targets", |list| bytes(list, TARGETS).clear(), "targets.json is malformed: EOF"),
    ("empty sites", |list| bytes(list, NATIONAL).clear(), "national.bin has 0 bytes"),
    ("empty revocations", |list| bytes(list, REVOCATIONS).clear(), "revocations.bin has 0 bytes"),
    ("truncated root", |list| bytes(list, ROOT).truncate(1000), "root.json is malformed: EOF"),
    ("truncated targets", |list| bytes(list, TARGETS).truncate(500), "targets.json is malformed: EOF"),
    ("one byte less", |list| drop(bytes(list, NATIONAL).pop()), "national.bin has "),
    ("one byte more", |list| bytes(list, REVOCATIONS).push(0), "revocations.bin has "),
    ("other bytes, as many", |list| bytes(list, NATIONAL).fill(b' '), "national.bin does not have the signed SHA-256"),
    ("root and targets swapped", |list| swap(list, ROOT, TARGETS), "root.json is malformed: another \"_type\""),
    ("sites and revocations swapped", |list| swap(list, NATIONAL, REVOCATIONS), "national.bin has "),
    ("root in place of targets", |list| copy(list, ROOT, TARGETS), "targets.json is malformed: another \"_type\""),
];

const NOT_METADATA: [Attack; 20] = [
    (
        "a web page",
        |list| replace(list, TARGETS, b"<!DOCTYPE html><title>Wi-Fi</title>"),
        "targets.json is malformed: expected value",
    ),
    ("a web page as root", |list| replace(list, ROOT, b"<!DOCTYPE html>"), "root.json is malformed: expected value"),
    ("a list", |list| replace(list, TARGETS, b"[]"), "targets.json is malformed: not an object"),
    ("null", |list| replace(list, ROOT, b"null"), "root.json is malformed: not an object"),
    ("an empty object", |list| replace(list, TARGETS, b"{}"), "targets.json is malformed: no \"signed\""),
    (
        "no signatures",
        |list| replace(list, TARGETS, br#"{"signed":{}}"#),
        "targets.json is malformed: no \"signatures\"",
    ),
    ("no UTF-8", |list| replace(list, TARGETS, b"{\"\xff\":1}"), "targets.json is malformed: invalid unicode"),
    ("a byte order mark", |list| edit_text(list, ROOT, "", "\u{feff}"), "root.json is malformed: expected value"),
    ("something after it", |list| bytes(list, ROOT).extend(b"{}"), "root.json is malformed: trailing characters"),
    ("a zero after it", |list| bytes(list, TARGETS).push(0), "targets.json is malformed: trailing characters"),
    ("2 MB of spaces", |list| pad(list, TARGETS, 2_000_000), "targets.json is longer than 1048576 bytes"),
    ("one byte over the limit", |list| pad(list, ROOT, MAX_METADATA + 1), "root.json is longer than 1048576 bytes"),
    ("2 MB of zeros", |list| replace(list, ROOT, &vec![0; 2_000_000]), "root.json is longer than 1048576 bytes"),
    (
        "a deep nest",
        |list| replace(list, TARGETS, "[".repeat(1_000_000).as_bytes()),
        "targets.json is malformed: recursion limit",
    ),
    (
        "a key twice in the envelope",
        |list| edit_text(list, TARGETS, "{\"sig", "{\"signed\":{},\"sig"),
        "targets.json is malformed: the key signed stands twice",
    ),
    (
        "a key twice in what is signed",
        |list| edit_text(list, TARGETS, "\"version\":1", "\"version\":1,\"version\":2"),
        "targets.json is malformed: the key version stands twice",
    ),
    (
        "a key twice, written otherwise",
        |list| edit_text(list, ROOT, "\"version\":1", "\"version\":1,\"v\\u0065rsion\":2"),
        "root.json is malformed: the key version stands twice",
    ),
    (
        "a fraction",
        |list| edit_text(list, TARGETS, "\"version\":1", "\"version\":1.0"),
        "targets.json is malformed: a number with a fraction",
    ),
    (
        "an exponent",
        |list| edit_text(list, ROOT, "\"threshold\":2", "\"threshold\":2e0"),
        "root.json is malformed: a number with a fraction",
    ),
    (
        "a number over 2^63",
        |list| edit_text(list, TARGETS, "\"version\":1", "\"version\":9223372036854775808"),
        "targets.json is malformed: a number over 2^63",
    ),
];

const SIGNATURES: [Attack; 21] = [
    (
        "nobody signed the targets",
        |list| envelope(list, TARGETS, |it| it["signatures"] = json!([])),
        "targets.json has 0 good signatures of 2 needed",
    ),
    (
        "nobody signed the root",
        |list| envelope(list, ROOT, |it| it["signatures"] = json!([])),
        "root.json has 0 good signatures of 2 needed",
    ),
    ("one of two signed", |list| keep_signatures(list, TARGETS, 1), "targets.json has 1 good signatures of 2 needed"),
    (
        "one of three signed the root",
        |list| keep_signatures(list, ROOT, 1),
        "root.json has 1 good signatures of 2 needed",
    ),
    (
        "a signature twice",
        |list| envelope(list, TARGETS, |it| it["signatures"][1] = it["signatures"][0].clone()),
        "targets.json is malformed: two signatures of one keyid",
    ),
    (
        "two signatures exchanged",
        |list| envelope(list, TARGETS, exchange_signatures),
        "targets.json has 0 good signatures of 2 needed",
    ),
    (
        "65 signatures",
        |list| envelope(list, TARGETS, |it| it["signatures"] = json!(vec![json!({}); 65])),
        "targets.json is malformed: too many signatures",
    ),
    (
        "a signature of no key",
        |list| envelope(list, TARGETS, |it| it["signatures"][0] = json!({"sig": "00"})),
        "targets.json is malformed: a signature without keyid",
    ),
    (
        "a signature that is no number",
        |list| envelope(list, TARGETS, |it| it["signatures"][0]["sig"] = json!("zz".repeat(64))),
        "targets.json has 1 good signatures of 2 needed",
    ),
    (
        "a signature of zeros",
        |list| envelope(list, TARGETS, |it| it["signatures"][0]["sig"] = json!("00".repeat(64))),
        "targets.json has 1 good signatures of 2 needed",
    ),
    (
        "a signature with a byte more",
        |list| envelope(list, TARGETS, lengthen_signature),
        "targets.json has 1 good signatures of 2 needed",
    ),
    (
        "keys of another role",
        |list| sign_as(list, TARGETS, &[own("online-1"), own("root-1"), own("root-2")]),
        "targets.json has 0 good signatures of 2 needed",
    ),
    (
        "one good key, one of another role",
        |list| sign_as(list, TARGETS, &[own("targets-1"), own("online-1")]),
        "targets.json has 1 good signatures of 2 needed",
    ),
    (
        "keys of another root",
        |list| sign_as(list, TARGETS, &[foreign(1), foreign(2)]),
        "targets.json has 0 good signatures of 2 needed",
    ),
    (
        "keys of another root under good keyids",
        |list| sign_as(list, TARGETS, &[posing(1, "targets-1"), posing(2, "targets-2")]),
        "targets.json has 0 good signatures of 2 needed",
    ),
    (
        "a root by the targets keys",
        |list| sign_as(list, ROOT, &[own("targets-1"), own("targets-2")]),
        "root.json has 0 good signatures of 2 needed",
    ),
    (
        "targets changed, not signed again",
        |list| envelope(list, TARGETS, |it| it["signed"]["version"] = json!(2)),
        "targets.json has 0 good signatures of 2 needed",
    ),
    (
        "expiry moved, not signed again",
        |list| envelope(list, TARGETS, |it| it["signed"]["expires"] = json!("2099-01-01T00:00:00Z")),
        "targets.json has 0 good signatures of 2 needed",
    ),
    (
        "root's threshold lowered, not signed again",
        |list| envelope(list, ROOT, |it| it["signed"]["roles"]["targets"]["threshold"] = json!(1)),
        "root.json has 0 good signatures of 2 needed",
    ),
    (
        "a member added, not signed again",
        |list| envelope(list, TARGETS, |it| it["signed"]["x"] = json!(1)),
        "targets.json has 0 good signatures of 2 needed",
    ),
    ("another root with its own keys", foreign_root, "targets.json has 0 good signatures of 2 needed"),
];

const SIGNED_ROOTS: [Attack; 21] = [
    (
        "a keyid twice in a role",
        |list| root(list, |it| it["roles"]["targets"]["keyids"] = json!([id("targets-1"), id("targets-1")])),
        "root.json is malformed: a keyid that stands twice in a role",
    ),
    ("a key under two ids", one_key_two_ids, "targets.json has 1 good signatures of 2 needed"),
    ("a key of small order", small_order_key, "targets.json has 0 good signatures of 1 needed"),
    (
        "a key of another scheme",
        |list| root(list, |it| it["keys"][id("targets-1")]["scheme"] = json!("ecdsa-sha2-nistp256")),
        "targets.json has 1 good signatures of 2 needed",
    ),
    (
        "a key that is no point",
        |list| root(list, |it| it["keys"][id("targets-1")]["keyval"]["public"] = json!("zz".repeat(32))),
        "targets.json has 1 good signatures of 2 needed",
    ),
    (
        "a role's key is not there",
        |list| root(list, |it| drop(it["keys"].as_object_mut().unwrap().remove(&id("targets-1")))),
        "targets.json has 1 good signatures of 2 needed",
    ),
    (
        "threshold 0",
        |list| root(list, |it| it["roles"]["targets"]["threshold"] = json!(0)),
        "root.json is malformed: a role without a threshold above 0",
    ),
    (
        "threshold -1",
        |list| root(list, |it| it["roles"]["root"]["threshold"] = json!(-1)),
        "root.json is malformed: a role without a threshold above 0",
    ),
    (
        "threshold as text",
        |list| root(list, |it| it["roles"]["targets"]["threshold"] = json!("2")),
        "root.json is malformed: a role without a threshold above 0",
    ),
    (
        "more than there are keys",
        |list| root(list, |it| it["roles"]["root"]["threshold"] = json!(4)),
        "root.json has 3 good signatures of 4 needed",
    ),
    (
        "no targets role",
        |list| root(list, |it| drop(it["roles"].as_object_mut().unwrap().remove("targets"))),
        "root.json is malformed: a role without keyids",
    ),
    (
        "no snapshot role",
        |list| root(list, |it| drop(it["roles"].as_object_mut().unwrap().remove("snapshot"))),
        "root.json is malformed: a role without keyids",
    ),
    (
        "65 keyids",
        |list| root(list, |it| it["roles"]["targets"]["keyids"] = json!(vec![id("targets-1"); 65])),
        "root.json is malformed: too many keys",
    ),
    (
        "its own role given to others",
        |list| root(list, |it| it["roles"]["root"] = it["roles"]["targets"].clone()),
        "root.json has 0 good signatures of 2 needed",
    ),
    (
        "another _type",
        |list| root(list, |it| it["_type"] = json!("targets")),
        "root.json is malformed: another \"_type\"",
    ),
    ("version 0", |list| root(list, |it| it["version"] = json!(0)), "root.json is malformed: no \"version\" above 0"),
    (
        "version as text",
        |list| root(list, |it| it["version"] = json!("1")),
        "root.json is malformed: no \"version\" above 0",
    ),
    (
        "spec_version 2",
        |list| root(list, |it| it["spec_version"] = json!("2.0.0")),
        "root.json is malformed: another \"spec_version\" than 1",
    ),
    (
        "spec_version 10",
        |list| root(list, |it| it["spec_version"] = json!("10.0.0")),
        "root.json is malformed: another \"spec_version\" than 1",
    ),
    (
        "no expires",
        |list| root(list, |it| drop(it.as_object_mut().unwrap().remove("expires"))),
        "root.json is malformed: no \"expires\" that is a moment",
    ),
    (
        "expires on no day",
        |list| root(list, |it| it["expires"] = json!("2031-02-29T00:00:00Z")),
        "root.json is malformed: no \"expires\" that is a moment",
    ),
];

const SIGNED_TARGETS: [Attack; 21] = [
    (
        "another _type",
        |list| targets(list, |it| it["_type"] = json!("snapshot")),
        "targets.json is malformed: another \"_type\"",
    ),
    (
        "version 0",
        |list| targets(list, |it| it["version"] = json!(0)),
        "targets.json is malformed: no \"version\" above 0",
    ),
    (
        "version -1",
        |list| targets(list, |it| it["version"] = json!(-1)),
        "targets.json is malformed: no \"version\" above 0",
    ),
    (
        "spec_version 2",
        |list| targets(list, |it| it["spec_version"] = json!("2.0.0")),
        "targets.json is malformed: another \"spec_version\" than 1",
    ),
    (
        "no spec_version",
        |list| targets(list, |it| it["spec_version"] = json!(null)),
        "targets.json is malformed: another \"spec_version\" than 1",
    ),
    (
        "expires tomorrow",
        |list| targets(list, |it| it["expires"] = json!("tomorrow")),
        "targets.json is malformed: no \"expires\" that is a moment",
    ),
    (
        "expires on a day",
        |list| targets(list, |it| it["expires"] = json!("2027-11-22")),
        "targets.json is malformed: no \"expires\" that is a moment",
    ),
    (
        "expires elsewhere",
        |list| targets(list, |it| it["expires"] = json!("2027-11-22T00:00:00+02:00")),
        "targets.json is malformed: no \"expires\" that is a moment",
    ),
    (
        "expires is a number",
        |list| targets(list, |it| it["expires"] = json!(1_826_841_600)),
        "targets.json is malformed: no \"expires\" that is a moment",
    ),
    (
        "no day of publication",
        |list| targets(list, |it| it["x-bon-guichet-published"] = json!("")),
        "targets.json is malformed: no \"x-bon-guichet-published\"",
    ),
    ("no targets", |list| targets(list, |it| it["targets"] = json!([])), "targets.json is malformed: no \"targets\""),
    ("too many targets", |list| targets(list, name_too_many), "targets.json is malformed: too many targets"),
    (
        "no length",
        |list| targets(list, |it| it["targets"][NATIONAL]["length"] = json!(null)),
        "targets.json is malformed: a target without length or sha256",
    ),
    (
        "a length below 0",
        |list| targets(list, |it| it["targets"][NATIONAL]["length"] = json!(-1)),
        "targets.json is malformed: a target without length or sha256",
    ),
    (
        "no hash",
        |list| targets(list, |it| it["targets"][NATIONAL]["hashes"] = json!({"md5": "00"})),
        "targets.json is malformed: a target without length or sha256",
    ),
    (
        "half a hash",
        |list| targets(list, |it| it["targets"][NATIONAL]["hashes"]["sha256"] = json!("00".repeat(16))),
        "targets.json is malformed: a target without length or sha256",
    ),
    (
        "another hash",
        |list| targets(list, |it| it["targets"][NATIONAL]["hashes"]["sha256"] = json!("00".repeat(32))),
        "national.bin does not have the signed SHA-256",
    ),
    (
        "a huge file",
        |list| targets(list, |it| it["targets"][NATIONAL]["length"] = json!(MAX_TARGET + 1)),
        "national.bin is longer than 16777216 bytes",
    ),
    (
        "suffixes are not named",
        |list| targets(list, |it| drop(it["targets"].as_object_mut().unwrap().remove(PUBLIC_SUFFIXES))),
        "public-suffixes.bin is not named in targets.json",
    ),
    (
        "sites of another form",
        |list| sign_file(list, NATIONAL, b"BGL9 another form"),
        "national.bin is not in a form that this version reads",
    ),
    (
        "suffixes of another form",
        |list| sign_file(list, PUBLIC_SUFFIXES, b"?"),
        "public-suffixes.bin is not in a form that this version reads",
    ),
];

/// Changes that mean nothing: without them, a core that refuses everything would pass.
const HARMLESS: [(&str, fn(&mut Files)); 9] = [
    ("nothing", |_| {}),
    ("white space", |list| [ROOT, TARGETS].into_iter().for_each(|name| envelope_with(list, name, |_| {}, true))),
    ("as long as may be", |list| pad(list, TARGETS, MAX_METADATA)),
    ("two of three signed the root", |list| keep_signatures(list, ROOT, 2)),
    ("a bad signature too many", |list| envelope(list, ROOT, |it| it["signatures"][2]["sig"] = json!("00".repeat(64)))),
    ("a stranger signed too", |list| sign_as(list, TARGETS, &[foreign(1), own("targets-1"), own("targets-2")])),
    ("signed in another order", |list| {
        envelope(list, TARGETS, |it| it["signatures"].as_array_mut().unwrap().reverse())
    }),
    ("a member nobody knows", |list| targets(list, |it| it["x-more"] = json!({"a": [1, null, true, "é\"\\\n"]}))),
    ("a file nobody asked for", |list| drop(list.insert("other.bin".to_owned(), vec![1]))),
];

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

/// One bit at every position of the metadata. What is accepted all the same (a signature that is
/// not needed, the case of a hexadecimal digit) names the same files.
#[test]
fn a_flipped_bit_of_metadata_never_turns_anything_green() {
    let good = lists::small();
    let trusted = open(&good).unwrap().trusted;
    for (name, file) in [(ROOT, File::Root), (TARGETS, File::Targets)] {
        let signed_from = text(&good, name).find("\"signed\"").unwrap();
        let mut refused = 0;
        for position in 0..good[name].len() {
            let flipped = |wanted: &str| {
                let mut bytes = good[wanted].clone();
                if wanted == name {
                    bytes[position] ^= 1 << (position % 8);
                }
                bytes
            };
            match Trusted::open(&flipped(ROOT), &flipped(TARGETS)) {
                Err(refusal) => {
                    assert_eq!(*refusal.file(), file, "{name}, byte {position}");
                    refused += 1;
                }
                Ok(found) => {
                    assert!(position < signed_from, "{name}, byte {position} is signed, and was not refused");
                    assert_eq!(
                        format!("{:?}", found.targets),
                        format!("{:?}", trusted.targets),
                        "{name}, byte {position}"
                    );
                }
            }
        }
        assert!(refused > good[name].len() / 2, "{name}: only {refused} were refused");
    }
}

/// One bit at the start, at the end and at every 97th position of every file.
#[test]
fn a_flipped_bit_of_a_file_is_refused() {
    let mut files = lists::small();
    let trusted = open(&files).unwrap().trusted;
    let names: Vec<String> = trusted.targets.names().map(str::to_owned).collect();
    assert_eq!(names.len(), 4);
    for name in names {
        let refusal = Refusal::Hash(File::Target(name.clone()));
        let len = files[&name].len();
        for position in (0..len).filter(|position| *position < 64 || *position + 64 >= len || position % 97 == 0) {
            bytes(&mut files, &name)[position] ^= 1 << (position % 8);
            assert_eq!(trusted.verify(&name, &files[&name]), Err(refusal.clone()), "{name}, byte {position}");
            if position % 97 == 0 && position < 1000 {
                let listing = open(&files);
                assert_eq!(listing.as_ref().err(), Some(&refusal), "{name}, byte {position}");
                assert_eq!(state(LISTED, &listing), State::ListExpired);
            }
            bytes(&mut files, &name)[position] ^= 1 << (position % 8);
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
    let addresses = urls.map(|url| bon_guichet::address::Address::read(url, url_crate, Some(&suffixes)).unwrap());
    let mut opened = 0;
    for position in 0..good[NATIONAL].len() {
        for bit in 0..8 {
            let mut bytes = good[NATIONAL].clone();
            bytes[position] ^= 1 << bit;
            let Ok(shard) = Shard::open(bytes) else { continue };
            opened += 1;
            let list = List::new(vec![shard]);
            for address in &addresses {
                if let bon_guichet::list::Finding::Official(entry) = list.look_up(address) {
                    assert!(address.host().ends_with(entry.host), "byte {position}, bit {bit}");
                    let _ = entry.rule.record();
                }
            }
        }
    }
    assert!(opened > 1000, "only {opened} damaged files were opened");
}

fn state(url: &str, listing: &Listing) -> State {
    let address = read_address(url, url_crate, listing);
    judge(&address, listing, time(lists::PUBLISHED)).state
}

// Changes to files.

fn bytes<'f>(list: &'f mut Files, name: &str) -> &'f mut Vec<u8> {
    list.get_mut(name).unwrap()
}

fn remove(list: &mut Files, name: &str) {
    list.remove(name).unwrap();
}

fn replace(list: &mut Files, name: &str, with: &[u8]) {
    *bytes(list, name) = with.to_vec();
}

fn copy(list: &mut Files, from: &str, to: &str) {
    *bytes(list, to) = list[from].clone();
}

fn swap(list: &mut Files, a: &str, b: &str) {
    let was = list[a].clone();
    copy(list, b, a);
    replace(list, b, &was);
}

fn pad(list: &mut Files, name: &str, len: usize) {
    bytes(list, name).resize(len, b' ');
}

fn text(list: &Files, name: &str) -> String {
    String::from_utf8(list[name].clone()).unwrap()
}

fn edit_text(list: &mut Files, name: &str, from: &str, to: &str) {
    let was = text(list, name);
    assert!(was.contains(from), "{name} has no {from}");
    replace(list, name, was.replacen(from, to, 1).as_bytes());
}

// Changes to metadata.

/// Changes a metadata file, signatures as they are.
fn envelope(list: &mut Files, name: &str, change: fn(&mut Value)) {
    envelope_with(list, name, change, false);
}

fn envelope_with(list: &mut Files, name: &str, change: fn(&mut Value), spaced: bool) {
    let mut value: Value = serde_json::from_slice(&list[name]).unwrap();
    change(&mut value);
    let text = if spaced { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) };
    replace(list, name, text.unwrap().as_bytes());
}

fn keep_signatures(list: &mut Files, name: &str, count: usize) {
    let mut value: Value = serde_json::from_slice(&list[name]).unwrap();
    value["signatures"].as_array_mut().unwrap().truncate(count);
    replace(list, name, value.to_string().as_bytes());
}

fn exchange_signatures(envelope: &mut Value) {
    let first = envelope["signatures"][0]["sig"].take();
    envelope["signatures"][0]["sig"] = envelope["signatures"][1]["sig"].take();
    envelope["signatures"][1]["sig"] = first;
}

fn lengthen_signature(envelope: &mut Value) {
    let longer = format!("{}00", envelope["signatures"][0]["sig"].as_str().unwrap());
    envelope["signatures"][0]["sig"] = json!(longer);
}

/// Changes the root, and signs it again with its own keys.
fn root(list: &mut Files, change: fn(&mut Value)) {
    change_signed(list, ROOT, change);
    sign_as(list, ROOT, &[own("root-1"), own("root-2"), own("root-3")]);
}

/// Changes the targets, and signs them again with their own keys.
fn targets(list: &mut Files, change: fn(&mut Value)) {
    change_signed(list, TARGETS, change);
    sign_as(list, TARGETS, &[own("targets-1"), own("targets-2")]);
}

fn change_signed(list: &mut Files, name: &str, change: impl Fn(&mut Value)) {
    let mut value: Value = serde_json::from_slice(&list[name]).unwrap();
    change(&mut value["signed"]);
    replace(list, name, value.to_string().as_bytes());
}

fn name_too_many(signed: &mut Value) {
    let target = signed["targets"][NATIONAL].clone();
    signed["targets"] = (0..1025).map(|number| (format!("{number}.bin"), target.clone())).collect();
}

/// Puts other bytes in place of a file, as its publisher would.
fn sign_file(list: &mut Files, name: &str, with: &[u8]) {
    replace(list, name, with);
    let target = json!({"length": with.len(), "hashes": {"sha256": hex(&Sha256::digest(with))}});
    change_signed(list, TARGETS, |signed| signed["targets"][name] = target.clone());
    sign_as(list, TARGETS, &[own("targets-1"), own("targets-2")]);
}

/// One key under two ids in the root, which signs under both.
fn one_key_two_ids(list: &mut Files) {
    root(list, |signed| {
        signed["keys"]["other"] = signed["keys"][id("targets-1")].clone();
        signed["roles"]["targets"]["keyids"] = json!([id("targets-1"), "other"]);
    });
    let (id, key) = own("targets-1");
    sign_as(list, TARGETS, &[(id, key.clone()), ("other".to_owned(), key)]);
}

/// A key under which a careless check lets one signature pass for every message.
fn small_order_key(list: &mut Files) {
    root(list, |signed| {
        signed["keys"]["weak"] = signed["keys"][id("targets-1")].clone();
        signed["keys"]["weak"]["keyval"]["public"] = json!(format!("01{}", "00".repeat(31)));
        signed["roles"]["targets"] = json!({"keyids": ["weak"], "threshold": 1});
    });
    envelope(list, TARGETS, |it| {
        it["signatures"] = json!([{"keyid": "weak", "sig": format!("01{}", "00".repeat(63))}]);
    });
}

/// A root that is good in itself, but whose keys never signed the targets.
fn foreign_root(list: &mut Files) {
    let keys = [foreign(1), foreign(2)];
    change_signed(list, ROOT, |signed| {
        for (id, key) in &keys {
            let public = hex(key.verifying_key().as_bytes());
            signed["keys"][id] = json!({"keytype": "ed25519", "scheme": "ed25519", "keyval": {"public": public}});
        }
        let role = json!({"keyids": keys.each_ref().map(|(id, _)| id), "threshold": 2});
        signed["roles"]["root"] = role.clone();
        signed["roles"]["targets"] = role;
    });
    sign_as(list, ROOT, &keys);
}

// Keys.

type Named = (String, SigningKey);

/// A development key, under its own id.
fn own(name: &str) -> Named {
    let pem = std::fs::read_to_string(workspace(&format!("data/keys/development/{name}.pem"))).unwrap();
    let key = SigningKey::from_pkcs8_pem(&pem).unwrap();
    let public =
        json!({"keytype": "ed25519", "scheme": "ed25519", "keyval": {"public": hex(key.verifying_key().as_bytes())}});
    (hex(&Sha256::digest(canonical(&public))), key)
}

fn id(name: &str) -> String {
    own(name).0
}

/// A key that no root of ours knows.
fn foreign(seed: u8) -> Named {
    (format!("foreign-{seed}"), SigningKey::from_bytes(&[seed; 32]))
}

/// Such a key under the id of one of ours.
fn posing(seed: u8, name: &str) -> Named {
    (id(name), foreign(seed).1)
}

/// Signs what a metadata file holds anew, by these keys only.
fn sign_as(list: &mut Files, name: &str, keys: &[Named]) {
    let mut value: Value = serde_json::from_slice(&list[name]).unwrap();
    let message = canonical(&value["signed"]);
    let sign = |(id, key): &Named| json!({"keyid": id, "sig": hex(&key.sign(&message).to_bytes())});
    value["signatures"] = keys.iter().map(sign).collect();
    replace(list, name, value.to_string().as_bytes());
}

fn canonical(value: &Value) -> Vec<u8> {
    Json::parse(value.to_string().as_bytes()).unwrap().canonical()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
