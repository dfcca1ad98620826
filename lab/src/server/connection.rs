//! One connection of a browser to the proxy.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use rustls::{ServerConnection, StreamOwned};

use super::wire::{self, RawRequest, RequestReader};
use super::{Request, Response, Scheme, Shared};

/// First byte of a TLS handshake record.
const TLS_HANDSHAKE: u8 = 0x16;

/// Serves a connection until either side ends it. Errors of the connection
/// are of no interest: browsers drop connections all the time.
pub(super) fn serve(stream: TcpStream, shared: &Shared) {
    let _ = try_serve(stream, shared);
}

fn try_serve(mut stream: TcpStream, shared: &Shared) -> io::Result<()> {
    let mut reader = RequestReader::new();
    while let Some(raw) = reader.next(&mut stream)? {
        if raw.method == "CONNECT" {
            return serve_tunnel(stream, &raw, shared);
        }
        let Some((host, port, path)) = split_absolute(&raw.target) else {
            let hint = "This is a forward proxy: give it to a browser as its proxy.\n";
            let response = Response::content("text/plain", hint).with_status(400);
            return wire::write_response(&mut stream, &response, false);
        };
        let keep = raw.keeps_alive();
        let request = request(Scheme::Http, host, port, path, raw);
        if !answer(&mut stream, &request, shared)? || !keep {
            return Ok(());
        }
    }
    Ok(())
}

/// Serves what comes through a CONNECT tunnel: TLS, or plain http (as used
/// for `ws://`).
fn serve_tunnel(mut stream: TcpStream, connect: &RawRequest, shared: &Shared) -> io::Result<()> {
    let (host, port) = split_authority(&connect.target, 443);
    stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n")?;
    let mut first = [0];
    if stream.peek(&mut first)? == 0 {
        return Ok(());
    }
    if first[0] != TLS_HANDSHAKE {
        return serve_origin(stream, Scheme::Http, &host, port, shared);
    }
    let mut tls = ServerConnection::new(shared.tls.clone()).map_err(io::Error::other)?;
    while tls.is_handshaking() {
        if let Err(error) = tls.complete_io(&mut stream) {
            shared.record(&bare_connect(host, port), false);
            return Err(error);
        }
    }
    let tls = StreamOwned::new(tls, stream);
    serve_origin(tls, Scheme::Https, &host, port, shared)
}

/// A tunnel in which nothing could be asked.
fn bare_connect(host: String, port: u16) -> Request {
    Request {
        scheme: Scheme::Https,
        method: "CONNECT".to_owned(),
        host,
        port,
        path: String::new(),
        headers: Vec::new(),
        body: Vec::new(),
    }
}

fn serve_origin(
    mut stream: impl Read + Write,
    scheme: Scheme,
    host: &str,
    port: u16,
    shared: &Shared,
) -> io::Result<()> {
    let mut reader = RequestReader::new();
    while let Some(raw) = reader.next(&mut stream)? {
        let keep = raw.keeps_alive();
        let path = raw.target.clone();
        let request = request(scheme, host.to_owned(), port, path, raw);
        if !answer(&mut stream, &request, shared)? || !keep {
            return Ok(());
        }
    }
    Ok(())
}

fn request(scheme: Scheme, host: String, port: u16, path: String, raw: RawRequest) -> Request {
    Request { scheme, method: raw.method, host, port, path, headers: raw.headers, body: raw.body }
}

/// Answers one request; `false` means that the connection is to be closed.
fn answer(stream: &mut impl Write, request: &Request, shared: &Shared) -> io::Result<bool> {
    let routed = (shared.routes)(request);
    shared.record(request, routed.is_some());
    let response = routed.unwrap_or_else(|| {
        let text = format!("The fake web has no {}\n", request.url());
        Response::content("text/plain; charset=utf-8", text).with_status(502)
    });
    if !held_back(&response, shared) || response.hang_up {
        return Ok(false);
    }
    wire::write_response(stream, &response, request.method == "HEAD")?;
    Ok(true)
}

/// Waits for the delay and the gate of an answer; `false` when the server stops.
fn held_back(response: &Response, shared: &Shared) -> bool {
    const LOOK_AGAIN: Duration = Duration::from_millis(20);
    if let Some(delay) = response.delay {
        let until = Instant::now() + delay;
        while let Some(left) = until.checked_duration_since(Instant::now()) {
            if shared.stopping() {
                return false;
            }
            std::thread::sleep(left.min(LOOK_AGAIN));
        }
    }
    match &response.gate {
        Some(gate) => gate.wait(|| shared.stopping()),
        None => true,
    }
}

/// Splits `http://host:port/path?query`.
fn split_absolute(target: &str) -> Option<(String, u16, String)> {
    let rest = target.strip_prefix("http://")?;
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let (host, port) = split_authority(authority, 80);
    let path = if path.starts_with('/') { path.to_owned() } else { format!("/{path}") };
    Some((host, port, path))
}

/// Splits `host:port`; an IPv6 address keeps its brackets.
fn split_authority(authority: &str, usual: u16) -> (String, u16) {
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, port.parse().unwrap_or(usual)),
        _ => (authority, usual),
    };
    (host.to_ascii_lowercase(), port)
}

#[cfg(test)]
mod tests {
    use super::{split_absolute, split_authority};

    #[test]
    fn absolute_targets_are_split() {
        let split = |target| split_absolute(target).map(|(h, p, path)| format!("{h}|{p}|{path}"));
        assert_eq!(split("http://A.example/x?y").as_deref(), Some("a.example|80|/x?y"));
        assert_eq!(split("http://a.example:81").as_deref(), Some("a.example|81|/"));
        assert_eq!(split("http://a.example?q").as_deref(), Some("a.example|80|/?q"));
        assert_eq!(split("/x"), None);
    }

    #[test]
    fn authorities_are_split() {
        assert_eq!(split_authority("[::1]:443", 1), ("[::1]".to_owned(), 443));
        assert_eq!(split_authority("[::1]", 1), ("[::1]".to_owned(), 1));
    }
}
