//! The three HTTP requests that chromedriver needs before BiDi takes over.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::Value;

/// Sends a WebDriver command to 127.0.0.1 and returns the `value` of the answer.
pub(crate) fn call(port: u16, method: &str, path: &str, body: Option<&Value>, time: Duration) -> Result<Value> {
    let doing = || format!("asking chromedriver: {method} {path}");
    let answer = exchange(port, method, path, body, time).with_context(doing)?;
    let mut answer: Value =
        serde_json::from_slice(&answer).with_context(|| format!("{}: the answer is not JSON", doing()))?;
    let value = answer["value"].take();
    if let Some(error) = value["error"].as_str() {
        let message = value["message"].as_str().unwrap_or_default();
        bail!("{}: {error}: {message}", doing());
    }
    Ok(value)
}

fn exchange(port: u16, method: &str, path: &str, body: Option<&Value>, time: Duration) -> Result<Vec<u8>> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    stream.set_read_timeout(Some(time))?;
    let body = body.map(Value::to_string).unwrap_or_default();
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\nconnection: close\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )?;
    let mut bytes = Vec::new();
    let mut chunk = [0; 16 * 1024];
    loop {
        if let Some(body) = complete_body(&bytes)? {
            return Ok(body.to_vec());
        }
        match stream.read(&mut chunk)? {
            0 => bail!("the connection ended before the answer did"),
            count => bytes.extend_from_slice(&chunk[..count]),
        }
    }
}

/// The body, once all of it has come.
fn complete_body(bytes: &[u8]) -> Result<Option<&[u8]>> {
    let mut headers = [httparse::EMPTY_HEADER; 32];
    let mut head = httparse::Response::new(&mut headers);
    let httparse::Status::Complete(start) = head.parse(bytes)? else {
        return Ok(None);
    };
    let length = head
        .headers
        .iter()
        .find(|header| header.name.eq_ignore_ascii_case("content-length"))
        .context("the answer has no content-length")?;
    let length: usize = std::str::from_utf8(length.value)?.trim().parse()?;
    Ok(bytes.get(start..start + length))
}
