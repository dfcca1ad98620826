//! Elements of a page, also those behind closed shadow roots.
//!
//! A selector is CSS; ` >>> ` steps into the shadow root, open or closed, of
//! the element before it: `"my-banner >>> button.accept"`.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use super::{Browser, Tab, WAIT_TIME, script};

/// What stands between a shadow host and a selector inside its root.
const STEP: &str = ">>>";

impl Browser {
    /// Waits until the selector finds an element, then calls a JavaScript
    /// function with it: `browser.with_element(&tab, "h1", "(el) => el.textContent")`.
    ///
    /// # Errors
    /// When there is no such element within [`WAIT_TIME`] or the function throws.
    pub fn with_element(&self, tab: &Tab, selector: &str, function: &str) -> Result<Value> {
        let element = self.element(tab, selector)?;
        let declaration = format!("async (el) => JSON.stringify(await ({function})(el) ?? null)");
        let answer = self.call(tab, &declaration, &[element], &json!({"maxDomDepth": 0}))?;
        script::json_of(&answer).with_context(|| format!("calling a function with the element {selector}"))
    }

    /// The text of an element, once it is there.
    ///
    /// # Errors
    /// When there is no such element within [`WAIT_TIME`].
    pub fn text(&self, tab: &Tab, selector: &str) -> Result<String> {
        let text = self.with_element(tab, selector, "(el) => el.textContent")?;
        Ok(text.as_str().unwrap_or_default().to_owned())
    }

    /// Whether the selector finds an element now.
    ///
    /// # Errors
    /// When the selector is not valid or the page is gone.
    pub fn exists(&self, tab: &Tab, selector: &str) -> Result<bool> {
        Ok(self.find(tab, selector)?.is_some())
    }

    /// Waits until the selector finds no element any more.
    ///
    /// # Errors
    /// When it still does after [`WAIT_TIME`].
    pub fn wait_gone(&self, tab: &Tab, selector: &str) -> Result<()> {
        let deadline = Instant::now() + WAIT_TIME;
        while self.find(tab, selector)?.is_some() {
            if Instant::now() > deadline {
                bail!("waiting {WAIT_TIME:?} for {selector} to go: it is still there");
            }
            self.turn(tab);
        }
        Ok(())
    }

    /// Presses an element as a user does with the mouse (`event.isTrusted`),
    /// once it is there. Brings its tab to the front.
    ///
    /// # Errors
    /// When there is no such element within [`WAIT_TIME`], or it cannot be pressed.
    pub fn click(&self, tab: &Tab, selector: &str) -> Result<()> {
        let doing = || format!("clicking {selector}");
        self.activate(tab)?;
        let element = self.element(tab, selector)?;
        let into_view = "(el) => el.scrollIntoView({ block: 'center', behavior: 'instant' })";
        self.call(tab, into_view, std::slice::from_ref(&element), &json!({})).with_context(doing)?;
        let origin = json!({"type": "element", "element": element});
        let actions = json!([
            {"type": "pointerMove", "x": 0, "y": 0, "origin": origin},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        ]);
        self.send(
            "input.performActions",
            json!({"context": tab.0, "actions": [
                {"type": "pointer", "id": "mouse", "actions": actions},
            ]}),
        )
        .with_context(doing)?;
        Ok(())
    }

    /// Waits for an element; the answer is a reference for BiDi commands.
    fn element(&self, tab: &Tab, selector: &str) -> Result<Value> {
        let deadline = Instant::now() + WAIT_TIME;
        loop {
            // The page may be under way to another one: an error is not the end.
            let found = self.find(tab, selector);
            if let Ok(Some(element)) = found {
                return Ok(element);
            }
            if Instant::now() > deadline {
                let doing = || format!("looking {WAIT_TIME:?} for the element {selector}");
                found.with_context(doing)?;
                bail!("{}: there is none in {}", doing(), self.url(tab)?);
            }
            self.turn(tab);
        }
    }

    /// Lets the page go on a little.
    pub(super) fn turn(&self, tab: &Tab) {
        const LITTLE: Duration = Duration::from_millis(20);
        let turn = format!("return new Promise((turn) => setTimeout(turn, {}))", LITTLE.as_millis());
        if self.evaluate(tab, &turn).is_err() {
            std::thread::sleep(LITTLE); // there is no page just now
        }
    }

    fn find(&self, tab: &Tab, selector: &str) -> Result<Option<Value>> {
        let mut scope: Option<Value> = None;
        let mut steps = selector.split(STEP).map(str::trim).peekable();
        while let Some(step) = steps.next() {
            let Some(found) = self.query(tab, scope.as_ref(), step)? else {
                return Ok(None);
            };
            if steps.peek().is_none() {
                return Ok(Some(reference(&found)));
            }
            let root = &found["value"]["shadowRoot"];
            if !root["sharedId"].is_string() {
                return Ok(None);
            }
            scope = Some(reference(root));
        }
        Ok(None)
    }

    /// `querySelector` in the document or in a shadow root.
    fn query(&self, tab: &Tab, scope: Option<&Value>, css: &str) -> Result<Option<Value>> {
        let mut arguments = vec![json!({"type": "string", "value": css})];
        arguments.extend(scope.cloned());
        let serialization = json!({"maxDomDepth": 1, "includeShadowTree": "all"});
        let answer =
            self.call(tab, "(css, scope) => (scope ?? document).querySelector(css)", &arguments, &serialization)?;
        if answer["type"] == "exception" {
            bail!("{css}: {}", answer["exceptionDetails"]["text"]);
        }
        let node = &answer["result"];
        Ok((node["type"] == "node").then(|| node.clone()))
    }

    fn call(&self, tab: &Tab, function: &str, arguments: &[Value], serialization: &Value) -> Result<Value> {
        self.send(
            "script.callFunction",
            json!({
                "target": {"context": tab.0},
                "functionDeclaration": function,
                "arguments": arguments,
                "awaitPromise": true,
                "serializationOptions": serialization,
            }),
        )
    }
}

/// What BiDi takes to mean a node that it has told.
fn reference(node: &Value) -> Value {
    json!({"sharedId": node["sharedId"]})
}
