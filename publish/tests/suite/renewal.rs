//! Refreshes from a mirror into a storage, each of which may fail: the list in use is whole before
//! and after, and never older than it was.

use crate::lists::{self, SUFFIXES, roles, time};
use bon_guichet::list::{LIST, PUBLIC_SUFFIXES, REVOCATIONS, Scope, SignedList, shard_name};
use bon_guichet::renewal::{Floor, Host, IN_USE, Renewed, Trouble, refresh, stored};
use bon_guichet::trust::Hashed;
use publish::repository::{Release, Repository};
use publish::reviewed::Site;
use publish::sign::{Issue, Made};
use publish::{pack, sign};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::pin::pin;
use std::sync::LazyLock;
use std::task::{Context, Poll, Waker};

const NOW: &str = "2026-12-01T00:00:00Z";
const LATE: &str = "2027-06-01T00:00:00Z";

/// A browser: its storage, its network, and the time it has to live.
#[derive(Default)]
struct Browser {
    storage: RefCell<BTreeMap<String, Vec<u8>>>,
    mirror: BTreeMap<String, Vec<u8>>,
    /// What the mirror answers in place of a file.
    fault: Option<(String, Trouble)>,
    /// Steps until the worker is ended, of which a store has two: before and after.
    lives: Cell<Option<usize>>,
    fetched: RefCell<Vec<String>>,
}

impl Browser {
    async fn step(&self) {
        match self.lives.get() {
            Some(0) => std::future::pending().await,
            Some(lives) => self.lives.set(Some(lives - 1)),
            None => {}
        }
    }

    fn has(mirror: &Repository) -> Self {
        Self { mirror: mirror.files().clone(), ..Self::default() }
    }

    fn refresh_at(&self, now: &str) -> Option<Result<Renewed, Trouble>> {
        let lives = self.lives.take();
        let in_use = run(stored(self, &floor(1))).expect("nothing ends this worker").ok().flatten();
        self.lives.set(lives);
        run(refresh(self, &floor(1), in_use.as_ref(), time(now)))
    }

    fn refresh(&self) -> Result<Renewed, Trouble> {
        self.refresh_at(NOW).expect("nothing ends this worker")
    }

    /// The version of the list that a start would use; 1 is the packaged one.
    fn version(&self) -> Result<u64, Trouble> {
        let stored = run(stored(self, &floor(1))).expect("nothing ends this worker");
        stored.map(|list| list.map_or(1, |list| list.trusted.targets.version))
    }

    fn keys(&self) -> Vec<String> {
        self.storage.borrow().keys().cloned().collect()
    }
}

impl Host for Browser {
    async fn load(&self, key: &str) -> Result<Option<Vec<u8>>, Trouble> {
        self.step().await;
        Ok(self.storage.borrow().get(key).cloned())
    }

    async fn store(&self, key: &str, bytes: &[u8]) -> Result<(), Trouble> {
        self.step().await;
        self.storage.borrow_mut().insert(key.to_owned(), bytes.to_vec());
        self.step().await;
        Ok(())
    }

    async fn keep_only(&self, keys: &[String]) -> Result<(), Trouble> {
        self.step().await;
        self.storage.borrow_mut().retain(|key, _| keys.contains(key));
        self.step().await;
        Ok(())
    }

    async fn fetch(&self, path: &str, max: u64) -> Result<Option<Vec<u8>>, Trouble> {
        self.step().await;
        self.fetched.borrow_mut().push(path.to_owned());
        if let Some((file, trouble)) = &self.fault
            && path.contains(file.as_str())
        {
            return Err(trouble.clone());
        }
        let mut bytes = self.mirror.get(path).cloned();
        if let Some(bytes) = &mut bytes {
            bytes.truncate(usize::try_from(max).unwrap() + 1);
        }
        Ok(bytes)
    }

    async fn hash(&self, bytes: Vec<u8>) -> Hashed {
        self.step().await;
        Hashed::new(bytes)
    }

    async fn progress(&self, done: usize, of: usize) {
        self.step().await;
        assert!(done <= of);
    }
}

/// What a future comes to, or nothing where the worker was ended on the way.
fn run<T>(future: impl Future<Output = T>) -> Option<T> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(outcome) => Some(outcome),
        Poll::Pending => None,
    }
}

static ROOT: LazyLock<Vec<u8>> = LazyLock::new(|| sign::root(&roles(), issue(1, "2031-11-22T00:00:00Z")).unwrap());

fn root() -> &'static [u8] {
    &ROOT
}

fn floor(version: u64) -> Floor {
    Floor { root: root().to_vec(), version }
}

fn issue(version: u32, expires: &str) -> Issue {
    Issue { version, expires: time(expires) }
}

