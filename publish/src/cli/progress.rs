//! Bars for long work. They show on a terminal only.

use indicatif::{ProgressBar, ProgressStyle};
use std::time::Duration;

/// For work whose end is not known: a sign of life, and what is being done.
pub fn spinner(what: &'static str) -> ProgressBar {
    let bar = ProgressBar::new_spinner().with_message(what);
    bar.enable_steady_tick(Duration::from_millis(100));
    bar
}

/// For work on so many things.
pub fn bar(things: usize, what: &'static str) -> ProgressBar {
    let bar = ProgressBar::new(things as u64).with_message(what);
    // A template that does not parse would only cost the look.
    if let Ok(style) = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len}") {
        bar.set_style(style);
    }
    bar
}
