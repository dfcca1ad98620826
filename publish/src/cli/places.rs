//! Where a repository is, and what waits to be published in it.

use std::path::PathBuf;

#[derive(clap::Args)]
pub struct Places {
    /// The repository
    #[arg(long, value_name = "DIR", default_value = "repository")]
    pub repository: PathBuf,
    /// The folder that waits for signatures
    #[arg(long, value_name = "DIR", default_value = "staged")]
    pub staged: PathBuf,
}
