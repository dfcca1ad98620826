//! The toolbar follows the address, whatever way it changes.

use crate::Scenario;
use crate::stage::{HELD, NOT_JUDGED, OFFICIAL, RESEMBLES, Stage, UNLISTED, UNPROTECTED};
use anyhow::{Context, Result, ensure};
use lab::browser::Kind;
use serde_json::json;
use std::time::Duration;

const TAXES: &str = "https://www.impots.gouv.fr/";
const HEALTH: &str = "https://www.ameli.fr/";
const OTHER: &str = "https://carte-grise-facile.example/";

pub const ALL: &[Scenario] = &[
    ("each_state", each_state),
    ("title_names_host_and_organisation", title_names_host_and_organisation),
    ("one_tab_through_states", one_tab_through_states),
    ("history_and_fragments", history_and_fragments),
    ("single_page_navigation", single_page_navigation),
    ("reload", reload),
    ("tabs_keep_their_own", tabs_keep_their_own),
    ("redirects", redirects),
    ("pages_loaded_ahead", pages_loaded_ahead),
    ("worker_dies", worker_dies),
    ("first_start_paints_every_tab", first_start),
    ("alarm_paints_every_tab", alarm),
    ("faster_than_the_worker_starts", faster_than_the_worker_starts),
    ("a_slow_page_keeps_the_old_verdict_until_it_comes", slow_page),
];

fn each_state(stage: &mut Stage) -> Result<()> {
    stage.open(TAXES, &OFFICIAL)?;
    stage.open("http://administration.example.gouv.fr/", &UNPROTECTED)?;
    stage.open(OTHER, &UNLISTED)?;
    stage.open("https://www.impots.gouv.fr.evil.example/", &RESEMBLES)?;
    stage.open("http://192.168.1.1/", &NOT_JUDGED)?;
    stage.open(&stage.browser.extension_url("popup.html"), &NOT_JUDGED)?;
    Ok(())
}

fn title_names_host_and_organisation(stage: &mut Stage) -> Result<()> {
    stage.open(HEALTH, &OFFICIAL)?;
    let title = stage.browser.action(HEALTH)?.title;
    ensure!(title == "Site officiel\u{a0}: www.ameli.fr – Assurance maladie (Cnam)", "{title}");
    Ok(())
}

fn one_tab_through_states(stage: &mut Stage) -> Result<()> {
    let tab = stage.open(TAXES, &OFFICIAL)?;
    for (url, look) in [(OTHER, UNLISTED), (HEALTH, OFFICIAL), ("http://192.168.1.1/", NOT_JUDGED), (TAXES, OFFICIAL)] {
        stage.browser.navigate(&tab, url)?;
        stage.expect(url, &look)?;
    }
    Ok(())
}

fn history_and_fragments(stage: &mut Stage) -> Result<()> {
    let tab = stage.open(TAXES, &OFFICIAL)?;
    stage.browser.navigate(&tab, OTHER)?;
    stage.expect(OTHER, &UNLISTED)?;
    // Both pages may come back from the back/forward cache.
    stage.browser.history(&tab, -1)?;
    stage.expect(TAXES, &OFFICIAL)?;
    stage.browser.history(&tab, 1)?;
    stage.expect(OTHER, &UNLISTED)?;
    stage.browser.history(&tab, -1)?;
    stage.expect(TAXES, &OFFICIAL)?;
    stage.browser.wait_for(&tab, "return location.hostname === 'www.impots.gouv.fr'")?;
    stage.browser.evaluate(&tab, "location.hash = 'foyer'")?;
    stage.expect(&format!("{TAXES}#foyer"), &OFFICIAL)
}

fn single_page_navigation(stage: &mut Stage) -> Result<()> {
    let tab = stage.open(HEALTH, &OFFICIAL)?;
    stage.browser.evaluate(&tab, "history.pushState({}, '', '/assure/remboursements')")?;
    stage.expect(&format!("{HEALTH}assure/remboursements"), &OFFICIAL)?;
    stage.browser.navigate(&tab, OTHER)?;
    stage.browser.evaluate(&tab, "history.replaceState({}, '', '/www.impots.gouv.fr/')")?;
    stage.expect(&format!("{OTHER}www.impots.gouv.fr/"), &UNLISTED)
}

fn reload(stage: &mut Stage) -> Result<()> {
    let tab = stage.open(TAXES, &OFFICIAL)?;
    stage.browser.reload(&tab)?;
    stage.expect(TAXES, &OFFICIAL)
}

fn tabs_keep_their_own(stage: &mut Stage) -> Result<()> {
    let taxes = stage.open(TAXES, &OFFICIAL)?;
    let other = stage.open(OTHER, &UNLISTED)?;
    for tab in [&taxes, &other] {
        stage.browser.activate(tab)?;
        stage.expect(TAXES, &OFFICIAL)?;
        stage.expect(OTHER, &UNLISTED)?;
    }
    Ok(())
}

fn redirects(stage: &mut Stage) -> Result<()> {
    stage.browser.open(&format!("{TAXES}to/{OTHER}"))?;
    stage.expect(OTHER, &UNLISTED)?;
    stage.browser.open(&format!("{OTHER}to/{HEALTH}"))?;
    stage.expect(HEALTH, &OFFICIAL)
}

