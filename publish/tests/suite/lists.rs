//! Signed lists made from text, in memory.

use crate::table::workspace;
use bon_guichet::list::{
    LIST, PUBLIC_SUFFIXES, Packer, REVOCATIONS, ROOT, Shard, SignedList, TARGETS, assemble, shard_department,
};
use bon_guichet::public_suffix::PublicSuffixes;
use bon_guichet::trust::{Refusal, Time};
use publish::keys::Key;
use publish::reviewed::{self, Reviewed};
use publish::sign::{Issue, Role, Roles};
use publish::{pack, sign, suffix_list};
use std::collections::BTreeMap;
use std::fs;
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

/// `tests/lists/small`, struck-off names included: `publish` refuses a host that is listed and
/// revoked, but nothing keeps a publisher with another tool from signing it.
pub fn small() -> Files {
    let small = reviewed("small");
    let mut files = pack::sites(&small.sites).unwrap();
    files.insert(REVOCATIONS.to_owned(), small_revocations());
    files.insert(PUBLIC_SUFFIXES.to_owned(), SUFFIXES.clone());
    signed(files)
}

/// The same entries, each in a shard of its own, and the list put together from these: how a list
/// came about must not matter.
pub fn small_assembled(reversed: bool) -> Files {
    let mut sites = reviewed("small").sites;
    for (site, number) in sites.iter_mut().zip(10..) {
        site.department = format!("{number}");
    }
    let shards: Vec<(String, Shard)> = pack::sites(&sites)
        .unwrap()
        .into_iter()
        .filter_map(|(name, bytes)| Some((shard_department(&name)?, Shard::open(bytes).unwrap())))
        .collect();
    assert_eq!(shards.len(), sites.len() + 1);
    let mut changed: Vec<(&str, Option<&Shard>)> =
        shards.iter().map(|(department, shard)| (department.as_str(), Some(shard))).collect();
    if reversed {
        changed.reverse();
    }
    let empty = Shard::open(Packer::default().pack().unwrap()).unwrap();
    signed(BTreeMap::from([
        (LIST.to_owned(), assemble(&empty, &changed).unwrap()),
        (REVOCATIONS.to_owned(), small_revocations()),
        (PUBLIC_SUFFIXES.to_owned(), SUFFIXES.clone()),
    ]))
}

fn small_revocations() -> Vec<u8> {
    let revocations = [reviewed("small").revocations, reviewed("struck-off").revocations];
    pack::revocations(&revocations.concat()).unwrap()
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

/// A good data folder of one's own: that of `tests/lists/small`.
pub fn data() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    copy(&workspace("tests/lists/small"), folder.path());
    copy(&workspace("data/keys"), &folder.path().join("keys"));
    assert!(reviewed::read(folder.path(), &suffixes()).unwrap().problems.is_empty());
    folder
}

/// Copies a folder with all that is in it.
pub fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for item in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let to = to.join(item.file_name());
        if item.file_type().unwrap().is_dir() {
            copy(&item.path(), &to);
        } else {
            fs::copy(item.path(), to).unwrap();
        }
    }
}

/// Writes a file of a data folder.
pub fn write(folder: &Path, name: &str, text: &str) {
    let file = folder.join(name);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, text).unwrap();
}

/// The text of an entry for a host.
pub fn entry(host: &str, organisation: &str) -> String {
    format!(
        "[[site]]\nhost = {host:?}\nscope = \"host\"\norganisation = {organisation:?}\n\
         purpose = {{ fr = \"Démarches\", en = \"Procedures\" }}\nsources = [\"test\"]\nchecked = 2026-11-22\n"
    )
}
