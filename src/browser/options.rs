//! The options page: which list is in use, and what came of looking for a newer one.

use super::held::Held;
use super::update::{self, PROGRESS, Source};
use super::webext::{answer, api};
use super::{clock, dom, i18n};
use crate::view::{self, Message};
use js_sys::{Array, Reflect};
use wasm_bindgen::prelude::*;

/// Fills the page.
pub async fn fill(held: &Held) -> Result<(), JsValue> {
    dom::localise()?;
    let note = view::list_note(&held.listing(), held.now());
    let is_unusable = held.unusable.borrow().is_some();
    let due = update::due().await?;
    let renewal = view::renewal_note(&held.record.borrow(), held.is_renewed.get(), is_unusable, due, clock());
    say("list", Some(&note.line))?;
    say("development", note.development.as_ref())?;
    say("origin", Some(&renewal.origin))?;
    say("unusable", renewal.unusable.as_ref())?;
    say("clock", renewal.clock.as_ref())?;
    dom::set_hidden("trust-clock", renewal.clock.is_none())?;
    let has_mirror = Source::of(held).await.is_some();
    dom::set_hidden("updates", !has_mirror)?;
    dom::set_hidden("no-mirror", has_mirror)?;
    say("tried", Some(&renewal.tried))?;
    say("outcome", renewal.outcome.as_ref())?;
    say("kept", renewal.kept.as_ref())?;
    say("due", renewal.due.as_ref())?;
    show_progress().await?;
    dom::by_id("options")?.remove_attribute("aria-busy")
}

/// Shows how far an update is, while one is under way.
pub async fn show_progress() -> Result<(), JsValue> {
    let session = answer(api()?.storage().session().get(PROGRESS)).await?;
    let progress = Reflect::get(&session, &PROGRESS.into())?.dyn_into::<Array>().ok();
    dom::set_disabled("look", progress.is_some())?;
    dom::set_hidden("progress", progress.is_none())?;
    let Some(progress) = progress else { return say("step", None) };
    let (done, of) = (number(&progress.get(0)), number(&progress.get(1)));
    let bar = dom::by_id("bar")?;
    if of == 0 {
        bar.remove_attribute("value")?;
    } else {
        bar.set_attribute("max", &of.to_string())?;
        bar.set_attribute("value", &done.to_string())?;
    }
    say("step", Some(&view::progress(done, of)))
}

fn say(id: &str, message: Option<&Message>) -> Result<(), JsValue> {
    dom::say(id, message.map(i18n::text).as_deref())
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a number of files")]
fn number(value: &JsValue) -> usize {
    value.as_f64().unwrap_or_default() as usize
}
