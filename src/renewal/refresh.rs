//! A refresh: everything that a newer list takes is fetched, accepted and stored, then the list is
//! put in use.

use super::{Floor, Host, IN_USE, Trouble, file, metadata};
use crate::list::{FILES, LIST, Shard, SignedList, TARGETS, assemble, shard_department};
use crate::trust::update::{Ask, Limits, Updater};
use crate::trust::{File, Hashed, Refusal, Root, Target, Targets, Time};

/// What a refresh came to.
#[derive(Debug)]
pub struct Renewed {
    /// The newest list; none where that is the packaged one.
    pub list: Option<SignedList>,
    /// It was not the list in use before.
    pub is_new: bool,
}

/// Brings the newest list from the mirror, or says why not. What the list `in_use` has already is
/// not fetched again. `now` must not be below the greatest time that was ever seen.
pub async fn refresh(
    host: &impl Host,
    floor: &Floor,
    in_use: Option<&SignedList>,
    now: Time,
) -> Result<Renewed, Trouble> {
    host.progress(0, 0).await;
    let mut updater = Updater::new(&floor.root, now, Limits::default())?.at_least(floor.version);
    let ask = updater.start();
    follow(host, &mut updater, ask, None).await?;
    let trusted = updater.trusted()?;
    if trusted.targets.version == floor.version {
        return Ok(Renewed { list: None, is_new: false });
    }
    let changed = in_use.map(|in_use| changed_shards(&in_use.trusted.targets, &trusted.targets)).unwrap_or_default();
    let steps = changed.len() + FILES.len();
    let next = match in_use {
        Some(in_use) => assembled(host, &mut updater, in_use, &changed, steps).await?,
        None => None,
    };
    let mut files: Vec<Option<Hashed>> = Vec::with_capacity(FILES.len());
    for name in FILES {
        host.progress(changed.len() + files.len(), steps).await;
        let known = match name {
            LIST if !changed.is_empty() => next.clone(),
            _ => in_use.and_then(|in_use| in_use.bytes(name)).map(<[u8]>::to_vec),
        };
        // A list may come without some; which, opening it says.
        if trusted.targets.get(name).is_none() {
            files.push(None);
            continue;
        }
        let ask = updater.find(name)?;
        files.push(match follow(host, &mut updater, ask, known).await? {
            Some(bytes) => Some(host.hash(bytes).await),
            None => None,
        });
    }
    let kept = kept(floor, updater.root(), &trusted.targets)?;
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

/// About what a request and the headers of its answer take, in bytes.
const REQUEST: u64 = 1024;

/// The shards by which the next list differs from the one in use, with what must be fetched of
/// each: nothing where it is there no more. None at all where the whole list takes fewer bytes.
fn changed_shards(in_use: &Targets, next: &Targets) -> Vec<(String, bool)> {
    let digest = |targets: &Targets, name: &str| targets.get(name).map(Target::digest);
    let gone = in_use.names().filter(|name| next.get(name).is_none());
    let shards = gone.chain(next.names()).filter(|name| shard_department(name).is_some());
    let changed = shards.filter(|name| digest(in_use, name) != digest(next, name));
    let changed: Vec<(String, bool)> = changed.map(|name| (name.to_owned(), next.get(name).is_some())).collect();
    let length = |name: &str| next.get(name).map_or(0, |target| target.length);
    let shorter = changed.iter().map(|(name, _)| length(name) + REQUEST).sum::<u64>() < length(LIST);
    if shorter { changed } else { Vec::new() }
}

/// The next list put together from the one in use and the shards that changed. Whatever goes wrong
/// with a shard, the whole list may still be there: it is fetched where this gives none, or one
/// that is not what was signed.
async fn assembled(
    host: &impl Host,
    updater: &mut Updater,
    in_use: &SignedList,
    changed: &[(String, bool)],
    steps: usize,
) -> Result<Option<Vec<u8>>, Trouble> {
    let mut shards = Vec::with_capacity(changed.len());
    for (name, is_there) in changed {
        host.progress(shards.len(), steps).await;
        let department = shard_department(name).unwrap_or_default();
        let shard = match is_there.then(|| updater.find(name)) {
            None => None,
            Some(Err(_)) => return Ok(None),
            Some(Ok(ask)) => match follow(host, updater, ask, None).await {
                Ok(Some(bytes)) => match Shard::open(bytes) {
                    Ok(shard) => Some(shard),
                    Err(_) => return Ok(None),
                },
                Ok(None) | Err(Trouble::Refused(_)) => return Ok(None),
                Err(trouble) => return Err(trouble),
            },
        };
        shards.push((department, shard));
    }
    let shards: Vec<_> = shards.iter().map(|(department, shard)| (department.as_str(), shard.as_ref())).collect();
    Ok(in_use.list.sites().and_then(|sites| assemble(sites, &shards).ok()))
}

/// Answers until the updater is done, or has the file that was looked for. `known` may be that
/// file: the updater says whether it is.
async fn follow(
    host: &impl Host,
    updater: &mut Updater,
    mut ask: Ask,
    known: Option<Vec<u8>>,
) -> Result<Option<Vec<u8>>, Trouble> {
    let mut known = known;
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
                Some(key) => host.load(&key).await?.or_else(|| known.take()),
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
fn kept(floor: &Floor, newest: &Root, targets: &Targets) -> Result<Vec<String>, Refusal> {
    let first = Root::open(&floor.root)?.version;
    let roots = (first..newest.version).map(|version| format!("{}.root.json", version + 1));
    let roles = [File::Timestamp, File::Snapshot, File::Targets].map(|role| role.to_string());
    let metadata = roots.chain(roles).map(|name| metadata(&name));
    let files = FILES.into_iter().filter_map(|name| file(targets, name));
    Ok(metadata.chain(files).chain([IN_USE.to_owned()]).collect())
}
