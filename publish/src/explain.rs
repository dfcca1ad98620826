//! What the list of a data folder says of an address, and where that is written.

use crate::build::{self, Packed};
use crate::keys::Key;
use crate::problem::Place;
use crate::reviewed::Site;
use crate::rules::Rules;
use crate::sign::{self, Role, Roles};
use anyhow::{Context, Result};
use bon_guichet::address::url_crate;
use bon_guichet::list::{ROOT, SignedList, TARGETS};
use bon_guichet::trust::Time;
use bon_guichet::verdict::{Reason, Verdict, judge, read_address};
use bon_guichet::wire::Line;
use serde_json::{Map, Value, json};
use std::path::Path;

/// Most entries that are named as near.
const NEAR: usize = 8;

/// What is said of an address: lines for people, facts for machines.
pub struct Explanation {
    /// For people.
    pub lines: Vec<String>,
    /// The shape of `cargo xtask judge`, and where the entry is written.
    pub facts: Map<String, Value>,
}

/// Packs the data and asks the core's own judge at the moment `now`. `subject` is a host or a URL.
pub fn explain(data: &Path, subject: &str, now: Time) -> Result<Explanation> {
    let packed = build::pack(data)?;
    let list = throwaway(&packed)?;
    let url = if subject.contains("://") { subject.to_owned() } else { format!("https://{subject}/") };
    let listing = Ok(list);
    let address = read_address(&url, url_crate, &listing);
    let verdict = judge(&address, &listing, now);
    let Value::Object(mut facts) = serde_json::to_value(Line::of(&url, &verdict))? else {
        anyhow::bail!("a verdict that is no object")
    };
    let ids: Vec<&str> = verdict.reasons.iter().map(Reason::id).collect();
    let mut lines = vec![format!("{url}: {} ({})", verdict.state.id(), ids.join(", "))];
    if let Some((texts, place)) = decided(&packed, &verdict) {
        facts.insert("written_at".to_owned(), json!({ "file": place.file, "line": place.line }));
        let texts = texts.into_iter().filter(|(_, text)| !text.is_empty());
        lines.extend(texts.map(|(name, text)| format!("  {name:<13}{text}")));
        lines.push(format!("  {:<13}{place}", "written at"));
    }
    let suffixes = listing.as_ref().ok().and_then(SignedList::public_suffixes).context("no Public Suffix List")?;
    let rules = Rules::read(data, &suffixes, &mut Vec::new())?;
    let unlisted = verdict.address.filter(|_| verdict.entry.is_none());
    if let Some(platform) = unlisted.and_then(|address| rules.platform_of(address.host())) {
        lines.push(format!("{platform} is a shared platform: each site there needs an entry for its full host"));
    }
    let near = near(&packed, &verdict);
    lines.extend(near.iter().map(|near| format!("near it: {near}")));
    facts.insert("near".to_owned(), near.into());
    Ok(Explanation { lines, facts })
}

/// The list, signed by a key that is forgotten at once: the judge takes none that is not signed.
fn throwaway(packed: &Packed) -> Result<SignedList> {
    let key = Key::generate()?;
    let role = || Role { keys: vec![key.clone()], threshold: 1 };
    let roles = Roles { root: role(), targets: role(), online: role() };
    let root = sign::root(&roles, packed.release.root)?;
    let targets = sign::targets(&packed.files, packed.release.published, &roles.targets, packed.release.targets)?;
    let list = SignedList::read(|name| match name {
        ROOT => Some(root.clone()),
        TARGETS => Some(targets.clone()),
        _ => packed.files.get(name).cloned(),
    });
    list.context("the packed list is refused")
}

/// What the entry or the revocation that decided says, and where the reviewed text has it.
fn decided<'p>(packed: &'p Packed, verdict: &Verdict) -> Option<(Vec<(&'static str, String)>, &'p Place)> {
    let reviewed = &packed.reviewed;
    if let Some(entry) = verdict.entry {
        let (scope, path) = (entry.rule.scope, entry.rule.path());
        let is_it = |site: &&Site| (site.host.as_str(), site.scope, site.path.as_str()) == (entry.host, scope, path);
        let site = reviewed.sites.iter().find(is_it)?;
        let texts = vec![
            ("entry", format!("{}{} ({})", site.host, site.path, scope.word())),
            ("organisation", site.organisation.clone()),
            ("purpose", site.purpose_fr.clone()),
            ("telephone", site.telephone.clone()),
            ("sources", site.sources.clone()),
            ("checked", site.checked.0.clone()),
        ];
        return Some((texts, &site.place));
    }
    let is_revoked = verdict.reasons.iter().any(|reason| matches!(reason, Reason::Revoked(_)));
    let host = verdict.address.filter(|_| is_revoked)?.host();
    let revoked = reviewed.revocations.iter().find(|it| is_at_or_below(host, &it.host))?;
    let texts = vec![
        ("revoked", format!("{}: {}", revoked.host, revoked.reason)),
        ("sources", revoked.sources.clone()),
        ("checked", revoked.checked.0.clone()),
    ];
    Some((texts, &revoked.place))
}

/// The entries of the same registrable domain, where none speaks for the address itself.
fn near(packed: &Packed, verdict: &Verdict) -> Vec<String> {
    let domain = verdict.address.filter(|_| verdict.entry.is_none()).and_then(|address| address.registrable_domain());
    let Some(domain) = domain else { return Vec::new() };
    let near = packed.reviewed.sites.iter().filter(|site| is_at_or_below(&site.host, domain));
    let shown = near.map(|site| format!("{} ({}), {}", site.host, site.scope.word(), site.place));
    shown.take(NEAR).collect()
}

fn is_at_or_below(host: &str, parent: &str) -> bool {
    host.strip_suffix(parent).is_some_and(|below| below.is_empty() || below.ends_with('.'))
}
