//! The browser's own WHATWG URL parser.

use crate::address::Parts;

/// What the browser makes of a URL.
pub fn browser_parser(text: &str) -> Option<Parts> {
    let url = web_sys::Url::new(text).ok()?;
    let mut scheme = url.protocol();
    scheme.pop();
    let has_credentials = !url.username().is_empty() || !url.password().is_empty();
    Some(Parts { scheme, host: url.hostname(), path: url.pathname(), has_credentials })
}
