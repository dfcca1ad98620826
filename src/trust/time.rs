//! The moments that metadata names.

use std::fmt;

/// A moment: seconds since 1970-01-01T00:00:00Z, leap seconds not counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Time(pub u64);

const SECONDS_PER_DAY: u64 = 86_400;

impl Time {
    /// Reads the one form that metadata uses (TUF §4.2): `2027-11-22T00:00:00Z`.
    pub fn parse(text: &str) -> Option<Self> {
        let shape = b"dddd-dd-ddTdd:dd:ddZ";
        let fits = |(byte, wanted): (u8, &u8)| if *wanted == b'd' { byte.is_ascii_digit() } else { byte == *wanted };
        if text.len() != shape.len() || !text.bytes().zip(shape).all(fits) {
            return None;
        }
        let number = |from: usize, to: usize| text.get(from..to)?.parse::<u64>().ok();
        let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
        let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
        if year < 1970 || hour > 23 || minute > 59 || second > 59 || day == 0 || day > days_in_month(year, month)? {
            return None;
        }
        let days = days_before(year, month) + day - 1;
        Some(Self(days * SECONDS_PER_DAY + hour * 3600 + minute * 60 + second))
    }

    /// The day in the calendar of Greenwich, as year, month, day.
    pub fn date(self) -> (u64, u64, u64) {
        let days = self.0 / SECONDS_PER_DAY;
        // No year is longer than 366 days, so this is never late; at most a few steps follow.
        let mut year = 1970 + days / 366;
        while days_before(year + 1, 1) <= days {
            year += 1;
        }
        let month = (1..=12).rev().find(|&month| days_before(year, month) <= days).unwrap_or(1);
        (year, month, days - days_before(year, month) + 1)
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.date();
        let second = self.0 % SECONDS_PER_DAY;
        write!(f, "{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z", second / 3600, second / 60 % 60, second % 60)
    }
}

fn is_leap(year: u64) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

fn days_in_month(year: u64, month: u64) -> Option<u64> {
    Some(match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if is_leap(year) => 29,
        2 => 28,
        _ => return None,
    })
}

/// Days from 1970-01-01 to the first of the month.
fn days_before(year: u64, month: u64) -> u64 {
    let past = year - 1;
    let leap_days = past / 4 - past / 100 + past / 400 - 477;
    let in_year: u64 = (1..month).filter_map(|month| days_in_month(year, month)).sum();
    (year - 1970) * 365 + leap_days + in_year
}

#[cfg(test)]
mod tests {
    use super::Time;
    use proptest::prelude::*;

    #[test]
    fn reads_known_moments() {
        for (text, seconds) in [
            ("1970-01-01T00:00:00Z", 0),
            ("2000-02-29T12:00:00Z", 951_825_600),
            ("2026-11-22T00:00:00Z", 1_795_305_600),
            ("2100-03-01T00:00:00Z", 4_107_542_400),
        ] {
            assert_eq!(Time::parse(text), Some(Time(seconds)), "{text}");
        }
    }

    #[test]
    fn refuses_other_forms() {
        for text in [
            "",
            "2027-11-22",
            "2027-11-22T00:00:00",
            "2027-11-22T00:00:00.0Z",
            "2027-11-22T00:00:00+00:00",
            "2027-02-29T00:00:00Z",
            "2027-13-01T00:00:00Z",
            "2027-00-01T00:00:00Z",
            "2027-01-00T00:00:00Z",
            "2027-01-01T24:00:00Z",
            "1969-12-31T23:59:59Z",
            "+027-01-01T00:00:00Z",
            "2027-01-01t00:00:00z",
        ] {
            assert_eq!(Time::parse(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn written_and_read_again(seconds in 0u64..253_402_300_800) {
            let time = Time(seconds);
            prop_assert_eq!(Time::parse(&time.to_string()), Some(time));
        }
    }
}
