//! The packed table: words, what each stands for, and names that are passed over. Read where it
//! lies.
//!
//! ```text
//! "BGR1"
//! u32 LE × 7   lengths of words, index, first, last, looks, sites and texts, in bytes; zones take
//!              the rest
//! words        for each: u8 length and looks, u8 length and spelling, u8 × 4 role, strength, flags
//!              and subject, u16 LE site; ascending by looks
//! index        u32 LE: where each word starts in words
//! first        for each pair of letters, u16 LE: the first word that starts with it or a later one
//! last         the same of pairs that end a word, into the numbers after them (u16 LE each)
//! looks        for each character of other scripts or with an accent, ascending: u32 LE, and the
//!              one or two letters that it looks like
//! sites        u16 LE: where each site ends in texts
//! texts        hosts of listed sites
//! zones        a `Hosts` map: names that are passed over, platforms and cleared names
//! ```

use super::word::{Flags, Role, Strength, Word};
use crate::hosts::{Hosts, Key, read_u32};

pub(super) const MAGIC: &[u8; 4] = b"BGR1";
pub(super) const SECTIONS: usize = 7;
pub(super) const HEADER: usize = 4 + 4 * SECTIONS;
/// Letters and digits that a look can be, and the rest as one.
pub(super) const ALPHABET: usize = 37;
/// Bytes of an entry of `looks`.
pub(super) const LOOK: usize = 6;

/// The bytes are no packed table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Malformed;

/// What is known of a name's end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Zone {
    /// Never judged: a foreign government, or a service that shows pages under its own name.
    Exempt,
    /// Anybody can open a site there.
    Platform,
    /// A person looked at this name, and it imitates nobody.
    Cleared,
    /// The owner has a listed site below this name.
    Owner,
}

impl Zone {
    pub(super) const ALL: [Self; 4] = [Self::Exempt, Self::Platform, Self::Cleared, Self::Owner];
}

/// A packed table over bytes that belong to somebody else.
#[derive(Clone, Copy)]
pub struct Table<'a> {
    words: &'a [u8],
    index: &'a [u8],
    first: &'a [u8],
    last: &'a [u8],
    look_alikes: &'a [u8],
    sites: &'a [u8],
    texts: &'a [u8],
    zones: Hosts<'a>,
}

impl<'a> Table<'a> {
    /// Reads the header. Damage further in finds nothing.
    pub fn open(bytes: &'a [u8]) -> Result<Self, Malformed> {
        if !bytes.starts_with(MAGIC) {
            return Err(Malformed);
        }
        let mut rest = bytes.get(HEADER..).ok_or(Malformed)?;
        let mut sections: [&[u8]; SECTIONS] = [&[]; SECTIONS];
        for (number, section) in sections.iter_mut().enumerate() {
            let len = read_u32(bytes, 4 + 4 * number).ok_or(Malformed)?;
            (*section, rest) = rest.split_at_checked(len).ok_or(Malformed)?;
        }
        let zones = Hosts::open(rest).map_err(|_| Malformed)?;
        let [words, index, first, last, look_alikes, sites, texts] = sections;
        Ok(Self { words, index, first, last, look_alikes, sites, texts, zones })
    }

    /// The words that start with these two looks, of those whose looks `may` fit.
    pub fn starting_with(&self, pair: [u8; 2], may: impl Fn(&[u8]) -> bool) -> impl Iterator<Item = Word<'a>> {
        let table = *self;
        let (start, end) = bucket(table.first, pair).unwrap_or_default();
        (start..end).filter_map(move |number| table.word_if(number, &may))
    }

    /// The words that end with these two looks, the last first, of those whose looks `may` fit.
    pub fn ending_with(&self, pair: [u8; 2], may: impl Fn(&[u8]) -> bool) -> impl Iterator<Item = Word<'a>> {
        let table = *self;
        let (start, end) = bucket(table.last, pair).unwrap_or_default();
        let numbers = ALPHABET * ALPHABET + 1;
        (start..end).filter_map(move |at| table.word_if(read_u16(table.last, numbers + at)?, &may))
    }

    /// The word of that number.
    pub fn word(&self, number: usize) -> Option<Word<'a>> {
        self.word_if(number, |_| true)
    }

    fn word_if(&self, number: usize, may: impl Fn(&[u8]) -> bool) -> Option<Word<'a>> {
        let start = read_u32(self.index, number.checked_mul(4)?)?;
        let (&len, rest) = self.words.get(start..)?.split_first()?;
        let (looks, rest) = rest.split_at_checked(len.into())?;
        if !may(looks) {
            return None;
        }
        let (&len, rest) = rest.split_first()?;
        let (spelling, rest) = rest.split_at_checked(len.into())?;
        let &[role, strength, flags, subject, low, high] = rest.first_chunk()?;
        Some(Word {
            number: u16::try_from(number).ok()?,
            looks,
            spelling: if spelling.is_empty() { looks } else { spelling },
            role: *Role::ALL.get(usize::from(role))?,
            strength: *Strength::ALL.get(usize::from(strength))?,
            flags: Flags(flags),
            subject,
            site: u16::from_le_bytes([low, high]),
        })
    }

    /// The listed host that a word stands for.
    pub fn site(&self, number: u16) -> &'a str {
        let number = usize::from(number);
        let start = number.checked_sub(1).map_or(Some(0), |before| read_u16(self.sites, before));
        let text = start.zip(read_u16(self.sites, number)).and_then(|(start, end)| self.texts.get(start..end));
        text.and_then(|text| std::str::from_utf8(text).ok()).unwrap_or_default()
    }

    /// The one or two letters that a character beyond ASCII looks like; the second may be 0.
    pub fn look_alike(&self, char: char) -> Option<[u8; 2]> {
        let wanted = u32::from(char);
        let (mut low, mut high) = (0, self.look_alikes.len() / LOOK);
        while low < high {
            let middle = usize::midpoint(low, high);
            let &[a, b, c, d, first, second] = self.look_alikes.get(middle * LOOK..)?.first_chunk()?;
            match u32::from_le_bytes([a, b, c, d]).cmp(&wanted) {
                std::cmp::Ordering::Equal => return Some([first, second]),
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
            }
        }
        None
    }

    /// The longest zone that holds a host, and how many bytes of its key that covers.
    pub fn zone(&self, key: &Key) -> Option<(Zone, usize)> {
        let mut longest = None;
        self.zones.matches(key, |found| longest = Some((found.value, found.len)));
        let (zone, len) = longest?;
        Some((*Zone::ALL.get(usize::try_from(zone).ok()?)?, len))
    }
}

/// Between which numbers a pair's words stand.
fn bucket(starts: &[u8], pair: [u8; 2]) -> Option<(usize, usize)> {
    let number = pair_number(pair);
    Some((read_u16(starts, number)?, read_u16(starts, number + 1)?))
}

/// The place of a pair of looks in the tables of pairs.
pub(super) fn pair_number([first, second]: [u8; 2]) -> usize {
    letter_number(first) * ALPHABET + letter_number(second)
}

fn letter_number(look: u8) -> usize {
    match look {
        b'a'..=b'z' => usize::from(look - b'a'),
        b'0'..=b'9' => 26 + usize::from(look - b'0'),
        _ => 36,
    }
}

fn read_u16(bytes: &[u8], number: usize) -> Option<usize> {
    let start = number.checked_mul(2)?;
    let two = bytes.get(start..start.checked_add(2)?)?;
    Some(usize::from(u16::from_le_bytes(two.try_into().ok()?)))
}
