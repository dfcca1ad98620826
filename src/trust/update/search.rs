//! The search for a target through delegations: pre-order, depth first (TUF §5.6.7), and the
//! target itself (§5.7).

use super::{Ask, Step, Updater, load, needed, store};
use crate::delegation::Delegation;
use crate::metadata::{Target, Targets};
use crate::{File, Refusal, name};

/// A search under way.
#[derive(Debug, Clone)]
pub(super) struct Search {
    path: String,
    /// The next one last.
    open: Vec<Delegation>,
    visited: Vec<String>,
    limit: usize,
}

/// A target that a trusted role has named.
#[derive(Debug, Clone)]
pub(super) struct Wanted {
    path: String,
    target: Target,
}

/// What a role has to say of a path.
pub(super) enum Visit {
    Found(Wanted),
    Elsewhere(Search),
}

impl Search {
    pub(super) fn new(path: &str, limit: usize) -> Self {
        Self { path: path.to_owned(), open: Vec::new(), visited: Vec::new(), limit }
    }

    pub(super) fn visit(mut self, targets: &Targets) -> Visit {
        if let Some(target) = targets.get(&self.path) {
            return Visit::Found(Wanted { path: self.path, target: target.clone() });
        }
        let mut next = Vec::new();
        for delegation in targets.delegations.iter().filter(|delegation| delegation.covers(&self.path)) {
            next.push(delegation.clone());
            if delegation.terminating {
                self.open.clear();
                break;
            }
        }
        self.open.extend(next.into_iter().rev());
        Visit::Elsewhere(self)
    }

    /// The role to visit now stays the last of `open` until its metadata is there.
    fn next(&mut self) -> Result<&Delegation, Refusal> {
        while let Some(delegation) = self.open.last()
            && self.visited.contains(&delegation.name)
        {
            self.open.pop();
        }
        let target = || File::Target(self.path.clone());
        let delegation = self.open.last().ok_or_else(|| Refusal::NotSigned(target()))?;
        if self.visited.len() >= self.limit {
            return Err(Refusal::TooManyRoles { file: target(), limit: self.limit });
        }
        Ok(delegation)
    }

    fn leave(&mut self) {
        self.visited.extend(self.open.pop().map(|delegation| delegation.name));
    }
}

impl Updater {
    pub(super) fn search(&mut self, mut search: Search) -> Result<Ask, Refusal> {
        let ask = load(&file(search.next()?));
        self.step = Step::LoadRole(search);
        Ok(ask)
    }

    /// Stored metadata of a role is verified again with the keys that this delegator gives it:
    /// another one's word for it counts nothing here.
    pub(super) fn use_or_fetch_role(&mut self, bytes: Option<Vec<u8>>, mut search: Search) -> Result<Ask, Refusal> {
        let delegation = search.next()?;
        let file = file(delegation);
        if let Some(bytes) = bytes
            && let Ok(targets) = self.accept_role(&bytes, delegation)
        {
            return self.visit(search, &targets);
        }
        let refreshed = self.refreshed.as_ref().ok_or(Refusal::Missing(File::Targets))?;
        let ask = self.fetch_meta(&file, refreshed.snapshot.get(&file)?, self.limits.targets)?;
        self.step = Step::FetchRole(search);
        Ok(ask)
    }

    pub(super) fn store_role(&mut self, bytes: Option<Vec<u8>>, mut search: Search) -> Result<Ask, Refusal> {
        let delegation = search.next()?;
        let file = file(delegation);
        let bytes = needed(bytes, &file)?;
        let targets = self.accept_role(&bytes, delegation)?;
        self.step = Step::StoreRole(search, targets);
        Ok(store(&file, bytes))
    }

    pub(super) fn visit(&mut self, mut search: Search, targets: &Targets) -> Result<Ask, Refusal> {
        search.leave();
        match search.visit(targets) {
            Visit::Found(wanted) => Ok(self.load_target(wanted)),
            Visit::Elsewhere(search) => self.search(search),
        }
    }

    fn accept_role(&self, bytes: &[u8], delegation: &Delegation) -> Result<Targets, Refusal> {
        let refreshed = self.refreshed.as_ref().ok_or(Refusal::Missing(File::Targets))?;
        let file = file(delegation);
        self.accept_targets(bytes, &file, &delegation.role, refreshed.snapshot.get(&file)?)
    }

    // §5.7: the target.

    pub(super) fn load_target(&mut self, wanted: Wanted) -> Ask {
        let path = wanted.path.clone();
        self.step = Step::LoadTarget(wanted);
        Ask::LoadTarget { path }
    }

    pub(super) fn take_or_fetch(&mut self, bytes: Option<Vec<u8>>, wanted: Wanted) -> Ask {
        if let Some(bytes) = bytes
            && wanted.check(&bytes).is_ok()
        {
            self.step = Step::Taken;
            return Ask::Take { path: wanted.path, bytes };
        }
        let prefix = self.root.consistent_snapshot.then(|| wanted.target.hashes.prefix());
        let ask = Ask::FetchTarget { path: name::target(&wanted.path, prefix), max: wanted.target.length };
        self.step = Step::FetchTarget(wanted);
        ask
    }

    pub(super) fn take(&mut self, bytes: Option<Vec<u8>>, wanted: Wanted) -> Result<Ask, Refusal> {
        let bytes = needed(bytes, &File::Target(wanted.path.clone()))?;
        wanted.check(&bytes)?;
        self.step = Step::Taken;
        Ok(Ask::Take { path: wanted.path, bytes })
    }
}

impl Wanted {
    fn check(&self, bytes: &[u8]) -> Result<(), Refusal> {
        self.target.check(bytes, File::Target(self.path.clone()))
    }
}

fn file(delegation: &Delegation) -> File {
    File::Delegated(delegation.name.clone())
}
