//! Where things are.

use std::path::{Path, PathBuf};

/// The root of the repository.
pub fn root() -> &'static Path {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.parent().unwrap_or(manifest)
}

/// What is built, and may be deleted.
pub fn dist() -> PathBuf {
    root().join("dist")
}

/// The signed list that a build carries.
pub fn list() -> PathBuf {
    dist().join("list")
}

/// Where cargo puts what it compiles.
pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}
