//! The texts of `extension/_locales`, as the extension shows them.

use crate::paths;
use anyhow::{Context, Result};
use bon_guichet::verdict::State;
use serde::Deserialize;
use std::collections::BTreeMap;

/// The messages of a language.
pub struct Messages(BTreeMap<String, Entry>);

#[derive(Deserialize)]
struct Entry {
    message: String,
}

impl Messages {
    pub fn read(language: &str) -> Result<Self> {
        let file = paths::root().join("extension/_locales").join(language).join("messages.json");
        let text = std::fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
        serde_json::from_str(&text).map(Self).with_context(|| format!("{}", file.display()))
    }

    /// The text of a message, placeholders and all.
    pub fn text(&self, key: &str) -> Result<&str> {
        self.0.get(key).map(|entry| entry.message.as_str()).with_context(|| format!("there is no message {key:?}"))
    }

    /// Whether a toolbar title is one that the state gives.
    pub fn is_title_of(&self, title: &str, state: State) -> bool {
        let keys = [format!("title_{}", state.id()), format!("title_{}_of", state.id())];
        keys.iter().filter_map(|key| self.text(key).ok()).any(|text| match text.split_once("$1") {
            Some((before, _)) => title.starts_with(before),
            None => title == text,
        })
    }
}
