//! What `cargo xtask bench` measures of look-ups: the packed map and a minimal automaton (`fst`),
//! each over bytes as they were fetched, each asked through one buffer that JavaScript fills.

use bon_guichet::hosts::{Hosts, Key, MAX_HOST};
use wasm_bindgen::prelude::wasm_bindgen;

/// A list that is asked.
#[wasm_bindgen]
#[derive(Debug)]
pub struct List {
    form: Form,
    needle: Box<[u8]>,
}

#[derive(Debug)]
enum Form {
    Packed(Vec<u8>),
    Automaton(fst::Set<Vec<u8>>),
}

#[wasm_bindgen]
impl List {
    /// A packed map; nothing where it does not open.
    pub fn packed(bytes: Vec<u8>) -> Option<Self> {
        Hosts::open(&bytes).ok()?;
        Some(Self::of(Form::Packed(bytes)))
    }

    /// An automaton of the hosts, each from its end; nothing where it does not open.
    pub fn automaton(bytes: Vec<u8>) -> Option<Self> {
        Some(Self::of(Form::Automaton(fst::Set::new(bytes).ok()?)))
    }

    /// Where JavaScript writes the host, in the module's memory.
    pub fn needle(&self) -> *const u8 {
        self.needle.as_ptr()
    }

    /// How many bytes the longest listed host has that is the first `len` bytes at
    /// [`needle`](Self::needle) or a parent of it; 0 where there is none.
    pub fn look_up(&self, len: usize) -> usize {
        let host = self.needle.get(..len).unwrap_or_default();
        match &self.form {
            Form::Packed(bytes) => packed(bytes, host).unwrap_or_default(),
            Form::Automaton(set) => automaton(set, host),
        }
    }
}

impl List {
    fn of(form: Form) -> Self {
        Self { form, needle: vec![0; MAX_HOST].into_boxed_slice() }
    }
}

fn packed(bytes: &[u8], host: &[u8]) -> Option<usize> {
    let key = Key::of(std::str::from_utf8(host).ok()?)?;
    let mut longest = 0;
    Hosts::open(bytes).ok()?.matches(&key, |found| longest = found.len - 1);
    Some(longest)
}

fn automaton(set: &fst::Set<Vec<u8>>, host: &[u8]) -> usize {
    let set = set.as_fst();
    let mut node = set.root();
    let mut longest = 0;
    for (at, &byte) in host.iter().enumerate().rev() {
        let Some(transition) = node.find_input(byte) else { break };
        node = set.node(node.transition_addr(transition));
        if node.is_final() && host.get(at.wrapping_sub(1)).is_none_or(|&before| before == b'.') {
            longest = host.len() - at;
        }
    }
    longest
}
