//! A root or a list that waits for signatures: a folder that goes from one key holder to the next.
//!
//! ```text
//! root.json               the root in force; absent before the first
//! metadata/2.root.json    the root that is to follow it
//! metadata/5.targets.json the list that is to follow the one in force
//! targets/SHA256.NAME     its files
//! ```

use crate::build;
use crate::keys::Key;
use crate::root::{RootModel, issue_of, short};
use crate::sign::{self, Issue};
use anyhow::{Context, Result, bail, ensure};
use bon_guichet::trust::json::Json;
use bon_guichet::trust::{File, Tally, tally};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The root in force, as a file of the folder.
const IN_FORCE: &str = "root.json";

/// What waits for signatures.
#[derive(Debug, Clone, Default)]
pub struct Staged {
    /// The root in force, byte for byte.
    pub in_force: Option<Vec<u8>>,
    /// The root that is to follow it.
    pub root: Option<Vec<u8>>,
    /// The targets metadata that is to follow the one in force.
    pub targets: Option<Vec<u8>>,
    /// The list's files, by the names that consistent snapshots give them (§3.3).
    pub files: BTreeMap<String, Vec<u8>>,
}

/// How many signatures of a role a file has, and how many it needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Count {
    /// `2.root.json`
    pub file: String,
    /// Whose: `root, as version 1 names it`.
    pub by: String,
    /// Good and needed ones.
    pub tally: Tally,
}

impl Count {
    /// Whether there are enough.
    pub fn is_complete(&self) -> bool {
        self.tally.good >= self.tally.needed
    }
}

impl Staged {
    /// Reads a folder; refuses one that was damaged on its way.
    pub fn read(folder: &Path) -> Result<Self> {
        let name = folder.display();
        ensure!(folder.is_dir(), "there is no staged folder {name}: make one with `pack` or `rotate-root`");
        let mut staged = Self { in_force: read_if_there(&folder.join(IN_FORCE))?, ..Self::default() };
        for file in files_of(&folder.join("metadata"))? {
            let bytes = std::fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
            let kind = file.file_name().and_then(|name| name.to_str()).and_then(|name| name.split_once('.'));
            let slot = match kind {
                Some((_, "root.json")) => &mut staged.root,
                Some((_, "targets.json")) => &mut staged.targets,
                _ => bail!("{} is neither N.root.json nor N.targets.json; remove it", file.display()),
            };
            ensure!(slot.is_none(), "{name} holds two of {}; keep one", file.display());
            sign::parts(&bytes).with_context(|| format!("{} is damaged: stage it again", file.display()))?;
            *slot = Some(bytes);
        }
        for file in files_of(&folder.join("targets"))? {
            let bytes = std::fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
            staged.files.insert(file_name(&file), bytes);
        }
        ensure!(staged.root.is_some() || staged.targets.is_some(), "nothing is staged in {name}: use `pack`");
        staged.check_files().with_context(|| format!("{name} is damaged: stage it again"))?;
        Ok(staged)
    }

    /// The folder, or an empty one if there is none: for more to be staged on top of this root.
    pub fn open(folder: &Path, in_force: Option<&Vec<u8>>) -> Result<Self> {
        if !folder.exists() {
            return Ok(Self { in_force: in_force.cloned(), ..Self::default() });
        }
        let staged = Self::read(folder)?;
        staged.ensure_for(in_force)?;
        Ok(staged)
    }

    /// Refuses what was staged on top of another root than this.
    pub fn ensure_for(&self, in_force: Option<&Vec<u8>>) -> Result<()> {
        let other = "the staged folder was made for another root than the repository's newest";
        ensure!(self.in_force.as_ref() == in_force, "{other}: remove it, and stage again");
        Ok(())
    }

    /// Puts the folder there, whole or not at all.
    pub fn write(&self, folder: &Path) -> Result<()> {
        let mut files = BTreeMap::new();
        files.extend(self.in_force.clone().map(|bytes| (IN_FORCE.to_owned(), bytes)));
        for (kind, bytes) in [("root", &self.root), ("targets", &self.targets)] {
            if let Some(bytes) = bytes {
                files.insert(format!("metadata/{}.{kind}.json", issue(bytes)?.version), bytes.clone());
            }
        }
        files.extend(self.files.iter().map(|(name, bytes)| (format!("targets/{name}"), bytes.clone())));
        build::write_whole(folder, &files)
    }

    /// Stages a list. One that is signed already is not thrown away.
    pub fn put_list(&mut self, content: Json, files: &BTreeMap<String, Vec<u8>>) -> Result<()> {
        if let Some(old) = &self.targets {
            let signed = sign::parts(old)?.1.len();
            let number = issue(old)?.version;
            let remedy = "remove the staged folder to give them up";
            ensure!(signed == 0, "list {number} is staged already, with {signed} signatures; {remedy}");
        }
        self.targets = Some(sign::envelope(content, []));
        self.files = files.iter().map(|(name, bytes)| (consistent_name(name, bytes), bytes.clone())).collect();
        Ok(())
    }

