//! Chromium, through chromedriver.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use super::options::{Extension, Options};
use super::session::{Profile, START_TIME, Started};
use crate::bidi::Bidi;
use crate::process::Process;
use crate::webdriver;

const DRIVER: &str = "/usr/bin/chromedriver";

/// Where Debian's Chromium has its languages.
const LOCALES: &str = "/usr/lib/chromium/locales";

/// Features that would turn http into https, or ask the outside world.
const FEATURES_OFF: &str = "HttpsUpgrades,HttpsFirstBalancedMode,\
HttpsFirstBalancedModeAutoEnable,HttpsFirstModeV2,HttpsFirstModeV2ForEngagedSites,\
HttpsFirstModeV2ForTypicallySecureUsers,OptimizationHints,MediaRouter,Translate";

const ARGUMENTS: [&str; 16] = [
    "--no-sandbox", // tests run as root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-domain-reliability",
    "--disable-search-engine-choice-screen",
    "--ignore-certificate-errors", // in workers too, where acceptInsecureCerts does not reach
    // A waiting condition in a tab in the background is looked at as often as in front:
    "--disable-background-timer-throttling",
    "--disable-renderer-backgrounding",
    // What `webExtension.install` needs:
    "--remote-debugging-pipe",
    "--enable-unsafe-extension-debugging",
    "--password-store=basic",
];

pub(super) fn start(options: &Options, extension: &Extension, profile: &Profile) -> Result<Started> {
    let mut command = Command::new(DRIVER);
    command.arg("--port=0");
    if let Some(locale) = &options.locale {
        check_locale(options, locale)?;
        // On Linux the interface takes its language from the environment.
        command.env("LANGUAGE", locale).env("LANG", "C.UTF-8");
        command.env_remove("LC_ALL").env_remove("LC_MESSAGES");
    }
    let mut process =
        Process::start(command, profile.directory).context("Debian's package chromium-driver has chromedriver")?;
    let port = process
        .wait_for_output("started successfully on port ", Duration::from_secs(20))?
        .trim_end_matches('.')
        .parse()
        .context("reading the port of chromedriver")?;
    let body = json!({"capabilities": {"alwaysMatch": capabilities(options, extension, profile)?}});
    let session = webdriver::call(port, "POST", "/session", Some(&body), START_TIME).with_context(|| process.said())?;
    let id = session["sessionId"].as_str().unwrap_or_default().to_owned();
    let capabilities = session["capabilities"].clone();
    if let Some(pid) = capabilities["goog:processID"].as_u64() {
        process.watch_also(u32::try_from(pid)?);
    }
    let Some(url) = capabilities["webSocketUrl"].as_str() else {
        bail!("chromedriver offers no BiDi connection (webSocketUrl)");
    };
    Ok(Started { bidi: Bidi::connect(url)?, capabilities, process, driver: Some((port, id)) })
}

fn capabilities(options: &Options, extension: &Extension, profile: &Profile) -> Result<Value> {
    let mut arguments: Vec<String> = ARGUMENTS.iter().map(ToString::to_string).collect();
    arguments.push(format!("--disable-features={FEATURES_OFF}"));
    arguments.push(format!("--user-data-dir={}", profile.directory.display()));
    arguments.push(format!("--window-size={},{}", options.window.0, options.window.1));
    if options.headless {
        arguments.push("--headless=new".to_owned());
    }
    if let Some(locale) = &options.locale {
        arguments.push(format!("--lang={locale}"));
        arguments.push(format!("--accept-lang={locale}"));
    }
    Ok(json!({
        "browserName": "chrome",
        "acceptInsecureCerts": true,
        "webSocketUrl": true,
        "proxy": proxy(options),
        "goog:chromeOptions": {
            "binary": options.program(),
            "args": arguments,
            "prefs": preferences(options, extension, profile)?,
        },
    }))
}

