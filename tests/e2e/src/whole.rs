//! What holds of the extension as a whole.

use crate::Scenario;
use crate::stage::{OFFICIAL, Stage, UNLISTED, root};
use anyhow::{Context, Result, ensure};
use bon_guichet::address::url_crate;
use bon_guichet::list::SignedList;
use bon_guichet::trust::Time;
use bon_guichet::verdict::{judge, read_address};
use bon_guichet::wire::Line;
use serde_json::json;

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
/// core, over every address of the case files.
fn same_verdicts(stage: &mut Stage) -> Result<()> {
    let extension = crate::stage::extension(stage.browser.kind());
    let list = SignedList::read(|name| std::fs::read(extension.join("list").join(name)).ok());
    let now = Time::parse("2026-12-01T00:00:00Z").context("a moment")?;
    let urls = addresses()?;
    ensure!(urls.len() > 50, "only {} addresses", urls.len());
    let mut native = Vec::new();
    for url in &urls {
        let address = read_address(url, url_crate, &list);
        native.push(serde_json::to_value(Line::of(url, &judge(&address, &list, now)))?);
    }
    let found = stage.browser.in_extension(&format!(
        "const {{ default: init, Core }} = await import('/wasm/core.js');
         await init({{ module_or_path: '/wasm/core_bg.wasm' }});
         const core = await Core.load(location.origin + '/list/');
         return {}.map((url) => core.explain(url, {}000))",
        json!(urls),
        now.0
    ))?;
    let found = found.as_array().context("no list of verdicts")?;
    let differ: Vec<String> = native
        .iter()
        .zip(found)
        .filter(|(native, found)| native != found)
        .map(|(native, found)| format!("native {native}\n       {found}"))
        .collect();
    ensure!(found.len() == native.len() && differ.is_empty(), "{} differ:\n{}", differ.len(), differ.join("\n"));
    Ok(())
}

fn no_errors(stage: &mut Stage) -> Result<()> {
    let errors = stage.browser.extension_errors()?;
    ensure!(errors.is_empty(), "{errors:?}");
    Ok(())
}

/// The first column of the case files.
fn addresses() -> Result<Vec<String>> {
    let mut urls = Vec::new();
    for file in ["addresses.txt", "verdicts.txt"] {
        let text = std::fs::read_to_string(root().join("tests/cases").join(file)).with_context(|| file.to_owned())?;
        let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        urls.extend(lines.filter_map(|line| line.split('|').next()).map(|url| url.trim().to_owned()));
    }
    Ok(urls)
}
