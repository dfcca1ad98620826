//! A repository on disk, as it is served, and the one way to change it: [`Published::refresh`].

use crate::client::{Client, Updated};
use crate::keys::Key;
use crate::root::{RootModel, issue_of, short};
use crate::sign::{self, Issue, Made, Role};
use crate::staged::{Staged, files_of, read_if_there};
use anyhow::{Context, Result, anyhow, bail, ensure};
use bon_guichet::trust::json::Json;
use bon_guichet::trust::{File, Time, tally};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// A repository on disk.
#[derive(Debug, Clone)]
pub struct Published {
    folder: PathBuf,
    /// The newest root, byte for byte; absent before the first.
    pub root: Option<Vec<u8>>,
    /// The targets metadata in force; absent before the first list.
    pub targets: Option<Vec<u8>>,
    snapshot: Option<Vec<u8>>,
    timestamp: Option<Vec<u8>>,
}

/// How long what is signed online is good.
#[derive(Debug, Clone, Copy)]
pub struct Terms {
    /// Seconds from now to the timestamp's expiry.
    pub timestamp: u64,
    /// Seconds from now to the snapshot's expiry.
    pub snapshot: u64,
}

/// What a refresh did.
#[derive(Debug)]
pub struct Refreshed {
    /// The files that were written, by their path, in this order.
    pub written: Vec<String>,
    /// What clients now have; nothing before the first list.
    pub updated: Option<Updated>,
}

impl Published {
    /// Reads a repository's metadata. A folder that is absent is a repository before its first root.
    pub fn open(folder: &Path) -> Result<Self> {
        let metadata = folder.join("metadata");
        let newest = |kind: &str| -> Result<Option<Vec<u8>>> {
            let number = highest(&metadata, kind)?;
            number.map_or(Ok(None), |number| read_if_there(&metadata.join(format!("{number}.{kind}.json"))))
        };
        Ok(Self {
            folder: folder.to_owned(),
            root: newest("root")?,
            targets: newest("targets")?,
            snapshot: newest("snapshot")?,
            timestamp: read_if_there(&metadata.join("timestamp.json"))?,
        })
    }

    /// The newest root.
    pub fn model(&self) -> Result<RootModel> {
        let remedy = || format!("{} has no root: make one with `init-root`", self.folder.display());
        RootModel::read(self.root.as_ref().with_context(remedy)?)
    }

    /// The version of the list in force, and how long it is good.
    pub fn list(&self) -> Result<Option<Issue>> {
        self.targets.as_ref().map(|targets| issue_of(&sign::parts(targets)?.0)).transpose()
    }

    /// The newest metadata of each kind that is there, by the kind's name.
    pub fn metadata(&self) -> impl Iterator<Item = (&'static str, &Vec<u8>)> {
        let kinds = [
            ("root", &self.root),
            ("targets", &self.targets),
            ("snapshot", &self.snapshot),
            ("timestamp", &self.timestamp),
        ];
        kinds.into_iter().filter_map(|(name, bytes)| Some((name, bytes.as_ref()?)))
    }

    /// Version and last moment of each kind of metadata that is there.
    pub fn expiries(&self) -> Result<Vec<(&'static str, Issue)>> {
        self.metadata().map(|(name, bytes)| Ok((name, issue_of(&sign::parts(bytes)?.0)?))).collect()
    }

    /// A file of the repository, by its path.
    pub fn served(&self, path: &str) -> Option<Vec<u8>> {
        std::fs::read(self.folder.join(path)).ok()
    }

