//! `cargo xtask evaluate`: how good a rule is on hosts that people labelled.

mod chromium;
mod rate;
mod sets;

use crate::judge;
use anyhow::{Context, Result};
use bon_guichet::address::{Address, url_crate};
use bon_guichet::list::SignedList;
use bon_guichet::resemblance::{Likeness, Resemblance, Sureness};
use rate::Rate;
use sets::{Host, Set};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Instant;

#[derive(clap::Args)]
pub struct Arguments {
    #[command(subcommand)]
    subject: Subject,
}

#[derive(clap::Subcommand)]
enum Subject {
    /// Recall and false alarms of `resembles`
    Resemblance(Folder),
}

#[derive(clap::Args)]
struct Folder {
    /// A folder of files of hosts, told by the start of their names: `resemblance`,
    /// `hard_negatives`, `benign`, `quasi_official`, `chromium`; each may be packed (.gz)
    #[arg(long, value_name = "DIR")]
    set: PathBuf,
    /// Judge by this signed list
    #[arg(long, value_name = "DIR")]
    list: Option<PathBuf>,
    /// Also name every host that was missed
    #[arg(long)]
    misses: bool,
}

/// Labels of hosts that imitate.
const WANTED: [&str; 2] = ["imitation", "brand_combo"];
/// The label of hosts that must stay silent.
const BENIGN: &str = "benign";

impl Arguments {
    pub fn run(self) -> Result<()> {
        let Subject::Resemblance(folder) = self.subject;
        let listing = match &folder.list {
            Some(list) => judge::open(list),
            None => judge::packaged()?,
        };
        let list = listing.map_err(|refusal| anyhow::anyhow!("the list was refused: {refusal}"))?;
        let bytes = list.resemblance().context("the list comes without a table of what is imitated")?;
        let judge =
            Judge { resemblance: Resemblance::open(bytes).ok().context("its table does not open")?, list: &list };
        let sets = sets::read(&folder.set)?;
        for set in &sets {
            println!("\n{} ({} hosts)", set.name, set.hosts.len());
            judge.report(set, folder.misses);
        }
        for file in sets::chromium(&folder.set)? {
            chromium::compare(&file, &judge)?;
        }
        Ok(())
    }
}

struct Judge<'l> {
    resemblance: Resemblance<'l>,
    list: &'l SignedList,
}

impl Judge<'_> {
    /// What a host resembles; nothing where the list speaks for it.
    fn find(&self, host: &str) -> Option<Likeness> {
        let url = format!("https://{host}/");
        let address = Address::read(&url, url_crate, self.list.public_suffixes().as_ref()).ok()?;
        match self.list.list.look_up(&address) {
            bon_guichet::list::Finding::Official(_) => None,
            _ => self.resemblance.find(&address, &self.list.list),
        }
    }

    fn report(&self, set: &Set, misses: bool) {
        let start = Instant::now();
        let found: Vec<(&Host, Option<Likeness>)> =
            set.hosts.iter().map(|host| (host, self.find(&host.name))).collect();
        let micros =
            start.elapsed().as_secs_f64() * 1e6 / f64::from(u32::try_from(found.len().max(1)).unwrap_or(u32::MAX));
        let is =
            |likeness: &Option<Likeness>, least| likeness.as_ref().is_some_and(|likeness| likeness.sureness >= least);
        let mut groups: BTreeMap<(&str, &str), [Rate; 2]> = BTreeMap::new();
        for (host, likeness) in &found {
            let groups_of = [(host.label.as_str(), "all"), (host.label.as_str(), host.group.as_str())];
            let distinct = if host.group.is_empty() { 1 } else { 2 };
            for group in groups_of.into_iter().take(distinct) {
                let [certain, any] = groups.entry(group).or_default();
                certain.add(is(likeness, Sureness::Certain));
                any.add(is(likeness, Sureness::Possible));
            }
        }
        println!("{:<20} {:<26} {:<38} certain or possible", "label", "group", "certain");
        for ((label, group), [certain, any]) in &groups {
            println!("{label:<20} {group:<26} {:<38} {any}", certain.to_string());
        }
        println!("{micros:.2} µs a host, reading its URL and asking the list included");
        let mut techniques: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        for likeness in found.iter().filter_map(|(_, likeness)| likeness.as_ref()) {
            *techniques.entry((likeness.sureness.id(), likeness.technique.id())).or_default() += 1;
        }
        for ((sureness, technique), count) in techniques {
            println!("  {sureness:<9} {technique:<32} {count}");
        }
        for (host, likeness) in &found {
            match likeness {
                Some(likeness) if host.label == BENIGN => {
                    let (sureness, technique) = (likeness.sureness.id(), likeness.technique.id());
                    println!("false alarm, {sureness}: {} ({technique}, {})", host.name, likeness.site);
                }
                likeness if misses && WANTED.contains(&host.label.as_str()) && !is(likeness, Sureness::Certain) => {
                    let sureness = likeness.as_ref().map_or("nothing", |likeness| likeness.sureness.id());
                    println!("missed, {sureness}: {} ({})", host.name, host.label);
                }
                _ => {}
            }
        }
    }
}
