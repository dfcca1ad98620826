//! What holds of the extension as a whole.

use crate::Scenario;
use crate::stage::{OFFICIAL, Stage, UNLISTED};
use crate::table;
use anyhow::{Context, Result, ensure};
use bon_guichet::address::url_crate;
use bon_guichet::list::SignedList;
use bon_guichet::trust::Time;
use bon_guichet::verdict::{judge, read_address};
use bon_guichet::wire::Line;
use serde_json::json;
use std::collections::BTreeSet;

const TAXES: &str = "https://www.impots.gouv.fr/";
const OTHER: &str = "https://carte-grise-facile.example/";

pub const ALL: &[Scenario] = &[
    ("asks_the_web_for_nothing", asks_nothing),
    ("browser_restart", restart),
    ("english", english),
    ("same_verdicts_as_the_native_core", same_verdicts),
    ("no_error_was_reported", no_errors),
];

/// Pages are asked for by their tabs alone, and nothing is asked of a host of ours.
fn asks_nothing(stage: &mut Stage) -> Result<()> {
    stage.web.forget();
    stage.browser.stop_background()?;
    stage.open(TAXES, &OFFICIAL)?;
    stage.open(OTHER, &UNLISTED)?;
    let asked: Vec<String> = stage.web.seen().iter().map(lab::server::Request::url).collect();
    ensure!(asked == [TAXES, OTHER], "{asked:?}");
    Ok(())
}

/// A browser that starts again paints again. (The lab sets the language of the first start only.)
fn restart(stage: &mut Stage) -> Result<()> {
    let kind = stage.browser.kind();
    let mut english = Stage::start(kind, &crate::stage::extension(kind), "en")?;
    english.browser.open(TAXES)?;
    english.browser.wait_for_action(TAXES, |action| action.badge == "OK")?;
    english.browser.restart()?;
    english.browser.open(TAXES)?;
    english.browser.wait_for_action(TAXES, |action| action.badge == "OK")?;
    english.browser.open(OTHER)?;
    english
        .browser
        .wait_for_action(OTHER, |action| action.badge.is_empty() && action.title.starts_with("Not listed"))?;
    Ok(())
}

fn english(stage: &mut Stage) -> Result<()> {
    let kind = stage.browser.kind();
    let english = Stage::start(kind, &crate::stage::extension(kind), "en")?;
    english.browser.open(TAXES)?;
    let action = english.browser.wait_for_action(TAXES, |action| action.badge == "OK")?;
    ensure!(action.title.starts_with("Official site: www.impots.gouv.fr"), "{}", action.title);
    let popup = english.browser.open(&english.browser.extension_url(&format!("popup.html?tab={}", action.tab_id)))?;
    english.browser.wait_for(&popup, "return document.getElementById('word').textContent === 'Official site'")?;
    let language = english.browser.evaluate(&popup, "return document.documentElement.lang")?;
    ensure!(language == "en", "{language}");
    Ok(())
}

/// The browser's own URL parser and the WebAssembly core against the `url` crate and the native
/// core, over every address of the case files. Where a browser is known to leave the standard, it
/// must still leave it.
fn same_verdicts(stage: &mut Stage) -> Result<()> {
    let extension = crate::stage::extension(stage.browser.kind());
    let list = SignedList::read(|name| std::fs::read(extension.join("list").join(name)).ok());
    let now = Time::parse("2026-12-01T00:00:00Z").context("a moment")?;
    let urls = addresses();
    let browser = stage.browser.kind().to_string();
    let deviations = table::rows("tests/cases/browser-deviations.txt");
    let known: BTreeSet<&str> =
        deviations.iter().filter(|row| row.cells[1] == browser).map(|row| row.cells[0].as_str()).collect();
    let found = stage.browser.in_extension(&format!(
        "const {{ default: init, Core }} = await import('/wasm/core.js');
         await init({{ module_or_path: '/wasm/core_bg.wasm' }});
         const core = await Core.load(location.origin + '/list/');
         return {}.map((url) => core.explain(url, {}000))",
        json!(urls),
        now.0
    ))?;
    let found = found.as_array().context("no list of verdicts")?;
    ensure!(found.len() == urls.len() && urls.len() > 400, "{} verdicts of {}", found.len(), urls.len());
    let mut wrong = Vec::new();
    for (url, found) in urls.iter().zip(found) {
        let address = read_address(url, url_crate, &list);
        let native = serde_json::to_value(Line::of(url, &judge(&address, &list, now)))?;
        match (native == *found, known.contains(url.as_str())) {
            (false, false) => wrong.push(format!("native {native}\n       {found}")),
            (true, true) => wrong.push(format!("{url} is a known deviation of {browser} no more: remove its line")),
            _ => {}
        }
    }
    ensure!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    Ok(())
}

fn no_errors(stage: &mut Stage) -> Result<()> {
    let errors = stage.browser.extension_errors()?;
    ensure!(errors.is_empty(), "{errors:?}");
    Ok(())
}

/// The first column of the case files. The longest are left to the suites without a wire between.
fn addresses() -> Vec<String> {
    let files = ["tests/cases/addresses.txt", "tests/cases/verdicts.txt", "tests/cases/well-known.txt"];
    let rows = files.into_iter().flat_map(table::rows);
    rows.filter_map(|row| row.cells.into_iter().next()).filter(|url| url.len() < 64 * 1024).collect()
}
