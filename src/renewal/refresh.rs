//! A refresh: everything that a newer list takes is fetched, accepted and stored, then the list is
//! put in use.

use super::{Host, IN_USE, Trouble, file, metadata};
use crate::list::{SignedList, TARGETS};
use crate::trust::update::{Ask, Limits, Updater};
use crate::trust::{File, Hashed, Refusal, Root, Time};

/// What a refresh came to.
#[derive(Debug)]
pub struct Renewed {
    /// The newest list; none where that is the packaged one.
    pub list: Option<SignedList>,
    /// It was not the list in use before.
    pub is_new: bool,
}

/// Brings the newest list from the mirror, or says why not. `root` is the packaged root of trust,
/// `floor` the version of the packaged targets metadata; `now` must not be below the greatest
/// time that was ever seen.
pub async fn refresh(host: &impl Host, root: &[u8], floor: u64, now: Time) -> Result<Renewed, Trouble> {
    host.progress(0, 0).await;
    let mut updater = Updater::new(root, now, Limits::default())?.at_least(floor);
    let ask = updater.start();
    follow(host, &mut updater, ask).await?;
    let trusted = updater.trusted()?;
    if trusted.targets.version == floor {
        return Ok(Renewed { list: None, is_new: false });
    }
    let names: Vec<String> = trusted.targets.names().map(str::to_owned).collect();
    let mut files: Vec<Option<Hashed>> = Vec::with_capacity(names.len());
    for name in &names {
        host.progress(files.len(), names.len()).await;
        let ask = updater.find(name)?;
        files.push(match follow(host, &mut updater, ask).await? {
            Some(bytes) => Some(host.hash(bytes).await),
            None => None,
        });
    }
    let kept = kept(root, updater.root(), names.iter().filter_map(|name| file(&trusted.targets, name)))?;
    // Only a list that this version can read takes the place of one that it could.
    let list = SignedList::open(trusted, files)?;
    let targets = host.load(&metadata(TARGETS)).await?.ok_or(Trouble::Storage)?;
    let is_new = host.load(IN_USE).await?.as_ref() != Some(&targets);
    if is_new {
        host.store(IN_USE, &targets).await?;
    }
    host.keep_only(&kept).await?;
    Ok(Renewed { list: Some(list), is_new })
}

/// Answers until the updater is done, or has the file that was looked for.
async fn follow(host: &impl Host, updater: &mut Updater, mut ask: Ask) -> Result<Option<Vec<u8>>, Trouble> {
    loop {
        let mut page = None;
        let answer = match ask {
            Ask::Done => return Ok(None),
            Ask::Take { path, bytes } => {
                let key = updater.targets().and_then(|targets| file(targets, &path)).ok_or(Trouble::Storage)?;
                if host.load(&key).await?.as_ref() != Some(&bytes) {
                    host.store(&key, &bytes).await?;
                }
                return Ok(Some(bytes));
            }
            Ask::Load { name } => host.load(&metadata(&name)).await?,
            Ask::Store { name, bytes } => {
                host.store(&metadata(&name), &bytes).await?;
                None
            }
            Ask::LoadTarget { path } => match updater.targets().and_then(|targets| file(targets, &path)) {
                Some(key) => host.load(&key).await?,
                None => None,
            },
            Ask::FetchMetadata { name, max } => {
                let bytes = host.fetch(&metadata(&name), max).await?;
                page = bytes.as_deref().filter(|bytes| is_page(bytes)).map(|_| name);
                bytes
            }
            Ask::FetchTarget { path, max } => host.fetch(&format!("targets/{path}"), max).await?,
        };
        ask = match (updater.answer(answer), page) {
            (Ok(ask), _) => ask,
            (Err(_), Some(name)) => return Err(Trouble::Page(name)),
            (Err(refusal), None) => return Err(refusal.into()),
        };
    }
}

/// No metadata begins as markup does.
fn is_page(bytes: &[u8]) -> bool {
    bytes.trim_ascii_start().first() == Some(&b'<')
}

/// The keys that the list in use needs: its files, the newest metadata, and every root since the
/// packaged one.
fn kept(packaged: &[u8], newest: &Root, files: impl Iterator<Item = String>) -> Result<Vec<String>, Refusal> {
    let first = Root::open(packaged)?.version;
    let roots = (first..newest.version).map(|version| format!("{}.root.json", version + 1));
    let roles = [File::Timestamp, File::Snapshot, File::Targets].map(|role| role.to_string());
    let metadata = roots.chain(roles).map(|name| metadata(&name));
    Ok(metadata.chain(files).chain([IN_USE.to_owned()]).collect())
}
