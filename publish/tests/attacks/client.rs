//! The host of an attacked updater: storage that lasts from step to step, and a clock that never
//! goes back.

use crate::repository::{Repository, served_target};
use crate::script::Step;
use bon_guichet::trust::update::{Ask, Limits, Updater};
use bon_guichet::trust::{Refusal, Time};
use serde_json::Value;
use std::collections::BTreeMap;

pub struct Client {
    packaged: Vec<u8>,
    floor: u64,
    storage: BTreeMap<String, Vec<u8>>,
    greatest_now: Time,
    limits: Limits,
}

impl Client {
    pub fn new(repository: &Repository) -> Self {
        Self {
            packaged: repository.served("1.root.json").unwrap().clone(),
            floor: 0,
            storage: BTreeMap::new(),
            greatest_now: Time::parse("2026-11-22T00:00:00Z").unwrap(),
            limits: Limits::default(),
        }
    }

    pub fn apply(&mut self, step: &Step, repository: &Repository) -> Result<(), String> {
        if let Some(name) = &step.packaged_root {
            self.packaged.clone_from(repository.served(name).ok_or_else(|| format!("{name} is not served"))?);
        }
        self.floor = step.floor.unwrap_or(self.floor);
        for name in &step.lose {
            self.storage.remove(name).ok_or_else(|| format!("{name} is not stored"))?;
        }
        if let Some(now) = &step.now {
            let now = Time::parse(now).ok_or_else(|| format!("{now} is no moment"))?;
            self.greatest_now = now.max(self.greatest_now);
        }
        self.limits.roots = step.max_roots.unwrap_or(self.limits.roots);
        self.limits.roles = step.max_roles.unwrap_or(self.limits.roles);
        Ok(())
    }

    /// A refresh, and the look-up that the step wants.
    pub fn run(&mut self, step: &Step, repository: &Repository) -> Result<(), Refusal> {
        let mut updater = Updater::new(&self.packaged, self.greatest_now, self.limits)?.at_least(self.floor);
        let mut ask = updater.start();
        let mut wanted = step.find.as_ref();
        for _ in 0..10_000 {
            let answer = match ask {
                Ask::Load { name } => self.storage.get(&name).cloned(),
                Ask::FetchMetadata { name, .. } => repository.served(&name).cloned(),
                Ask::Store { name, bytes } => {
                    self.storage.insert(name, bytes);
                    None
                }
                Ask::Done => {
                    let Some(path) = wanted.take() else { return Ok(()) };
                    ask = updater.find(path)?;
                    continue;
                }
                Ask::LoadTarget { path } => self.storage.get(&format!("target:{path}")).cloned(),
                Ask::FetchTarget { path, .. } => repository.served(&served_target(&path)).cloned(),
                Ask::Take { path, bytes } => {
                    assert!(repository.is_genuine(&path, &bytes), "{path} was never signed with these bytes");
                    if let Some(gives) = &step.gives {
                        assert_eq!(bytes, gives.as_bytes(), "{path}");
                    }
                    self.storage.insert(format!("target:{path}"), bytes);
                    None
                }
            };
            ask = updater.answer(answer)?;
        }
        panic!("the updater never ends");
    }

    /// The versions of what is stored, `.json` aside; of the root, the last of the chain.
    pub fn stored(&self) -> BTreeMap<String, u64> {
        let version =
            |bytes: &[u8]| serde_json::from_slice::<Value>(bytes).unwrap()["signed"]["version"].as_u64().unwrap();
        let metadata =
            self.storage.iter().filter_map(|(name, bytes)| Some((name.strip_suffix(".json")?, version(bytes))));
        let mut stored = BTreeMap::new();
        for (name, version) in metadata {
            let name = name.split_once(".root").map_or(name, |_| "root");
            let last = stored.entry(name.to_owned()).or_insert(version);
            *last = version.max(*last);
        }
        stored
    }
}
