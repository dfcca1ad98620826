//! The verdict on an address, and the reasons for it.

use crate::address::{Address, NotJudged, Parser, Scheme};
use crate::list::{Entry, Finding, Scope, SignedList};
use crate::resemblance::{Likeness, Resemblance, Sureness};
use crate::trust::{Refusal, Time};

/// What is said of a site. One word, one shape and one colour each (see `view`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    /// In the signed list, and reached over https.
    Official,
    /// In the signed list, but reached over http.
    OfficialUnprotected,
    /// Everything else: silent.
    Unlisted,
    /// The list's dates have passed, or it could not be accepted: nothing is official until then.
    ListExpired,
    /// It reads as the address of a listed site, and is not: what it resembles is said with it.
    Resembles,
    /// There is nothing to judge.
    NotJudged,
}

impl State {
    /// Every state, in order of precedence.
    pub const ALL: [Self; 6] = [
        Self::NotJudged,
        Self::Official,
        Self::OfficialUnprotected,
        Self::ListExpired,
        Self::Resembles,
        Self::Unlisted,
    ];

    /// The id used in files and output.
    pub fn id(self) -> &'static str {
        match self {
            Self::Official => "official",
            Self::OfficialUnprotected => "official_unprotected",
            Self::Unlisted => "unlisted",
            Self::ListExpired => "list_expired",
            Self::Resembles => "resembles",
            Self::NotJudged => "not_judged",
        }
    }
}

/// A reason for a verdict, with the facts that explain it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// An entry of the list speaks for this address.
    Listed(Scope),
    /// The connection is not encrypted: what is typed can be read on its way, and the page may
    /// not come from the site.
    ConnectionNotProtected,
    /// The address imitates a listed site's, or may; which and how stands in the verdict.
    Resembles(Sureness),
    /// No entry of the list speaks for this address.
    NotListed,
    /// The name was struck off for good; the word says why.
    Revoked(String),
    /// Sites of different owners stand on this platform.
    SharedPlatform,
    /// A user name before the host, which may be taken for the host.
    CredentialsInUrl,
    /// The list may not be used since that moment.
    ListExpired(Time),
    /// The list was not accepted.
    ListRefused(Refusal),
    /// Why there is nothing to judge.
    NotJudged(NotJudged),
}

impl Reason {
    /// The id used in output.
    pub fn id(&self) -> &'static str {
        match self {
            Self::Listed(Scope::Zone) => "listed_zone",
            Self::Listed(Scope::Domain) => "listed_domain",
            Self::Listed(Scope::Host | Scope::Revoked) => "listed_host",
            Self::Listed(Scope::Path) => "listed_path",
            Self::ConnectionNotProtected => "connection_not_protected",
            Self::Resembles(Sureness::Certain) => "resembles",
            Self::Resembles(Sureness::Possible) => "may_resemble",
            Self::NotListed => "not_listed",
            Self::Revoked(_) => "revoked",
            Self::SharedPlatform => "shared_platform",
            Self::CredentialsInUrl => "credentials_in_url",
            Self::ListExpired(_) => "list_expired",
            Self::ListRefused(_) => "list_refused",
            Self::NotJudged(reason) => match reason {
                NotJudged::NotAnAddress => "not_an_address",
                NotJudged::BrowserPage => "browser_page",
                NotJudged::LocalFile => "local_file",
                NotJudged::OtherScheme => "other_scheme",
                NotJudged::Localhost => "localhost",
                NotJudged::PrivateNetwork => "private_network",
                NotJudged::IpLiteral => "ip_literal",
            },
        }
    }
}

/// The verdict on an address.
#[derive(Debug, Clone)]
pub struct Verdict<'a> {
    /// What is said of the site.
    pub state: State,
    /// Why; never empty.
    pub reasons: Vec<Reason>,
    /// The address, where there is one to judge.
    pub address: Option<&'a Address<'a>>,
    /// The entry of the list that speaks for it.
    pub entry: Option<Entry<'a>>,
    /// What it resembles.
    pub resembles: Option<Likeness>,
}

/// A list, or why there is none.
pub type Listing = Result<SignedList, Refusal>;

/// Reads an address with what the list knows of public suffixes.
pub fn read_address<'u>(url: &'u str, parser: Parser, listing: &Listing) -> Result<Address<'u>, NotJudged> {
    let suffixes = listing.as_ref().ok().and_then(SignedList::public_suffixes);
    Address::read(url, parser, suffixes.as_ref())
}

/// The verdict at the moment `now`.
pub fn judge<'a>(address: &'a Result<Address<'a>, NotJudged>, listing: &'a Listing, now: Time) -> Verdict<'a> {
    let address = match address {
        Ok(address) => address,
        Err(reason) => {
            let reasons = vec![Reason::NotJudged(*reason)];
            return Verdict { state: State::NotJudged, reasons, address: None, entry: None, resembles: None };
        }
    };
    let mut verdict = match listing {
        Ok(list) => by_list(address, list, now),
        Err(refusal) => Verdict {
            state: State::ListExpired,
            reasons: vec![Reason::ListRefused(refusal.clone())],
            address: Some(address),
            entry: None,
            resembles: None,
        },
    };
    if address.has_credentials {
        verdict.reasons.push(Reason::CredentialsInUrl);
    }
    verdict
}

fn likeness(address: &Address, list: &SignedList) -> Option<Likeness> {
    Resemblance::open(list.resemblance()?).ok()?.find(address, &list.list)
}

fn by_list<'a>(address: &'a Address<'a>, list: &'a SignedList, now: Time) -> Verdict<'a> {
    let mut reasons = Vec::new();
    let mut entry = None;
    let mut state = match list.list.look_up(address) {
        Finding::Official(found) => {
            reasons.push(Reason::Listed(found.rule.scope));
            entry = Some(found);
            match address.scheme {
                Scheme::Https => State::Official,
                Scheme::Http => State::OfficialUnprotected,
            }
        }
        Finding::Revoked(found) => {
            reasons.push(Reason::Revoked(found.rule.record().purpose_fr.to_owned()));
            State::Unlisted
        }
        Finding::Nothing => {
            reasons.push(Reason::NotListed);
            State::Unlisted
        }
    };
    if state == State::OfficialUnprotected {
        reasons.push(Reason::ConnectionNotProtected);
    }
    if state == State::Unlisted && address.is_on_shared_platform() {
        reasons.push(Reason::SharedPlatform);
    }
    let resembles = if state == State::Unlisted { likeness(address, list) } else { None };
    if !list.is_current(now) {
        state = State::ListExpired;
        reasons.insert(0, Reason::ListExpired(list.trusted.targets.expires));
    }
    if let Some(likeness) = &resembles {
        // What imitated an official site when the list was good still does.
        if likeness.sureness == Sureness::Certain {
            state = State::Resembles;
        }
        reasons.insert(0, Reason::Resembles(likeness.sureness));
    }
    Verdict { state, reasons, address: Some(address), entry, resembles }
}
