//! The changes as lines for a terminal.

use super::{Change, Kind, Listed, Side};
use crate::department;

/// A head, then each kind with its changes, in order.
pub fn lines(before: &Side, after: &Side, changes: &[Change]) -> Vec<String> {
    let mut lines = vec![summary(before), summary(after)];
    if changes.is_empty() {
        lines.push("no difference".to_owned());
    }
    for kind in Kind::ALL {
        let of_it: Vec<&Change> = changes.iter().filter(|change| change.kind == kind).collect();
        if of_it.is_empty() {
            continue;
        }
        lines.push(String::new());
        lines.push(format!("{}: {}", kind.title(), of_it.len()));
        // Thousands of dates tell a reviewer nothing.
        let shown = of_it.iter().filter(|_| kind != Kind::LookedAt);
        lines.extend(shown.flat_map(|change| of_change(change)));
    }
    lines
}

/// How a list is called, and how much it holds.
pub(super) fn summary(side: &Side) -> String {
    let (sites, revocations) = side.counts();
    format!("{}: {sites} official sites, {revocations} revocations", side.name)
}

/// The host with its path, and how far it reaches.
pub(super) fn address(listed: &Listed) -> String {
    format!("{}{} ({})", listed.key.host, listed.key.path, listed.key.scope.word())
}

/// Where the entry belongs: the département, or nothing for the whole country.
pub(super) fn place(listed: &Listed) -> String {
    match department::name(&listed.department) {
        Some(name) => format!("{} {name}", listed.department),
        None => listed.department.clone(),
    }
}

fn of_change(change: &Change) -> Vec<String> {
    let Some(listed) = change.listed() else { return Vec::new() };
    let sign = match (change.before, change.after) {
        (None, _) => '+',
        (_, None) => '-',
        _ => '~',
    };
    let mut lines = vec![format!("  {sign} {}: {}", address(listed), listed.organisation)];
    let fields = change.fields();
    lines.extend(fields.iter().map(|(name, before, after)| format!("      {name}: {before:?} -> {after:?}")));
    if fields.is_empty() {
        lines.push(format!("      {}", listed.evidence));
    }
    lines
}
