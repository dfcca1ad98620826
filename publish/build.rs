//! Takes the Public Suffix List from the source of the crate `psl`, whose version is locked, so
//! that the built tool needs neither cargo nor that source.

#[allow(clippy::indexing_slicing, reason = "it means `value[\"key\"]` on JSON, which does not panic")]
#[path = "crate_folder.rs"]
mod crate_folder;

use std::path::Path;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    for file in ["../Cargo.lock", "build.rs", "crate_folder.rs"] {
        println!("cargo::rerun-if-changed={file}");
    }
    let rules = crate_folder::crate_folder("psl")?.join("data/rules.txt");
    let out = std::env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?;
    std::fs::copy(&rules, Path::new(&out).join("public-suffixes.txt"))?;
    Ok(())
}
