//! GET over plain HTTP from this very machine: all that the suite needs, and all that is allowed.

use anyhow::{Context, Result, bail, ensure};
use std::io::{Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::time::Duration;

/// Longest head of an answer, in bytes.
const MAX_HEAD: u64 = 16 << 10;
const PATIENCE: Duration = Duration::from_secs(30);

/// The file below `base`, or nothing if the server says that there is none; at most one byte more
/// than `max`, which is enough for the core to see that it is too long.
pub fn get(base: &str, name: &str, max: u64) -> Result<Option<Vec<u8>>> {
    let url = format!("{}/{name}", base.trim_end_matches('/'));
    let rest = url.strip_prefix("http://").with_context(|| format!("{url} is not http"))?;
    let (authority, path) = rest.split_once('/').with_context(|| format!("{url} has no path"))?;
    let mut answer = request(authority, path, max).with_context(|| format!("cannot fetch {url}"))?;
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n").context("no end of the head")? + 4;
    let mut body = answer.split_off(end);
    body.truncate(usize::try_from(max.saturating_add(1))?);
    let head = String::from_utf8_lossy(&answer);
    let length = header(&head, "content-length").and_then(|length| length.parse::<u64>().ok());
    match head.split(' ').nth(1) {
        // A connection that broke is not a file that is short.
        Some("200") => {
            ensure!(
                length.is_none_or(|length| body.len() as u64 >= length.min(max.saturating_add(1))),
                "{url} broke off"
            );
            Ok(Some(body))
        }
        Some("403" | "404") => Ok(None),
        status => bail!("{url} answers {}", status.unwrap_or("nothing")),
    }
}

fn request(authority: &str, path: &str, max: u64) -> Result<Vec<u8>> {
    let address = authority.to_socket_addrs()?.find(|address| address.ip().is_loopback());
    let address = address.with_context(|| format!("{authority} is not this machine"))?;
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    write!(stream, "GET /{path} HTTP/1.0\r\nHost: {authority}\r\nConnection: close\r\n\r\n")?;
    let mut answer = Vec::new();
    stream.take(MAX_HEAD.saturating_add(max).saturating_add(1)).read_to_end(&mut answer)?;
    Ok(answer)
}

fn header<'h>(head: &'h str, name: &str) -> Option<&'h str> {
    let of = |line: &'h str| {
        let (key, value) = line.split_once(':')?;
        key.eq_ignore_ascii_case(name).then(|| value.trim())
    };
    head.lines().find_map(of)
}
