//! Does an address read as that of a listed site, without being it?
//!
//! A name is read as its letters look ([`letters`]), cut into the words that a reviewed table knows
//! ([`pieces`]), and each brand in it is weighed with what stands beside it ([`evidence`]). Nothing
//! is asked of the page. A listed site, and every name that its owner registered, is never asked
//! about.

mod difference;
mod evidence;
mod letters;
mod pack;
mod pieces;
mod table;
mod typo;
mod word;

pub use difference::Difference;
pub use evidence::Sureness;
pub use pack::{Clash, Meaning, Packer};
pub use table::{Malformed, Zone};
pub use word::{Flags, Role, Strength};

use crate::address::{self, Address};
use crate::list::{Finding, List, Scope};
use difference::difference;
use evidence::{Name, Sighting, Surroundings, Writing};
use letters::Letter;
use pieces::Piece;
use table::Table;

/// How an address imitates another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Technique {
    /// The site's name stands in an address that is not its own: `ameli-fr.example`.
    OfficialNameOnAnotherDomain,
    /// The State's suffix as a part of a name: `amendes-gouv.example`.
    FakeSuffix,
    /// The whole official address, before another: `ameli.fr.example`.
    EmbeddedHost,
    /// The site's name with one slip.
    Typo,
    /// The site's name in letters that look like its own.
    Homograph,
    /// The site's name, and what one does there: `renouvellement-ameli.example`.
    BrandWithTopic,
    /// The site's name with another ending.
    OtherTld,
    /// The official address as a user name before the real one: `https://ameli.fr@example/`.
    CredentialsInUrl,
}

impl Technique {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::OfficialNameOnAnotherDomain,
        Self::FakeSuffix,
        Self::EmbeddedHost,
        Self::Typo,
        Self::Homograph,
        Self::BrandWithTopic,
        Self::OtherTld,
        Self::CredentialsInUrl,
    ];

    /// The id used in output.
    pub fn id(self) -> &'static str {
        match self {
            Self::OfficialNameOnAnotherDomain => "official_name_on_another_domain",
            Self::FakeSuffix => "fake_suffix",
            Self::EmbeddedHost => "embedded_host",
            Self::Typo => "typo",
            Self::Homograph => "homograph",
            Self::BrandWithTopic => "brand_with_topic",
            Self::OtherTld => "other_tld",
            Self::CredentialsInUrl => "credentials_in_url",
        }
    }
}

impl Sureness {
    /// The id used in output.
    pub fn id(self) -> &'static str {
        match self {
            Self::Certain => "certain",
            Self::Possible => "possible",
        }
    }
}

/// What an address resembles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Likeness {
    /// The listed host, or the State's zone `gouv.fr`.
    pub site: String,
    /// How it is imitated.
    pub technique: Technique,
    /// How sure that is.
    pub sureness: Sureness,
}

impl Likeness {
    /// Whether it is the State's suffix that is imitated, not one site.
    pub fn is_of_zone(&self) -> bool {
        self.site == STATE_ZONE
    }

    /// The address's host as people write it, without `www.`, and where it and the site differ.
    pub fn compare(&self, address: &Address) -> (String, Difference) {
        let host = address.unicode_host();
        let shown = host.strip_prefix("www.").unwrap_or(&host).to_owned();
        let found = difference(&shown, &self.site);
        (shown, found)
    }
}

/// The packed table of what is imitated.
#[derive(Clone, Copy)]
pub struct Resemblance<'a> {
    table: Table<'a>,
}

impl<'a> Resemblance<'a> {
    /// Reads the header. Damage further in finds nothing.
    pub fn open(bytes: &'a [u8]) -> Result<Self, Malformed> {
        Ok(Self { table: Table::open(bytes)? })
    }