/// A page that was rendered ahead of its time is shown without a navigation of its own.
fn pages_loaded_ahead(stage: &mut Stage) -> Result<()> {
    let ahead = format!("{OTHER}ahead");
    let tab = stage.open(&format!("{OTHER}before/{ahead}"), &UNLISTED)?;
    if stage.browser.kind() == Kind::Chromium {
        // Firefox has no such rules, and follows the link as any other.
        stage.web.wait_for_request(Duration::from_secs(20), |request| request.path == "/ahead")?;
    }
    stage.browser.evaluate(&tab, &format!("location.href = {}", json!(ahead)))?;
    stage.expect(&ahead, &UNLISTED)?;
    let official = format!("{TAXES}ahead");
    // The page that was ahead took the tab's place, and its handle.
    let tab = stage.open(&format!("{TAXES}before/{official}"), &OFFICIAL)?;
    stage.browser.evaluate(&tab, &format!("location.href = {}", json!(official)))?;
    stage.expect(&official, &OFFICIAL)
}

fn worker_dies(stage: &mut Stage) -> Result<()> {
    let tab = stage.open(TAXES, &OFFICIAL)?;
    stage.browser.stop_background()?;
    stage.expect(TAXES, &OFFICIAL)?;
    stage.browser.navigate(&tab, OTHER)?;
    stage.expect(OTHER, &UNLISTED)?;
    stage.browser.stop_background()?;
    stage.browser.navigate(&tab, TAXES)?;
    stage.expect(TAXES, &OFFICIAL)
}

/// A worker that starts in a session whose tabs were never painted paints them all.
fn first_start(stage: &mut Stage) -> Result<()> {
    stage.open(TAXES, &OFFICIAL)?;
    stage.browser.stop_background()?;
    spoil_title(stage, TAXES)?;
    stage.browser.in_extension("await (globalThis.browser ?? globalThis.chrome).storage.session.clear()")?;
    // Any event wakes it; this one is not about the spoilt tab.
    stage.open(OTHER, &UNLISTED)?;
    stage.expect(TAXES, &OFFICIAL)
}

/// The alarm for the day on which the list expires looks at every tab again.
fn alarm(stage: &mut Stage) -> Result<()> {
    stage.open(TAXES, &OFFICIAL)?;
    spoil_title(stage, TAXES)?;
    stage.browser.in_extension(
        "await (globalThis.browser ?? globalThis.chrome).alarms.create('list-expires', { when: Date.now() })",
    )?;
    stage.expect(TAXES, &OFFICIAL)
}

fn spoil_title(stage: &Stage, url: &str) -> Result<()> {
    let tab_id = stage.browser.action(url)?.tab_id;
    let spoil = format!(
        "const api = globalThis.browser ?? globalThis.chrome; await api.action.setTitle({{ tabId: {tab_id}, title: 'spoilt' }})"
    );
    stage.browser.in_extension(&spoil)?;
    Ok(())
}

/// The tab has left the official page before the worker that its opening woke can answer.
///
/// The toolbar is watched from an extension page the whole time. A sample counts only when the
/// tab showed the same address before and after it was taken.
fn faster_than_the_worker_starts(stage: &mut Stage) -> Result<()> {
    let tab = stage.open(&format!("{OTHER}start"), &UNLISTED)?;
    for (first, last, look) in [(TAXES, OTHER, UNLISTED), (OTHER, TAXES, OFFICIAL)] {
        stage.browser.navigate(&tab, &format!("{OTHER}start"))?;
        stage.expect(&format!("{OTHER}start"), &UNLISTED)?;
        let id = stage.browser.action(&format!("{OTHER}start"))?.tab_id;
        for round in 0..5 {
            let last = format!("{last}{round}");
            stage.browser.stop_background()?;
            watch(stage, id)?;
            stage.browser.navigate(&tab, &format!("{first}{round}"))?;
            stage.browser.navigate(&tab, &last)?;
            stage.expect(&last, &look)?;
            let wrong = unwatch(stage)?;
            ensure!(wrong.is_empty(), "painted for another address: {wrong:?}");
        }
    }
    Ok(())
}

/// A page that does not come leaves the old page, and its verdict, on screen.
fn slow_page(stage: &mut Stage) -> Result<()> {
    let tab = stage.open(TAXES, &OFFICIAL)?;
    let gate = stage.hold();
    let held = format!("{}{}", OTHER.trim_end_matches('/'), HELD);
    stage.web.forget();
    stage.browser.navigate_nowait(&tab, &held)?;
    stage.web.wait_for_request(Duration::from_secs(20), |request| request.path == HELD)?;
    stage.expect(TAXES, &OFFICIAL)?;
    gate.open();
    stage.expect(&held, &UNLISTED)
}

/// Samples address, badge and title of a tab, as fast as the browser answers, until told to stop.
fn watch(stage: &Stage, tab_id: i64) -> Result<()> {
    stage.browser.in_extension(&format!(
        "const api = globalThis.browser ?? globalThis.chrome;
         globalThis.samples = [];
         globalThis.watching = true;
         (async () => {{
           while (globalThis.watching) {{
             const before = (await api.tabs.get({tab_id})).url;
             const title = await api.action.getTitle({{ tabId: {tab_id} }});
             const after = (await api.tabs.get({tab_id})).url;
             if (before === after) globalThis.samples.push([before, title]);
           }}
         }})();"
    ))?;
    Ok(())
}

/// Ends the watch, and gives the samples whose title names another host than the address.
fn unwatch(stage: &Stage) -> Result<Vec<String>> {
    let wrong = stage.browser.in_extension(
        "globalThis.watching = false;
         if (globalThis.samples.length === 0) throw new Error('nothing was watched');
         return globalThis.samples
           .filter(([url, title]) => title.includes('\\u00a0: ') && !title.includes(new URL(url).hostname))
           .map(([url, title]) => `${url} ${title}`);",
    )?;
    let wrong = wrong.as_array().context("no list of samples")?;
    Ok(wrong.iter().map(ToString::to_string).collect())
}
