//! Pages served under their real names on loopback, and what the extension says of each in a real
//! browser. Shared by `judge --browser` and `demo`.

use crate::build::Target;
use crate::messages::Messages;
use anyhow::{Context, Result, bail};
use bon_guichet::verdict::State;
use lab::browser::{ActionState, Browser, Kind, Options, Tab};
use lab::server::{Request, Response, Server};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

/// Which browsers a verb runs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Choice {
    Chromium,
    Firefox,
    Both,
}

impl Choice {
    pub fn kinds(self) -> Vec<Kind> {
        match self {
            Self::Chromium => vec![Kind::Chromium],
            Self::Firefox => vec![Kind::Firefox],
            Self::Both => Kind::ALL.to_vec(),
        }
    }
}

/// A browser with the extension, and the pages that exist for it.
pub struct Stage {
    pub browser: Browser,
    /// By host: a host has one page, at every path.
    pages: Arc<Mutex<BTreeMap<String, String>>>,
    messages: Messages,
    // Dropped after the browser.
    _web: Server,
}

/// What the toolbar said of a page.
pub struct Said {
    pub state: State,
    pub action: ActionState,
    /// The address that the browser showed in the end.
    pub url: String,
}

impl Stage {
    /// Starts a browser with the extension as it was built.
    pub fn start(kind: Kind, headless: bool) -> Result<Self> {
        let pages: Arc<Mutex<BTreeMap<String, String>>> = Arc::default();
        let served = Arc::clone(&pages);
        let web = Server::start(move |request| {
            let pages = served.lock().unwrap_or_else(PoisonError::into_inner);
            pages.get(&request.host).map(|html| answer(request, html))
        })?;
        let target = match kind {
            Kind::Chromium => Target::Chrome,
            Kind::Firefox => Target::Firefox,
        };
        let mut options = Options::new(kind, web.address(), target.folder()).with_locale("fr");
        options.headless = headless;
        Ok(Self { browser: Browser::launch(options)?, pages, messages: Messages::read("fr")?, _web: web })
    }

    /// Gives the host of `url` its page.
    pub fn serve(&self, url: &str, html: &str) -> Result<()> {
        let host = url::Url::parse(url).ok().and_then(|url| url.host_str().map(str::to_owned));
        let host = host.with_context(|| format!("{url:?} names no host"))?;
        self.pages.lock().unwrap_or_else(PoisonError::into_inner).insert(host, html.to_owned());
        Ok(())
    }

    /// Goes to `url` and takes what the toolbar says of it.
    pub fn show(&self, tab: &Tab, url: &str) -> Result<Said> {
        self.browser.navigate(tab, url)?;
        let url = self.browser.url(tab)?;
        let unpainted = self.messages.text("name")?;
        let action = self.browser.wait_for_action(&url, |action| action.title != unpainted)?;
        let state = State::ALL.into_iter().find(|state| self.messages.is_title_of(&action.title, *state));
        let Some(state) = state else { bail!("the title {:?} is that of no state", action.title) };
        Ok(Said { state, action, url })
    }

    /// Draws the popup for the tab with `url` into a picture.
    pub fn draw_popup(&self, said: &Said, file: &Path) -> Result<()> {
        let page = format!("popup.html?tab={}", said.action.tab_id);
        let popup = self.browser.open(&self.browser.extension_url(&page))?;
        self.browser.wait_for(&popup, "return !document.getElementById('card').hasAttribute('aria-busy')")?;
        self.browser.evaluate(&popup, "document.querySelector('details').open = true")?;
        self.browser.set_viewport(&popup, 380, 300)?;
        let height = self.browser.evaluate(&popup, "return document.documentElement.scrollHeight")?;
        let height = height.as_u64().and_then(|height| u32::try_from(height).ok()).unwrap_or(600);
        self.browser.screenshot(&popup, file, Some((380, height)))?;
        self.browser.close_tab(&popup)
    }
}

/// The page itself; nothing for the pictures and styles that it may name.
fn answer(request: &Request, html: &str) -> Response {
    let wants_page = request.header("sec-fetch-dest").is_none_or(|wanted| wanted == "document");
    if wants_page { Response::html(html) } else { Response::status(404) }
}
