//! Proves each method of the lab in both real browsers, with the smallest extension.
//!
//! Run with `cargo test -p lab -- --test-threads=1`: each test starts a browser.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that panics has failed, which is what it is for"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use lab::browser::{Browser, Key, Kind, Options};
use lab::server::{Gate, Request, Response, Scheme, Server};
use serde_json::json;

const OFFICIAL: &str = "https://www.official.example/";
const API: &str = "const api = globalThis.browser ?? globalThis.chrome;";

/// Makes a test for each browser of a function that takes the kind.
macro_rules! in_both {
    ($($subject:ident),+ $(,)?) => { $(
        mod $subject {
            #[test]
            fn chromium() -> anyhow::Result<()> {
                super::$subject(super::Kind::Chromium)
            }
            #[test]
            fn firefox() -> anyhow::Result<()> {
                super::$subject(super::Kind::Firefox)
            }
        }
    )+ };
}

in_both!(
    pages,
    navigation,
    toolbar_and_background,
    errors_of_the_extension,
    mouse_and_keyboard,
    popup,
    pictures,
    restart,
    languages,
    deadlines,
    nothing_is_left_behind,
);

fn extension() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/extension")
}

/// Every `.example` host has a page that says its own address.
fn page(request: &Request) -> Option<Response> {
    request
        .host
        .ends_with(".example")
        .then(|| Response::html(format!("<!doctype html><title>{}</title><h1>{}</h1>", request.host, request.url())))
}

fn start(kind: Kind) -> Result<(Server, Browser)> {
    let web = Server::start(page)?;
    let browser = Browser::launch(Options::new(kind, web.address(), extension()))?;
    Ok((web, browser))
}

fn pages(kind: Kind) -> Result<()> {
    let (web, browser) = start(kind)?;
    assert!(!browser.version().is_empty());
    let tab = browser.new_tab()?;
    for (url, scheme) in [("http://plain.example/a?b=c", Scheme::Http), (OFFICIAL, Scheme::Https)] {
        web.forget();
        browser.navigate(&tab, url)?;
        assert_eq!(browser.evaluate(&tab, "return document.querySelector('h1').textContent")?, url);
        assert_eq!(browser.url(&tab)?, url);
        let first = web.seen().into_iter().next().context("nothing was asked")?;
        assert_eq!((first.scheme, first.url().as_str()), (scheme, url));
        assert_eq!(first.header("Host"), Some(first.host.as_str()));
    }
    assert_eq!(browser.evaluate(&tab, "return { a: [1, null] }")?, json!({"a": [1, null]}));
    assert_eq!(browser.evaluate(&tab, "")?, json!(null));
    let thrown = browser.evaluate(&tab, "throw new Error('deliberate')").unwrap_err();
    assert!(format!("{thrown:#}").contains("deliberate"), "{thrown:#}");

    browser.evaluate(&tab, "setTimeout(() => { document.title = 'late'; }, 50)")?;
    assert_eq!(browser.wait_for(&tab, "return document.title === 'late' && [document.title]")?, json!(["late"]));
    let never = browser.wait_for_within(Duration::from_millis(300), &tab, "return document.title === 'never' || 0");
    assert!(format!("{:#}", never.unwrap_err()).contains("last: 0"));

    // A tab in the background is looked at as often as one in front.
    let front = browser.new_tab()?;
    let start = Instant::now();
    browser.evaluate(&tab, "globalThis.looks = 0")?;
    browser.wait_for(&tab, "return ++looks > 20")?;
    assert!(start.elapsed() < Duration::from_secs(3), "{:?}", start.elapsed());
    browser.close_tab(&front)?;

    browser.forget_console();
    browser.evaluate(&tab, "console.log('said'); console.error('cried')")?;
    assert_eq!(browser.console_errors(), ["error: cried"]);
    assert_eq!(browser.console().len(), 2);
    Ok(())
}

