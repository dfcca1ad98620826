//! Property: whatever is answered, from the network and from storage, no target comes out that the
//! roles' keys did not sign, and nothing panics.
//!
//! The attacker holds every file that was ever published, the snapshot and timestamp keys, and one
//! key too few of root, targets and the delegated role; and may change any byte.

use crate::repository::Repository;
use crate::script::{Delegate, Step};
use bon_guichet::trust::Time;
use bon_guichet::trust::update::{Ask, Limits, Updater};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use std::cell::Cell;
use std::collections::BTreeMap;

const CASES: u32 = 500;
const PATHS: [&str; 4] = ["a.txt", "regions/a.txt", "regions/evil.txt", "evil.txt"];

/// What the host is told instead of the truth.
#[derive(Debug, Clone)]
enum Answer {
    Honest,
    Forged,
    /// Another file, or an old version of any.
    Other(prop::sample::Index),
    Nothing,
    Flipped(prop::sample::Index, u8, bool),
    Cut(prop::sample::Index, bool),
    Bytes(Vec<u8>),
}

fn answer() -> impl Strategy<Value = Answer> {
    let index = any::<prop::sample::Index>;
    prop_oneof![
        40 => Just(Answer::Honest),
        6 => Just(Answer::Forged),
        2 => index().prop_map(Answer::Other),
        2 => Just(Answer::Nothing),
        2 => (index(), 0..8u8, any::<bool>()).prop_map(|(at, bit, forged)| Answer::Flipped(at, bit, forged)),
        1 => (index(), any::<bool>()).prop_map(|(at, forged)| Answer::Cut(at, forged)),
        1 => prop::collection::vec(any::<u8>(), 0..40).prop_map(Answer::Bytes),
    ]
}

