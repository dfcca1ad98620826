//! Starts in a real browser.

use super::node::number;
use super::table::{Group, Row, Unit};
use super::{folder, median, mix};
use crate::build::Target;
use anyhow::{Context, Result};
use lab::browser::{Browser, Kind, Options, Tab};
use lab::server::{Response, Server};
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};

const ROUNDS: usize = 15;
const OFFICIAL: &str = "https://www.impots.gouv.fr/";
const OTHER: &str = "https://carte-grise-facile.example/";

/// A background that knows one host by heart: what any extension must wait for.
const LEAST: &str = "const api = globalThis.browser ?? globalThis.chrome;
api.tabs.onUpdated.addListener((tabId, change) => {
  if (!('url' in change)) return;
  const { hostname } = new URL(change.url);
  api.action.setTitle({ tabId, title: hostname });
  api.action.setBadgeText({ tabId, text: hostname === 'www.impots.gouv.fr' ? 'OK' : '' });
});
";

pub fn measure(kind: Kind) -> Result<Vec<Group>> {
    let package = match kind {
        Kind::Chromium => Target::Chrome.folder(),
        Kind::Firefox => Target::Firefox.folder(),
    };
    let web = Server::start(|request| {
        let page = format!("<!doctype html><link rel=icon href='data:,'><title>{}</title>", request.host);
        Some(Response::html(page))
    })?;
    let ours = Stage::start(kind, &web, &package)?;
    let least = Stage::start(kind, &web, &least(&package)?)?;
    let name = match kind {
        Kind::Chromium => format!("Chromium {}", ours.browser.version()),
        Kind::Firefox => format!("Firefox {}", ours.browser.version()),
    };
    Ok(vec![first_badge(&name, &ours, &least)?, start_of_core(&name, &ours)?, verdict(&name, &ours)?])
}

/// The package with the least background in the place of ours.
fn least(package: &Path) -> Result<PathBuf> {
    let folder = folder()?.join("least-extension");
    fs::create_dir_all(folder.join("icons"))?;
    // The manifest names these.
    for part in ["icons", "_locales/fr", "_locales/en"] {
        fs::create_dir_all(folder.join(part))?;
        for file in fs::read_dir(package.join(part)).with_context(|| format!("cannot read {part}"))? {
            let file = file?;
            fs::copy(file.path(), folder.join(part).join(file.file_name()))?;
        }
    }
    for file in ["manifest.json", "popup.html"] {
        fs::copy(package.join(file), folder.join(file))?;
    }
    fs::write(folder.join("background.js"), LEAST)?;
    Ok(folder)
}

/// A browser with an extension, and a tab whose number the extension knows.
struct Stage {
    browser: Browser,
    tab: Tab,
    tab_id: i64,
}

/// Milliseconds since the navigation was asked for.
struct Painted {
    /// The tab shows the new address.
    committed: f64,
    /// The badge is that of the new address.
    painted: f64,
}

impl Stage {
    fn start(kind: Kind, web: &Server, extension: &Path) -> Result<Self> {
        let browser = Browser::launch(Options::new(kind, web.address(), extension))?;
        let tab = browser.open(OTHER)?;
        let tab_id = browser.action(OTHER)?.tab_id;
        Ok(Self { browser, tab, tab_id })
    }

    /// Leads the tab from a page that is not listed to one that is, with the background running or
    /// stopped, and watches the badge from a page of the extension.
    fn navigate(&self, round: usize, stopped: bool) -> Result<Painted> {
        let from = format!("{OTHER}{round}/{stopped}");
        self.browser.navigate(&self.tab, &from)?;
        let is_painted = |title: &str| title.contains("carte-grise-facile.example");
        self.browser.wait_for_action(&from, |action| action.badge.is_empty() && is_painted(&action.title))?;
        if stopped {
            self.stop()?;
        }
        let found = self.browser.in_extension(&format!(
            "const api = globalThis.browser ?? globalThis.chrome;
             const [tabId, url] = [{}, {}];
             let committed;
             const look = (id, change) => {{
               if (id === tabId && change.url === url) committed ??= performance.now();
             }};
             api.tabs.onUpdated.addListener(look);
             const start = performance.now();
             await api.tabs.update(tabId, {{ url }});
             while ((await api.action.getBadgeText({{ tabId }})) !== 'OK' || committed === undefined) {{
               if (performance.now() - start > 15000) throw new Error('the badge does not come');
             }}
             const painted = performance.now();
             api.tabs.onUpdated.removeListener(look);
             return {{ committed: committed - start, painted: painted - start }};",
            self.tab_id,
            json!(format!("{OFFICIAL}{round}/{stopped}")),
        ))?;
        Ok(Painted { committed: number(&found, "committed")?, painted: number(&found, "painted")? })
    }

