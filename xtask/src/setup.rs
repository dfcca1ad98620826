//! `cargo xtask setup`: what a fresh Debian 12 lacks for building and testing.

use crate::command;
use crate::paths;
use anyhow::{Context, Result, bail};
use std::path::Path;
use std::process::Command;

#[derive(clap::Args)]
pub struct Arguments {}

impl Arguments {
    #[expect(clippy::unused_self, reason = "every verb runs the same way")]
    pub fn run(self) -> Result<()> {
        for_browsers()
    }
}

/// Debian packages, and a file by which each is known to be there.
const PACKAGES: [(&str, &str); 6] = [
    ("chromium", "/usr/bin/chromium"),
    ("chromium-driver", "/usr/bin/chromedriver"),
    ("chromium-l10n", "/usr/lib/chromium/locales/fr.pak"),
    ("firefox-esr", "/usr/bin/firefox-esr"),
    ("fonts-dejavu-core", "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"),
    ("nodejs npm", "node"),
];

/// What building the extension takes: the WebAssembly target and the npm tools.
pub fn for_build() -> Result<()> {
    packages(&["nodejs npm"])?;
    wasm_target()?;
    npm_tools()
}

/// The same and the browsers.
pub fn for_browsers() -> Result<()> {
    packages(&PACKAGES.map(|(name, _)| name))?;
    wasm_target()?;
    npm_tools()
}

fn packages(wanted: &[&str]) -> Result<()> {
    let missing: Vec<&str> = PACKAGES
        .iter()
        .filter(|(name, file)| wanted.contains(name) && !is_there(file))
        .map(|(name, _)| *name)
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let names = missing.join(" ");
    let install = format!("apt-get update && apt-get install -y --no-install-recommends {names}");
    let is_root = command::output(Command::new("id").arg("-u"))?.trim() == "0";
    if !is_root || !is_there("apt-get") {
        bail!("these are missing: {names}; as root, run: {install}");
    }
    eprintln!("installing {names}");
    command::run(Command::new("sh").args(["-c", &install]).env("DEBIAN_FRONTEND", "noninteractive"))
}

/// A file, or a program on the path.
fn is_there(name: &str) -> bool {
    if name.starts_with('/') {
        return Path::new(name).exists();
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(name).exists())
}

fn wasm_target() -> Result<()> {
    let sysroot = command::output(Command::new("rustc").args(["--print", "sysroot"]).current_dir(paths::root()))?;
    if Path::new(sysroot.trim()).join("lib/rustlib/wasm32-unknown-unknown").exists() {
        return Ok(());
    }
    eprintln!("installing the target wasm32-unknown-unknown");
    let install = ["target", "add", "wasm32-unknown-unknown"];
    command::run(Command::new("rustup").args(install).current_dir(paths::root()))
        .context("this Rust has no WebAssembly target; install it with rustup")
}

/// The locked npm tools, once for each state of the lock file.
fn npm_tools() -> Result<()> {
    let root = paths::root();
    let lock = std::fs::read(root.join("package-lock.json")).context("cannot read package-lock.json")?;
    let installed = root.join("node_modules/.package-lock.for");
    if std::fs::read(&installed).is_ok_and(|known| known == lock) {
        return Ok(());
    }
    eprintln!("installing the npm tools of package-lock.json");
    command::run(Command::new("npm").args(["ci", "--no-audit", "--no-fund", "--loglevel=error"]).current_dir(root))?;
    std::fs::write(&installed, lock).context("cannot note which tools are installed")
}
