//! A share of cases, and between which bounds it lies.

use std::fmt;

/// How many of how many.
#[derive(Debug, Clone, Copy, Default)]
pub struct Rate {
    hits: u32,
    all: u32,
}

/// Of the normal distribution, for 95 %.
const Z: f64 = 1.959_964;

impl Rate {
    /// Counts one case.
    pub fn add(&mut self, is_hit: bool) {
        self.hits += u32::from(is_hit);
        self.all += 1;
    }

    /// Wilson's score interval, 95 %. Of no case, nothing is known.
    fn bounds(self) -> (f64, f64) {
        if self.all == 0 {
            return (0.0, 1.0);
        }
        let (all, hits) = (f64::from(self.all), f64::from(self.hits));
        let share = hits / all;
        let middle = (share + Z * Z / (2.0 * all)) / (1.0 + Z * Z / all);
        let reach = Z / (1.0 + Z * Z / all) * (share * (1.0 - share) / all + Z * Z / (4.0 * all * all)).sqrt();
        ((middle - reach).max(0.0), (middle + reach).min(1.0))
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let share = f64::from(self.hits) / f64::from(self.all.max(1));
        let (low, high) = self.bounds();
        // A rate of false alarms is told per 100,000, or it would read as nothing.
        let (factor, unit) = if share < 0.01 && self.all > 10_000 { (100_000.0, "per 100,000") } else { (100.0, "%") };
        let text = format!("{}/{} = {:.1} {unit}", self.hits, self.all, share * factor);
        write!(f, "{text} ({:.1}–{:.1})", low * factor, high * factor)
    }
}

#[cfg(test)]
mod tests {
    use super::Rate;

    /// Against values computed by hand from Wilson (1927).
    #[test]
    fn bounds_are_wilsons() {
        for (hits, all, wanted) in [
            (0, 10, "0/10 = 0.0 % (0.0–27.8)"),
            (5, 10, "5/10 = 50.0 % (23.7–76.3)"),
            (10, 10, "10/10 = 100.0 % (72.2–100.0)"),
            (1, 100_000, "1/100000 = 1.0 per 100,000 (0.2–5.7)"),
            (0, 0, "0/0 = 0.0 % (0.0–100.0)"),
        ] {
            assert_eq!(Rate { hits, all }.to_string(), wanted);
        }
    }
}
