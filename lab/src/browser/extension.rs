//! The extension from outside: its pages, its toolbar action, its background.

use std::sync::PoisonError;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use super::background::HELD_UP;
use super::{Browser, Kind, Tab, WAIT_TIME};

/// What the toolbar shows for one tab.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActionState {
    /// The text of the badge; empty when there is none.
    pub badge: String,
    /// The tooltip.
    pub title: String,
    /// Red, green, blue and opacity of the badge.
    pub badge_color: [u8; 4],
    /// The address of the popup; empty when there is none.
    pub popup: String,
    /// Whether the button can be pressed.
    pub enabled: bool,
    /// The extension's own id of the tab, for `tabs.*` in an extension page.
    pub tab_id: i64,
}

impl Browser {
    /// The address of a file of the extension.
    #[must_use]
    pub fn extension_url(&self, path: &str) -> String {
        let path = path.trim_start_matches('/');
        match self.kind() {
            Kind::Chromium => format!("chrome-extension://{}/{path}", self.extension_id()),
            Kind::Firefox => format!("moz-extension://{}/{path}", self.options().firefox_uuid),
        }
    }

    /// What the toolbar shows for the tab with this address, read through the
    /// extension's own `tabs` and `action`. The extension must be allowed to
    /// see the address (permission `tabs`, or the host).
    ///
    /// # Errors
    /// When no tab, or more than one, shows the address.
    pub fn action(&self, tab_url: &str) -> Result<ActionState> {
        let body = format!(
            "const api = globalThis.browser ?? globalThis.chrome;
            const tabs = await api.tabs.query({{}});
            const found = tabs.filter((tab) => tab.url === {});
            if (found.length !== 1) return {{ others: tabs.map((tab) => tab.url) }};
            const tabId = found[0].id;
            return {{
                tabId,
                badge: await api.action.getBadgeText({{ tabId }}),
                title: await api.action.getTitle({{ tabId }}),
                color: await api.action.getBadgeBackgroundColor({{ tabId }}),
                popup: await api.action.getPopup({{ tabId }}),
                enabled: await api.action.isEnabled(
                    globalThis.browser?.runtime.getBrowserInfo ? {{ tabId }} : tabId),
            }};",
            json!(tab_url)
        );
        let doing = || format!("reading the toolbar action of the tab with {tab_url}");
        let state = self.in_extension(&body).with_context(doing)?;
        if state.get("others").is_some() {
            bail!("{}: not exactly one tab shows it, but {}", doing(), state["others"]);
        }
        let text = |key: &str| state[key].as_str().unwrap_or_default().to_owned();
        let color = |index: usize| {
            let value = state["color"][index].as_u64().unwrap_or_default();
            u8::try_from(value).unwrap_or(u8::MAX)
        };
        Ok(ActionState {
            badge: text("badge"),
            title: text("title"),
            badge_color: [color(0), color(1), color(2), color(3)],
            popup: text("popup"),
            enabled: state["enabled"].as_bool().unwrap_or_default(),
            tab_id: state["tabId"].as_i64().unwrap_or_default(),
        })
    }

    /// Waits until what the toolbar shows for the tab with this address
    /// satisfies `wanted`, and returns it.
    ///
    /// # Errors
    /// When it does not within [`WAIT_TIME`]; the error shows the last state.
    pub fn wait_for_action(&self, tab_url: &str, wanted: impl Fn(&ActionState) -> bool) -> Result<ActionState> {
        let deadline = Instant::now() + WAIT_TIME;
        let helper = self.helper()?;
        let mut freed = Instant::now();
        loop {
            let state = self.action(tab_url);
            match state {
                Ok(state) if wanted(&state) => return Ok(state),
                state if Instant::now() > deadline => {
                    bail!("waiting {WAIT_TIME:?} for the toolbar action of {tab_url}; last: {state:?}")
                }
                _ if freed.elapsed() > HELD_UP => {
                    self.free_background()?;
                    freed = Instant::now();
                }
                _ => self.turn(&helper),
            }
        }
    }

    /// Runs an async function body in a page of the extension that runs none
    /// of the extension's own code (a helper tab, opened when first needed).
    ///
    /// # Errors
    /// As for [`Browser::evaluate`].
    pub fn in_extension(&self, body: &str) -> Result<Value> {
        let helper = self.helper()?;
        self.evaluate(&helper, body)
    }

    pub(super) fn helper_if_open(&self) -> Option<Tab> {
        self.helper.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The lab's own page in the extension, opened when first needed.
    pub(super) fn helper(&self) -> Result<Tab> {
        let mut helper = self.helper.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(tab) = &*helper {
            return Ok(tab.clone());
        }
        let tab = self.new_background_tab()?;
        self.navigate(&tab, &self.extension_url("manifest.json"))
            .context("opening the lab's helper page in the extension")?;
        *helper = Some(tab.clone());
        Ok(tab)
    }
}