fn navigation(kind: Kind) -> Result<()> {
    let gate = Gate::new();
    let held = gate.clone();
    let web = Server::start(move |request| match request.path.as_str() {
        "/held" => page(request).map(|response| response.gated(&held)),
        "/moved" => Some(Response::redirect("http://target.example/")),
        "/gone" => Some(Response::hang_up()),
        _ => page(request),
    })?;
    let browser = Browser::launch(Options::new(kind, web.address(), extension()))?;
    let tab = browser.open("http://one.example/")?;

    // Leaving a page that is still being loaded.
    browser.navigate_nowait(&tab, "http://slow.example/held")?;
    web.wait_for_request(Duration::from_secs(10), |request| request.path == "/held")?;
    browser.navigate(&tab, "http://two.example/")?;
    gate.open();
    assert_eq!(browser.url(&tab)?, "http://two.example/");
    browser.navigate(&tab, "http://slow.example/held")?;
    assert_eq!(browser.url(&tab)?, "http://slow.example/held");

    browser.history(&tab, -2)?;
    browser.wait_for(&tab, "return location.host === 'one.example'")?;
    browser.history(&tab, 1)?;
    browser.wait_for(&tab, "return location.host === 'two.example'")?;
    assert!(browser.history(&tab, 9).is_err());

    web.forget();
    browser.reload(&tab)?;
    assert!(web.seen().iter().any(|request| request.url() == "http://two.example/"));

    browser.navigate(&tab, "http://one.example/moved")?;
    assert_eq!(browser.url(&tab)?, "http://target.example/");
    assert!(browser.navigate(&tab, "http://one.example/gone").is_err());

    // A host that the web does not have answers 502, and is written down.
    web.forget();
    browser.navigate(&tab, "https://elsewhere.test/x")?;
    let status = "return performance.getEntriesByType('navigation')[0].responseStatus";
    assert_eq!(browser.evaluate(&tab, status)?, 502);
    assert!(web.refused().iter().any(|request| request.url() == "https://elsewhere.test/x"));
    assert!(web.seen().is_empty(), "{:?}", web.seen());

    let other = browser.new_tab()?;
    browser.activate(&tab)?;
    assert_eq!(browser.evaluate(&tab, "return document.visibilityState")?, "visible");
    let count = browser.tabs()?.len();
    browser.close_tab(&other)?;
    assert_eq!(browser.tabs()?.len(), count - 1);
    Ok(())
}

fn toolbar_and_background(kind: Kind) -> Result<()> {
    let (_web, browser) = start(kind)?;
    let tab = browser.open("http://plain.example/")?;
    let state = browser.wait_for_action("http://plain.example/", |state| state.badge == "WEB")?;
    assert_eq!(state.title, "Lab: plain.example");
    assert_eq!(state.popup, browser.extension_url("popup.html"));
    assert!(state.enabled);
    browser.navigate(&tab, OFFICIAL)?;
    browser.wait_for_action(OFFICIAL, |state| state.badge == "TLS")?;
    let error = browser.action("https://not.open.example/").unwrap_err();
    assert!(format!("{error:#}").contains(OFFICIAL), "{error:#}");

    // Stopped, the background is started again by the next event.
    let boots = format!("{API} return (await api.storage.local.get('boots')).boots");
    let before = browser.in_extension(&boots)?.as_u64().context("no boots")?;
    assert!(browser.background_is_running()?);
    browser.stop_background()?;
    assert!(!browser.background_is_running()?);
    browser.navigate(&tab, "https://again.example/")?;
    browser.wait_for_action("https://again.example/", |state| state.badge == "TLS")?;
    assert!(browser.background_is_running()?);
    let after = browser.in_extension(&boots)?.as_u64().context("no boots")?;
    assert_eq!(after, before + 1);
    Ok(())
}

fn errors_of_the_extension(kind: Kind) -> Result<()> {
    let (_web, browser) = start(kind)?;
    let tell = |what: &str| {
        // The second message is answered when the first has been dealt with.
        let what = json!(what);
        browser.in_extension(&format!(
            "{API} api.runtime.sendMessage({what}).catch(() => 0); await api.runtime.sendMessage('done')"
        ))
    };
    tell("nothing")?;
    assert_eq!(browser.extension_errors()?, Vec::<String>::new());
    tell("throw")?;
    tell("write")?;
    let errors = browser.extension_errors()?.join("\n");
    assert!(errors.contains("deliberate background error"), "{errors}");
    if kind == Kind::Chromium {
        assert!(errors.contains("deliberate background line"), "{errors}");
    }
    Ok(())
}

