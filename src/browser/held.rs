//! What a worker or a page holds: one list, accepted or refused, and what is remembered of looking
//! for newer ones.

use super::package::{Floor, Package};
use super::store::{Opening, opening};
use super::update::Host;
use super::webext::{answer, api, object};
use crate::list::SignedList;
use crate::renewal::{Record, Trouble, stored};
use crate::trust::Time;
use crate::verdict::Listing;
use js_sys::Reflect;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::prelude::*;

/// Stands in the storage of this browser: the [`Record`].
const RECORD: &str = "update";

/// How far the clock may run, in seconds, before the greatest time seen is written down.
const NOTED: u64 = 3600;

/// One list and its record.
pub struct Held {
    /// Where the extension's own files of the list are; empty where there are none.
    pub base: String,
    floor: Option<Floor>,
    listing: RefCell<Rc<Listing>>,
    /// What is remembered.
    pub record: RefCell<Record>,
    /// Whether the list is one that an update left in store.
    pub is_renewed: Cell<bool>,
    /// Why a stored list could not be used.
    pub unusable: RefCell<Option<Trouble>>,
    /// A refresh is under way in this worker.
    pub is_refreshing: Cell<bool>,
}

impl Held {
    /// A list that is just there.
    pub fn with(listing: Listing) -> Self {
        Self {
            base: String::new(),
            floor: None,
            listing: RefCell::new(Rc::new(listing)),
            record: RefCell::default(),
            is_renewed: Cell::default(),
            unusable: RefCell::default(),
            is_refreshing: Cell::default(),
        }
    }

    /// The newest list that this browser has: the one that the last update stored, or the one that
    /// came with the extension at `base`. Both are verified by the same code.
    pub async fn load(base: String) -> Self {
        let (record, store, package) = (remembered(), opening(), Package::begin(&base));
        let package = package.open().await;
        let record = RefCell::new(record.await);
        let package = match package {
            Ok(package) => package,
            Err(refusal) => return Self { base, record, ..Self::with(Err(refusal)) },
        };
        let floor = package.floor();
        let (listing, is_renewed, unusable) = match newer(store, &floor).await {
            Ok(Some(list)) => (Ok(list), true, None),
            Ok(None) => (package.list().await, false, None),
            Err(trouble) => (package.list().await, false, Some(trouble)),
        };
        Self {
            base,
            floor: Some(floor),
            record,
            is_renewed: Cell::new(is_renewed),
            unusable: RefCell::new(unusable),
            ..Self::with(listing)
        }
    }

    /// What no list may fall behind; none where the package itself was refused.
    pub fn floor(&self) -> Option<&Floor> {
        self.floor.as_ref()
    }

    /// The list in use.
    pub fn listing(&self) -> Rc<Listing> {
        self.listing.borrow().clone()
    }

    /// Puts a list in use.
    pub fn use_list(&self, listing: Listing, is_renewed: bool) {
        *self.listing.borrow_mut() = Rc::new(listing);
        self.is_renewed.set(is_renewed);
    }

    /// The time, which never goes back: the greatest of the clock's and what was seen of it.
    pub fn now(&self) -> Time {
        super::clock().max(self.record.borrow().seen)
    }

    /// Writes down how late it is, if that was long ago.
    pub async fn note_time(&self) -> Result<(), JsValue> {
        let now = self.now();
        if now.0 < u64::MAX && now.0 - self.record.borrow().seen.0 >= NOTED {
            self.record.borrow_mut().seen = now;
            self.save().await?;
        }
        Ok(())
    }

    /// Believes the clock again, after it went back.
    pub async fn trust_clock(&self) -> Result<(), JsValue> {
        self.record.borrow_mut().seen = super::clock();
        self.save().await
    }

    /// Stores the record.
    pub async fn save(&self) -> Result<(), JsValue> {
        let json = self.record.borrow().to_json();
        answer(api()?.storage().local().set(&object([(RECORD, json.into())])?)).await?;
        Ok(())
    }
}

/// What was remembered. It begins when this is called, not when it is awaited.
fn remembered() -> impl Future<Output = Record> {
    let asked = api().and_then(|api| api.storage().local().get(RECORD));
    async move {
        let found = match asked {
            Ok(asked) => answer(Ok(asked)).await,
            Err(error) => Err(error),
        };
        let text = found.and_then(|found| Reflect::get(&found, &RECORD.into()));
        text.ok().and_then(|text| text.as_string()).map(|text| Record::from_json(&text)).unwrap_or_default()
    }
}

async fn newer(store: Opening, floor: &Floor) -> Result<Option<SignedList>, Trouble> {
    stored(&Host::without_mirror(store.store().await?), &floor.root, floor.version).await
}
