//! A gate holds an answer back until the test opens it.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

/// Holds every [`Response`](super::Response) that was made with
/// [`gated`](super::Response::gated) until [`Gate::open`] is called.
///
/// A gate makes tests of fast navigation exact: the test leaves a page while
/// it is still being loaded, without any sleep. Clones are the same gate.
#[derive(Clone, Debug, Default)]
pub struct Gate {
    inner: Arc<(Mutex<bool>, Condvar)>,
}

impl Gate {
    /// Makes a closed gate.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Lets all answers pass, those that wait and those to come.
    pub fn open(&self) {
        let (open, changed) = &*self.inner;
        *open.lock().unwrap_or_else(PoisonError::into_inner) = true;
        changed.notify_all();
    }

    /// Waits until the gate is open (`true`) or `given_up` says so (`false`).
    pub(super) fn wait(&self, given_up: impl Fn() -> bool) -> bool {
        const LOOK_AGAIN: Duration = Duration::from_millis(20);
        let (open, changed) = &*self.inner;
        let mut state = open.lock().unwrap_or_else(PoisonError::into_inner);
        while !*state {
            if given_up() {
                return false;
            }
            state = changed.wait_timeout(state, LOOK_AGAIN).unwrap_or_else(PoisonError::into_inner).0;
        }
        true
    }
}
