//! What the end of a host says of the country that it speaks to.

/// Where a name is registered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Country {
    /// In France or one of its territories.
    France,
    /// Where a French name may be that of the country's own administration.
    FrenchSpeaking,
    /// In another country.
    Other,
    /// Nowhere: the ending is sold to all the world.
    None,
}

impl Country {
    /// By the last label of a host.
    pub fn of(host: &str) -> Self {
        let end = host.rsplit('.').next().unwrap_or_default();
        if FRANCE.contains(&end) {
            Self::France
        } else if FRENCH_SPEAKING.contains(&end) {
            Self::FrenchSpeaking
        } else if end.len() == 2 && !SOLD_TO_ALL.contains(&end) {
            Self::Other
        } else {
            Self::None
        }
    }
}

/// The endings of France, its territories and regions.
pub const FRANCE: [&str; 17] =
    ["fr", "re", "pm", "yt", "tf", "wf", "gp", "mq", "gf", "nc", "pf", "bl", "mf", "paris", "bzh", "alsace", "corsica"];

const FRENCH_SPEAKING: [&str; 29] = [
    "be", "bf", "bi", "bj", "ca", "cd", "cf", "cg", "ch", "ci", "cm", "dj", "dz", "ga", "gn", "ht", "km", "lu", "ma",
    "mc", "mg", "ml", "mr", "ne", "rw", "sn", "td", "tg", "tn",
];

/// Endings of countries that few of their holders live in.
const SOLD_TO_ALL: [&str; 19] =
    ["ac", "ai", "cc", "co", "eu", "gq", "in", "io", "la", "me", "pw", "sh", "su", "tk", "to", "tv", "vu", "ws", "gd"];

/// What States call the suffix that they keep to themselves: `gov.uk`, `go.jp`, `gob.es`.
const OF_A_STATE: [&str; 7] = ["gov", "gouv", "go", "gob", "govt", "gub", "gv"];

/// Whether only a State registers names under a public suffix.
pub fn is_of_a_state(suffix: &str) -> bool {
    suffix.split_once('.').is_some_and(|(zone, _)| OF_A_STATE.contains(&zone))
}
