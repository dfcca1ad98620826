//! The publisher's command line, run as a process.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod tool;

mod check;
mod edits;
mod life;
mod loss;
mod passphrases;
mod refusals;
