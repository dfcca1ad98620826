//! A laboratory for browser extensions.
//!
//! [`browser`] drives real, headless Chromium and Firefox over WebDriver BiDi
//! with an unpacked extension loaded; [`server`] is the web that they see: one
//! loopback proxy that serves every host name over http and https from a
//! closure. Nothing leaves the machine, and no test needs a sleep.
//!
//! ```no_run
//! use lab::browser::{Browser, Kind, Options};
//! use lab::server::{Response, Server};
//!
//! let web = Server::start(|_| Some(Response::html("<title>Hello</title>")))?;
//! let browser = Browser::launch(Options::new(Kind::Firefox, web.address(), "extension"))?;
//! let tab = browser.new_tab()?;
//! browser.navigate(&tab, "https://www.official.example/")?;
//! assert_eq!(browser.evaluate(&tab, "return document.title")?, "Hello");
//! # anyhow::Ok(())
//! ```

#![forbid(unsafe_code)]
#![warn(missing_docs)]
#![allow(
    clippy::indexing_slicing,
    reason = "it means `value[\"key\"]` on JSON too, which gives null and does not panic"
)]
#![allow(clippy::needless_pass_by_value, reason = "parameters of BiDi commands are made by `json!` in the call")]

pub mod bidi;
pub mod browser;
mod process;
pub mod server;
mod webdriver;
mod zip;
