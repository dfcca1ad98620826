//! A WebDriver BiDi client: commands with a deadline, and the log of events.
//!
//! One thread reads. A command writes its message and waits until its answer
//! is there, the connection is gone, or its time is over; whichever happens,
//! the error names the command.

use std::collections::HashMap;
use std::net::{Shutdown, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail};
use serde_json::{Value, json};
use tungstenite::Message;
use tungstenite::protocol::{Role, WebSocket, WebSocketConfig};

/// How long a command may take when nothing else is said.
pub const COMMAND_TIME: Duration = Duration::from_secs(30);

/// An event that the browser told.
#[derive(Clone, Debug)]
pub struct Event {
    /// For instance `log.entryAdded`.
    pub method: String,
    /// As the BiDi specification describes them for the method.
    pub params: Value,
}

/// A connection to the BiDi server of a browser.
#[derive(Debug)]
pub struct Bidi {
    /// Writes through its own handle of the connection.
    writer: Mutex<Writer>,
    shared: Arc<Shared>,
    socket: TcpStream,
    reader: Option<JoinHandle<()>>,
}

#[derive(Debug)]
struct Writer {
    socket: WebSocket<TcpStream>,
    last_id: u64,
}

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    /// Commands under way; `Some` once the answer is there.
    commands: HashMap<u64, Option<Value>>,
    events: Vec<Event>,
    /// Why the connection ended.
    ended: Option<String>,
}

impl Bidi {
    /// Connects to `ws://127.0.0.1:PORT/…`.
    ///
    /// # Errors
    /// When nothing listens there or the WebSocket handshake fails.
    pub fn connect(url: &str) -> Result<Self> {
        let doing = || format!("connecting to the BiDi server at {url}");
        let authority = url
            .strip_prefix("ws://")
            .and_then(|rest| rest.split('/').next())
            .with_context(|| format!("{url} is not a ws:// address"))?;
        let socket = TcpStream::connect(authority).with_context(doing)?;
        socket.set_nodelay(true).with_context(doing)?;
        socket.set_read_timeout(Some(COMMAND_TIME)).with_context(doing)?;
        let stream = socket.try_clone().with_context(doing)?;
        let config = WebSocketConfig::default().max_message_size(None).max_frame_size(None);
        let (incoming, _) = tungstenite::client::client_with_config(url, stream, Some(config))
            .map_err(|error| anyhow!("{error}"))
            .with_context(doing)?;
        socket.set_read_timeout(None).with_context(doing)?;
        // A second WebSocket on the same connection, used for writing only:
        // the reader never writes, as no BiDi server on loopback sends pings.
        let outgoing = WebSocket::from_raw_socket(socket.try_clone().with_context(doing)?, Role::Client, Some(config));
        let shared = Arc::new(Shared::default());
        let for_thread = Arc::clone(&shared);
        let reader = thread::Builder::new()
            .name("lab-bidi".to_owned())
            .spawn(move || read_all(incoming, &for_thread))
            .context("starting the thread that reads BiDi messages")?;
        Ok(Self { writer: Mutex::new(Writer { socket: outgoing, last_id: 0 }), shared, socket, reader: Some(reader) })
    }

    /// Sends a command and returns its result, within [`COMMAND_TIME`].
    ///
    /// # Errors
    /// When the browser refuses the command, is gone, or does not answer in time.
    pub fn send(&self, method: &str, params: Value) -> Result<Value> {
        self.send_within(COMMAND_TIME, method, params)
    }

    /// Sends a command and returns its result, within `time`.
    ///
    /// # Errors
    /// As for [`Bidi::send`].
    pub fn send_within(&self, time: Duration, method: &str, params: Value) -> Result<Value> {
        let id = self.write(method, &params)?;
        let deadline = Instant::now() + time;
        let mut state = self.shared.lock();
        loop {
            if let Some(Some(answer)) = state.commands.get_mut(&id).map(Option::take) {
                state.commands.remove(&id);
                return result_of(method, &params, answer);
            }
            if let Some(why) = &state.ended {
                bail!("BiDi {method}: the browser is gone ({why})");
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                state.commands.remove(&id);
                bail!("BiDi {method}: no answer within {time:?}, params: {}", shortened(&params));
            }
            state = self.shared.wait(state, left);
        }
    }

