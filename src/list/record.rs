//! What an entry of the list says.

use std::borrow::Cow;

/// How far an entry reaches. In ascending order of how closely it describes an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// Every name below a suffix that is reserved to the State, each its own site.
    Zone,
    /// This host and everything below it.
    Domain,
    /// This host and its `www.` twin.
    Host,
    /// Addresses of this host whose path starts with the entry's.
    Path,
    /// Never official: this host and everything below it.
    Revoked,
}

impl Scope {
    /// Every scope, in the order of the numbers in packed files.
    pub(super) const ALL: [Self; 5] = [Self::Zone, Self::Domain, Self::Host, Self::Path, Self::Revoked];

    /// The word used in files and output.
    pub fn word(self) -> &'static str {
        match self {
            Self::Zone => "zone",
            Self::Domain => "domain",
            Self::Host => "host",
            Self::Path => "path",
            Self::Revoked => "revoked",
        }
    }
}

/// What an entry says. An empty text means that nothing is known.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Record<'a> {
    /// The path, for [`Scope::Path`].
    pub path: &'a str,
    /// Who answers for the site.
    pub organisation: Cow<'a, str>,
    /// What one does there, in French; for a revocation, the reason's word.
    pub purpose_fr: &'a str,
    /// The same in English.
    pub purpose_en: &'a str,
    /// A number that the public may call, as people write it.
    pub telephone: &'a str,
    /// Two letters of ISO 3166-1; empty for France.
    pub country: &'a str,
    /// INSEE code of the département whose file of the list carries the entry; empty for a national
    /// one.
    pub department: &'a str,
    /// The public sources, for people.
    pub sources: &'a str,
    /// When the entry was compared with them: days since 1970-01-01.
    pub checked: u32,
}

impl<'a> Record<'a> {
    /// What one does there, in the language of that code (`fr`, `en`).
    pub fn purpose(&self, language: &str) -> &'a str {
        if language == "fr" { self.purpose_fr } else { self.purpose_en }
    }
}
