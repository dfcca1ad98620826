//! Bytes in the package, and of them as a store would send them.

use super::node::{number, script};
use super::table::{Group, Row, Unit};
use super::{Counts, Input};
use crate::build::Target;
use crate::command;
use anyhow::{Context, Result};
use publish::reviewed::{Revocation, Site};
use serde_json::{Value, json};
use std::path::Path;

/// All that the list says of an entry, as JSON.
pub fn site(site: &Site) -> Value {
    json!({
        "host": site.host,
        "scope": site.scope.word(),
        "path": site.path,
        "organisation": site.organisation,
        "purpose": [site.purpose_fr, site.purpose_en],
        "telephone": site.telephone,
        "country": site.country,
        "sources": site.sources,
        "checked": site.checked.0,
    })
}

/// The same of a revocation.
pub fn revocation(revocation: &Revocation) -> Value {
    json!({
        "host": revocation.host,
        "reason": revocation.reason,
        "sources": revocation.sources,
        "checked": revocation.checked.0,
    })
}

pub fn measure(input: &Input) -> Result<Vec<Group>> {
    let package = Target::Chrome.folder();
    let peer = command::npm_tool("tldts/dist/index.esm.min.js")?;
    let [wasm, glue, peer] =
        [size(&package.join("wasm/core_bg.wasm"))?, size(&package.join("wasm/core.js"))?, size(&peer)?];
    let unit = Unit::Bytes;
    let mut groups = vec![Group {
        title: "Code in the package".to_owned(),
        rows: vec![
            Row::ours("core_bg.wasm", wasm.raw, unit).at_most(420_000.0),
            Row::reference("tldts, which knows public suffixes alone", peer.raw, unit, wasm.raw),
            Row::ours("core_bg.wasm, brotli", wasm.brotli, unit),
            Row::reference("tldts, brotli", peer.brotli, unit, wasm.brotli),
            Row::ours("core.js", glue.raw, unit),
            Row::ours("core.js, brotli", glue.brotli, unit),
        ],
    }];
    let Counts { sites, revocations, suffixes } = input.counts;
    for (name, entries, reference, what) in [
        ("list.bin", sites, &input.sites, "the same entries as JSON"),
        ("revocations.bin", revocations, &input.revocations, "the same entries as JSON"),
        ("public-suffixes.bin", suffixes, &input.suffixes, "the same rules as text"),
    ] {
        let (ours, reference) = (size(&package.join("list").join(name))?, size(reference)?);
        let entries = f64::from(u32::try_from(entries)?);
        let unit = Unit::BytesPerEntry;
        let (raw, brotli) = (ours.raw / entries, ours.brotli / entries);
        groups.push(Group {
            title: format!("{name}, {entries} entries, {} bytes", ours.raw),
            rows: vec![
                Row::ours("as stored and searched", raw, unit),
                Row::reference(what, reference.raw / entries, unit, raw),
                Row::ours("brotli", brotli, unit),
                Row::reference(&format!("{what}, brotli"), reference.brotli / entries, unit, brotli),
            ],
        });
    }
    Ok(groups)
}

/// Bytes of a file, and of it as a store would send it.
pub struct Size {
    pub raw: f64,
    pub brotli: f64,
}

/// The bytes of a file.
pub fn of(file: &Path) -> Result<f64> {
    Ok(size(file)?.raw)
}

/// Bytes of a file, as it is and compressed.
pub fn size(file: &Path) -> Result<Size> {
    let found = script("size.mjs", [file.as_os_str()]).with_context(|| format!("the size of {}", file.display()))?;
    Ok(Size { raw: number(&found, "raw")?, brotli: number(&found, "brotli")? })
}
