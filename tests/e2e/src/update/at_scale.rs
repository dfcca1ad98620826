//! A list of the real size on its whole way: from the publisher's tool to the sign in a tab.

use super::desk::{Desk, TownHall};
use super::mirror::HOST;
use super::{NEW, Scene};
use crate::stage::{OFFICIAL, Stage, UNLISTED, copy_folder, copy_of_extension};
use anyhow::{Context, Result, ensure};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::sync::{Arc, Mutex, PoisonError};

/// The départements of the town hall that the newer list adds, and of the one that it strikes off.
const ADDED: &str = "33";
const REVOKED: &str = "13";

/// What the publisher imports from, as `data/sources.toml` has it.
const SOURCE: &str = "\n[town-halls]\ntitle = \"Town halls\"\npublisher = \"Département\"\n\
                      place = \"town-halls.csv\"\ndate = 2026-11-22\nlicence = \"Licence Ouverte 2.0\"\n";

/// Two lists of one publisher, the second published.
struct Lists {
    /// What an extension was built with when the first was in force.
    packaged: tempfile::TempDir,
    /// What is served now.
    served: BTreeMap<String, Vec<u8>>,
    added: TownHall,
    revoked: TownHall,
}

/// A town hall that was signed off turns green in its open tab and one that was struck off turns
/// grey; only what changed was asked for.
pub fn whole_way(stage: &mut Stage) -> Result<()> {
    let lists = lists()?;
    let extension = copy_of_extension(stage.browser.kind())?;
    copy_folder(lists.packaged.path(), &extension.path().join("list"))?;
    let scene = Scene::with(extension, stage.browser.kind(), "fr")?;
    scene.mirror.serve(&lists.served);
    let [added, revoked] = [&lists.added, &lists.revoked].map(|hall| format!("https://{}/", hall.host));
    scene.stage.open(&added, &UNLISTED)?;
    scene.stage.open(&revoked, &OFFICIAL)?;
    let options = scene.options()?;
    ensure!(scene.seen(&options, "development")?.is_empty(), "these are no development keys");

    scene.stage.web.forget();
    scene.look(&options, NEW)?;
    scene.stage.expect(&added, &OFFICIAL)?;
    scene.stage.expect(&revoked, &UNLISTED)?;
    let asked = scene.stage.web.seen();
    let asked = asked.iter().filter(|request| request.host == HOST).map(|request| plain_name(&request.path));
    let asked: BTreeSet<String> = asked.collect();
    let shards = [ADDED, REVOKED].map(|department| format!("dep-{department}.bin"));
    let others = ["root.json", "timestamp.json", "snapshot.json", "targets.json", "revocations.bin"];
    let wanted: BTreeSet<String> = others.map(str::to_owned).into_iter().chain(shards).collect();
    ensure!(asked == wanted, "asked for {asked:?}, wanted {wanted:?}");

    // A worker that starts again finds it whole where it was stored.
    scene.look_at(&format!("{added}again"), &OFFICIAL)?;
    scene.look_at(&format!("{revoked}again"), &UNLISTED)
}

/// The name of a file without its folder, its version and its hash.
fn plain_name(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or_default();
    match name.split_once('.') {
        Some((_, plain)) if plain.contains('.') => plain.to_owned(),
        _ => name.to_owned(),
    }
}

/// Both lists, made once for all browsers.
fn lists() -> Result<Arc<Lists>> {
    static MADE: Mutex<Option<Arc<Lists>>> = Mutex::new(None);
    let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(lists) = &*made {
        return Ok(Arc::clone(lists));
    }
    Ok(Arc::clone(made.insert(Arc::new(publish_two()?))))
}

/// The publisher's work, from the first root to the second list.
fn publish_two() -> Result<Lists> {
    let desk = Desk::new()?;
    let added = desk.takes_out(ADDED)?;
    desk.publishes().context("the first list")?;
    let packaged = tempfile::tempdir()?;
    desk.packages(packaged.path())?;

    desk.edits("data/sources.toml", |text| Some(format!("{text}{SOURCE}")))?;
    let TownHall { insee, name, host } = &added;
    fs::write(desk.at("town-halls.csv"), format!("host,insee,name\n{host},{insee},\"{name}\"\n"))?;
    desk.does("import csv=town-halls.csv --source town-halls --review at-scale")?;
    desk.edits("data/reviews/at-scale.tsv", |text| sign_off(text, host))?;
    desk.does("import --accept data/reviews/at-scale.tsv")?;
    let revoked = desk.takes_out(REVOKED)?;
    desk.does(&format!("revoke {} --reason squatted --source town-halls", revoked.host))?;
    desk.does("check")?;
    desk.raises_version()?;
    desk.publishes().context("the second list")?;
    Ok(Lists { packaged, served: desk.repository()?, added, revoked })
}

/// Signs a review file off: the new town hall is accepted, whatever a rule made of it. What the file
/// says of its neighbours, which the source does not name, waits.
fn sign_off(text: &str, host: &str) -> Option<String> {
    let proposal = text.lines().find(|line| line.contains("\tadded\t") && line.contains(host))?;
    let (_, facts) = proposal.split_once("\tadded\t")?;
    let accepted = format!("accept\tcompared with the town hall’s own page\tadded\t{facts}");
    let text = text.replace(proposal, &accepted);
    Some(text.replace("# signed-off:", "# signed-off: Bon Guichet, 2026-11-22"))
}