    /// Takes in what is staged and fully signed, signs a new timestamp and, where it is due, a new
    /// snapshot. The core's own client must accept the outcome, fresh and from where it stands now;
    /// otherwise nothing is written. New files come first and the timestamp last, so that a client
    /// finds a whole repository at every moment.
    pub fn refresh(&self, staged: Option<&Staged>, keys: &[Key], terms: Terms, now: Time) -> Result<Refreshed> {
        let mut fresh = staged.map_or(Ok(Vec::new()), |staged| self.taken_in(staged))?;
        let staged_root = staged.and_then(|staged| staged.root.as_ref());
        let root =
            staged_root.or(self.root.as_ref()).context("the repository has no root: make one with `init-root`")?;
        let targets = staged.and_then(|staged| staged.targets.as_ref()).or(self.targets.as_ref());
        let mut timestamp = None;
        if let Some(targets) = targets {
            let snapshot = self.snapshot(root, targets, keys, terms, now)?;
            timestamp = Some(self.next_timestamp(root, &snapshot, keys, terms, now)?);
            fresh.push((format!("metadata/{}.snapshot.json", snapshot.version), snapshot.bytes));
        }
        // The new root may be what makes the timestamp's signature good: nothing comes between them.
        if let Some(root) = staged_root {
            fresh.push((format!("metadata/{}.root.json", RootModel::read(root)?.issue.version), root.clone()));
        }
        fresh.extend(timestamp.map(|bytes| ("metadata/timestamp.json".to_owned(), bytes)));
        fresh.retain(|(path, bytes)| self.served(path).as_ref() != Some(bytes));
        let updated = targets.map(|_| self.tried_out(&fresh, now)).transpose()?;
        write_in_order(&self.folder, &fresh)?;
        Ok(Refreshed { written: fresh.into_iter().map(|(path, _)| path).collect(), updated })
    }

    /// The staged list, as files of the repository.
    fn taken_in(&self, staged: &Staged) -> Result<Vec<(String, Vec<u8>)>> {
        staged.ensure_for(self.root.as_ref())?;
        for count in staged.counts()? {
            let tally = count.tally;
            let missing = || format!("{} has {} of {} signatures ({})", count.file, tally.good, tally.needed, count.by);
            ensure!(count.is_complete(), "{}; let the others `sign` it", missing());
        }
        let mut fresh: Vec<_> =
            staged.files.iter().map(|(name, bytes)| (format!("targets/{name}"), bytes.clone())).collect();
        if let Some(targets) = &staged.targets {
            let issue = issue_of(&sign::parts(targets)?.0)?;
            if let Some(current) = self.list()? {
                let (found, known) = (issue.version, current.version);
                ensure!(found > known, "the list goes back from version {known} to version {found}: raise `version`");
            }
            fresh.push((format!("metadata/{}.targets.json", issue.version), targets.clone()));
        }
        Ok(fresh)
    }

    /// The snapshot in force, if it still serves: signed by the root's keys, naming this list, and
    /// with more than half of its term to come. Otherwise a new one. So most days clients need not
    /// fetch it.
    fn snapshot(&self, root: &[u8], targets: &[u8], keys: &[Key], terms: Terms, now: Time) -> Result<Made> {
        if let Some(bytes) = self.snapshot.as_ref().filter(|bytes| is_signed(bytes, root, "snapshot")) {
            let (content, _) = sign::parts(bytes)?;
            let named = content.get("meta").and_then(|meta| meta.get("targets.json"));
            let hash = named.and_then(|meta| meta.get("hashes")).and_then(|hashes| hashes.get("sha256"));
            let Issue { version, expires } = issue_of(&content)?;
            let names_it = hash.and_then(Json::text) == Some(&sign::sha256(targets));
            if names_it && expires.0 > now.0 + terms.snapshot / 2 {
                return Ok(Made { version, bytes: bytes.clone() });
            }
        }
        // A number is never used twice: caches keep these files for ever.
        let version = next(
            highest(&self.folder.join("metadata"), "snapshot")?,
            "snapshot",
            "if others wrote that file, rotate the online key and remove it",
        )?;
        let issue = Issue { version, expires: Time(now.0 + terms.snapshot) };
        let made = Made { version: issue_of(&sign::parts(targets)?.0)?.version, bytes: targets.to_owned() };
        let roles = BTreeMap::from([("targets".to_owned(), made)]);
        let bytes = sign::snapshot(&roles, &role(&RootModel::read(root)?, "snapshot", keys)?, issue)?;
        Ok(Made { version, bytes })
    }

