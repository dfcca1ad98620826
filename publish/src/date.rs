//! A day of reviewed text.

use bon_guichet::trust::Time;
use std::fmt;

/// A day, as `YYYY-MM-DD`: the order of the texts is that of the days.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date(pub String);

impl Date {
    /// Reads `YYYY-MM-DD`; nothing where the calendar has no such day.
    pub fn parse(text: &str) -> Option<Self> {
        Time::parse(&format!("{text}T00:00:00Z")).map(|_| Self(text.to_owned()))
    }

    /// The day of a moment, in UTC.
    pub fn of(moment: Time) -> Self {
        let (year, month, day) = moment.date();
        Self(format!("{year:04}-{month:02}-{day:02}"))
    }

    /// The same day of the month, so many months later; the month's last day where it has no such day.
    #[must_use]
    pub fn plus_months(&self, months: u32) -> Self {
        let mut parts = self.0.split('-').map(|part| part.parse().unwrap_or_default());
        let (year, month, day): (u32, u32, u32) =
            (parts.next().unwrap_or_default(), parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let count = year * 12 + month.saturating_sub(1) + months;
        let on = |day: u32| format!("{:04}-{:02}-{day:02}", count / 12, count % 12 + 1);
        let last = (28..=day.max(28)).rev().find_map(|day| Self::parse(&on(day)));
        last.filter(|_| day > 28).unwrap_or_else(|| Self(on(day)))
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
