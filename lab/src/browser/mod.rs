//! Real browsers with the extension loaded.

mod background;
mod chromium;
mod element;
mod errors;
mod extension;
mod firefox;
mod keyboard;
mod options;
mod popup;
mod script;
mod session;
mod tabs;

use std::path::Path;
use std::sync::Mutex;
use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::Value;
use tempfile::TempDir;

pub use extension::ActionState;
pub use keyboard::Key;
pub use options::{Kind, Options};
pub use tabs::Tab;

use crate::bidi::Bidi;
use options::Extension;
use session::{Profile, Session};

/// How long [`Browser::wait_for`] waits.
pub const WAIT_TIME: Duration = Duration::from_secs(20);

/// A running browser. Dropping it ends its processes, also when a test panics.
#[derive(Debug)]
pub struct Browser {
    /// `None` only while the browser is being ended.
    session: Option<Session>,
    options: Options,
    extension: Extension,
    /// The lab's own page in the extension.
    helper: Mutex<Option<Tab>>,
    /// Last, so that it is removed when the browser has ended.
    profile: TempDir,
}

impl Browser {
    /// Starts a browser with a new profile and loads the extension.
    ///
    /// # Errors
    /// When the browser is not installed, does not start in time, or refuses
    /// the extension.
    pub fn launch(options: Options) -> Result<Self> {
        let extension = Extension::read(&options.extension)?;
        let profile = tempfile::Builder::new()
            .prefix(&format!("lab-{}-", options.kind))
            .tempdir()
            .context("making a directory for the browser's profile")?;
        let new = Profile { directory: profile.path(), new: true };
        let session = Session::start(&options, &extension, &new)?;
        Ok(Self { session: Some(session), options, extension, helper: Mutex::default(), profile })
    }

    /// Ends the browser and starts it again with the same profile. All
    /// [`Tab`]s are gone; what the extension stored is still there.
    ///
    /// In Firefox the extension is told `runtime.onStartup`, and optional
    /// hosts stay granted: a restart like a user's. Headless Chromium does not
    /// load an unpacked extension again by itself, so there it is loaded once
    /// more: `runtime.onInstalled` comes again instead of `onStartup`, and
    /// optional hosts are to be granted again (by `permissions.request` from
    /// a click, without a prompt).
    ///
    /// # Errors
    /// As for [`Browser::launch`].
    pub fn restart(&mut self) -> Result<()> {
        *self.helper.get_mut().unwrap_or_else(std::sync::PoisonError::into_inner) = None;
        if let Some(session) = self.session.take() {
            session.quit();
        }
        let profile = Profile { directory: self.profile.path(), new: false };
        let session = Session::start(&self.options, &self.extension, &profile)
            .context("starting the browser again with the same profile")?;
        self.session = Some(session);
        Ok(())
    }

    /// Which browser this is.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.options.kind
    }

    /// Its version, for instance `156.0.8078.79`.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.session().version
    }

    /// The directory of its profile, removed when the browser is dropped.
    #[must_use]
    pub fn profile(&self) -> &Path {
        self.profile.path()
    }

    /// What it was started with.
    #[must_use]
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// The extension's id in this browser.
    #[must_use]
    pub fn extension_id(&self) -> &str {
        &self.session().extension_id
    }

    /// The BiDi connection, for commands that the lab has no method for.
    #[must_use]
    pub fn bidi(&self) -> &Bidi {
        &self.session().bidi
    }

    /// Sends a BiDi command and returns its result.
    ///
    /// # Errors
    /// As for [`Bidi::send`].
    pub fn send(&self, method: &str, params: Value) -> Result<Value> {
        self.bidi().send(method, params)
    }

    #[allow(clippy::expect_used, reason = "a test that goes on after a failed restart is wrong")]
    fn session(&self) -> &Session {
        self.session.as_ref().expect("the browser was ended: its restart failed")
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        if let Some(session) = self.session.take()
            && !std::thread::panicking()
        {
            session.quit();
        }
    }
}
