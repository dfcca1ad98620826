//! The Public Suffix List, from the crate `psl`, whose version is locked.

use anyhow::{Context, Result, ensure};
use bon_guichet::public_suffix::{self, Rule};

/// `data/rules.txt` of the crate, as build.rs found it.
const RULES: &str = include_str!(concat!(env!("OUT_DIR"), "/public-suffixes.txt"));

/// The list packed, private section included.
pub fn packed() -> Result<Vec<u8>> {
    let rules = rules()?;
    let rules = rules.iter().map(|(text, private)| Rule { text, private: *private });
    public_suffix::pack(rules).map_err(|bad| anyhow::anyhow!("the Public Suffix List names {:?}", bad.0))
}

/// Each rule in ASCII, and whether it is in the private section.
pub fn rules() -> Result<Vec<(String, bool)>> {
    let rules = RULES.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//"));
    let rules = rules.map(|rule| Ok((ascii(rule)?, is_private(rule)))).collect::<Result<Vec<_>>>()?;
    ensure!(rules.len() > 9000, "the crate psl holds {} rules only", rules.len());
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
