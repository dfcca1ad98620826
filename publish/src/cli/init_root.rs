//! `init-root`: the keys of a new publisher, and the first root.

use super::answer::Answer;
use super::make_key::Protection;
use super::moment::{self, DAY};
use super::sign;
use super::{progress, rotate_root};
use anyhow::{Result, ensure};
use bon_guichet::trust::Time;
use publish::keys::{Key, PublicKey};
use publish::published::{Published, Terms};
use publish::root::{Holders, RootModel};
use publish::sign::Issue;
use publish::staged::Staged;
use std::path::PathBuf;

/// Days that a root is good for, unless told otherwise: a ceremony every other year.
pub const ROOT_DAYS: u64 = 1096;

#[derive(clap::Args)]
pub struct Arguments {
    /// The repository that is to be
    #[arg(long, value_name = "DIR", default_value = "repository")]
    repository: PathBuf,
    /// Where the root waits for its signatures if not all keys are made here
    #[arg(long, value_name = "DIR", default_value = "staged")]
    staged: PathBuf,
    /// Where the keys that are made here are put
    #[arg(long, value_name = "DIR", default_value = "keys")]
    keys: PathBuf,
    /// The public half of a root key made by its holder (repeatable); then none is made here
    #[arg(long, value_name = "FILE")]
    root_key: Vec<PathBuf>,
    /// The same for the targets role
    #[arg(long, value_name = "FILE")]
    targets_key: Vec<PathBuf>,
    /// The same for the online role, which signs snapshot and timestamp
    #[arg(long, value_name = "FILE")]
    online_key: Vec<PathBuf>,
    /// How many root keys are made here
    #[arg(long, value_name = "N", default_value_t = 3)]
    root_keys: usize,
    /// How many root keys must sign
    #[arg(long, value_name = "N", default_value_t = 2)]
    root_threshold: usize,
    /// How many targets keys are made here
    #[arg(long, value_name = "N", default_value_t = 2)]
    targets_keys: usize,
    /// How many targets keys must sign
    #[arg(long, value_name = "N", default_value_t = 2)]
    targets_threshold: usize,
    /// The root's last moment, such as 2029-01-31T00:00:00Z; three years from now unless given
    #[arg(long, value_name = "TIME", value_parser = moment::read)]
    expires: Option<Time>,
    #[command(flatten)]
    protection: Protection,
}

/// The keys of a role: those of others, or those to be made here.
struct Seats<'a> {
    role: &'static str,
    given: &'a [PathBuf],
    made: usize,
    threshold: usize,
}

impl Arguments {
    pub fn run(&self, now: Time) -> Result<Answer> {
        let name = self.repository.display();
        let published = Published::open(&self.repository)?;
        ensure!(published.root.is_none(), "{name} has a root already: use `rotate-root` to follow it");
        ensure!(!self.staged.exists(), "{} is there already: remove it, or name another", self.staged.display());
        let expires = self.expires.unwrap_or(Time(now.0 + ROOT_DAYS * DAY));
        moment::ensure_ahead("the root's last moment", expires, now)?;
        let all_seats = self.seats();
        for seats in &all_seats {
            let keys = if seats.given.is_empty() { seats.made } else { seats.given.len() };
            let (role, threshold) = (seats.role, seats.threshold);
            ensure!(
                (1..=keys).contains(&threshold),
                "{role}: {threshold} of {keys} keys cannot sign; write 1 to {keys}"
            );
        }
        let (mut made, mut holders) = (Vec::new(), Vec::new());
        let bar = progress::bar(all_seats.iter().filter(|it| it.given.is_empty()).map(|it| it.made).sum(), "keys");
        for seats in &all_seats {
            let mut keys = seats.given.iter().map(|file| PublicKey::read(file)).collect::<Result<Vec<_>>>()?;
            for number in 1..=if seats.given.is_empty() { seats.made } else { 0 } {
                let key =
                    bar.suspend(|| self.protection.make(&self.keys.join(format!("{}-{number}.pem", seats.role))))?;
                bar.inc(1);
                keys.push(key.public().clone());
                made.push(key);
            }
            holders.push(Holders { keys, threshold: seats.threshold });
        }
        bar.finish_and_clear();
        let [root, targets, online] = holders.try_into().map_err(|_| anyhow::anyhow!("three roles are needed"))?;
        let model = RootModel::new(Issue { version: 1, expires }, root, targets, online);
        let mut staged = Staged::default();
        staged.put_root(&model)?;
        let own: Vec<&Key> = made.iter().filter(|key| model.roles_of(key.id()).contains(&"root")).collect();
        for key in own {
            staged.sign(key)?;
        }
        let mut answer = rotate_root::describe(Answer::good(), &model);
        if staged.counts()?.iter().all(publish::staged::Count::is_complete) {
            let terms = Terms { timestamp: DAY, snapshot: DAY };
            published.refresh(Some(&staged), &[], terms, now)?;
            answer =
                answer.line(format!("root 1 is in {name}; keep the private keys apart, then `pack` the first list"));
            return Ok(answer.fact("repository", name.to_string()));
        }
        staged.write(&self.staged)?;
        sign::report(answer, &staged, &self.staged)
    }

    fn seats(&self) -> [Seats<'_>; 3] {
        let seats = |role, given, made, threshold| Seats { role, given, made, threshold };
        [
            seats("root", &self.root_key[..], self.root_keys, self.root_threshold),
            seats("targets", &self.targets_key[..], self.targets_keys, self.targets_threshold),
            seats("online", &self.online_key[..], 1, 1),
        ]
    }
}
