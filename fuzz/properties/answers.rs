//! The update state machine: the input is what a hostile host answers, one letter an answer.

use crate::hostile::{Answer, Hostile, Reached};
use std::sync::LazyLock;

static HOSTILE: LazyLock<Hostile> = LazyLock::new(Hostile::new);

/// Panics if something comes out that was not signed.
pub fn holds(input: &[u8]) -> Reached {
    let Some((first, rest)) = input.split_first() else { return Reached::default() };
    HOSTILE.play(read(rest), usize::from(*first)).unwrap_or_else(|failure| panic!("{failure}"))
}

fn read(mut rest: &[u8]) -> Vec<Answer> {
    let mut answers = Vec::new();
    while let Some(letter) = take(&mut rest, 1).first().copied() {
        // Two bytes are a place.
        let mut place = || take(&mut rest, 2).iter().fold(0, |place, byte| place << 8 | usize::from(*byte));
        answers.push(match letter {
            b'f' => Answer::Forged,
            b'o' => Answer::Other(place()),
            b'n' => Answer::Nothing,
            b'x' | b'X' => {
                let at = place();
                Answer::Flipped(at >> 3, at & 7, letter == b'X')
            }
            b'c' | b'C' => Answer::Cut(place(), letter == b'C'),
            b'b' => {
                let length = take(&mut rest, 1).first().copied().unwrap_or_default();
                Answer::Bytes(take(&mut rest, usize::from(length)).to_owned())
            }
            _ => Answer::Honest,
        });
    }
    answers
}

/// As many bytes as there are, at most.
fn take<'i>(rest: &mut &'i [u8], count: usize) -> &'i [u8] {
    let (taken, left) = rest.split_at(count.min(rest.len()));
    *rest = left;
    taken
}
