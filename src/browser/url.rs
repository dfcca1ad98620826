//! The browser's own WHATWG URL parser.

use crate::address::Parts;

/// What the browser makes of a URL.
pub fn browser_parser(text: &str) -> Option<Parts<'static>> {
    let url = web_sys::Url::new(text).ok()?;
    let mut scheme = url.protocol();
    scheme.pop();
    let user = url.username();
    let has_credentials = !user.is_empty() || !url.password().is_empty();
    let (host, path) = (url.hostname().into(), url.pathname().into());
    Some(Parts { scheme: scheme.into(), host, path, has_credentials, user: user.into() })
}