/// Each version lists one site fewer of the département 33, beside many that stay.
fn files(version: u32) -> BTreeMap<String, Vec<u8>> {
    static MADE: LazyLock<Vec<BTreeMap<String, Vec<u8>>>> = LazyLock::new(|| (0..5).map(packed).collect());
    MADE[usize::try_from(version).unwrap()].clone()
}

fn packed(version: usize) -> BTreeMap<String, Vec<u8>> {
    let mut small = lists::reviewed("small");
    let (local, national) = small.sites.split_at_mut(6);
    for site in local.iter_mut() {
        "33".clone_into(&mut site.department);
    }
    let others = (0..1000).map(|number| Site { host: format!("site{number}.example"), ..local[0].clone() });
    let others = others.map(|site| Site { department: String::new(), scope: Scope::Host, path: String::new(), ..site });
    let sites = [&local[version..], national, &others.collect::<Vec<_>>()].concat();
    let mut files = pack::sites(&sites).unwrap();
    files.insert(REVOCATIONS.to_owned(), pack::revocations(&small.revocations).unwrap());
    files.insert(PUBLIC_SUFFIXES.to_owned(), SUFFIXES.clone());
    files
}

fn release(version: u32) -> Release<'static> {
    Release {
        files: files(version),
        delegated: Vec::new(),
        published: time("2026-11-30T00:00:00Z"),
        targets: issue(version, "2027-11-22T00:00:00Z"),
        snapshot: issue(version, "2027-03-01T00:00:00Z"),
        timestamp: issue(version, "2026-12-08T00:00:00Z"),
    }
}

/// A mirror after so many versions.
fn mirror(versions: u32) -> Repository {
    let mut mirror = Repository::default();
    mirror.add_root(Made { version: 1, bytes: root().to_vec() });
    for version in 1..=versions {
        mirror.add(&roles(), release(version)).unwrap();
    }
    mirror
}

/// A browser that has version 2 in use.
fn with_version_2() -> Browser {
    let browser = Browser::has(&mirror(2));
    assert!(browser.refresh().unwrap().is_new);
    assert_eq!(browser.version(), Ok(2));
    browser
}

fn sites(list: &SignedList) -> usize {
    list.list.len()
}

#[test]
fn a_newer_list_is_fetched_and_used_at_the_next_start() {
    let browser = with_version_2();
    let renewed = Browser { storage: browser.storage, ..Browser::has(&mirror(3)) };
    let found = renewed.refresh().unwrap();
    assert!(found.is_new);
    let at_start = run(stored(&renewed, &floor(1))).unwrap().unwrap().unwrap();
    assert_eq!(sites(&found.list.unwrap()), sites(&at_start));
    assert_eq!(renewed.version(), Ok(3));
}

#[test]
fn nothing_new_takes_two_requests() {
    let browser = with_version_2();
    browser.fetched.borrow_mut().clear();
    assert!(!browser.refresh().unwrap().is_new);
    assert_eq!(*browser.fetched.borrow(), ["metadata/2.root.json", "metadata/timestamp.json"]);
    // Nor is the packaged list fetched again.
    let fresh = Browser::has(&mirror(1));
    let found = fresh.refresh().unwrap();
    assert!(found.list.is_none() && !found.is_new);
    assert!(!fresh.fetched.borrow().iter().any(|path| path.starts_with("targets/")));
    assert_eq!(fresh.version(), Ok(1));
}

fn targets_fetched(browser: &Browser) -> Vec<String> {
    let fetched = browser.fetched.borrow();
    fetched.iter().filter_map(|path| Some(path.strip_prefix("targets/")?.split_once('.')?.1.to_owned())).collect()
}

/// Of the list, that is the shards of the départements that changed.
#[test]
fn only_what_changed_is_fetched() {
    let browser = with_version_2();
    let renewed = Browser { storage: browser.storage, ..Browser::has(&mirror(3)) };
    let list = renewed.refresh().unwrap().list.unwrap();
    assert_eq!(targets_fetched(&renewed), [shard_name("33")]);
    assert_eq!(list.bytes(LIST), files(3).get(LIST).map(Vec::as_slice));
}

