//! Moments on the command line.

use anyhow::{Result, ensure};
use bon_guichet::trust::Time;
use std::time::SystemTime;

/// Seconds in a day.
pub const DAY: u64 = 86_400;

/// Reads a moment as metadata writes it.
pub fn read(text: &str) -> Result<Time, String> {
    Time::parse(text).ok_or_else(|| "write it as 2027-01-31T00:00:00Z".to_owned())
}

/// The present moment.
pub fn now() -> Time {
    let since_1970 = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    Time(since_1970.as_secs())
}

/// Refuses a moment at which something would be expired from the first.
pub fn ensure_ahead(what: &str, expires: Time, now: Time) -> Result<()> {
    ensure!(expires > now, "{what} is {expires}, which is past: it is {now}");
    Ok(())
}
