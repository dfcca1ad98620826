//! `data/resemblance/`: what fraud calls administrations by, and the words that stand beside.

use crate::problem::{Place, Problem};
use crate::reviewed::{Site, each_entry, read_cited};
use crate::rules::Rules;
use crate::table::Table;
use anyhow::{Result, anyhow};
use bon_guichet::address::{Address, url_crate};
use bon_guichet::hosts::Key;
use bon_guichet::list::Scope;
use bon_guichet::public_suffix::PublicSuffixes;
use bon_guichet::resemblance::{Flags, Meaning, NotPacked, Packer, Role, STATE_ZONE, Strength, Zone};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use toml::de::DeValue;

/// Longest word, in letters.
const MAX_WORD: usize = 60;
/// Shorter labels of listed hosts are no brands of their own: too many others bear them.
const SHORTEST_FROM_LIST: usize = 6;
/// Longer ones are seldom a coincidence, cut by a hyphen or not.
const DISTINCTIVE: usize = 12;
const DISTINCTIVE_CUT: usize = 10;

/// All reviewed text of the folder.
#[derive(Debug, Default)]
pub struct Reviewed {
    brands: Vec<Brand>,
    words: Vec<Word>,
    names: Vec<Name>,
    subjects: BTreeMap<String, u8>,
}

#[derive(Debug)]
struct Brand {
    place: Place,
    spellings: Vec<String>,
    site: String,
    strength: Strength,
    flags: Flags,
    subject: String,
}

#[derive(Debug)]
struct Word {
    place: Place,
    spelling: String,
    role: Role,
    flags: Flags,
    subject: String,
}

#[derive(Debug)]
struct Name {
    host: String,
    zone: Zone,
}

/// Reads the folder, and holds it against the list's `sites`. Nothing where there is no folder.
pub fn read(data: &Path, sites: &[Site], rules: &Rules, problems: &mut Vec<Problem>) -> Result<Option<Reviewed>> {
    let folder = data.join("resemblance");
    if !folder.exists() {
        return Ok(None);
    }
    let mut reviewed = Reviewed::default();
    for file in crate::table::files(&folder, "toml")? {
        let kind = match file.file_stem().and_then(|stem| stem.to_str()) {
            Some("brands") => "brand",
            Some("names") => "name",
            _ => "words",
        };
        each_entry(&file, kind, problems, |table| match kind {
            "brand" => reviewed.read_brand(table),
            "name" => reviewed.read_name(table, rules),
            _ => reviewed.read_words(table),
        })?;
    }
    reviewed.number_subjects();
    let listed: BTreeSet<&str> = sites.iter().map(|site| site.host.as_str()).chain([STATE_ZONE]).collect();
    for brand in reviewed.brands.iter().filter(|brand| !listed.contains(brand.site.as_str())) {
        problems.push(Problem {
            place: brand.place.clone(),
            subject: format!("{}, `site`", brand.spellings.join(", ")),
            what: format!("{:?} is not in official-sites/", brand.site),
            remedy: "list the site, or name one that is listed".to_owned(),
        });
    }
    let mut packer = Packer::default();
    for (place, spelling, meaning) in reviewed.meanings() {
        if let Err(clash) = packer.word(spelling, meaning) {
            problems.push(Problem {
                place: place.clone(),
                subject: clash.0,
                what: format!("looks like {:?}, which says something else", clash.1),
                remedy: "keep one of them".to_owned(),
            });
        }
    }
    Ok(Some(reviewed))
}

