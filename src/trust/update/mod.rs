//! The client workflow (TUF §5) without input or output: the updater asks, its host answers.
//!
//! ```
//! # use trust::{Refusal, Time, update::{Ask, Limits, Updater}};
//! # struct Host;
//! # impl Host {
//! #     fn stored(&self, _: &str) -> Option<Vec<u8>> { None }
//! #     fn fetched(&self, _: &str, _: u64) -> Option<Vec<u8>> { None }
//! #     fn store(&self, _: &str, _: &[u8]) {}
//! # }
//! fn refresh(updater: &mut Updater, host: &Host) -> Result<(), Refusal> {
//!     let mut ask = updater.start();
//!     loop {
//!         let answer = match &ask {
//!             Ask::Load { name } => host.stored(name),
//!             Ask::FetchMetadata { name, max } => host.fetched(name, *max),
//!             Ask::Store { name, bytes } => { host.store(name, bytes); None }
//!             Ask::Done => return Ok(()),
//!             // Only after `find`.
//!             Ask::LoadTarget { .. } | Ask::FetchTarget { .. } | Ask::Take { .. } => None,
//!         };
//!         ask = updater.answer(answer)?;
//!     }
//! }
//! ```
//!
//! What a host must do: one refresh at a time; answer [`Ask::Store`] only when the bytes are
//! durable (the worker may die between any two answers: the next refresh then goes on from what
//! was stored); answer `None` only where the repository says that there is no such file (404 or
//! 403), and drop the updater when the network failed; never give `now` below the greatest time
//! it has seen, of which the moment when the packaged list was made is the first: a clock that stands
//! at 1970 is believed here, and nothing expires by it.

mod accept;
mod chain;
mod search;

use super::metadata::{Root, Snapshot, Targets, Timestamp};
use super::{File, MAX_METADATA, Refusal, Time, Trusted, name};
use search::{Search, Wanted};

/// What the updater wants of its host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ask {
    /// The metadata stored under this name, or nothing.
    Load {
        /// Safe as the name of a file.
        name: String,
    },
    /// A metadata file of the repository, or nothing if it is not there.
    FetchMetadata {
        /// Relative to where the repository has its metadata, percent-encoded.
        name: String,
        /// More bytes than this need not be read.
        max: u64,
    },
    /// Metadata was accepted: store these bytes, then answer nothing.
    Store {
        /// As [`Ask::Load`] will ask for it.
        name: String,
        /// As they were received. None at all: what is stored there is to be forgotten.
        bytes: Vec<u8>,
    },
    /// The refresh is done: the list is the newest there is.
    Done,
    /// The target as it was stored, or nothing.
    LoadTarget {
        /// Its path, which leads nowhere but down.
        path: String,
    },
    /// A target of the repository, or nothing if it is not there.
    FetchTarget {
        /// Relative to where the repository has its targets, percent-encoded.
        path: String,
        /// Its signed length.
        max: u64,
    },
    /// The bytes are the target's: length and hashes are those that were signed.
    Take {
        /// The target's path.
        path: String,
        /// Loaded or fetched.
        bytes: Vec<u8>,
    },
}

/// What a hostile repository can cost at most.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// New roots in one refresh.
    pub roots: usize,
    /// Delegated roles visited for one target.
    pub roles: usize,
    /// Bytes of a root.
    pub root: usize,
    /// Bytes of a timestamp.
    pub timestamp: usize,
    /// Bytes of a snapshot.
    pub snapshot: usize,
    /// Bytes of targets metadata, delegated or not.
    pub targets: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            roots: 256,
            roles: 32,
            root: 256 << 10,
            timestamp: 16 << 10,
            snapshot: MAX_METADATA,
            targets: MAX_METADATA,
        }
    }
}

/// A refresh, and the look-ups that follow it.
#[derive(Debug, Clone)]
pub struct Updater {
    root: Root,
    now: Time,
    limits: Limits,
    floor: u64,
    new_roots: usize,
    refreshed: Option<Refreshed>,
    step: Step,
}

/// What a refresh came to.
#[derive(Debug, Clone)]
struct Refreshed {
    snapshot: Snapshot,
    targets: Targets,
}

/// What the next answer is to be.
#[derive(Debug, Clone)]
enum Step {
    Begin,
    LoadRoot,
    FetchRoot,
    ForgetTimestamp(Box<chain::Next>),
    ForgetSnapshot(Box<chain::Next>),
    StoreRoot(Box<Root>),
    LoadTimestamp,
    FetchTimestamp(Option<Timestamp>),
    StoreTimestamp(Timestamp),
    LoadSnapshot(Timestamp),
    FetchSnapshot(Timestamp, Option<Snapshot>),
    StoreSnapshot(Snapshot),
    LoadTargets(Snapshot),
    FetchTargets(Snapshot),
    StoreTargets(Refreshed),
    Ready,
    LoadRole(Search),
    FetchRole(Search),
    StoreRole(Search, Targets),
    LoadTarget(Wanted),
    FetchTarget(Wanted),
    Taken,
    Refused(Refusal),
}