    /// Stages a root. One that is staged already is not thrown away.
    pub fn put_root(&mut self, root: &RootModel) -> Result<()> {
        if let Some(old) = &self.root {
            let number = issue(old)?.version;
            bail!("root {number} is staged already; sign it, or remove the staged folder to give it up");
        }
        root.check()?;
        self.root = Some(sign::envelope(root.content()?, []));
        Ok(())
    }

    /// Adds a key's signature to each file that it may sign; gives these files' names.
    pub fn sign(&mut self, key: &Key) -> Result<Vec<String>> {
        let mut signed = Vec::new();
        for kind in ["root", "targets"] {
            let may_sign =
                self.voices(kind)?.iter().any(|(_, model)| model.holders(kind).is_ok_and(|it| it.have(key.id())));
            let slot = if kind == "root" { &mut self.root } else { &mut self.targets };
            if let Some(bytes) = slot.as_mut().filter(|_| may_sign) {
                *bytes = sign::add_signature(bytes, key)?;
                signed.push(format!("{}.{kind}.json", issue(bytes)?.version));
            }
        }
        ensure!(!signed.is_empty(), "the key {} has nothing to sign here: {}", short(key.id()), self.wanted()?);
        Ok(signed)
    }

    /// The staged list's version, and how long it will be good.
    pub fn list(&self) -> Result<Option<Issue>> {
        self.targets.as_ref().map(|targets| issue(targets)).transpose()
    }

    /// How far the signatures have come.
    pub fn counts(&self) -> Result<Vec<Count>> {
        let mut counts = Vec::new();
        for (kind, file, bytes) in [("root", File::Root, &self.root), ("targets", File::Targets, &self.targets)] {
            let Some(bytes) = bytes else { continue };
            let name = format!("{}.{kind}.json", issue(bytes)?.version);
            for (by, model) in self.voices(kind)? {
                let root = model.content()?;
                let role = root.get("roles").and_then(|roles| roles.get(kind));
                let tally = tally(bytes, file.clone(), role, root.get("keys"))?;
                counts.push(Count { file: name.clone(), by, tally });
            }
        }
        Ok(counts)
    }

    /// The root that will be in force: the staged one, or the one that is.
    pub fn next_root(&self) -> Result<RootModel> {
        let root = self.root.as_ref().or(self.in_force.as_ref());
        RootModel::read(root.context("the staged folder holds no root: stage it again")?)
    }

    /// Whose signatures a file needs. A root needs those of its own keys and of the root before it
    /// (§5.3.4), a list those of the root that will be in force.
    fn voices(&self, kind: &str) -> Result<Vec<(String, RootModel)>> {
        let named = |model: RootModel| (format!("{kind}, as root {} names it", model.issue.version), model);
        let mut voices = vec![named(self.next_root()?)];
        if kind == "root"
            && let Some(before) = &self.in_force
        {
            voices.push(named(RootModel::read(before)?));
        }
        Ok(voices)
    }

    /// Which keys could sign, for people.
    fn wanted(&self) -> Result<String> {
        let mut wanted = BTreeSet::new();
        for (kind, bytes) in [("root", &self.root), ("targets", &self.targets)] {
            for (by, model) in self.voices(kind)?.iter().filter(|_| bytes.is_some()) {
                let ids: Vec<&str> = model.holders(kind)?.keys.iter().map(|key| short(key.id())).collect();
                wanted.insert(format!("{by}: {}", ids.join(", ")));
            }
        }
        Ok(Vec::from_iter(wanted).join("; "))
    }

    /// Every file that the list names must be there, and no other.
    fn check_files(&self) -> Result<()> {
        let mut named = BTreeSet::new();
        if let Some(targets) = &self.targets {
            let (content, _) = sign::parts(targets)?;
            let Some(Json::Object(table)) = content.get("targets") else { bail!("a list without files") };
            for (name, entry) in table.iter() {
                let hash = entry.get("hashes").and_then(|hashes| hashes.get("sha256")).and_then(Json::text);
                named.insert(format!("{}.{name}", hash.context("a file without SHA-256")?));
            }
        }
        for (name, bytes) in &self.files {
            ensure!(named.remove(name), "{name} is not named in targets.json");
            let hash = name.split_once('.').map_or("", |(hash, _)| hash);
            ensure!(sign::sha256(bytes) == hash, "{name} does not have the SHA-256 of its name");
        }
        match named.first() {
            None => Ok(()),
            Some(name) => bail!("{name} is missing"),
        }
    }
}

/// A target's name with its hash before it (§3.3).
pub fn consistent_name(name: &str, bytes: &[u8]) -> String {
    format!("{}.{name}", sign::sha256(bytes))
}

fn issue(file: &[u8]) -> Result<Issue> {
    issue_of(&sign::parts(file)?.0)
}

fn file_name(file: &Path) -> String {
    file.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// The files of a folder that may be absent, by name.
pub(crate) fn files_of(folder: &Path) -> Result<Vec<PathBuf>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let entries = std::fs::read_dir(folder).with_context(|| format!("cannot read the folder {}", folder.display()))?;
    let mut files = entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    files.sort();
    Ok(files)
}

/// The bytes of a file that may be absent.
pub(crate) fn read_if_there(file: &Path) -> Result<Option<Vec<u8>>> {
    match std::fs::read(file) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("cannot read {}", file.display())),
    }
}
