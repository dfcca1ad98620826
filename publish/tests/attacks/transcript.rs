//! What the updater asked, was told and said in an attack, for `tests/wasm/`, which puts the same
//! answers to the shipped module.

use bon_guichet::trust::Refusal;
use bon_guichet::trust::update::Ask;
use serde_json::{Value, json};

/// One updater, from its root to its end.
pub struct Run {
    opened: Value,
    events: Vec<Value>,
}

impl Run {
    /// `now` is in seconds since 1970.
    pub fn new(root: &[u8], now: u64, floor: u64, [roots, roles]: [usize; 2]) -> Self {
        let opened = json!({"root": bytes(root), "now": now * 1000, "floor": floor, "roots": roots, "roles": roles});
        Self { opened, events: Vec::new() }
    }

    /// The updater asked this, and was answered that.
    pub fn told(&mut self, ask: &Value, answer: Option<&Vec<u8>>) {
        self.events.push(json!({"ask": ask, "answer": answer.map(|answer| bytes(answer))}));
    }

    /// A target was looked for.
    pub fn sought(&mut self, path: &str) {
        self.events.push(json!({"find": path}));
    }

    /// A refresh or a look-up came to its end: `ok`, or the refusal's words.
    pub fn said(&mut self, outcome: Result<(), Refusal>) -> String {
        let said = outcome.map_or_else(|refusal| refusal.to_string(), |()| "ok".to_owned());
        self.events.push(json!({"said": said}));
        said
    }

    /// The whole of it.
    pub fn ended(self) -> Value {
        let mut whole = self.opened;
        whole["events"] = Value::Array(self.events);
        whole
    }
}

/// As `src/browser/updater.rs` has it for JavaScript.
pub fn question(ask: &Ask) -> Value {
    match ask {
        Ask::Load { name } => json!({"ask": "load", "name": name}),
        Ask::FetchMetadata { name, max } => json!({"ask": "fetch", "name": name, "max": max}),
        Ask::Store { name, bytes: stored } => json!({"ask": "store", "name": name, "bytes": bytes(stored)}),
        Ask::Done => json!({"ask": "done"}),
        Ask::LoadTarget { path } => json!({"ask": "load target", "name": path}),
        Ask::FetchTarget { path, max } => json!({"ask": "fetch target", "name": path, "max": max}),
        Ask::Take { path, bytes: taken } => json!({"ask": "take", "name": path, "bytes": bytes(taken)}),
    }
}

/// A character for each byte; spaces at the end are counted, as some attacks send 100 MB of them.
fn bytes(bytes: &[u8]) -> Value {
    let end = bytes.trim_ascii_end().len();
    let (text, spaces) = bytes.split_at(if bytes[end..] == vec![b' '; bytes.len() - end] { end } else { bytes.len() });
    json!({"text": text.iter().copied().map(char::from).collect::<String>(), "spaces": spaces.len()})
}