impl Updater {
    /// Takes `root` as the root of trust, as shipped with the product (§5.3.1). `now` is fixed
    /// for all that follows (§5.1).
    pub fn new(root: &[u8], now: Time, limits: Limits) -> Result<Self, Refusal> {
        let root = Root::open(root)?;
        Ok(Self { root, now, limits, floor: 0, new_roots: 0, refreshed: None, step: Step::Begin })
    }

    /// Refuses any list older than that version of the targets metadata, whoever signed it: what
    /// came with the product is never undone.
    #[must_use]
    pub fn at_least(mut self, targets_version: u64) -> Self {
        self.floor = targets_version;
        self
    }

    /// Begins a refresh.
    pub fn start(&mut self) -> Ask {
        self.refreshed = None;
        self.new_roots = 0;
        self.load_root()
    }

    /// Takes the answer to the last question. After a refusal, what was stored so far stays good,
    /// and every further answer is met with the same refusal.
    pub fn answer(&mut self, bytes: Option<Vec<u8>>) -> Result<Ask, Refusal> {
        let step = std::mem::replace(&mut self.step, Step::Begin);
        let ask = self.advance(step, bytes);
        if let Err(refusal) = &ask {
            self.step = Step::Refused(refusal.clone());
        }
        ask
    }

    /// Looks for a target, after a refresh: in the targets metadata, then through its delegations
    /// (§5.6.7). Ends with [`Ask::Take`], or with the refusal that no role has signed it. Other
    /// targets may be looked for afterwards in either case.
    pub fn find(&mut self, path: &str) -> Result<Ask, Refusal> {
        let Some(refreshed) = &self.refreshed else { return Err(Refusal::Missing(File::Targets)) };
        if !name::is_safe_path(path) {
            return Err(Refusal::UnsafePath(File::Target(path.to_owned())));
        }
        let search = Search::new(path, self.limits.roles);
        match search.visit(&refreshed.targets) {
            search::Visit::Found(wanted) => Ok(self.load_target(wanted)),
            search::Visit::Elsewhere(search) => self.search(search),
        }
    }

    /// The root, as far as it was rotated.
    pub fn root(&self) -> &Root {
        &self.root
    }

    /// The top-level targets metadata, after a refresh.
    pub fn targets(&self) -> Option<&Targets> {
        self.refreshed.as_ref().map(|refreshed| &refreshed.targets)
    }

    /// The list that a refresh came to, as the packaged one is given by [`Trusted::open`].
    pub fn trusted(&self) -> Result<Trusted, Refusal> {
        let refreshed = self.refreshed.as_ref().ok_or(Refusal::Missing(File::Targets))?;
        Trusted::new(self.root.clone(), refreshed.targets.clone())
    }

    fn advance(&mut self, step: Step, bytes: Option<Vec<u8>>) -> Result<Ask, Refusal> {
        match step {
            Step::Begin => Ok(self.start()),
            Step::LoadRoot => match bytes.and_then(|bytes| self.root.rotate(&bytes).ok()) {
                Some(root) => {
                    self.root = root;
                    Ok(self.load_root())
                }
                None => Ok(self.fetch_root()),
            },
            Step::FetchRoot => match bytes {
                Some(bytes) => self.accept_root(bytes),
                None => self.load_timestamp(),
            },
            Step::ForgetTimestamp(root) => Ok(self.forget_snapshot(root)),
            Step::ForgetSnapshot(root) => Ok(self.store_root(*root)),
            Step::StoreRoot(root) => {
                self.root = *root;
                self.new_roots += 1;
                Ok(self.fetch_root())
            }
            Step::LoadTimestamp => {
                // Its expiry does not matter: it still guards against rollback.
                let known = bytes.and_then(|bytes| Timestamp::open(&bytes, &self.root.timestamp).ok());
                self.step = Step::FetchTimestamp(known);
                Ok(fetch(&File::Timestamp, None, self.limits.timestamp as u64))
            }
            Step::FetchTimestamp(known) => self.store_timestamp(needed(bytes, &File::Timestamp)?, known),
            Step::StoreTimestamp(timestamp) => Ok(self.load_snapshot(timestamp)),
            Step::LoadSnapshot(timestamp) => self.use_or_fetch_snapshot(bytes, timestamp),
            Step::FetchSnapshot(timestamp, known) => {
                let bytes = needed(bytes, &File::Snapshot)?;
                let snapshot = self.accept_snapshot(&bytes, &timestamp, known.as_ref())?;
                self.step = Step::StoreSnapshot(snapshot);
                Ok(store(&File::Snapshot, bytes))
            }
            Step::StoreSnapshot(snapshot) => Ok(self.load_targets(snapshot)),
            Step::LoadTargets(snapshot) => {
                let file = File::Targets;
                let meta = snapshot.get(&file)?;
                let known = bytes.map(|bytes| self.accept_targets(&bytes, &file, &self.root.targets, meta));
                if let Some(Ok(targets)) = known {
                    return Ok(self.done(Refreshed { snapshot, targets }));
                }
                let ask = self.fetch_meta(&file, meta, self.limits.targets)?;
                self.step = Step::FetchTargets(snapshot);
                Ok(ask)
            }
            Step::FetchTargets(snapshot) => {
                let file = File::Targets;
                let bytes = needed(bytes, &file)?;
                let targets = self.accept_targets(&bytes, &file, &self.root.targets, snapshot.get(&file)?)?;
                self.step = Step::StoreTargets(Refreshed { snapshot, targets });
                Ok(store(&file, bytes))
            }
            Step::StoreTargets(refreshed) => Ok(self.done(refreshed)),
            Step::Ready | Step::Taken => {
                self.step = Step::Ready;
                Ok(Ask::Done)
            }
            Step::LoadRole(search) => self.use_or_fetch_role(bytes, search),
            Step::FetchRole(search) => self.store_role(bytes, search),
            Step::StoreRole(search, targets) => self.visit(search, &targets),
            Step::LoadTarget(wanted) => Ok(self.take_or_fetch(bytes, wanted)),
            Step::FetchTarget(wanted) => self.take(bytes, wanted),
            Step::Refused(refusal) => Err(refusal),
        }
    }

