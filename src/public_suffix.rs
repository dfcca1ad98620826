//! Which part of a host its owner registered (the algorithm of <https://publicsuffix.org/list/>).
//!
//! The rules are packed as a [`Hosts`] map: the host of a rule without `*.` or `!`, and what the
//! list says of it as flags. The private section counts too: on `github.io` or `wordpress.com`
//! each name below belongs to somebody else.

use crate::hosts::{self, Hosts, Key, Layout, Malformed, NotAHost};
use std::collections::BTreeMap;

/// Asked at every verdict, and nearly always finds something.
const LAYOUT: Layout = Layout { keys_per_block: 6, filter: false, plain: true };

const RULE: u32 = 1;
const WILDCARD: u32 = 2;
const EXCEPTION: u32 = 4;
const RULE_IS_PRIVATE: u32 = 8;
const WILDCARD_IS_PRIVATE: u32 = 16;

/// The public suffix of a host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Suffix {
    /// Bytes of the host's key that it covers, its closing dot included.
    pub key_len: usize,
    /// In the private section: a platform, where each name below has an owner of its own.
    pub private: bool,
}

/// The packed Public Suffix List.
#[derive(Clone, Copy)]
pub struct PublicSuffixes<'a>(Hosts<'a>);

impl<'a> PublicSuffixes<'a> {
    /// Reads the packed list's header.
    pub fn open(bytes: &'a [u8]) -> Result<Self, Malformed> {
        Hosts::open(bytes).map(Self)
    }

    /// The longest suffix of the host under which people register names. A top-level domain that
    /// the list does not know is one by the list's own default rule, `*`.
    pub fn suffix_of(&self, key: &Key) -> Suffix {
        let name = key.as_bytes();
        let mut longest = None;
        // The longest rule comes last, and prevails.
        self.0.matches(key, |rule| {
            let private = rule.value & RULE_IS_PRIVATE != 0;
            let child = child_len(name, rule.len).filter(|_| rule.value & WILDCARD != 0);
            if rule.value & EXCEPTION != 0 {
                longest = Some(Suffix { key_len: parent_len(name, rule.len), private });
            } else if let Some(key_len) = child {
                longest = Some(Suffix { key_len, private: rule.value & WILDCARD_IS_PRIVATE != 0 });
            } else if rule.value & RULE != 0 {
                longest = Some(Suffix { key_len: rule.len, private });
            }
        });
        longest.unwrap_or_else(|| Suffix { key_len: child_len(name, 0).unwrap_or(name.len()), private: false })
    }
}

/// The length of the key of the host one label longer than its first `len` bytes.
pub(crate) fn child_len(key: &[u8], len: usize) -> Option<usize> {
    let dot = key.get(len..)?.iter().position(|&byte| byte == b'.')?;
    Some(len + dot + 1)
}

fn parent_len(key: &[u8], len: usize) -> usize {
    let inner = key.get(..len.saturating_sub(1)).unwrap_or_default();
    inner.iter().rposition(|&byte| byte == b'.').map_or(0, |dot| dot + 1)
}

/// A line of the Public Suffix List, in ASCII, and whether it stands in the private section.
#[derive(Debug, Clone, Copy)]
pub struct Rule<'r> {
    /// Such as `fr`, `*.ck` or `!www.ck`.
    pub text: &'r str,
    /// In the private section.
    pub private: bool,
}

/// Packs the rules of the list.
pub fn pack<'r>(rules: impl IntoIterator<Item = Rule<'r>>) -> Result<Vec<u8>, NotAHost> {
    let mut flags: BTreeMap<&str, u32> = BTreeMap::new();
    for Rule { text, private } in rules {
        let (host, kind, private_kind) = if let Some(host) = text.strip_prefix("*.") {
            (host, WILDCARD, WILDCARD_IS_PRIVATE)
        } else if let Some(host) = text.strip_prefix('!') {
            (host, EXCEPTION, RULE_IS_PRIVATE)
        } else {
            (text, RULE, RULE_IS_PRIVATE)
        };
        *flags.entry(host).or_default() |= kind | if private { private_kind } else { 0 };
    }
    hosts::pack(flags, LAYOUT)
}
