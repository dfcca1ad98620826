//! A list that cannot be trusted is never green, and the popup says why.

use crate::Scenario;
use crate::stage::{LIST_EXPIRED, Stage, copy_of_extension};
use anyhow::{Context, Result, ensure};
use std::fs;
use std::path::Path;

const TAXES: &str = "https://www.impots.gouv.fr/";
const OTHER: &str = "https://carte-grise-facile.example/";

pub const ALL: &[Scenario] = &[
    ("flipped_bit_in_the_entries", flipped_entries),
    ("flipped_bit_in_the_targets_metadata", flipped_targets),
    ("missing_root", missing_root),
    ("expired", expired),
];

fn flipped_entries(stage: &mut Stage) -> Result<()> {
    refused(stage, |list| flip(&list.join("list.bin")), "list.bin")
}

fn flipped_targets(stage: &mut Stage) -> Result<()> {
    refused(stage, |list| flip(&list.join("targets.json")), "targets.json")
}

fn missing_root(stage: &mut Stage) -> Result<()> {
    refused(stage, |list| Ok(fs::remove_file(list.join("root.json"))?), "root.json")
}

fn expired(stage: &mut Stage) -> Result<()> {
    let expire = |list: &Path| {
        let data = tempfile::tempdir()?;
        copy_data(data.path())?;
        let release = data.path().join("release.toml");
        let text = fs::read_to_string(&release)?;
        let (before, _) = text.split_once("expires = ").context("release.toml has no expiry")?;
        let (_, root) = text.split_once("[root]").context("release.toml has no root")?;
        fs::write(&release, format!("{before}expires = \"2026-01-01T00:00:00Z\"\n[root]{root}"))?;
        publish::build::development(data.path(), list)?;
        Ok(())
    };
    refused(stage, expire, "1 janvier 2026")
}

/// Starts the browser with a list that `spoil` has spoilt: nothing is green, and the reasons name
/// what is wrong.
fn refused(stage: &Stage, spoil: impl Fn(&Path) -> Result<()>, named: &str) -> Result<()> {
    let extension = copy_of_extension(stage.browser.kind())?;
    spoil(&extension.path().join("list"))?;
    let broken = Stage::start(stage.browser.kind(), extension.path(), "fr")?;
    broken.open(TAXES, &LIST_EXPIRED)?;
    broken.open(OTHER, &LIST_EXPIRED)?;
    let id = broken.browser.action(TAXES)?.tab_id;
    let popup = broken.browser.open(&broken.browser.extension_url(&format!("popup.html?tab={id}")))?;
    broken.browser.wait_for(&popup, "return document.getElementById('word').textContent === 'Liste périmée'")?;
    let reasons = broken.browser.evaluate(&popup, "return document.getElementById('reasons').textContent")?;
    let reasons = reasons.as_str().unwrap_or_default();
    ensure!(reasons.contains(named), "{reasons}");
    Ok(())
}

fn flip(file: &Path) -> Result<()> {
    let mut bytes = fs::read(file)?;
    let middle = bytes.len() / 2;
    *bytes.get_mut(middle).context("an empty file")? ^= 1;
    Ok(fs::write(file, bytes)?)
}

fn copy_data(to: &Path) -> Result<()> {
    crate::stage::copy_folder(&crate::stage::root().join("data"), to)
}
