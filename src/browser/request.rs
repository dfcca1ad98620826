//! Asking for a change of the list, under the card: a text to copy.

use super::{dom, i18n};
use crate::view::{ChangeRequest, Message};
use gloo::utils::window;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

/// The element that holds the text.
const TEXT: &str = "request-text";

/// Fills the request.
pub fn fill(request: &ChangeRequest) -> Result<(), JsValue> {
    let paragraph = |lines: &Vec<Message>| lines.iter().map(i18n::text).collect::<Vec<_>>().join("\n");
    let paragraphs: Vec<String> = request.paragraphs.iter().map(paragraph).collect();
    dom::show("request-question", &i18n::text(&request.question))?;
    dom::show(TEXT, &paragraphs.join("\n\n"))
}

/// Copies the text to the clipboard, on a press of the button, and says what came of it.
pub async fn copy() -> Result<(), JsValue> {
    let text = dom::by_id(TEXT)?.text_content().unwrap_or_default();
    let copied = JsFuture::from(window().navigator().clipboard().write_text(&text)).await;
    let said = if copied.is_ok() { i18n::label("request_copied") } else { i18n::label("request_not_copied") };
    dom::show("copied", &said)
}
