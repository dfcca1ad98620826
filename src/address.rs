//! URL text to [`Address`], or the reason why there is nothing to judge.
//!
//! A URL is what the WHATWG URL Standard makes of it, so that we judge the host to which the
//! browser really went. The parser is an argument: the browser's own in the extension, the `url`
//! crate elsewhere ([`crate::address::url_crate`]). A URL that is plainly in its final form, as a
//! tab's almost always is, is read here without it.

use crate::hosts::Key;
use crate::public_suffix::{PublicSuffixes, Suffix, child_len};
use std::borrow::Cow;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Longest part of a path that is kept, in bytes. No listed path is longer.
pub const MAX_PATH: usize = 1024;

/// How a page is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// Encrypted, and the server has proven its name.
    Https,
    /// Neither.
    Http,
}

/// Why a URL is not judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotJudged {
    /// The text is no URL.
    NotAnAddress,
    /// A page of the browser or of an extension.
    BrowserPage,
    /// A file on this computer.
    LocalFile,
    /// A scheme that is not of the web, such as `data:` or `ftp:`.
    OtherScheme,
    /// This computer (RFC 6761 §6.3).
    Localhost,
    /// A name or number that only means something on the network at hand (RFC 1918, RFC 4193,
    /// RFC 6762, RFC 8375, and names without a dot).
    PrivateNetwork,
    /// A number in place of a name: it tells nothing of its owner.
    IpLiteral,
}

/// What the WHATWG parser says of a URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parts<'u> {
    /// Lower case, without the colon.
    pub scheme: Cow<'u, str>,
    /// As serialised: ASCII, IPv6 in square brackets, empty where the scheme has none.
    pub host: Cow<'u, str>,
    /// As serialised.
    pub path: Cow<'u, str>,
    /// A user name or a password stands before the host.
    pub has_credentials: bool,
    /// The user name, escaped as serialised.
    pub user: Cow<'u, str>,
}

/// A WHATWG URL parser: nothing where the text is no URL.
pub type Parser = fn(&str) -> Option<Parts<'static>>;

/// An address of the web that can be judged.
#[derive(Debug, Clone)]
pub struct Address<'u> {
    /// How the page is reached.
    pub scheme: Scheme,
    /// A user name or a password stands before the host, where it may pass for the host.
    pub has_credentials: bool,
    user: Cow<'u, str>,
    host: Cow<'u, str>,
    path: Cow<'u, str>,
    key: Option<Key>,
    suffix: Option<Suffix>,
}

impl<'u> Address<'u> {
    /// Reads a URL. Without `suffixes`, nothing is known of the registrable domain.
    pub fn read(url: &'u str, parser: Parser, suffixes: Option<&PublicSuffixes>) -> Result<Self, NotJudged> {
        let parts = match plain(url) {
            Some(parts) => parts,
            None => parser(url).ok_or(NotJudged::NotAnAddress)?,
        };
        let scheme = match parts.scheme.as_ref() {
            "https" => Scheme::Https,
            "http" => Scheme::Http,
            "file" => return Err(NotJudged::LocalFile),
            other if is_of_the_browser(other) => return Err(NotJudged::BrowserPage),
            _ => return Err(NotJudged::OtherScheme),
        };
        // The root's dot changes nothing of who answers (RFC 1034 §3.1).
        let host_len = parts.host.strip_suffix('.').unwrap_or(&parts.host).len();
        let host = cut(parts.host, host_len);
        if let Some(reason) = is_of_no_public_name(&host) {
            return Err(reason);
        }
        let path_len = parts.path.floor_char_boundary(MAX_PATH);
        let path = cut(parts.path, path_len);
        let key = Key::of(&host);
        let suffix = suffixes.zip(key.as_ref()).map(|(suffixes, key)| suffixes.suffix_of(key));
        Ok(Self { scheme, has_credentials: parts.has_credentials, user: parts.user, host, path, key, suffix })
    }

