//! Reading requests and writing answers: the little of HTTP/1.1 that browsers need.

use std::io::{self, Read, Write};

use super::Response;

/// A request head and body as they stood on the wire.
pub(super) struct RawRequest {
    pub(super) method: String,
    /// Absolute form, origin form, or `host:port` for CONNECT.
    pub(super) target: String,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

impl RawRequest {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// True when the connection may carry another request after this one.
    pub(super) fn keeps_alive(&self) -> bool {
        ["connection", "proxy-connection"]
            .iter()
            .filter_map(|name| self.header(name))
            .all(|value| !value.eq_ignore_ascii_case("close"))
    }
}

/// Reads one request after another from a connection.
pub(super) struct RequestReader {
    buffer: Vec<u8>,
}

const MAX_HEAD: usize = 256 * 1024;
const MAX_BODY: usize = 64 * 1024 * 1024;
const MAX_HEADERS: usize = 128;

impl RequestReader {
    pub(super) fn new() -> Self {
        Self { buffer: Vec::new() }
    }

    /// The next request, or `None` when the other side has closed.
    pub(super) fn next(&mut self, stream: &mut impl Read) -> io::Result<Option<RawRequest>> {
        loop {
            if let Some((mut request, head)) = parse_head(&self.buffer)? {
                self.buffer.drain(..head);
                request.body = self.read_body(stream, &request)?;
                return Ok(Some(request));
            }
            if self.buffer.len() > MAX_HEAD {
                return Err(invalid("the request head is too long"));
            }
            if !self.fill(stream)? {
                return Ok(None);
            }
        }
    }

    fn fill(&mut self, stream: &mut impl Read) -> io::Result<bool> {
        let mut chunk = [0; 16 * 1024];
        let count = stream.read(&mut chunk)?;
        self.buffer.extend_from_slice(&chunk[..count]);
        Ok(count > 0)
    }

    /// Takes exactly `length` bytes.
    fn take(&mut self, stream: &mut impl Read, length: usize) -> io::Result<Vec<u8>> {
        if length > MAX_BODY {
            return Err(invalid("the request body is too long"));
        }
        while self.buffer.len() < length {
            if !self.fill(stream)? {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
        Ok(self.buffer.drain(..length).collect())
    }

    fn read_body(&mut self, stream: &mut impl Read, request: &RawRequest) -> io::Result<Vec<u8>> {
        if request.header("transfer-encoding") == Some("chunked") {
            return self.read_chunks(stream);
        }
        match request.header("content-length") {
            Some(length) => {
                let length = length.parse().map_err(|_| invalid("bad content-length"))?;
                self.take(stream, length)
            }
            None => Ok(Vec::new()),
        }
    }

    fn read_chunks(&mut self, stream: &mut impl Read) -> io::Result<Vec<u8>> {
        let mut body = Vec::new();
        loop {
            match httparse::parse_chunk_size(&self.buffer) {
                Ok(httparse::Status::Complete((head, size))) => {
                    let size = usize::try_from(size).map_err(|_| invalid("chunk too long"))?;
                    self.buffer.drain(..head);
                    body.extend(self.take(stream, size)?);
                    self.take(stream, 2)?; // the line end after each chunk
                    if size == 0 {
                        return Ok(body);
                    }
                }
                Ok(httparse::Status::Partial) => {
                    if !self.fill(stream)? {
                        return Err(io::ErrorKind::UnexpectedEof.into());
                    }
                }
                Err(_) => return Err(invalid("bad chunk size")),
            }
            if body.len() > MAX_BODY {
                return Err(invalid("the request body is too long"));
            }
        }
    }
}

fn parse_head(bytes: &[u8]) -> io::Result<Option<(RawRequest, usize)>> {
    let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
    let mut parsed = httparse::Request::new(&mut headers);
    let length = match parsed.parse(bytes) {
        Ok(httparse::Status::Complete(length)) => length,
        Ok(httparse::Status::Partial) => return Ok(None),
        Err(error) => return Err(invalid(&error.to_string())),
    };
    let request = RawRequest {
        method: parsed.method.unwrap_or_default().to_owned(),
        target: parsed.path.unwrap_or_default().to_owned(),
        headers: parsed
            .headers
            .iter()
            .map(|header| {
                let value = String::from_utf8_lossy(header.value).into_owned();
                (header.name.to_ascii_lowercase(), value)
            })
            .collect(),
        body: Vec::new(),
    };
    Ok(Some((request, length)))
}

/// Writes an answer; the body is left out for HEAD requests and for the
/// statuses that have none.
pub(super) fn write_response(stream: &mut impl Write, response: &Response, head_only: bool) -> io::Result<()> {
    let bodyless = matches!(response.status, 100..=199 | 204 | 304);
    let mut out = format!("HTTP/1.1 {} {}\r\n", response.status, reason(response.status));
    let mut headers = response.headers.clone();
    if !bodyless {
        headers.push(("content-length".to_owned(), response.body.len().to_string()));
    }
    out.extend(headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")));
    out.push_str("\r\n");
    let mut out = out.into_bytes();
    if !bodyless && !head_only {
        out.extend_from_slice(&response.body);
    }
    stream.write_all(&out)?;
    stream.flush()
}

fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        204 => "No Content",
        301 => "Moved Permanently",
        302 => "Found",
        304 => "Not Modified",
        403 => "Forbidden",
        404 => "Not Found",
        500 => "Internal Server Error",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        _ => "Status",
    }
}

pub(super) fn invalid(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what.to_owned())
}
