//! Where the passphrase of a key file comes from: a file, the environment, or the terminal.

use anyhow::{Context, Result, bail, ensure};
use publish::keys::{Key, Passphrase};
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// The environment variable that machines may set.
const VARIABLE: &str = "BON_GUICHET_PASSPHRASE";

#[derive(clap::Args)]
pub struct Passphrases {
    /// Read the passphrase of the keys from the first line of this file; otherwise it is taken from
    /// the environment variable `BON_GUICHET_PASSPHRASE`, or asked on the terminal
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
}

impl Passphrases {
    /// Reads a private key, and asks for its passphrase if it has one.
    pub fn unlock(&self, file: &Path) -> Result<Key> {
        Key::unlock(file, || {
            let remedy = || format!("{} is encrypted; {}", file.display(), how());
            match self.given()? {
                Some(passphrase) => Ok(passphrase),
                None => ask(&format!("Passphrase of {}: ", file.display()))?.with_context(remedy),
            }
        })
    }

    /// The passphrase for a key that is made now; on a terminal it is asked for twice.
    pub fn choose(&self, file: &Path) -> Result<Passphrase> {
        let passphrase = self.given()?.map_or_else(|| ask_twice(file), Ok)?;
        ensure!(!passphrase.is_empty(), "an empty passphrase protects nothing: write one, or say --no-passphrase");
        Ok(passphrase)
    }

    fn given(&self) -> Result<Option<Passphrase>> {
        if let Some(file) = &self.passphrase_file {
            let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
            let text = Zeroizing::new(text);
            return Ok(Some(Zeroizing::new(text.lines().next().unwrap_or_default().to_owned())));
        }
        match std::env::var(VARIABLE) {
            Ok(passphrase) => Ok(Some(Zeroizing::new(passphrase))),
            Err(std::env::VarError::NotPresent) => Ok(None),
            Err(std::env::VarError::NotUnicode(_)) => bail!("{VARIABLE} is not UTF-8"),
        }
    }
}

fn ask_twice(file: &Path) -> Result<Passphrase> {
    let name = file.display();
    let remedy = || format!("{name} needs a passphrase; {}, or say --no-passphrase", how());
    let first = ask(&format!("New passphrase of {name}: "))?.with_context(remedy)?;
    let second = ask("The same again: ")?.with_context(remedy)?;
    ensure!(first == second, "the two passphrases differ: nothing was written");
    Ok(first)
}

fn how() -> String {
    format!("run this on a terminal, set {VARIABLE}, or give --passphrase-file")
}

/// What is typed, without showing it; nothing where nobody can type.
fn ask(question: &str) -> Result<Option<Passphrase>> {
    if !std::io::stdin().is_terminal() {
        return Ok(None);
    }
    let typed = rpassword::prompt_password(question).context("cannot read the passphrase from the terminal")?;
    Ok(Some(Zeroizing::new(typed)))
}
