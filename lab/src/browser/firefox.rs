//! Firefox, through its own BiDi server.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use super::chromium::proxy;
use super::options::{Extension, Options};
use super::session::{Profile, START_TIME, Started};
use crate::bidi::Bidi;
use crate::process::Process;
use crate::zip;

pub(super) fn start(options: &Options, extension: &Extension, profile: &Profile) -> Result<Started> {
    write_preferences(options, extension, profile.directory)?;
    let mut command = Command::new(options.program());
    if options.headless {
        command.arg("--headless");
    }
    command
        .args(["--no-remote", "--profile"])
        .arg(profile.directory)
        .args(["--remote-debugging-port=0", "--remote-allow-system-access"])
        .arg(format!("--width={}", options.window.0))
        .arg(format!("--height={}", options.window.1))
        .arg("about:blank");
    let mut process = Process::start(command, profile.directory).context("Debian's package firefox-esr has it")?;
    let url = process.wait_for_output("WebDriver BiDi listening on ", START_TIME)?;
    let bidi = Bidi::connect(&format!("{}/session", url.trim()))?;
    let wanted = json!({"acceptInsecureCerts": true, "proxy": proxy(options)});
    let mut session =
        bidi.send("session.new", json!({"capabilities": {"alwaysMatch": wanted}})).with_context(|| process.said())?;
    Ok(Started { bidi, capabilities: session["capabilities"].take(), process, driver: None })
}

fn write_preferences(options: &Options, extension: &Extension, profile: &Path) -> Result<()> {
    let uuids = json!({extension.gecko_id()?: options.firefox_uuid}).to_string();
    let preferences = [
        ("extensions.webextensions.uuids", json!(uuids)),
        ("extensions.webextOptionalPermissionPrompts", json!(!options.grant_optional_hosts)),
        // An extension without Mozilla's signature can be installed for good:
        ("xpinstall.signatures.required", json!(false)),
        // http stays http:
        ("dom.security.https_first", json!(false)),
        ("dom.security.https_first_schemeless", json!(false)),
        ("dom.security.https_only_mode", json!(false)),
        ("network.stricttransportsecurity.preloadlist", json!(false)),
        // Nothing goes around the proxy:
        ("network.proxy.failover_direct", json!(false)),
        ("network.proxy.allow_hijacking_localhost", json!(true)),
        ("network.captive-portal-service.enabled", json!(false)),
        ("network.connectivity-service.enabled", json!(false)),
        ("app.normandy.enabled", json!(false)),
        ("datareporting.policy.dataSubmissionEnabled", json!(false)),
        // A waiting condition in a tab in the background is looked at as often as in front:
        ("dom.min_background_timeout_value", json!(4)),
        ("dom.min_background_timeout_value_without_budget_throttling", json!(4)),
        ("dom.timeout.enable_budget_timer_throttling", json!(false)),
        // The helper page that shows manifest.json is a plain document:
        ("devtools.jsonview.enabled", json!(false)),
        ("browser.startup.page", json!(0)),
        ("browser.shell.checkDefaultBrowser", json!(false)),
    ];
    let mut preferences = preferences.to_vec();
    if let Some(locale) = &options.locale {
        preferences.push(("intl.accept_languages", json!(locale)));
    }
    let lines = preferences.iter().map(|(name, value)| format!("user_pref({}, {value});\n", json!(name)));
    let text: String = lines.collect();
    let file = profile.join("user.js");
    fs::write(&file, text).with_context(|| format!("writing {}", file.display()))
}

/// Installs the extension as a user would have it, not temporarily, so that it
/// is there again after a restart; the result is its id.
pub(super) fn load(bidi: &Bidi, options: &Options, extension: &Extension, profile: &Profile) -> Result<String> {
    set_locale(bidi, options)?;
    let id = extension.gecko_id()?;
    if profile.new {
        let file = profile.directory.join("lab-extension.xpi");
        fs::write(&file, zip::directory(&extension.directory)?)
            .with_context(|| format!("writing {}", file.display()))?;
        let data = json!({"type": "archivePath", "path": file});
        bidi.send("webExtension.install", json!({"extensionData": data, "moz:permanent": true}))?;
    }
    let background = json!(extension.has_background());
    let body = format!(
        "const policy = () => WebExtensionPolicy.getByID({});
        const started = () => policy()?.active
            && (!{background} || policy().extension.backgroundState === 'running');
        while (!started()) await new Promise((turn) => ChromeUtils.idleDispatch(turn));",
        json!(id)
    );
    in_chrome(bidi, &body).context("waiting for the background of the extension to start")?;
    Ok(id.to_owned())
}

/// Makes Firefox speak `locale`, without a language pack: texts of its own
/// stay English, but `i18n.getUILanguage` and the choice of `_locales` follow.
fn set_locale(bidi: &Bidi, options: &Options) -> Result<()> {
    let Some(locale) = &options.locale else {
        return Ok(());
    };
    let locale = if locale == "en" { "en-US" } else { locale };
    let body = format!(
        "Services.locale.availableLocales = [...new Set([{0}, 'en-US'])];
         Services.locale.requestedLocales = [{0}];
         return Services.locale.appLocaleAsBCP47;",
        json!(locale)
    );
    let now = in_chrome(bidi, &body).context("setting the language of Firefox")?;
    if now != *locale {
        bail!("Firefox speaks {now}, not {locale:?}");
    }
    Ok(())
}

/// Runs an async function body in the browser's own window, with all rights.
pub(super) fn in_chrome(bidi: &Bidi, body: &str) -> Result<Value> {
    let tree = bidi.send("browsingContext.getTree", json!({"moz:scope": "chrome"}))?;
    let window = &tree["contexts"][0]["context"];
    super::script::run(bidi, window, body)
}
