//! What was measured, as one table.

use anyhow::Result;
use serde_json::json;
use std::fmt::Write;

/// What is measured together: ours, and references beside it.
pub struct Group {
    pub title: String,
    pub rows: Vec<Row>,
}

/// A measurement.
pub struct Row {
    what: String,
    value: f64,
    unit: Unit,
    /// Ours divided by this one, for a reference.
    ratio: Option<f64>,
    target: Option<Target>,
}

#[derive(Clone, Copy)]
pub enum Unit {
    Nanoseconds,
    Milliseconds,
    Bytes,
    BytesPerEntry,
    BitsPerEntry,
}

/// The most that a number may be.
#[derive(Clone, Copy)]
enum Target {
    Value(f64),
    Ratio(f64),
}

impl Unit {
    fn name(self) -> &'static str {
        match self {
            Self::Nanoseconds => "ns",
            Self::Milliseconds => "ms",
            Self::Bytes => "bytes",
            Self::BytesPerEntry => "bytes an entry",
            Self::BitsPerEntry => "bits a host",
        }
    }

    fn decimals(self) -> usize {
        match self {
            Self::Nanoseconds | Self::Bytes => 0,
            Self::Milliseconds | Self::BytesPerEntry | Self::BitsPerEntry => 1,
        }
    }

    fn show(self, value: f64) -> String {
        format!("{value:.*} {}", self.decimals(), self.name())
    }
}

impl Row {
    /// A measurement of our own.
    pub fn ours(what: &str, value: f64, unit: Unit) -> Self {
        Self { what: what.to_owned(), value, unit, ratio: None, target: None }
    }

    /// What `ours` is measured against.
    pub fn reference(what: &str, value: f64, unit: Unit, ours: f64) -> Self {
        Self { ratio: Some(ours / value), ..Self::ours(what, value, unit) }
    }

    /// The value may be `limit` at most.
    pub fn at_most(self, limit: f64) -> Self {
        Self { target: Some(Target::Value(limit)), ..self }
    }

    /// Ours may be `limit` times this reference at most.
    pub fn at_most_times(self, limit: f64) -> Self {
        Self { target: Some(Target::Ratio(limit)), ..self }
    }

    /// Whether its target is met; nothing without one.
    fn meets(&self) -> Option<bool> {
        Some(match self.target? {
            Target::Value(limit) => self.value <= limit,
            Target::Ratio(limit) => self.ratio? <= limit,
        })
    }

    fn show_target(&self) -> String {
        let limit = match self.target {
            Some(Target::Value(limit)) => format!("≤ {}", self.unit.show(limit)),
            Some(Target::Ratio(limit)) => format!("ratio ≤ {limit}"),
            None => return String::new(),
        };
        format!("{limit}: {}", if self.meets() == Some(true) { "met" } else { "missed" })
    }
}

pub fn text(groups: &[Group]) -> String {
    let mut lines = vec![[String::new(), "median".to_owned(), "ours ÷ it".to_owned(), "target".to_owned()]];
    for group in groups {
        lines.push([group.title.clone(), String::new(), String::new(), String::new()]);
        for row in &group.rows {
            let ratio = row.ratio.map(|ratio| format!("{ratio:.2}")).unwrap_or_default();
            lines.push([format!("  {}", row.what), row.unit.show(row.value), ratio, row.show_target()]);
        }
    }
    // A title may run over the other columns: it has none.
    let width = |column: usize| {
        let cells = lines.iter().filter(|line| !line[1].is_empty()).filter_map(|line| line.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or_default()
    };
    let (first, second, third) = (width(0), width(1), width(2));
    let mut text = String::new();
    for [what, value, ratio, target] in &lines {
        let line = format!("{what:<first$}  {value:>second$}  {ratio:>third$}  {target}");
        let _ = writeln!(text, "{}", line.trim_end());
    }
    text
}

pub fn json(groups: &[Group]) -> Result<String> {
    let mut all = Vec::new();
    for group in groups {
        for row in &group.rows {
            let target = row.target.map(|target| match target {
                Target::Value(limit) => json!({"at_most": limit, "of": "value", "met": row.meets()}),
                Target::Ratio(limit) => json!({"at_most": limit, "of": "ratio", "met": row.meets()}),
            });
            all.push(json!({
                "group": group.title,
                "what": row.what,
                "value": row.value,
                "unit": row.unit.name(),
                "ratio": row.ratio,
                "target": target,
            }));
        }
    }
    Ok(serde_json::to_string_pretty(&all)?)
}
