//! What is shown of a verdict: icon, badge, colour and message keys. The words themselves are in
//! `extension/_locales`, so nothing here is in any language.

mod renewal;
mod request;

pub use renewal::{RenewalNote, progress, renewal_note};
pub use request::{ChangeRequest, change_request};

use crate::address::Address;
use crate::list::Entry;
use crate::renewal::Trouble;
use crate::resemblance::{Sureness, Technique};
use crate::trust::{Refusal, Time};
use crate::verdict::{Listing, Reason, State, Verdict};
use std::ops::Range;

/// A message of `_locales`, by its key, and what goes into its placeholders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// The key.
    pub key: String,
    /// For `$1`, `$2`…
    pub args: Vec<Arg>,
}

/// What goes into a placeholder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Arg {
    /// As it is.
    Text(String),
    /// A day, written out in the reader's language.
    Date(Time),
    /// A day and a time of day, as the clock on the reader's wall has it.
    Moment(Time),
    /// With the reader's own separators.
    Number(usize),
}

/// How a state looks in the toolbar. Shape and word tell it without the colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// Name of the drawing in `icons/`.
    pub icon: &'static str,
    /// Badge text; empty for no badge.
    pub badge: &'static str,
    /// Badge background, the fill of the drawing.
    pub colour: &'static str,
}

/// What the toolbar shows for a tab.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Toolbar {
    /// Icon and badge.
    pub look: Look,
    /// The button's title.
    pub title: Message,
}

/// The identity card of a site.
#[derive(Debug, Clone)]
pub struct Card<'a> {
    /// The state.
    pub state: State,
    /// Icon and badge.
    pub look: Look,
    /// The state's word.
    pub word: Message,
    /// The state in one sentence.
    pub sentence: Message,
    /// The host with its accents, split before its registrable domain.
    pub host: Option<(String, String)>,
    /// The host in ASCII, where that differs from what is shown.
    pub ascii_host: Option<String>,
    /// What the list says of it.
    pub entry: Option<Entry<'a>>,
    /// The address and the one that it resembles, to be shown one above the other.
    pub comparison: Option<Comparison>,
    /// The official site that is imitated, as a URL to go to.
    pub official: Option<String>,
    /// Why, one sentence each.
    pub reasons: Vec<Message>,
}

/// Two addresses, each cut where it starts or stops to differ from the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// The address at hand.
    pub here: Vec<Part>,
    /// The official one.
    pub there: Vec<Part>,
}

/// A part of an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Its text.
    pub text: String,
    /// The other address has it not: to be underlined.
    pub differs: bool,
}

/// What is said of the list itself, under every card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListNote {
    /// The list's day and number, or that there is none.
    pub line: Message,
    /// It is signed with the public development keys.
    pub development: Option<Message>,
}

/// How a state looks.
pub fn look(state: State) -> Look {
    match state {
        State::Official => Look { icon: "official", badge: "OK", colour: "#1a8540" },
        State::OfficialUnprotected => Look { icon: "official-unprotected", badge: "!", colour: "#9a6a00" },
        State::Resembles => Look { icon: "resembles", badge: "!!", colour: "#d42a2a" },
        State::Unlisted => Look { icon: "unlisted", badge: "", colour: "#737680" },
        State::ListExpired => Look { icon: "list-expired", badge: "?", colour: "#54779a" },
        State::NotJudged => Look { icon: "not-judged", badge: "", colour: "#878790" },
    }
}

/// What the toolbar shows for a verdict.
pub fn toolbar(verdict: &Verdict) -> Toolbar {
    let state = verdict.state.id();
    let title = match (verdict.address, &verdict.entry) {
        (Some(address), Some(entry)) => {
            let args = vec![text(address.unicode_host()), text(entry.rule.record().organisation.into_owned())];
            Message { key: format!("title_{state}_of"), args }
        }
        (Some(address), None) if verdict.state == State::Resembles => {
            let site = verdict.resembles.iter().map(|likeness| text(&likeness.site));
            Message {
                key: format!("title_{state}"),
                args: [text(address.unicode_host())].into_iter().chain(site).collect(),
            }
        }
        (Some(address), None) => Message { key: format!("title_{state}"), args: vec![text(address.unicode_host())] },
        (None, _) => Message { key: format!("title_{state}"), args: Vec::new() },
    };
    Toolbar { look: look(verdict.state), title }
}

