//! A publisher's desk: a copy of `data/`, and the publisher's own tool.

use crate::stage::{copy_folder, root};
use anyhow::{Context, Result, ensure};
use publish::published::Published;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A folder in which `bon-guichet-publish` runs.
pub struct Desk {
    tool: PathBuf,
    folder: tempfile::TempDir,
}

/// A town hall of the list: a line of `official-sites/communes/`.
#[derive(Debug, Clone)]
pub struct TownHall {
    /// The INSEE code of its commune.
    pub insee: String,
    pub name: String,
    pub host: String,
}

impl Desk {
    /// With `data/` as it stands, and a root of its own whose keys are not encrypted.
    pub fn new() -> Result<Self> {
        let desk = Self { tool: tool()?, folder: tempfile::tempdir()? };
        copy_folder(&root().join("data"), &desk.at("data"))?;
        desk.does("init-root --no-passphrase")?;
        Ok(desk)
    }

    pub fn at(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    /// Runs the tool; the words are those of the line.
    pub fn does(&self, line: &str) -> Result<()> {
        let mut command = Command::new(&self.tool);
        command.current_dir(self.folder.path()).args(line.split_whitespace());
        said(&mut command).map(|_| ())
    }

    /// Packs, signs by both holders, and publishes.
    pub fn publishes(&self) -> Result<()> {
        self.does("pack")?;
        self.does("sign --key keys/targets-1.pem")?;
        self.does("sign --key keys/targets-2.pem")?;
        self.does("refresh --staged staged --key keys/online-1.pem")
    }

    /// Changes a file as a person does; the change must find what it looks for.
    pub fn edits(&self, path: &str, edit: impl FnOnce(&str) -> Option<String>) -> Result<()> {
        let path = self.at(path);
        let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        let edited = edit(&text).with_context(|| format!("{}: not what was to be changed:\n{text}", path.display()))?;
        Ok(fs::write(path, edited)?)
    }

    /// Takes the first town hall of a département out of the list.
    pub fn takes_out(&self, department: &str) -> Result<TownHall> {
        let mut taken = None;
        self.edits(&format!("data/official-sites/communes/{department}.tsv"), |text| {
            let (head, rest) = text.split_once('\n')?;
            let (line, rest) = rest.split_once('\n')?;
            let mut cells = line.split('\t').map(str::to_owned);
            taken = Some(TownHall { insee: cells.next()?, name: cells.next()?, host: cells.next()? });
            Some(format!("{head}\n{rest}"))
        })?;
        taken.context("no town hall was taken out")
    }

    /// Raises the version of the list that is packed next.
    pub fn raises_version(&self) -> Result<()> {
        self.edits("data/release.toml", |text| {
            let (before, version) = text.split_once("\nversion = ")?;
            let (version, after) = version.split_once('\n')?;
            Some(format!("{before}\nversion = {}\n{after}", version.parse::<u64>().ok()? + 1))
        })
    }

    /// Every file of the repository, by its path.
    pub fn repository(&self) -> Result<BTreeMap<String, Vec<u8>>> {
        let mut files = BTreeMap::new();
        for folder in ["metadata", "targets"] {
            for entry in fs::read_dir(self.at("repository").join(folder))? {
                let entry = entry?;
                files.insert(format!("{folder}/{}", entry.file_name().display()), fs::read(entry.path())?);
            }
        }
        Ok(files)
    }

    /// Writes what an extension is built with when the published list is in force.
    pub fn packages(&self, folder: &Path) -> Result<()> {
        let published = Published::open(&self.at("repository"))?;
        for (kind, bytes) in published.metadata().filter(|(kind, _)| ["root", "targets"].contains(kind)) {
            fs::write(folder.join(format!("{kind}.json")), bytes)?;
        }
        for (path, bytes) in self.repository()? {
            let name = path.split_once('.').map_or("", |(_, name)| name);
            if bon_guichet::list::FILES.contains(&name) {
                fs::write(folder.join(name), bytes)?;
            }
        }
        Ok(())
    }
}

/// The publisher's tool, built if it was not.
fn tool() -> Result<PathBuf> {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.current_dir(root()).args(["build", "--quiet", "--locked", "--package", "publish"]);
    let messages = said(cargo.args(["--bin", "bon-guichet-publish", "--message-format", "json"]))?;
    let messages = messages.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let executable = messages.filter_map(|message| message["executable"].as_str().map(PathBuf::from)).next_back();
    executable.context("cargo built no tool")
}

/// What a program that succeeds says. Nothing can be typed: a question ends it.
fn said(command: &mut Command) -> Result<String> {
    let output = command.stdin(Stdio::null()).output()?;
    let [out, err] = [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes).into_owned());
    ensure!(output.status.success(), "{command:?}: {}\n{out}{err}", output.status);
    Ok(out)
}
