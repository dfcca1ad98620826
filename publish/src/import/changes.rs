//! What an import would change. Nothing of it touches what a person decided.

use super::evidence::{Claims, Evidence, Standing};
use super::existing::Existing;
use super::marks::{self, Mark};
use super::record::{Place, Record};
use super::review::{Decision, Proposal};
use super::words;
use crate::department;
use crate::rules::Rules;
use std::collections::{BTreeMap, BTreeSet};

/// What would change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// The source names another host than the list.
    Moved,
    /// The list names a host that the source does not.
    Gone,
    /// The source names a host that the list does not.
    Added,
    /// Both name it: its date is renewed.
    Confirmed,
}

impl Change {
    /// Every change.
    pub const ALL: [Self; 4] = [Self::Added, Self::Moved, Self::Gone, Self::Confirmed];

    /// The word in review files.
    pub fn word(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Moved => "moved",
            Self::Gone => "gone",
            Self::Confirmed => "confirmed",
        }
    }
}

/// A change set.
#[derive(Debug, Default)]
pub struct Changes {
    /// What is proposed: first what a person must decide, then what a rule lets in.
    pub proposals: Vec<Proposal>,
    /// Hosts of the source for which an entry that a person wrote speaks already.
    pub written_by_hand: usize,
    /// Hosts that an earlier review refused.
    pub refused_before: usize,
}

/// What the source would change in the data folder.
pub fn propose(records: &[Record], evidence: &Evidence, existing: &Existing, rules: &Rules) -> Changes {
    let town_halls = existing.lines.values().map(|line| line.host.as_str()).collect();
    let (claims, changes) = (Claims::of(records), Changes::default());
    let mut judge = Judge { evidence, existing, rules, claims, town_halls, changes };
    for line in existing.lines.values() {
        judge.claims.add(&line.host, &line.insee);
    }
    let mut communes: BTreeMap<&str, Vec<&Record>> = BTreeMap::new();
    for record in records {
        if record.insee.is_empty() {
            judge.site(record);
        } else {
            communes.entry(&record.insee).or_default().push(record);
        }
    }
    for records in communes.values_mut() {
        // A host of one's own before a folder of somebody else's; otherwise the source's own order.
        records.sort_by_key(|record| !matches!(Place::of(&record.address), Place::Host(_)));
        for (record, is_second) in records.iter().zip([false].into_iter().chain(std::iter::repeat(true))) {
            judge.commune(record, is_second);
        }
    }
    let departments: BTreeSet<_> = communes.keys().map(|insee| department::of_commune(insee)).collect();
    for line in existing.lines.values() {
        let is_covered = departments.contains(&department::of_commune(&line.insee));
        let decided = existing.decided.get(&(line.insee.clone(), line.host.clone()));
        if !is_covered || communes.contains_key(line.insee.as_str()) {
            continue;
        }
        if let Some((Decision::Refuse, _)) = decided {
            judge.changes.refused_before += 1;
        } else {
            let record = Record { insee: line.insee.clone(), name: line.name.clone(), ..Record::default() };
            judge.add(&record, Change::Gone, line.host.clone(), line.host.clone(), &[], None);
        }
    }
    let mut changes = judge.changes;
    changes.proposals.sort_by(|a, b| {
        let order = |row: &Proposal| (row.decision, row.change, row.insee.clone(), row.host.clone());
        order(a).cmp(&order(b))
    });
    changes
}

struct Judge<'j> {
    evidence: &'j Evidence,
    existing: &'j Existing,
    rules: &'j Rules<'j>,
    claims: Claims,
    /// The hosts of the list's town halls.
    town_halls: BTreeSet<&'j str>,
    changes: Changes,
}

