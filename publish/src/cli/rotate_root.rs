//! `rotate-root`: the root that follows the one in force.

use super::answer::Answer;
use super::init_root::ROOT_DAYS;
use super::moment::{self, DAY};
use super::sign;
use anyhow::{Context, Result};
use bon_guichet::trust::Time;
use publish::keys::PublicKey;
use publish::published::Published;
use publish::root::{RootModel, short};
use publish::staged::Staged;
use serde_json::{Map, Value, json};
use std::path::{Path, PathBuf};
use std::str::FromStr;

#[derive(clap::Args)]
pub struct Arguments {
    /// The repository
    #[arg(long, value_name = "DIR", default_value = "repository")]
    repository: PathBuf,
    /// Where the new root waits for its signatures
    #[arg(long, value_name = "DIR", default_value = "staged")]
    staged: PathBuf,
    /// Give a role (root, targets, online) one more key: the file of its public half (repeatable)
    #[arg(long, value_name = "ROLE=FILE")]
    add: Vec<Change>,
    /// Take a key from a role: the first digits of its id, or the file of its public half (repeatable)
    #[arg(long, value_name = "ROLE=KEY")]
    remove: Vec<Change>,
    /// How many keys of a role must sign (repeatable)
    #[arg(long, value_name = "ROLE=N")]
    threshold: Vec<Change>,
    /// The new root's last moment, such as 2029-01-31T00:00:00Z; three years from now unless given
    #[arg(long, value_name = "TIME", value_parser = moment::read)]
    expires: Option<Time>,
}

/// `ROLE=VALUE`
#[derive(Clone)]
struct Change {
    role: String,
    value: String,
}

impl FromStr for Change {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (role, value) = text.split_once('=').ok_or("write ROLE=VALUE, such as root=root-4.pub.pem")?;
        Ok(Self { role: role.to_owned(), value: value.to_owned() })
    }
}

impl Arguments {
    pub fn run(&self, now: Time) -> Result<Answer> {
        let published = Published::open(&self.repository)?;
        let before = published.model()?;
        let mut model = before.clone();
        for Change { role, value } in &self.add {
            model.add(role, &PublicKey::read(Path::new(value))?)?;
        }
        for Change { role, value } in &self.remove {
            let file = Path::new(value);
            let id = if file.exists() { PublicKey::read(file)?.id().to_owned() } else { value.clone() };
            model.remove(role, &id)?;
        }
        for Change { role, value } in &self.threshold {
            let threshold = value.parse().with_context(|| format!("--threshold {role}={value}: write a number"))?;
            model.set_threshold(role, threshold)?;
        }
        model.issue.version = before.issue.version.checked_add(1).context("the root's version cannot go higher")?;
        model.issue.expires = self.expires.unwrap_or(Time(now.0 + ROOT_DAYS * DAY));
        moment::ensure_ahead("the root's last moment", model.issue.expires, now)?;
        let mut staged = Staged::open(&self.staged, published.root.as_ref())?;
        staged.put_root(&model)?;
        staged.write(&self.staged)?;
        let mut answer = describe(Answer::good(), &model);
        if model.holders("targets")?.keys != before.holders("targets")?.keys && published.targets.is_some() {
            let why = "the keys of the list change, so clients will ask for a list that the new ones signed:";
            answer = answer.line(format!("{why} raise `version` in release.toml, `pack` and `sign` it too"));
        }
        sign::report(answer, &staged, &self.staged)
    }
}

/// Says who holds each role of a root.
pub fn describe(answer: Answer, model: &RootModel) -> Answer {
    let issue = model.issue;
    let mut answer = answer.line(format!("root {}, good until {}", issue.version, issue.expires));
    let mut roles = Map::new();
    for (name, holders) in model.iter() {
        let ids: Vec<&str> = holders.keys.iter().map(PublicKey::id).collect();
        let shown: Vec<&str> = ids.iter().map(|id| short(id)).collect();
        let counts = format!("{} of {}", holders.threshold, ids.len());
        answer = answer.line(format!("  {name:<10} {counts}: {}", shown.join(", ")));
        roles.insert(name.to_owned(), json!({ "threshold": holders.threshold, "keys": ids }));
    }
    let root = json!({ "version": issue.version, "expires": issue.expires.to_string(), "roles": Value::Object(roles) });
    answer.fact("root", root)
}
