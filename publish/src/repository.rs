//! A TUF repository with consistent snapshots, as any static host can serve it.
//!
//! ```text
//! metadata/1.root.json  metadata/2.root.json  …
//! metadata/timestamp.json
//! metadata/4.snapshot.json  metadata/4.targets.json  metadata/4.REGION.json
//! targets/SHA256.national.bin  …
//! ```
//!
//! All but `timestamp.json` never change once they are there.

use crate::build;
use crate::sign::{self, Delegation, Issue, Made, Role, Roles};
use anyhow::{Result, ensure};
use bon_guichet::trust::Time;
use std::collections::BTreeMap;
use std::path::Path;

/// Files by their path below the repository's folder.
#[derive(Debug, Clone, Default)]
pub struct Repository {
    files: BTreeMap<String, Vec<u8>>,
}

/// A version of the list.
pub struct Release<'r> {
    /// The list's files, by name.
    pub files: BTreeMap<String, Vec<u8>>,
    /// What other roles hold.
    pub delegated: Vec<Delegated<'r>>,
    /// When the list was made.
    pub published: Time,
    /// Of the targets metadata, delegated or not.
    pub targets: Issue,
    /// Of the snapshot.
    pub snapshot: Issue,
    /// Of the timestamp.
    pub timestamp: Issue,
}

/// A role that holds a part of the list.
pub struct Delegated<'r> {
    /// What it is trusted with.
    pub delegation: Delegation<'r>,
    /// Its files, by name.
    pub files: BTreeMap<String, Vec<u8>>,
}

impl Repository {
    /// Adds a root.
    pub fn add_root(&mut self, root: Made) {
        self.files.insert(format!("metadata/{}.root.json", root.version), root.bytes);
    }

    /// Signs and adds a version of the list; earlier ones stay.
    pub fn add(&mut self, roles: &Roles, release: Release) -> Result<()> {
        let Release { files, delegated, published, targets, snapshot, timestamp } = release;
        let mut made = BTreeMap::new();
        let mut delegations = Vec::new();
        for Delegated { delegation, files } in delegated {
            let name = &delegation.name;
            let plain = name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
            ensure!(plain && !name.is_empty(), "{name:?} is no name of a role: use a-z, 0-9 and -");
            let bytes = sign::targets(&files, published, delegation.role, targets)?;
            made.insert(delegation.name.clone(), Made { version: targets.version, bytes });
            delegations.push(delegation);
            self.add_files(files);
        }
        let bytes = match delegations.as_slice() {
            [] => sign::targets(&files, published, &roles.targets, targets)?,
            some => sign::delegating_targets(&files, some, published, &roles.targets, targets)?,
        };
        made.insert("targets".to_owned(), Made { version: targets.version, bytes });
        self.add_files(files);
        let bytes = sign::snapshot(&made, &roles.online, snapshot)?;
        made.insert("snapshot".to_owned(), Made { version: snapshot.version, bytes: bytes.clone() });
        for (name, made) in made {
            self.files.insert(format!("metadata/{}.{name}.json", made.version), made.bytes);
        }
        self.refresh(&Made { version: snapshot.version, bytes }, &roles.online, timestamp)
    }

    /// Signs a new timestamp for a snapshot: what has to be done every few days.
    pub fn refresh(&mut self, snapshot: &Made, online: &Role, timestamp: Issue) -> Result<()> {
        self.files.insert("metadata/timestamp.json".to_owned(), sign::timestamp(snapshot, online, timestamp)?);
        Ok(())
    }

    /// Every file, by its path below the repository's folder.
    pub fn files(&self) -> &BTreeMap<String, Vec<u8>> {
        &self.files
    }

    /// Writes the repository, whole or not at all.
    pub fn write(&self, out: &Path) -> Result<()> {
        build::write_whole(out, &self.files)
    }

    /// With its hash before its last segment (§3.3).
    fn add_files(&mut self, files: BTreeMap<String, Vec<u8>>) {
        for (path, bytes) in files {
            let (folder, name) = path.rsplit_once('/').map_or(("", path.as_str()), |(folder, name)| (folder, name));
            let slash = if folder.is_empty() { "" } else { "/" };
            self.files.insert(format!("targets/{folder}{slash}{}.{name}", sign::sha256(&bytes)), bytes);
        }
    }
}