    /// The host: ASCII, lower case, accents as punycode, no trailing dot.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The host with its accents, as people write it.
    pub fn unicode_host(&self) -> String {
        accented(&self.host).into_owned()
    }

    /// The user name before the host, escaped as the parser writes it.
    pub fn user(&self) -> Option<&str> {
        Some(self.user.as_ref()).filter(|user| !user.is_empty())
    }

    /// The path, from `/`, cut at [`MAX_PATH`].
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The form in which the host is looked up; none where no domain name can be so long or have
    /// an empty label.
    pub fn key(&self) -> Option<&Key> {
        self.key.as_ref()
    }

    /// The suffix under which the name was registered, such as `fr` or `gouv.fr`.
    pub fn public_suffix(&self) -> Option<&str> {
        self.tail(self.suffix?.key_len)
    }

    /// What its owner registered, such as `ameli.fr`; none where the host is itself a public suffix.
    pub fn registrable_domain(&self) -> Option<&str> {
        self.tail(child_len(self.key.as_ref()?.as_bytes(), self.suffix?.key_len)?)
    }

    /// The name stands on a platform, where sites of different owners stand side by side.
    pub fn is_on_shared_platform(&self) -> bool {
        self.suffix.is_some_and(|suffix| suffix.private) && self.registrable_domain().is_some()
    }

    /// The end of the host whose key has `key_len` bytes.
    fn tail(&self, key_len: usize) -> Option<&str> {
        let start = (self.host.len() + 1).checked_sub(key_len)?;
        self.host.get(start..)
    }
}

/// A host with its accents, as people write it.
pub(crate) fn accented(host: &str) -> Cow<'_, str> {
    if !host.contains("xn--") {
        return Cow::Borrowed(host);
    }
    let labels = host.split('.').map(|label| {
        let decoded = label.strip_prefix("xn--").and_then(idna::punycode::decode_to_string);
        decoded.unwrap_or_else(|| label.to_owned())
    });
    Cow::Owned(labels.collect::<Vec<_>>().join("."))
}

/// The first `len` bytes, which must end between two characters.
fn cut(text: Cow<str>, len: usize) -> Cow<str> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.get(..len).unwrap_or(text)),
        Cow::Owned(mut text) => {
            text.truncate(len);
            Cow::Owned(text)
        }
    }
}

/// Reads a URL that no WHATWG parser would change: `http:` or `https:`, a lower-case ASCII host
/// without punycode, port or credentials and whose last label is no number, a path without dot
/// segments or characters to escape. Anything else is left to the parser.
fn plain(url: &str) -> Option<Parts<'_>> {
    let (scheme, rest) = match url.strip_prefix("https://") {
        Some(rest) => ("https", rest),
        None => ("http", url.strip_prefix("http://")?),
    };
    let host_len = rest.bytes().position(|byte| matches!(byte, b'/' | b'?' | b'#')).unwrap_or(rest.len());
    let (host, rest) = rest.split_at_checked(host_len)?;
    let (mut label_len, mut label_first) = (0, 0);
    for (at, byte) in host.bytes().enumerate() {
        match byte {
            b'.' if label_len == 0 => return None,
            b'.' => label_len = 0,
            b'-' if label_len == 3 && host.as_bytes().get(at - 3..at) == Some(b"xn-") => return None,
            b'a'..=b'z' | b'0'..=b'9' | b'-' => {
                if label_len == 0 {
                    label_first = byte;
                }
                label_len += 1;
            }
            _ => return None,
        }
    }
    if label_len == 0 || label_first.is_ascii_digit() {
        return None;
    }
    let path_len = rest.bytes().position(|byte| matches!(byte, b'?' | b'#')).unwrap_or(rest.len());
    let path = rest.get(..path_len)?;
    let mut before = b'/';
    for (at, byte) in path.bytes().enumerate() {
        let is_kept = match byte {
            b'.' => before != b'/',
            // An escaped dot may make a dot segment.
            b'%' => !path.as_bytes().get(at + 1..at + 3).is_some_and(|two| two.eq_ignore_ascii_case(b"2e")),
            b'/' | b'-' | b'_' | b'~' | b'!' | b'$' | b'&'..=b',' | b';' | b'=' | b':' | b'@' => true,
            _ => byte.is_ascii_alphanumeric(),
        };
        if !is_kept {
            return None;
        }
        before = byte;
    }
    Some(Parts {
        scheme: Cow::Borrowed(scheme),
        host: Cow::Borrowed(host),
        path: Cow::Borrowed(if path.is_empty() { "/" } else { path }),
        has_credentials: false,
        user: Cow::Borrowed(""),
    })
}