/// The identity card for a verdict.
pub fn card<'a>(verdict: &Verdict<'a>) -> Card<'a> {
    let unicode = verdict.address.map(Address::unicode_host);
    let ascii_host =
        verdict.address.map(|address| address.host().to_owned()).filter(|host| Some(host) != unicode.as_ref());
    Card {
        state: verdict.state,
        look: look(verdict.state),
        word: plain(format!("state_{}", verdict.state.id())),
        sentence: sentence(verdict),
        host: verdict.address.zip(unicode).map(|(address, host)| split_host(&host, address.registrable_domain())),
        ascii_host,
        entry: verdict.entry,
        official: verdict
            .resembles
            .as_ref()
            .filter(|likeness| verdict.state == State::Resembles && !likeness.is_of_zone())
            .map(|likeness| format!("https://{}/", likeness.site)),
        comparison: verdict.address.zip(verdict.resembles.as_ref()).map(|(address, likeness)| {
            let (shown, found) = likeness.compare(address);
            Comparison { here: parts(&shown, &found.here), there: parts(&likeness.site, &found.there) }
        }),
        reasons: verdict.reasons.iter().map(|reason| explain(reason, verdict)).collect(),
    }
}

/// What is said of the list itself.
pub fn list_note(listing: &Listing, now: Time) -> ListNote {
    let Ok(list) = listing else { return ListNote { line: plain("list_none"), development: None } };
    let targets = &list.trusted.targets;
    let key = if list.is_current(now) { "list_of" } else { "list_until" };
    let day = if list.is_current(now) { list.trusted.published } else { targets.expires };
    let args = vec![Arg::Date(day), Arg::Number(list.list.len())];
    ListNote {
        line: Message { key: key.to_owned(), args },
        development: list.trusted.is_development().then(|| plain("list_development")),
    }
}

fn sentence(verdict: &Verdict) -> Message {
    if let Some(likeness) = verdict.resembles.as_ref().filter(|_| verdict.state == State::Resembles) {
        let key = if likeness.is_of_zone() { "sentence_resembles_zone" } else { "sentence_resembles" };
        return Message { key: key.to_owned(), args: vec![text(&likeness.site)] };
    }
    let foreign = verdict.entry.map_or("", |entry| entry.rule.record().country);
    let key = match (verdict.state, foreign) {
        (State::Official, "EU") => "sentence_official_europe",
        (State::Official, country) if !country.is_empty() => "sentence_official_foreign",
        (State::Unlisted, _) if verdict.reasons.iter().any(|reason| matches!(reason, Reason::Revoked(_))) => {
            "sentence_unlisted_revoked"
        }
        (State::ListExpired, _) if verdict.reasons.iter().any(|reason| matches!(reason, Reason::ListRefused(_))) => {
            "sentence_list_refused"
        }
        (state, _) => return plain(format!("sentence_{}", state.id())),
    };
    plain(key)
}

fn explain(reason: &Reason, verdict: &Verdict) -> Message {
    let host = || verdict.address.map(|address| text(address.unicode_host()));
    let args = match reason {
        Reason::Listed(_) => {
            let Some(entry) = verdict.entry else { return plain("reason_not_listed") };
            let record = entry.rule.record();
            let listed = match record.path {
                "" => entry.host.to_owned(),
                path => format!("{}{path}", entry.host),
            };
            vec![text(listed), text(record.sources), Arg::Date(days(record.checked))]
        }
        Reason::Resembles(sureness) => {
            let Some(likeness) = &verdict.resembles else { return plain("reason_not_listed") };
            let key = match sureness {
                Sureness::Certain => format!("reason_resembles_{}", likeness.technique.id()),
                Sureness::Possible => "reason_may_resemble".to_owned(),
            };
            return Message { key, args: [text(&likeness.site)].into_iter().chain(host()).collect() };
        }
        Reason::NotListed | Reason::CredentialsInUrl => host().into_iter().collect(),
        Reason::Revoked(word) => {
            return Message {
                key: format!("reason_revoked_{}", word.replace('-', "_")),
                args: host().into_iter().collect(),
            };
        }
        Reason::SharedPlatform => {
            let platform = verdict.address.and_then(|address| address.public_suffix());
            platform.map(text).into_iter().collect()
        }
        Reason::ListExpired(since) => vec![Arg::Date(*since)],
        Reason::ListRefused(refusal) => {
            return Message {
                key: format!("reason_list_refused_{}", refusal_id(refusal)),
                args: vec![text(refusal.file().to_string())],
            };
        }
        Reason::ConnectionNotProtected | Reason::NotJudged(_) => Vec::new(),
    };
    Message { key: format!("reason_{}", reason.id()), args }
}