/// Preferences that a new profile starts with.
fn preferences(options: &Options, extension: &Extension, profile: &Profile) -> Result<Value> {
    if !profile.new {
        return Ok(json!({})); // they would take the place of what the browser wrote
    }
    // In developer mode, Chromium collects the errors of extensions.
    let mut preferences = json!({"extensions.ui.developer_mode": true});
    if options.grant_optional_hosts {
        // Permissions that were granted once are granted again without a prompt.
        preferences["extensions.settings"] = json!({
            (extension.chromium_id()?): {"runtime_granted_permissions": {
                "api": [],
                "explicit_host": ["*://*/*"],
                "manifest_permissions": [],
                "scriptable_host": [],
            }}
        });
    }
    Ok(preferences)
}

/// Loads the extension and waits until its service worker listens to events;
/// the result is its id.
///
/// This is done at each start: Chromium keeps what an unpacked extension
/// stored, but does not load it again by itself when headless.
pub(super) fn load(bidi: &Bidi, extension: &Extension) -> Result<String> {
    let data = json!({"type": "path", "path": extension.directory});
    bidi.send("webExtension.install", json!({"extensionData": data}))?;
    let id = extension.chromium_id()?;
    if extension.has_background() {
        wait_for_worker(bidi, &id).context("waiting for the service worker to start")?;
    }
    Ok(id)
}

/// An event that comes before the worker's script has run once is lost.
fn wait_for_worker(bidi: &Bidi, id: &str) -> Result<()> {
    let deadline = Instant::now() + START_TIME;
    let own = format!("chrome-extension://{id}/");
    let mut state = Value::Null;
    while Instant::now() < deadline {
        let Some(worker) = worker_target(bidi, &own)? else { continue };
        let attach = json!({"targetId": worker, "flatten": true});
        let attached = bidi.cdp("Target.attachToTarget", attach, None)?;
        let session = attached["sessionId"].as_str();
        let look = json!({"expression": "registration.active?.state"});
        state = bidi.cdp("Runtime.evaluate", look, session)?["result"]["value"].take();
        // While attached to, a worker would never go idle.
        bidi.cdp("Target.detachFromTarget", json!({"sessionId": session}), None)?;
        if state == "activated" {
            return Ok(());
        }
    }
    bail!("its state is {state}; does its script run without errors?")
}

/// The CDP id of the service worker of the extension with these addresses.
pub(super) fn worker_target(bidi: &Bidi, own: &str) -> Result<Option<Value>> {
    let is_worker = |target: &&Value| {
        target["type"] == "service_worker" && target["url"].as_str().is_some_and(|url| url.starts_with(own))
    };
    Ok(targets(bidi)?.iter().find(is_worker).map(|target| target["targetId"].clone()))
}

/// All CDP targets of the browser, of every type.
pub(super) fn targets(bidi: &Bidi) -> Result<Vec<Value>> {
    let mut targets = bidi.cdp("Target.getTargets", json!({"filter": [{}]}), None)?;
    match targets["targetInfos"].take() {
        Value::Array(targets) => Ok(targets),
        other => bail!("CDP Target.getTargets answered {other}"),
    }
}

/// The proxy capability, the same for both browsers.
pub(super) fn proxy(options: &Options) -> Value {
    let address = options.proxy.to_string();
    json!({"proxyType": "manual", "httpProxy": address, "sslProxy": address})
}

/// Debian's Chromium speaks only English until `chromium-l10n` is installed,
/// and would fall back to it without a word.
fn check_locale(options: &Options, locale: &str) -> Result<()> {
    let own = options.program.as_deref().and_then(Path::parent);
    let locales = own.map_or_else(|| LOCALES.into(), |directory| directory.join("locales"));
    if locale.starts_with("en") || locales.join(format!("{locale}.pak")).exists() {
        return Ok(());
    }
    bail!(
        "Chromium has no interface in {locale:?} ({} has no {locale}.pak): \
         apt-get install chromium-l10n",
        locales.display()
    );
}
