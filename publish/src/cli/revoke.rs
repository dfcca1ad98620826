//! `revoke`: a host that is never to be shown as official again.

use super::answer::Answer;
use super::progress;
use anyhow::Result;
use bon_guichet::trust::Time;
use publish::revoke::{Order, revoke};
use std::path::PathBuf;

#[derive(clap::Args)]
pub struct Arguments {
    /// The host; everything below it is struck off too
    host: String,
    /// The reason's word: squatted, not-public
    #[arg(long)]
    reason: String,
    /// What says so: an id of sources.toml, or the address of a page (repeatable)
    #[arg(long, value_name = "ID|URL", required = true)]
    source: Vec<String>,
    /// The folder of reviewed text
    #[arg(long, value_name = "DIR", default_value = "data")]
    data: PathBuf,
}

impl Arguments {
    pub fn run(self, now: Time) -> Result<Answer> {
        let (year, month, day) = now.date();
        let checked = format!("{year:04}-{month:02}-{day:02}");
        let order = Order { host: self.host, reason: self.reason, sources: self.source, checked };
        let spinner = progress::spinner("checking");
        let place = revoke(&self.data, &order)?;
        spinner.finish_and_clear();
        Ok(Answer::good()
            .line(format!("{} is revoked at {place}; raise `version` in release.toml and `pack`", order.host))
            .fact("host", order.host)
            .fact("file", place.file.display().to_string())
            .fact("line", place.line))
    }
}
