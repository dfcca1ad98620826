//! The chain of roots (TUF §5.3), from the packaged one to the newest.

use super::{Ask, Step, Updater, accept, store};
use crate::metadata::Root;
use crate::{File, Refusal, name};

/// A root that was accepted and is not stored yet.
#[derive(Debug, Clone)]
pub(super) struct Next {
    root: Root,
    bytes: Vec<u8>,
}

impl Updater {
    pub(super) fn load_root(&mut self) -> Ask {
        self.step = Step::LoadRoot;
        Ask::Load { name: self.next_root() }
    }

    pub(super) fn fetch_root(&mut self) -> Ask {
        self.step = Step::FetchRoot;
        Ask::FetchMetadata { name: self.next_root(), max: self.limits.root as u64 }
    }

    /// §5.3.4, §5.3.5, §5.3.11. What is forgotten is forgotten before the root is stored: whatever
    /// happens between, the next refresh does it again.
    pub(super) fn accept_root(&mut self, bytes: Vec<u8>) -> Result<Ask, Refusal> {
        accept::within(&bytes, self.limits.root, &File::Root)?;
        if self.new_roots >= self.limits.roots {
            return Err(Refusal::TooManyRoots { limit: self.limits.roots });
        }
        let root = self.root.rotate(&bytes)?;
        // A thief of a key that is trusted no longer may have put every version as high as can be,
        // its own and those that it names: both files go, whichever role lost the key.
        let keeps_keys = self.root.timestamp.is_within(&root.timestamp) && self.root.snapshot.is_within(&root.snapshot);
        let next = Next { root, bytes };
        if keeps_keys {
            return Ok(self.store_root(next));
        }
        self.step = Step::ForgetTimestamp(Box::new(next));
        Ok(store(&File::Timestamp, Vec::new()))
    }

    pub(super) fn forget_snapshot(&mut self, next: Box<Next>) -> Ask {
        self.step = Step::ForgetSnapshot(next);
        store(&File::Snapshot, Vec::new())
    }

    pub(super) fn store_root(&mut self, next: Next) -> Ask {
        let name = self.next_root();
        self.step = Step::StoreRoot(Box::new(next.root));
        Ask::Store { name, bytes: next.bytes }
    }

    fn next_root(&self) -> String {
        name::versioned(&File::Root, Some(self.root.version.saturating_add(1)))
    }
}