fn mouse_and_keyboard(kind: Kind) -> Result<()> {
    let (_web, browser) = start(kind)?;
    let page = browser.open(OFFICIAL)?;
    let button = "lab-banner >>> button.accept";
    assert_eq!(browser.text(&page, button)?, "Accept");
    browser.click(&page, button)?;
    assert_eq!(browser.text(&page, button)?, "Accepted"); // and not "Not trusted"
    assert!(!browser.exists(&page, "lab-banner >>> .other")?);
    browser.wait_gone(&page, "lab-banner >>> .other")?;
    let tag = browser.with_element(&page, button, "(el) => el.tagName")?;
    assert_eq!(tag, "BUTTON");

    let popup = browser.open(&browser.extension_url("popup.html"))?;
    browser.wait_for(&popup, "return document.documentElement.dataset.ready")?;
    browser.key(&popup, Key::Tab)?;
    browser.key(&popup, Key::Tab)?;
    browser.chord(&popup, &[Key::Shift, Key::Tab])?;
    assert_eq!(browser.evaluate(&popup, "return document.activeElement.id")?, "first");
    browser.key(&popup, Key::Enter)?;
    assert_eq!(browser.text(&popup, "#log")?, "first trusted=true");
    browser.key(&popup, Key::Escape)?;
    assert_eq!(browser.text(&popup, "#log")?, "escaped");
    browser.click(&popup, "#text")?;
    browser.type_text(&popup, "Ça va")?;
    assert_eq!(browser.evaluate(&popup, "return document.getElementById('text').value")?, "Ça va");

    // An optional host is granted without a prompt, but only from a real click.
    let granted = format!("{API} return api.permissions.contains({{ origins: ['https://opt.example/'] }})");
    assert_eq!(browser.in_extension(&granted)?, false);
    browser.click(&popup, "#grant")?;
    browser.wait_for(&popup, "return document.getElementById('log').textContent === 'granted=true'")?;
    assert_eq!(browser.in_extension(&granted)?, true);
    Ok(())
}

fn popup(kind: Kind) -> Result<()> {
    let (_web, browser) = start(kind)?;
    // Two tabs with one address: the button is pressed for the one in front.
    let tab = browser.open("https://opt.example/")?;
    let other = browser.open("https://opt.example/")?;
    let may_read = format!(
        "{API} const tabs = await api.tabs.query({{ url: 'https://opt.example/*' }});
        const results = await Promise.allSettled(tabs.map((tab) => api.scripting.executeScript(
            {{ target: {{ tabId: tab.id }}, func: () => document.documentElement.dataset.name }})));
        return results.map((result) => result.value?.[0].result ?? null).filter(Boolean);"
    );
    for (tab, name) in [(&tab, "one"), (&other, "two")] {
        browser.evaluate(tab, &format!("document.documentElement.dataset.name = {}", json!(name)))?;
    }
    assert_eq!(browser.in_extension(&may_read)?, json!([]));
    browser.open_popup(&tab)?;
    assert!(browser.popup_is_open()?);
    assert_eq!(
        browser.in_popup("return [document.title, window.location.href]")?,
        json!(["Lab popup", browser.extension_url("popup.html")])
    );
    assert_eq!(browser.in_extension(&may_read)?, json!(["one"])); // activeTab
    browser.close_popup()?;
    assert!(!browser.popup_is_open()?);
    browser.open_popup(&other)?;
    assert_eq!(browser.in_extension(&may_read)?, json!(["one", "two"]));
    Ok(())
}

