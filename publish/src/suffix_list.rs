//! The Public Suffix List, from the crate `psl`, whose version is locked.

use anyhow::{Context, Result, ensure};
use bon_guichet::public_suffix::{self, Rule};
use std::path::PathBuf;
use std::process::Command;

/// The list packed, private section included.
pub fn packed() -> Result<Vec<u8>> {
    let rules = rules()?;
    let rules = rules.iter().map(|(text, private)| Rule { text, private: *private });
    public_suffix::pack(rules).map_err(|bad| anyhow::anyhow!("the Public Suffix List names {:?}", bad.0))
}

/// Each rule in ASCII, and whether it is in the private section.
pub fn rules() -> Result<Vec<(String, bool)>> {
    let file = crate_folder("psl")?.join("data/rules.txt");
    let text = std::fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
    let rules = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//"));
    let rules = rules.map(|rule| Ok((ascii(rule)?, is_private(rule)))).collect::<Result<Vec<_>>>()?;
    ensure!(rules.len() > 9000, "{} holds {} rules only", file.display(), rules.len());
    Ok(rules)
}

fn ascii(rule: &str) -> Result<String> {
    let (mark, host) = match rule.strip_prefix("*.") {
        Some(host) => ("*.", host),
        None => rule.strip_prefix('!').map_or(("", rule), |host| ("!", host)),
    };
    let host = idna::domain_to_ascii(host).with_context(|| format!("the rule {rule:?} is no host"))?;
    Ok(format!("{mark}{host}"))
}

/// The file of rules has lost its sections; the compiled list still knows them.
fn is_private(rule: &str) -> bool {
    use psl::{List, Psl, Type};
    let sample = rule.strip_prefix('!').map_or_else(|| rule.replace("*.", "x."), str::to_owned);
    List.suffix(sample.as_bytes()).is_some_and(|suffix| suffix.typ() == Some(Type::Private))
}

/// Where cargo keeps the source of a locked dependency.
pub fn crate_folder(name: &str) -> Result<PathBuf> {
    #[derive(serde::Deserialize)]
    struct Metadata {
        packages: Vec<Package>,
    }
    #[derive(serde::Deserialize)]
    struct Package {
        name: String,
        manifest_path: PathBuf,
    }
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["metadata", "--format-version", "1", "--locked"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .context("cannot run cargo metadata")?;
    ensure!(output.status.success(), "cargo metadata: {}", String::from_utf8_lossy(&output.stderr));
    let metadata: Metadata = serde_json::from_slice(&output.stdout).context("cargo metadata gave no JSON")?;
    let package = metadata.packages.into_iter().find(|package| package.name == name);
    let manifest = package.with_context(|| format!("{name} is no dependency"))?.manifest_path;
    Ok(manifest.parent().context("a manifest without folder")?.to_owned())
}
