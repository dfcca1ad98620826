//! The only writer of the toolbar.

use super::i18n;
use super::webext::{Tab, answer, api, object};
use crate::view::Toolbar;
use std::cell::RefCell;
use wasm_bindgen::prelude::*;

/// Keeps each tab's button in step with its address.
///
/// A tab has at most one paint under way. What asks for another meanwhile only marks the tab, and
/// the paint at hand goes round again: the last address is painted last, in whatever order events
/// and answers come.
#[derive(Default)]
pub struct Painter {
    /// The tabs whose paint is under way, and whether another was asked for.
    under_way: RefCell<Vec<(i32, bool)>>,
}

impl Painter {
    /// Paints a tab with what `toolbar` says of its address, until the address that was painted is
    /// the one that the tab shows.
    pub async fn paint(&self, tab_id: i32, toolbar: impl Fn(&str) -> Toolbar) {
        if let Some((_, again)) = self.under_way.borrow_mut().iter_mut().find(|(tab, _)| *tab == tab_id) {
            *again = true;
            return;
        }
        self.under_way.borrow_mut().push((tab_id, false));
        let mut tab = Tab::get(tab_id).await;
        while let Some(shown) = tab {
            let url = shown.url();
            let wanted = toolbar(&url);
            // A tab that is about to leave might be gone when the paint arrives, and the next page
            // would bear it. What comes of its leaving is an event of its own.
            let stays = shown.pending_url().is_none_or(|next| toolbar(&next) == wanted);
            if stays {
                // A tab that closes meanwhile refuses; there is nothing left to paint then.
                let _ = write(tab_id, &wanted).await;
            }
            tab = Tab::get(tab_id).await;
            if !self.was_asked_again(tab_id) && tab.as_ref().is_some_and(|tab| tab.url() == url) {
                break;
            }
        }
        self.under_way.borrow_mut().retain(|(tab, _)| *tab != tab_id);
    }

    fn was_asked_again(&self, tab_id: i32) -> bool {
        let mut under_way = self.under_way.borrow_mut();
        under_way.iter_mut().find(|(tab, _)| *tab == tab_id).is_some_and(|(_, again)| std::mem::take(again))
    }
}

/// Pixels a side of the icons that a toolbar may want, at 1, 1.5 and 2 times. The browser reads
/// each file at each paint, so there are no more.
const TOOLBAR_SIZES: [u32; 3] = [16, 24, 32];

async fn write(tab_id: i32, toolbar: &Toolbar) -> Result<(), JsValue> {
    let look = toolbar.look;
    let paths = js_sys::Object::new();
    for size in TOOLBAR_SIZES {
        js_sys::Reflect::set(&paths, &size.into(), &format!("/icons/{}-{size}.png", look.icon).into())?;
    }
    let details = |name: &str, value: JsValue| object([("tabId", tab_id.into()), (name, value)]);
    let action = api()?.action();
    let calls = [
        action.set_title(&details("title", i18n::text(&toolbar.title).into())?),
        action.set_badge_text(&details("text", look.badge.into())?),
        action.set_badge_background_color(&details("color", look.colour.into())?),
        action.set_badge_text_color(&details("color", "#ffffff".into())?),
        action.set_icon(&details("path", paths.into())?),
    ];
    // Firefox for Android has a button without icon, whose title and badge stand in a menu: what
    // it does not offer throws at the call. What a closed tab refuses, the promise says.
    let promises: js_sys::Array = calls.into_iter().flatten().collect();
    answer(Ok(js_sys::Promise::all(&promises))).await?;
    Ok(())
}
