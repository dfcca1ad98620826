//! The repository of an attack: a model that is signed and served as the script says.

use crate::script::{Delegate, Step, Tamper};
use bon_guichet::trust::json::Json;
use ed25519_dalek::SigningKey;
use publish::keys::Key;
use publish::sign;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

pub struct Repository {
    /// What each role will sign, by role.
    model: BTreeMap<String, Value>,
    signers: BTreeMap<String, Vec<String>>,
    /// Roles that were published once.
    published: BTreeSet<String>,
    /// By name; metadata also under `NAME@VERSION`.
    served: BTreeMap<String, Vec<u8>>,
    /// Everything that a role's keys signed as a target's content.
    genuine: BTreeSet<(String, Vec<u8>)>,
}

/// The keys of the top-level roles at the beginning; roots need two of three, targets two of two.
const KEYS: [(&str, &[&str], u64); 4] = [
    ("root", &["root-1", "root-2", "root-3"], 2),
    ("targets", &["targets-1", "targets-2"], 2),
    ("snapshot", &["snapshot-1"], 1),
    ("timestamp", &["timestamp-1"], 1),
];

impl Repository {
    /// Version 1 of everything, with one target, `a.txt`.
    pub fn new() -> Self {
        let common = |kind: &str, expires: &str| json!({"_type": kind, "spec_version": "1.0.33", "version": 1, "expires": expires});
        let mut model: BTreeMap<String, Value> = ["targets", "snapshot", "timestamp"]
            .map(|kind| (kind.to_owned(), common(kind, "2027-11-22T00:00:00Z")))
            .into();
        model.insert("root".to_owned(), common("root", "2031-11-22T00:00:00Z"));
        model.get_mut("root").unwrap()["consistent_snapshot"] = json!(true);
        model.get_mut("targets").unwrap()["targets"] = json!({});
        let mut repository = Self {
            model,
            signers: BTreeMap::new(),
            published: BTreeSet::new(),
            served: BTreeMap::new(),
            genuine: BTreeSet::new(),
        };
        for (role, keys, threshold) in KEYS {
            repository.model.get_mut("root").unwrap()["roles"][role]["threshold"] = json!(threshold);
            repository.give_keys(role, &keys.iter().map(ToString::to_string).collect::<Vec<_>>());
        }
        repository.add_target("targets", "a.txt", "a");
        for role in ["root", "targets", "snapshot", "timestamp"] {
            repository.publish(role, &BTreeMap::new()).unwrap();
        }
        repository
    }

    pub fn apply(&mut self, step: &Step) -> Result<(), String> {
        for (role, keys) in &step.keys {
            self.give_keys(role, keys);
        }
        self.signers.extend(step.sign.clone());
        for delegate in &step.delegate {
            self.delegate(delegate);
        }
        for (role, files) in &step.add {
            for (path, content) in files {
                self.add_target(role, path, content);
            }
        }
        for place in step.set.keys() {
            let role = place.split('/').next().unwrap_or_default();
            if !step.publish.iter().any(|published| published == role) {
                return Err(format!("{place} is set, but {role} is not published"));
            }
        }
        for role in &step.publish {
            self.publish(role, &step.set)?;
        }
        step.tamper.iter().try_for_each(|tamper| self.tamper(tamper))
    }

    pub fn served(&self, name: &str) -> Option<&Vec<u8>> {
        self.served.get(name)
    }

    /// Everything that was ever served.
    pub fn all(&self) -> impl Iterator<Item = &Vec<u8>> {
        self.served.values()
    }

    pub fn is_genuine(&self, path: &str, bytes: &[u8]) -> bool {
        self.genuine.contains(&(path.to_owned(), bytes.to_owned()))
    }

    fn give_keys(&mut self, role: &str, names: &[String]) {
        let ids: Vec<String> = names.iter().map(|name| key(name).id().to_owned()).collect();
        let publics: Vec<Value> = names.iter().map(|name| public(name)).collect();
        let root = self.model.get_mut("root").unwrap();
        for (id, public) in ids.iter().zip(publics) {
            root["keys"][id] = public;
        }
        root["roles"][role]["keyids"] = json!(ids);
        self.signers.insert(role.to_owned(), names.to_owned());
    }

    fn delegate(&mut self, delegate: &Delegate) {
        let Delegate { from, name, keys, paths, terminating } = delegate;
        let ids: Vec<String> = keys.iter().map(|name| key(name).id().to_owned()).collect();
        let delegations = &mut self.model.get_mut(from).unwrap()["delegations"];
        for (id, name) in ids.iter().zip(keys) {
            delegations["keys"][id] = public(name);
        }
        if delegations["roles"].is_null() {
            delegations["roles"] = json!([]);
        }
        delegations["roles"].as_array_mut().unwrap().push(
            json!({"name": name, "keyids": ids, "threshold": keys.len(), "paths": paths, "terminating": terminating}),
        );
        let fresh = json!({"_type": "targets", "spec_version": "1.0.33", "version": 1, "expires": "2027-11-22T00:00:00Z", "targets": {}});
        self.model.entry(name.clone()).or_insert(fresh);
        self.signers.entry(name.clone()).or_insert_with(|| keys.clone());
    }

    fn add_target(&mut self, role: &str, path: &str, content: &str) {
        let hash = sign::sha256(content.as_bytes());
        let targets = self.model.get_mut(role).unwrap_or_else(|| panic!("no role {role}"));
        targets["targets"][path] = json!({"length": content.len(), "hashes": {"sha256": hash}});
        self.served.insert(format!("target:{path}"), content.as_bytes().to_owned());
        self.genuine.insert((path.to_owned(), content.as_bytes().to_owned()));
    }

