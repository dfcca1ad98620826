//! What changed between two lists, in the order of what it may cost to be wrong about it.

mod html;
mod side;
mod text;

pub use html::page;
pub use side::{Key, Listed, Side};
pub use text::lines;

use bon_guichet::list::Scope;
use std::collections::{BTreeMap, BTreeSet};

/// A kind of change: what may cost most comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A host was struck off, and is so no more.
    Restored,
    /// An entry reaches over more addresses of its host than before.
    Wider,
    /// An official site that was in the list under no host.
    Added,
    /// An organisation of the same name has another host.
    Moved,
    /// An official site less.
    Removed,
    /// An entry reaches over fewer addresses of its host.
    Narrower,
    /// A host is struck off.
    StruckOff,
    /// The same address says something else.
    Altered,
    /// Only sources or the day of the check changed.
    LookedAt,
}

impl Kind {
    /// Every kind, in order.
    pub const ALL: [Self; 9] = [
        Self::Restored,
        Self::Wider,
        Self::Added,
        Self::Moved,
        Self::Removed,
        Self::Narrower,
        Self::StruckOff,
        Self::Altered,
        Self::LookedAt,
    ];

    /// What a reviewer reads above such changes.
    pub fn title(self) -> &'static str {
        match self {
            Self::Restored => "No longer struck off",
            Self::Wider => "Reaches further",
            Self::Added => "New official sites",
            Self::Moved => "Another address for the same organisation",
            Self::Removed => "No longer official",
            Self::Narrower => "Reaches less far",
            Self::StruckOff => "Struck off",
            Self::Altered => "Says something else",
            Self::LookedAt => "Looked at again, with nothing else changed",
        }
    }

    /// The word for machines.
    pub fn word(self) -> &'static str {
        match self {
            Self::Restored => "restored",
            Self::Wider => "wider",
            Self::Added => "added",
            Self::Moved => "moved",
            Self::Removed => "removed",
            Self::Narrower => "narrower",
            Self::StruckOff => "struck_off",
            Self::Altered => "altered",
            Self::LookedAt => "looked_at",
        }
    }
}

/// One change: what was, and what is.
#[derive(Debug, Clone, Copy)]
pub struct Change<'d> {
    /// Its kind.
    pub kind: Kind,
    /// What the first list has.
    pub before: Option<&'d Listed>,
    /// What the second list has.
    pub after: Option<&'d Listed>,
}

impl<'d> Change<'d> {
    /// What the newer list has, or else the older.
    pub fn listed(&self) -> Option<&'d Listed> {
        self.after.or(self.before)
    }

    /// The fields that differ: name, before, after.
    pub fn fields(&self) -> Vec<(&'static str, &'d str, &'d str)> {
        let Some((before, after)) = self.before.zip(self.after) else { return Vec::new() };
        let own = [
            ("host", before.key.host.as_str(), after.key.host.as_str()),
            ("scope", before.key.scope.word(), after.key.scope.word()),
            ("path", &before.key.path, &after.key.path),
            ("organisation", &before.organisation, &after.organisation),
            ("département", &before.department, &after.department),
        ];
        let texts = before.texts.iter().zip(&after.texts).map(|((name, a), (_, b))| (*name, a.as_str(), b.as_str()));
        let evidence = [("evidence", before.evidence.as_str(), after.evidence.as_str())];
        own.into_iter().chain(texts).chain(evidence).filter(|(_, before, after)| before != after).collect()
    }
}

/// What changed from `before` to `after`, by kind, then département, then host.
pub fn compare<'d>(before: &'d Side, after: &'d Side) -> Vec<Change<'d>> {
    let mut changes = Vec::new();
    let mut gone: Vec<&Listed> = before.entries.values().filter(|it| !after.entries.contains_key(&it.key)).collect();
    let mut new: Vec<&Listed> = after.entries.values().filter(|it| !before.entries.contains_key(&it.key)).collect();
    for (key, after) in &after.entries {
        let Some(before) = before.entries.get(key).filter(|before| *before != after) else { continue };
        let is_same =
            Listed { evidence: String::new(), ..before.clone() } == Listed { evidence: String::new(), ..after.clone() };
        let kind = if is_same { Kind::LookedAt } else { Kind::Altered };
        changes.push(Change { kind, before: Some(before), after: Some(after) });
    }
    for (before, after) in pairs(&mut gone, &mut new, |it| is_official(it).then(|| it.key.host.clone())) {
        let kind = if reach(after) < reach(before) { Kind::Wider } else { Kind::Narrower };
        changes.push(Change { kind, before: Some(before), after: Some(after) });
    }
    let name = |it: &Listed| is_official(it).then(|| format!("{}\n{}", it.organisation, it.department));
    for (before, after) in pairs(&mut gone, &mut new, name) {
        changes.push(Change { kind: Kind::Moved, before: Some(before), after: Some(after) });
    }
    let removed = gone.into_iter().map(|it| Change {
        kind: if is_official(it) { Kind::Removed } else { Kind::Restored },
        before: Some(it),
        after: None,
    });
    let added = new.into_iter().map(|it| Change {
        kind: if is_official(it) { Kind::Added } else { Kind::StruckOff },
        before: None,
        after: Some(it),
    });
    changes.extend(removed.chain(added));
    changes.sort_by_key(|change| {
        let listed = change.listed();
        (change.kind, listed.map(|it| it.department.as_str()), listed.map(|it| &it.key))
    });
    changes
}

/// Takes from both sides what has the same name there, where exactly one entry of each side has it.
fn pairs<'d>(
    gone: &mut Vec<&'d Listed>,
    new: &mut Vec<&'d Listed>,
    name: impl Fn(&Listed) -> Option<String>,
) -> Vec<(&'d Listed, &'d Listed)> {
    let single = |side: &[&'d Listed]| {
        let mut by_name: BTreeMap<String, Vec<&'d Listed>> = BTreeMap::new();
        for listed in side {
            if let Some(name) = name(listed) {
                by_name.entry(name).or_default().push(listed);
            }
        }
        by_name.into_iter().filter_map(|(name, all)| match all.as_slice() {
            [one] => Some((name, *one)),
            _ => None,
        })
    };
    let after: BTreeMap<String, &Listed> = single(new).collect();
    let found: Vec<_> = single(gone).filter_map(|(name, one)| Some((one, *after.get(&name)?))).collect();
    let taken: BTreeSet<&Key> = found.iter().flat_map(|(before, after)| [&before.key, &after.key]).collect();
    gone.retain(|it| !taken.contains(&it.key));
    new.retain(|it| !taken.contains(&it.key));
    found
}

fn is_official(listed: &Listed) -> bool {
    listed.key.scope != Scope::Revoked
}

/// The less, the further.
fn reach(listed: &Listed) -> (Scope, usize) {
    (listed.key.scope, listed.key.path.len())
}
