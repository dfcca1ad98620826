//! `make-key`: a key for one holder, made where it will be kept.

use super::answer::Answer;
use super::passphrase::Passphrases;
use anyhow::{Context, Result};
use publish::keys::Key;
use publish::root::short;
use std::path::{Path, PathBuf};

#[derive(clap::Args)]
pub struct Arguments {
    /// The private key, such as root-4.pem; root-4.pub.pem beside it will hold the public half
    file: PathBuf,
    #[command(flatten)]
    protection: Protection,
}

/// How a private key is kept.
#[derive(clap::Args)]
pub struct Protection {
    #[command(flatten)]
    passphrases: Passphrases,
    /// Keep the private key unencrypted
    #[arg(long, conflicts_with = "passphrase_file")]
    no_passphrase: bool,
}

impl Arguments {
    pub fn run(&self) -> Result<Answer> {
        let key = self.protection.make(&self.file)?;
        let public = public_file(&self.file);
        Ok(Answer::good()
            .line(format!("key {}", key.id()))
            .line(format!("private half, to be kept: {}", self.file.display()))
            .line(format!("public half, to be handed on: {}", public.display()))
            .fact("id", key.id())
            .fact("private", self.file.display().to_string())
            .fact("public", public.display().to_string()))
    }
}

impl Protection {
    /// Makes a key, and writes both halves.
    pub fn make(&self, file: &Path) -> Result<Key> {
        let passphrase = if self.no_passphrase { None } else { Some(self.passphrases.choose(file)?) };
        let key = Key::generate()?;
        if let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
        }
        key.write(file, passphrase.as_ref())?;
        key.write_public(&public_file(file))
            .with_context(|| format!("only the private half of {} was written", short(key.id())))?;
        Ok(key)
    }
}

/// `root-1.pub.pem` beside `root-1.pem`.
pub fn public_file(private: &Path) -> PathBuf {
    private.with_extension("pub.pem")
}
