//! The real popup of the toolbar action.

use std::time::Instant;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use super::{Browser, Kind, Tab, WAIT_TIME, chromium, firefox};

/// Finds the window of the popup, once it is complete, in a page of the extension.
const FIND_POPUP: &str = "
    const api = globalThis.browser ?? globalThis.chrome;
    const popup = api.extension.getViews({ type: 'popup' })
        .find((view) => view.location.protocol.endsWith('extension:')
            && view.document.readyState === 'complete');
";

impl Browser {
    /// Presses the extension's toolbar button for a tab, as a user does: this
    /// grants `activeTab` and opens the real popup. Returns once the popup is
    /// complete (for an action without popup, once the button is pressed).
    ///
    /// What stands in the popup is read with [`Browser::in_popup`]. To look at
    /// it in a picture, click and type in it, open the same page in a tab.
    ///
    /// # Errors
    /// When the button cannot be pressed or the popup does not open.
    pub fn open_popup(&self, tab: &Tab) -> Result<()> {
        let has_popup = self.in_extension(
            "const api = globalThis.browser ?? globalThis.chrome;
             return await api.action.getPopup({}) !== ''",
        )?;
        self.activate(tab)?;
        match self.kind() {
            Kind::Chromium => self.press_in_chromium(tab),
            Kind::Firefox => self.press_in_firefox(),
        }
        .context("pressing the toolbar button of the extension")?;
        if has_popup == true {
            let helper = self.helper()?;
            self.wait_for(&helper, &format!("{FIND_POPUP} return popup !== undefined"))
                .context("waiting for the popup to open")?;
        }
        Ok(())
    }

    /// Runs an async function body in the real, open popup, where `window` and
    /// `document` are the popup's.
    ///
    /// # Errors
    /// When no popup is open or the script throws.
    pub fn in_popup(&self, body: &str) -> Result<Value> {
        let open = format!(
            "{FIND_POPUP}
            if (!popup) throw new Error('no popup is open');
            return await (async (window, document) => {{\n{body}\n}})(popup, popup.document);"
        );
        self.in_extension(&open)
    }

    /// Whether the real popup is open.
    ///
    /// # Errors
    /// When the browser is gone or hangs.
    pub fn popup_is_open(&self) -> Result<bool> {
        Ok(self.in_extension(&format!("{FIND_POPUP} return popup !== undefined"))? == true)
    }

    /// Closes the real popup if it is open, and waits until it is.
    ///
    /// # Errors
    /// When it stays open.
    pub fn close_popup(&self) -> Result<()> {
        self.in_extension(&format!("{FIND_POPUP} popup?.close()"))?;
        let helper = self.helper()?;
        self.wait_for(&helper, &format!("{FIND_POPUP} return popup === undefined"))
            .context("waiting for the popup to close")?;
        Ok(())
    }

    fn press_in_firefox(&self) -> Result<()> {
        let body = format!(
            "const {{ ExtensionParent }} = ChromeUtils.importESModule(
                'resource://gre/modules/ExtensionParent.sys.mjs');
            const {{ extension }} = WebExtensionPolicy.getByID({});
            const action = ExtensionParent.apiManager.global.browserActionFor(extension);
            await action.triggerAction(window);",
            json!(self.extension_id())
        );
        firefox::in_chrome(self.bidi(), &body)?;
        Ok(())
    }

    fn press_in_chromium(&self, tab: &Tab) -> Result<()> {
        let target = self.tab_target(tab)?;
        // Chromedriver lets new targets wait for it, and forgets to release popups.
        self.let_targets_wait(false)?;
        let pressed =
            self.bidi().cdp("Extensions.triggerAction", json!({"id": self.extension_id(), "targetId": target}), None);
        let opened = pressed.and_then(|_| self.wait_for_popup_target());
        self.let_targets_wait(true)?;
        opened
    }

    /// The CDP id of the target of type `tab`, which is in front.
    fn tab_target(&self, tab: &Tab) -> Result<Value> {
        let url = self.url(tab)?;
        let deadline = Instant::now() + WAIT_TIME;
        loop {
            let targets = chromium::targets(self.bidi())?;
            let found = targets.iter().find(|target| {
                target["type"] == "tab" && target["url"] == *url && target["embedderData"]["tabActive"] == true
            });
            if let Some(target) = found {
                return Ok(target["targetId"].clone());
            }
            if Instant::now() > deadline {
                bail!("no tab in front shows {url}; targets: {targets:?}");
            }
        }
    }

    /// Popups are attached to when they are made, so the switch must stay
    /// until then. An action without popup makes no target, and is not waited for.
    fn wait_for_popup_target(&self) -> Result<()> {
        let helper = self.helper()?;
        let opening = "
            const api = globalThis.browser ?? globalThis.chrome;
            if (await api.action.getPopup({}) === '') return true;
            return (await api.runtime.getContexts({ contextTypes: ['POPUP'] })).length > 0;";
        self.wait_for(&helper, opening)?;
        Ok(())
    }

    fn let_targets_wait(&self, wait: bool) -> Result<()> {
        let params = json!({
            "autoAttach": true,
            "flatten": true,
            "waitForDebuggerOnStart": wait,
            // Tabs only. A service worker that is attached to would never go idle.
            "filter": [
                {"type": "page", "exclude": true},
                {"type": "service_worker", "exclude": true},
                {"type": "browser_ui", "exclude": true},
                {},
            ],
        });
        self.bidi().cdp("Target.setAutoAttach", params, None)?;
        Ok(())
    }
}
