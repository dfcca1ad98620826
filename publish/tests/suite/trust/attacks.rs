//! The attacks, one a line.

use super::forgery::*;
use crate::lists::Files;
use bon_guichet::list::{LIST, NATIONAL, PUBLIC_SUFFIXES, REVOCATIONS, ROOT, TARGETS};
use bon_guichet::trust::{MAX_METADATA, MAX_TARGET};
use serde_json::json;

/// A change, and how its refusal begins: file and reason.
pub type Attack = (&'static str, Change, &'static str);
pub type Change = fn(&mut Files);

#[rustfmt::skip] // An attack a line.
pub const FILES: [Attack; 17] = [
    ("no root", |list| remove(list, ROOT), "root.json is missing"),
    ("no targets", |list| remove(list, TARGETS), "targets.json is missing"),
    ("no sites", |list| remove(list, LIST), "list.bin is missing"),
    ("no revocations", |list| remove(list, REVOCATIONS), "revocations.bin is missing"),
    ("no suffixes", |list| remove(list, PUBLIC_SUFFIXES), "public-suffixes.bin is missing"),
    ("empty root", |list| bytes(list, ROOT).clear(), "root.json is malformed: EOF"),
    ("empty targets", |list| bytes(list, TARGETS).clear(), "targets.json is malformed: EOF"),
    ("empty sites", |list| bytes(list, LIST).clear(), "list.bin has 0 bytes"),
    ("empty revocations", |list| bytes(list, REVOCATIONS).clear(), "revocations.bin has 0 bytes"),
    ("truncated root", |list| bytes(list, ROOT).truncate(1000), "root.json is malformed: EOF"),
    ("truncated targets", |list| bytes(list, TARGETS).truncate(500), "targets.json is malformed: EOF"),
    ("truncated sites", |list| bytes(list, LIST).truncate(100), "list.bin has "),
    ("one byte more", |list| bytes(list, REVOCATIONS).push(0), "revocations.bin has "),
    ("other bytes, as many", |list| bytes(list, LIST).fill(b' '), "list.bin does not have the signed SHA-256"),
    ("root and targets swapped", |list| swap(list, ROOT, TARGETS), "root.json is malformed: another \"_type\""),
    ("sites and revocations swapped", |list| swap(list, LIST, REVOCATIONS), "list.bin has "),
    ("root in place of targets", |list| copy(list, ROOT, TARGETS), "targets.json is malformed: another \"_type\""),
];

