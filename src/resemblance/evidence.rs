//! What stands beside a brand in a name, and whether that is enough.

use super::endings::Country;
use super::letters::Letter;
use super::pieces::Piece;
use super::word::{Flags, Role, Strength, Word};
use std::ops::Range;

/// A homograph of so many letters is no accident, nor is another ending for so long a name.
const LONG: usize = 6;
/// One slip in so long a word leaves no doubt of which was meant.
const VERY_LONG: usize = 12;
/// As few letters as this beside a brand are no word: `ameli-x`, `qzx-impot`.
const SCRAP: usize = 3;

/// A name, read.
pub struct Name<'a> {
    /// Its letters, without its public suffix.
    pub letters: Vec<Letter>,
    /// Its words, and what stands between them.
    pub pieces: Vec<Piece<'a>>,
    /// What its ending says.
    pub country: Country,
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
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct Surroundings {
    /// The brand is all of the name's last label.
    pub is_whole: bool,
    /// Words of what one does at a counter.
    pub topics: usize,
    says_france: bool,
    marks: usize,
    french_topics: usize,
    own_topics: usize,
    others: usize,
    places: usize,
    scraps: usize,
    trades: usize,
    countries: usize,
    unknown: usize,
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
        let mut found = Surroundings { says_france: self.country == Country::France, ..Surroundings::default() };
        let label = self.label_of(sighting);
        let mut letters_of_label = sighting.end - sighting.start;
        for (number, piece) in self.pieces.iter().enumerate() {
            if piece.start < sighting.end && sighting.start < piece.end {
                continue;
            }
            let is_in_label = label.contains(&piece.start);
            letters_of_label += if is_in_label { piece.end - piece.start } else { 0 };
            match piece.word {
                // Who trades under a name says so in the same label.
                Some(word) if word.role == Role::Trade && !is_in_label => {}
                Some(word) if !self.is_torn(number, &word) => found.count(&word, sighting, piece),
                Some(_) => {}
                None if self.is_stray(number) => {}
                None => self.count_unknown(piece, sighting, is_in_label, &mut found),
            }
        }
        let is_last = !self.letters.iter().skip(label.end).any(|letter| letter.look == b'.');
        found.is_whole = is_last && label.start == sighting.start && label.end == sighting.end;
        found.is_mostly_unknown = found.unknown > SCRAP && found.unknown * 2 > letters_of_label;
        found
    }

    fn count_unknown(&self, piece: &Piece, sighting: &Sighting, is_in_label: bool, found: &mut Surroundings) {
        let letters = self.letters.get(piece.start..piece.end).unwrap_or_default();
        let strange = letters.iter().filter(|letter| !letter.is_digit()).count();
        if strange == 0 || self.is_elision(piece, sighting) || self.is_tail(piece, sighting) {
            found.scraps += usize::from(is_in_label);
            return;
        }
        let is_letter = |letter: Option<&Letter>| letter.is_some_and(|letter| !letter.is_digit());
        let is_before = piece.end == sighting.start && is_letter(letters.last());
        let is_after = piece.start == sighting.end && is_letter(letters.first());
        found.glued_before |= is_before;
        found.glued_after |= is_after;
        found.scraps += usize::from(is_in_label && strange <= SCRAP && !is_before && !is_after);
        found.unknown += if is_in_label { strange } else { 0 };
    }

    /// One letter too many between two words: `dossiernameli`.
    fn is_stray(&self, number: usize) -> bool {
        let around = (number.checked_sub(1).and_then(|before| self.pieces.get(before)), self.pieces.get(number + 1));
        let (Some(before), Some(piece), Some(after)) = (around.0, self.pieces.get(number), around.1) else {
            return false;
        };
        let touches = before.end == piece.start && piece.end == after.start && piece.end == piece.start + 1;
        let is_long = |piece: &Piece| piece.word.is_some_and(|word| word.looks.len() + 1 >= LONG);
        touches && is_long(before) && is_long(after)
    }

    /// `d` or `l` before a brand: `compte-dimpot`.
    fn is_elision(&self, piece: &Piece, sighting: &Sighting) -> bool {
        let letter = self.letters.get(piece.start).map_or(0, |letter| letter.look);
        piece.end == sighting.start && piece.end == piece.start + 1 && matches!(letter, b'd' | b'l')
    }

    /// What a kit adds to the name of each copy on a platform: a few letters that are no syllable.
    fn is_tail(&self, piece: &Piece, sighting: &Sighting) -> bool {
        let letters = self.letters.get(piece.start..piece.end).unwrap_or_default();
        let is_vowel = |letter: &Letter| matches!(letter.written[0], b'a' | b'e' | b'i' | b'o' | b'u');
        let is_random = letters.iter().any(|letter| letter.is_digit()) || !letters.iter().any(is_vowel);
        let is_last = self.letters.get(piece.end).is_none_or(|letter| letter.is_separator());
        let is_distinct = !sighting.word.flags.has(Flags::AMBIGUOUS) && sighting.word.looks.len() + 1 >= LONG;
        self.is_on_platform
            && is_distinct
            && piece.start == sighting.end
            && is_last
            && is_random
            && letters.len() <= SCRAP
    }

    /// Whether a word is more likely a part of another that is not known: unknown letters on both
    /// sides, or on one of a short word.
    fn is_torn(&self, number: usize, word: &Word) -> bool {
        let Some(piece) = self.pieces.get(number) else { return true };
        let is_unknown = |other: Option<&Piece>| {
            other
                .filter(|other| other.word.is_none() && (other.end == piece.start || other.start == piece.end))
                .is_some_and(|other| {
                    let near = if other.end == piece.start { other.end - 1 } else { other.start };
                    self.letters.get(near).is_some_and(|letter| !letter.is_digit())
                })
        };
        let before = is_unknown(number.checked_sub(1).and_then(|before| self.pieces.get(before)));
        let after = is_unknown(self.pieces.get(number + 1));
        (before && after) || ((before || after) && word.looks.len() < LONG - 1)
    }

    /// The letters between the dots that a brand stands between.
    fn label_of(&self, sighting: &Sighting) -> Range<usize> {
        let is_dot = |letter: &Letter| letter.look == b'.';
        let before = self.letters.iter().take(sighting.start).rposition(is_dot);
        let after = self.letters.iter().skip(sighting.end).position(is_dot);
        before.map_or(0, |dot| dot + 1)..after.map_or(self.letters.len(), |dot| sighting.end + dot)
    }

    /// How sure it is that the name imitates the brand's site.
    pub fn sureness(&self, sighting: &Sighting, around: &Surroundings) -> Option<Sureness> {
        let word = &sighting.word;
        let is_glued = around.glued_before || around.glued_after;
        let is_plain = sighting.writing == Writing::Plain;
        if around.countries > 0 || (around.glued_before && around.glued_after) {
            return None;
        }
        // A brand that runs into unknown letters is mostly part of another word; the State's is
        // still read at a name's end.
        let is_zone = word.flags.has(Flags::ZONE);
        if is_glued && !(is_zone && word.strength == Strength::Alone && is_plain) {
            return None;
        }
        let is_from_list = word.flags.has(Flags::FROM_LIST);
        // A name that nobody reviewed says something where it is long, or all of a name and disguised.
        if is_from_list && (if is_plain { word.strength != Strength::Topic } else { !around.is_whole }) {
            return None;
        }
        let is_common = word.strength > Strength::Supported || word.flags.has(Flags::AMBIGUOUS);
        let slip = match word.looks.len() {
            _ if sighting.writing != Writing::Typo => 0,
            VERY_LONG.. => 0,
            LONG.. => 1,
            _ => 2,
        };
        let doubts = slip
            + usize::from(around.glued_before)
            + 2 * usize::from(around.glued_after)
            + usize::from(around.is_mostly_unknown && is_common);
        if self.suffices(word.strength.weaker(doubts), sighting, around) {
            let is_trade = around.trades > 0 && !is_zone;
            // An ordinary French word speaks of the country's own administration first.
            let is_elsewhere =
                self.country == Country::FrenchSpeaking && !around.says_france && word.strength > Strength::Supported;
            // Who bears a name often holds it under several endings and spellings, and with a service's.
            let may_be_its_own = is_from_list && sighting.writing != Writing::Homograph;
            return Some(if is_trade || is_elsewhere || may_be_its_own {
                Sureness::Possible
            } else {
                Sureness::Certain
            });
        }
        let nearly =
            doubts.checked_sub(1).map_or_else(|| word.strength.stronger(), |doubts| word.strength.weaker(doubts));
        (!is_glued && self.suffices(nearly, sighting, around)).then_some(Sureness::Possible)
    }

    fn suffices(&self, wanted: Strength, sighting: &Sighting, around: &Surroundings) -> bool {
        let word = &sighting.word;
        let is_ambiguous = word.flags.has(Flags::AMBIGUOUS);
        let is_place = word.flags.has(Flags::OF_PLACES) && around.places > 0;
        let is_disguised = sighting.writing == Writing::Homograph && word.looks.len() >= LONG;
        let is_copy = around.is_whole
            && word.flags.has(Flags::OWN_LABEL)
            && !is_ambiguous
            && self.country != Country::FrenchSpeaking;
        // Words that all languages share point to France only beside something that does.
        let counts_all = around.says_france || !(is_ambiguous || self.country == Country::Other);
        let topics = if counts_all { around.topics } else { around.french_topics };
        match wanted {
            Strength::Alone => true,
            Strength::Supported => {
                around.says_france
                    || topics + around.others + around.places > 0
                    || self.is_on_platform
                    || is_disguised
                    || is_copy
            }
            Strength::Topic => {
                topics + around.others > 0
                    || ((around.says_france || self.is_on_platform) && around.scraps > 0 && !is_ambiguous)
                    || (around.marks > 0 && around.unknown == 0 && !is_ambiguous)
                    || is_place
                    || (around.places > 0 && !is_ambiguous)
                    || (is_disguised && !is_ambiguous)
                    || (is_copy && word.looks.len() >= LONG)
            }
            Strength::Weak => {
                (around.says_france && (topics + around.others > 0 || is_place))
                    || (around.own_topics > 0 && topics + around.others > 1)
                    || (around.french_topics > 0 && topics > 1 && !is_ambiguous)
            }
            Strength::Never => false,
        }
    }
}

