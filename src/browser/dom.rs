//! The few things that our pages do to their document. Only text is ever put in.

use super::i18n;
use crate::view::Part;
use gloo::utils::document;
use wasm_bindgen::prelude::*;
use web_sys::Element;

/// The element of that id, which the page's own HTML has.
pub fn by_id(id: &str) -> Result<Element, JsValue> {
    document().get_element_by_id(id).ok_or_else(|| JsValue::from_str(&format!("the page has no #{id}")))
}

/// Puts text into the element of that id, and shows the block that belongs to it: the nearest
/// `hidden` element around it, or itself. Empty text leaves it hidden.
pub fn show(id: &str, text: &str) -> Result<(), JsValue> {
    let element = by_id(id)?;
    element.set_text_content(Some(text));
    if !text.is_empty()
        && let Some(block) = element.closest("[hidden]")?
    {
        block.remove_attribute("hidden")?;
    }
    Ok(())
}

/// Puts a host into the element of that id. A long one breaks after its dots.
pub fn show_host(id: &str, host: &str) -> Result<(), JsValue> {
    let element = by_id(id)?;
    for label in host.split_inclusive('.') {
        append(&element, "span", label)?;
        append(&element, "wbr", "")?;
    }
    Ok(())
}

/// Puts an address into the element of that id, and marks what another one has not.
pub fn show_parts(id: &str, parts: &[Part]) -> Result<(), JsValue> {
    let element = by_id(id)?;
    for part in parts {
        append(&element, if part.differs { "mark" } else { "span" }, &part.text)?;
    }
    Ok(())
}

/// Adds an element with text to another.
pub fn append(parent: &Element, name: &str, text: &str) -> Result<Element, JsValue> {
    let child = document().create_element(name)?;
    child.set_text_content(Some(text));
    parent.append_child(&child)?;
    Ok(child)
}

/// Fills every `data-message` with its message and tells the page's language.
pub fn localise() -> Result<(), JsValue> {
    let labelled = document().query_selector_all("[data-message]")?;
    for position in 0..labelled.length() {
        if let Some(element) = labelled.get(position).and_then(|node| node.dyn_into::<Element>().ok()) {
            let key = element.get_attribute("data-message").unwrap_or_default();
            element.set_text_content(Some(&i18n::label(&key)));
        }
    }
    if let Some(root) = document().document_element() {
        root.set_attribute("lang", &i18n::language())?;
    }
    Ok(())
}

/// Puts text into the element of that id and shows it, or hides it where there is nothing to say.
pub fn say(id: &str, text: Option<&str>) -> Result<(), JsValue> {
    by_id(id)?.set_text_content(text);
    set_hidden(id, text.is_none())
}

/// Hides or shows the element of that id.
pub fn set_hidden(id: &str, is_hidden: bool) -> Result<(), JsValue> {
    set(id, "hidden", is_hidden)
}

/// Keeps a button from being pressed, or lets it.
pub fn set_disabled(id: &str, is_disabled: bool) -> Result<(), JsValue> {
    set(id, "disabled", is_disabled)
}

fn set(id: &str, attribute: &str, is_set: bool) -> Result<(), JsValue> {
    by_id(id)?.toggle_attribute_with_force(attribute, is_set).map(|_| ())
}