impl Reviewed {
    /// The packed table: what was reviewed, and the names of the listed sites themselves.
    pub fn pack(&self, sites: &[Site], suffixes: &PublicSuffixes, platforms: &[String]) -> Result<Vec<u8>> {
        let mut packer = Packer::default();
        for (_, spelling, meaning) in self.meanings() {
            packer.word(spelling, meaning).map_err(|clash| anyhow!("{} looks like {}", clash.0, clash.1))?;
        }
        for (label, site) in labels(sites, suffixes) {
            if packer.meaning(&label.replace('-', "")).is_some() {
                continue;
            }
            let is_distinctive = label.len() >= DISTINCTIVE || (label.contains('-') && label.len() >= DISTINCTIVE_CUT);
            let meaning = Meaning {
                role: Role::Brand,
                strength: if is_distinctive { Strength::Topic } else { Strength::Weak },
                flags: Flags::FROM_LIST | Flags::OWN_LABEL,
                subject: 0,
                site: site.host.clone(),
            };
            // Of two hosts with one label, the first in order stands for both.
            let _ = packer.word(label, meaning);
        }
        for (char, looks) in crate::look_alikes::all() {
            packer.look_alike(char, looks);
        }
        for domain in owned_above(sites, suffixes) {
            packer.zone(domain, Zone::Owner);
        }
        for platform in platforms {
            packer.zone(platform, Zone::Platform);
        }
        for name in &self.names {
            packer.zone(&name.host, name.zone);
        }
        packer.pack().map_err(|why| match why {
            NotPacked::NotAHost(text) => anyhow!("{text:?} is no host"),
            NotPacked::TooMuch(number) => anyhow!("{number} words or bytes of sites: the table holds 65535"),
        })
    }

    fn meanings(&self) -> impl Iterator<Item = (&Place, &str, Meaning)> {
        let number = |subject: &String| self.subjects.get(subject).copied().unwrap_or_default();
        let brands = self.brands.iter().flat_map(move |brand| {
            brand.spellings.iter().map(move |spelling| {
                let is_own = brand.site.split('.').any(|label| label.replace('-', "") == spelling.replace('-', ""));
                let own = if is_own { Flags::OWN_LABEL } else { Flags::default() };
                let meaning = Meaning {
                    role: Role::Brand,
                    strength: brand.strength,
                    flags: brand.flags | own,
                    subject: number(&brand.subject),
                    site: brand.site.clone(),
                };
                (&brand.place, spelling.as_str(), meaning)
            })
        });
        let words = self.words.iter().map(move |word| {
            let subject = number(&word.subject);
            let meaning =
                Meaning { role: word.role, strength: Strength::Never, flags: word.flags, subject, site: String::new() };
            (&word.place, word.spelling.as_str(), meaning)
        });
        brands.chain(words)
    }

    fn number_subjects(&mut self) {
        let brands = self.brands.iter().map(|brand| &brand.subject);
        let all: BTreeSet<&String> = brands.chain(self.words.iter().map(|word| &word.subject)).collect();
        let named = all.into_iter().filter(|subject| !subject.is_empty());
        self.subjects = named.cloned().zip(1..).collect();
    }

    fn read_brand(&mut self, mut table: Table) -> Vec<Problem> {
        let name = table.text("name");
        table.subject.clone_from(&name);
        check_word(&mut table, "name", &name);
        let mut spellings = vec![name];
        if table.has("forms") {
            spellings.extend(read_spellings(&mut table, "forms"));
        }
        let site = table.text("site");
        let strength = choice(
            &mut table,
            "strength",
            &[
                ("alone", Strength::Alone),
                ("supported", Strength::Supported),
                ("topic", Strength::Topic),
                ("weak", Strength::Weak),
            ],
        );
        let mut flags = Flags::default();
        for (field, flag) in [("ambiguous", Flags::AMBIGUOUS), ("of_places", Flags::OF_PLACES), ("zone", Flags::ZONE)] {
            if table.flag(field) {
                flags = flags | flag;
            }
        }
        let subject = table.optional_text("subject");
        table.text("reason");
        let place = table.place();
        let problems = table.finish();
        if let Some(strength) = strength.filter(|_| problems.is_empty()) {
            self.brands.push(Brand { place, spellings, site, strength, flags, subject });
        }
        problems
    }

    fn read_words(&mut self, mut table: Table) -> Vec<Problem> {
        let says = table.text("says");
        table.subject.clone_from(&says);
        let role = choice(
            &mut table,
            "says",
            &[
                ("topic", Role::Topic),
                ("mark", Role::Mark),
                ("place", Role::Place),
                ("trade", Role::Trade),
                ("country", Role::Country),
                ("filler", Role::Filler),
            ],
        );
        let mut flags = Flags::default();
        if role == Some(Role::Topic) {
            flags =
                choice(&mut table, "language", &[("fr", Flags::FRENCH), ("any", Flags::default())]).unwrap_or_default();
        }
        let subject = table.optional_text("subject");
        table.text("reason");
        let spellings = read_spellings(&mut table, "words");
        let place = table.place();
        let problems = table.finish();
        if let Some(role) = role.filter(|_| problems.is_empty()) {
            let word = |spelling| Word { place: place.clone(), spelling, role, flags, subject: subject.clone() };
            self.words.extend(spellings.into_iter().map(word));
        }
        problems
    }

