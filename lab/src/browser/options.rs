//! What a browser is started with.

use std::env;
use std::fmt;
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde_json::Value;

/// The two browsers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Debian's `chromium` through `chromium-driver`.
    Chromium,
    /// Debian's `firefox-esr`, which has its own BiDi server.
    Firefox,
}

impl Kind {
    /// Both, to run a test in each.
    pub const ALL: [Self; 2] = [Self::Chromium, Self::Firefox];
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Chromium => "chromium",
            Self::Firefox => "firefox",
        })
    }
}

/// How to start a browser; [`Options::new`] gives the usual values.
#[derive(Clone, Debug)]
pub struct Options {
    /// Which browser.
    pub kind: Kind,
    /// The proxy that is its whole web: [`Server::address`](crate::server::Server::address).
    pub proxy: SocketAddr,
    /// The directory of the unpacked extension, with its `manifest.json`.
    pub extension: PathBuf,
    /// False shows the window (needs a display). Usually true.
    pub headless: bool,
    /// Language of the browser's own interface, and with it of the
    /// extension's `_locales`: `"fr"`, `"en"`… `None` leaves the machine's.
    ///
    /// Firefox needs no language pack. Chromium needs Debian's package
    /// `chromium-l10n` for all languages but English.
    pub locale: Option<String>,
    /// Whether `permissions.request` for optional hosts is granted without a
    /// prompt, which nobody could answer in a headless browser.
    pub grant_optional_hosts: bool,
    /// Width and height of the window, in CSS pixels.
    pub window: (u32, u32),
    /// The host of `moz-extension://` addresses in Firefox, fixed for the profile.
    pub firefox_uuid: String,
    /// The program to start instead of `/usr/bin/chromium` or
    /// `/usr/bin/firefox-esr`; at first what the environment variable
    /// `LAB_CHROMIUM` or `LAB_FIREFOX` says.
    pub program: Option<PathBuf>,
}

impl Options {
    /// Headless, English, optional hosts granted, a window of 1280 × 800.
    #[must_use]
    pub fn new(kind: Kind, proxy: SocketAddr, extension: impl Into<PathBuf>) -> Self {
        let variable = match kind {
            Kind::Chromium => "LAB_CHROMIUM",
            Kind::Firefox => "LAB_FIREFOX",
        };
        Self {
            kind,
            proxy,
            extension: extension.into(),
            headless: true,
            locale: Some("en".to_owned()),
            grant_optional_hosts: true,
            window: (1280, 800),
            firefox_uuid: "11111111-2222-4333-8444-555555555555".to_owned(),
            program: env::var_os(variable).map(PathBuf::from),
        }
    }

    /// Replaces the language of the browser's interface.
    #[must_use]
    pub fn with_locale(mut self, locale: &str) -> Self {
        self.locale = Some(locale.to_owned());
        self
    }

    /// Leaves `permissions.request` to the browser's own prompt.
    #[must_use]
    pub fn without_optional_hosts(mut self) -> Self {
        self.grant_optional_hosts = false;
        self
    }

    /// The program to start.
    pub(super) fn program(&self) -> &Path {
        self.program.as_deref().unwrap_or(match self.kind {
            Kind::Chromium => Path::new("/usr/bin/chromium"),
            Kind::Firefox => Path::new("/usr/bin/firefox-esr"),
        })
    }
}

/// What the lab needs to know of the extension, read from its directory.
#[derive(Clone, Debug)]
pub(super) struct Extension {
    /// Absolute, as the browsers want it.
    pub(super) directory: PathBuf,
    manifest: Value,
}

impl Extension {
    pub(super) fn read(directory: &Path) -> Result<Self> {
        let directory = fs::canonicalize(directory).with_context(|| {
            format!("looking for the unpacked extension in {}; has it been built?", directory.display())
        })?;
        let file = directory.join("manifest.json");
        let text =
            fs::read_to_string(&file).with_context(|| format!("reading {}; has it been built?", file.display()))?;
        let manifest = serde_json::from_str(&text).with_context(|| format!("reading {} as JSON", file.display()))?;
        Ok(Self { directory, manifest })
    }

    /// Whether it has a background to wait for.
    pub(super) fn has_background(&self) -> bool {
        self.manifest["background"].is_object()
    }

    /// The id that Firefox knows it by.
    pub(super) fn gecko_id(&self) -> Result<&str> {
        match self.manifest["browser_specific_settings"]["gecko"]["id"].as_str() {
            Some(id) => Ok(id),
            None => bail!(
                "the manifest in {} has no browser_specific_settings.gecko.id; Firefox needs one",
                self.directory.display()
            ),
        }
    }

    /// The id that Chromium makes: of the manifest's `key` when there is one,
    /// else of the path of the directory.
    pub(super) fn chromium_id(&self) -> Result<String> {
        let source = match self.manifest["key"].as_str() {
            Some(key) => {
                data_encoding::BASE64.decode(key.as_bytes()).context("decoding the key in the extension's manifest")?
            }
            None => self.directory.as_os_str().as_encoded_bytes().to_vec(),
        };
        let digest = ring::digest::digest(&ring::digest::SHA256, &source);
        Ok(digest.as_ref()[..16]
            .iter()
            .flat_map(|byte| [byte >> 4, byte & 15])
            .map(|digit| char::from(b'a' + digit))
            .collect())
    }
}
