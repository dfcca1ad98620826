//! A name cut into the words that are known and what stands between them.

use super::letters::Letter;
use super::table::Table;
use super::word::{Flags, Role, Word};

/// Words of fewer letters stand alone between separators, or not at all.
const SHORTEST_GLUED: usize = 3;
/// Words of fewer letters that say nothing themselves must be written as they are.
const SHORTEST_DISGUISED: usize = 6;
/// What it costs to leave a letter, or a digit, without a word; and to read an `s` after one.
const UNKNOWN_LETTER: u16 = 8;
const UNKNOWN_DIGIT: u16 = 2;
const PLURAL: u16 = 1;

/// A run of letters that is one word, or that is none.
#[derive(Debug, Clone, Copy)]
pub struct Piece<'a> {
    /// The word that it is.
    pub word: Option<Word<'a>>,
    /// Its first letter.
    pub start: usize,
    /// After its last letter.
    pub end: usize,
    /// It is written as the word is; false where it only looks like it.
    pub is_exact: bool,
}

/// Cuts letters into pieces, so that as few letters as can be are left without a word, by as few
/// words as can be. Separators belong to no piece.
pub fn cut<'a>(letters: &[Letter], table: &Table<'a>) -> Vec<Piece<'a>> {
    let mut steps = vec![Step::default(); letters.len() + 1];
    if let Some(first) = steps.first_mut() {
        first.cost = 0;
    }
    for (start, letter) in letters.iter().enumerate() {
        let cost = steps.get(start).map_or(u16::MAX, |step| step.cost);
        let unknown = match letter {
            letter if letter.is_separator() => 0,
            letter if letter.is_digit() => UNKNOWN_DIGIT,
            _ => UNKNOWN_LETTER,
        };
        relax(&mut steps, start + 1, Step { cost: cost.saturating_add(unknown), start, word: None });
        let Some(next) = letters.get(start + 1) else { continue };
        let third = letters.get(start + 2).map(|letter| letter.look);
        // Most words of a pair are told off by their third letter; a hyphen may stand before it.
        let may = |looks: &[u8]| third == Some(b'-') || looks.get(2).is_none_or(|look| third == Some(*look));
        for word in table.starting_with([letter.look, next.look], may) {
            let Some(end) = match_at(letters, start, &word) else { continue };
            // Only a brand is worth a disguise; `b10` is no `bio`.
            let may_be_disguised = word.role == Role::Brand || word.looks.len() >= SHORTEST_DISGUISED;
            if !may_be_disguised && !is_spelt(letters, start, end, &word) {
                continue;
            }
            let edges = edges(letters, start, end);
            let may_be_glued =
                word.looks.len() >= SHORTEST_GLUED || word.role == Role::Mark || (word.role == Role::Filler && edges.0);
            if !may_be_glued && edges != (true, true) {
                continue;
            }
            let price = match word.looks.len() {
                _ if edges == (true, true) => 2,
                0..=2 => 10,
                3 => 8,
                4 => 4,
                _ => 2,
            };
            let step = Step { cost: cost.saturating_add(price), start, word: Some(word.number) };
            relax(&mut steps, end, step);
            if word.looks.len() > SHORTEST_GLUED && letters.get(end).is_some_and(|letter| letter.look == b's') {
                relax(&mut steps, end + 1, Step { cost: step.cost + PLURAL, ..step });
            }
        }
    }
    walk_back(letters, table, &steps)
}

/// The cheapest way found so far to a place between letters.
#[derive(Debug, Clone, Copy)]
struct Step {
    cost: u16,
    start: usize,
    word: Option<u16>,
}

impl Default for Step {
    fn default() -> Self {
        Self { cost: u16::MAX, start: 0, word: None }
    }
}

fn relax(steps: &mut [Step], end: usize, step: Step) {
    if let Some(known) = steps.get_mut(end).filter(|known| known.cost > step.cost) {
        *known = step;
    }
}

/// Where the word ends, if it starts there.
fn match_at(letters: &[Letter], start: usize, word: &Word) -> Option<usize> {
    let mut at = start;
    for (position, look) in word.looks.iter().enumerate() {
        let mut letter = letters.get(at)?;
        if letter.look == b'-' && position > 0 && word.flags.has(Flags::IN_PARTS) {
            at += 1;
            letter = letters.get(at)?;
        }
        if letter.look != *look {
            return None;
        }
        at += 1;
    }
    Some(at)
}

/// Whether a separator, a digit or an end of the name stands before, and after.
fn edges(letters: &[Letter], start: usize, end: usize) -> (bool, bool) {
    let is_open = |letter: Option<&Letter>| letter.is_none_or(|letter| letter.is_separator() || letter.is_digit());
    (is_open(start.checked_sub(1).and_then(|before| letters.get(before))), is_open(letters.get(end)))
}

fn walk_back<'a>(letters: &[Letter], table: &Table<'a>, steps: &[Step]) -> Vec<Piece<'a>> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut end = letters.len();
    while end > 0 {
        let Some(step) = steps.get(end) else { break };
        let word = step.word.and_then(|number| table.word(number.into()));
        let is_separator = letters.get(step.start).is_some_and(|letter| letter.is_separator());
        match pieces.last_mut() {
            _ if is_separator => {}
            Some(after) if word.is_none() && after.word.is_none() && after.start == end => after.start = step.start,
            _ => {
                let is_exact = word.is_some_and(|word| is_spelt(letters, step.start, end, &word));
                pieces.push(Piece { word, start: step.start, end, is_exact });
            }
        }
        end = step.start;
    }
    pieces.reverse();
    pieces
}

/// Whether the letters are written as the word is; an `s` after it does not matter.
fn is_spelt(letters: &[Letter], start: usize, end: usize, word: &Word) -> bool {
    let letters = letters.get(start..end).unwrap_or_default().iter().filter(|letter| !letter.is_separator());
    let mut written = letters
        .take(word.looks.len())
        .flat_map(|letter| letter.written.into_iter().take(if letter.written[1] == 0 { 1 } else { 2 }));
    written.by_ref().eq(word.spelling.iter().copied())
}
