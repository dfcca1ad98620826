//! The extension's background: a service worker in Chromium, an event page in
//! Firefox. Both are stopped by the browser when idle; here, by the test.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::json;

use super::{Browser, Kind, WAIT_TIME, chromium, firefox};

/// After so long without what was waited for, the background may be held up by the driver.
pub(super) const HELD_UP: Duration = Duration::from_secs(1);

impl Browser {
    /// Lets a worker run that chromedriver holds up: it attaches to the workers that start while a
    /// page of the extension is open, has them wait for a debugger, and does not always let go.
    pub(super) fn free_background(&self) -> Result<()> {
        if self.kind() != Kind::Chromium {
            return Ok(());
        }
        let Some(worker) = chromium::worker_target(self.bidi(), &self.extension_url(""))? else { return Ok(()) };
        let attach = json!({"targetId": worker, "flatten": true});
        // A worker that ends meanwhile needs no help.
        let Ok(attached) = self.bidi().cdp("Target.attachToTarget", attach, None) else { return Ok(()) };
        let session = attached["sessionId"].as_str();
        let _ = self.bidi().cdp("Runtime.runIfWaitingForDebugger", json!({}), session);
        let _ = self.bidi().cdp("Target.detachFromTarget", json!({"sessionId": session}), None);
        Ok(())
    }

    /// Stops the background, as the browser does when it is idle. The next
    /// event starts it again, with nothing in its memory.
    ///
    /// # Errors
    /// When it does not stop.
    pub fn stop_background(&self) -> Result<()> {
        let deadline = Instant::now() + WAIT_TIME;
        // An event that was still under way may have started it again.
        while self.background_is_running()? {
            if Instant::now() > deadline {
                bail!("the background of the extension still runs after {WAIT_TIME:?} of stopping it");
            }
            match self.kind() {
                Kind::Chromium => self.stop_worker(),
                Kind::Firefox => self.stop_event_page(),
            }
            .context("stopping the background of the extension")?;
            // One that is held up does not end either.
            self.free_background()?;
        }
        Ok(())
    }

    /// Whether the background runs now.
    ///
    /// # Errors
    /// When the browser is gone or hangs.
    pub fn background_is_running(&self) -> Result<bool> {
        match self.kind() {
            Kind::Chromium => {
                let worker = chromium::worker_target(self.bidi(), &self.extension_url(""))?;
                Ok(worker.is_some())
            }
            Kind::Firefox => {
                let state = self.of_extension("return extension.backgroundState")?;
                Ok(state == "running" || state == "starting")
            }
        }
    }

    fn stop_worker(&self) -> Result<()> {
        // The domain ServiceWorker belongs to a page of the same profile.
        let helper = self.helper()?;
        let session = self.send("goog:cdp.getSession", json!({"context": helper.0}))?;
        let session = session["session"].as_str();
        for method in ["enable", "stopAllWorkers", "disable"] {
            let method = format!("ServiceWorker.{method}");
            self.bidi().cdp(&method, json!({}), session)?;
        }
        Ok(())
    }

    fn stop_event_page(&self) -> Result<()> {
        self.of_extension("await extension.terminateBackground()")?;
        Ok(())
    }

    /// Runs a body in Firefox's own window, where `extension` is the extension.
    fn of_extension(&self, body: &str) -> Result<serde_json::Value> {
        let id = json!(self.extension_id());
        let body = format!("const {{ extension }} = WebExtensionPolicy.getByID({id});\n{body}");
        firefox::in_chrome(self.bidi(), &body)
    }
}
