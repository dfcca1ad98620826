//! When to look for a newer list, and what is remembered of it from one worker to the next.

use super::Trouble;
use crate::trust::Time;
use crate::trust::json::Json;

/// In seconds: how often a newer list is looked for unless a policy says otherwise.
pub const DAY: u64 = 24 * HOUR;
const HOUR: u64 = 3600;
const MINUTE: u64 = 60;

/// After the first failure; twice that after the second, and so on.
const FIRST_RETRY: u64 = 15 * MINUTE;

/// Seconds until the next look, after so many failures in a row. `chance`, from 0 to 1023, spreads
/// it from three quarters to five quarters, so that a million browsers do not ask all at once.
pub fn delay(failures: u32, every: u64, chance: u16) -> u64 {
    let every = every.clamp(HOUR, 7 * DAY);
    let base = match failures {
        0 => every,
        failures => (FIRST_RETRY << (failures - 1).min(16)).min(every),
    };
    base * (1536 + u64::from(chance.min(1023))) / 2048
}

/// What the last look came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// `new`, `same`, or the word of a [`Trouble`].
    pub id: String,
    /// What it is about, where there is something to name.
    pub subject: String,
}

/// What is remembered from one worker to the next. It decides nothing but when to look again, and
/// how late it is at least.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Record {
    /// The greatest time that was ever seen.
    pub seen: Time,
    /// When a newer list was last looked for.
    pub tried: Option<Time>,
    /// When that last came to an end that was good.
    pub confirmed: Option<Time>,
    /// Failures since then.
    pub failures: u32,
    /// What the last look came to.
    pub outcome: Option<Outcome>,
}

impl Record {
    /// Notes what a look came to: whether the list is a new one, or why there is none.
    pub fn note(&mut self, now: Time, result: Result<bool, &Trouble>) {
        self.tried = Some(now);
        let (id, subject) = match result {
            Ok(is_new) => {
                self.failures = 0;
                self.confirmed = Some(now);
                (if is_new { "new" } else { "same" }, String::new())
            }
            Err(trouble) => {
                self.failures = self.failures.saturating_add(1);
                (trouble.id(), trouble.subject())
            }
        };
        self.outcome = Some(Outcome { id: id.to_owned(), subject });
    }

    /// As it is stored.
    pub fn to_json(&self) -> String {
        let number = |number: u64| Json::Integer(i64::try_from(number).unwrap_or(i64::MAX));
        let texts = self.outcome.as_ref().map(|Outcome { id, subject }| [("outcome", id), ("subject", subject)]);
        let members = [
            ("seen", Some(number(self.seen.0))),
            ("failures", Some(number(self.failures.into()))),
            ("tried", self.tried.map(|time| number(time.0))),
            ("confirmed", self.confirmed.map(|time| number(time.0))),
        ];
        let texts = texts.into_iter().flatten().map(|(key, text)| (key, Some(Json::Text(text.clone()))));
        let members = members.into_iter().chain(texts).filter_map(|(key, value)| Some((key.to_owned(), value?)));
        let json = Json::Object(members.collect()).canonical();
        String::from_utf8(json).unwrap_or_default()
    }

    /// As it was stored. What cannot be read is as if nothing had been remembered.
    pub fn from_json(text: &str) -> Self {
        let Ok(json) = Json::parse(text.as_bytes()) else { return Self::default() };
        let number = |key| json.get(key).and_then(Json::unsigned);
        let time = |key| number(key).map(Time);
        let text = |key| json.get(key).and_then(Json::text).map(str::to_owned);
        let outcome = text("outcome").filter(|id| ["new", "same"].iter().chain(&Trouble::IDS).any(|known| known == id));
        Self {
            seen: time("seen").unwrap_or_default(),
            tried: time("tried"),
            confirmed: time("confirmed"),
            failures: number("failures").and_then(|failures| u32::try_from(failures).ok()).unwrap_or_default(),
            outcome: outcome.map(|id| Outcome { id, subject: text("subject").unwrap_or_default() }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks_once_a_day_and_sooner_after_a_failure() {
        assert_eq!(delay(0, DAY, 512), DAY);
        assert_eq!(delay(1, DAY, 512), 15 * MINUTE);
        assert_eq!(delay(2, DAY, 512), 30 * MINUTE);
        assert_eq!(delay(3, DAY, 512), HOUR);
        // Never later than without a failure, however many there were.
        assert_eq!(delay(20, DAY, 512), DAY);
        assert_eq!(delay(u32::MAX, DAY, 512), DAY);
    }

    #[test]
    fn spreads_by_chance() {
        assert_eq!(delay(0, DAY, 0), DAY * 3 / 4);
        assert!(delay(0, DAY, 1023) > DAY * 124 / 100 && delay(0, DAY, 1023) < DAY * 5 / 4);
        assert_eq!(delay(0, DAY, u16::MAX), delay(0, DAY, 1023));
    }

    #[test]
    fn keeps_a_policy_within_reason() {
        assert_eq!(delay(0, 0, 512), HOUR);
        assert_eq!(delay(0, u64::MAX, 512), 7 * DAY);
    }

    #[test]
    fn remembers_what_it_stored() {
        let mut record = Record { seen: Time(7), ..Record::default() };
        assert_eq!(Record::from_json(&record.to_json()), record);
        record.note(Time(8), Err(&Trouble::Page("2.root \"é\\\".json".to_owned())));
        assert_eq!(record.failures, 1);
        assert_eq!(Record::from_json(&record.to_json()), record);
        record.note(Time(9), Ok(true));
        assert_eq!((record.failures, record.confirmed), (0, Some(Time(9))));
        assert_eq!(Record::from_json(&record.to_json()), record);
    }

    #[test]
    fn forgets_what_it_cannot_read() {
        for text in ["", "null", "[]", "{\"seen\":-1,\"failures\":1e9}", "{\"seen\":\"x\"}", "{\"outcome\":\"<b>\"}"] {
            assert_eq!(Record::from_json(text), Record::default(), "{text}");
        }
    }
}
