//! Tabs: opening, leading somewhere, looking at.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail};
use serde_json::{Value, json};

use super::background::HELD_UP;
use super::{Browser, WAIT_TIME, script};

/// A tab, by its BiDi context. It stays the same through all navigation.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Tab(pub(super) String);

impl Tab {
    /// The id of its browsing context, for own BiDi commands.
    #[must_use]
    pub fn context(&self) -> &str {
        &self.0
    }
}

/// How long a navigation may take.
const NAVIGATION_TIME: Duration = Duration::from_secs(30);

impl Browser {
    /// Opens an empty tab and brings it to the front.
    ///
    /// # Errors
    /// When the browser is gone or hangs.
    pub fn new_tab(&self) -> Result<Tab> {
        self.create_tab(false)
    }

    /// Opens an empty tab behind the one in front.
    ///
    /// # Errors
    /// When the browser is gone or hangs.
    pub fn new_background_tab(&self) -> Result<Tab> {
        self.create_tab(true)
    }

    fn create_tab(&self, background: bool) -> Result<Tab> {
        let params = json!({"type": "tab", "background": background});
        let made = self.send("browsingContext.create", params).context("opening a tab")?;
        let context = made["context"].as_str().context("the new tab has no id")?;
        Ok(Tab(context.to_owned()))
    }

    /// Opens a tab and leads it to `url`.
    ///
    /// # Errors
    /// As for [`Browser::navigate`].
    pub fn open(&self, url: &str) -> Result<Tab> {
        let tab = self.new_tab()?;
        self.navigate(&tab, url)?;
        Ok(tab)
    }

    /// Leads a tab to `url` and waits until the page is complete.
    ///
    /// # Errors
    /// When the page does not load, or not in time.
    pub fn navigate(&self, tab: &Tab, url: &str) -> Result<()> {
        self.bidi()
            .send_within(
                NAVIGATION_TIME,
                "browsingContext.navigate",
                json!({"context": tab.0, "url": url, "wait": "complete"}),
            )
            .with_context(|| format!("leading a tab to {url}"))?;
        Ok(())
    }

    /// Leads a tab to `url` and waits for nothing, not even for the host to
    /// answer. To go on exactly when the host was asked, use
    /// [`Server::wait_for_request`](crate::server::Server::wait_for_request).
    ///
    /// # Errors
    /// When the browser is gone. A navigation that fails is not told.
    pub fn navigate_nowait(&self, tab: &Tab, url: &str) -> Result<()> {
        // With `"wait": "none"` both browsers still answer only when the host has.
        let params = json!({"context": tab.0, "url": url, "wait": "none"});
        self.bidi().post("browsingContext.navigate", params).with_context(|| format!("leading a tab to {url}"))
    }

    /// Loads the page again and waits until it is complete.
    ///
    /// # Errors
    /// When the page does not load, or not in time.
    pub fn reload(&self, tab: &Tab) -> Result<()> {
        let params = json!({"context": tab.0, "wait": "complete"});
        self.send("browsingContext.reload", params).context("reloading a tab")?;
        Ok(())
    }

    /// Goes back (negative) or forward in the tab's history. Does not wait for
    /// the page: follow with [`Browser::wait_for`].
    ///
    /// # Errors
    /// When there is no such entry.
    pub fn history(&self, tab: &Tab, delta: i32) -> Result<()> {
        let params = json!({"context": tab.0, "delta": delta});
        self.send("browsingContext.traverseHistory", params)
            .with_context(|| format!("going {delta} in the history of a tab"))?;
        Ok(())
    }

    /// Brings a tab to the front.
    ///
    /// # Errors
    /// When the tab is gone.
    pub fn activate(&self, tab: &Tab) -> Result<()> {
        self.send("browsingContext.activate", json!({"context": tab.0})).context("bringing a tab to the front")?;
        Ok(())
    }

    /// Closes a tab.
    ///
    /// # Errors
    /// When the tab is gone already.
    pub fn close_tab(&self, tab: &Tab) -> Result<()> {
        self.send("browsingContext.close", json!({"context": tab.0})).context("closing a tab")?;
        Ok(())
    }

