//! The list of official sites: which entry speaks for an address.

mod entries;
mod record;
mod shard;

mod assemble;
mod packer;

mod signed;

pub use assemble::{NATIONAL, NotAssembled, assemble, shard_department, shard_name};
pub use packer::{LAYOUT, Packer};
pub use record::{Record, Scope};
pub use shard::{Malformed, Rule, Shard};
pub use signed::{FILES, LIST, PUBLIC_SUFFIXES, RESEMBLANCE, REVOCATIONS, ROOT, SignedList, TARGETS};

use crate::address::Address;

/// The entries of all files of a list.
#[derive(Debug, Clone, Default)]
pub struct List {
    shards: Vec<Shard>,
}

/// What the list says of an address.
#[derive(Debug, Clone, Copy)]
pub enum Finding<'a> {
    /// An official site, and the entry that says so.
    Official(Entry<'a>),
    /// A name that was official once, or was taken for it, and must never be shown as such.
    Revoked(Entry<'a>),
    /// The list holds nothing about it.
    Nothing,
}

/// An entry that speaks for an address.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'a> {
    /// The listed host: the end of the address's host, `www.` aside.
    pub host: &'a str,
    /// How far it reaches, and what it says.
    pub rule: Rule<'a>,
}

impl List {
    /// A list made of files that were each read already.
    pub fn new(shards: Vec<Shard>) -> Self {
        Self { shards }
    }

    /// The file of official sites.
    pub fn sites(&self) -> Option<&Shard> {
        self.shards.first()
    }

    /// How many hosts are listed, revoked ones included.
    pub fn len(&self) -> usize {
        self.shards.iter().map(Shard::len).sum()
    }

    /// Whether no host is listed.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Shows every entry of every file, with its host. Nothing where a file is damaged.
    pub fn for_each<'a>(&'a self, mut visit: impl FnMut(String, Scope, Record<'a>)) -> Option<()> {
        self.shards.iter().try_for_each(|shard| shard.for_each(&mut visit))
    }

    /// The entry for an address. A revocation of the host or of a parent always wins; otherwise
    /// the entry for the longest host does.
    pub fn look_up<'a>(&'a self, address: &'a Address<'a>) -> Finding<'a> {
        let Some(key) = address.key() else { return Finding::Nothing };
        let mut best: Option<(usize, Rule<'a>)> = None;
        let mut revoked: Option<(usize, Rule<'a>)> = None;
        for shard in &self.shards {
            shard.matches(address.host(), key, |len, rule| {
                let below = key.as_bytes().get(len..).unwrap_or_default();
                let applies = match rule.scope {
                    Scope::Revoked => {
                        revoked = Some((len, rule));
                        false
                    }
                    Scope::Domain => true,
                    Scope::Host => is_host_or_www_twin(below),
                    Scope::Path => is_host_or_www_twin(below) && path_starts_with(address.path(), rule.path),
                    Scope::Zone => !is_host_or_www_twin(below),
                };
                if applies && best.is_none_or(|best| rank(&(len, rule)) > rank(&best)) {
                    best = Some((len, rule));
                }
            });
        }
        match (revoked, best) {
            (Some((len, rule)), _) => Finding::Revoked(entry(address, len, rule)),
            (None, Some((len, rule))) => Finding::Official(entry(address, len, rule)),
            (None, None) => Finding::Nothing,
        }
    }
}

/// The longer host, then the closer scope, then the longer path speaks.
fn rank((len, rule): &(usize, Rule)) -> (usize, Scope, usize) {
    (*len, rule.scope, rule.path.len())
}

fn entry<'a>(address: &'a Address<'a>, len: usize, rule: Rule<'a>) -> Entry<'a> {
    let start = (address.host().len() + 1).saturating_sub(len);
    Entry { host: address.host().get(start..).unwrap_or_default(), rule }
}

/// `below` is what the address's key has after the listed host's.
fn is_host_or_www_twin(below: &[u8]) -> bool {
    below.is_empty() || below == b"www."
}

/// Whole segments only: `/mairie` is not the start of `/mairie-autre`. What follows must not lead
/// some servers out again: dots and escaped slashes that the URL parser keeps, but they resolve.
fn path_starts_with(path: &str, prefix: &str) -> bool {
    let Some(rest) = path.strip_prefix(prefix.trim_end_matches('/')) else { return false };
    let leads_out = ["..", "%2f", "%2F", "%5c", "%5C", "\\"].iter().any(|way| rest.contains(way));
    (rest.is_empty() || rest.starts_with('/')) && !leads_out
}

#[cfg(test)]
mod tests;
