//! What other sources saw at the hosts of an import, in order of their age.

use super::record::{Answer, Place, Record};
use crate::rules::Rules;
use std::collections::{BTreeMap, BTreeSet};

/// What other sources saw.
#[derive(Debug, Default)]
pub struct Evidence {
    /// By host, without `www.`: the latest answer, and how many files had been read by then.
    answers: BTreeMap<String, (usize, Answer)>,
    files: usize,
}

/// How a host stands with the other sources.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing<'e> {
    /// The latest one found it alive, or names it without having looked.
    Alive,
    /// The latest one that names it was led to another host.
    Elsewhere(&'e str),
    /// The latest one found no page.
    Dead,
    /// An older one names it; the latest does not.
    Left,
    /// None names it.
    Unknown,
}

impl Evidence {
    /// Reads one more file, later than those before.
    pub fn add(&mut self, records: &[Record], rules: &Rules) {
        self.files += 1;
        for record in records {
            let place = Place::of(&record.address);
            let Some(host) = place.host() else { continue };
            let answer = match &record.answer {
                // Within one owner's domain.
                Answer::Elsewhere(target) if rules.registrable(target) == rules.registrable(host) => Answer::Alive,
                answer => answer.clone(),
            };
            let entry = self.answers.entry(host.to_owned()).or_insert((0, Answer::NotAsked));
            let is_first = entry.0 < self.files;
            // A host and its `www.` twin are one site: one that answers is enough. A redirect that an
            // older file reported stays until a person has looked: a name that was let go once may
            // have found another owner.
            let is_better = if is_first { !is_elsewhere(&entry.1) } else { rank(&answer) > rank(&entry.1) };
            if is_better {
                *entry = (self.files, answer);
            }
        }
    }

    /// How a host, without `www.`, stands.
    pub fn standing(&self, host: &str) -> Standing<'_> {
        match self.answers.get(host) {
            None => Standing::Unknown,
            Some((_, Answer::Elsewhere(target))) => Standing::Elsewhere(target),
            Some((file, _)) if *file < self.files => Standing::Left,
            Some((_, Answer::Dead)) => Standing::Dead,
            Some((_, Answer::Alive | Answer::NotAsked)) => Standing::Alive,
        }
    }
}

fn is_elsewhere(answer: &Answer) -> bool {
    matches!(answer, Answer::Elsewhere(_))
}

fn rank(answer: &Answer) -> u8 {
    match answer {
        Answer::NotAsked => 0,
        Answer::Dead => 1,
        Answer::Elsewhere(_) => 2,
        Answer::Alive => 3,
    }
}

/// The communes that claim each host, by INSEE code.
#[derive(Debug, Default)]
pub struct Claims(BTreeMap<String, BTreeSet<String>>);

impl Claims {
    /// Of the communes that a source names.
    pub fn of(records: &[Record]) -> Self {
        let mut claims = Self::default();
        for record in records.iter().filter(|record| !record.insee.is_empty()) {
            claims.add(&record.address, &record.insee);
        }
        claims
    }

    /// One more claim.
    pub fn add(&mut self, address: &str, insee: &str) {
        if let Some(host) = Place::of(address).host() {
            self.0.entry(host.to_owned()).or_default().insert(insee.to_owned());
        }
    }

    /// The other communes that claim the host.
    pub fn others(&self, host: &str, insee: &str) -> Vec<&str> {
        let all = self.0.get(host).into_iter().flatten();
        all.map(String::as_str).filter(|other| *other != insee).collect()
    }
}
