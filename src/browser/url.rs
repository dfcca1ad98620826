//! The browser's own WHATWG URL parser.

use crate::address::Parts;

/// What the browser makes of a URL.
pub fn browser_parser(text: &str) -> Option<Parts<'static>> {
    let url = web_sys::Url::new(text).ok()?;
    let mut scheme = url.protocol();
    scheme.pop();
    let has_credentials = !url.username().is_empty() || !url.password().is_empty();
    Some(Parts { scheme: scheme.into(), host: url.hostname().into(), path: url.pathname().into(), has_credentials })
}
