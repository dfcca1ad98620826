//! Running JavaScript in a page.

use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::bidi::Bidi;

/// Runs an async function body in a browsing context; its result comes as JSON.
pub(super) fn run(bidi: &Bidi, context: &Value, body: &str) -> Result<Value> {
    let expression = format!("(async () => JSON.stringify(await (async () => {{\n{body}\n}})() ?? null))()");
    let answer = bidi.send("script.evaluate", evaluation(context, &expression))?;
    json_of(&answer).with_context(|| format!("running in the page: {body}"))
}

/// The parameters of `script.evaluate`.
fn evaluation(context: &Value, expression: &str) -> Value {
    json!({
        "target": {"context": context},
        "expression": expression,
        "awaitPromise": true,
    })
}

/// The value of a script that returned a JSON text.
pub(super) fn json_of(answer: &Value) -> Result<Value> {
    if answer["type"] == "exception" {
        let details = &answer["exceptionDetails"];
        let text = details["text"].as_str().unwrap_or("an exception");
        bail!("{text} (line {})", details["lineNumber"]);
    }
    let text = answer["result"]["value"].as_str().context("the script's result cannot be written as JSON")?;
    serde_json::from_str(text).context("reading the script's result")
}

/// What one look at a condition gave.
pub(super) enum Waited {
    /// The truthy value.
    Yes(Value),
    /// The last value, as text for an error message.
    NotYet(String),
}

/// Looks at a condition inside the page, turn after turn, until it is truthy
/// or a while has passed.
///
/// A document that is put aside (back/forward cache) never answers: such a
/// look is given up and the caller looks again, at the new document.
pub(super) fn wait(bidi: &Bidi, context: &str, condition: &str, most: Duration) -> Result<Waited> {
    const SLICE: Duration = Duration::from_secs(1);
    const GRACE: Duration = Duration::from_secs(2);
    let slice = most.min(SLICE);
    let expression = format!(
        "(async () => {{
            const until = performance.now() + {};
            const condition = async () => {{\n{condition}\n}};
            let value;
            for (;;) {{
                try {{ value = await condition(); }}
                catch (error) {{ value = undefined; var thrown = error; }}
                if (value) return JSON.stringify({{ value }});
                if (performance.now() > until) break;
                await new Promise((turn) => {{ requestAnimationFrame(turn); setTimeout(turn, 10); }});
            }}
            return JSON.stringify({{ last: thrown && value === undefined ? String(thrown) : (value ?? null) }});
        }})()",
        slice.as_millis()
    );
    let context = Value::from(context);
    let answer = bidi.send_within(slice + GRACE, "script.evaluate", evaluation(&context, &expression))?;
    let mut found = json_of(&answer)?;
    if found.get("value").is_some() {
        return Ok(Waited::Yes(found["value"].take()));
    }
    Ok(Waited::NotYet(found["last"].to_string()))
}
