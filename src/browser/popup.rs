//! The popup: the identity card of the site at hand.

use super::held::Held;
use super::{dom, i18n, request, url, webext::Tab};
use crate::verdict::{State, judge, read_address};
use crate::view::{self, Card};
use wasm_bindgen::prelude::*;

/// Judges the tab that the popup was opened on, and fills the card.
pub async fn fill(held: &Held) -> Result<(), JsValue> {
    dom::localise()?;
    let tab = tab_at_hand().await?;
    let (listing, now) = (held.listing(), held.now());
    let shown = tab.map(|tab| tab.url()).unwrap_or_default();
    let address = read_address(&shown, url::browser_parser, &listing);
    let verdict = judge(&address, &listing, now);
    fill_card(&view::card(&verdict))?;
    if let Some(asked) = view::change_request(&verdict, &listing, &i18n::language()) {
        request::fill(&asked)?;
    }
    let note = view::list_note(&listing, now);
    dom::show("list", &i18n::text(&note.line))?;
    if let Some(development) = note.development {
        dom::show("development", &i18n::text(&development))?;
    }
    Ok(())
}

/// The tab named in the page's address (`popup.html?tab=7`, when the popup is a page of its own),
/// otherwise the one in front.
async fn tab_at_hand() -> Result<Option<Tab>, JsValue> {
    let search = gloo::utils::window().location().search()?;
    let named = web_sys::UrlSearchParams::new_with_str(&search)?.get("tab").and_then(|id| id.parse().ok());
    match named {
        Some(id) => Ok(Tab::get(id).await),
        None => Ok(Tab::query([("active", true.into()), ("currentWindow", true.into())]).await?.into_iter().next()),
    }
}

fn fill_card(card: &Card) -> Result<(), JsValue> {
    let body = dom::by_id("card")?;
    body.set_attribute("data-state", card.state.id())?;
    dom::by_id("icon")?.set_attribute("src", &format!("/icons/{}-48.png", card.look.icon))?;
    dom::show("word", &i18n::text(&card.word))?;
    dom::show("sentence", &i18n::text(&card.sentence))?;
    if let Some((before, domain)) = &card.host {
        dom::show_host("subdomain", before)?;
        dom::show_host("domain", domain)?;
        dom::by_id("host")?.remove_attribute("hidden")?;
    }
    if let Some(ascii) = &card.ascii_host {
        dom::show("ascii", ascii)?;
    }
    if let Some(comparison) = card.comparison.as_ref().filter(|_| card.state == State::Resembles) {
        dom::show_parts("here", &comparison.here)?;
        dom::show_parts("there", &comparison.there)?;
        dom::set_hidden("comparison", false)?;
    }
    if let Some(official) = &card.official {
        dom::by_id("official")?.set_attribute("href", official)?;
        dom::set_hidden("official", false)?;
    }
    if let Some(entry) = &card.entry {
        let record = entry.rule.record();
        dom::show("organisation", &record.organisation)?;
        dom::show("purpose", record.purpose(&i18n::language()))?;
        dom::show("telephone", record.telephone)?;
        let digits: String = record.telephone.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
        dom::by_id("telephone")?.set_attribute("href", &format!("tel:{digits}"))?;
    }
    let reasons = dom::by_id("reasons")?;
    for reason in &card.reasons {
        dom::append(&reasons, "li", &i18n::text(reason))?;
    }
    body.remove_attribute("aria-busy")
}
