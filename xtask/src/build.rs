//! `cargo xtask dist`: the extension, once for each family of browsers.

use crate::{command, icons, list, manifest, paths, setup};
use anyhow::{Context, Result, ensure};
use bon_guichet::list::SignedList;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use wasm_bindgen_cli_support::Bindgen;

/// A family of browsers that takes the same package.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// Chrome, Chromium, Edge and others of the family.
    Chrome,
    /// Firefox, on computers and on Android.
    Firefox,
}

impl Target {
    pub const ALL: [Self; 2] = [Self::Chrome, Self::Firefox];

    pub fn name(self) -> &'static str {
        match self {
            Self::Chrome => "chrome",
            Self::Firefox => "firefox",
        }
    }

    /// Where its package is built, unpacked.
    pub fn folder(self) -> PathBuf {
        paths::dist().join(self.name())
    }
}

#[derive(clap::Args)]
pub struct Arguments {
    /// Build what is to be published: refuses a list signed with the development keys
    #[arg(long)]
    release: bool,
    /// With --release, ship the development list all the same
    #[arg(long, requires = "release")]
    allow_development_list: bool,
    /// Ship this signed list in place of the one packed from data/
    #[arg(long, value_name = "DIR")]
    list: Option<PathBuf>,
    /// Have the extension look for newer lists here: an https address that ends with a slash
    #[arg(long, value_name = "URL", value_parser = mirror)]
    mirror: Option<String>,
}

fn mirror(address: &str) -> Result<String> {
    ensure!(
        address.starts_with("https://") && address.ends_with('/') && !address.contains(['?', '#', '@', ' ']),
        "write an https address that ends with a slash, such as https://list.example/"
    );
    Ok(address.to_owned())
}

impl Arguments {
    pub fn run(self) -> Result<()> {
        setup::for_build()?;
        let folder = match self.list {
            Some(folder) => folder,
            None => packed_list()?,
        };
        if self.release && !self.allow_development_list {
            refuse_development(&folder)?;
        }
        build(&folder, self.mirror.as_deref())?;
        for target in Target::ALL {
            println!("{}", target.folder().display());
        }
        Ok(())
    }
}

/// Builds the extension with the list of this tree.
pub fn development() -> Result<()> {
    build(&packed_list()?, None)
}

fn packed_list() -> Result<PathBuf> {
    list::build(&paths::root().join("data"), &paths::list())?;
    Ok(paths::list())
}

fn refuse_development(folder: &Path) -> Result<()> {
    let list = SignedList::read(|name| fs::read(folder.join(name)).ok())
        .with_context(|| format!("the list in {} was refused", folder.display()))?;
    ensure!(
        !list.trusted.root.is_development,
        "the list in {} is signed with the development keys, which everybody has: \
         give a publisher's list with --list DIR, or say --allow-development-list",
        folder.display()
    );
    Ok(())
}

fn build(list: &Path, mirror: Option<&str>) -> Result<()> {
    let common = paths::dist().join("common");
    fresh_folder(&common)?;
    wasm(&common.join("wasm"))?;
    icons::render(&paths::root().join("icons"), &common.join("icons"))?;
    copy_folder(&paths::root().join("extension"), &common)?;
    copy_folder(list, &common.join("list"))?;
    if let Some(mirror) = mirror {
        fs::write(common.join("list/mirror.txt"), mirror)?;
    }
    for target in Target::ALL {
        let folder = target.folder();
        fresh_folder(&folder)?;
        copy_folder(&common, &folder)?;
        fs::write(folder.join("manifest.json"), manifest::for_target(target)?)?;
    }
    Ok(())
}

/// Compiles the core and its JavaScript side. The result holds no path of this machine.
fn wasm(to: &Path) -> Result<()> {
    const TRIPLE: &str = "wasm32-unknown-unknown";
    let home = std::env::var("CARGO_HOME").or_else(|_| std::env::var("HOME").map(|home| format!("{home}/.cargo")))?;
    let sysroot = command::output(Command::new("rustc").args(["--print", "sysroot"]))?;
    let remap = |from: &str, to: &str| format!("--remap-path-prefix={from}={to}");
    let flags = [
        remap(&paths::root().display().to_string(), "/src"),
        remap(&home, "/cargo"),
        remap(sysroot.trim(), "/rust"),
        // Rolled loops: 15 KB less, and a list is hashed once a start.
        "--cfg sha2_backend_soft=\"compact\"".to_owned(),
        // Half the usual: 4 KB less, and no slower.
        "-C llvm-args=-inline-threshold=120".to_owned(),
    ];
    command::run(
        Command::new("cargo")
            .args([
                "build",
                "--quiet",
                "--locked",
                "--release",
                "--package",
                "bon-guichet",
                "--lib",
                "--target",
                TRIPLE,
            ])
            .env("RUSTFLAGS", flags.join(" "))
            .current_dir(paths::root()),
    )?;
    let compiled = paths::target().join(TRIPLE).join("release/bon_guichet.wasm");
    Bindgen::new()
        .input_path(&compiled)
        .out_name("core")
        .typescript(false)
        .remove_name_section(true)
        .remove_producers_section(true)
        .omit_default_module_path(true)
        .web(true)?
        .generate(to)?;
    let module = to.join("core_bg.wasm");
    let optimised = to.join("core_bg.optimised.wasm");
    // Debian's binaryen writes a module that does not run; the npm package's does.
    command::run(
        Command::new("node")
            .arg(command::npm_tool("binaryen/bin/wasm-opt")?)
            .arg("-Oz")
            .arg(&module)
            .arg("-o")
            .arg(&optimised),
    )?;
    fs::rename(&optimised, &module)?;
    Ok(())
}

fn fresh_folder(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("cannot empty {}", folder.display()))?;
    }
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from).with_context(|| format!("cannot read {}", from.display()))? {
        let from = entry?.path();
        let name = from.file_name().context("an entry without a name")?;
        if from.is_dir() {
            copy_folder(&from, &to.join(name))?;
        } else {
            fs::copy(&from, to.join(name)).with_context(|| format!("cannot copy {}", from.display()))?;
        }
    }
    Ok(())
}