#[test]
fn no_hostile_answer_yields_what_was_not_signed() {
    let (honest, forged) = (honest(), forged());
    let others: Vec<&Vec<u8>> = honest.all().chain(forged.all()).collect();
    let (taken, refreshed, refused) = (Cell::new(0), Cell::new(0), Cell::new(0));
    let mut runner = TestRunner::new(Config { cases: CASES, failure_persistence: None, ..Config::default() });
    let cases = (prop::collection::vec(answer(), 1..120), 0..PATHS.len());
    let result = runner.run(&cases, |(answers, first)| {
        let mut storage: BTreeMap<String, Vec<u8>> = BTreeMap::new();
        let mut answers = answers.into_iter();
        let mut paths = PATHS.iter().cycle().skip(first);
        let root = honest.served("1.root.json").unwrap();
        'refresh: loop {
            let mut updater = Updater::new(root, Time(1_795_305_600), Limits::default()).unwrap();
            let mut ask = updater.start();
            let mut finds = 0;
            loop {
                let name = match &ask {
                    Ask::Load { name } | Ask::FetchMetadata { name, .. } => name.clone(),
                    Ask::LoadTarget { path } => format!("target:{path}"),
                    Ask::FetchTarget { path, .. } => {
                        let (folder, file) = path
                            .rsplit_once('/')
                            .map_or((String::new(), path.as_str()), |(folder, file)| (format!("{folder}/"), file));
                        format!("target:{folder}{}", file.split_once('.').unwrap().1)
                    }
                    Ask::Store { .. } | Ask::Done | Ask::Take { .. } => String::new(),
                };
                let truth = match &ask {
                    Ask::Load { .. } | Ask::LoadTarget { .. } => storage.get(&name).cloned(),
                    _ => honest.served(&name).cloned(),
                };
                match ask {
                    Ask::Store { name, bytes } => {
                        storage.insert(name, bytes);
                        // A role that was stored may be the last of a search.
                        let Ok(next) = updater.answer(None) else { continue 'refresh };
                        ask = next;
                        continue;
                    }
                    Ask::Done => {
                        refreshed.set(refreshed.get() + 1);
                        for name in updater.targets().unwrap().names() {
                            prop_assert_eq!(name, "a.txt", "the list names what was never signed");
                        }
                    }
                    Ask::Take { path, bytes } => {
                        taken.set(taken.get() + 1);
                        prop_assert!(honest.is_genuine(&path, &bytes), "{} was never signed", path);
                        storage.insert(format!("target:{path}"), bytes);
                    }
                    _ => {
                        let Some(answer) = answers.next() else { break 'refresh };
                        match updater.answer(told(&answer, truth, forged.served(&name), &others)) {
                            Ok(next) => ask = next,
                            Err(refusal) => {
                                refused.set(refused.get() + 1);
                                prop_assert_eq!(updater.answer(None).err(), Some(refusal));
                                continue 'refresh;
                            }
                        }
                        continue;
                    }
                }
                // A target after another, for some time; then a refresh again.
                finds += 1;
                if finds > 3 || answers.len() == 0 {
                    if answers.len() == 0 {
                        break 'refresh;
                    }
                    continue 'refresh;
                }
                match updater.find(paths.next().unwrap()) {
                    Ok(next) => ask = next,
                    Err(_) => continue 'refresh,
                }
            }
        }
        Ok(())
    });
    result.unwrap_or_else(|failure| panic!("{failure}"));
    let (taken, refreshed, refused) = (taken.get(), refreshed.get(), refused.get());
    println!("{CASES} cases: {refreshed} refreshes done, {taken} targets taken, {refused} refusals");
    assert!(taken > 100 && refreshed > 100 && refused > 100, "the cases hardly get anywhere");
}

fn told(answer: &Answer, truth: Option<Vec<u8>>, forged: Option<&Vec<u8>>, others: &[&Vec<u8>]) -> Option<Vec<u8>> {
    let either = |from_forged: bool| if from_forged { forged.cloned() } else { truth.clone() };
    match answer {
        Answer::Honest => truth,
        Answer::Forged => forged.cloned(),
        Answer::Other(index) => Some((*index.get(others)).clone()),
        Answer::Nothing => None,
        Answer::Flipped(at, bit, from_forged) => {
            let mut bytes = either(*from_forged).filter(|bytes| !bytes.is_empty())?;
            let at = at.index(bytes.len());
            bytes[at] ^= 1 << bit;
            Some(bytes)
        }
        Answer::Cut(at, from_forged) => {
            let mut bytes = either(*from_forged)?;
            bytes.truncate(at.index(bytes.len() + 1));
            Some(bytes)
        }
        Answer::Bytes(bytes) => Some(bytes.clone()),
    }
}

/// Three versions of everything, a rotated root, a delegated role.
fn honest() -> Repository {
    let mut repository = Repository::new();
    repository
        .apply(&step(&["regions-1", "regions-2"], "r", &["regions", "targets", "snapshot", "timestamp"]))
        .unwrap();
    let keys = [("root".to_owned(), words(&["root-1", "root-2", "root-4"]))].into();
    repository
        .apply(&Step {
            keys,
            publish: words(&["root", "regions", "targets", "snapshot", "timestamp"]),
            ..Step::default()
        })
        .unwrap();
    repository
}

/// The same names, by one key too few, with other content.
fn forged() -> Repository {
    let mut repository = Repository::new();
    let sign = [("targets", "targets-1"), ("root", "root-1"), ("regions", "regions-1")];
    let mut evil = step(&["regions-1", "stranger-1"], "evil", &[]);
    evil.sign = sign.map(|(role, key)| (role.to_owned(), words(&[key, "stranger-1", "stranger-2"]))).into();
    evil.keys = [("root".to_owned(), words(&["root-1", "stranger-1", "stranger-2"]))].into();
    let content = |path: &str| (path.to_owned(), "evil".to_owned());
    evil.add.insert("targets".to_owned(), [content("a.txt"), content("evil.txt")].into());
    evil.add.get_mut("regions").unwrap().extend([content("regions/evil.txt")]);
    repository.apply(&evil).unwrap();
    for _ in 0..3 {
        let all = words(&["root", "regions", "targets", "snapshot", "timestamp"]);
        repository.apply(&Step { publish: all, ..Step::default() }).unwrap();
    }
    repository
}

fn step(keys: &[&str], content: &str, publish: &[&str]) -> Step {
    let delegate = Delegate {
        from: "targets".to_owned(),
        name: "regions".to_owned(),
        keys: words(keys),
        paths: words(&["regions/*"]),
        terminating: false,
    };
    let file = [("regions/a.txt".to_owned(), content.to_owned())].into();
    let add = [("regions".to_owned(), file)].into();
    Step { delegate: vec![delegate], add, publish: words(publish), ..Step::default() }
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(ToString::to_string).collect()
}
