//! The core and the publisher held against text tables, outside test data and attacks.
//!
//! One binary, so that the Public Suffix List is packed once and only one program is linked. The
//! cases stand in `tests/cases/` and `tests/lists/` of the workspace, where the browser tests read
//! them too, and in `publish/tests/defects/`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

#[path = "../../crate_folder.rs"]
mod crate_folder;
#[path = "../../../tests/cases/table.rs"]
mod table;

mod lists;

mod addresses;
mod public_suffixes;
mod whatwg;

mod verdicts;

mod change_requests;

mod packaged;
mod resemblance;

mod renewal;
mod shards;

mod trust;

mod defects;

mod departments;

mod communes;

mod expiry;

mod imports;

mod diffs;
