//! One slip of the hand: a letter too many, one missing, one for another, or two exchanged.

use super::table::Table;
use super::word::{Flags, Role, Strength, Word};

/// Shorter words meet other words by one slip too easily (Chromium's limit is 5 too).
const SHORTEST: usize = 5;
/// Of words that other people write too.
const SHORTEST_COMMON: usize = 6;
/// Of names that were only taken from the list, and of the State's zone: `gouv` is a syllable of
/// many towns.
const SHORTEST_DISTINCTIVE: usize = 10;

/// The brand that the letters are, but for one slip.
///
/// A slip cannot touch both the first and the last two letters of a word of five, so only words
/// that share either are compared.
pub fn brand<'a>(looks: &[u8], table: &Table<'a>) -> Option<Word<'a>> {
    let (&[a, b, ..], &[.., y, z]) = (looks, looks) else { return None };
    if looks.len() + 1 < SHORTEST {
        return None;
    }
    let may = |word: &[u8]| word.len() >= SHORTEST && word.len().abs_diff(looks.len()) <= 1;
    let mut candidates = table.starting_with([a, b], may).chain(table.ending_with([z, y], may));
    candidates.find(|word| {
        let shortest = match word.strength {
            _ if word.flags.has(Flags::FROM_LIST) || word.flags.has(Flags::ZONE) => SHORTEST_DISTINCTIVE,
            Strength::Alone | Strength::Supported if !word.flags.has(Flags::AMBIGUOUS) => SHORTEST,
            Strength::Alone | Strength::Supported | Strength::Topic => SHORTEST_COMMON,
            Strength::Weak | Strength::Never => return false,
        };
        let has_digits = word.spelling.iter().any(u8::is_ascii_digit);
        word.role == Role::Brand && !has_digits && word.looks.len() >= shortest && is_one_slip(looks, word.looks)
    })
}

/// Whether one insertion, deletion, substitution or exchange of neighbours makes one of the other.
/// False for equal texts, and for those that differ in a number only: `paris7` is no slip of
/// `paris8`.
pub fn is_one_slip(a: &[u8], b: &[u8]) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let same = short.iter().zip(long).take_while(|(a, b)| a == b).count();
    match (short.get(same..), long.get(same..)) {
        (Some([x, short @ ..]), Some([y, long @ ..])) if short.len() == long.len() => {
            let are_digits = x.is_ascii_digit() && y.is_ascii_digit();
            let is_exchange = match (short, long) {
                ([x2, short @ ..], [y2, long @ ..]) => x == y2 && y == x2 && short == long,
                _ => false,
            };
            (short == long && !are_digits) || is_exchange
        }
        (Some(short), Some([_, long @ ..])) => short == long,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::is_one_slip;

    #[test]
    fn one_slip_and_no_more() {
        for (a, b, wanted) in [
            ("impots", "impots", false),
            ("impots", "impot", true),
            ("impots", "mpots", true),
            ("impots", "imppots", true),
            ("impots", "inpots", true),
            ("impots", "imptos", true),
            ("impots", "imptso", false),
            ("impots", "ipmtos", false),
            ("impots", "inpotz", false),
            ("impots", "impo", false),
            ("a", "", true),
            ("", "", false),
            ("ab", "ba", true),
            ("paris7", "paris8", false),
        ] {
            for (a, b) in [(a, b), (b, a)] {
                assert_eq!(is_one_slip(a.as_bytes(), b.as_bytes()), wanted, "{a} {b}");
            }
        }
    }
}
