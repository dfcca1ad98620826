//! The list that came with the extension.

use super::webext::{answer, fetch};
use crate::list::{ROOT, SignedList, TARGETS};
use crate::trust::{File, Refusal, Trusted};
use crate::verdict::Listing;
use js_sys::{Promise, Uint8Array};
use wasm_bindgen::JsCast;
use web_sys::Response;

/// Fetches the files of the list from the extension's own folder `base`, and accepts or refuses it.
pub async fn read_list(base: &str) -> Listing {
    // A fetch starts when it is called: those of one step run side by side.
    let start = |name: &str| fetch(&format!("{base}{name}"));
    let (root, targets) = (start(ROOT), start(TARGETS));
    let root = bytes(root).await.ok_or(Refusal::Missing(File::Root))?;
    let targets = bytes(targets).await.ok_or(Refusal::Missing(File::Targets))?;
    let trusted = Trusted::open(&root, &targets)?;
    let started: Vec<Promise> = trusted.targets.names().map(start).collect();
    let mut files = Vec::with_capacity(started.len());
    for fetched in started {
        files.push(bytes(fetched).await);
    }
    SignedList::open(trusted, files)
}

async fn bytes(fetched: Promise) -> Option<Vec<u8>> {
    let response: Response = answer(Ok(fetched)).await.ok()?.unchecked_into();
    if !response.ok() {
        return None;
    }
    let buffer = answer(response.array_buffer()).await.ok()?;
    Some(Uint8Array::new(&buffer).to_vec())
}
