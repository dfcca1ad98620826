//! Both ways with python-tuf, the reference implementation: what it makes, our updater accepts;
//! what we make, its client accepts.
//!
//! python-tuf comes from `PyPI`, locked by hash, into a virtual environment of the target folder; a
//! machine that cannot have it fails here, and says why.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

use bon_guichet::trust::update::{Ask, Limits, Updater};
use bon_guichet::trust::{Refusal, Time};
use ed25519_dalek::SigningKey;
use publish::repository::{Delegated, Release, Repository};
use publish::sign::{self, Delegation, Issue, Made, Role, Roles};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;
use std::time::SystemTime;

static PYTHON: LazyLock<PathBuf> = LazyLock::new(|| {
    let environment = Path::new(env!("CARGO_TARGET_TMPDIR")).join("python-tuf-7.0.0");
    let python = environment.join("bin/python");
    let has_it = || python.exists() && succeeds(Command::new(&python).args(["-c", "import tuf.ngclient"]));
    if !has_it() {
        let requirements = scripts().join("requirements.txt");
        run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&environment));
        let pip = ["-m", "pip", "install", "--quiet", "--require-hashes", "--only-binary=:all:", "--requirement"];
        run(Command::new(&python).args(pip).arg(requirements));
        assert!(has_it(), "python-tuf was installed, but cannot be imported");
    }
    python
});

#[test]
fn our_updater_accepts_what_python_tuf_makes() {
    let folder = tempfile::tempdir().unwrap();
    run(Command::new(&*PYTHON).arg(scripts().join("make_repository.py")).arg(folder.path()));
    let mut updater = updater(folder.path());
    assert_eq!(take(&mut updater, folder.path(), None), Ok(Vec::new()));
    assert_eq!(updater.root().version, 2, "the root was rotated");
    assert_eq!(updater.targets().unwrap().names().collect::<Vec<_>>(), ["national.bin"]);
    assert_eq!(updater.trusted().unwrap().published, Time::parse("2026-11-22T00:00:00Z").unwrap());
    assert_eq!(take(&mut updater, folder.path(), Some("national.bin")), Ok("été".into()));
    assert_eq!(take(&mut updater, folder.path(), Some("regions/29.bin")), Ok("29".into()));
    let refusal = take(&mut updater, folder.path(), Some("regions/30.bin")).unwrap_err();
    assert_eq!(refusal.to_string(), "regions/30.bin is not named in targets.json");
}

/// Every file in turn, its expiry put off by a century.
#[test]
fn our_updater_refuses_what_python_tuf_did_not_make() {
    let folder = tempfile::tempdir().unwrap();
    run(Command::new(&*PYTHON).arg(scripts().join("make_repository.py")).arg(folder.path()));
    for name in ["2.root.json", "timestamp.json", "1.snapshot.json", "1.targets.json", "1.regions.json"] {
        let file = folder.path().join("metadata").join(name);
        let good = std::fs::read_to_string(&file).unwrap();
        assert!(good.contains("\"expires\":\"20"), "{name}: {good}");
        std::fs::write(&file, good.replacen("\"expires\":\"20", "\"expires\":\"21", 1)).unwrap();
        let mut updater = updater(folder.path());
        let found = take(&mut updater, folder.path(), None)
            .and_then(|_| take(&mut updater, folder.path(), Some("regions/29.bin")));
        let refusal = found.unwrap_err();
        let refused_as_unsigned = matches!(refusal, Refusal::Threshold { .. } | Refusal::Hash(_));
        assert!(refused_as_unsigned && name.ends_with(&refusal.file().to_string()), "{name}: {refusal}");
        std::fs::write(&file, good).unwrap();
    }
}

#[test]
fn python_tuf_accepts_what_we_make() {
    let folder = tempfile::tempdir().unwrap();
    let repository = folder.path().join("repository");
    ours().write(&repository).unwrap();
    let output = use_repository(&repository, &folder.path().join("work"));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    let wanted = json!({
        "contents": {"national.bin": "second", "regions/29.bin": "29", "nothing.bin": null},
        "versions": {"root": 2, "timestamp": 7, "snapshot": 3, "targets": 2},
    });
    assert_eq!(found, wanted);
    // And so does ours.
    let mut updater = updater(&repository);
    take(&mut updater, &repository, None).unwrap();
    assert_eq!(take(&mut updater, &repository, Some("national.bin")), Ok("second".into()));
    assert_eq!(take(&mut updater, &repository, Some("regions/29.bin")), Ok("29".into()));
}

