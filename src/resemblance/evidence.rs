//! What stands beside a brand in a name, and whether that is enough.

use super::letters::Letter;
use super::pieces::Piece;
use super::word::{Flags, Role, Strength, Word};

/// A homograph of so many letters is no accident.
const LONG_DISGUISE: usize = 6;

/// A name, read.
pub struct Name<'a> {
    /// Its letters, without its public suffix.
    pub letters: Vec<Letter>,
    /// Its words, and what stands between them.
    pub pieces: Vec<Piece<'a>>,
    /// The suffix is one of France.
    pub is_french: bool,
    /// The suffix is one of another country, which is not sold to all the world.
    pub is_foreign: bool,
    /// Anybody can open a site under this suffix.
    pub is_on_platform: bool,
}

/// How a brand was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Writing {
    /// As it is.
    Plain,
    /// In letters that look like it.
    Homograph,
    /// With one slip.
    Typo,
}

/// A brand in a name.
#[derive(Debug, Clone, Copy)]
pub struct Sighting<'a> {
    /// The brand.
    pub word: Word<'a>,
    /// Its first letter.
    pub start: usize,
    /// After its last letter.
    pub end: usize,
    /// How it was written.
    pub writing: Writing,
}

/// What stands beside a brand.
#[derive(Debug, Default)]
pub struct Surroundings {
    /// The brand is all of the name's last label.
    pub is_whole: bool,
    /// Words of what one does at a counter.
    pub topics: usize,
    says_france: bool,
    french_topics: usize,
    own_topics: usize,
    others: usize,
    places: usize,
    digits: usize,
    trades: usize,
    countries: usize,
    glued_before: bool,
    glued_after: bool,
    is_mostly_unknown: bool,
}

/// How sure a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sureness {
    /// Worth a line among the reasons, no more.
    Possible,
    /// The address reads as the site's.
    Certain,
}

