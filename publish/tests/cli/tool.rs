//! Runs `bon-guichet-publish` on a desk of its own: a folder with data, keys and a repository.

use bon_guichet::trust::{Refusal, Time};
use publish::client::{Client, Updated};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The moment at which a desk works, unless told otherwise.
pub const NOW: &str = "2026-12-01T00:00:00Z";

/// What a run said.
pub struct Said {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Said {
    /// The one JSON document.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {}", self.out))
    }
}

/// Runs the tool with these words. Nothing can be typed: a question ends it.
pub fn run(words: &[&str]) -> Said {
    said(Command::new(env!("CARGO_BIN_EXE_bon-guichet-publish")).args(words))
}

fn said(command: &mut Command) -> Said {
    let output = command.stdin(Stdio::null()).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Said { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
}

/// A folder in which the tool runs: `data`, and what it makes.
pub struct Desk {
    folder: tempfile::TempDir,
}

impl Desk {
    /// With the data of `tests/lists/small`, as version 1.
    pub fn new() -> Self {
        let desk = Self { folder: tempfile::tempdir().unwrap() };
        copy(&workspace("tests/lists/small"), &desk.at("data"));
        desk.release(1);
        desk
    }

    /// With a root whose keys are not encrypted.
    pub fn with_root() -> Self {
        let desk = Self::new();
        desk.does("init-root --no-passphrase");
        desk
    }

    /// With a published list.
    pub fn with_list() -> Self {
        let desk = Self::with_root();
        desk.publishes(1);
        desk
    }

    pub fn at(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    pub fn write(&self, path: &str, text: &str) {
        std::fs::write(self.at(path), text).unwrap();
    }

    pub fn read(&self, path: &str) -> Vec<u8> {
        let file = self.at(path);
        std::fs::read(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
    }

    /// Sets the version of the list that is packed next.
    pub fn release(&self, version: u32) {
        let dates = "published = \"2026-11-22T00:00:00Z\"\nexpires = \"2027-11-22T00:00:00Z\"";
        let root = "[root]\nversion = 1\nexpires = \"2031-11-22T00:00:00Z\"";
        self.write("data/release.toml", &format!("version = {version}\n{dates}\n{root}\n"));
    }

    /// Packs, signs and publishes a version of the list.
    pub fn publishes(&self, version: u32) {
        self.release(version);
        self.does("pack");
        self.does("sign --key keys/targets-1.pem");
        self.does("sign --key keys/targets-2.pem");
        self.does("refresh --staged staged --key keys/online-1.pem");
    }

    /// Runs the tool; the words are those of the line.
    pub fn run(&self, line: &str) -> Said {
        self.run_with(line, &[])
    }

    /// The same with environment variables.
    pub fn run_with(&self, line: &str, variables: &[(&str, &str)]) -> Said {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bon-guichet-publish"));
        command.current_dir(self.folder.path()).env_remove("BON_GUICHET_PASSPHRASE");
        command.envs(variables.iter().copied()).args(line.split_whitespace());
        if !line.contains("--now") {
            command.args(["--now", NOW]);
        }
        said(&mut command)
    }

    /// What must succeed; gives what was said.
    pub fn does(&self, line: &str) -> String {
        let said = self.run(line);
        assert_eq!((said.code, said.err.as_str()), (0, ""), "{line}: {}", said.out);
        said.out
    }

    /// What must be refused, and leave every file as it was; gives the error.
    pub fn refuses(&self, line: &str) -> String {
        self.refuses_with(line, &[])
    }

    /// The same with environment variables.
    pub fn refuses_with(&self, line: &str, variables: &[(&str, &str)]) -> String {
        let before = tree(self.folder.path());
        let said = self.run_with(line, variables);
        assert_eq!((said.code, said.out.as_str()), (1, ""), "{line}: {}", said.err);
        let after = tree(self.folder.path());
        let differ = |(path, bytes): &(&PathBuf, &Vec<u8>)| after.get(*path) != Some(*bytes);
        let changed: Vec<_> = before.iter().filter(differ).map(|(path, _)| path).collect();
        let came: Vec<_> = after.keys().filter(|path| !before.contains_key(*path)).collect();
        assert!(changed.is_empty() && came.is_empty(), "{line}: changed {changed:?}, came {came:?}");
        said.err.strip_prefix("error: ").unwrap_or_else(|| panic!("{line}: {}", said.err)).trim_end().to_owned()
    }

    /// An extension that was installed with the repository's first root.
    pub fn client(&self) -> Client {
        Client::new(self.read("repository/metadata/1.root.json"))
    }

    /// What the repository serves.
    pub fn served(&self, path: &str) -> Option<Vec<u8>> {
        std::fs::read(self.at("repository").join(path)).ok()
    }

    /// An extension updates from the repository.
    pub fn update(&self, client: &mut Client, now: &str) -> Result<Updated, Refusal> {
        client.update(time(now), |path| self.served(path))
    }
}

pub fn time(text: &str) -> Time {
    Time::parse(text).unwrap_or_else(|| panic!("{text} is no moment"))
}

/// A place of the workspace.
pub fn workspace(path: &str) -> PathBuf {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    root.parent().unwrap().join(path)
}

fn copy(from: &Path, to: &Path) {
    for (path, bytes) in tree(from) {
        let file = to.join(path.strip_prefix(from).unwrap());
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, bytes).unwrap();
    }
}

/// Every file below a folder.
fn tree(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(tree(&path));
        } else {
            let bytes = std::fs::read(&path).unwrap();
            files.insert(path, bytes);
        }
    }
    files
}
