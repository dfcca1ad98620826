//! Which characters of two addresses differ, to be underlined where both are shown.

use std::ops::Range;

/// What each of two texts has that the other has not: ranges of bytes, ascending.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Difference {
    /// In the first text.
    pub here: Vec<Range<usize>>,
    /// In the second.
    pub there: Vec<Range<usize>>,
}

/// Compares two texts as a reader does: the longest part that they share stands for itself, and so
/// on at each side of it (Ratcliff and Obershelp's pattern matching).
pub fn difference(here: &str, there: &str) -> Difference {
    let here: Vec<(usize, char)> = here.char_indices().collect();
    let there: Vec<(usize, char)> = there.char_indices().collect();
    let mut found = Difference::default();
    compare(&here, &there, &mut found);
    found
}

fn compare(here: &[(usize, char)], there: &[(usize, char)], found: &mut Difference) {
    let (start, other_start, len) = longest_shared(here, there);
    if len == 0 {
        note(&mut found.here, here);
        note(&mut found.there, there);
        return;
    }
    let (before, rest) = here.split_at(start);
    let (other_before, other_rest) = there.split_at(other_start);
    compare(before, other_before, found);
    compare(rest.get(len..).unwrap_or_default(), other_rest.get(len..).unwrap_or_default(), found);
}

fn note(ranges: &mut Vec<Range<usize>>, part: &[(usize, char)]) {
    if let (Some(first), Some(last)) = (part.first(), part.last()) {
        ranges.push(first.0..last.0 + last.1.len_utf8());
    }
}

/// Where the longest part that both have starts in each, and its length; the first of several.
fn longest_shared(here: &[(usize, char)], there: &[(usize, char)]) -> (usize, usize, usize) {
    let mut best = (0, 0, 0);
    let mut row = vec![0; there.len() + 1];
    for (at, (_, char)) in here.iter().enumerate() {
        let mut before = 0;
        for (other_at, (_, other)) in there.iter().enumerate() {
            let len = if char == other { before + 1 } else { 0 };
            if let Some(cell) = row.get_mut(other_at + 1) {
                before = std::mem::replace(cell, len);
            }
            if len > best.2 {
                best = (at + 1 - len, other_at + 1 - len, len);
            }
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn marked(text: &str, ranges: &[Range<usize>]) -> String {
        let mut shown = text.to_owned();
        for range in ranges.iter().rev() {
            shown.insert(range.end, ']');
            shown.insert(range.start, '[');
        }
        shown
    }

    #[test]
    fn marks_what_differs() {
        for (here, there, wanted_here, wanted_there) in [
            ("ameii.fr", "ameli.fr", "ame[i]i.fr", "ame[l]i.fr"),
            ("ameli.fr", "ameli.fr", "ameli.fr", "ameli.fr"),
            ("ameli.fr.evil.example", "ameli.fr", "ameli.fr[.evil.example]", "ameli.fr"),
            ("améli.com", "ameli.fr", "am[é]li.[com]", "am[e]li.[fr]"),
            ("amendes-gouv.fr", "amendes.gouv.fr", "amendes[-]gouv.fr", "amendes[.]gouv.fr"),
            ("", "x", "", "[x]"),
        ] {
            let found = difference(here, there);
            assert_eq!(
                (marked(here, &found.here), marked(there, &found.there)),
                (wanted_here.into(), wanted_there.into())
            );
        }
    }

    proptest! {
        /// What is left of each text is the same.
        #[test]
        fn what_is_not_marked_is_shared(here in "[abé.]{0,12}", there in "[abé.]{0,12}") {
            let found = difference(&here, &there);
            let left = |text: &str, ranges: &[Range<usize>]| {
                let kept = text.char_indices().filter(|(at, _)| !ranges.iter().any(|range| range.contains(at)));
                kept.map(|(_, char)| char).collect::<String>()
            };
            prop_assert_eq!(left(&here, &found.here), left(&there, &found.there));
        }
    }
}