    /// Stops the background once the tabs are quiet: the next event would start it again.
    fn stop(&self) -> Result<()> {
        self.browser.in_extension(
            "const api = globalThis.browser ?? globalThis.chrome;
             let last = performance.now();
             const look = () => { last = performance.now(); };
             api.tabs.onUpdated.addListener(look);
             while (performance.now() - last < 300) await new Promise((resolve) => setTimeout(resolve, 50));
             api.tabs.onUpdated.removeListener(look);",
        )?;
        self.browser.stop_background()
    }

    /// Runs a script in a fresh page of the extension, with the background stopped: nothing of the
    /// core is in the memory of the process.
    fn in_fresh_page(&self, body: &str) -> Result<Value> {
        let page = self.browser.open(&self.browser.extension_url("_locales/en/messages.json"))?;
        self.stop()?;
        let found = self.browser.evaluate(&page, body)?;
        self.browser.close_tab(&page)?;
        Ok(found)
    }
}

fn first_badge(name: &str, ours: &Stage, least: &Stage) -> Result<Group> {
    let mut rounds = [const { Vec::new() }; 4];
    for round in 0..=ROUNDS {
        for ((stage, stopped), found) in
            [(ours, true), (least, true), (ours, false), (least, false)].into_iter().zip(&mut rounds)
        {
            let painted = stage.navigate(round, stopped)?;
            // The first round fills caches that a browser in use has filled.
            if round > 0 {
                found.push(painted);
            }
        }
    }
    let middle = |rounds: &[Painted], of: fn(&Painted) -> f64| median(rounds.iter().map(of).collect());
    let [cold, least_cold, warm, least_warm] = &rounds;
    let unit = Unit::Milliseconds;
    let total = |rounds: &[Painted]| middle(rounds, |round| round.painted);
    let after = |rounds: &[Painted]| middle(rounds, |round| round.painted - round.committed);
    let (cold_total, warm_total) = (total(cold)?, total(warm)?);
    let (cold_after, warm_after) = (after(cold)?, after(warm)?);
    let navigation = middle(warm, |round| round.committed)?;
    Ok(Group {
        title: format!("First badge in {name}, from the start of a navigation to an official site"),
        rows: vec![
            Row::ours("worker stopped", cold_total, unit),
            Row::reference("  worker running", warm_total, unit, cold_total),
            Row::reference("  stopped, the least worker that sets a badge", total(least_cold)?, unit, cold_total),
            Row::ours("worker stopped, from the new address on", cold_after, unit),
            Row::reference("  the least worker", after(least_cold)?, unit, cold_after),
            Row::ours("worker running, from the new address on", warm_after, unit),
            Row::reference("  the least worker", after(least_warm)?, unit, warm_after),
            Row::reference("  the navigation until the new address", navigation, unit, warm_after),
        ],
    })
}

fn start_of_core(name: &str, stage: &Stage) -> Result<Group> {
    let (mut started, mut fetched) = (Vec::new(), Vec::new());
    for round in 0..=ROUNDS {
        let (start, fetch) = (
            stage.in_fresh_page(include_str!("../../../bench/page-start.js"))?,
            stage.in_fresh_page(include_str!("../../../bench/page-fetch.js"))?,
        );
        if round > 0 {
            started.push(start);
            fetched.push(fetch);
        }
    }
    let middle =
        |rounds: &[Value], name: &str| median(rounds.iter().map(|round| number(round, name)).collect::<Result<_>>()?);
    let (wasm, list, all) = (middle(&started, "wasm")?, middle(&started, "list")?, middle(&started, "all")?);
    let unit = Unit::Milliseconds;
    Ok(Group {
        title: format!("Start of the core in {name}, in a fresh page of the extension"),
        rows: vec![
            Row::ours("list fetched, verified and ready", list, unit).at_most(15.0),
            Row::reference("  its files fetched alone", middle(&fetched, "list")?, unit, list),
            Row::ours("WebAssembly fetched, compiled and instantiated", wasm, unit),
            Row::reference("  its file fetched alone", middle(&fetched, "wasm")?, unit, wasm),
            Row::ours("script, WebAssembly and list to the first verdict", all, unit),
            Row::reference("  the same files fetched alone", middle(&fetched, "all")?, unit, all),
        ],
    })
}

fn verdict(name: &str, stage: &Stage) -> Result<Group> {
    let mix = json!({"urls": mix::urls(), "now": mix::now()?.0 * 1000});
    let body = format!("const {{ urls, now }} = {mix};\n{}", include_str!("../../../bench/page-verdict.js"));
    let found = stage.in_fresh_page(&body)?;
    let ours = number(&found, "core")?;
    let unit = Unit::Nanoseconds;
    Ok(Group {
        title: format!("Verdict on a navigation from JavaScript, in {name}, crossing included"),
        rows: vec![
            Row::ours("core.state(url, now)", ours, unit).at_most(1000.0),
            Row::reference("  new URL(url).hostname alone", number(&found, "url")?, unit, ours),
        ],
    })
}
