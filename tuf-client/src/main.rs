//! The updater of the core behind the command line that the public suite
//! theupdateframework/tuf-conformance drives (its `CLIENT-CLI.md`), and an example of a host: it
//! holds the files, the requests and the clock, and decides nothing.
//!
//! ```text
//! tuf-client --metadata-dir D init ROOT
//! tuf-client --metadata-dir D --metadata-url U refresh
//! tuf-client --metadata-dir D --metadata-url U --target-name T… --target-base-url B --target-dir E download
//! ```

mod arguments;
mod folder;
mod http;

use anyhow::{Context, Result, bail};
use arguments::{Arguments, Command};
use bon_guichet::trust::Time;
use bon_guichet::trust::update::{Ask, Limits, Updater};
use folder::Folder;
use std::process::ExitCode;
use std::time::SystemTime;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("tuf-client: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    let arguments = Arguments::parse(std::env::args().skip(1))?;
    let metadata = Folder::new(arguments.metadata_dir);
    match arguments.command {
        Command::Init { root } => metadata.write(ROOT, &std::fs::read(&root).context(root)?),
        Command::Refresh { metadata_url } => {
            let host = Host { metadata, metadata_url, targets: None };
            host.follow(&mut host.updater()?, Updater::start)
        }
        Command::Download { metadata_url, target_names, target_base_url, target_dir } => {
            let host = Host { metadata, metadata_url, targets: Some((Folder::new(target_dir), target_base_url)) };
            let mut updater = host.updater()?;
            host.follow(&mut updater, Updater::start)?;
            for name in &target_names {
                let ask = updater.find(name)?;
                host.follow(&mut updater, |_| ask)?;
            }
            Ok(())
        }
    }
}

/// The one root that is kept: the newest, trusted since it was stored.
const ROOT: &str = "root.json";

struct Host {
    metadata: Folder,
    metadata_url: String,
    targets: Option<(Folder, String)>,
}

impl Host {
    fn updater(&self) -> Result<Updater> {
        let root = self.metadata.read(ROOT).context("no root.json: run `init` first")?;
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?;
        Ok(Updater::new(&root, Time(now.as_secs()), Limits::default())?)
    }

    /// Answers until the updater is done, or has a target.
    fn follow(&self, updater: &mut Updater, begin: impl FnOnce(&mut Updater) -> Ask) -> Result<()> {
        let mut ask = begin(updater);
        let mut fetched = false;
        loop {
            let answer = match ask {
                Ask::Load { name } => self.metadata.read(&name).filter(|_| !name.ends_with(".root.json")),
                Ask::FetchMetadata { name, max } => http::get(&self.metadata_url, &name, max)?,
                Ask::Store { name, bytes } => {
                    let name = if name.ends_with(".root.json") { ROOT } else { &name };
                    self.metadata.write(name, &bytes)?;
                    None
                }
                Ask::Done => return Ok(()),
                Ask::LoadTarget { path } => self.targets()?.0.read(&path),
                Ask::FetchTarget { path, max } => {
                    fetched = true;
                    http::get(&self.targets()?.1, &path, max)?
                }
                Ask::Take { path, bytes } => {
                    if fetched {
                        self.targets()?.0.write(&path, &bytes)?;
                    }
                    return Ok(());
                }
            };
            ask = updater.answer(answer)?;
        }
    }

    fn targets(&self) -> Result<&(Folder, String)> {
        let Some(targets) = &self.targets else { bail!("no targets were asked for") };
        Ok(targets)
    }
}
