//! A whole signed list from a data folder.

use crate::date::Date;
use crate::keys::Key;
use crate::reviewed::{self, Reviewed};
use crate::sign::{self, Issue, Role, Roles};
use crate::{expiry, pack, suffix_list};
use anyhow::{Context, Result, bail};
use bon_guichet::list::{PUBLIC_SUFFIXES, RESEMBLANCE, REVOCATIONS, ROOT, TARGETS, shard_department};
use bon_guichet::public_suffix::PublicSuffixes;
use bon_guichet::trust::Time;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What was built.
#[derive(Debug, Clone)]
pub struct Summary {
    /// Entries of official sites.
    pub sites: usize,
    /// Revoked hosts.
    pub revocations: usize,
    /// Bytes of each file.
    pub files: BTreeMap<String, usize>,
}

/// What a data folder packs to, before anybody signed it.
#[derive(Debug)]
pub struct Packed {
    /// What the list says of itself.
    pub release: Release,
    /// The entries and the revocations.
    pub reviewed: Reviewed,
    /// The list's files, by target name.
    pub files: BTreeMap<String, Vec<u8>>,
}

/// Reads and checks a data folder; what must be looked at again by the day of its release is a
/// defect as well.
pub fn check(data: &Path) -> Result<Reviewed> {
    let release = Release::read(&data.join("release.toml"))?;
    let suffixes = suffix_list::packed()?;
    let mut reviewed = reviewed::read(data, &open_suffixes(&suffixes)?)?;
    expiry::look_over(data, &Date::of(release.published), &mut reviewed)?;
    Ok(reviewed)
}

/// Checks and packs a data folder. Refuses, and names every defect, when there is one.
pub fn pack(data: &Path) -> Result<Packed> {
    let release = Release::read(&data.join("release.toml"))?;
    let reviewed = check(data)?;
    if !reviewed.problems.is_empty() {
        let all: Vec<String> = reviewed.problems.iter().map(ToString::to_string).collect();
        bail!("{} defects, nothing was packed:\n{}", all.len(), all.join("\n"));
    }
    let files = files(&reviewed)?;
    Ok(Packed { release, reviewed, files })
}

/// Packs a data folder, signs it with its development keys, and puts the list at `out`, whole or
/// not at all.
pub fn development(data: &Path, out: &Path) -> Result<Summary> {
    let Packed { release, reviewed, mut files } = pack(data)?;
    let roles = development_roles(&data.join("keys/development"))?;
    let root = sign::root(&roles, release.root)?;
    let targets = sign::targets(&files, release.published, &roles.targets, release.targets)?;
    // The shards are for updates: what comes with a product holds all of them already.
    files.retain(|name, _| shard_department(name).is_none());
    files.insert(ROOT.to_owned(), root);
    files.insert(TARGETS.to_owned(), targets);
    write_whole(out, &files)?;
    Ok(Summary {
        sites: reviewed.sites.len(),
        revocations: reviewed.revocations.len(),
        files: files.iter().map(|(name, bytes)| (name.clone(), bytes.len())).collect(),
    })
}

/// The files of the list, by name.
pub fn files(reviewed: &Reviewed) -> Result<BTreeMap<String, Vec<u8>>> {
    let mut files = pack::sites(&reviewed.sites)?;
    files.insert(REVOCATIONS.to_owned(), pack::revocations(&reviewed.revocations)?);
    let suffixes = suffix_list::packed()?;
    if let Some(resemblance) = &reviewed.resemblance {
        let packed = resemblance.pack(&reviewed.sites, &open_suffixes(&suffixes)?, &reviewed.platforms)?;
        files.insert(RESEMBLANCE.to_owned(), packed);
    }
    files.insert(PUBLIC_SUFFIXES.to_owned(), suffixes);
    Ok(files)
}

pub(crate) fn open_suffixes(packed: &[u8]) -> Result<PublicSuffixes<'_>> {
    PublicSuffixes::open(packed).ok().context("the packed Public Suffix List does not open")
}

/// The roles of the development keys in a folder.
pub fn development_roles(keys: &Path) -> Result<Roles> {
    let role = |names: &[&str], threshold| -> Result<Role> {
        let keys = names.iter().map(|name| Key::read(&keys.join(name))).collect::<Result<_>>()?;
        Ok(Role { keys, threshold })
    };
    Ok(Roles {
        root: role(&["root-1.pem", "root-2.pem", "root-3.pem"], 2)?,
        targets: role(&["targets-1.pem", "targets-2.pem"], 2)?,
        online: role(&["online-1.pem"], 1)?,
    })
}

/// Writes the files to a folder beside `out`, puts the old one aside, and the new in its place. At
/// every moment one of them is whole.
pub(crate) fn write_whole(out: &Path, files: &BTreeMap<String, Vec<u8>>) -> Result<()> {
    let beside = |word: &str| {
        let mut name = out.as_os_str().to_owned();
        name.push(format!(".{word}-{}", std::process::id()));
        PathBuf::from(name)
    };
    let (fresh, old) = (beside("new"), beside("old"));
    std::fs::create_dir_all(&fresh).with_context(|| format!("cannot make {}", fresh.display()))?;
    for (name, bytes) in files {
        let file = fresh.join(name);
        let folder = file.parent().unwrap_or(&fresh);
        std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
        std::fs::write(&file, bytes).with_context(|| format!("cannot write {}", file.display()))?;
    }
    let replaces = out.exists();
    if replaces {
        std::fs::rename(out, &old).with_context(|| format!("cannot put {} aside", out.display()))?;
    }
    std::fs::rename(&fresh, out).with_context(|| format!("cannot put the list at {}", out.display()))?;
    if replaces {
        std::fs::remove_dir_all(&old).with_context(|| format!("cannot remove the old list at {}", old.display()))?;
    }
    Ok(())
}

/// `release.toml`: what a list says of itself.
#[derive(Debug, Clone, Copy)]
pub struct Release {
    /// When it was made.
    pub published: Time,
    /// Of the targets metadata.
    pub targets: Issue,
    /// Of the development root.
    pub root: Issue,
}

impl Release {
    fn read(file: &Path) -> Result<Self> {
        #[derive(serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Text {
            version: u32,
            published: String,
            expires: String,
            root: RootText,
        }
        #[derive(serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        struct RootText {
            version: u32,
            expires: String,
        }
        let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
        let text: Text = toml::from_str(&text).with_context(|| format!("{}", file.display()))?;
        let moment = |field: &str, moment: &str| {
            let name = file.display();
            let remedy = format!("{name}: `{field}` is {moment:?}; write it as 2027-01-31T00:00:00Z");
            Time::parse(moment).context(remedy)
        };
        Ok(Self {
            published: moment("published", &text.published)?,
            targets: Issue { version: text.version, expires: moment("expires", &text.expires)? },
            root: Issue { version: text.root.version, expires: moment("root.expires", &text.root.expires)? },
        })
    }
}
