//! Runs `bon-guichet-publish`.

use serde_json::Value;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// What a run said.
pub struct Said {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Said {
    /// The one JSON document.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {}", self.out))
    }
}

/// Runs the tool with these words. Nothing can be typed: a question ends it.
pub fn run(words: &[&str]) -> Said {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bon-guichet-publish"));
    let output = command.args(words).stdin(Stdio::null()).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Said { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
}

/// A place of the workspace.
pub fn workspace(path: &str) -> PathBuf {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    root.parent().unwrap().join(path)
}
