//! The reading of metadata: the input is what a role signs, and its keys do sign it, so that what
//! stands behind the signatures is reached too.

use crate::repository::Repository;
use crate::script::{Delegate, Step};
use bon_guichet::trust::Time;
use bon_guichet::trust::json::Json;
use bon_guichet::trust::update::{Ask, Limits, Updater};
use serde_json::{Value, json};
use std::sync::LazyLock;

/// A letter for each role, and the file that it signs.
const ROLES: [(u8, &str, &str); 5] = [
    (b'r', "root", "2.root.json"),
    (b't', "timestamp", "timestamp.json"),
    (b's', "snapshot", "1.snapshot.json"),
    (b'T', "targets", "1.targets.json"),
    (b'd', "regions", "1.regions.json"),
];

static REPOSITORY: LazyLock<Repository> = LazyLock::new(repository);

/// The updater as it is when it waits for each role's file.
static WAITING: LazyLock<Vec<Updater>> = LazyLock::new(|| ROLES.map(|(_, _, file)| waiting(file)).into());

const NOW: &str = "2026-11-22T00:00:00Z";

/// Panics if metadata is accepted that an independent reading calls wrong. Which role's it was, and
/// whether it was accepted.
pub fn holds(input: &[u8]) -> Option<(&'static str, bool)> {
    let (letter, text) = input.split_first()?;
    let ((_, role, file), waiting) = ROLES.iter().zip(&*WAITING).find(|((known, ..), _)| known == letter)?;
    // What is no JSON is not signed, and comes as it is.
    let bytes = Json::parse(text).map_or_else(|_| text.to_owned(), |signed| REPOSITORY.envelope(role, signed));
    let mut updater = waiting.clone();
    let mut answer = Some(bytes.clone());
    let mut accepted = false;
    for _ in 0..1000 {
        let ask = match updater.answer(answer.take()) {
            Ok(Ask::Done) if *role == "regions" && !accepted => updater.find("regions/a.txt"),
            next => next,
        };
        let Ok(ask) = ask else { return Some((*role, accepted)) };
        answer = match ask {
            Ask::Store { bytes: stored, .. } if stored == bytes => {
                check(role, text);
                accepted = true;
                None
            }
            Ask::Done | Ask::Take { .. } => return Some((*role, accepted)),
            ask => honest(&ask),
        };
    }
    panic!("{file} leads on and on");
}

/// What is accepted, as another reading has it.
fn check(role: &str, text: &[u8]) {
    let signed: Value = serde_json::from_slice(text).unwrap();
    let kind = if role == "regions" { "targets" } else { role };
    assert_eq!(signed["_type"], kind);
    assert!(signed["spec_version"].as_str().unwrap().starts_with("1."));
    let version = signed["version"].as_u64().unwrap();
    assert!(match role {
        "timestamp" => version > 0,
        "root" => version == 2,
        _ => version == 1,
    });
    // Text of one form is in the order of time.
    assert!(role == "root" || signed["expires"].as_str().unwrap() > NOW, "expired");
}

fn waiting(file: &str) -> Updater {
    let root = REPOSITORY.served("1.root.json").unwrap();
    let mut updater = Updater::new(root, Time::parse(NOW).unwrap(), Limits::default()).unwrap();
    let mut ask = updater.start();
    loop {
        match &ask {
            Ask::FetchMetadata { name, .. } if name == file => return updater,
            Ask::Done => ask = updater.find("regions/a.txt").unwrap(),
            other => ask = updater.answer(honest(other)).unwrap(),
        }
    }
}

fn honest(ask: &Ask) -> Option<Vec<u8>> {
    let name = match ask {
        Ask::FetchMetadata { name, .. } => name.clone(),
        Ask::FetchTarget { path, .. } => REPOSITORY.target(path),
        _ => return None,
    };
    REPOSITORY.served(&name).cloned()
}

/// No lengths and no hashes of metadata: any that is signed is read.
fn repository() -> Repository {
    let mut repository = Repository::new();
    let delegate = Delegate {
        from: "targets".to_owned(),
        name: "regions".to_owned(),
        keys: vec!["regions-1".to_owned()],
        paths: vec!["regions/*".to_owned()],
        path_hash_prefixes: Vec::new(),
        terminating: false,
    };
    let file = [("regions/a.txt".to_owned(), "r".to_owned())].into();
    let version = json!({"version": 1});
    let set = [
        ("targets/version".to_owned(), json!(1)),
        ("snapshot/version".to_owned(), json!(1)),
        ("snapshot/meta/targets.json".to_owned(), version.clone()),
        ("snapshot/meta/regions.json".to_owned(), version.clone()),
        ("timestamp/version".to_owned(), json!(1)),
        ("timestamp/meta/snapshot.json".to_owned(), version),
    ];
    let publish = ["regions", "targets", "snapshot", "timestamp"].map(str::to_owned).into();
    let add = [("regions".to_owned(), file)].into();
    repository.apply(&Step { delegate: vec![delegate], add, publish, set: set.into(), ..Step::default() }).unwrap();
    repository
}