fn is_of_the_browser(scheme: &str) -> bool {
    const SCHEMES: [&str; 16] = [
        "about",
        "brave",
        "browser",
        "chrome",
        "chrome-error",
        "chrome-extension",
        "chrome-search",
        "chrome-untrusted",
        "devtools",
        "edge",
        "extension",
        "moz-extension",
        "opera",
        "resource",
        "view-source",
        "vivaldi",
    ];
    SCHEMES.contains(&scheme)
}

fn is_of_no_public_name(host: &str) -> Option<NotJudged> {
    if let Some(address) = ip_literal(host) {
        return Some(match address {
            IpAddr::V4(v4) => v4_reason(v4),
            IpAddr::V6(v6) => v6_reason(v6),
        });
    }
    let below = |zone: &str| host.strip_suffix(zone).is_some_and(|left| left.is_empty() || left.ends_with('.'));
    if below("localhost") {
        return Some(NotJudged::Localhost);
    }
    let is_private_zone = ["local", "internal", "home.arpa"].into_iter().any(below);
    (is_private_zone || !host.contains('.')).then_some(NotJudged::PrivateNetwork)
}

/// The parser writes every IPv4 form as four decimal numbers, and IPv6 in square brackets.
fn ip_literal(host: &str) -> Option<IpAddr> {
    match host.strip_prefix('[') {
        Some(v6) => v6.strip_suffix(']')?.parse().ok().map(IpAddr::V6),
        None if host.ends_with(|last: char| last.is_ascii_digit()) => host.parse().ok().map(IpAddr::V4),
        None => None,
    }
}

fn v4_reason(address: Ipv4Addr) -> NotJudged {
    let [first, second, ..] = address.octets();
    let is_carrier_grade_nat = first == 100 && second & 0xc0 == 64; // RFC 6598
    if address.is_loopback() {
        NotJudged::Localhost
    } else if address.is_private() || address.is_link_local() || first == 0 || is_carrier_grade_nat {
        NotJudged::PrivateNetwork
    } else {
        NotJudged::IpLiteral
    }
}

fn v6_reason(address: Ipv6Addr) -> NotJudged {
    if let Some(v4) = address.to_ipv4_mapped() {
        return v4_reason(v4);
    }
    if address.is_loopback() {
        NotJudged::Localhost
    } else if address.is_unique_local() || address.is_unicast_link_local() || address.is_unspecified() {
        NotJudged::PrivateNetwork
    } else {
        NotJudged::IpLiteral
    }
}

/// The WHATWG parser of the `url` crate.
#[cfg(not(target_arch = "wasm32"))]
pub fn url_crate(text: &str) -> Option<Parts<'static>> {
    let url = url::Url::parse(text).ok()?;
    Some(Parts {
        scheme: Cow::Owned(url.scheme().to_owned()),
        host: Cow::Owned(url.host_str().unwrap_or_default().to_owned()),
        path: Cow::Owned(url.path().to_owned()),
        has_credentials: !url.username().is_empty() || url.password().is_some(),
        user: Cow::Owned(url.username().to_owned()),
    })
}
