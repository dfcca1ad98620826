//! Bon Guichet: is this the right counter?
//!
//! The core of the browser extension. [`verdict::judge`] is a function of its arguments: a URL, a
//! signed list and the time. What knows a browser lives in `browser`, and only in WebAssembly.
//!
//! ```text
//! hosts, public_suffix, address, trust, list -> resemblance -> verdict, renewal -> view -> browser
//! ```
//!
//! A module uses those before it, never those after.

pub mod hosts;
pub mod public_suffix;

pub mod address;
pub use trust;

pub mod list;
pub mod resemblance;

pub mod renewal;
pub mod verdict;

pub mod view;
pub mod wire;

#[cfg(target_arch = "wasm32")]
mod browser;
