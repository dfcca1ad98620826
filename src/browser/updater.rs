//! The updater as JavaScript holds it, for what must drive the shipped module itself: the attack
//! folders and the public conformance suite. The extension drives `trust::update` from Rust.

use crate::trust::update::{self, Ask, Limits};
use js_sys::{Object, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;

/// A refresh, and the look-ups that follow it. Each call gives what is wanted next, or throws why
/// a file was refused.
#[wasm_bindgen]
pub struct Updater(update::Updater);

#[wasm_bindgen]
impl Updater {
    /// Under that root, at `now` (milliseconds since 1970). Optional are the targets version that
    /// the product came with, and how many `roots` and `roles` are taken ([`Limits`]).
    #[wasm_bindgen(constructor)]
    pub fn new(
        root: &[u8],
        now: f64,
        floor: Option<u32>,
        roots: Option<u32>,
        roles: Option<u32>,
    ) -> Result<Updater, JsError> {
        let or = |given: Option<u32>, usual: usize| given.map_or(usual, |given| given as usize);
        let usual = Limits::default();
        let limits = Limits { roots: or(roots, usual.roots), roles: or(roles, usual.roles), ..usual };
        let updater = update::Updater::new(root, super::time(now), limits)?;
        Ok(Self(updater.at_least(floor.unwrap_or_default().into())))
    }

    /// Begins a refresh.
    pub fn start(&mut self) -> Object {
        object(self.0.start())
    }

    /// Takes the answer to the last question: bytes, or nothing.
    pub fn answer(&mut self, bytes: Option<Vec<u8>>) -> Result<Object, JsError> {
        Ok(object(self.0.answer(bytes)?))
    }

    /// Looks for a target, after a refresh.
    pub fn find(&mut self, path: &str) -> Result<Object, JsError> {
        Ok(object(self.0.find(path)?))
    }
}

/// `{ask, name, max, bytes}`, of which each question has its own.
fn object(ask: Ask) -> Object {
    let (kind, name, max, bytes) = match ask {
        Ask::Load { name } => ("load", Some(name), None, None),
        Ask::FetchMetadata { name, max } => ("fetch", Some(name), Some(max), None),
        Ask::Store { name, bytes } => ("store", Some(name), None, Some(bytes)),
        Ask::Done => ("done", None, None, None),
        Ask::LoadTarget { path } => ("load target", Some(path), None, None),
        Ask::FetchTarget { path, max } => ("fetch target", Some(path), Some(max), None),
        Ask::Take { path, bytes } => ("take", Some(path), None, Some(bytes)),
    };
    let object = Object::new();
    let set = |member: &str, value: Option<JsValue>| {
        // Setting a member of a plain object does not fail.
        value.map(|value| Reflect::set(&object, &member.into(), &value))
    };
    set("ask", Some(kind.into()));
    set("name", name.map(Into::into));
    #[expect(clippy::cast_precision_loss, reason = "no limit comes near 2^53")]
    set("max", max.map(|max| (max as f64).into()));
    set("bytes", bytes.map(|bytes| Uint8Array::from(bytes.as_slice()).into()));
    object
}