    /// What an address resembles, if it is not `list`ed and its owner has no listed site.
    pub fn find(&self, address: &Address, list: &List) -> Option<Likeness> {
        let table = self.table;
        let user = address.user().and_then(|user| before_the_host(user, list));
        if user.is_some() {
            return user;
        }
        let zone = table.zone(address.key()?);
        let is_passed_over = match zone {
            Some((Zone::Exempt | Zone::Cleared, _)) => true,
            Some((Zone::Platform, _)) => false,
            None => list.knows_owner_of(address),
        };
        if is_passed_over {
            return None;
        }
        let suffix = address.public_suffix()?;
        // Only a State registers names there.
        if suffix.split_once('.').is_some_and(|(zone, _)| STATES_ZONES.contains(&zone)) {
            return None;
        }
        // A key has one byte more than its host.
        let platform = zone.map_or(0, |(_, len)| len - 1);
        let suffix_len = suffix.len().max(platform);
        let host_len = address.host().len().checked_sub(suffix_len + 1)?;
        let before_suffix = address.host().get(..host_len)?;
        let end = address.host().rsplit('.').next().unwrap_or_default();
        let is_on_platform = zone.is_some() || address.is_on_shared_platform();
        // `www` of its own is the most ordinary name of a server.
        let before_suffix = before_suffix.strip_prefix("www.").unwrap_or(before_suffix);
        let text = address::accented(before_suffix);
        let letters = letters::read(&text, &table);
        let pieces = pieces::cut(&letters, &table);
        let is_french = FRENCH_ENDINGS.contains(&end);
        let is_foreign = end.len() == 2 && !is_french && !SOLD_TO_ALL.contains(&end);
        let is_of_french_speakers = FRENCH_SPEAKERS.contains(&end);
        let name = Name { letters, pieces, is_french, is_foreign, is_of_french_speakers, is_on_platform };
        if speaks_for_another_state(&name) {
            return None;
        }
        let whole = embedded_host(address, &name, list);
        // A copy for trial is made by who may make it, as a rule.
        if name.says_trade() {
            return whole.or_else(|| strongest(&name, &table));
        }
        whole
            .clone()
            .filter(|likeness| likeness.sureness == Sureness::Certain)
            .or_else(|| strongest(&name, &table))
            .or(whole)
    }
}

/// The suffix that is reserved to the State: no site of its own, and still what is imitated.
pub const STATE_ZONE: &str = "gouv.fr";

/// The endings of names that are registered in France and its territories.
const FRENCH_ENDINGS: [&str; 17] =
    ["fr", "re", "pm", "yt", "tf", "wf", "gp", "mq", "gf", "nc", "pf", "bl", "mf", "paris", "bzh", "alsace", "corsica"];

/// What States call the suffix that they keep to themselves: `gov.uk`, `go.jp`, `gob.es`.
const STATES_ZONES: [&str; 7] = ["gov", "gouv", "go", "gob", "govt", "gub", "gv"];

/// Endings of countries under which names are sold to all the world.
const SOLD_TO_ALL: [&str; 22] = [
    "ac", "ai", "cc", "cf", "cm", "co", "eu", "ga", "gq", "in", "io", "la", "me", "ml", "pw", "sh", "su", "tk", "to",
    "tv", "vu", "ws",
];

/// Endings of countries where a French name may be that of their own administration.
const FRENCH_SPEAKERS: [&str; 29] = [
    "be", "bf", "bi", "bj", "ca", "cd", "cf", "cg", "ch", "ci", "cm", "dj", "dz", "ga", "gn", "ht", "km", "lu", "ma",
    "mc", "mg", "ml", "mr", "ne", "rw", "sn", "td", "tg", "tn",
];

/// Shorter names of listed sites stand before other addresses by chance.
const SHORTEST_EMBEDDED: usize = 5;

/// A listed host written as a user name.
fn before_the_host(user: &str, list: &List) -> Option<Likeness> {
    let end = user.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '.')).unwrap_or(user.len());
    let site = listed(user.get(..end)?, list)?;
    Some(Likeness { site, technique: Technique::CredentialsInUrl, sureness: Sureness::Certain })
}

/// A listed host that stands whole before the registrable domain.
fn embedded_host(address: &Address, name: &Name, list: &List) -> Option<Likeness> {
    let own = address.registrable_domain()?.len();
    let before = address.host().get(..address.host().len().checked_sub(own)?)?;
    let ends = before.match_indices('.').map(|(dot, _)| dot).skip(1);
    let site = ends.filter_map(|end| listed(address.host().get(..end)?, list)).last()?;
    let is_long = site.split('.').any(|label| label.len() >= SHORTEST_EMBEDDED);
    let sureness = if is_long && !name.says_trade() { Sureness::Certain } else { Sureness::Possible };
    Some(Likeness { site, technique: Technique::EmbeddedHost, sureness })
}

