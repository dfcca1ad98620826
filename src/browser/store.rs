//! Bytes that last, under text keys, in the browser's own database (`IndexedDB`).

use super::webext::{answer, object};
use crate::renewal::Trouble;
use js_sys::{Function, Promise, Uint8Array};
use wasm_bindgen::prelude::*;

const DATABASE: &str = "bon-guichet";
const FILES: &str = "files";

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(thread_local_v2, js_name = indexedDB)]
    static INDEXED_DB: Option<Factory>;

    #[derive(Clone)]
    type Factory;
    #[wasm_bindgen(method, catch)]
    fn open(this: &Factory, name: &str, version: u32) -> Result<Request, JsValue>;

    #[derive(Clone)]
    type Request;
    #[wasm_bindgen(method, getter, catch)]
    fn result(this: &Request) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, setter)]
    fn set_onsuccess(this: &Request, then: &Function);
    #[wasm_bindgen(method, setter)]
    fn set_onerror(this: &Request, then: &Function);
    #[wasm_bindgen(method, setter)]
    fn set_onupgradeneeded(this: &Request, then: &Function);

    #[derive(Debug)]
    type Database;
    #[wasm_bindgen(method, js_name = createObjectStore, catch)]
    fn create_object_store(this: &Database, name: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn transaction(this: &Database, store: &str, mode: &str, options: &JsValue) -> Result<Transaction, JsValue>;

    type Transaction;
    #[wasm_bindgen(method, js_name = objectStore, catch)]
    fn object_store(this: &Transaction, name: &str) -> Result<ObjectStore, JsValue>;
    #[wasm_bindgen(method, setter)]
    fn set_oncomplete(this: &Transaction, then: &Function);
    #[wasm_bindgen(method, setter)]
    fn set_onabort(this: &Transaction, then: &Function);

    type ObjectStore;
    #[wasm_bindgen(method, catch)]
    fn get(this: &ObjectStore, key: &str) -> Result<Request, JsValue>;
    #[wasm_bindgen(method, js_name = getAllKeys, catch)]
    fn get_all_keys(this: &ObjectStore) -> Result<Request, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn put(this: &ObjectStore, value: &Uint8Array, key: &str) -> Result<Request, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn delete(this: &ObjectStore, key: &str) -> Result<Request, JsValue>;
}

/// A database that is being opened: both browsers take some milliseconds, best spent elsewhere.
pub struct Opening(Result<(Request, Promise), JsValue>);

/// Begins to open the store.
pub fn opening() -> Opening {
    Opening(INDEXED_DB.with(Clone::clone).ok_or(JsValue::NULL).and_then(|factory| {
        let request = factory.open(DATABASE, 1)?;
        let first = request.clone();
        let make = Closure::once_into_js(move || {
            // Where it cannot be made, what is asked of it later says so.
            let database = first.result().map(JsCast::unchecked_into::<Database>);
            let _ = database.and_then(|database| database.create_object_store(FILES));
        });
        request.set_onupgradeneeded(make.unchecked_ref());
        let opened = settled(&request);
        Ok((request, opened))
    }))
}

/// The store.
#[derive(Debug)]
pub struct Store(Database);

impl Opening {
    /// The store, once it is open. A browser that keeps nothing, as in a private window, has none.
    pub async fn store(self) -> Result<Store, Trouble> {
        let database = async {
            let (request, opened) = self.0?;
            answer(Ok(opened)).await?;
            request.result()
        };
        Ok(Store(database.await.map_err(storage)?.unchecked_into()))
    }
}

impl Store {
    /// The bytes under a key.
    pub async fn load(&self, key: &str) -> Result<Option<Vec<u8>>, Trouble> {
        let found = async { result(&self.files("readonly")?.1.get(key)?).await };
        Ok(found.await.map_err(storage)?.dyn_into::<Uint8Array>().ok().map(|bytes| bytes.to_vec()))
    }

    /// Stores bytes under a key, durably.
    pub async fn store(&self, key: &str, bytes: &[u8]) -> Result<(), Trouble> {
        let stored = async {
            let (transaction, files) = self.files("readwrite")?;
            files.put(&Uint8Array::from(bytes), key)?;
            done(&transaction).await
        };
        stored.await.map_err(storage)
    }

    /// Forgets every key but these, all at once or none.
    pub async fn keep_only(&self, keys: &[String]) -> Result<(), Trouble> {
        let swept = async {
            let (transaction, files) = self.files("readwrite")?;
            let all: js_sys::Array = result(&files.get_all_keys()?).await?.unchecked_into();
            for key in all.iter().filter_map(|key| key.as_string()).filter(|key| !keys.contains(key)) {
                files.delete(&key)?;
            }
            done(&transaction).await
        };
        swept.await.map_err(storage)
    }

    fn files(&self, mode: &str) -> Result<(Transaction, ObjectStore), JsValue> {
        let durable = object([("durability", "strict".into())])?;
        let transaction = self.0.transaction(FILES, mode, &durable)?;
        let files = transaction.object_store(FILES)?;
        Ok((transaction, files))
    }
}

/// What a request comes to.
async fn result(request: &Request) -> Result<JsValue, JsValue> {
    answer(Ok(settled(request))).await?;
    request.result()
}

/// Comes when the request does. It must be made at once: what nobody listens for is missed.
fn settled(request: &Request) -> Promise {
    Promise::new(&mut |resolve, reject| {
        request.set_onsuccess(&resolve);
        request.set_onerror(&reject);
    })
}

async fn done(transaction: &Transaction) -> Result<(), JsValue> {
    let settled = Promise::new(&mut |resolve, reject| {
        transaction.set_oncomplete(&resolve);
        transaction.set_onabort(&reject);
    });
    answer(Ok(settled)).await.map(|_| ())
}

fn storage(_: JsValue) -> Trouble {
    Trouble::Storage
}
