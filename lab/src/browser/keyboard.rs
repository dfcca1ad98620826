//! The keyboard, as a user presses it.

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::{Browser, Tab};

/// A key of the keyboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// Moves the focus.
    Tab,
    /// Follows links, presses buttons.
    Enter,
    /// Closes what is open.
    Escape,
    /// Presses buttons, ticks boxes.
    Space,
    /// Deletes to the left.
    Backspace,
    /// Arrow to the left.
    Left,
    /// Arrow up.
    Up,
    /// Arrow to the right.
    Right,
    /// Arrow down.
    Down,
    /// To the start.
    Home,
    /// To the end.
    End,
    /// Shift, for [`Browser::chord`].
    Shift,
    /// Control, for [`Browser::chord`].
    Control,
    /// Alt, for [`Browser::chord`].
    Alt,
    /// A character.
    Char(char),
}

impl Key {
    /// The character by which WebDriver means the key.
    fn code(self) -> char {
        match self {
            Self::Tab => '\u{E004}',
            Self::Enter => '\u{E007}',
            Self::Escape => '\u{E00C}',
            Self::Space => ' ',
            Self::Backspace => '\u{E003}',
            Self::Left => '\u{E012}',
            Self::Up => '\u{E013}',
            Self::Right => '\u{E014}',
            Self::Down => '\u{E015}',
            Self::Home => '\u{E011}',
            Self::End => '\u{E010}',
            Self::Shift => '\u{E008}',
            Self::Control => '\u{E009}',
            Self::Alt => '\u{E00A}',
            Self::Char(character) => character,
        }
    }
}

impl Browser {
    /// Presses and releases one key in a tab, which is brought to the front.
    ///
    /// # Errors
    /// When the tab is gone.
    pub fn key(&self, tab: &Tab, key: Key) -> Result<()> {
        self.chord(tab, &[key])
    }

    /// Presses keys one after another, then releases them in reverse:
    /// `chord(&tab, &[Key::Shift, Key::Tab])`.
    ///
    /// # Errors
    /// When the tab is gone.
    pub fn chord(&self, tab: &Tab, keys: &[Key]) -> Result<()> {
        let down = keys.iter().map(|key| stroke("keyDown", *key));
        let up = keys.iter().rev().map(|key| stroke("keyUp", *key));
        self.strokes(tab, down.chain(up).collect()).with_context(|| format!("pressing {keys:?}"))
    }

    /// Types a text where the focus is.
    ///
    /// # Errors
    /// When the tab is gone.
    pub fn type_text(&self, tab: &Tab, text: &str) -> Result<()> {
        let strokes = text
            .chars()
            .flat_map(|character| ["keyDown", "keyUp"].map(|kind| stroke(kind, Key::Char(character))))
            .collect();
        self.strokes(tab, strokes).with_context(|| format!("typing {text:?}"))
    }

    fn strokes(&self, tab: &Tab, strokes: Vec<Value>) -> Result<()> {
        self.activate(tab)?;
        self.send(
            "input.performActions",
            json!({"context": tab.0, "actions": [
                {"type": "key", "id": "keyboard", "actions": strokes},
            ]}),
        )?;
        Ok(())
    }
}

fn stroke(kind: &str, key: Key) -> Value {
    json!({"type": kind, "value": key.code()})
}
