//! Signed lists made from text, in memory.

use crate::table::workspace;
use bon_guichet::list::{NATIONAL, REVOCATIONS};
use bon_guichet::list::{PUBLIC_SUFFIXES, ROOT, SignedList, TARGETS};
use bon_guichet::public_suffix::PublicSuffixes;
use bon_guichet::trust::{Refusal, Time};
use publish::keys::Key;
use publish::reviewed::{self, Reviewed};
use publish::sign::{Issue, Role, Roles};
use publish::{pack, sign, suffix_list};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::LazyLock;

/// The files of a list, by name.
pub type Files = BTreeMap<String, Vec<u8>>;

/// When the test lists were published, and until when they may be used.
pub const PUBLISHED: &str = "2026-11-22T00:00:00Z";
pub const EXPIRES: &str = "2027-11-22T00:00:00Z";

pub static SUFFIXES: LazyLock<Vec<u8>> = LazyLock::new(|| suffix_list::packed().unwrap());

pub fn suffixes() -> PublicSuffixes<'static> {
    PublicSuffixes::open(&SUFFIXES).unwrap()
}

pub fn time(text: &str) -> Time {
    Time::parse(text).unwrap_or_else(|| panic!("{text} is no moment"))
}

/// A data folder of `tests/lists/` that must have no defect.
pub fn reviewed(folder: &str) -> Reviewed {
    let reviewed = reviewed::read(&workspace(&format!("tests/lists/{folder}")), &suffixes()).unwrap();
    assert!(reviewed.problems.is_empty(), "{folder}: {:#?}", reviewed.problems);
    reviewed
}

/// `tests/lists/small`, and the revocations of `tests/lists/struck-off` as a file of their own:
/// `publish` refuses a host that is listed and revoked, but a list may be put together from
/// several publishers' files.
pub fn small() -> Files {
    let (small, struck_off) = (reviewed("small"), reviewed("struck-off"));
    signed(BTreeMap::from([
        (NATIONAL.to_owned(), pack::sites(&small.sites).unwrap()),
        (REVOCATIONS.to_owned(), pack::revocations(&small.revocations).unwrap()),
        ("struck-off.bin".to_owned(), pack::revocations(&struck_off.revocations).unwrap()),
        (PUBLIC_SUFFIXES.to_owned(), SUFFIXES.clone()),
    ]))
}

/// The same entries, each in a file of its own: how a list is cut must not matter. The files are
/// read in order of their names, so in the order of the entries or against it.
pub fn small_in_pieces(reversed: bool) -> Files {
    let (small, struck_off) = (reviewed("small"), reviewed("struck-off"));
    let sites = small.sites.chunks(1).map(|site| pack::sites(site).unwrap());
    let revocations = small.revocations.chunks(1).chain(struck_off.revocations.chunks(1));
    let mut pieces: Vec<Vec<u8>> = sites.chain(revocations.map(|it| pack::revocations(it).unwrap())).collect();
    if reversed {
        pieces.reverse();
    }
    let mut files: Files =
        pieces.into_iter().zip(100..).map(|(piece, number)| (format!("{number}.bin"), piece)).collect();
    files.insert(PUBLIC_SUFFIXES.to_owned(), SUFFIXES.clone());
    signed(files)
}

/// The files with a root and targets metadata by the development keys.
pub fn signed(mut files: Files) -> Files {
    let roles = roles();
    let issue = |expires| Issue { version: 1, expires: time(expires) };
    let root = sign::root(&roles, issue("2031-11-22T00:00:00Z")).unwrap();
    let targets = sign::targets(&files, time(PUBLISHED), &roles.targets, issue(EXPIRES)).unwrap();
    files.insert(ROOT.to_owned(), root);
    files.insert(TARGETS.to_owned(), targets);
    files
}

pub fn open(files: &Files) -> Result<SignedList, Refusal> {
    SignedList::read(|name| files.get(name).cloned())
}

/// The files of a folder.
pub fn files_of(folder: &Path) -> Files {
    let entries = std::fs::read_dir(folder).unwrap().map(Result::unwrap);
    entries.map(|file| (file.file_name().into_string().unwrap(), std::fs::read(file.path()).unwrap())).collect()
}

pub fn roles() -> Roles {
    let key = |name: &&str| Key::read(&workspace("data/keys/development").join(name)).unwrap();
    let role = |names: &[&str], threshold| Role { keys: names.iter().map(key).collect(), threshold };
    Roles {
        root: role(&["root-1.pem", "root-2.pem", "root-3.pem"], 2),
        targets: role(&["targets-1.pem", "targets-2.pem"], 2),
        online: role(&["online-1.pem"], 1),
    }
}
