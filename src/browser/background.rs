//! What to do with each event of the browser.

use super::badge::Painter;
use super::held::Held;
use super::update;
use super::webext::{Tab, answer, api, object};
use crate::trust::Time;
use crate::verdict::{judge, read_address};
use crate::{browser, view};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;

/// The alarm that wakes us when the list's dates have passed.
const LIST_EXPIRES: &str = "list-expires";
/// Stands in the session's storage once every tab of this session of the browser was painted.
const PAINTED: &str = "painted";

/// An alarm rang.
pub async fn on_alarm(name: &str, held: &Rc<Held>, painter: &Rc<Painter>) -> Result<(), JsValue> {
    match name {
        LIST_EXPIRES => paint_all(held, painter).await,
        update::ALARM => update::look(held, painter).await,
        _ => Ok(()),
    }
}

/// A page sent a message. Only our own pages are heard.
pub async fn on_message(ask: &str, sender: &str, held: &Rc<Held>, painter: &Rc<Painter>) -> Result<(), JsValue> {
    let ours = api()?.runtime().get_url("");
    match ask {
        _ if !sender.starts_with(&ours) => Ok(()),
        "update" => update::look(held, painter).await,
        "trust-clock" => {
            held.trust_clock().await?;
            paint_all(held, painter).await
        }
        _ => Ok(()),
    }
}

/// A worker starts many times in a session of the browser; tabs keep what was painted. Only the
/// first start of a session, of an update or of an activation finds them unpainted.
pub async fn on_start(held: &Rc<Held>, painter: &Rc<Painter>) -> Result<(), JsValue> {
    held.note_time().await?;
    let session = api()?.storage().session();
    // A worker that has just started has no update under way: if one was, it died with it.
    answer(session.remove(update::PROGRESS)).await?;
    let known = answer(session.get(PAINTED)).await?;
    if js_sys::Reflect::has(&known, &PAINTED.into())? {
        return Ok(());
    }
    paint_all(held, painter).await?;
    update::schedule(held).await?;
    answer(session.set(&object([(PAINTED, true.into())])?)).await?;
    Ok(())
}

/// Paints every tab, and again when the list's dates have passed.
pub async fn paint_all(held: &Rc<Held>, painter: &Rc<Painter>) -> Result<(), JsValue> {
    if let Ok(list) = held.listing().as_ref() {
        wake_at(LIST_EXPIRES, list.trusted.targets.expires).await?;
    }
    let tabs = Tab::query([]).await?;
    for id in tabs.iter().filter_map(Tab::id) {
        let (held, painter) = (held.clone(), painter.clone());
        spawn_local(async move { paint(id, &held, &painter).await });
    }
    Ok(())
}

/// Paints a tab by the address that it shows.
pub async fn paint(tab_id: i32, held: &Held, painter: &Painter) {
    let toolbar = |url: &str| {
        let listing = held.listing();
        let address = read_address(url, browser::url::browser_parser, &listing);
        view::toolbar(&judge(&address, &listing, held.now()))
    };
    painter.paint(tab_id, toolbar).await;
}

/// Sets an alarm.
#[expect(clippy::cast_precision_loss, reason = "a date of this millennium")]
pub async fn wake_at(alarm: &str, when: Time) -> Result<(), JsValue> {
    let when = object([("when", (when.0 as f64 * 1000.0).into())])?;
    // Firefox gives no promise here.
    answer(Ok(js_sys::Promise::resolve(&api()?.alarms().create(alarm, &when)?))).await?;
    Ok(())
}
