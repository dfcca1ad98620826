//! The one place from which anything is fetched: where newer lists are.

use super::webext::{answer, object};
use crate::renewal::Trouble;
use js_sys::{Promise, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;

/// Longest wait for an answer and all its bytes, in milliseconds.
const PATIENCE: u32 = 60_000;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = fetch)]
    fn fetch_with(url: &str, options: &JsValue) -> Promise;
    #[wasm_bindgen(js_namespace = AbortSignal, js_name = timeout)]
    fn abort_after(milliseconds: u32) -> JsValue;

    type Response;
    #[wasm_bindgen(method, getter)]
    fn status(this: &Response) -> u16;
    #[wasm_bindgen(method, getter)]
    fn body(this: &Response) -> Option<Stream>;

    type Stream;
    #[wasm_bindgen(method, js_name = getReader)]
    fn reader(this: &Stream) -> Reader;

    type Reader;
    #[wasm_bindgen(method)]
    fn read(this: &Reader) -> Promise;
    #[wasm_bindgen(method)]
    fn cancel(this: &Reader) -> Promise;
}

/// A static host of a TUF repository, by an https address that ends with a slash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mirror(String);

impl Mirror {
    /// Reads an address.
    pub fn at(address: &str) -> Option<Self> {
        let address = address.trim();
        let url = web_sys::Url::new(address).ok()?;
        let plain = url.protocol() == "https:" && url.username().is_empty() && url.search().is_empty();
        (plain && url.hash().is_empty() && url.pathname().ends_with('/')).then(|| Self(url.href()))
    }

    /// A file, by its path; nothing where the mirror says that there is none. At most `max` bytes
    /// and what came with the last of them are read.
    ///
    /// No cookie, no referrer, nothing from the browser's cache, no redirect: each file is where
    /// the metadata says, and asking for it tells nothing of who asks.
    pub async fn fetch(&self, path: &str, max: u64) -> Result<Option<Vec<u8>>, Trouble> {
        let fetched = async {
            let options = object([
                ("cache", "no-store".into()),
                ("credentials", "omit".into()),
                ("redirect", "error".into()),
                ("referrerPolicy", "no-referrer".into()),
                ("signal", abort_after(PATIENCE)),
            ])?;
            let response: Response =
                answer(Ok(fetch_with(&format!("{}{path}", self.0), &options))).await?.unchecked_into();
            Ok(match (response.status(), response.body()) {
                (200, Some(body)) => Ok(Some(bytes(&body.reader(), max).await?)),
                (200, None) => Ok(Some(Vec::new())),
                (403 | 404, _) => Ok(None),
                (status, _) => Err(Trouble::Status(status)),
            })
        };
        let fetched: Result<_, JsValue> = fetched.await;
        fetched.unwrap_or(Err(Trouble::Unreachable))
    }
}

async fn bytes(reader: &Reader, max: u64) -> Result<Vec<u8>, JsValue> {
    let mut bytes = Vec::new();
    while bytes.len() as u64 <= max {
        let part = answer(Ok(reader.read())).await?;
        let Ok(part) = Reflect::get(&part, &"value".into())?.dyn_into::<Uint8Array>() else { return Ok(bytes) };
        bytes.extend(part.to_vec());
    }
    // What is too long already is refused without the rest.
    let _ = reader.cancel();
    Ok(bytes)
}
