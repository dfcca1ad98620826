//! Entries that speak of the same thing, or against one another.

use crate::problem::{Place, Problem};
use crate::reviewed::{Reviewed, Site};
use bon_guichet::list::Scope;
use std::collections::{BTreeMap, BTreeSet};

/// A town hall's line for a host of which an entry already speaks that a person wrote is refused: the
/// person's word stands.
pub fn refuse_lines_beside_entries(reviewed: &mut Reviewed) {
    let is_line = |site: &Site| site.place.file.extension().is_some_and(|ending| ending == "tsv");
    let entries = reviewed.sites.iter().filter(|site| !is_line(site) && site.scope != Scope::Path);
    let by_hand: BTreeMap<String, Place> = entries.map(|site| (site.host.clone(), site.place.clone())).collect();
    reviewed.sites.retain(|site| {
        let Some(place) = by_hand.get(&site.host).filter(|_| is_line(site)) else { return true };
        reviewed.problems.push(Problem {
            place: site.place.clone(),
            subject: site.host.clone(),
            what: format!("has an entry that a person wrote, at {place}"),
            remedy: "remove the line".to_owned(),
        });
        false
    });
}

/// Two entries that speak of the same thing are refused together: which of them is right is for a
/// person to say.
pub fn refuse_disagreements(reviewed: &mut Reviewed) {
    let mut places: BTreeMap<(String, Scope, String), Vec<Place>> = BTreeMap::new();
    for site in &reviewed.sites {
        let key = (site.host.clone(), site.scope, site.path.clone());
        places.entry(key).or_default().push(site.place.clone());
    }
    for revocation in &reviewed.revocations {
        let key = (revocation.host.clone(), Scope::Revoked, String::new());
        places.entry(key).or_default().push(revocation.place.clone());
    }
    let mut refused = BTreeSet::new();
    for ((host, _, path), places) in &places {
        for place in places.iter().filter(|_| places.len() > 1) {
            let others: Vec<String> = places.iter().filter(|other| *other != place).map(ToString::to_string).collect();
            refused.insert(place.clone());
            reviewed.problems.push(Problem {
                place: place.clone(),
                subject: format!("{host}{path}"),
                what: format!("stands also at {}", others.join(" and ")),
                remedy: "keep one of them".to_owned(),
            });
        }
    }
    let revoked: BTreeMap<&str, &Place> =
        reviewed.revocations.iter().map(|revocation| (revocation.host.as_str(), &revocation.place)).collect();
    for site in &reviewed.sites {
        let parents = std::iter::successors(Some(site.host.as_str()), |host| host.split_once('.').map(|(_, up)| up));
        if let Some(place) = parents.into_iter().find_map(|host| revoked.get(host)) {
            refused.insert(site.place.clone());
            reviewed.problems.push(Problem {
                place: site.place.clone(),
                subject: site.host.clone(),
                what: format!("is revoked at {place}"),
                remedy: "remove the entry: a revoked name never comes back".to_owned(),
            });
        }
    }
    reviewed.sites.retain(|site| !refused.contains(&site.place));
    reviewed.revocations.retain(|revocation| !refused.contains(&revocation.place));
}