    /// The address that a tab shows.
    ///
    /// # Errors
    /// When the tab is gone.
    pub fn url(&self, tab: &Tab) -> Result<String> {
        let tree = self
            .send("browsingContext.getTree", json!({"root": tab.0, "maxDepth": 0}))
            .context("reading the address of a tab")?;
        Ok(tree["contexts"][0]["url"].as_str().unwrap_or_default().to_owned())
    }

    /// All tabs, each with its address. The lab's own helper tab is not among them.
    ///
    /// # Errors
    /// When the browser is gone or hangs.
    pub fn tabs(&self) -> Result<Vec<(Tab, String)>> {
        let tree = self.send("browsingContext.getTree", json!({"maxDepth": 0}))?;
        let helper = self.helper_if_open();
        let contexts = tree["contexts"].as_array().map_or(&[][..], Vec::as_slice);
        Ok(contexts
            .iter()
            .filter_map(|context| {
                let tab = Tab(context["context"].as_str()?.to_owned());
                Some((tab, context["url"].as_str()?.to_owned()))
            })
            .filter(|(tab, _)| helper.as_ref() != Some(tab))
            .collect())
    }

    /// Runs an async function body in a tab and returns what it returns.
    ///
    /// `browser.evaluate(&tab, "return document.title")`. In an extension page
    /// `browser.*` and `chrome.*` can be used.
    ///
    /// # Errors
    /// When the script throws (the error shows the message) or does not end.
    pub fn evaluate(&self, tab: &Tab, body: &str) -> Result<Value> {
        script::run(self.bidi(), &json!(tab.0), body)
    }

    /// Waits until an async function body returns something truthy, and
    /// returns that. The page itself looks again and again, so there is no
    /// fixed sleep; navigation in between does no harm.
    ///
    /// # Errors
    /// When it does not within [`WAIT_TIME`]; the error shows the last value.
    pub fn wait_for(&self, tab: &Tab, condition: &str) -> Result<Value> {
        self.wait_for_within(WAIT_TIME, tab, condition)
    }

    /// [`Browser::wait_for`] with its own limit.
    ///
    /// # Errors
    /// As for [`Browser::wait_for`].
    pub fn wait_for_within(&self, time: Duration, tab: &Tab, condition: &str) -> Result<Value> {
        let deadline = Instant::now() + time;
        let mut last = "nothing yet".to_owned();
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                bail!("waiting {time:?} for the page to say yes; last: {last}\n{condition}");
            }
            match script::wait(self.bidi(), &tab.0, condition, left.min(HELD_UP)) {
                Ok(script::Waited::Yes(value)) => return Ok(value),
                Ok(script::Waited::NotYet(value)) => last = value,
                // The document went away while it was looked at, or the
                // condition threw because the page is not ready: look again.
                Err(error) => last = format!("{error:#}"),
            }
            self.free_background()?;
        }
    }

    /// Sets the size of the page area of a tab, in CSS pixels.
    ///
    /// # Errors
    /// When the tab is gone.
    pub fn set_viewport(&self, tab: &Tab, width: u32, height: u32) -> Result<()> {
        let viewport = json!({"width": width, "height": height});
        self.send("browsingContext.setViewport", json!({"context": tab.0, "viewport": viewport}))
            .with_context(|| format!("setting the viewport to {width} × {height}"))?;
        Ok(())
    }

    /// Writes what a tab shows into a PNG file, after setting the viewport if given.
    ///
    /// # Errors
    /// When the tab is gone or the file cannot be written.
    pub fn screenshot(&self, tab: &Tab, file: &Path, viewport: Option<(u32, u32)>) -> Result<()> {
        if let Some((width, height)) = viewport {
            self.set_viewport(tab, width, height)?;
        }
        let doing = || format!("taking the screenshot {}", file.display());
        let params = json!({"context": tab.0, "origin": "viewport"});
        let taken = self.send("browsingContext.captureScreenshot", params).with_context(doing)?;
        let data = taken["data"].as_str().unwrap_or_default();
        let png = data_encoding::BASE64
            .decode(data.as_bytes())
            .map_err(|error| anyhow!("the picture is not base64: {error}"))
            .with_context(doing)?;
        if let Some(directory) = file.parent() {
            fs::create_dir_all(directory).with_context(doing)?;
        }
        fs::write(file, png).with_context(doing)
    }
}
