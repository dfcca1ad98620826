//! The core's own client on a repository: what every installed extension would make of it.

use bon_guichet::list::{ROOT, SignedList, TARGETS};
use bon_guichet::trust::update::{Ask, Limits, Updater};
use bon_guichet::trust::{Refusal, Time};
use std::collections::BTreeMap;

/// An installed extension, with what it has stored so far.
#[derive(Debug, Clone)]
pub struct Client {
    packaged: Vec<u8>,
    stored: BTreeMap<String, Vec<u8>>,
}

/// What an update came to.
#[derive(Debug)]
pub struct Updated {
    /// The list, accepted and readable.
    pub list: SignedList,
    /// Every file of the list, by its target name.
    pub files: BTreeMap<String, Vec<u8>>,
}

impl Client {
    /// A fresh one, that came with this root.
    pub fn new(packaged: Vec<u8>) -> Self {
        Self { packaged, stored: BTreeMap::new() }
    }

    /// Updates at the moment `now` from whatever is served under `metadata/…` and `targets/…`, and
    /// takes every file of the list.
    pub fn update(&mut self, now: Time, served: impl Fn(&str) -> Option<Vec<u8>>) -> Result<Updated, Refusal> {
        let mut updater = Updater::new(&self.packaged, now, Limits::default())?;
        let ask = updater.start();
        self.follow(&mut updater, ask, &served)?;
        let names: Vec<String> = updater.trusted()?.targets.names().map(str::to_owned).collect();
        let mut files = BTreeMap::new();
        for name in names {
            let ask = updater.find(&name)?;
            let bytes = self.follow(&mut updater, ask, &served)?;
            files.insert(name, bytes);
        }
        let root = format!("{}.root.json", updater.root().version);
        let list = SignedList::read(|name| match name {
            ROOT => Some(self.stored.get(&root).unwrap_or(&self.packaged).clone()),
            TARGETS => self.stored.get(TARGETS).cloned(),
            _ => files.get(name).cloned(),
        })?;
        Ok(Updated { list, files })
    }

    /// The root that it came with.
    pub fn packaged(&self) -> &[u8] {
        &self.packaged
    }

    /// The metadata that it has stored, by name: the roots it was not packaged with, and the newest
    /// of each other kind.
    pub fn stored(&self) -> &BTreeMap<String, Vec<u8>> {
        &self.stored
    }

    /// Until a refresh is done, or a target is taken.
    fn follow(
        &mut self,
        updater: &mut Updater,
        mut ask: Ask,
        served: impl Fn(&str) -> Option<Vec<u8>>,
    ) -> Result<Vec<u8>, Refusal> {
        loop {
            let answer = match ask {
                Ask::Load { name } => self.stored.get(&name).cloned(),
                Ask::FetchMetadata { name, .. } => served(&format!("metadata/{name}")),
                Ask::Store { name, bytes } => {
                    self.stored.insert(name, bytes);
                    None
                }
                Ask::Done => return Ok(Vec::new()),
                Ask::LoadTarget { .. } => None,
                Ask::FetchTarget { path, .. } => served(&format!("targets/{path}")),
                Ask::Take { bytes, .. } => return Ok(bytes),
            };
            ask = updater.answer(answer)?;
        }
    }
}