    fn read_name(&mut self, mut table: Table, rules: &Rules) -> Vec<Problem> {
        let host = table.text("host");
        table.subject.clone_from(&host);
        let url = format!("https://{host}/");
        let is_host = Address::read(&url, url_crate, None).is_ok_and(|address| address.host() == host);
        if !host.is_empty() && (!is_host || Key::of(&host).is_none()) {
            table.refuse(
                "host",
                format!("is {host:?}, which is no public host"),
                "write a host alone: lower case, ASCII",
            );
        }
        let zone = choice(
            &mut table,
            "says",
            &[("exempt", Zone::Exempt), ("platform", Zone::Platform), ("cleared", Zone::Cleared)],
        );
        table.text("reason");
        if zone == Some(Zone::Cleared) {
            read_cited(&mut table, rules);
            table.date("checked");
        }
        let problems = table.finish();
        if let Some(zone) = zone.filter(|_| problems.is_empty()) {
            self.names.push(Name { host, zone });
        }
        problems
    }
}

/// The registrable domains that are not listed themselves, but something below them is.
fn owned_above<'s>(sites: &'s [Site], suffixes: &PublicSuffixes) -> impl Iterator<Item = &'s str> {
    sites.iter().filter_map(|site| {
        let suffix = suffixes.suffix_of(&Key::of(&site.host)?);
        let before = site.host.get(..site.host.len().checked_sub(suffix.key_len)?)?;
        let label = before.rfind('.').map_or(0, |dot| dot + 1);
        let is_above = label > 0 || site.scope == Scope::Path;
        site.host.get(label..).filter(|_| is_above && !suffix.private)
    })
}

/// The label that each French site was registered by, with the site: `ameli`, `impots` of
/// `impots.gouv.fr`.
fn labels<'s>(sites: &'s [Site], suffixes: &PublicSuffixes) -> BTreeMap<&'s str, &'s Site> {
    let mut labels = BTreeMap::new();
    // The names of 18,000 communes are words of the language and names of people.
    let national = sites.iter().filter(|site| site.country.is_empty() && site.department.is_empty());
    for site in national.filter(|site| site.scope != Scope::Zone) {
        let Some(key) = Key::of(&site.host) else { continue };
        let suffix = suffixes.suffix_of(&key);
        let before = site.host.len().checked_sub(suffix.key_len).and_then(|len| site.host.get(..len));
        let label = before.and_then(|before| before.rsplit('.').next()).unwrap_or_default();
        if !suffix.private && label.len() >= SHORTEST_FROM_LIST && label.len() <= MAX_WORD && is_word(label) {
            labels.entry(label).or_insert(site);
        }
    }
    labels
}

fn choice<T: Copy>(table: &mut Table, field: &'static str, values: &[(&str, T)]) -> Option<T> {
    let word = table.text(field);
    let found = values.iter().find(|(known, _)| *known == word).map(|(_, value)| *value);
    if found.is_none() && !word.is_empty() {
        let known: Vec<&str> = values.iter().map(|(known, _)| *known).collect();
        table.refuse(field, format!("is {word:?}"), format!("write one of: {}", known.join(", ")));
    }
    found
}

fn read_spellings(table: &mut Table, field: &'static str) -> Vec<String> {
    let mut spellings = Vec::new();
    for item in table.list(field) {
        if let DeValue::String(text) = item.get_ref() {
            check_word(table, field, text);
            spellings.push(text.to_string());
        } else {
            table.refuse(field, "holds something else than words", "put each between quotation marks");
        }
    }
    spellings
}

fn check_word(table: &mut Table, field: &str, word: &str) {
    if !word.is_empty() && (!is_word(word) || word.len() > MAX_WORD) {
        let remedy = format!("write a to z and 0 to 9, no accents, hyphens between, at most {MAX_WORD}");
        table.refuse(field, format!("holds {word:?}"), remedy);
    }
}

fn is_word(word: &str) -> bool {
    let is_part = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    word.split('-').all(is_part)
}
