//! What an attacker can do to the files of a list, with keys of ours or with others.

use crate::lists::Files;
use crate::table::workspace;
use bon_guichet::list::LIST;
use bon_guichet::list::{ROOT, TARGETS};
use bon_guichet::trust::json::Json;
use ed25519_dalek::pkcs8::DecodePrivateKey;
use ed25519_dalek::{Signer, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

pub fn bytes<'f>(list: &'f mut Files, name: &str) -> &'f mut Vec<u8> {
    list.get_mut(name).unwrap()
}

pub fn remove(list: &mut Files, name: &str) {
    list.remove(name).unwrap();
}

pub fn replace(list: &mut Files, name: &str, with: &[u8]) {
    *bytes(list, name) = with.to_vec();
}

pub fn copy(list: &mut Files, from: &str, to: &str) {
    *bytes(list, to) = list[from].clone();
}

pub fn swap(list: &mut Files, a: &str, b: &str) {
    let was = list[a].clone();
    copy(list, b, a);
    replace(list, b, &was);
}

pub fn pad(list: &mut Files, name: &str, len: usize) {
    bytes(list, name).resize(len, b' ');
}

pub fn text(list: &Files, name: &str) -> String {
    String::from_utf8(list[name].clone()).unwrap()
}

pub fn edit_text(list: &mut Files, name: &str, from: &str, to: &str) {
    let was = text(list, name);
    assert!(was.contains(from), "{name} has no {from}");
    replace(list, name, was.replacen(from, to, 1).as_bytes());
}

// Changes to metadata.

/// Changes a metadata file, signatures as they are.
pub fn envelope(list: &mut Files, name: &str, change: fn(&mut Value)) {
    let mut value: Value = serde_json::from_slice(&list[name]).unwrap();
    change(&mut value);
    replace(list, name, value.to_string().as_bytes());
}

/// The same metadata with white space between its parts.
pub fn spread_out(list: &mut Files, name: &str) {
    let value: Value = serde_json::from_slice(&list[name]).unwrap();
    replace(list, name, serde_json::to_string_pretty(&value).unwrap().as_bytes());
}

pub fn keep_signatures(list: &mut Files, name: &str, count: usize) {
    let mut value: Value = serde_json::from_slice(&list[name]).unwrap();
    value["signatures"].as_array_mut().unwrap().truncate(count);
    replace(list, name, value.to_string().as_bytes());
}

pub fn exchange_signatures(envelope: &mut Value) {
    let first = envelope["signatures"][0]["sig"].take();
    envelope["signatures"][0]["sig"] = envelope["signatures"][1]["sig"].take();
    envelope["signatures"][1]["sig"] = first;
}

pub fn lengthen_signature(envelope: &mut Value) {
    let longer = format!("{}00", envelope["signatures"][0]["sig"].as_str().unwrap());
    envelope["signatures"][0]["sig"] = json!(longer);
}

/// Changes the root, and signs it again with its own keys.
pub fn root(list: &mut Files, change: fn(&mut Value)) {
    change_signed(list, ROOT, change);
    sign_as(list, ROOT, &[own("root-1"), own("root-2"), own("root-3")]);
}

/// Changes the targets, and signs them again with their own keys.
pub fn targets(list: &mut Files, change: fn(&mut Value)) {
    change_signed(list, TARGETS, change);
    sign_as(list, TARGETS, &[own("targets-1"), own("targets-2")]);
}

pub fn change_signed(list: &mut Files, name: &str, change: impl Fn(&mut Value)) {
    let mut value: Value = serde_json::from_slice(&list[name]).unwrap();
    change(&mut value["signed"]);
    replace(list, name, value.to_string().as_bytes());
}

pub fn name_too_many(signed: &mut Value) {
    let target = signed["targets"][LIST].clone();
    signed["targets"] = (0..1025).map(|number| (format!("{number}.bin"), target.clone())).collect();
}

/// Puts other bytes in place of a file, as its publisher would.
pub fn sign_file(list: &mut Files, name: &str, with: &[u8]) {
    replace(list, name, with);
    let target = json!({"length": with.len(), "hashes": {"sha256": hex(&Sha256::digest(with))}});
    change_signed(list, TARGETS, |signed| signed["targets"][name] = target.clone());
    sign_as(list, TARGETS, &[own("targets-1"), own("targets-2")]);
}

/// One key under two ids in the root, which signs under both.
pub fn one_key_two_ids(list: &mut Files) {
    root(list, |signed| {
        signed["keys"]["other"] = signed["keys"][id("targets-1")].clone();
        signed["roles"]["targets"]["keyids"] = json!([id("targets-1"), "other"]);
    });
    let (id, key) = own("targets-1");
    sign_as(list, TARGETS, &[(id, key.clone()), ("other".to_owned(), key)]);
}

/// A key under which a careless check lets one signature pass for every message.
pub fn small_order_key(list: &mut Files) {
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
pub fn foreign_root(list: &mut Files) {
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

pub type Named = (String, SigningKey);

/// A development key, under its own id.
pub fn own(name: &str) -> Named {
    let pem = std::fs::read_to_string(workspace(&format!("data/keys/development/{name}.pem"))).unwrap();
    let key = SigningKey::from_pkcs8_pem(&pem).unwrap();
    let public =
        json!({"keytype": "ed25519", "scheme": "ed25519", "keyval": {"public": hex(key.verifying_key().as_bytes())}});
    (hex(&Sha256::digest(canonical(&public))), key)
}

pub fn id(name: &str) -> String {
    own(name).0
}

/// A key that no root of ours knows.
pub fn foreign(seed: u8) -> Named {
    (format!("foreign-{seed}"), SigningKey::from_bytes(&[seed; 32]))
}

/// Such a key under the id of one of ours.
pub fn posing(seed: u8, name: &str) -> Named {
    (id(name), foreign(seed).1)
}

/// Signs what a metadata file holds anew, by these keys only.
pub fn sign_as(list: &mut Files, name: &str, keys: &[Named]) {
    let mut value: Value = serde_json::from_slice(&list[name]).unwrap();
    let message = canonical(&value["signed"]);
    let sign = |(id, key): &Named| json!({"keyid": id, "sig": hex(&key.sign(&message).to_bytes())});
    value["signatures"] = keys.iter().map(sign).collect();
    replace(list, name, value.to_string().as_bytes());
}

pub fn canonical(value: &Value) -> Vec<u8> {
    Json::parse(value.to_string().as_bytes()).unwrap().canonical()
}

pub fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .map(|digit| char::from_digit(digit.into(), 16).unwrap())
        .collect()
}
