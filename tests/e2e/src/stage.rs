//! A browser with the extension, and the web that it sees.

use anyhow::{Context, Result, ensure};
use lab::browser::{ActionState, Browser, Kind, Options, Tab};
use lab::server::{Gate, Request, Response, Server};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// A French browser with the extension, and its web.
pub struct Stage {
    pub web: Server,
    pub browser: Browser,
    gate: Arc<Mutex<Gate>>,
}

/// What a host of its own answers, before the web at large is asked.
pub type Site = Arc<dyn Fn(&Request) -> Option<Response> + Send + Sync>;

/// A stage that is set when it is first needed, and then used by one scenario after the other.
#[derive(Clone)]
pub struct Shared {
    kind: Kind,
    stage: Arc<Mutex<Option<Stage>>>,
}

impl Shared {
    pub fn new(kind: Kind) -> Self {
        Self { kind, stage: Arc::default() }
    }

    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Plays a scenario, and closes the tabs that it leaves.
    pub fn with(&self, scenario: fn(&mut Stage) -> Result<()>) -> Result<()> {
        let mut stage = self.stage.lock().unwrap_or_else(PoisonError::into_inner);
        if stage.is_none() {
            *stage = Some(Stage::start(self.kind, &extension(self.kind), "fr")?);
        }
        let stage = stage.as_mut().context("a stage that was just set")?;
        let outcome = scenario(stage);
        stage.clear()?;
        outcome
    }

    pub fn close(&self) {
        self.stage.lock().unwrap_or_else(PoisonError::into_inner).take();
    }
}

impl Stage {
    /// Starts a browser of its own, with an extension that may be another than the built one.
    pub fn start(kind: Kind, extension: &Path, locale: &str) -> Result<Self> {
        Self::start_with(kind, extension, locale, Arc::new(|_| None))
    }

    /// The same, with a host that answers in its own way.
    pub fn start_with(kind: Kind, extension: &Path, locale: &str, site: Site) -> Result<Self> {
        let gate = Arc::new(Mutex::new(Gate::new()));
        let held = Arc::clone(&gate);
        let web = Server::start(move |request| {
            let response = match site(request) {
                Some(response) => response,
                None => page(request)?,
            };
            let held = held.lock().unwrap_or_else(PoisonError::into_inner);
            Some(if request.path == HELD { response.gated(&held) } else { response })
        })?;
        let browser = Browser::launch(Options::new(kind, web.address(), extension).with_locale(locale))?;
        Ok(Self { web, browser, gate })
    }

    /// Closes the gate before which pages at [`HELD`] wait.
    pub fn hold(&self) -> Gate {
        let gate = Gate::new();
        *self.gate.lock().unwrap_or_else(PoisonError::into_inner) = gate.clone();
        gate
    }

    /// Waits until the toolbar says of the one tab with `url` what `wanted` says.
    pub fn expect(&self, url: &str, wanted: &Look) -> Result<()> {
        let fits = |action: &ActionState| action.badge == wanted.badge && action.title.starts_with(wanted.title);
        self.browser.wait_for_action(url, fits).map(|_| ()).with_context(|| format!("wanted {wanted:?}"))
    }

    /// Opens a page in a new tab and waits for what the toolbar says of it.
    pub fn open(&self, url: &str, wanted: &Look) -> Result<Tab> {
        let tab = self.browser.open(url)?;
        self.expect(url, wanted)?;
        Ok(tab)
    }

    fn clear(&self) -> Result<()> {
        let mut tabs = self.browser.tabs()?;
        // A browser without a tab ends.
        let blank = self.browser.new_tab()?;
        tabs.retain(|(tab, _)| tab.context() != blank.context());
        for (tab, _) in tabs {
            self.browser.close_tab(&tab)?;
        }
        Ok(())
    }
}

/// What the toolbar shows: the badge, and how the title starts.
#[derive(Debug)]
pub struct Look {
    pub badge: &'static str,
    pub title: &'static str,
}

pub const OFFICIAL: Look = Look { badge: "OK", title: "Site officiel\u{a0}: " };
pub const UNPROTECTED: Look = Look { badge: "!", title: "Adresse officielle, connexion non protégée\u{a0}: " };
pub const RESEMBLES: Look = Look { badge: "!!", title: "Ressemble à un site officiel\u{a0}: " };
pub const UNLISTED: Look = Look { badge: "", title: "Non répertorié\u{a0}: " };
pub const LIST_EXPIRED: Look = Look { badge: "?", title: "Liste périmée\u{a0}: " };
pub const NOT_JUDGED: Look = Look { badge: "", title: "Rien à vérifier ici" };

/// The path of a page that waits for [`Stage::hold`]'s gate.
pub const HELD: &str = "/held";

/// The extension as it was built for a browser.
pub fn extension(kind: Kind) -> PathBuf {
    root().join("dist").join(match kind {
        Kind::Chromium => "chrome",
        Kind::Firefox => "firefox",
    })
}

pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A copy of the extension, to be changed.
pub fn copy_of_extension(kind: Kind) -> Result<tempfile::TempDir> {
    let copy = tempfile::tempdir().context("no place for a copy of the extension")?;
    copy_folder(&extension(kind), copy.path())?;
    Ok(copy)
}

pub fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    ensure!(from.is_dir(), "{} is missing: run `cargo xtask dist`", from.display());
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            std::fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

/// Every host has a page at every path, but for the browsers' makers. `/to/URL` leads elsewhere;
/// `/before/URL` lets the browser load that page ahead.
fn page(request: &Request) -> Option<Response> {
    let makers = ["mozilla.", "firefox.", "google", "gvt1."];
    if makers.iter().any(|maker| request.host.contains(maker)) {
        return None;
    }
    if let Some(target) = request.path.strip_prefix("/to/") {
        return Some(Response::redirect(target));
    }
    let ahead = request.path.strip_prefix("/before/").map(|target| {
        format!("<script type=speculationrules>{{\"prerender\": [{{\"urls\": [\"{target}\"]}}]}}</script>")
    });
    let host = &request.host;
    Some(Response::html(format!(
        "<!doctype html><html lang=fr><link rel=icon href='data:,'><title>{host}</title>{}<h1>{host}</h1>",
        ahead.unwrap_or_default()
    )))
}