    /// Sends a command and does not wait for its answer, which is thrown away.
    ///
    /// # Errors
    /// When the browser is gone.
    pub fn post(&self, method: &str, params: Value) -> Result<()> {
        let id = self.write(method, &params)?;
        self.shared.lock().commands.remove(&id);
        Ok(())
    }

    /// Sends a CDP command through chromedriver (Chromium only), to the
    /// browser itself or to the CDP session given.
    ///
    /// # Errors
    /// As for [`Bidi::send`].
    pub fn cdp(&self, method: &str, params: Value, session: Option<&str>) -> Result<Value> {
        let mut command = json!({"method": method, "params": params});
        if let Some(session) = session {
            command["session"] = json!(session);
        }
        let mut answer = self.send("goog:cdp.sendCommand", command).with_context(|| format!("CDP {method}"))?;
        Ok(answer["result"].take())
    }

    /// All events since [`Bidi::forget_events`], in order.
    #[must_use]
    pub fn events(&self) -> Vec<Event> {
        self.shared.lock().events.clone()
    }

    /// Forgets the events so far.
    pub fn forget_events(&self) {
        self.shared.lock().events.clear();
    }

    /// Waits for an event, also one that came before this call.
    ///
    /// # Errors
    /// When none comes within `time` or the browser is gone.
    pub fn wait_for_event(&self, time: Duration, wanted: impl Fn(&Event) -> bool) -> Result<Event> {
        let deadline = Instant::now() + time;
        let mut state = self.shared.lock();
        loop {
            if let Some(event) = state.events.iter().find(|event| wanted(event)) {
                return Ok(event.clone());
            }
            if let Some(why) = &state.ended {
                bail!("waiting for a BiDi event: the browser is gone ({why})");
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                bail!("waiting for a BiDi event: it did not come within {time:?}");
            }
            state = self.shared.wait(state, left);
        }
    }

    fn write(&self, method: &str, params: &Value) -> Result<u64> {
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        writer.last_id += 1;
        let id = writer.last_id;
        let message = json!({"id": id, "method": method, "params": params}).to_string();
        self.shared.lock().commands.insert(id, None);
        if let Err(error) = writer.socket.send(Message::text(message)) {
            self.shared.lock().commands.remove(&id);
            bail!("BiDi {method}: the browser is gone ({error})");
        }
        Ok(id)
    }
}

impl Drop for Bidi {
    fn drop(&mut self) {
        let _ = self.socket.shutdown(Shutdown::Both);
        if let Some(reader) = self.reader.take() {
            let _ = reader.join();
        }
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'a>(&self, state: MutexGuard<'a, State>, time: Duration) -> MutexGuard<'a, State> {
        self.changed.wait_timeout(state, time).unwrap_or_else(PoisonError::into_inner).0
    }
}

/// Reads messages until the connection ends.
fn read_all(mut socket: WebSocket<TcpStream>, shared: &Shared) {
    let why = loop {
        match socket.read() {
            Ok(Message::Text(text)) => take_in(text.as_str(), shared),
            Ok(Message::Close(_)) => break "it closed the connection".to_owned(),
            Ok(_) => {}
            Err(error) => break error.to_string(),
        }
    };
    shared.lock().ended = Some(why);
    shared.changed.notify_all();
}

fn take_in(text: &str, shared: &Shared) {
    let Ok(mut message) = serde_json::from_str::<Value>(text) else {
        return;
    };
    let mut state = shared.lock();
    if let Some(method) = message["method"].as_str() {
        let method = method.to_owned();
        let params = message["params"].take();
        state.events.push(Event { method, params });
    } else if let Some(slot) = message["id"].as_u64().and_then(|id| state.commands.get_mut(&id)) {
        *slot = Some(message);
    }
    drop(state);
    shared.changed.notify_all();
}

fn result_of(method: &str, params: &Value, mut answer: Value) -> Result<Value> {
    if answer["type"] == "error" {
        let kind = answer["error"].as_str().unwrap_or("error");
        let text = answer["message"].as_str().unwrap_or_default();
        bail!("BiDi {method}: {kind}: {text}, params: {}", shortened(params));
    }
    Ok(answer["result"].take())
}

/// Parameters for an error message: enough to recognise the call.
fn shortened(params: &Value) -> String {
    const MOST: usize = 400;
    let text = params.to_string();
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
