//! Random answers to the updater.

use crate::hostile::{Answer, Hostile, PATHS};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use std::cell::Cell;

const CASES: u32 = 500;

fn answer() -> impl Strategy<Value = Answer> {
    let place = any::<usize>;
    prop_oneof![
        40 => Just(Answer::Honest),
        6 => Just(Answer::Forged),
        2 => place().prop_map(Answer::Other),
        2 => Just(Answer::Nothing),
        2 => (place(), 0..8usize, any::<bool>()).prop_map(|(at, bit, forged)| Answer::Flipped(at, bit, forged)),
        1 => (place(), any::<bool>()).prop_map(|(at, forged)| Answer::Cut(at, forged)),
        1 => prop::collection::vec(any::<u8>(), 0..40).prop_map(Answer::Bytes),
    ]
}

#[test]
fn no_hostile_answer_yields_what_was_not_signed() {
    let hostile = Hostile::new();
    let all = Cell::new([0; 3]);
    let mut runner = TestRunner::new(Config { cases: CASES, failure_persistence: None, ..Config::default() });
    let cases = (prop::collection::vec(answer(), 1..120), 0..PATHS.len());
    let result = runner.run(&cases, |(answers, first)| {
        let reached = hostile.play(answers, first).map_err(TestCaseError::fail)?;
        let [refreshed, taken, refused] = all.get();
        all.set([refreshed + reached.refreshed, taken + reached.taken, refused + reached.refused]);
        Ok(())
    });
    result.unwrap_or_else(|failure| panic!("{failure}"));
    let [refreshed, taken, refused] = all.get();
    println!("{CASES} cases: {refreshed} refreshes done, {taken} targets taken, {refused} refusals");
    assert!(taken > 100 && refreshed > 100 && refused > 100, "the cases hardly get anywhere");
}
