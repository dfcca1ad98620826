//! What is asked of the fake web and what it answers.

use std::fmt;
use std::time::Duration;

use super::Gate;

/// The two schemes that the fake web serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scheme {
    /// Plain http, asked of the proxy in absolute form.
    Http,
    /// TLS inside a CONNECT tunnel.
    Https,
}

impl fmt::Display for Scheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Http => "http",
            Self::Https => "https",
        })
    }
}

/// One request as a fake host received it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// http or https.
    pub scheme: Scheme,
    /// `GET`, `POST`… or `CONNECT` for a tunnel in which nothing was asked.
    pub method: String,
    /// Host name in lower case, without the port.
    pub host: String,
    /// Port number; 80 or 443 in most cases.
    pub port: u16,
    /// Path with its query, from the first `/`; empty for a bare `CONNECT`.
    pub path: String,
    /// Header names (lower case) and values in the order received.
    pub headers: Vec<(String, String)>,
    /// The body, empty for most requests.
    pub body: Vec<u8>,
}

impl Request {
    /// The address as a browser would show it.
    #[must_use]
    pub fn url(&self) -> String {
        let usual = match self.scheme {
            Scheme::Http => 80,
            Scheme::Https => 443,
        };
        if self.port == usual {
            format!("{}://{}{}", self.scheme, self.host, self.path)
        } else {
            format!("{}://{}:{}{}", self.scheme, self.host, self.port, self.path)
        }
    }

    /// The first header of that name, whatever its case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

/// What a fake host answers.
#[derive(Clone, Debug, Default)]
pub struct Response {
    pub(super) status: u16,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
    pub(super) delay: Option<Duration>,
    pub(super) gate: Option<Gate>,
    pub(super) hang_up: bool,
}

impl Response {
    /// An empty answer with this status.
    #[must_use]
    pub fn status(status: u16) -> Self {
        Self { status, ..Self::default() }
    }

    /// Status 200 with a body of the given media type.
    #[must_use]
    pub fn content(media_type: &str, body: impl Into<Vec<u8>>) -> Self {
        let mut response = Self::status(200).header("content-type", media_type);
        response.body = body.into();
        response
    }

    /// A web page in UTF-8.
    #[must_use]
    pub fn html(body: impl Into<String>) -> Self {
        Self::content("text/html; charset=utf-8", body.into())
    }

    /// A redirection (302) to another address.
    #[must_use]
    pub fn redirect(location: &str) -> Self {
        Self::status(302).header("location", location)
    }

    /// Closes the connection without an answer: the browser sees a network error.
    #[must_use]
    pub fn hang_up() -> Self {
        Self { hang_up: true, ..Self::default() }
    }

    /// Replaces the status.
    #[must_use]
    pub fn with_status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Answers only after this time. Prefer [`Response::gated`] in tests.
    #[must_use]
    pub fn delayed(mut self, delay: Duration) -> Self {
        self.delay = Some(delay);
        self
    }

    /// Holds the whole answer back until the gate is open.
    #[must_use]
    pub fn gated(mut self, gate: &Gate) -> Self {
        self.gate = Some(gate.clone());
        self
    }
}