/// A whole life, by the publisher's command line: two lists, and a root whose every role has new keys.
#[test]
fn python_tuf_accepts_what_the_command_line_makes() {
    let desk = tempfile::tempdir().unwrap();
    let tool = |line: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bon-guichet-publish"));
        run(command.current_dir(desk.path()).args(line.split_whitespace()));
    };
    let publish = |signs: &str, online: &str| {
        tool("pack");
        tool(&format!("sign {signs}"));
        tool(&format!("refresh --staged staged --key {online}"));
    };
    let release = |version: &str| {
        let file = desk.path().join("data/release.toml");
        let text = std::fs::read_to_string(&file).unwrap();
        std::fs::write(&file, text.replacen("version = 1", &format!("version = {version}"), 1)).unwrap();
    };
    run(Command::new("cp").arg("-r").arg(workspace("tests/lists/small")).arg(desk.path().join("data")));
    tool("init-root --no-passphrase");
    publish("--key keys/targets-1.pem --key keys/targets-2.pem", "keys/online-1.pem");
    let mut changes = Vec::new();
    for (role, old) in [("root", 3), ("targets", 2), ("online", 1)] {
        for number in 1..=old {
            tool(&format!("make-key new/{role}-{number}.pem --no-passphrase"));
            changes
                .push(format!("--remove {role}=keys/{role}-{number}.pub.pem --add {role}=new/{role}-{number}.pub.pem"));
        }
    }
    tool(&format!("rotate-root {}", changes.join(" ")));
    let roots = "--key keys/root-3.pem --key keys/root-1.pem --key new/root-2.pem --key new/root-3.pem";
    release("2");
    publish(&format!("{roots} --key new/targets-1.pem --key new/targets-2.pem"), "new/online-1.pem");
    tool("refresh --key new/online-1.pem");

    let repository = desk.path().join("repository");
    let output = use_repository(&repository, &desk.path().join("work"));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(found["versions"], json!({"root": 2, "timestamp": 2, "snapshot": 2, "targets": 2}));
    let mut updater = updater(&repository);
    take(&mut updater, &repository, None).unwrap();
    let ours = take(&mut updater, &repository, Some("national.bin")).unwrap();
    let theirs = found["contents"]["national.bin"].as_str().unwrap();
    assert!(theirs.chars().eq(ours.iter().map(|&byte| char::from(byte))), "both clients take the same bytes");
}

#[test]
fn python_tuf_refuses_what_we_did_not_make() {
    let folder = tempfile::tempdir().unwrap();
    let repository = folder.path().join("repository");
    ours().write(&repository).unwrap();
    let file = repository.join("metadata/timestamp.json");
    let good = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, good.replace("2099", "2098")).unwrap();
    let output = use_repository(&repository, &folder.path().join("work"));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && said.contains("UnsignedMetadataError"), "{said}");
}

/// Two releases, one delegation, and a root whose keys are all rotated.
fn ours() -> Repository {
    let online = || role(&[6], 1);
    let before = Roles { root: role(&[1, 2, 3], 2), targets: role(&[4, 5], 2), online: online() };
    let after = Roles { root: role(&[7, 8, 9], 2), targets: role(&[4, 5], 2), online: online() };
    let regions = role(&[10, 11], 2);
    let mut repository = Repository::default();
    let root = sign::root(&before, issue(1)).unwrap();
    repository.add_root(Made { version: 1, bytes: root });
    repository.add(&before, release("first", Vec::new(), [1, 1, 1])).unwrap();
    let root = sign::rotated_root(&after, issue(2), &before.root).unwrap();
    repository.add_root(Made { version: 2, bytes: root });
    let delegation = Delegation {
        name: "regions".to_owned(),
        role: &regions,
        paths: vec!["regions/*".to_owned()],
        terminating: true,
    };
    let delegated = Delegated { delegation, files: files("regions/29.bin", "29") };
    repository.add(&after, release("second", vec![delegated], [2, 3, 7])).unwrap();
    repository
}

fn release<'r>(content: &str, delegated: Vec<Delegated<'r>>, [targets, snapshot, timestamp]: [u32; 3]) -> Release<'r> {
    Release {
        files: files("national.bin", content),
        delegated,
        published: Time::parse("2026-11-22T00:00:00Z").unwrap(),
        targets: issue(targets),
        snapshot: issue(snapshot),
        timestamp: issue(timestamp),
    }
}

fn role(seeds: &[u8], threshold: usize) -> Role {
    Role { keys: seeds.iter().map(|&seed| SigningKey::from_bytes(&[seed; 32]).into()).collect(), threshold }
}

fn issue(version: u32) -> Issue {
    Issue { version, expires: Time::parse("2099-11-22T00:00:00Z").unwrap() }
}

fn files(name: &str, content: &str) -> BTreeMap<String, Vec<u8>> {
    [(name.to_owned(), content.into())].into()
}

// Our client, from a folder.

fn updater(repository: &Path) -> Updater {
    let root = std::fs::read(repository.join("metadata/1.root.json")).unwrap();
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    Updater::new(&root, Time(now.as_secs()), Limits::default()).unwrap()
}

/// A refresh, or a target.
fn take(updater: &mut Updater, repository: &Path, target: Option<&str>) -> Result<Vec<u8>, Refusal> {
    let mut ask = match target {
        Some(path) => updater.find(path)?,
        None => updater.start(),
    };
    loop {
        let answer = match ask {
            Ask::FetchMetadata { name, .. } => std::fs::read(repository.join("metadata").join(name)).ok(),
            Ask::FetchTarget { path, .. } => std::fs::read(repository.join("targets").join(path)).ok(),
            Ask::Load { .. } | Ask::LoadTarget { .. } | Ask::Store { .. } => None,
            Ask::Done => return Ok(Vec::new()),
            Ask::Take { bytes, .. } => return Ok(bytes),
        };
        ask = updater.answer(answer)?;
    }
}

// Theirs.

fn use_repository(repository: &Path, work: &Path) -> Output {
    let targets = ["national.bin", "regions/29.bin", "nothing.bin"];
    let mut command = Command::new(&*PYTHON);
    command.arg(scripts().join("use_repository.py")).arg(repository).arg(work).args(targets).output().unwrap()
}

fn workspace(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}

fn scripts() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/interop")
}

fn succeeds(command: &mut Command) -> bool {
    command.output().is_ok_and(|output| output.status.success())
}

fn run(command: &mut Command) {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(output.status.success(), "{command:?}:\n{}", String::from_utf8_lossy(&output.stderr));
}