/// The listed host that speaks for a name.
fn listed(host: &str, list: &List) -> Option<String> {
    let url = format!("https://{}/", host.to_ascii_lowercase());
    let address = Address::read(&url, |_| None, None).ok()?;
    match list.look_up(&address) {
        Finding::Official(entry) if entry.rule.scope == Scope::Zone => Some(address.host().to_owned()),
        Finding::Official(entry) if entry.rule.scope != Scope::Path => Some(entry.host.to_owned()),
        _ => None,
    }
}

/// `gov.ma` or `gouv.sn` before another name: another State's address is imitated, or shown.
fn speaks_for_another_state(name: &Name) -> bool {
    let text: Vec<u8> = name.letters.iter().map(|letter| letter.look).collect();
    let mut labels = text.split(|&look| look == b'.').peekable();
    while let Some(label) = labels.next() {
        let is_state = label == b"gov" || label == b"gouv";
        let next = labels.peek().and_then(|next| next.split(|&look| look == b'-').next()).unwrap_or_default();
        if is_state && next.len() == 2 && next != b"fr" {
            return true;
        }
    }
    false
}

/// The surest likeness; of several, that of the brand that wants the least beside it.
fn strongest(name: &Name, table: &Table) -> Option<Likeness> {
    let sightings = sightings(name, table);
    let weighed = sightings.iter().filter_map(|sighting| {
        let around = name.surroundings(sighting);
        Some((sighting, name.sureness(sighting, &around)?, around))
    });
    let (sighting, sureness, around) = weighed.min_by_key(|(sighting, sureness, _)| {
        let is_zone = sighting.word.flags.has(Flags::ZONE);
        (std::cmp::Reverse(*sureness), sighting.word.strength, is_zone, usize::MAX - sighting.word.looks.len())
    })?;
    let site = table.site(sighting.word.site).to_owned();
    Some(Likeness { site, technique: technique(name, sighting, &around), sureness })
}

fn technique(name: &Name, sighting: &Sighting, around: &Surroundings) -> Technique {
    match sighting.writing {
        Writing::Homograph => return Technique::Homograph,
        Writing::Typo => return Technique::Typo,
        Writing::Plain => {}
    }
    let beside = name.pieces.iter().find(|piece| piece.start == sighting.end + 1);
    let ends_as_official = beside.is_some_and(|piece| piece.word.is_some_and(|word| word.spelling == b"fr"));
    let is_dotted = name.letters.get(sighting.end).is_some_and(|letter| letter.look == b'.');
    if ends_as_official && is_dotted {
        Technique::EmbeddedHost
    } else if sighting.word.flags.has(Flags::ZONE) {
        Technique::FakeSuffix
    } else if around.is_whole && sighting.word.flags.has(Flags::OWN_LABEL) {
        Technique::OtherTld
    } else if around.topics > 0 {
        Technique::BrandWithTopic
    } else {
        Technique::OfficialNameOnAnotherDomain
    }
}

/// Every brand in a name, as it is, disguised, or with a slip.
fn sightings<'a>(name: &Name<'a>, table: &Table<'a>) -> Vec<Sighting<'a>> {
    let is_brand = |piece: &&Piece<'a>| piece.word.is_some_and(|word| word.role == Role::Brand);
    let whole = name.pieces.iter().filter(is_brand).filter_map(|piece| {
        let writing = if piece.is_exact { Writing::Plain } else { Writing::Homograph };
        Some(Sighting { word: piece.word?, start: piece.start, end: piece.end, writing })
    });
    let mut found: Vec<Sighting> = whole.collect();
    let mut add = |start: usize, end: usize| {
        let part = name.letters.get(start..end).unwrap_or_default();
        let looks: Vec<u8> = part.iter().filter(|letter| !letter.is_separator()).map(|letter| letter.look).collect();
        if let Some(word) = typo::brand(&looks, table) {
            found.push(Sighting { word, start, end, writing: Writing::Typo });
        }
    };
    for piece in name.pieces.iter().filter(|piece| piece.word.is_none()) {
        add(piece.start, piece.end);
        // The slip may have torn the word: the whole of what stands between separators.
        for edge in [Letter::is_separator, |letter: Letter| letter.look == b'.'] {
            let is_edge = |letter: &Letter| edge(*letter);
            let before = name.letters.iter().take(piece.start).rposition(is_edge).map_or(0, |at| at + 1);
            let after = name.letters.iter().skip(piece.end).position(is_edge);
            let after = after.map_or(name.letters.len(), |at| piece.end + at);
            if (before, after) != (piece.start, piece.end) {
                add(before, after);
            }
        }
    }
    found
}
