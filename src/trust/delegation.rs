//! Delegations: a targets role hands paths to other roles (TUF §4.5).

use super::envelope::Role;
use super::hex;
use super::json::Json;
use sha2::{Digest, Sha256};

/// Most roles that one role may delegate to, and most patterns or prefixes of each.
const MAX_DELEGATIONS: usize = 256;
const MAX_PATHS: usize = 1024;
/// Longest pattern, in bytes: matching takes at most its length times that of the path.
const MAX_PATTERN: usize = 256;
/// Longest name of a role, in bytes.
const MAX_NAME: usize = 128;

/// A role that is trusted with some paths.
#[derive(Debug, Clone)]
pub(super) struct Delegation {
    pub(super) name: String,
    pub(super) role: Role,
    /// What this role does not have, no later role is asked for.
    pub(super) terminating: bool,
    paths: Paths,
}

#[derive(Debug, Clone)]
enum Paths {
    /// Patterns, where `*` and `?` stand for what is within a segment.
    Patterns(Vec<String>),
    /// The first hexadecimal digits of a path's SHA-256.
    HashPrefixes(Vec<String>),
}

impl Delegation {
    pub(super) fn read_all(delegations: &Json) -> Result<Vec<Self>, &'static str> {
        let Some(Json::List(roles)) = delegations.get("roles") else { return Err("delegations without \"roles\"") };
        if roles.len() > MAX_DELEGATIONS {
            return Err("too many delegations");
        }
        let read = roles.iter().map(|role| Self::read(role, delegations.get("keys")));
        let all: Vec<Self> = read.collect::<Result<_, _>>()?;
        let repeats = |at: usize, it: &Self| all.iter().take(at).any(|other| other.name == it.name);
        if all.iter().enumerate().any(|(at, it)| repeats(at, it)) {
            return Err("a role that is delegated to twice");
        }
        Ok(all)
    }

    fn read(entry: &Json, keys: Option<&Json>) -> Result<Self, &'static str> {
        let name = entry.get("name").and_then(Json::text).ok_or("a delegation without name")?;
        if name.is_empty() || name.len() > MAX_NAME {
            return Err("a role's name that is empty or too long");
        }
        // Its file would take the place of another's.
        if ["root", "timestamp", "snapshot", "targets"].contains(&name) {
            return Err("a delegation to a top-level role");
        }
        let terminating = match entry.get("terminating") {
            None => false,
            Some(Json::Bool(given)) => *given,
            Some(_) => return Err("\"terminating\" is neither true nor false"),
        };
        let paths = match (entry.get("paths"), entry.get("path_hash_prefixes")) {
            (Some(patterns), None) => Paths::Patterns(texts(patterns)?),
            (None, Some(prefixes)) => Paths::HashPrefixes(texts(prefixes)?),
            _ => return Err("a delegation with neither or both of \"paths\" and \"path_hash_prefixes\""),
        };
        Ok(Self { name: name.to_owned(), role: Role::read(Some(entry), keys)?, terminating, paths })
    }

    /// Whether the role is trusted with a path.
    pub(super) fn covers(&self, path: &str) -> bool {
        match &self.paths {
            Paths::Patterns(patterns) => patterns.iter().any(|pattern| matches(pattern, path)),
            Paths::HashPrefixes(prefixes) => {
                let hash = hex::text(&Sha256::digest(path.as_bytes()));
                prefixes.iter().any(|prefix| hash.starts_with(prefix))
            }
        }
    }
}

fn texts(list: &Json) -> Result<Vec<String>, &'static str> {
    let Json::List(items) = list else { return Err("paths that are no list") };
    if items.len() > MAX_PATHS {
        return Err("too many paths");
    }
    let text = |item: &Json| item.text().filter(|text| text.len() <= MAX_PATTERN).map(str::to_owned);
    items.iter().map(|item| text(item).ok_or("a path that is no text, or too long")).collect()
}

/// As a shell matches, segment by segment; only `*` and `?` are special.
fn matches(pattern: &str, path: &str) -> bool {
    let (mut patterns, mut segments) = (pattern.split('/'), path.split('/'));
    loop {
        match (patterns.next(), segments.next()) {
            (None, None) => return true,
            (Some(pattern), Some(segment)) if segment_matches(pattern, segment) => {}
            _ => return false,
        }
    }
}

/// On a mismatch, the last `*` takes one character more; an earlier one never has to.
fn segment_matches(pattern: &str, segment: &str) -> bool {
    let (mut pattern, mut rest) = (pattern.chars(), segment.chars());
    let mut star = None;
    loop {
        let before = rest.clone();
        let (wanted, found) = (pattern.next(), rest.next());
        match (wanted, found) {
            (None, None) => return true,
            (Some('*'), _) => {
                star = Some((pattern.clone(), before.clone()));
                rest = before;
            }
            (Some('?'), Some(_)) => {}
            (Some(wanted), Some(found)) if wanted == found => {}
            _ => {
                let Some((after, mut taken)) = star else { return false };
                if taken.next().is_none() {
                    return false;
                }
                (pattern, rest) = (after.clone(), taken.clone());
                star = Some((after, taken));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn wildcards_stay_within_a_segment() {
        for (pattern, path) in [
            ("*", "a"),
            ("*", ""),
            ("a*c", "abbc"),
            ("a*c", "ac"),
            ("*.zip", "y.zip"),
            ("*a*b*", "xxayybzz"),
            ("foo-?.tgz", "foo-1.tgz"),
            ("?", "é"),
            ("releases/*/*", "releases/x/y"),
            ("[a]", "[a]"),
            ("**", "a"),
        ] {
            assert!(matches(pattern, path), "{pattern} {path}");
        }
        for (pattern, path) in [
            ("*", "a/b"),
            ("?", "/"),
            ("?", ""),
            ("a", "A"),
            ("foo-?.tgz", "foo-alpha.tgz"),
            ("releases/*/*", "releases/x"),
            ("*.md", "docs/README.md"),
            ("a*c", "abcd"),
            ("[a]", "a"),
            ("", "a"),
        ] {
            assert!(!matches(pattern, path), "{pattern} {path}");
        }
    }

    #[test]
    fn a_hostile_pattern_is_refused_quickly() {
        assert!(!matches(&format!("{}b", "a*".repeat(127)), &"a".repeat(512)));
    }
}
