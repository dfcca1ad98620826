//! What to do with each event of the browser.

use super::badge::Painter;
use super::webext::{Tab, answer, api, object};
use crate::verdict::{Listing, judge, read_address};
use crate::{browser, view};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;

/// The alarm that wakes us when the list's dates have passed.
const LIST_EXPIRES: &str = "list-expires";
/// Stands in the session's storage once every tab of this session of the browser was painted.
const PAINTED: &str = "painted";

/// An alarm rang.
pub async fn on_alarm(name: &str, listing: Rc<Listing>, painter: Rc<Painter>) -> Result<(), JsValue> {
    if name == LIST_EXPIRES { paint_all(listing, painter).await } else { Ok(()) }
}

/// A worker starts many times in a session of the browser; tabs keep what was painted. Only the
/// first start of a session, of an update or of an activation finds them unpainted.
pub async fn on_start(listing: Rc<Listing>, painter: Rc<Painter>) -> Result<(), JsValue> {
    let session = api()?.storage().session();
    let known = answer(session.get(PAINTED)).await?;
    if js_sys::Reflect::has(&known, &PAINTED.into())? {
        return Ok(());
    }
    if let Ok(list) = listing.as_ref() {
        #[expect(clippy::cast_precision_loss, reason = "a date of this millennium")]
        let when = list.trusted.targets.expires.0 as f64 * 1000.0;
        api()?.alarms().create(LIST_EXPIRES, &object([("when", when.into())])?)?;
    }
    paint_all(listing, painter).await?;
    answer(session.set(&object([(PAINTED, true.into())])?)).await?;
    Ok(())
}

async fn paint_all(listing: Rc<Listing>, painter: Rc<Painter>) -> Result<(), JsValue> {
    let tabs = Tab::query([]).await?;
    for id in tabs.iter().filter_map(Tab::id) {
        spawn_local(paint(id, listing.clone(), painter.clone()));
    }
    Ok(())
}

/// Paints a tab by the address that it shows.
pub async fn paint(tab_id: i32, listing: Rc<Listing>, painter: Rc<Painter>) {
    let toolbar = |url: &str| {
        let address = read_address(url, browser::url::browser_parser, &listing);
        view::toolbar(&judge(&address, &listing, browser::now()))
    };
    painter.paint(tab_id, toolbar).await;
}