/// A shard only saves bytes: without it, or with another one, the whole list is fetched.
#[test]
fn a_shard_is_not_needed() {
    let faults: [fn(&mut Browser); 3] = [
        |it| it.mirror.retain(|path, _| !path.ends_with("dep-33.bin")),
        |it| each(it, "dep-33.bin", |bytes| bytes.truncate(30)),
        // Signed, but not what the list was made of.
        |it| {
            let mut other = mirror(2);
            let mut release = release(3);
            release.files.insert(shard_name("33"), files(4)[&shard_name("33")].clone());
            other.add(&roles(), release).unwrap();
            it.mirror.clone_from(other.files());
        },
    ];
    for fault in faults {
        let old = with_version_2();
        let mut browser = Browser { storage: old.storage, ..Browser::has(&mirror(3)) };
        fault(&mut browser);
        let list = browser.refresh().unwrap().list.unwrap();
        assert_eq!(targets_fetched(&browser), [shard_name("33").as_str(), LIST]);
        assert_eq!(list.bytes(LIST), files(3).get(LIST).map(Vec::as_slice));
        assert_eq!(browser.version(), Ok(3));
    }
}

#[test]
fn storage_holds_the_list_in_use_and_nothing_else() {
    let browser = with_version_2();
    let renewed = Browser { storage: browser.storage, ..Browser::has(&mirror(3)) };
    renewed.refresh().unwrap();
    let fresh = Browser::has(&mirror(3));
    fresh.refresh().unwrap();
    assert_eq!(renewed.keys(), fresh.keys());
    assert_eq!(renewed.keys().len(), 3 + 3 + 1);
}

/// Whenever the worker dies, the next start has the old list or the new one, whole; and the next
/// refresh ends well. Also across a rotation of the root.
#[test]
fn a_worker_may_die_between_any_two_steps() {
    let mut rotated = mirror(2);
    rotated.add_root(Made {
        version: 2,
        bytes: sign::rotated_root(&roles(), issue(2, "2032-01-01T00:00:00Z"), &roles().root).unwrap(),
    });
    rotated.add(&roles(), release(3)).unwrap();
    let mut steps = 0;
    loop {
        let old = with_version_2();
        let browser = Browser { storage: old.storage, ..Browser::has(&rotated) };
        browser.lives.set(Some(steps));
        let ended = browser.refresh_at(NOW);
        browser.lives.set(None);
        let version = browser.version();
        assert!(matches!(version, Ok(2 | 3)), "after {steps} steps: {version:?}");
        assert!(browser.refresh().is_ok(), "the refresh after {steps} steps");
        assert_eq!(browser.version(), Ok(3), "after {steps} steps and a refresh");
        assert_eq!(browser.keys().len(), 4 + 3 + 1, "after {steps} steps and a refresh");
        if ended.is_some() {
            break;
        }
        steps += 1;
    }
    assert!(steps > 30, "only {steps} steps");
}

#[test]
fn storage_may_lose_any_file() {
    for lost in with_version_2().keys() {
        let browser = with_version_2();
        browser.storage.borrow_mut().remove(&lost);
        let version = browser.version();
        let needs_no_refresh = lost.contains("timestamp") || lost.contains("snapshot") || lost.contains("targets.json");
        match (lost.as_str(), &version) {
            (IN_USE, Ok(1)) => {}
            (_, Ok(2)) => assert!(needs_no_refresh, "{lost}"),
            (_, Err(Trouble::Refused(_))) => assert!(lost.starts_with("file/"), "{lost}"),
            _ => panic!("{lost} lost: {version:?}"),
        }
        browser.refresh().unwrap();
        assert_eq!(browser.version(), Ok(2), "{lost} lost, then a refresh");
    }
}

#[test]
fn storage_may_damage_any_file() {
    for damaged in with_version_2().keys() {
        let browser = with_version_2();
        let mut bytes = browser.storage.borrow()[&damaged].clone();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        browser.storage.borrow_mut().insert(damaged.clone(), bytes);
        let version = browser.version();
        assert!(matches!(version, Ok(2) | Err(Trouble::Refused(_))), "{damaged}: {version:?}");
        browser.refresh().unwrap();
        assert_eq!(browser.version(), Ok(2), "{damaged} damaged, then a refresh");
    }
}

