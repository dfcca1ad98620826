//! What a reader can ask of the list's publisher: a text to copy. Nothing is sent by itself, and it
//! names the site by its host alone.

use super::{Arg, Message, explain, plain, text, toolbar};
use crate::address::Address;
use crate::verdict::{Listing, Reason, State, Verdict};

/// A change of the list that a reader may ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeRequest {
    /// The question that opens it.
    pub question: Message,
    /// The text: paragraphs of lines.
    pub paragraphs: Vec<Vec<Message>>,
}

/// Every message key that a request can ask for, but for those of the verdict.
pub(super) const KEYS: [&str; 16] = [
    "request_question_add",
    "request_question_correct",
    "request_add",
    "request_correct",
    "request_ascii",
    "request_purpose",
    "request_telephone",
    "request_list",
    "request_to_add",
    "request_to_correct",
    "request_evidence_to_add",
    "request_evidence_to_correct",
    "request_no_evidence",
    "request_is_public",
    "request_copied",
    "request_not_copied",
];

/// What can be asked for the site of a verdict, with what the list says of it now and what evidence
/// is wanted (`data/README.md`). Nothing where there is no site, or no list that is good. `language`
/// is the reader's.
pub fn change_request(verdict: &Verdict, listing: &Listing, language: &str) -> Option<ChangeRequest> {
    let (address, list) = (verdict.address?, listing.as_ref().ok()?);
    let is_revoked = verdict.reasons.iter().any(|reason| matches!(reason, Reason::Revoked(_)));
    let change = match verdict.state {
        State::NotJudged | State::ListExpired => return None,
        State::Unlisted if !is_revoked => "add",
        State::Official | State::OfficialUnprotected | State::Resembles | State::Unlisted => "correct",
    };
    let known = Message {
        key: "request_list".to_owned(),
        args: vec![text(list.trusted.targets.version.to_string()), Arg::Date(list.trusted.published)],
    };
    let mut facts = vec![toolbar(verdict).title];
    facts.extend(spelling(address));
    if let Some(record) = verdict.entry.map(|entry| entry.rule.record()) {
        let told = [("request_purpose", record.purpose(language)), ("request_telephone", record.telephone)];
        let told = told.into_iter().filter(|(_, fact)| !fact.is_empty());
        facts.extend(told.map(|(key, fact)| Message { key: key.to_owned(), args: vec![text(fact)] }));
    }
    facts.extend(verdict.reasons.iter().map(|reason| explain(reason, verdict)));
    facts.push(known);
    Some(ChangeRequest {
        question: plain(format!("request_question_{change}")),
        paragraphs: vec![
            vec![plain(format!("request_{change}"))],
            facts,
            vec![plain(format!("request_to_{change}"))],
            vec![
                plain(format!("request_evidence_to_{change}")),
                plain("request_no_evidence"),
                plain("request_is_public"),
            ],
        ],
    })
}

/// The host as the list writes it, where a reader sees it otherwise.
fn spelling(address: &Address) -> Option<Message> {
    let host = address.host();
    let differs = address.unicode_host() != host;
    differs.then(|| Message { key: "request_ascii".to_owned(), args: vec![text(host)] })
}