#[rustfmt::skip] // An attack a line.
pub const NOT_METADATA: [Attack; 20] = [
    ("a web page", |list| replace(list, TARGETS, b"<!DOCTYPE html><title>Wi-Fi</title>"), "targets.json is malformed: expected value"),
    ("a web page as root", |list| replace(list, ROOT, b"<!DOCTYPE html>"), "root.json is malformed: expected value"),
    ("a list", |list| replace(list, TARGETS, b"[]"), "targets.json is malformed: not an object"),
    ("null", |list| replace(list, ROOT, b"null"), "root.json is malformed: not an object"),
    ("an empty object", |list| replace(list, TARGETS, b"{}"), "targets.json is malformed: no \"signed\""),
    ("no signatures", |list| replace(list, TARGETS, br#"{"signed":{}}"#), "targets.json is malformed: no \"signatures\""),
    ("no UTF-8", |list| replace(list, TARGETS, b"{\"\xff\":1}"), "targets.json is malformed: invalid unicode"),
    ("a byte order mark", |list| edit_text(list, ROOT, "", "\u{feff}"), "root.json is malformed: expected value"),
    ("something after it", |list| bytes(list, ROOT).extend(b"{}"), "root.json is malformed: trailing characters"),
    ("a zero after it", |list| bytes(list, TARGETS).push(0), "targets.json is malformed: trailing characters"),
    ("2 MB of spaces", |list| pad(list, TARGETS, 2_000_000), "targets.json is longer than 1048576 bytes"),
    ("one byte over the limit", |list| pad(list, ROOT, MAX_METADATA + 1), "root.json is longer than 1048576 bytes"),
    ("2 MB of zeros", |list| replace(list, ROOT, &vec![0; 2_000_000]), "root.json is longer than 1048576 bytes"),
    ("a deep nest", |list| replace(list, TARGETS, "[".repeat(1_000_000).as_bytes()), "targets.json is malformed: recursion limit"),
    ("a key twice in the envelope", |list| edit_text(list, TARGETS, "{\"sig", "{\"signed\":{},\"sig"), "targets.json is malformed: the key signed stands twice"),
    ("a key twice in what is signed", |list| edit_text(list, TARGETS, "\"version\":1", "\"version\":1,\"version\":2"), "targets.json is malformed: the key version stands twice"),
    ("a key twice, written otherwise", |list| edit_text(list, ROOT, "\"version\":1", "\"version\":1,\"v\\u0065rsion\":2"), "root.json is malformed: the key version stands twice"),
    ("a fraction", |list| edit_text(list, TARGETS, "\"version\":1", "\"version\":1.0"), "targets.json is malformed: a number with a fraction"),
    ("an exponent", |list| edit_text(list, ROOT, "\"threshold\":2", "\"threshold\":2e0"), "root.json is malformed: a number with a fraction"),
    ("a number over 2^63", |list| edit_text(list, TARGETS, "\"version\":1", "\"version\":9223372036854775808"), "targets.json is malformed: a number over 2^63"),
];

#[rustfmt::skip] // An attack a line.
pub const SIGNATURES: [Attack; 21] = [
    ("nobody signed the targets", |list| envelope(list, TARGETS, |it| it["signatures"] = json!([])), "targets.json has 0 good signatures of 2 needed"),
    ("nobody signed the root", |list| envelope(list, ROOT, |it| it["signatures"] = json!([])), "root.json has 0 good signatures of 2 needed"),
    ("one of two signed", |list| keep_signatures(list, TARGETS, 1), "targets.json has 1 good signatures of 2 needed"),
    ("one of three signed the root", |list| keep_signatures(list, ROOT, 1), "root.json has 1 good signatures of 2 needed"),
    ("a signature twice", |list| envelope(list, TARGETS, |it| it["signatures"][1] = it["signatures"][0].clone()), "targets.json is malformed: two signatures of one keyid"),
    ("two signatures exchanged", |list| envelope(list, TARGETS, exchange_signatures), "targets.json has 0 good signatures of 2 needed"),
    ("65 signatures", |list| envelope(list, TARGETS, |it| it["signatures"] = json!(vec![json!({}); 65])), "targets.json is malformed: too many signatures"),
    ("a signature of no key", |list| envelope(list, TARGETS, |it| it["signatures"][0] = json!({"sig": "00"})), "targets.json is malformed: a signature without keyid"),
    ("a signature that is no number", |list| envelope(list, TARGETS, |it| it["signatures"][0]["sig"] = json!("zz".repeat(64))), "targets.json has 1 good signatures of 2 needed"),
    ("a signature of zeros", |list| envelope(list, TARGETS, |it| it["signatures"][0]["sig"] = json!("00".repeat(64))), "targets.json has 1 good signatures of 2 needed"),
    ("a signature with a byte more", |list| envelope(list, TARGETS, lengthen_signature), "targets.json has 1 good signatures of 2 needed"),
    ("keys of another role", |list| sign_as(list, TARGETS, &[own("online-1"), own("root-1"), own("root-2")]), "targets.json has 0 good signatures of 2 needed"),
    ("one good key, one of another role", |list| sign_as(list, TARGETS, &[own("targets-1"), own("online-1")]), "targets.json has 1 good signatures of 2 needed"),
    ("keys of another root", |list| sign_as(list, TARGETS, &[foreign(1), foreign(2)]), "targets.json has 0 good signatures of 2 needed"),
    ("keys of another root under good keyids", |list| sign_as(list, TARGETS, &[posing(1, "targets-1"), posing(2, "targets-2")]), "targets.json has 0 good signatures of 2 needed"),
    ("a root by the targets keys", |list| sign_as(list, ROOT, &[own("targets-1"), own("targets-2")]), "root.json has 0 good signatures of 2 needed"),
    ("targets changed, not signed again", |list| envelope(list, TARGETS, |it| it["signed"]["version"] = json!(2)), "targets.json has 0 good signatures of 2 needed"),
    ("expiry moved, not signed again", |list| envelope(list, TARGETS, |it| it["signed"]["expires"] = json!("2099-01-01T00:00:00Z")), "targets.json has 0 good signatures of 2 needed"),
    ("root's threshold lowered, not signed again", |list| envelope(list, ROOT, |it| it["signed"]["roles"]["targets"]["threshold"] = json!(1)), "root.json has 0 good signatures of 2 needed"),
    ("a member added, not signed again", |list| envelope(list, TARGETS, |it| it["signed"]["x"] = json!(1)), "targets.json has 0 good signatures of 2 needed"),
    ("another root with its own keys", foreign_root, "targets.json has 0 good signatures of 2 needed"),
];

#[rustfmt::skip] // An attack a line.
pub const SIGNED_ROOTS: [Attack; 21] = [
    ("a keyid twice in a role", |list| root(list, |it| it["roles"]["targets"]["keyids"] = json!([id("targets-1"), id("targets-1")])), "root.json is malformed: a keyid that stands twice in a role"),
    ("a key under two ids", one_key_two_ids, "targets.json has 1 good signatures of 2 needed"),
    ("a key of small order", small_order_key, "targets.json has 0 good signatures of 1 needed"),
    ("a key of another scheme", |list| root(list, |it| it["keys"][id("targets-1")]["scheme"] = json!("ecdsa-sha2-nistp256")), "targets.json has 1 good signatures of 2 needed"),
    ("a key that is no point", |list| root(list, |it| it["keys"][id("targets-1")]["keyval"]["public"] = json!("zz".repeat(32))), "targets.json has 1 good signatures of 2 needed"),
    ("a role's key is not there", |list| root(list, |it| drop(it["keys"].as_object_mut().unwrap().remove(&id("targets-1")))), "targets.json has 1 good signatures of 2 needed"),
    ("threshold 0", |list| root(list, |it| it["roles"]["targets"]["threshold"] = json!(0)), "root.json is malformed: a role without a threshold above 0"),
    ("threshold -1", |list| root(list, |it| it["roles"]["root"]["threshold"] = json!(-1)), "root.json is malformed: a role without a threshold above 0"),
    ("threshold as text", |list| root(list, |it| it["roles"]["targets"]["threshold"] = json!("2")), "root.json is malformed: a role without a threshold above 0"),
    ("more than there are keys", |list| root(list, |it| it["roles"]["root"]["threshold"] = json!(4)), "root.json has 3 good signatures of 4 needed"),
    ("no targets role", |list| root(list, |it| drop(it["roles"].as_object_mut().unwrap().remove("targets"))), "root.json is malformed: a role without keyids"),
    ("no snapshot role", |list| root(list, |it| drop(it["roles"].as_object_mut().unwrap().remove("snapshot"))), "root.json is malformed: a role without keyids"),
    ("65 keyids", |list| root(list, |it| it["roles"]["targets"]["keyids"] = json!(vec![id("targets-1"); 65])), "root.json is malformed: too many keys"),
    ("its own role given to others", |list| root(list, |it| it["roles"]["root"] = it["roles"]["targets"].clone()), "root.json has 0 good signatures of 2 needed"),
    ("another _type", |list| root(list, |it| it["_type"] = json!("targets")), "root.json is malformed: another \"_type\""),
    ("version 0", |list| root(list, |it| it["version"] = json!(0)), "root.json is malformed: no \"version\" above 0"),
    ("version as text", |list| root(list, |it| it["version"] = json!("1")), "root.json is malformed: no \"version\" above 0"),
    ("spec_version 2", |list| root(list, |it| it["spec_version"] = json!("2.0.0")), "root.json is malformed: another \"spec_version\" than 1"),
    ("spec_version 10", |list| root(list, |it| it["spec_version"] = json!("10.0.0")), "root.json is malformed: another \"spec_version\" than 1"),
    ("no expires", |list| root(list, |it| drop(it.as_object_mut().unwrap().remove("expires"))), "root.json is malformed: no \"expires\" that is a moment"),
    ("expires on no day", |list| root(list, |it| it["expires"] = json!("2031-02-29T00:00:00Z")), "root.json is malformed: no \"expires\" that is a moment"),
];

#[rustfmt::skip] // An attack a line.
pub const SIGNED_TARGETS: [Attack; 21] = [
    ("another _type", |list| targets(list, |it| it["_type"] = json!("snapshot")), "targets.json is malformed: another \"_type\""),
    ("version 0", |list| targets(list, |it| it["version"] = json!(0)), "targets.json is malformed: no \"version\" above 0"),
    ("version -1", |list| targets(list, |it| it["version"] = json!(-1)), "targets.json is malformed: no \"version\" above 0"),
    ("spec_version 2", |list| targets(list, |it| it["spec_version"] = json!("2.0.0")), "targets.json is malformed: another \"spec_version\" than 1"),
    ("no spec_version", |list| targets(list, |it| it["spec_version"] = json!(null)), "targets.json is malformed: another \"spec_version\" than 1"),
    ("expires tomorrow", |list| targets(list, |it| it["expires"] = json!("tomorrow")), "targets.json is malformed: no \"expires\" that is a moment"),
    ("expires on a day", |list| targets(list, |it| it["expires"] = json!("2027-11-22")), "targets.json is malformed: no \"expires\" that is a moment"),
    ("expires elsewhere", |list| targets(list, |it| it["expires"] = json!("2027-11-22T00:00:00+02:00")), "targets.json is malformed: no \"expires\" that is a moment"),
    ("expires is a number", |list| targets(list, |it| it["expires"] = json!(1_826_841_600)), "targets.json is malformed: no \"expires\" that is a moment"),
    ("no day of publication", |list| targets(list, |it| it["x-bon-guichet-published"] = json!("")), "targets.json is malformed: no \"x-bon-guichet-published\""),
    ("no targets", |list| targets(list, |it| it["targets"] = json!([])), "targets.json is malformed: no \"targets\""),
    ("too many targets", |list| targets(list, name_too_many), "targets.json is malformed: too many targets"),
    ("no length", |list| targets(list, |it| it["targets"][LIST]["length"] = json!(null)), "targets.json is malformed: a target without length or sha256"),
    ("a length below 0", |list| targets(list, |it| it["targets"][LIST]["length"] = json!(-1)), "targets.json is malformed: a target without length or sha256"),
    ("no hash", |list| targets(list, |it| it["targets"][LIST]["hashes"] = json!({"md5": "00"})), "targets.json is malformed: a target without length or sha256"),
    ("half a hash", |list| targets(list, |it| it["targets"][LIST]["hashes"]["sha256"] = json!("00".repeat(16))), "targets.json is malformed: a target without length or sha256"),
    ("another hash", |list| targets(list, |it| it["targets"][LIST]["hashes"]["sha256"] = json!("00".repeat(32))), "list.bin does not have the signed SHA-256"),
    ("a huge file", |list| targets(list, |it| it["targets"][LIST]["length"] = json!(MAX_TARGET + 1)), "list.bin is longer than 16777216 bytes"),
    ("suffixes are not named", |list| targets(list, |it| drop(it["targets"].as_object_mut().unwrap().remove(PUBLIC_SUFFIXES))), "public-suffixes.bin is not named in targets.json"),
    ("sites of another form", |list| sign_file(list, LIST, b"BGL9 another form"), "list.bin is not in a form that this version reads"),
    ("suffixes of another form", |list| sign_file(list, PUBLIC_SUFFIXES, b"?"), "public-suffixes.bin is not in a form that this version reads"),
];

/// Changes that mean nothing: without them, a core that refuses everything would pass.
#[rustfmt::skip] // An attack a line.
const ROOT_KEYS: [&str; 3] = ["root-1", "root-2", "root-3"];

pub const HARMLESS: [(&str, Change); 11] = [
    ("nothing", |_| {}),
    ("white space in the root", |list| spread_out(list, ROOT)),
    ("white space in the targets", |list| spread_out(list, TARGETS)),
    ("as long as may be", |list| pad(list, TARGETS, MAX_METADATA)),
    ("three signed the root", |list| sign_as(list, ROOT, &ROOT_KEYS.map(own))),
    ("a bad signature too many", |list| {
        sign_as(list, ROOT, &ROOT_KEYS.map(own));
        envelope(list, ROOT, |it| it["signatures"][2]["sig"] = json!("00".repeat(64)));
    }),
    ("a stranger signed too", |list| sign_as(list, TARGETS, &[foreign(1), own("targets-1"), own("targets-2")])),
    ("signed in another order", |list| {
        envelope(list, TARGETS, |it| it["signatures"].as_array_mut().unwrap().reverse());
    }),
    ("a member nobody knows", |list| targets(list, |it| it["x-more"] = json!({"a": [1, null, true, "é\"\\\n"]}))),
    ("a shard is not there", |list| remove(list, NATIONAL)),
    ("a file nobody asked for", |list| drop(list.insert("other.bin".to_owned(), vec![1]))),
];
