//! A verdict as others read it: the lines of `cargo xtask judge`, and what the WebAssembly core
//! hands to JavaScript. The shape is documented in the README and stays stable.

use crate::address::Address;
use crate::verdict::{Reason, Verdict};
use serde::Serialize;
use std::borrow::Cow;
use std::ops::Range;

/// A verdict on a URL.
#[derive(Debug, Serialize)]
pub struct Line<'a> {
    /// The URL, as it was given.
    pub url: &'a str,
    /// The state's id.
    pub state: &'static str,
    /// The ids of the reasons.
    pub reasons: Vec<&'static str>,
    /// ASCII, lower case; absent where nothing is judged.
    pub host: Option<&'a str>,
    /// What its owner registered.
    pub registrable_domain: Option<&'a str>,
    /// The entry of the list that speaks for the address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entry: Option<Entry<'a>>,
    /// The listed site that the address imitates, or may.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resembles: Option<Resembles>,
}

/// What an address resembles, and where the two differ: from a character, and up to another.
#[derive(Debug, Serialize)]
pub struct Resembles {
    /// The listed host, or `gouv.fr` for the State's suffix.
    pub site: String,
    /// How it is imitated.
    pub technique: &'static str,
    /// `certain` makes the state, `possible` a reason only.
    pub sureness: &'static str,
    /// The address's host with its accents, without `www.`.
    pub shown: String,
    /// What `shown` has that `site` has not.
    pub shown_differs: Vec<[usize; 2]>,
    /// What `site` has that `shown` has not.
    pub site_differs: Vec<[usize; 2]>,
}

/// An entry of the list.
#[derive(Debug, Serialize)]
pub struct Entry<'a> {
    /// The listed host.
    pub host: &'a str,
    /// How far the entry reaches.
    pub scope: &'static str,
    /// Who answers for the site.
    pub organisation: Cow<'a, str>,
    /// Where the organisation is; two letters.
    pub country: &'a str,
}

impl<'a> Line<'a> {
    /// The line for a verdict on `url`.
    pub fn of(url: &'a str, verdict: &Verdict<'a>) -> Self {
        let entry = verdict.entry.map(|entry| {
            let record = entry.rule.record();
            Entry {
                host: entry.host,
                scope: entry.rule.scope.word(),
                organisation: record.organisation,
                country: if record.country.is_empty() { "FR" } else { record.country },
            }
        });
        Self {
            url,
            state: verdict.state.id(),
            reasons: verdict.reasons.iter().map(Reason::id).collect(),
            host: verdict.address.map(Address::host),
            registrable_domain: verdict.address.and_then(|address| address.registrable_domain()),
            entry,
            resembles: verdict.address.zip(verdict.resembles.as_ref()).map(|(address, likeness)| {
                let (shown, found) = likeness.compare(address);
                Resembles {
                    site: likeness.site.clone(),
                    technique: likeness.technique.id(),
                    sureness: likeness.sureness.id(),
                    shown_differs: in_characters(&shown, &found.here),
                    site_differs: in_characters(&likeness.site, &found.there),
                    shown,
                }
            }),
        }
    }
}

fn in_characters(text: &str, ranges: &[Range<usize>]) -> Vec<[usize; 2]> {
    let count = |end: usize| text.get(..end).map_or(0, |before| before.chars().count());
    ranges.iter().map(|range| [count(range.start), count(range.end)]).collect()
}