    // §5.4: the timestamp.

    /// Intermediate roots may be expired, the last may not (§5.3.10).
    fn load_timestamp(&mut self) -> Result<Ask, Refusal> {
        self.not_expired(self.root.expires, &File::Root)?;
        self.step = Step::LoadTimestamp;
        Ok(load(&File::Timestamp))
    }

    fn store_timestamp(&mut self, bytes: Vec<u8>, known: Option<Timestamp>) -> Result<Ask, Refusal> {
        match self.accept_timestamp(&bytes, known)? {
            accept::Newest::Known(timestamp) => Ok(self.load_snapshot(timestamp)),
            accept::Newest::Offered(timestamp) => {
                self.step = Step::StoreTimestamp(timestamp);
                Ok(store(&File::Timestamp, bytes))
            }
        }
    }

    // §5.5: the snapshot.

    fn load_snapshot(&mut self, timestamp: Timestamp) -> Ask {
        self.step = Step::LoadSnapshot(timestamp);
        load(&File::Snapshot)
    }

    fn use_or_fetch_snapshot(&mut self, bytes: Option<Vec<u8>>, timestamp: Timestamp) -> Result<Ask, Refusal> {
        let mut known = None;
        if let Some(bytes) = bytes
            && let Ok(snapshot) = Snapshot::open(&bytes, &self.root.snapshot)
        {
            accept::not_older(snapshot.version, timestamp.snapshot.version, &File::Snapshot)?;
            if self.check_snapshot(&bytes, &snapshot, &timestamp).is_ok() {
                return Ok(self.load_targets(snapshot));
            }
            known = Some(snapshot);
        }
        let ask = self.fetch_meta(&File::Snapshot, &timestamp.snapshot, self.limits.snapshot)?;
        self.step = Step::FetchSnapshot(timestamp, known);
        Ok(ask)
    }

    // §5.6: the targets.

    fn load_targets(&mut self, snapshot: Snapshot) -> Ask {
        self.step = Step::LoadTargets(snapshot);
        load(&File::Targets)
    }

    fn done(&mut self, refreshed: Refreshed) -> Ask {
        self.refreshed = Some(refreshed);
        self.step = Step::Ready;
        Ask::Done
    }

    fn fetch_meta(&self, file: &File, meta: &super::metadata::Meta, limit: usize) -> Result<Ask, Refusal> {
        let max = meta.length.unwrap_or(limit as u64);
        if max > limit as u64 {
            return Err(Refusal::TooLong { file: file.clone(), limit });
        }
        Ok(fetch(file, self.root.consistent_snapshot.then_some(meta.version), max))
    }
}

fn load(file: &File) -> Ask {
    Ask::Load { name: name::stored(file) }
}

fn fetch(file: &File, version: Option<u64>, max: u64) -> Ask {
    Ask::FetchMetadata { name: name::versioned(file, version), max }
}

fn store(file: &File, bytes: Vec<u8>) -> Ask {
    Ask::Store { name: name::stored(file), bytes }
}

fn needed(bytes: Option<Vec<u8>>, file: &File) -> Result<Vec<u8>, Refusal> {
    bytes.ok_or_else(|| Refusal::Missing(file.clone()))
}
