//! What is said of looking for newer lists.

use super::{Arg, Message, plain, text};
use crate::renewal::{Outcome, Record, Trouble};
use crate::trust::Time;

/// What is said of looking for newer lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenewalNote {
    /// Where the list in use comes from.
    pub origin: Message,
    /// A stored list could not be used.
    pub unusable: Option<Message>,
    /// When a newer one was last looked for.
    pub tried: Message,
    /// What that came to.
    pub outcome: Option<Message>,
    /// It changed nothing.
    pub kept: Option<Message>,
    /// When the next look is due.
    pub due: Option<Message>,
    /// The clock of this computer went back.
    pub clock: Option<Message>,
}

/// How far a clock may go back, in seconds, before it is worth a word: people travel.
const JOLT: u64 = 24 * 3600;

/// What is said of looking for newer lists. `due` is when the next look is, `clock` what this
/// computer's clock says.
pub fn renewal_note(
    record: &Record,
    is_renewed: bool,
    is_unusable: bool,
    due: Option<Time>,
    clock: Time,
) -> RenewalNote {
    let moment = |key: &str, time: Time| Message { key: key.to_owned(), args: vec![Arg::Moment(time)] };
    let outcome = record.outcome.as_ref();
    let failed = outcome.is_some_and(|Outcome { id, .. }| Trouble::IDS.contains(&id.as_str()));
    let went_back = record.seen.0.saturating_sub(clock.0) > JOLT;
    RenewalNote {
        origin: plain(if is_renewed { "origin_renewed" } else { "origin_packaged" }),
        unusable: is_unusable.then(|| plain("stored_unusable")),
        tried: record.tried.map_or_else(|| plain("update_never"), |tried| moment("update_tried", tried)),
        outcome: outcome.map(|Outcome { id, subject }| Message {
            key: format!("update_{id}"),
            args: if subject.is_empty() { Vec::new() } else { vec![text(subject.as_str())] },
        }),
        kept: failed.then(|| plain("update_kept")),
        due: due.map(|due| moment("update_due", due)),
        clock: went_back.then(|| Message {
            key: "clock_went_back".to_owned(),
            args: vec![Arg::Date(clock), Arg::Date(record.seen)],
        }),
    }
}

/// How far a refresh is: so many files of so many, of none while that is not known.
pub fn progress(done: usize, of: usize) -> Message {
    match of {
        0 => plain("progress_asking"),
        _ => Message { key: "progress_fetching".to_owned(), args: vec![Arg::Number(done), Arg::Number(of)] },
    }
}
