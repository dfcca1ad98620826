//! From reviewed text to a signed list.
//!
//! ```text
//! import -> a person -> reviewed -> pack -> sign -> build, repository
//!                                                   build -> staged -> published
//! ```
//!
//! The rules of the list itself (what a host is, how an entry is matched, what a signature must
//! be) are the core's: this crate only reads text, gathers every defect with its place, and
//! writes files.

pub mod date;
pub mod department;
pub mod problem;
pub mod town_hall;

pub mod expiry;
pub mod import;
pub mod reviewed;

mod agreement;
mod commune;
mod look_alikes;
mod rules;
mod table;
mod tsv;

pub mod pack;
pub mod resemblance;
pub mod suffix_list;

pub mod keys;
pub mod root;
pub mod sign;

pub mod build;
pub mod repository;
mod trial;

pub mod diff;
pub mod explain;
pub mod revoke;

pub mod client;
pub mod published;
pub mod staged;

pub mod cost;
