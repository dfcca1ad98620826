//! A mirror on loopback, which may be honest or not.

use crate::stage::root;
use anyhow::Result;
use bon_guichet::trust::Time;
use lab::server::{Gate, Request, Response};
use publish::build;
use publish::repository::{Release, Repository};
use publish::reviewed::Reviewed;
use publish::sign::{Issue, Made};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Where the extension under test looks for newer lists.
pub const HOST: &str = "list.bon-guichet.example";

/// A site that version 2 of the list adds, and version 3 takes out again.
pub const ADDED: &str = "commune-nouvelle.example";

/// The mirror; clones are the same one.
#[derive(Clone, Default)]
pub struct Mirror(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    files: BTreeMap<String, Vec<u8>>,
    /// The first of these that fits a path answers in the file's place.
    faults: Vec<(String, Response)>,
    gates: Vec<(String, Gate)>,
}

impl Mirror {
    /// Serves these files of a repository, and does nothing wrong.
    pub fn serve(&self, files: &BTreeMap<String, Vec<u8>>) {
        let mut state = self.state();
        state.files.clone_from(files);
        state.faults.clear();
        state.gates.clear();
    }

    /// Changes every file whose path ends so.
    pub fn change(&self, name: &str, change: impl Fn(&mut Vec<u8>)) {
        self.state().files.iter_mut().filter(|(path, _)| path.ends_with(name)).for_each(|(_, bytes)| change(bytes));
    }

    /// Answers this in place of every file whose path holds `part`.
    pub fn answer(&self, part: &str, response: Response) {
        self.state().faults.push((part.to_owned(), response));
    }

    /// Holds back every answer for a path that holds `part`.
    pub fn hold(&self, part: &str) -> Gate {
        let gate = Gate::new();
        self.state().gates.push((part.to_owned(), gate.clone()));
        gate
    }

    /// What it answers; nothing to those who ask another host.
    pub fn respond(&self, request: &Request) -> Option<Response> {
        if request.host != HOST {
            return None;
        }
        let state = self.state();
        let fault = state.faults.iter().find(|(part, _)| request.path.contains(part.as_str()));
        let file = state.files.get(request.path.trim_start_matches('/'));
        let response = match (fault, file) {
            (Some((_, response)), _) => response.clone(),
            (None, Some(bytes)) => Response::content("application/octet-stream", bytes.clone()),
            (None, None) => Response::status(404),
        };
        // Any web page may read what anybody may read: without this, no extension can.
        let response = response.header("access-control-allow-origin", "*").header("set-cookie", "who=you");
        let gate = state.gates.iter().find(|(part, _)| request.path.contains(part.as_str()));
        Some(match gate {
            Some((_, gate)) => response.gated(gate),
            None => response,
        })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The repository up to a version of the list: 1 is the packaged one.
pub fn repository(versions: u32) -> Result<Repository> {
    static MADE: Mutex<BTreeMap<u32, Repository>> = Mutex::new(BTreeMap::new());
    let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(repository) = made.get(&versions) {
        return Ok(repository.clone());
    }
    let repository = sign(versions)?;
    made.insert(versions, repository.clone());
    Ok(repository)
}

fn sign(versions: u32) -> Result<Repository> {
    let data = root().join("data");
    let roles = build::development_roles(&data.join("keys/development"))?;
    let packaged = std::fs::read(crate::stage::root().join("dist/list/root.json"))?;
    let mut repository = Repository::default();
    repository.add_root(Made { version: 1, bytes: packaged });
    for version in 1..=versions {
        let mut reviewed = build::check(&data)?;
        if version == 2 {
            add(&mut reviewed);
        }
        repository.add(
            &roles,
            Release {
                files: build::files(&reviewed)?,
                delegated: Vec::new(),
                published: moment("2026-11-23T00:00:00Z"),
                targets: Issue { version, expires: moment("2090-01-01T00:00:00Z") },
                snapshot: Issue { version, expires: moment("2090-01-01T00:00:00Z") },
                timestamp: Issue { version, expires: moment("2090-01-01T00:00:00Z") },
            },
        )?;
    }
    Ok(repository)
}

/// The same repository, whose timestamp nobody has renewed.
pub fn frozen(versions: u32) -> Result<Repository> {
    let mut repository = repository(versions)?;
    let roles = build::development_roles(&root().join("data/keys/development"))?;
    let snapshot = repository.files().get(&format!("metadata/{versions}.snapshot.json")).cloned().unwrap_or_default();
    let expired = Issue { version: versions + 1, expires: moment("2026-01-01T00:00:00Z") };
    repository.refresh(&Made { version: versions, bytes: snapshot }, &roles.online, expired)?;
    Ok(repository)
}

fn add(reviewed: &mut Reviewed) {
    let mut added = reviewed.sites.first().cloned().into_iter().collect::<Vec<_>>();
    for site in &mut added {
        ADDED.clone_into(&mut site.host);
        "Commune nouvelle".clone_into(&mut site.organisation);
        site.scope = bon_guichet::list::Scope::Host;
        site.path.clear();
        site.country.clear();
    }
    reviewed.sites.extend(added);
}

fn moment(text: &str) -> Time {
    Time::parse(text).unwrap_or_default()
}
