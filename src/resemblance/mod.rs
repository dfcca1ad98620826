//! Does an address read as that of a listed site, without being it?
//!
//! A name is read as its letters look (`letters`), cut into the words that a reviewed table knows
//! (`pieces`), and each brand in it is weighed with what stands beside it (`evidence`). Nothing
//! is asked of the page. A listed site, and every name that its owner registered, is never asked
//! about.

mod difference;
mod endings;
mod evidence;
mod letters;
mod pack;
mod pieces;
mod table;
mod typo;
mod word;

pub use difference::Difference;
pub use evidence::Sureness;
pub use pack::{Clash, Meaning, NotPacked, Packer};
pub use table::{Malformed, Zone};
pub use typo::is_one_slip;
pub use word::{Flags, Role, Strength};

use crate::address::{self, Address, Parts};
use crate::list::{Finding, List, Scope};
use difference::difference;
use endings::Country;
use evidence::{Name, Sighting, Surroundings, Writing};
use letters::Letter;
use pieces::Piece;
use table::Table;
use word::Word;

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

    /// Whether two texts look the same, letter by letter.
    pub fn look_alike(&self, a: &str, b: &str) -> bool {
        let looks = |text| letters::read(text, &self.table).into_iter().map(|letter| letter.look);
        looks(a).eq(looks(b))
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
            Some((Zone::Exempt | Zone::Cleared | Zone::Owner, _)) => true,
            Some((Zone::Platform, _)) => false,
            None => address.registrable_domain().is_some_and(|domain| listed(domain, list).is_some()),
        };
        if is_passed_over {
            return None;
        }
        let name = read_name(address, zone, &table)?;
        if speaks_for_another_state(&name) {
            return None;
        }
        match embedded_host(address, &table, list) {
            Some(whole) if is_long(&whole.site) => Some(whole),
            whole => strongest(&name, &table).or(whole),
        }
    }
}

/// The suffix that is reserved to the State: no site of its own, and still what is imitated.
pub const STATE_ZONE: &str = "gouv.fr";

/// Shorter names of listed sites stand before other addresses by chance.
const SHORTEST_EMBEDDED: usize = 5;
/// Such as `info`.
const LONGEST_ENDING: usize = 4;

/// A listed host written as a user name.
fn before_the_host(user: &str, list: &List) -> Option<Likeness> {
    let end = user.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '.')).unwrap_or(user.len());
    let site = listed(user.get(..end)?, list)?;
    Some(Likeness { site, technique: Technique::CredentialsInUrl, sureness: Sureness::Certain })
}

/// The part of a host that its owner chose, without a `www` of its own, which all servers bear.
fn read_name<'a>(address: &Address, zone: Option<(Zone, usize)>, table: &Table<'a>) -> Option<Name<'a>> {
    let suffix = address.public_suffix()?;
    if endings::is_of_a_state(suffix) {
        return None;
    }
    // A key has one byte more than its host.
    let platform = zone.map_or(0, |(_, len)| len - 1);
    let len = address.host().len().checked_sub(suffix.len().max(platform) + 1)?;
    let own = address.host().get(..len)?;
    let letters = letters::read(&address::accented(own.strip_prefix("www.").unwrap_or(own)), table);
    let pieces = pieces::cut(&letters, table);
    let is_on_platform = zone.is_some() || address.is_on_shared_platform();
    Some(Name { letters, pieces, country: Country::of(address.host()), is_on_platform })
}

fn is_long(site: &str) -> bool {
    site.split('.').any(|label| label.len() >= SHORTEST_EMBEDDED)
}

/// A listed host that stands whole before other labels.
fn embedded_host(address: &Address, table: &Table, list: &List) -> Option<Likeness> {
    let host = address.host();
    let dots = host.match_indices('.').map(|(dot, _)| dot).skip(1);
    // The endings of listed sites are short, but for those of regions.
    let is_ending = |label: &str| label.len() <= LONGEST_ENDING || endings::FRANCE.contains(&label);
    let found = dots.filter_map(|dot| {
        let before = host.get(..dot)?;
        is_ending(before.rsplit('.').next()?).then(|| listed(before, list))?.zip(host.get(dot..))
    });
    // `europa.eu.int` was an address of its own; only a longer one is meant before a bare ending.
    let is_whole = |(site, after): &(String, &str)| {
        after.len() > address.public_suffix().map_or(0, str::len) + 1 || site.matches('.').count() > 1
    };
    let (site, after) = found.filter(is_whole).last()?;
    // A copy for trial is named so by who makes the site: `ville.example.preprod.agence.example`.
    let after = pieces::cut(&letters::read(after, table), table);
    let is_trade = after.iter().any(|piece| piece.word.is_some_and(|word| word.role == Role::Trade));
    let sureness = if is_long(&site) && !is_trade { Sureness::Certain } else { Sureness::Possible };
    Some(Likeness { site, technique: Technique::EmbeddedHost, sureness })
}

/// The listed host that speaks for a name.
fn listed(host: &str, list: &List) -> Option<String> {
    let url = format!("https://{}/", host.to_ascii_lowercase());
    let address = Address::read(&url, as_it_is, None).ok()?;
    match list.look_up(&address) {
        Finding::Official(entry) if entry.rule.scope == Scope::Zone => Some(address.host().to_owned()),
        Finding::Official(entry) if entry.rule.scope != Scope::Path => Some(entry.host.to_owned()),
        _ => None,
    }
}

/// A host with punycode is one that a parser has to look at; here one has.
fn as_it_is(url: &str) -> Option<Parts<'static>> {
    let host = url.strip_prefix("https://")?.strip_suffix('/')?;
    let is_plain = host.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'.');
    is_plain.then(|| Parts {
        scheme: "https".into(),
        host: host.to_owned().into(),
        path: "/".into(),
        user: "".into(),
        has_credentials: false,
    })
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
    let named = if sighting.word.flags.has(Flags::ZONE) { site_named_beside(&sightings) } else { None };
    let site = table.site(named.unwrap_or(sighting.word.site)).to_owned();
    Some(Likeness { site, technique: technique(name, sighting, &around), sureness })
}

/// Beside the State's suffix any brand names the site: `impots-gouv`.
fn site_named_beside(sightings: &[Sighting]) -> Option<u16> {
    let is_site = |word: &Word| !word.flags.has(Flags::ZONE) && !word.flags.has(Flags::FROM_LIST);
    let words = sightings.iter().map(|sighting| sighting.word).filter(is_site);
    words.min_by_key(|word| (word.strength, usize::MAX - word.looks.len())).map(|word| word.site)
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
