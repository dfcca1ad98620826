//! A root as publishers write it (TUF §4.3): who holds each role, and how many of them must sign.

use crate::keys::PublicKey;
use crate::sign::{self, Issue, Roles, object, text};
use anyhow::{Context, Result, bail, ensure};
use bon_guichet::trust::Time;
use bon_guichet::trust::json::Json;
use std::collections::BTreeMap;

/// The roles of a root.
pub const ROLES: [&str; 4] = ["root", "targets", "snapshot", "timestamp"];

/// Those who hold a role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holders {
    /// Their keys.
    pub keys: Vec<PublicKey>,
    /// How many of them must sign.
    pub threshold: usize,
}

impl Holders {
    /// Whether the key is one of theirs.
    pub fn have(&self, id: &str) -> bool {
        self.keys.iter().any(|key| key.id() == id)
    }

    /// The keys, as metadata names them.
    pub fn keys_table(&self) -> impl Iterator<Item = (String, Json)> {
        self.keys.iter().map(|key| (key.id().to_owned(), key.object().clone()))
    }

    /// The role's members in metadata.
    pub fn members(&self) -> Result<[(&'static str, Json); 2]> {
        let ids = self.keys.iter().map(|key| text(key.id())).collect();
        Ok([("keyids", Json::List(ids)), ("threshold", Json::Integer(i64::try_from(self.threshold)?))])
    }

    fn read(role: &Json, keys: &Json) -> Option<Self> {
        let Json::List(ids) = role.get("keyids")? else { return None };
        let key = |id: &Json| Some(PublicKey::of_metadata(id.text()?, keys.get(id.text()?)?));
        let keys = ids.iter().map(key).collect::<Option<_>>()?;
        Some(Self { keys, threshold: usize::try_from(role.get("threshold")?.unsigned()?).ok()? })
    }
}

/// What a root says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RootModel {
    /// Its version and last moment.
    pub issue: Issue,
    holders: BTreeMap<String, Holders>,
}

impl RootModel {
    /// The first root, in which one online role signs snapshot and timestamp.
    pub fn new(issue: Issue, root: Holders, targets: Holders, online: Holders) -> Self {
        let holders = ROLES.map(str::to_owned).into_iter().zip([root, targets, online.clone(), online]).collect();
        Self { issue, holders }
    }

    /// The same from keys that sign.
    pub fn of(roles: &Roles, issue: Issue) -> Self {
        Self::new(issue, roles.root.holders(), roles.targets.holders(), roles.online.holders())
    }

    /// Reads a root. Whether it may be trusted is for the core's client to say.
    pub fn read(file: &[u8]) -> Result<Self> {
        let (signed, _) = sign::parts(file)?;
        let part = |name: &str| signed.get(name).with_context(|| format!("a root without {name:?}"));
        let (keys, roles) = (part("keys")?, part("roles")?);
        let mut holders = BTreeMap::new();
        for name in ROLES {
            let role = roles.get(name).and_then(|role| Holders::read(role, keys));
            holders.insert(name.to_owned(), role.with_context(|| format!("a root without the role {name:?}"))?);
        }
        Ok(Self { issue: issue_of(&signed)?, holders })
    }

    /// What is to be signed.
    pub fn content(&self) -> Result<Json> {
        let mut keys = BTreeMap::new();
        let mut table = BTreeMap::new();
        for (name, holders) in &self.holders {
            keys.extend(holders.keys_table());
            table.insert(name.clone(), object(holders.members()?));
        }
        let own = [("consistent_snapshot", Json::Bool(true)), ("keys", object(keys)), ("roles", object(table))];
        Ok(sign::content("root", self.issue, own))
    }

    /// Who holds a role of [`ROLES`].
    pub fn holders(&self, role: &str) -> Result<&Holders> {
        self.holders.get(role).with_context(|| format!("{role:?} is no role; write root, targets or online"))
    }

    /// The roles that a key holds.
    pub fn roles_of(&self, id: &str) -> Vec<&str> {
        self.holders.iter().filter(|(_, holders)| holders.have(id)).map(|(name, _)| name.as_str()).collect()
    }

    /// Every role, in order of its name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Holders)> {
        self.holders.iter().map(|(name, holders)| (name.as_str(), holders))
    }

    /// Gives a role one more key. `online` stands for snapshot and timestamp.
    pub fn add(&mut self, role: &str, key: &PublicKey) -> Result<()> {
        for holders in self.named(role)? {
            ensure!(!holders.have(key.id()), "the key {} holds the role {role} already", short(key.id()));
            holders.keys.push(key.clone());
        }
        Ok(())
    }

    /// Takes the key whose id starts so from a role.
    pub fn remove(&mut self, role: &str, id: &str) -> Result<()> {
        let is_id = id.len() >= 8 && id.bytes().all(|byte| byte.is_ascii_hexdigit());
        ensure!(is_id, "{id:?} is no id of a key: write at least its first 8 hexadecimal digits");
        for holders in self.named(role)? {
            let ids: Vec<&str> = holders.keys.iter().map(PublicKey::id).collect();
            let found = ids.iter().filter(|known| known.starts_with(id)).count();
            let known = ids.iter().map(|id| short(id)).collect::<Vec<_>>().join(", ");
            ensure!(found == 1, "{found} keys of the role {role} start with {id}; it has {known}");
            holders.keys.retain(|key| !key.id().starts_with(id));
        }
        Ok(())
    }

    /// Sets how many of a role's keys must sign.
    pub fn set_threshold(&mut self, role: &str, threshold: usize) -> Result<()> {
        for holders in self.named(role)? {
            holders.threshold = threshold;
        }
        Ok(())
    }

    /// Refuses a root that nobody could ever satisfy.
    pub fn check(&self) -> Result<()> {
        for (name, holders) in &self.holders {
            let (keys, threshold) = (holders.keys.len(), holders.threshold);
            ensure!(threshold > 0, "the role {name} has the threshold 0: anybody could sign; write at least 1");
            let remedy = "add keys or lower the threshold";
            ensure!(keys >= threshold, "the role {name} has {keys} keys, and {threshold} must sign; {remedy}");
        }
        Ok(())
    }

    fn named(&mut self, role: &str) -> Result<Vec<&mut Holders>> {
        let wanted = match role {
            "online" => &["snapshot", "timestamp"][..],
            "root" | "targets" | "snapshot" | "timestamp" => &[role],
            _ => bail!("{role:?} is no role; write root, targets or online"),
        };
        let named = self.holders.iter_mut().filter(|(name, _)| wanted.contains(&name.as_str()));
        Ok(named.map(|(_, holders)| holders).collect())
    }
}

/// Version and last moment of what a metadata file says.
pub fn issue_of(signed: &Json) -> Result<Issue> {
    let version = signed.get("version").and_then(Json::unsigned).and_then(|version| u32::try_from(version).ok());
    let version = version.context("a version that is missing, or beyond 4294967295")?;
    let expires = signed.get("expires").and_then(Json::text).and_then(Time::parse);
    Ok(Issue { version, expires: expires.context("no \"expires\" that is a moment")? })
}

/// The first digits of a key's id, as people tell keys apart.
pub fn short(id: &str) -> &str {
    id.get(..12).unwrap_or(id)
}
