//! What went wrong in pages and in the extension.

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::{Browser, Kind, firefox};

impl Browser {
    /// What web pages wrote into their consoles, as `level: text`, in order,
    /// uncaught exceptions among it. Chromium tells this of extension pages in
    /// tabs too; for those see [`Browser::extension_errors`] in both.
    #[must_use]
    pub fn console(&self) -> Vec<String> {
        self.bidi()
            .events()
            .iter()
            .filter(|event| event.method == "log.entryAdded")
            .map(|event| {
                let level = event.params["level"].as_str().unwrap_or_default();
                let text = event.params["text"].as_str().unwrap_or_default();
                format!("{level}: {text}")
            })
            .collect()
    }

    /// The errors among [`Browser::console`].
    #[must_use]
    pub fn console_errors(&self) -> Vec<String> {
        let mut lines = self.console();
        lines.retain(|line| line.starts_with("error: "));
        lines
    }

    /// Forgets what was written into consoles so far.
    pub fn forget_console(&self) {
        self.bidi().forget_events();
    }

    /// The errors of the extension itself that the browser has collected since
    /// its start: exceptions in its background and its pages. Chromium tells
    /// of `console.error` there too; Firefox does not.
    ///
    /// # Errors
    /// When the browser is gone or hangs.
    pub fn extension_errors(&self) -> Result<Vec<String>> {
        let errors = match self.kind() {
            Kind::Chromium => self.errors_in_chromium(),
            Kind::Firefox => self.errors_in_firefox(),
        }
        .context("reading the errors of the extension")?;
        let errors = errors.as_array().map_or(&[][..], Vec::as_slice);
        Ok(errors.iter().filter_map(Value::as_str).map(str::to_owned).collect())
    }

    /// Chromium shows them on its page of extensions.
    fn errors_in_chromium(&self) -> Result<Value> {
        // One manifest serves both browsers, and Chromium says so each time.
        const EXPECTED: &str = "'background.scripts' requires manifest version of 2 or lower.";
        let tab = self.new_background_tab()?;
        self.navigate(&tab, "chrome://extensions/")?;
        let body = format!(
            "const info = await chrome.developerPrivate.getExtensionInfo({});
            return [...info.manifestErrors, ...info.runtimeErrors]
                .filter((error) => error.message !== {} && (error.severity ?? 'ERROR') === 'ERROR')
                .map((error) => `${{error.source}}: ${{error.message}}`);",
            json!(self.extension_id()),
            json!(EXPECTED)
        );
        let errors = self.evaluate(&tab, &body);
        self.close_tab(&tab)?;
        errors
    }

    /// Firefox writes them into its own console.
    fn errors_in_firefox(&self) -> Result<Value> {
        let body = format!(
            "return Services.console.getMessageArray()
                .filter((message) => message instanceof Ci.nsIScriptError
                    && message.sourceName.startsWith({})
                    && !(message.flags & Ci.nsIScriptError.warningFlag))
                .map((message) => `${{message.sourceName}}: ${{message.errorMessage}}`);",
            json!(self.extension_url(""))
        );
        firefox::in_chrome(self.bidi(), &body)
    }
}