    fn publish(&mut self, role: &str, set: &BTreeMap<String, Value>) -> Result<(), String> {
        let signed = self.model.get_mut(role).ok_or_else(|| format!("no role {role}"))?;
        if !self.published.insert(role.to_owned()) {
            signed["version"] = json!(signed["version"].as_u64().unwrap_or_default() + 1);
        }
        for (place, value) in set {
            if let Some(pointer) = place.strip_prefix(role).filter(|rest| rest.starts_with('/')) {
                put(signed, pointer, resolved(value))?;
            }
        }
        let signed = signed.clone();
        let message = Json::parse(signed.to_string().as_bytes())?;
        let keys: Vec<Key> = self.signers.get(role).into_iter().flatten().map(|name| key(name)).collect();
        let bytes = sign::envelope(message, &keys);
        let version = signed["version"].to_string();
        let meta =
            json!({"version": signed["version"], "length": bytes.len(), "hashes": {"sha256": sign::sha256(&bytes)}});
        match role {
            "root" | "timestamp" => {}
            "snapshot" => self.model.get_mut("timestamp").unwrap()["meta"]["snapshot.json"] = meta,
            _ => self.model.get_mut("snapshot").unwrap()["meta"][format!("{role}.json")] = meta,
        }
        let name = format!("{}.json", escaped(role));
        self.served.insert(format!("{name}@{version}"), bytes.clone());
        self.served.insert(if role == "timestamp" { name } else { format!("{version}.{name}") }, bytes);
        Ok(())
    }

    fn tamper(&mut self, tamper: &Tamper) -> Result<(), String> {
        let file = &tamper.file;
        let was = self.served.get(file).cloned();
        let bytes = || was.clone().ok_or_else(|| format!("{file} is not served"));
        let now = if tamper.drop {
            bytes()?;
            self.served.remove(file);
            return Ok(());
        } else if let Some(text) = &tamper.text {
            text.clone().into_bytes()
        } else if let Some(count) = tamper.pad {
            [bytes()?, vec![b' '; count]].concat()
        } else if let Some(length) = tamper.truncate {
            bytes()?.into_iter().take(length).collect()
        } else if let Some([from, to]) = &tamper.replace {
            let text = String::from_utf8(bytes()?).unwrap();
            if !text.contains(from) {
                return Err(format!("{file} has no {from:?}"));
            }
            text.replacen(from, to, 1).into_bytes()
        } else if let Some(other) = &tamper.copy {
            self.served.get(other).cloned().ok_or_else(|| format!("{other} is not served"))?
        } else {
            let mut envelope: Value = serde_json::from_slice(&bytes()?).unwrap();
            if tamper.repeat_signature {
                let first = envelope["signatures"][0].clone();
                envelope["signatures"].as_array_mut().unwrap().push(first);
            }
            let text =
                if tamper.spaced { serde_json::to_string_pretty(&envelope) } else { serde_json::to_string(&envelope) };
            text.unwrap().into_bytes()
        };
        if was.as_ref() == Some(&now) {
            return Err(format!("{file} is not changed"));
        }
        self.served.insert(file.clone(), now);
        Ok(())
    }
}

/// A key, made from its name; `NAME as ID` is the same key under another id.
fn key(name: &str) -> Key {
    let (name, id) = name.split_once(" as ").map_or((name, None), |(name, id)| (name, Some(id)));
    let key = Key::from(SigningKey::from_bytes(&Sha256::digest(name).into()));
    if let Some(id) = id { key.named(id) } else { key }
}

fn public(name: &str) -> Value {
    serde_json::from_slice(&key(name).public().object().canonical()).unwrap()
}

/// `$id NAME` and `$key NAME` stand for a key's id and object.
fn resolved(value: &Value) -> Value {
    match value {
        Value::String(text) => match (text.strip_prefix("$id "), text.strip_prefix("$key ")) {
            (Some(name), _) => json!(key(name).id()),
            (_, Some(name)) => public(name),
            _ => value.clone(),
        },
        Value::Array(items) => items.iter().map(resolved).collect(),
        Value::Object(members) => members.iter().map(|(key, value)| (key.clone(), resolved(value))).collect(),
        _ => value.clone(),
    }
}

/// Sets what a JSON pointer names; the text `$nothing` takes it out.
fn put(signed: &mut Value, pointer: &str, value: Value) -> Result<(), String> {
    let token = |token: &str| token.strip_prefix("$id ").map_or(token.to_owned(), |name| key(name).id().to_owned());
    let tokens: Vec<String> = pointer.split('/').map(token).collect();
    let pointer = tokens.join("/");
    let (parent, member) = pointer.rsplit_once('/').unwrap_or_default();
    let member = member.replace("~1", "/");
    let parent = signed.pointer_mut(parent).ok_or_else(|| format!("no {parent}"))?;
    match parent {
        Value::Object(members) if value == "$nothing" => {
            members.remove(&member).ok_or_else(|| format!("no {pointer}"))?;
        }
        Value::Object(members) => {
            members.insert(member, value);
        }
        Value::Array(items) => *items.get_mut(member.parse::<usize>().unwrap()).ok_or("no such item")? = value,
        _ => return Err(format!("{pointer}: neither object nor list")),
    }
    Ok(())
}

/// As the specification has role names percent-encoded, for the few characters that scripts use.
fn escaped(role: &str) -> String {
    role.replace('%', "%25").replace('/', "%2F").replace('?', "%3F").replace('#', "%23")
}
