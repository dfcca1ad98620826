//! What makes an entry suspicious. A marked entry is never packed until a person has signed it off.

use super::evidence::Standing;
use super::record::Place;
use super::words;
use crate::rules::Rules;
use std::collections::BTreeSet;
use std::fmt;

/// Why an entry is suspicious.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    /// The source gives no address that can be listed.
    NoAddress(String),
    /// The host, or one above it, is on the revocation list.
    Revoked,
    /// Each name below the host has its own owner.
    PublicSuffix,
    /// Anybody can open a site beside it.
    SharedHost(String),
    /// The source names a folder of somebody else's host.
    Folder(String),
    /// The source names more than one site for the commune.
    SecondAddress,
    /// Other communes claim the host too.
    SeveralCommunes(Vec<String>),
    /// A report says that it leads to another owner's host.
    Redirects(String),
    /// A report found no page.
    Dead,
    /// Another source named it, and names it no more.
    LeftSource,
    /// A name that anybody may buy when it lapses, and that no report found alive.
    ReRegistration(String),
    /// A name made to sell procedures: the word.
    SellsProcedures(String),
    /// The INSEE code is that of no commune, or the name is missing.
    NoCommune,
    /// The name has no word of the commune's: it may be that of a group of communes, or of a company.
    OtherName,
    /// A name below somebody else's: whose, such as a group of communes or a company.
    BelowAnother(String),
    /// No rule lets it in: no other source found it alive, and its name is not the commune's.
    Unconfirmed,
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoAddress(text) => write!(f, "no address: {text}"),
            Self::Revoked => f.write_str("revoked"),
            Self::PublicSuffix => f.write_str("public suffix"),
            Self::SharedHost(platform) => write!(f, "shared host: {platform}"),
            Self::Folder(path) => write!(f, "folder: {path}"),
            Self::SecondAddress => f.write_str("second address"),
            Self::SeveralCommunes(codes) => {
                let shown = codes.iter().take(5).map(String::as_str).collect::<Vec<_>>().join(" ");
                let more = codes.len().saturating_sub(5);
                write!(f, "claimed by others: {shown}")?;
                if more > 0 { write!(f, " and {more} more") } else { Ok(()) }
            }
            Self::Redirects(target) => write!(f, "redirects to {target}"),
            Self::Dead => f.write_str("no page"),
            Self::LeftSource => f.write_str("left another source"),
            Self::ReRegistration(suffix) => write!(f, "re-registration: .{suffix}"),
            Self::SellsProcedures(word) => write!(f, "sells procedures: {word}"),
            Self::NoCommune => f.write_str("no commune"),
            Self::OtherName => f.write_str("other name"),
            Self::BelowAnother(domain) => write!(f, "below another domain: {domain}"),
            Self::Unconfirmed => f.write_str("unconfirmed"),
        }
    }
}

/// Top-level domains for which one must live in, or have to do with, the European Union or the
/// place itself (registry rules of AFNIC, of .bzh, .alsace, .corsica and .paris, and of the overseas
/// registries). Any other name is open to anybody the day it lapses.
const OF_A_PLACE: [&str; 15] =
    ["alsace", "bzh", "corsica", "fr", "gf", "gp", "mq", "nc", "paris", "pf", "pm", "re", "tf", "wf", "yt"];

/// What can be said of a place by itself and by the other sources. `own_words` are those of the
/// entry's own name.
pub fn of_place(
    place: &Place,
    own_words: &str,
    standing: Standing,
    rules: &Rules,
    revoked: &BTreeSet<String>,
) -> Vec<Mark> {
    let Some(host) = place.host() else { return Vec::new() };
    let mut marks = Vec::new();
    if ancestors(host).any(|parent| revoked.contains(parent)) {
        marks.push(Mark::Revoked);
    }
    if rules.is_public_suffix(host) {
        marks.push(Mark::PublicSuffix);
    } else if let Some(platform) = rules.platform_of(host) {
        marks.push(Mark::SharedHost(platform.to_owned()));
    } else if rules.is_on_private_suffix(host) {
        marks.push(Mark::SharedHost(host.split_once('.').map_or(host, |(_, parent)| parent).to_owned()));
    }
    if let Place::Folder(_, path) = place {
        marks.push(Mark::Folder(path.clone()));
    }
    match standing {
        Standing::Elsewhere(target) => marks.push(Mark::Redirects(target.to_owned())),
        Standing::Dead => marks.push(Mark::Dead),
        Standing::Left => marks.push(Mark::LeftSource),
        _ => {}
    }
    let suffix = host.rsplit('.').next().unwrap_or_default();
    if standing != Standing::Alive && !OF_A_PLACE.contains(&suffix) {
        marks.push(Mark::ReRegistration(suffix.to_owned()));
    }
    if let Some(word) = words::sold_by(host, own_words) {
        marks.push(Mark::SellsProcedures(word.to_owned()));
    }
    marks
}

/// What can be said of a town hall's host beside the commune's name.
pub fn of_name(host: &str, commune: &str, rules: &Rules) -> Vec<Mark> {
    let registrable = rules.registrable(host);
    if registrable != host && !words::has_a_word(registrable, commune) {
        vec![Mark::BelowAnother(registrable.to_owned())]
    } else if !words::has_a_word(host, commune) {
        vec![Mark::OtherName]
    } else {
        Vec::new()
    }
}

/// The host and each name above it.
fn ancestors(host: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(host), |host| host.split_once('.').map(|(_, parent)| parent))
}
