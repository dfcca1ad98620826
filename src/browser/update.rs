//! Looking for a newer list: when an alarm rings, or when somebody asks.

use super::background::{paint_all, wake_at};
use super::badge::Painter;
use super::clock;
use super::held::Held;
use super::mirror::Mirror;
use super::package;
use super::store::{Store, opening};
use super::webext::{answer, api, object};
use crate::renewal::{self, DAY, Record, Renewed, Trouble, delay, refresh};
use crate::trust::{File, Hashed, Refusal, Time};
use js_sys::{Reflect, Uint8Array};
use std::rc::Rc;
use wasm_bindgen::prelude::*;

/// The alarm that has a newer list looked for.
pub const ALARM: &str = "look-for-a-newer-list";
/// Stands in the session's storage while a refresh is under way: how many files of how many.
pub const PROGRESS: &str = "update-progress";
/// The packaged file that names the mirror, in one line. A package without it looks for nothing.
const MIRROR: &str = "mirror.txt";
/// Least seconds from a first start to the first look; chance adds up to as many again, ten times.
const SETTLED: u64 = 60;

/// What fetches from the mirror and stores in the browser.
pub struct Host {
    store: Store,
    mirror: Option<Mirror>,
}

impl Host {
    /// For a start, which asks nothing of the network.
    pub fn without_mirror(store: Store) -> Self {
        Self { store, mirror: None }
    }
}

impl renewal::Host for Host {
    async fn load(&self, key: &str) -> Result<Option<Vec<u8>>, Trouble> {
        self.store.load(key).await
    }

    async fn store(&self, key: &str, bytes: &[u8]) -> Result<(), Trouble> {
        self.store.store(key, bytes).await
    }

    async fn keep_only(&self, keys: &[String]) -> Result<(), Trouble> {
        self.store.keep_only(keys).await
    }

    async fn fetch(&self, path: &str, max: u64) -> Result<Option<Vec<u8>>, Trouble> {
        match &self.mirror {
            Some(mirror) => mirror.fetch(path, max).await,
            None => Err(Trouble::Unreachable),
        }
    }

    async fn hash(&self, bytes: Vec<u8>) -> Hashed {
        package::hashed(Uint8Array::from(bytes.as_slice())).await
    }

    async fn progress(&self, done: usize, of: usize) {
        // Only pages that happen to be open look at it.
        let told = async {
            let progress = js_sys::Array::of2(&small(done), &small(of));
            answer(api()?.storage().session().set(&object([(PROGRESS, progress.into())])?)).await
        };
        let _ = told.await;
    }
}

/// Where newer lists are, and how often they are looked for, in seconds.
pub struct Source {
    mirror: Mirror,
    every: u64,
}

impl Source {
    /// What an administrator's policy says, otherwise what the package says.
    pub async fn of(held: &Held) -> Option<Self> {
        let policy = policy().await.unwrap_or(JsValue::UNDEFINED);
        let member = |name: &str| Reflect::get(&policy, &name.into()).ok();
        let named = member("mirror").and_then(|address| address.as_string());
        let named = match named {
            Some(address) => address,
            None => package::text(&held.base, MIRROR).await?,
        };
        let hours = member("updateEveryHours").and_then(|hours| hours.as_f64());
        Some(Self { mirror: Mirror::at(&named)?, every: hours.map_or(DAY, whole_hours) })
    }
}

/// Sets the alarm for the next look, unless it is set. Firefox forgets alarms when it ends.
pub async fn schedule(held: &Held) -> Result<(), JsValue> {
    let Some(source) = Source::of(held).await else { return Ok(()) };
    if due().await?.is_some() {
        return Ok(());
    }
    let now = clock();
    let soon = now.0 + SETTLED + SETTLED * u64::from(chance()) / 102;
    let Record { tried, failures, .. } = *held.record.borrow();
    let is_whole = held.unusable.borrow().is_none();
    let due = tried.filter(|_| is_whole).map_or(0, |tried| tried.0 + delay(failures, source.every, chance()));
    // A clock that ran ahead must not put it off for years.
    wake_at(ALARM, Time(due.min(now.0 + 2 * source.every).max(soon))).await
}

/// When the alarm for the next look will ring, if it is set.
pub async fn due() -> Result<Option<Time>, JsValue> {
    let alarm = answer(api()?.alarms().get(ALARM)).await?;
    if alarm.is_undefined() {
        return Ok(None);
    }
    Ok(Reflect::get(&alarm, &"scheduledTime".into())?.as_f64().map(super::time))
}

/// Looks for a newer list and puts it in use. One look at a time.
pub async fn look(held: &Rc<Held>, painter: &Rc<Painter>) -> Result<(), JsValue> {
    if held.is_refreshing.replace(true) {
        return Ok(());
    }
    let looked = look_once(held, painter).await;
    held.is_refreshing.set(false);
    answer(api()?.storage().session().remove(PROGRESS)).await?;
    looked
}

async fn look_once(held: &Rc<Held>, painter: &Rc<Painter>) -> Result<(), JsValue> {
    let Some(source) = Source::of(held).await else { return Ok(()) };
    let wake_after = |failures: u32| wake_at(ALARM, Time(clock().0 + delay(failures, source.every, chance())));
    // Should the worker die on the way, this is when the next one goes on.
    let failures = held.record.borrow().failures;
    wake_after(failures.saturating_add(1)).await?;
    let found = newest(held, source.mirror.clone()).await;
    held.record.borrow_mut().note(clock(), found.as_ref().map(|found| found.is_new));
    if let Ok(Renewed { list: Some(list), is_new }) = found {
        let was_unusable = held.unusable.take().is_some();
        if is_new || was_unusable {
            held.use_list(Ok(list), true);
            paint_all(held, painter).await?;
        }
    }
    let failures = held.record.borrow().failures;
    wake_after(failures).await?;
    held.save().await
}

async fn newest(held: &Held, mirror: Mirror) -> Result<Renewed, Trouble> {
    let Some(floor) = held.floor() else { return Err(Refusal::Missing(File::Root).into()) };
    let host = Host { store: opening().store().await?, mirror: Some(mirror) };
    refresh(&host, &floor.root, floor.version, held.now()).await
}

/// What an administrator has set, where there is one: Firefox refuses the question otherwise.
async fn policy() -> Result<JsValue, JsValue> {
    answer(api()?.storage().managed().get_all()).await
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "kept within a week")]
fn whole_hours(hours: f64) -> u64 {
    hours.clamp(1.0, 168.0) as u64 * 3600
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is from 0 to 1023")]
fn chance() -> u16 {
    (js_sys::Math::random() * 1024.0) as u16
}

fn small(number: usize) -> JsValue {
    crate::hosts::small(number).into()
}
