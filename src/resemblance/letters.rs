//! A name as its letters look: what can be taken for one another is one letter.
//!
//! `i`, `l` and `1` are one letter, `0` is `o`, `rn` is `m`, `vv` is `w`, and a character of
//! another script or with an accent is the Latin letter that it looks like (UTS 39 §4, packed by
//! the publisher). What was really written is kept beside it.

use super::table::Table;
use std::ops::Range;

/// A letter, a digit or a separator of a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Letter {
    /// How it looks: `a` to `z` without `i`, `2` to `9`, `.` or `-`; 0 for what looks like none.
    pub look: u8,
    /// What was written, one or two characters of ASCII; zeros where it was something else.
    pub written: [u8; 2],
    /// Where it stands in the text, in bytes.
    pub start: u16,
    /// Where it ends.
    pub end: u16,
}

impl Letter {
    /// A dot or a hyphen.
    pub fn is_separator(self) -> bool {
        matches!(self.look, b'.' | b'-')
    }

    /// A digit as written, even one that looks like a letter.
    pub fn is_digit(self) -> bool {
        self.written[0].is_ascii_digit()
    }
}

/// The letters of a host, with its accents.
pub fn read(text: &str, table: &Table) -> Vec<Letter> {
    let mut letters = Vec::with_capacity(text.len());
    for (start, char) in text.char_indices() {
        let end = start + char.len_utf8();
        if char.is_ascii() {
            let byte = char as u8;
            push(&mut letters, look(byte), [byte, 0], start..end);
        } else if let Some(looks) = table.look_alike(char) {
            let is_accent = FRENCH.contains(char);
            for byte in looks.into_iter().filter(|&byte| byte != 0) {
                push(&mut letters, look(byte), if is_accent { [byte, 0] } else { [0, 0] }, start..end);
            }
        } else {
            push(&mut letters, 0, [0, 0], start..end);
        }
    }
    letters
}

/// The looks of ASCII text, without separators: a word as it is looked up.
pub fn looks(word: &str) -> Vec<u8> {
    let mut letters = Vec::with_capacity(word.len());
    for (start, byte) in word.bytes().enumerate() {
        push(&mut letters, look(byte), [byte, 0], start..start + 1);
    }
    letters.iter().filter(|letter| !letter.is_separator()).map(|letter| letter.look).collect()
}

/// Letters that French writes with accents: no disguise.
const FRENCH: &str = "àâäçéèêëîïôöùûüÿœæ";

fn push(letters: &mut Vec<Letter>, look: u8, written: [u8; 2], place: Range<usize>) {
    let end = short(place.end);
    if let Some(last) = letters.last_mut().filter(|last| last.written[1] == 0 && last.end == short(place.start)) {
        let joined = match (last.look, look) {
            (b'r', b'n') => b'm',
            (b'v', b'v') => b'w',
            _ => 0,
        };
        if joined != 0 {
            *last = Letter { look: joined, written: [last.written[0], written[0]], start: last.start, end };
            return;
        }
    }
    letters.push(Letter { look, written, start: short(place.start), end });
}

fn look(byte: u8) -> u8 {
    match byte.to_ascii_lowercase() {
        b'i' | b'l' | b'1' => b'l',
        b'0' => b'o',
        b'_' => b'-',
        other => other,
    }
}

/// A host's accents take at most four bytes for one, and a host has at most 253.
fn short(offset: usize) -> u16 {
    u16::try_from(offset).unwrap_or(u16::MAX)
}
