//! The fake web without a browser.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use anyhow::Result;
use lab::server::{Gate, Response, Server};

fn ask(web: &Server, request: &str) -> Result<TcpStream> {
    let mut stream = TcpStream::connect(web.address())?;
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    stream.write_all(request.as_bytes())?;
    Ok(stream)
}

fn answer(web: &Server, request: &str) -> Result<String> {
    let mut text = String::new();
    ask(web, request)?.read_to_string(&mut text)?;
    Ok(text)
}

fn get(target: &str) -> String {
    format!("GET {target} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
}

#[test]
fn answers_every_host_that_the_routes_have() -> Result<()> {
    let web = Server::start(|request| {
        let body = String::from_utf8_lossy(&request.body).into_owned();
        (request.host == "a.example").then(|| Response::html(format!("{} {body}", request.path)).header("x-lab", "1"))
    })?;
    let text = answer(&web, &get("http://a.example/p?q"))?;
    assert!(text.starts_with("HTTP/1.1 200 OK\r\n"), "{text}");
    assert!(text.contains("x-lab: 1\r\n") && text.ends_with("\r\n\r\n/p?q "), "{text}");

    let post = "POST http://a.example/ HTTP/1.1\r\ncontent-length: 5\r\nconnection: close\r\n\r\nhello";
    assert!(answer(&web, post)?.ends_with("/ hello"));
    let chunks = "POST http://a.example/ HTTP/1.1\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n";
    assert!(answer(&web, chunks)?.ends_with("/ hello"));
    let head = answer(&web, &get("http://a.example/").replace("GET", "HEAD"))?;
    assert!(head.ends_with("\r\n\r\n"), "{head}");

    let text = answer(&web, &get("http://b.example/"))?;
    assert!(text.starts_with("HTTP/1.1 502 Bad Gateway\r\n"), "{text}");
    assert!(answer(&web, &get("/"))?.starts_with("HTTP/1.1 400 "));
    assert_eq!((web.seen().len(), web.refused().len()), (4, 1));
    web.forget();
    assert!(web.seen().is_empty() && web.refused().is_empty());
    Ok(())
}

#[test]
fn several_requests_share_a_connection() -> Result<()> {
    let web = Server::start(|request| Some(Response::html(request.path.clone())))?;
    let two = get("http://a.example/1").replace("connection: close\r\n", "") + &get("http://a.example/2");
    let text = answer(&web, &two)?;
    assert_eq!(text.matches("HTTP/1.1 200").count(), 2, "{text}");
    Ok(())
}

#[test]
fn a_gate_holds_the_answer_back() -> Result<()> {
    let gate = Gate::new();
    let held = gate.clone();
    let web = Server::start(move |_| Some(Response::html("through").gated(&held)))?;
    let mut stream = ask(&web, &get("http://a.example/"))?;
    web.wait_for_request(Duration::from_secs(5), |request| request.host == "a.example")?;
    stream.set_read_timeout(Some(Duration::from_millis(100)))?;
    assert!(stream.read(&mut [0]).is_err());
    gate.open();
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    let mut text = String::new();
    stream.read_to_string(&mut text)?;
    assert!(text.ends_with("through"), "{text}");
    Ok(())
}

#[test]
fn broken_connections_and_nonsense_do_no_harm() -> Result<()> {
    let web = Server::start(|_| Some(Response::html("fine")))?;
    drop(ask(&web, "GET http://a.ex")?);
    drop(ask(&web, &get("http://a.example/"))?);
    drop(ask(&web, "CONNECT a.example:443 HTTP/1.1\r\n\r\n")?);
    assert_eq!(answer(&web, "\0\0 nonsense\r\n\r\n").unwrap_or_default(), "");
    assert!(answer(&web, &get("http://a.example/"))?.ends_with("fine"));
    Ok(())
}

#[test]
fn dropping_ends_everything_at_once() -> Result<()> {
    let web = Server::start(|request| {
        let response = Response::html("never");
        Some(match request.path.as_str() {
            "/gate" => response.gated(&Gate::new()),
            _ => response.delayed(Duration::from_mins(1)),
        })
    })?;
    let _idle = ask(&web, "")?;
    let _gated = ask(&web, &get("http://a.example/gate"))?;
    let _delayed = ask(&web, &get("http://a.example/delay"))?;
    let _tunnel = ask(&web, "CONNECT a.example:443 HTTP/1.1\r\n\r\n")?;
    web.wait_for_request(Duration::from_secs(5), |request| request.path == "/delay")?;
    let start = Instant::now();
    drop(web);
    assert!(start.elapsed() < Duration::from_secs(1), "{:?}", start.elapsed());
    Ok(())
}
