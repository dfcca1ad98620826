//! The list that came with the extension.

use super::webext::{answer, digest, fetch};
use crate::list::{NATIONAL, PUBLIC_SUFFIXES, RESEMBLANCE, REVOCATIONS, ROOT, SignedList, TARGETS};
use crate::trust::{File, Hashed, Refusal, Trusted};
use crate::verdict::Listing;
use js_sys::{Promise, Uint8Array};
use wasm_bindgen::JsCast;
use web_sys::Response;

/// The files that are fetched before it is known that the list names them.
const USUAL: [&str; 4] = [NATIONAL, PUBLIC_SUFFIXES, RESEMBLANCE, REVOCATIONS];

/// Files that are being fetched side by side: a fetch starts when it is called.
pub struct Fetching<'b> {
    base: &'b str,
    root: Promise,
    targets: Promise,
    usual: [Promise; USUAL.len()],
}

/// What no list may fall behind.
pub struct Floor {
    /// The packaged root of trust.
    pub root: Vec<u8>,
    /// The version of the packaged targets metadata.
    pub version: u64,
}

/// The packaged list, whose metadata was accepted.
pub struct Package {
    root: Vec<u8>,
    trusted: Trusted,
    files: Vec<Promise>,
}

impl Package {
    /// Begins to fetch the list from the extension's own folder `base`.
    pub fn begin(base: &str) -> Fetching<'_> {
        let start = |name: &str| fetch(&format!("{base}{name}"));
        Fetching { base, root: start(ROOT), targets: start(TARGETS), usual: USUAL.map(start) }
    }

    /// What no list may fall behind.
    pub fn floor(&self) -> Floor {
        Floor { root: self.root.clone(), version: self.trusted.targets.version }
    }

    /// The list itself.
    pub async fn list(self) -> Listing {
        let mut files = Vec::with_capacity(self.files.len());
        for fetched in self.files {
            files.push(match bytes(fetched).await {
                Some(bytes) => Some(hashed(bytes).await),
                None => None,
            });
        }
        SignedList::open(self.trusted, files)
    }
}

impl Fetching<'_> {
    /// Accepts or refuses the metadata.
    pub async fn open(self) -> Result<Package, Refusal> {
        let root = bytes(self.root).await.ok_or(Refusal::Missing(File::Root))?.to_vec();
        let targets = bytes(self.targets).await.ok_or(Refusal::Missing(File::Targets))?.to_vec();
        let trusted = Trusted::open(&root, &targets)?;
        let files = trusted.targets.names().map(|name| {
            let usual = USUAL.iter().zip(&self.usual).find(|(known, _)| **known == name);
            usual.map_or_else(|| fetch(&format!("{}{name}", self.base)), |(_, fetched)| fetched.clone())
        });
        let files = files.collect();
        Ok(Package { root, trusted, files })
    }
}

/// The text of a file of the package, if it is there.
pub async fn text(base: &str, name: &str) -> Option<String> {
    let bytes = bytes(fetch(&format!("{base}{name}"))).await?;
    String::from_utf8(bytes.to_vec()).ok()
}

/// The bytes with their SHA-256 by Web Cryptography.
pub async fn hashed(bytes: Uint8Array) -> Hashed {
    let sha256 = answer(Ok(digest("SHA-256", &bytes))).await.ok();
    let sha256 = sha256.and_then(|hash| Uint8Array::new(&hash).to_vec().try_into().ok());
    match sha256 {
        Some(sha256) => Hashed::by_host(bytes.to_vec(), sha256),
        None => Hashed::new(bytes.to_vec()),
    }
}

async fn bytes(fetched: Promise) -> Option<Uint8Array> {
    let response: Response = answer(Ok(fetched)).await.ok()?.unchecked_into();
    if !response.ok() {
        return None;
    }
    Some(Uint8Array::new(&answer(response.array_buffer()).await.ok()?))
}