impl Surroundings {
    fn count(&mut self, word: &Word, sighting: &Sighting, piece: &Piece) {
        let is_of_subject = usize::from(word.subject != 0 && word.subject == sighting.word.subject);
        match word.role {
            // The name of a listed place or school beside a brand says nothing of a counter.
            Role::Brand if word.number == sighting.word.number => {}
            Role::Brand if word.flags.has(Flags::FROM_LIST) && !sighting.word.flags.has(Flags::ZONE) => {}
            Role::Brand => {
                self.others += 1;
                self.own_topics += is_of_subject;
            }
            Role::Topic => {
                self.topics += 1;
                self.french_topics += usize::from(word.flags.has(Flags::FRENCH));
                self.own_topics += is_of_subject;
            }
            Role::Mark => {
                self.says_france = true;
                self.marks += 1;
            }
            Role::Place => self.places += 1,
            Role::Trade => self.trades += 1,
            // Two letters mean a country only beside the State's word: `gouv-ca`, not `ca-vitale`.
            Role::Country => {
                let is_beside = piece.start == sighting.end + 1 || piece.end + 1 == sighting.start;
                let is_zone = sighting.word.flags.has(Flags::ZONE);
                self.countries += usize::from(word.looks.len() > 2 || (is_zone && is_beside));
            }
            Role::Filler => {}
        }
    }
}