/// A fault of the mirror, and the word and subject under which it is explained.
type Fault = (&'static str, fn(&mut Browser), &'static str, &'static str);

#[rustfmt::skip] // A fault a line.
const FAULTS: [Fault; 14] = [
    ("an older list", |it| it.mirror = mirror(1).files().clone(), "rollback", "timestamp.json"),
    ("an older timestamp", |it| swap(it, "metadata/timestamp.json", &mirror(1)), "rollback", "timestamp.json"),
    ("no answer", |it| it.fault = Some(("timestamp".to_owned(), Trouble::Unreachable)), "unreachable", ""),
    ("an error", |it| it.fault = Some(("timestamp".to_owned(), Trouble::Status(500))), "status", "500"),
    ("an error for a file", |it| it.fault = Some((".bin".to_owned(), Trouble::Status(503))), "status", "503"),
    ("a page for the root", |it| put(it, "metadata/2.root.json", b"<!doctype html><title>Wi-Fi</title>"), "page", "2.root.json"),
    ("a page for the timestamp", |it| put(it, "metadata/timestamp.json", b"\n <html>"), "page", "timestamp.json"),
    ("a page for a file", |it| each(it, ".bin", |bytes| *bytes = b"<html>".to_vec()), "damaged", LIST),
    ("a truncated file", |it| each(it, ".bin", |bytes| bytes.truncate(100)), "damaged", LIST),
    ("a longer file", |it| each(it, ".bin", |bytes| bytes.push(0)), "damaged", LIST),
    ("a truncated snapshot", |it| each(it, "3.snapshot.json", |bytes| bytes.truncate(200)), "damaged", "snapshot.json"),
    ("an endless timestamp", |it| put(it, "metadata/timestamp.json", &vec![b' '; 1 << 20]), "damaged", "timestamp.json"),
    ("no targets", |it| drop(it.mirror.remove("metadata/3.targets.json")), "missing", "targets.json"),
    ("no list", |it| it.mirror.retain(|path, _| !path.starts_with("targets/")), "missing", LIST),
];

fn put(browser: &mut Browser, path: &str, bytes: &[u8]) {
    browser.mirror.insert(path.to_owned(), bytes.to_vec());
}

fn each(browser: &mut Browser, name: &str, change: fn(&mut Vec<u8>)) {
    browser.mirror.iter_mut().filter(|(path, _)| path.ends_with(name)).for_each(|(_, bytes)| change(bytes));
}

fn swap(browser: &mut Browser, path: &str, other: &Repository) {
    put(browser, path, &other.files()[path]);
}

#[test]
fn what_a_mirror_does_wrong_changes_nothing() {
    for (name, fault, id, subject) in FAULTS {
        let old = with_version_2();
        let mut browser = Browser { storage: old.storage, ..Browser::has(&mirror(3)) };
        fault(&mut browser);
        let trouble = browser.refresh().expect_err(name);
        assert_eq!((trouble.id(), trouble.subject().as_str()), (id, subject), "{name}");
        assert!(Trouble::IDS.contains(&trouble.id()), "{name}");
        assert_eq!(browser.version(), Ok(2), "{name}");
        // And as soon as the mirror is itself again:
        let healed = Browser { storage: browser.storage, ..Browser::has(&mirror(3)) };
        assert!(healed.refresh().is_ok(), "{name}");
        assert_eq!(healed.version(), Ok(3), "{name}");
    }
}

#[test]
fn a_mirror_that_stands_still_is_found_out() {
    let browser = with_version_2();
    let trouble = browser.refresh_at(LATE).unwrap().expect_err("the timestamp has expired");
    assert_eq!((trouble.id(), trouble.subject().as_str()), ("expired", "timestamp.json"));
    assert_eq!(browser.version(), Ok(2));
}

#[test]
fn never_below_the_packaged_list() {
    let browser = with_version_2();
    for version in [2, 3] {
        assert!(run(stored(&browser, &floor(version))).unwrap().unwrap().is_none(), "floor {version}");
    }
    let fresh = Browser::has(&mirror(2));
    let trouble = run(refresh(&fresh, &floor(3), None, time(NOW))).unwrap().expect_err("older than the packaged list");
    assert_eq!((trouble.id(), trouble.subject().as_str()), ("rollback", "targets.json"));
}

/// A list in a form that only a later version of the extension reads does not take the place of
/// one that this version reads.
#[test]
fn a_list_of_another_form_is_not_used() {
    let old = with_version_2();
    let mut later = mirror(2);
    let mut release = release(3);
    release.files.insert(LIST.to_owned(), b"BGL9 another form".to_vec());
    release.files.remove(&shard_name("33"));
    later.add(&roles(), release).unwrap();
    let browser = Browser { storage: old.storage, ..Browser::has(&later) };
    let trouble = browser.refresh().expect_err("this version cannot read it");
    assert_eq!((trouble.id(), trouble.subject().as_str()), ("unreadable", LIST));
    assert_eq!(browser.version(), Ok(2));
}

/// Stolen targets keys: once the root has replaced them, a stored list that they signed is not
/// used any more, at the next start already.
#[test]
fn a_stored_list_by_keys_that_were_replaced_is_not_used() {
    let browser = with_version_2();
    let mut fresh = roles();
    fresh.targets = roles().online;
    let rotated = sign::rotated_root(&fresh, issue(2, "2032-01-01T00:00:00Z"), &roles().root).unwrap();
    browser.storage.borrow_mut().insert("metadata/2.root.json".to_owned(), rotated);
    let version = browser.version();
    assert!(matches!(&version, Err(trouble) if trouble.id() == "unsigned"), "{version:?}");
}