impl Judge<'_> {
    /// A town hall of the source.
    fn commune(&mut self, record: &Record, is_second: bool) {
        let place = Place::of(&record.address);
        let Some(host) = place.host() else {
            let marks = [Mark::NoAddress(record.address.clone())];
            return self.add(record, Change::Added, record.address.clone(), String::new(), &marks, None);
        };
        let key = (record.insee.clone(), host.to_owned());
        let decided = self.existing.decided.get(&key);
        if self.existing.is_written_by_hand(host) {
            self.changes.written_by_hand += 1;
            return;
        }
        let line = self.existing.lines.get(&record.insee);
        let standing = self.evidence.standing(host);
        let mut marks = marks::of_place(&place, &record.name, standing, self.rules, &self.existing.revoked);
        if department::of_commune(&record.insee).is_none() || record.name.is_empty() {
            marks.push(Mark::NoCommune);
        } else if let Place::Host(host) = &place
            && !marks.iter().any(|mark| matches!(mark, Mark::SharedHost(_)))
        {
            marks.extend(marks::of_name(host, &record.name, self.rules));
        }
        let others = self.claims.others(host, &record.insee);
        if !others.is_empty() {
            marks.push(Mark::SeveralCommunes(others.into_iter().map(str::to_owned).collect()));
        }
        let (change, before) = match line {
            Some(line) if line.host == host => (Change::Confirmed, line.host.clone()),
            // The list's own host is among those that the source names.
            Some(_) if is_second => return,
            Some(line) => (Change::Moved, line.host.clone()),
            None => (Change::Added, String::new()),
        };
        if change == Change::Added && is_second {
            marks.push(Mark::SecondAddress);
        }
        if let Some((Decision::Refuse, _)) = decided
            && change != Change::Confirmed
        {
            self.changes.refused_before += 1;
            return;
        }
        let known = decided.filter(|(decision, _)| *decision == Decision::Accept).map(|(_, marks)| marks.as_str());
        let rule = match change {
            Change::Confirmed if marks.is_empty() || known == Some(&shown(&marks)) => Some("rule confirmed"),
            Change::Added if marks.is_empty() && standing == Standing::Alive => Some("rule alive"),
            Change::Added if marks.is_empty() && words::tells(host, &record.name) => Some("rule named"),
            _ => None,
        };
        if marks.is_empty() && rule.is_none() && change == Change::Added {
            marks.push(Mark::Unconfirmed);
        }
        self.add(record, change, host.to_owned(), before, &marks, rule);
    }

    /// A site of the source that is no town hall: a person writes what it is.
    fn site(&mut self, record: &Record) {
        let place = Place::of(&record.address);
        let Some(host) = place.host() else {
            let marks = [Mark::NoAddress(record.address.clone())];
            return self.add(record, Change::Added, record.address.clone(), String::new(), &marks, None);
        };
        if self.town_halls.contains(host) || self.existing.is_written_by_hand(host) {
            self.changes.written_by_hand += 1;
        } else if let Some((Decision::Refuse, _)) = self.existing.decided.get(&(String::new(), host.to_owned())) {
            self.changes.refused_before += 1;
        } else {
            let standing = self.evidence.standing(host);
            let marks = marks::of_place(&place, &record.name, standing, self.rules, &self.existing.revoked);
            self.add(record, Change::Added, host.to_owned(), String::new(), &marks, None);
        }
    }

    fn add(
        &mut self,
        record: &Record,
        change: Change,
        host: String,
        before: String,
        marks: &[Mark],
        rule: Option<&str>,
    ) {
        self.changes.proposals.push(Proposal {
            decision: if rule.is_some() { Decision::Accept } else { Decision::Later },
            reason: rule.unwrap_or_default().to_owned(),
            change,
            insee: record.insee.clone(),
            name: record.name.clone(),
            host,
            before,
            marks: shown(marks),
            purpose_fr: record.purpose_fr.clone(),
            purpose_en: record.purpose_en.clone(),
            line: 0,
        });
    }
}

fn shown(marks: &[Mark]) -> String {
    marks.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}