impl Name<'_> {
    /// What stands beside a brand.
    pub fn surroundings(&self, sighting: &Sighting) -> Surroundings {
        let mut found = Surroundings { says_france: self.is_french, ..Surroundings::default() };
        let label = self.label_of(sighting);
        let (mut unknown, mut all) = (0, sighting.end - sighting.start);
        let is_zone = sighting.word.flags.has(Flags::ZONE);
        for piece in &self.pieces {
            if piece.start < sighting.end && sighting.start < piece.end {
                continue;
            }
            let is_in_label = label.contains(&piece.start);
            all += if is_in_label { piece.end - piece.start } else { 0 };
            let Some(word) = piece.word else {
                let letters = self.letters.get(piece.start..piece.end).unwrap_or_default();
                let strange = letters.iter().filter(|letter| !letter.is_digit()).count();
                if strange == 0 {
                    found.digits += 1;
                } else {
                    unknown += if is_in_label { strange } else { 0 };
                    let first = letters.first().is_some_and(|letter| !letter.is_digit());
                    let last = letters.last().is_some_and(|letter| !letter.is_digit());
                    found.glued_before |= piece.end == sighting.start && last;
                    found.glued_after |= piece.start == sighting.end && first;
                }
                continue;
            };
            match word.role {
                Role::Brand if word.number == sighting.word.number => {}
                Role::Brand => {
                    found.others += 1;
                    found.own_topics += usize::from(word.subject == sighting.word.subject);
                }
                Role::Topic => {
                    found.topics += 1;
                    found.french_topics += usize::from(word.flags.has(Flags::FRENCH));
                    found.own_topics += usize::from(word.subject != 0 && word.subject == sighting.word.subject);
                }
                Role::Mark => found.says_france = true,
                Role::Place => found.places += 1,
                Role::Trade => found.trades += 1,
                // Two letters mean a country only after the State's word: `gouv-ca`, not `ca-gouv`.
                Role::Country if word.looks.len() > 2 => found.countries += 1,
                Role::Country => found.countries += usize::from(is_zone && piece.start == sighting.end + 1),
                Role::Filler => {}
            }
        }
        let is_last = !self.letters.iter().skip(label.end).any(|letter| letter.look == b'.');
        found.is_whole = is_last && label.start == sighting.start && label.end == sighting.end;
        found.is_mostly_unknown = unknown > 3 && unknown * 2 > all;
        found
    }

    /// The letters between the dots that a brand stands between.
    fn label_of(&self, sighting: &Sighting) -> std::ops::Range<usize> {
        let is_dot = |letter: &Letter| letter.look == b'.';
        let before = self.letters.iter().take(sighting.start).rposition(is_dot);
        let after = self.letters.iter().skip(sighting.end).position(is_dot);
        before.map_or(0, |dot| dot + 1)..after.map_or(self.letters.len(), |dot| sighting.end + dot)
    }

    /// How sure it is that the name imitates the brand's site.
    pub fn sureness(&self, sighting: &Sighting, around: &Surroundings) -> Option<Sureness> {
        let word = &sighting.word;
        let is_glued = around.glued_before || around.glued_after;
        if around.countries > 0 || (around.glued_before && around.glued_after) {
            return None;
        }
        // A brand that runs into unknown letters is mostly part of another word; the State's is
        // still read at a name's end.
        if is_glued && (word.strength != Strength::Alone || sighting.writing == Writing::Typo) {
            return None;
        }
        let doubts = usize::from(sighting.writing == Writing::Typo)
            + usize::from(around.glued_before)
            + 2 * usize::from(around.glued_after)
            + usize::from(around.is_mostly_unknown && word.strength != Strength::Alone)
            + usize::from(word.flags.has(Flags::FROM_LIST) && !around.is_whole);
        if self.suffices(word.strength.weaker(doubts), sighting, around) {
            let is_trade = around.trades > 0 && !word.flags.has(Flags::ZONE);
            return Some(if is_trade { Sureness::Possible } else { Sureness::Certain });
        }
        let nearly =
            doubts.checked_sub(1).map_or_else(|| stronger(word.strength), |doubts| word.strength.weaker(doubts));
        (!is_glued && self.suffices(nearly, sighting, around)).then_some(Sureness::Possible)
    }

    fn suffices(&self, wanted: Strength, sighting: &Sighting, around: &Surroundings) -> bool {
        let word = &sighting.word;
        let is_ambiguous = word.flags.has(Flags::AMBIGUOUS);
        let is_place = word.flags.has(Flags::OF_PLACES) && around.places > 0;
        let is_disguised = sighting.writing == Writing::Homograph && word.looks.len() >= LONG_DISGUISE;
        let is_copy = around.is_whole && word.flags.has(Flags::OWN_LABEL) && !is_ambiguous;
        // Words that all languages share point to France only beside something that does.
        let counts_all = around.says_france || !(is_ambiguous || self.is_foreign);
        let topics = if counts_all { around.topics } else { around.french_topics };
        match wanted {
            Strength::Alone => true,
            Strength::Supported => {
                around.says_france
                    || topics + around.others + around.places > 0
                    || (counts_all && around.digits > 0)
                    || self.is_on_platform
                    || is_disguised
                    || is_copy
            }
            Strength::Topic => {
                topics + around.others > 0
                    || (around.says_france && around.digits > 0)
                    || is_place
                    || (is_disguised && around.says_france)
                    || (is_copy && word.looks.len() >= LONG_DISGUISE)
            }
            Strength::Weak => {
                (around.says_france && (topics + around.others > 0 || is_place))
                    || (around.own_topics > 0 && topics + around.others > 1)
            }
            Strength::Never => false,
        }
    }
}

fn stronger(strength: Strength) -> Strength {
    match strength {
        Strength::Never => Strength::Weak,
        Strength::Weak => Strength::Topic,
        Strength::Topic => Strength::Supported,
        Strength::Supported | Strength::Alone => Strength::Alone,
    }
}
