//! All that knows a browser: WebAssembly only.
//!
//! JavaScript hands in events, files and URLs; what comes of them is decided here and in the
//! modules that know no browser.

mod background;
mod badge;
mod dom;
mod held;
mod i18n;
mod mirror;
mod options;
mod package;
mod popup;
mod request;
mod store;
mod update;
mod updater;
mod url;
mod webext;

use crate::verdict::{State, judge, read_address};
use crate::{list, trust, wire};
use held::Held;
use serde::Serialize;
use std::rc::Rc;
use wasm_bindgen::prelude::*;

/// The core as JavaScript holds it: one list, accepted or refused, and what can be asked of it.
#[wasm_bindgen]
pub struct Core {
    held: Rc<Held>,
    painter: Rc<badge::Painter>,
}

#[wasm_bindgen]
impl Core {
    /// The core with the newest list that this browser has; the packaged one is at the address
    /// `base`. A list that is refused makes a core that says so: it never fails.
    pub async fn load(base: String) -> Core {
        Self::with(Held::load(base).await)
    }

    /// The core with a list from an object of file names and `Uint8Array`s.
    pub fn open(files: &js_sys::Object) -> Core {
        Self::with(Held::with(list::SignedList::read(|name| {
            let bytes = js_sys::Reflect::get(files, &name.into()).ok()?;
            Some(bytes.dyn_into::<js_sys::Uint8Array>().ok()?.to_vec())
        })))
    }

    /// The number of a URL's state, in the order of `State::ALL`, at `now` (milliseconds since 1970).
    pub fn state(&self, url: &str, now: f64) -> u8 {
        let listing = self.held.listing();
        let address = read_address(url, url::browser_parser, &listing);
        let state = judge(&address, &listing, time(now)).state;
        (0..).zip(State::ALL).find(|(_, known)| *known == state).map_or(0, |(number, _)| number)
    }

    /// The verdict on a URL at `now` (milliseconds since 1970), as `wire::Line` has it.
    pub fn explain(&self, url: &str, now: f64) -> Result<JsValue, JsValue> {
        let listing = self.held.listing();
        let address = read_address(url, url::browser_parser, &listing);
        let verdict = judge(&address, &listing, time(now));
        let serializer = serde_wasm_bindgen::Serializer::json_compatible();
        wire::Line::of(url, &verdict).serialize(&serializer).map_err(Into::into)
    }

    /// The worker has just started, for whatever reason.
    #[wasm_bindgen(js_name = onStart)]
    pub async fn on_start(&self) -> Result<(), JsValue> {
        background::on_start(&self.held, &self.painter).await
    }

    /// A tab shows another address, was reloaded, switched to or replaced. Which address is not
    /// taken from the event: the tab is asked, so that events may come in any order.
    #[wasm_bindgen(js_name = onTab)]
    pub async fn on_tab(&self, tab_id: i32) {
        background::paint(tab_id, &self.held, &self.painter).await;
    }

    /// An alarm of that name rang.
    #[wasm_bindgen(js_name = onAlarm)]
    pub async fn on_alarm(&self, name: String) -> Result<(), JsValue> {
        background::on_alarm(&name, &self.held, &self.painter).await
    }

    /// A page at the address `sender` asks for something, by one word.
    #[wasm_bindgen(js_name = onMessage)]
    pub async fn on_message(&self, ask: String, sender: String) -> Result<(), JsValue> {
        background::on_message(&ask, &sender, &self.held, &self.painter).await
    }

    /// Fills the popup for the tab that it was opened on.
    #[wasm_bindgen(js_name = fillPopup)]
    pub async fn fill_popup(&self) -> Result<(), JsValue> {
        popup::fill(&self.held).await
    }

    /// Copies the text by which the popup asks for a change of the list.
    #[wasm_bindgen(js_name = copyRequest)]
    pub async fn copy_request(&self) -> Result<(), JsValue> {
        request::copy().await
    }

    /// Fills the options page.
    #[wasm_bindgen(js_name = fillOptions)]
    pub async fn fill_options(&self) -> Result<(), JsValue> {
        options::fill(&self.held).await
    }

    /// Shows on the options page how far an update is.
    #[wasm_bindgen(js_name = showProgress)]
    pub async fn show_progress(&self) -> Result<(), JsValue> {
        options::show_progress().await
    }
}

impl Core {
    fn with(held: Held) -> Self {
        Self { held: Rc::new(held), painter: Rc::default() }
    }
}

/// A time of JavaScript. Before 1970 or beyond all sense, it is the end of time: nothing is green.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked to be in range")]
fn time(milliseconds: f64) -> trust::Time {
    let seconds = milliseconds / 1000.0;
    trust::Time(if (0.0..1e12).contains(&seconds) { seconds as u64 } else { u64::MAX })
}

/// What the clock of this computer says.
fn clock() -> trust::Time {
    time(js_sys::Date::now())
}
