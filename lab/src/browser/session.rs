//! A running browser process with its BiDi session.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::options::{Extension, Kind, Options};
use super::{chromium, firefox};
use crate::bidi::Bidi;
use crate::process::Process;
use crate::webdriver;

/// How long a browser may take to start.
pub(super) const START_TIME: Duration = Duration::from_mins(1);
/// How long it may take to end by itself before it is killed.
const END_TIME: Duration = Duration::from_secs(15);

/// The directory where a browser keeps everything.
#[derive(Clone, Copy, Debug)]
pub(super) struct Profile<'a> {
    pub(super) directory: &'a Path,
    /// True at the first start, when the directory is empty.
    pub(super) new: bool,
}

/// A browser that runs. Dropping it kills what is left of it.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) bidi: Bidi,
    pub(super) version: String,
    /// The extension's id as this browser has it.
    pub(super) extension_id: String,
    process: Process,
    /// Chromedriver's port and session id.
    driver: Option<(u16, String)>,
}

/// What starting a browser gives, before the extension is loaded.
pub(super) struct Started {
    pub(super) bidi: Bidi,
    pub(super) capabilities: Value,
    pub(super) process: Process,
    pub(super) driver: Option<(u16, String)>,
}

impl Session {
    /// Starts the browser with this profile. and loads the extension unless the
    /// profile has it already.
    pub(super) fn start(options: &Options, extension: &Extension, profile: &Profile) -> Result<Self> {
        let started = match options.kind {
            Kind::Chromium => chromium::start(options, extension, profile),
            Kind::Firefox => firefox::start(options, extension, profile),
        }
        .with_context(|| format!("starting {} for the lab", options.kind))?;
        let Started { bidi, capabilities, process, driver } = started;
        bidi.send("session.subscribe", json!({"events": ["log.entryAdded", "browsingContext.contextCreated"]}))?;
        let extension_id = match options.kind {
            Kind::Chromium => chromium::load(&bidi, extension),
            Kind::Firefox => firefox::load(&bidi, options, extension, profile),
        }
        .with_context(|| format!("loading the extension in {}", extension.directory.display()))?;
        let version = capabilities["browserVersion"].as_str().unwrap_or_default();
        Ok(Self { version: version.to_owned(), bidi, extension_id, process, driver })
    }

    /// Ends the browser as a user would, so that its profile is written.
    pub(super) fn quit(mut self) {
        let descendants = self.process.descendants();
        if let Some((port, id)) = &self.driver {
            let path = format!("/session/{id}");
            let _ = webdriver::call(*port, "DELETE", &path, None, END_TIME);
        } else {
            let _ = self.bidi.send_within(END_TIME, "browser.close", json!({}));
            self.process.wait(END_TIME);
        }
        self.process.kill(&descendants);
    }
}
