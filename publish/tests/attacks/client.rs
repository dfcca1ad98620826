//! The host of an attacked updater: storage that lasts from step to step, and a clock that never
//! goes back.

use crate::repository::Repository;
use crate::script::Step;
use crate::transcript::{Run, question};
use bon_guichet::trust::update::{Ask, Limits, Updater};
use bon_guichet::trust::{Refusal, Time};
use serde_json::Value;
use std::collections::BTreeMap;

pub struct Client {
    packaged: Vec<u8>,
    floor: u64,
    storage: BTreeMap<String, Vec<u8>>,
    greatest_now: Time,
    /// In its place.
    clock: Option<Time>,
    limits: Limits,
    /// What was said so far, for [`crate::transcript`].
    pub runs: Vec<Value>,
}

impl Client {
    pub fn new(repository: &Repository) -> Self {
        Self {
            packaged: repository.served("1.root.json").unwrap().clone(),
            floor: 0,
            storage: BTreeMap::new(),
            greatest_now: Time::parse("2026-11-22T00:00:00Z").unwrap(),
            clock: None,
            limits: Limits::default(),
            runs: Vec::new(),
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
        let moment = |text: &String| Time::parse(text).ok_or_else(|| format!("{text} is no moment"));
        let now = step.now.as_ref().map(moment).transpose()?;
        self.greatest_now = now.map_or(self.greatest_now, |now| now.max(self.greatest_now));
        self.clock = step.clock.as_ref().map(moment).transpose()?;
        self.limits.roots = step.max_roots.unwrap_or(self.limits.roots);
        self.limits.roles = step.max_roles.unwrap_or(self.limits.roles);
        Ok(())
    }

    /// A refresh with the look-up that the step wants, then its further look-ups: of each `ok`, or
    /// the refusal's words.
    pub fn run(&mut self, step: &Step, repository: &Repository) -> Vec<String> {
        let now = self.clock.unwrap_or(self.greatest_now);
        let limits = self.limits;
        let mut run = Run::new(&self.packaged, now.0, self.floor, [limits.roots, limits.roles]);
        let said = match Updater::new(&self.packaged, now, limits) {
            Ok(updater) => self.refresh(updater.at_least(self.floor), step, repository, &mut run),
            Err(refusal) => vec![run.said(Err(refusal))],
        };
        self.runs.push(run.ended());
        said
    }

    fn refresh(&mut self, mut updater: Updater, step: &Step, repository: &Repository, run: &mut Run) -> Vec<String> {
        let start = updater.start();
        let refreshed = self.follow(&mut updater, Ok(start), None, repository, run);
        let mut said = vec![run.said(refreshed)];
        let first = step.find.iter().filter(|_| said == ["ok"]).map(|path| (path, step.gives.as_ref()));
        let more = step.then.iter().map(|look| (&look.find, look.gives.as_ref()));
        let looks: Vec<_> = first.chain(more).collect();
        for (path, gives) in looks {
            run.sought(path);
            let found = updater.find(path);
            let found = self.follow(&mut updater, found, gives, repository, run);
            said.push(run.said(found));
        }
        if step.find.is_some() && said[0] == "ok" {
            said.remove(0);
        }
        said
    }

    fn follow(
        &mut self,
        updater: &mut Updater,
        ask: Result<Ask, Refusal>,
        gives: Option<&String>,
        repository: &Repository,
        run: &mut Run,
    ) -> Result<(), Refusal> {
        let mut ask = ask?;
        for _ in 0..10_000 {
            let asked = question(&ask);
            let answer = match ask {
                Ask::Load { name } => self.storage.get(&name).cloned(),
                Ask::FetchMetadata { name, .. } => repository.served(&name).cloned(),
                Ask::Store { name, bytes } if bytes.is_empty() => {
                    self.storage.remove(&name);
                    None
                }
                Ask::Store { name, bytes } => {
                    self.storage.insert(name, bytes);
                    None
                }
                Ask::Done => return Ok(()),
                Ask::LoadTarget { path } => self.storage.get(&format!("target:{path}")).cloned(),
                Ask::FetchTarget { path, .. } => repository.served(&repository.target(&path)).cloned(),
                Ask::Take { path, bytes } => {
                    assert!(repository.is_genuine(&path, &bytes), "{path} was never signed with these bytes");
                    if let Some(gives) = gives {
                        assert_eq!(bytes, gives.as_bytes(), "{path}");
                    }
                    self.storage.insert(format!("target:{path}"), bytes);
                    None
                }
            };
            run.told(&asked, answer.as_ref());
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
