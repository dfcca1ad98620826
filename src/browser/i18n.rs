//! Messages in the reader's language.

use super::webext::api;
use crate::trust::Time;
use crate::view::{Arg, Message};
use wasm_bindgen::JsValue;

/// The language that `_locales` offers this reader: `fr` or `en`.
pub fn language() -> String {
    message("language", Vec::new())
}

/// A message's text.
pub fn text(text: &Message) -> String {
    let args = text.args.iter().map(|arg| match arg {
        Arg::Text(text) => text.clone(),
        Arg::Date(time) => date(*time, &[("dateStyle", "long"), ("timeZone", "UTC")]),
        Arg::Moment(time) => date(*time, &[("dateStyle", "long"), ("timeStyle", "short")]),
        Arg::Number(number) => js_sys::Number::from(crate::hosts::small(*number)).to_locale_string(&language()).into(),
    });
    message(&text.key, args.collect())
}

/// The text of a message without placeholders.
pub fn label(key: &str) -> String {
    message(key, Vec::new())
}

fn message(key: &str, args: Vec<String>) -> String {
    api().map(|api| api.i18n().get_message(key, args)).unwrap_or_default()
}

/// A moment in words. Days are those of Greenwich: that is how lists are dated.
#[expect(clippy::cast_precision_loss, reason = "a date of this millennium")]
fn date(time: Time, style: &[(&str, &str)]) -> String {
    let options = js_sys::Object::new();
    for (name, value) in style {
        // A plain object takes what it is given.
        let _ = js_sys::Reflect::set(&options, &(*name).into(), &(*value).into());
    }
    let date = js_sys::Date::new(&JsValue::from_f64(time.0 as f64 * 1000.0));
    date.to_locale_string(&language(), &options).into()
}
