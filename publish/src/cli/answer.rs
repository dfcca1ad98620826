//! What a verb says, for people and for machines.

use serde_json::{Map, Value, json};
use std::io::{self, Write};
use std::process::ExitCode;

/// What a verb says.
pub struct Answer {
    is_good: bool,
    lines: Vec<String>,
    facts: Map<String, Value>,
}

impl Answer {
    /// The work is done, and all is good.
    pub fn good() -> Self {
        Self { is_good: true, lines: Vec::new(), facts: Map::new() }
    }

    /// The work is done, and it found what is not good.
    pub fn defects() -> Self {
        Self { is_good: false, ..Self::good() }
    }

    /// Adds a line for people.
    #[must_use]
    pub fn line(mut self, line: impl Into<String>) -> Self {
        self.lines.push(line.into());
        self
    }

    /// Adds a member of the JSON document.
    #[must_use]
    pub fn fact(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.facts.insert(name.to_owned(), value.into());
        self
    }

    /// Prints the lines, or one JSON document: `ok`, and the facts.
    pub fn print(self, as_json: bool) -> ExitCode {
        let mut text = self.lines.join("\n");
        if as_json {
            let mut document = Map::from_iter([("ok".to_owned(), json!(self.is_good))]);
            document.extend(self.facts);
            text = Value::Object(document).to_string();
        }
        let is_written = writeln!(io::stdout(), "{text}").is_ok();
        if self.is_good && is_written { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}

/// Says why the work was refused: on standard error, or as `{"ok": false, "error": …}`.
pub fn refuse(error: &anyhow::Error, as_json: bool) -> ExitCode {
    if as_json {
        return Answer::defects().fact("error", format!("{error:#}")).print(true);
    }
    eprintln!("error: {error:#}");
    ExitCode::FAILURE
}
