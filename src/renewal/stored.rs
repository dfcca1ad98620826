//! The list that the last refresh left in store, opened again at every start.

use super::{Host, IN_USE, Trouble, file, metadata};
use crate::list::SignedList;
use crate::trust::{Hashed, Root, Trusted};

/// The stored list, if there is one and it is newer than the packaged list, whose targets metadata
/// has the version `floor`. Everything is verified again, from the packaged `root` on.
pub async fn stored(host: &impl Host, root: &[u8], floor: u64) -> Result<Option<SignedList>, Trouble> {
    let mut in_use = host.load(IN_USE).await?;
    while let Some(targets) = in_use {
        let opened = open(host, root, &targets, floor).await;
        in_use = host.load(IN_USE).await?;
        // A refresh may have put another list in use meanwhile, and swept this one away.
        if in_use.as_ref() == Some(&targets) {
            return opened;
        }
    }
    Ok(None)
}

async fn open(host: &impl Host, root: &[u8], targets: &[u8], floor: u64) -> Result<Option<SignedList>, Trouble> {
    let trusted = Trusted::under(newest_root(host, root).await?, targets)?;
    if trusted.targets.version <= floor {
        return Ok(None);
    }
    let names: Vec<String> = trusted.targets.names().map(str::to_owned).collect();
    let mut files: Vec<Option<Hashed>> = Vec::with_capacity(names.len());
    for name in names {
        let key = file(&trusted.targets, &name).ok_or(Trouble::Storage)?;
        files.push(match host.load(&key).await? {
            Some(bytes) => Some(host.hash(bytes).await),
            None => None,
        });
    }
    Ok(Some(SignedList::open(trusted, files)?))
}

/// As far as stored roots lead from the packaged one, each signed by the one before.
async fn newest_root(host: &impl Host, packaged: &[u8]) -> Result<Root, Trouble> {
    let mut root = Root::open(packaged)?;
    while let Some(bytes) = host.load(&metadata(&format!("{}.root.json", root.version.saturating_add(1)))).await? {
        let Ok(next) = root.rotate(&bytes) else { break };
        root = next;
    }
    Ok(root)
}
