//! `cargo xtask tuf-client`: the updater behind the command line of the public suite
//! theupdateframework/tuf-conformance, native or as the shipped WebAssembly module.

use crate::{build, command, paths};
use anyhow::{Context, Result};
use std::fs;
use std::path::PathBuf;
use std::process::Command;

/// Tests that no build with Ed25519 alone can pass, as the suite reads them: beside the client,
/// under its name. The native client shares them.
const EXPECTED_FAILURES: &str = "tuf-client/client.mjs.xfails";

#[derive(clap::Args)]
pub struct Arguments {
    /// The shipped module under Node, in place of the native client
    #[arg(long)]
    wasm: bool,
    /// A native client that knows P-256 and RSA too, which the shipped module does not
    #[arg(long, conflicts_with = "wasm")]
    all_keys: bool,
    /// What the client is told; without it, its path is printed, for the suite's --entrypoint
    #[arg(last = true)]
    words: Vec<String>,
}

impl Arguments {
    pub fn run(self) -> Result<()> {
        let client = if self.wasm { wasm()? } else { native(self.all_keys)? };
        if self.words.is_empty() {
            println!("{}", client.display());
            return Ok(());
        }
        command::run(Command::new(client).args(self.words))
    }
}

fn wasm() -> Result<PathBuf> {
    build::development()?;
    Ok(paths::root().join("tuf-client/client.mjs"))
}

fn native(all_keys: bool) -> Result<PathBuf> {
    let mut cargo = Command::new("cargo");
    cargo.args(["build", "--quiet", "--locked", "--package", "tuf-client"]).current_dir(paths::root());
    if all_keys {
        cargo.args(["--features", "p256,rsa-test"]);
    }
    command::run(&mut cargo)?;
    // A copy that the next build, with other keys, leaves as it is.
    let folder = paths::target().join("tuf-client");
    let client = folder.join(if all_keys { "all-keys" } else { "ed25519" });
    fs::create_dir_all(&folder)?;
    let copy = |from: PathBuf, to: PathBuf| {
        fs::copy(&from, &to).with_context(|| format!("cannot copy {} to {}", from.display(), to.display()))
    };
    copy(paths::target().join("debug/tuf-client"), client.clone())?;
    if !all_keys {
        copy(paths::root().join(EXPECTED_FAILURES), client.with_extension("xfails"))?;
    }
    Ok(client)
}
