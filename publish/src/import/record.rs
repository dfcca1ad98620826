//! What one line of a source says, whatever the source.

use bon_guichet::address::{Address, url_crate};

/// What one line of a source says. What it does not say is empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Record {
    /// Its line in the file; in JSON, its number. From 1.
    pub line: usize,
    /// The commune's INSEE code.
    pub insee: String,
    /// The commune's name with its article, or the organisation.
    pub name: String,
    /// The site's address, as the source writes it.
    pub address: String,
    /// What the source saw there.
    pub answer: Answer,
    /// What one does there, in French.
    pub purpose_fr: String,
    /// The same in English.
    pub purpose_en: String,
}

/// What a source saw at an address.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Answer {
    /// It did not look.
    #[default]
    NotAsked,
    /// A page of that very host.
    Alive,
    /// Another host.
    Elsewhere(String),
    /// No page.
    Dead,
}

/// What an address names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A host of one's own, without `www.`.
    Host(String),
    /// A folder of a host, which belongs to somebody else.
    Folder(String, String),
    /// Nothing that can be listed: an e-mail address, a number, a private name.
    Nothing,
}

/// Paths that lead to a site's front page, not to a folder of somebody else's.
const FRONT_PAGES: [&str; 22] = [
    "accueil",
    "accueil.html",
    "accueil.php",
    "default.aspx",
    "fr",
    "francais",
    "home",
    "home.html",
    "index",
    "index.aspx",
    "index.htm",
    "index.html",
    "index.php",
    "mairie",
    "page-d-accueil",
    "portail",
    "site",
    "spip.php",
    "web",
    "welcome",
    "wordpress",
    "wp",
];

impl Place {
    /// Reads an address as sources write it: a URL, or a host alone.
    pub fn of(address: &str) -> Self {
        let address = address.trim();
        let url = if address.contains("://") { address.to_owned() } else { format!("http://{address}") };
        let Ok(read) = Address::read(&url, url_crate, None) else { return Self::Nothing };
        if read.has_credentials || read.key().is_none() {
            return Self::Nothing;
        }
        let host = without_www(read.host()).to_owned();
        let path = read.path().to_ascii_lowercase();
        let is_front = path.split('/').filter(|part| !part.is_empty()).all(|part| FRONT_PAGES.contains(&part));
        if is_front { Self::Host(host) } else { Self::Folder(host, read.path().to_owned()) }
    }

    /// The host, where there is one.
    pub fn host(&self) -> Option<&str> {
        match self {
            Self::Host(host) | Self::Folder(host, _) => Some(host),
            Self::Nothing => None,
        }
    }
}

/// The host whose `www.` twin it is.
pub fn without_www(host: &str) -> &str {
    host.strip_prefix("www.").filter(|rest| rest.contains('.')).unwrap_or(host)
}
