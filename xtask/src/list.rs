//! `cargo xtask list`: reviewed text to a signed list.

use crate::paths;
use anyhow::{Result, bail};
use std::path::{Path, PathBuf};

#[derive(clap::Args)]
pub struct Arguments {
    /// Only check the reviewed text; write nothing
    #[arg(long)]
    check: bool,
    /// The folder of reviewed text
    #[arg(long, default_value_os_t = paths::root().join("data"))]
    data: PathBuf,
    /// Where to put the signed list
    #[arg(long, default_value_os_t = paths::list())]
    out: PathBuf,
}

impl Arguments {
    pub fn run(self) -> Result<()> {
        if self.check {
            return check(&self.data);
        }
        build(&self.data, &self.out)
    }
}

fn check(data: &Path) -> Result<()> {
    let reviewed = publish::build::check(data)?;
    for problem in &reviewed.problems {
        println!("{problem}");
    }
    println!("{} official sites, {} revocations", reviewed.sites.len(), reviewed.revocations.len());
    match reviewed.problems.len() {
        0 => Ok(()),
        defects => bail!("{defects} defects"),
    }
}

/// Packs and signs `data` at `out`, and says what came of it.
pub fn build(data: &Path, out: &Path) -> Result<()> {
    let summary = publish::build::development(data, out)?;
    eprintln!(
        "list: {} official sites, {} revocations, signed with the development keys",
        summary.sites, summary.revocations
    );
    for (name, bytes) in &summary.files {
        eprintln!("  {name}: {bytes} bytes");
    }
    Ok(())
}
