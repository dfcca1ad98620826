//! The fake web: a forward proxy on loopback that is every host on earth.
//!
//! A browser that is told to use [`Server::address`] as its proxy gets all its
//! answers from one closure, over http and https, on the standard ports, and
//! nothing ever leaves the machine. Hosts that the closure refuses get status
//! 502. Every request is written down, so that a test can also assert that
//! nothing was asked.
//!
//! ```no_run
//! use lab::server::{Response, Server};
//! let web = Server::start(|request| match request.host.as_str() {
//!     "www.official.example" => Some(Response::html("<title>Official</title>")),
//!     _ => None,
//! })?;
//! # anyhow::Ok(())
//! ```

mod connection;
mod gate;
mod message;
mod tls;
mod wire;

use std::collections::HashMap;
use std::fmt;
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use rustls::ServerConfig;

pub use gate::Gate;
pub use message::{Request, Response, Scheme};

type Routes = dyn Fn(&Request) -> Option<Response> + Send + Sync;

/// The running fake web. Dropping it closes all connections and ends all threads.
pub struct Server {
    address: SocketAddr,
    shared: Arc<Shared>,
    accepting: Option<JoinHandle<()>>,
}

/// What the threads of the server have in common.
struct Shared {
    routes: Box<Routes>,
    tls: Arc<ServerConfig>,
    stopping: AtomicBool,
    records: Mutex<Records>,
    recorded: Condvar,
    open: Mutex<HashMap<u64, Open>>,
    next_connection: AtomicU64,
}

/// A connection being served.
struct Open {
    stream: TcpStream,
    thread: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Records {
    seen: Vec<Request>,
    refused: Vec<Request>,
}

impl Server {
    /// Starts on a free port of 127.0.0.1 and answers from `routes`.
    ///
    /// `routes` returns `None` for what does not exist: the browser gets
    /// status 502 and the request is written into [`Server::refused`].
    ///
    /// # Errors
    /// When no port can be opened or no certificate can be made.
    pub fn start<F>(routes: F) -> Result<Self>
    where
        F: Fn(&Request) -> Option<Response> + Send + Sync + 'static,
    {
        let listener =
            TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("opening a port on 127.0.0.1 for the fake web")?;
        let address = listener.local_addr().context("reading that port")?;
        let shared = Arc::new(Shared {
            routes: Box::new(routes),
            tls: tls::self_signed()?,
            stopping: AtomicBool::new(false),
            records: Mutex::default(),
            recorded: Condvar::new(),
            open: Mutex::default(),
            next_connection: AtomicU64::new(0),
        });
        let for_thread = Arc::clone(&shared);
        let accepting = thread::Builder::new()
            .name("lab-web".to_owned())
            .spawn(move || accept(&listener, &for_thread))
            .context("starting the thread of the fake web")?;
        Ok(Self { address, shared, accepting: Some(accepting) })
    }

    /// Where the proxy listens: give it to the browser for http and for https.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// All requests answered by the routes so far, in order.
    #[must_use]
    pub fn seen(&self) -> Vec<Request> {
        self.shared.records().seen.clone()
    }

    /// All requests that the routes refused so far, in order. Browsers ask
    /// their makers for updates of all kinds: expect those here.
    ///
    /// A `CONNECT` without a path is a tunnel in which the browser did not
    /// accept the certificate, as Firefox does for its own services.
    #[must_use]
    pub fn refused(&self) -> Vec<Request> {
        self.shared.records().refused.clone()
    }

    /// Forgets what was seen and refused, before the step to be observed.
    pub fn forget(&self) {
        *self.shared.records() = Records::default();
    }

    /// Waits until a request that was seen satisfies `wanted` and returns it.
    /// Requests count from the last [`Server::forget`].
    ///
    /// A gated request is seen before its gate opens.
    ///
    /// # Errors
    /// When none comes within `timeout`; the error lists what was seen.
    pub fn wait_for_request(&self, timeout: Duration, wanted: impl Fn(&Request) -> bool) -> Result<Request> {
        let deadline = Instant::now() + timeout;
        let mut records = self.shared.records();
        loop {
            if let Some(request) = records.seen.iter().find(|request| wanted(request)) {
                return Ok(request.clone());
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                let urls: Vec<_> = records.seen.iter().map(Request::url).collect();
                bail!("the wanted request did not come within {timeout:?}; seen: {urls:?}");
            }
            records = self.shared.recorded.wait_timeout(records, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shared.stopping.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.address); // wakes the accepting thread
        if let Some(accepting) = self.accepting.take() {
            let _ = accepting.join();
        }
        let open: Vec<_> = lock(&self.shared.open).drain().collect();
        for (_, connection) in &open {
            let _ = connection.stream.shutdown(Shutdown::Both);
        }
        for (_, connection) in open {
            if let Some(thread) = connection.thread {
                let _ = thread.join();
            }
        }
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server").field("address", &self.address).finish_non_exhaustive()
    }
}

impl Shared {
    fn records(&self) -> MutexGuard<'_, Records> {
        lock(&self.records)
    }

    fn stopping(&self) -> bool {
        self.stopping.load(Ordering::SeqCst)
    }

    fn record(&self, request: &Request, served: bool) {
        let mut records = self.records();
        if served {
            records.seen.push(request.clone());
        } else {
            records.refused.push(request.clone());
        }
        self.recorded.notify_all();
    }
}

fn accept(listener: &TcpListener, shared: &Arc<Shared>) {
    for stream in listener.incoming() {
        if shared.stopping() {
            return;
        }
        let Ok(stream) = stream else { continue };
        let Ok(copy) = stream.try_clone() else { continue };
        let _ = stream.set_nodelay(true);
        let number = shared.next_connection.fetch_add(1, Ordering::Relaxed);
        let for_thread = Arc::clone(shared);
        // The lock is held until the thread is written down, so that the
        // thread cannot take its entry away before it is there.
        let mut open = lock(&shared.open);
        let thread = thread::Builder::new().name(format!("lab-web-{number}")).spawn(move || {
            connection::serve(stream, &for_thread);
            lock(&for_thread.open).remove(&number);
        });
        if let Ok(thread) = thread {
            let connection = Open { stream: copy, thread: Some(thread) };
            open.insert(number, connection);
        }
    }
}

/// Locks, also after a panic of another thread (a failed test must not hide
/// the first error behind a second one).
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
