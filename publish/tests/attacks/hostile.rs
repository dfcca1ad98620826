//! A host that lies, to the updater and to its storage: whatever it answers, no target comes out
//! that the roles' keys did not sign, and nothing panics.
//!
//! The attacker holds every file that was ever published, the snapshot and timestamp keys, and one
//! key too few of root, targets and the delegated role; and may change any byte.

use crate::repository::Repository;
use crate::script::{Delegate, Step};
use bon_guichet::trust::Time;
use bon_guichet::trust::update::{Ask, Limits, Updater};
use std::collections::BTreeMap;

pub const PATHS: [&str; 4] = ["a.txt", "regions/a.txt", "regions/evil.txt", "evil.txt"];

/// What the host is told instead of the truth. Places are taken modulo what there is.
#[derive(Debug, Clone)]
pub enum Answer {
    Honest,
    Forged,
    /// Another file, or an old version of any.
    Other(usize),
    Nothing,
    /// At that byte, that bit, of the forged file or of the true one.
    Flipped(usize, usize, bool),
    /// To that many bytes.
    Cut(usize, bool),
    Bytes(Vec<u8>),
}

/// How far the answers came.
#[derive(Debug, Default, Clone, Copy)]
pub struct Reached {
    pub refreshed: usize,
    pub taken: usize,
    pub refused: usize,
}

/// The true repository and the attacker's.
pub struct Hostile {
    honest: Repository,
    forged: Repository,
}

impl Hostile {
    pub fn new() -> Self {
        Self { honest: honest(), forged: forged() }
    }

    /// Refreshes again and again, with look-ups between, until the answers are used up. Fails with
    /// what came out and was never signed.
    pub fn play(&self, answers: Vec<Answer>, first: usize) -> Result<Reached, String> {
        let mut game =
            Game { hostile: self, storage: BTreeMap::new(), answers: answers.into_iter(), reached: Reached::default() };
        let mut paths = PATHS.iter().cycle().skip(first % PATHS.len());
        let root = self.honest.served("1.root.json").unwrap();
        while game.answers.len() > 0 {
            let mut updater = Updater::new(root, Time(1_795_305_600), Limits::default()).unwrap();
            let ask = updater.start();
            if !game.follow(&mut updater, ask)? {
                continue;
            }
            // A target after another, found or not; then a refresh again.
            for path in paths.by_ref().take(3) {
                let Ok(ask) = updater.find(path) else { break };
                game.follow(&mut updater, ask)?;
            }
        }
        Ok(game.reached)
    }

    fn others(&self) -> impl Iterator<Item = &Vec<u8>> {
        self.honest.all().chain(self.forged.all())
    }
}

struct Game<'h> {
    hostile: &'h Hostile,
    storage: BTreeMap<String, Vec<u8>>,
    answers: std::vec::IntoIter<Answer>,
    reached: Reached,
}

impl Game<'_> {
    /// Answers until the updater is done or has a target; not so if it refused, or there are no
    /// more answers.
    fn follow(&mut self, updater: &mut Updater, mut ask: Ask) -> Result<bool, String> {
        let Hostile { honest, forged } = self.hostile;
        loop {
            let (name, stored) = match ask {
                Ask::Store { name, bytes } => {
                    self.storage.insert(name, bytes);
                    // A role that was stored may be the last of a search.
                    match updater.answer(None) {
                        Ok(next) => ask = next,
                        Err(_) => return Ok(false),
                    }
                    continue;
                }
                Ask::Done => {
                    self.reached.refreshed += 1;
                    let names: Vec<&str> = updater.targets().unwrap().names().collect();
                    return if names == ["a.txt"] { Ok(true) } else { Err(format!("the list names {names:?}")) };
                }
                Ask::Take { path, bytes } => {
                    self.reached.taken += 1;
                    if !honest.is_genuine(&path, &bytes) {
                        return Err(format!("{path} was never signed with these bytes"));
                    }
                    self.storage.insert(format!("target:{path}"), bytes);
                    return Ok(true);
                }
                Ask::Load { name } => (name, true),
                Ask::LoadTarget { path } => (format!("target:{path}"), true),
                Ask::FetchMetadata { name, .. } => (name, false),
                Ask::FetchTarget { path, .. } => (honest.target(&path), false),
            };
            let truth = if stored { self.storage.get(&name) } else { honest.served(&name) };
            let Some(answer) = self.answers.next() else { return Ok(false) };
            match updater.answer(self.told(answer, truth.cloned(), forged.served(&name))) {
                Ok(next) => ask = next,
                Err(refusal) => {
                    self.reached.refused += 1;
                    let again = updater.answer(None).err();
                    return if again == Some(refusal) { Ok(false) } else { Err(format!("then {again:?}")) };
                }
            }
        }
    }

    fn told(&self, answer: Answer, truth: Option<Vec<u8>>, forged: Option<&Vec<u8>>) -> Option<Vec<u8>> {
        let either = |from_forged: bool| if from_forged { forged.cloned() } else { truth.clone() };
        match answer {
            Answer::Honest => truth,
            Answer::Forged => forged.cloned(),
            Answer::Other(at) => self.hostile.others().nth(at % self.hostile.others().count()).cloned(),
            Answer::Nothing => None,
            Answer::Flipped(at, bit, from_forged) => {
                let mut bytes = either(from_forged).filter(|bytes| !bytes.is_empty())?;
                let at = at % bytes.len();
                bytes[at] ^= 1 << (bit % 8);
                Some(bytes)
            }
            Answer::Cut(at, from_forged) => {
                let mut bytes = either(from_forged)?;
                bytes.truncate(at % (bytes.len() + 1));
                Some(bytes)
            }
            Answer::Bytes(bytes) => Some(bytes),
        }
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
        path_hash_prefixes: Vec::new(),
        terminating: false,
    };
    let file = [("regions/a.txt".to_owned(), content.to_owned())].into();
    let add = [("regions".to_owned(), file)].into();
    Step { delegate: vec![delegate], add, publish: words(publish), ..Step::default() }
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(ToString::to_string).collect()
}