fn pictures(kind: Kind) -> Result<()> {
    let (_web, browser) = start(kind)?;
    let tab = browser.open(&browser.extension_url("popup.html"))?;
    let directory = tempfile::tempdir()?;
    let file = directory.path().join("new/popup.png");
    browser.screenshot(&tab, &file, Some((380, 560)))?;
    let png = fs::read(&file)?;
    ensure!(png.starts_with(b"\x89PNG"), "not a PNG file");
    assert_eq!(png.get(16..24), Some(&[0, 0, 1, 124, 0, 0, 2, 48][..])); // 380 × 560
    browser.set_viewport(&tab, 300, 200)?;
    assert_eq!(browser.evaluate(&tab, "return [innerWidth, innerHeight]")?, json!([300, 200]));
    Ok(())
}

fn restart(kind: Kind) -> Result<()> {
    let (_web, mut browser) = start(kind)?;
    browser.in_extension(&format!("{API} await api.storage.local.set({{ kept: 'yes' }})"))?;
    browser.restart()?;
    let stored = browser
        .in_extension(&format!("{API} await api.runtime.sendMessage('wake'); return api.storage.local.get()"))?;
    assert_eq!(stored["kept"], "yes");
    if kind == Kind::Firefox {
        assert_eq!((&stored["startup"], &stored["install"]), (&json!(1), &json!(1)));
    }
    browser.open(OFFICIAL)?;
    browser.wait_for_action(OFFICIAL, |state| state.badge == "TLS")?;
    Ok(())
}

fn languages(kind: Kind) -> Result<()> {
    let web = Server::start(page)?;
    for (locale, interface, hello) in [("en", "en-US", "Hello"), ("fr", "fr", "Bonjour")] {
        let options = Options::new(kind, web.address(), extension()).with_locale(locale);
        let browser = match Browser::launch(options) {
            // Chromium without Debian's chromium-l10n: the remedy must be told.
            Err(error) if kind == Kind::Chromium && locale == "fr" => {
                assert!(format!("{error:#}").contains("apt-get install chromium-l10n"), "{error:#}");
                continue;
            }
            other => other?,
        };
        let said =
            browser.in_extension(&format!("{API} return [api.i18n.getUILanguage(), api.i18n.getMessage('hello')]"))?;
        assert_eq!(said, json!([interface, hello]));
        let tab = browser.open(OFFICIAL)?;
        assert_eq!(browser.evaluate(&tab, "return navigator.language")?, locale);
    }
    Ok(())
}

fn deadlines(kind: Kind) -> Result<()> {
    let (_web, browser) = start(kind)?;
    let tab = browser.open(OFFICIAL)?;
    let forever = json!({
        "target": {"context": tab.context()},
        "expression": "new Promise(() => {})",
        "awaitPromise": true,
    });
    let short = Duration::from_millis(200);
    let error = browser.bidi().send_within(short, "script.evaluate", forever).unwrap_err();
    assert!(error.to_string().contains("script.evaluate"), "{error}");
    assert!(error.to_string().contains("no answer within 200ms"), "{error}");
    let error = browser.send("no.such", json!({})).unwrap_err();
    assert!(error.to_string().contains("no.such"), "{error}");
    // The browser can still be used.
    assert_eq!(browser.evaluate(&tab, "return 1")?, 1);
    Ok(())
}

fn nothing_is_left_behind(kind: Kind) -> Result<()> {
    let (_web, browser) = start(kind)?;
    let profile = browser.profile().to_owned();
    assert!(mentioned(&profile) > 0);
    // As when a test fails: the browser is dropped by a panic.
    let failed = std::thread::spawn(move || {
        let _browser = browser;
        std::panic::resume_unwind(Box::new("deliberate"));
    });
    assert!(failed.join().is_err());
    // The browser's own children notice its end a moment later.
    let deadline = Instant::now() + Duration::from_secs(10);
    while mentioned(&profile) > 0 {
        assert!(Instant::now() < deadline, "{} processes are left", mentioned(&profile));
    }
    assert!(!profile.exists());
    Ok(())
}

/// How many running processes have this directory on their command line.
fn mentioned(directory: &Path) -> usize {
    let directory = directory.to_string_lossy();
    fs::read_dir("/proc")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| fs::read(entry.path().join("cmdline")).ok())
        .filter(|line| String::from_utf8_lossy(line).contains(&*directory))
        .count()
}
