//! One manifest, and what each family of browsers must not be given of it.

use crate::build::Target;
use crate::paths;
use anyhow::{Context, Result};
use serde_json::Value;
use std::fs;

/// The manifest for a family of browsers.
pub fn for_target(target: Target) -> Result<String> {
    let mut manifest = source()?;
    let members = manifest.as_object_mut().context("manifest.json is no object")?;
    let background = members.get_mut("background").and_then(Value::as_object_mut);
    let background = background.context("manifest.json has no \"background\"")?;
    match target {
        // Chromium warns of `scripts`, and knows nothing of Gecko.
        Target::Chrome => {
            background.remove("scripts");
            members.remove("browser_specific_settings");
        }
        // addons-linter warns of `service_worker`, which Firefox does not have.
        Target::Firefox => {
            background.remove("service_worker");
            members.remove("minimum_chrome_version");
            // Firefox takes policies without a schema.
            members.remove("storage");
        }
    }
    Ok(serde_json::to_string_pretty(&manifest)? + "\n")
}

/// The manifest that both are made from.
pub fn source() -> Result<Value> {
    let file = paths::root().join("manifest.json");
    let text = fs::read_to_string(&file).context("cannot read manifest.json")?;
    serde_json::from_str(&text).context("manifest.json is no JSON")
}