/// What a reader can be told of a refusal: the file is not there, or is damaged, or is not signed
/// as it must be.
fn refusal_id(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::Missing(_) => "missing",
        Refusal::Threshold { .. } | Refusal::NotSigned(_) => "unsigned",
        _ => "damaged",
    }
}

fn parts(whole: &str, differing: &[Range<usize>]) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut add = |place: Range<usize>, differs| {
        let text = whole.get(place).unwrap_or_default().to_owned();
        if !text.is_empty() {
            parts.push(Part { text, differs });
        }
    };
    let mut end = 0;
    for range in differing {
        add(end..range.start, false);
        add(range.clone(), true);
        end = range.end;
    }
    add(end..whole.len(), false);
    parts
}

/// Splits a host before its registrable domain, counting labels: accents change their length.
fn split_host(host: &str, registrable: Option<&str>) -> (String, String) {
    let Some(registrable) = registrable else { return (host.to_owned(), String::new()) };
    let labels: Vec<&str> = host.split('.').collect();
    let kept = registrable.split('.').count().min(labels.len());
    let (before, domain) = labels.split_at(labels.len() - kept);
    let before = before.iter().flat_map(|label| [*label, "."]).collect();
    (before, domain.join("."))
}

fn days(since_1970: u32) -> Time {
    Time(u64::from(since_1970) * 86_400)
}

fn plain(key: impl Into<String>) -> Message {
    Message { key: key.into(), args: Vec::new() }
}

fn text(text: impl Into<String>) -> Arg {
    Arg::Text(text.into())
}

/// Every message key that a verdict can ask for, so that a test can hold `_locales` against it.
pub fn all_keys() -> Vec<String> {
    let mut keys: Vec<String> = Vec::new();
    for state in State::ALL {
        let id = state.id();
        keys.extend([format!("state_{id}"), format!("title_{id}"), format!("sentence_{id}")]);
    }
    for state in [State::Official, State::OfficialUnprotected, State::ListExpired] {
        keys.push(format!("title_{}_of", state.id()));
    }
    keys.extend(Technique::ALL.map(|technique| format!("reason_resembles_{}", technique.id())));
    keys.extend(["new", "same"].iter().chain(&Trouble::IDS).map(|id| format!("update_{id}")));
    let others = [
        "sentence_resembles_zone",
        "reason_may_resemble",
        "sentence_official_europe",
        "sentence_official_foreign",
        "sentence_unlisted_revoked",
        "sentence_list_refused",
        "reason_listed_zone",
        "reason_listed_domain",
        "reason_listed_host",
        "reason_listed_path",
        "reason_connection_not_protected",
        "reason_not_listed",
        "reason_revoked_squatted",
        "reason_revoked_not_public",
        "reason_shared_platform",
        "reason_credentials_in_url",
        "reason_list_expired",
        "reason_list_refused_missing",
        "reason_list_refused_unsigned",
        "reason_list_refused_damaged",
        "reason_not_an_address",
        "reason_browser_page",
        "reason_local_file",
        "reason_other_scheme",
        "reason_localhost",
        "reason_private_network",
        "reason_ip_literal",
        "list_of",
        "list_until",
        "list_none",
        "list_development",
        "origin_packaged",
        "origin_renewed",
        "stored_unusable",
        "update_never",
        "update_tried",
        "update_kept",
        "update_due",
        "clock_went_back",
        "progress_asking",
        "progress_fetching",
    ];
    keys.extend(others.into_iter().chain(request::KEYS).map(str::to_owned));
    keys
}
