//! The list that came with the extension.

use super::webext::{answer, digest, fetch};
use crate::list::{FILES, ROOT, SignedList, TARGETS};
use crate::trust::{File, Hashed, Refusal, Trusted};
use crate::verdict::Listing;
use js_sys::{Promise, Uint8Array};
use wasm_bindgen::JsCast;
use web_sys::Response;

/// Fetches the files of the list from the extension's own folder `base`, and accepts or refuses it.
pub async fn read_list(base: &str) -> Listing {
    // A fetch starts when it is called: all run side by side.
    let start = |name: &str| fetch(&format!("{base}{name}"));
    let (root, targets, started) = (start(ROOT), start(TARGETS), FILES.map(start));
    let root = bytes(root).await.ok_or(Refusal::Missing(File::Root))?;
    let targets = bytes(targets).await.ok_or(Refusal::Missing(File::Targets))?;
    let trusted = Trusted::open(&root.to_vec(), &targets.to_vec())?;
    let mut files = Vec::with_capacity(started.len());
    for fetched in started {
        files.push(hashed(fetched).await);
    }
    SignedList::open(trusted, files)
}

async fn hashed(fetched: Promise) -> Option<Hashed> {
    let bytes = bytes(fetched).await?;
    let sha256 = answer(Ok(digest("SHA-256", &bytes))).await.ok()?;
    let sha256 = Uint8Array::new(&sha256).to_vec().try_into().ok()?;
    Some(Hashed::by_host(bytes.to_vec(), sha256))
}

async fn bytes(fetched: Promise) -> Option<Uint8Array> {
    let response: Response = answer(Ok(fetched)).await.ok()?.unchecked_into();
    if !response.ok() {
        return None;
    }
    Some(Uint8Array::new(&answer(response.array_buffer()).await.ok()?))
}
