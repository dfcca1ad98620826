//! The parts of the `WebExtensions` interface that are used, bound by hand.
//!
//! Chromium offers it as `chrome`, Firefox as `browser`; both give promises.

use js_sys::Promise;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(thread_local_v2, js_name = browser)]
    static BROWSER: Option<Api>;
    #[wasm_bindgen(thread_local_v2, js_name = chrome)]
    static CHROME: Option<Api>;

    /// The same in a page and in a worker.
    pub fn fetch(url: &str) -> Promise;

    /// Web Cryptography, the same in a page and in a worker.
    #[wasm_bindgen(js_namespace = ["crypto", "subtle"])]
    pub fn digest(algorithm: &str, bytes: &js_sys::Uint8Array) -> Promise;

    #[derive(Clone)]
    pub type Api;
    #[wasm_bindgen(method, getter)]
    pub fn action(this: &Api) -> Action;
    #[wasm_bindgen(method, getter)]
    pub fn alarms(this: &Api) -> Alarms;
    #[wasm_bindgen(method, getter)]
    pub fn i18n(this: &Api) -> I18n;
    #[wasm_bindgen(method, getter)]
    pub fn runtime(this: &Api) -> Runtime;
    #[wasm_bindgen(method, getter)]
    pub fn storage(this: &Api) -> Storage;
    #[wasm_bindgen(method, getter)]
    pub fn tabs(this: &Api) -> Tabs;

    pub type Action;
    #[wasm_bindgen(method, catch, js_name = setBadgeBackgroundColor)]
    pub fn set_badge_background_color(this: &Action, details: &JsValue) -> Result<Promise, JsValue>;
    #[wasm_bindgen(method, catch, js_name = setBadgeText)]
    pub fn set_badge_text(this: &Action, details: &JsValue) -> Result<Promise, JsValue>;
    #[wasm_bindgen(method, catch, js_name = setBadgeTextColor)]
    pub fn set_badge_text_color(this: &Action, details: &JsValue) -> Result<Promise, JsValue>;
    #[wasm_bindgen(method, catch, js_name = setIcon)]
    pub fn set_icon(this: &Action, details: &JsValue) -> Result<Promise, JsValue>;
    #[wasm_bindgen(method, catch, js_name = setTitle)]
    pub fn set_title(this: &Action, details: &JsValue) -> Result<Promise, JsValue>;

    pub type Alarms;
    #[wasm_bindgen(method, catch)]
    pub fn create(this: &Alarms, name: &str, details: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch)]
    pub fn get(this: &Alarms, name: &str) -> Result<Promise, JsValue>;

    pub type I18n;
    #[wasm_bindgen(method, js_name = getMessage)]
    pub fn get_message(this: &I18n, key: &str, args: Vec<String>) -> String;

    pub type Runtime;
    #[wasm_bindgen(method, js_name = getURL)]
    pub fn get_url(this: &Runtime, path: &str) -> String;

    pub type Storage;
    #[wasm_bindgen(method, getter)]
    pub fn local(this: &Storage) -> StorageArea;
    #[wasm_bindgen(method, getter)]
    pub fn managed(this: &Storage) -> StorageArea;
    #[wasm_bindgen(method, getter)]
    pub fn session(this: &Storage) -> StorageArea;
    pub type StorageArea;
    #[wasm_bindgen(method, catch)]
    pub fn get(this: &StorageArea, key: &str) -> Result<Promise, JsValue>;
    #[wasm_bindgen(method, catch, js_name = get)]
    pub fn get_all(this: &StorageArea) -> Result<Promise, JsValue>;
    #[wasm_bindgen(method, catch)]
    pub fn remove(this: &StorageArea, key: &str) -> Result<Promise, JsValue>;
    #[wasm_bindgen(method, catch)]
    pub fn set(this: &StorageArea, items: &JsValue) -> Result<Promise, JsValue>;

    pub type Tabs;
    #[wasm_bindgen(method, catch, js_name = get)]
    pub fn get(this: &Tabs, id: i32) -> Result<Promise, JsValue>;
    #[wasm_bindgen(method, catch)]
    pub fn query(this: &Tabs, details: &JsValue) -> Result<Promise, JsValue>;
}

/// The interface of this browser.
pub fn api() -> Result<Api, JsValue> {
    let found = BROWSER.with(Clone::clone).or_else(|| CHROME.with(Clone::clone));
    found.ok_or_else(|| JsValue::from_str("this is no extension page"))
}

/// A plain JavaScript object.
pub fn object<const N: usize>(members: [(&str, JsValue); N]) -> Result<JsValue, JsValue> {
    let object = js_sys::Object::new();
    for (key, value) in members {
        js_sys::Reflect::set(&object, &key.into(), &value)?;
    }
    Ok(object.into())
}

/// What a call's promise comes to.
pub async fn answer(call: Result<Promise, JsValue>) -> Result<JsValue, JsValue> {
    JsFuture::from(call?).await
}

#[wasm_bindgen]
extern "C" {
    /// A tab, as far as we ask.
    pub type Tab;
    /// Absent for a tab of the developer tools.
    #[wasm_bindgen(method, getter)]
    pub fn id(this: &Tab) -> Option<i32>;
    #[wasm_bindgen(method, getter, js_name = url)]
    fn url_if_any(this: &Tab) -> Option<String>;
    #[wasm_bindgen(method, getter, js_name = pendingUrl)]
    fn pending_url_if_any(this: &Tab) -> Option<String>;
}

impl Tab {
    /// The tab of that number; none when it is closed.
    pub async fn get(id: i32) -> Option<Self> {
        answer(api().ok()?.tabs().get(id)).await.ok().map(JsCast::unchecked_into)
    }

    /// The tabs that fit `details`.
    pub async fn query<const N: usize>(details: [(&str, JsValue); N]) -> Result<Vec<Self>, JsValue> {
        let tabs: js_sys::Array = answer(api()?.tabs().query(&object(details)?)).await?.unchecked_into();
        Ok(tabs.iter().map(JsCast::unchecked_into).collect())
    }

    /// Where the tab is about to go, in browsers that tell (Chromium does).
    pub fn pending_url(&self) -> Option<String> {
        self.pending_url_if_any()
    }

    /// What the address bar shows; empty while there is nothing to show.
    pub fn url(&self) -> String {
        self.url_if_any().unwrap_or_default()
    }
}
