//! `pack`: reviewed text to a list that waits for signatures.

use super::answer::Answer;
use super::{moment, progress, sign};
use anyhow::{Result, ensure};
use bon_guichet::trust::Time;
use publish::build;
use publish::published::Published;
use publish::sign::targets_content;
use publish::staged::Staged;
use serde_json::{Value, json};
use std::path::PathBuf;

#[derive(clap::Args)]
pub struct Arguments {
    /// The folder of reviewed text; its release.toml has the list's version and dates
    #[arg(long, value_name = "DIR", default_value = "data")]
    data: PathBuf,
    /// The repository that the list is for
    #[arg(long, value_name = "DIR", default_value = "repository")]
    repository: PathBuf,
    /// Where the list waits for its signatures
    #[arg(long, value_name = "DIR", default_value = "staged")]
    staged: PathBuf,
}

impl Arguments {
    pub fn run(&self, now: Time) -> Result<Answer> {
        let published = Published::open(&self.repository)?;
        let spinner = progress::spinner("packing");
        let packed = build::pack(&self.data)?;
        spinner.finish_and_clear();
        let issue = packed.release.targets;
        let release = self.data.join("release.toml");
        let release = release.display();
        moment::ensure_ahead(&format!("{release}: `expires`"), issue.expires, now)?;
        if let Some(current) = published.list()? {
            let (found, known) = (issue.version, current.version);
            let what = format!("{release}: `version` is {found}, and the repository has list {known}");
            ensure!(found > known, "{what}: write {}", known.saturating_add(1));
        }
        let mut staged = Staged::open(&self.staged, published.root.as_ref())?;
        let content = targets_content(&packed.files, packed.release.published, issue)?;
        staged.put_list(content, &packed.files)?;
        staged.write(&self.staged)?;
        let (version, expires) = (issue.version, issue.expires.to_string());
        let (sites, revocations) = (packed.reviewed.sites.len(), packed.reviewed.revocations.len());
        let what = format!("list {version}: {sites} official sites, {revocations} revocations, good until {expires}");
        let mut answer = Answer::good()
            .line(what)
            .fact("list", json!({ "version": version, "expires": expires }))
            .fact("sites", sites)
            .fact("revocations", revocations);
        let mut files = serde_json::Map::new();
        for (name, bytes) in &packed.files {
            answer = answer.line(format!("  {name}: {} bytes", bytes.len()));
            files.insert(name.clone(), bytes.len().into());
        }
        sign::report(answer.fact("files", Value::Object(files)), &staged, &self.staged)
    }
}