    fn next_timestamp(&self, root: &[u8], snapshot: &Made, keys: &[Key], terms: Terms, now: Time) -> Result<Vec<u8>> {
        // The number of a timestamp that others signed does not count: clients forget it with its key.
        let known = self.timestamp.as_ref().filter(|bytes| is_signed(bytes, root, "timestamp"));
        let known = known.map(|bytes| issue_of(&sign::parts(bytes)?.0)).transpose()?;
        let version = next(known.map(|issue| issue.version), "timestamp", "rotate the key that signed it")?;
        let issue = Issue { version, expires: Time(now.0 + terms.timestamp) };
        sign::timestamp(snapshot, &role(&RootModel::read(root)?, "timestamp", keys)?, issue)
    }

    /// What the core's client says of the repository with the fresh files.
    fn tried_out(&self, fresh: &[(String, Vec<u8>)], now: Time) -> Result<Updated> {
        let overlay: BTreeMap<&str, &Vec<u8>> = fresh.iter().map(|(path, bytes)| (path.as_str(), bytes)).collect();
        let with_fresh = |path: &str| overlay.get(path).map(|bytes| (*bytes).clone()).or_else(|| self.served(path));
        let first = with_fresh("metadata/1.root.json").context("metadata/1.root.json is missing")?;
        let mut installed = Client::new(first);
        // Whether it accepts the repository as it stood does not matter: what it stored does.
        let _ = installed.update(now, |path| self.served(path));
        let refused = |refusal| anyhow!("clients would refuse this, so nothing was written: {refusal}");
        Client::new(installed.packaged().to_owned()).update(now, with_fresh).map_err(refused)?;
        installed.update(now, with_fresh).map_err(refused)
    }
}

/// The keys that were given and hold the role.
fn role(model: &RootModel, name: &str, keys: &[Key]) -> Result<Role> {
    let holders = model.holders(name)?;
    let own = keys.iter().filter(|key| holders.have(key.id()));
    let keys: Vec<Key> = own.cloned().collect();
    if keys.len() < holders.threshold {
        let wanted: Vec<&str> = holders.keys.iter().map(|key| short(key.id())).collect();
        let wanted = wanted.join(", ");
        bail!("{} of {} keys that must sign the {name} were given; it takes {wanted}", keys.len(), holders.threshold);
    }
    Ok(Role { keys, threshold: holders.threshold })
}

/// Whether enough keys that `root` names for the role have signed.
fn is_signed(bytes: &[u8], root: &[u8], kind: &str) -> bool {
    let file = if kind == "snapshot" { File::Snapshot } else { File::Timestamp };
    let Ok((root, _)) = sign::parts(root) else { return false };
    let role = root.get("roles").and_then(|roles| roles.get(kind));
    tally(bytes, file, role, root.get("keys")).is_ok_and(|tally| tally.good >= tally.needed)
}

/// The highest number of `N.KIND.json` in a folder.
fn highest(metadata: &Path, kind: &str) -> Result<Option<u32>> {
    let files = files_of(metadata)?;
    let number = |file: &PathBuf| {
        let name = file.file_name()?.to_str()?;
        name.strip_suffix(&format!(".{kind}.json"))?.parse::<u32>().ok()
    };
    Ok(files.iter().filter_map(number).max())
}

fn next(known: Option<u32>, kind: &str, remedy: &str) -> Result<u32> {
    known.unwrap_or(0).checked_add(1).with_context(|| format!("the {kind}'s version cannot go higher: {remedy}"))
}

/// Writes all files to a folder beside, then moves each to its place, in this order.
fn write_in_order(folder: &Path, files: &[(String, Vec<u8>)]) -> Result<()> {
    let mut beside = folder.as_os_str().to_owned();
    beside.push(format!(".new-{}", std::process::id()));
    let beside = PathBuf::from(beside);
    for (path, bytes) in files {
        let (fresh, place) = (beside.join(path), folder.join(path));
        for parent in [&fresh, &place].into_iter().filter_map(|file| file.parent()) {
            std::fs::create_dir_all(parent).with_context(|| format!("cannot make {}", parent.display()))?;
        }
        std::fs::write(&fresh, bytes).with_context(|| format!("cannot write {}", fresh.display()))?;
    }
    for (path, _) in files {
        let place = folder.join(path);
        std::fs::rename(beside.join(path), &place).with_context(|| format!("cannot write {}", place.display()))?;
    }
    std::fs::remove_dir_all(&beside).with_context(|| format!("cannot remove {}", beside.display()))
}
