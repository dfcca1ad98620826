//! The list from its shards: what lets an update fetch only those that changed.
//!
//! `list.bin` holds every site. Beside it the publisher signs one file for the national sites and
//! one for each département, so that a client that holds a list puts the next one together from it
//! and the files that changed. Packing is deterministic: what comes out has the SHA-256 that was
//! signed for `list.bin`, or is not used.

use super::{Packer, Shard};

/// What the target names of the départements' files start and end with.
const DEPARTMENT: (&str, &str) = ("dep-", ".bin");
/// The national sites, by their target name.
pub const NATIONAL: &str = "national.bin";

/// The target name of a shard, such as `dep-2a.bin`, by the INSEE code of its département; the
/// empty code stands for the national sites.
pub fn shard_name(department: &str) -> String {
    let (before, after) = DEPARTMENT;
    match department {
        "" => NATIONAL.to_owned(),
        code => format!("{before}{}{after}", code.to_ascii_lowercase()),
    }
}

/// The département of a shard by its target name, empty for [`NATIONAL`]; nothing for a target
/// that is no shard.
pub fn shard_department(name: &str) -> Option<String> {
    let (before, after) = DEPARTMENT;
    match name {
        NATIONAL => Some(String::new()),
        _ => Some(name.strip_prefix(before)?.strip_suffix(after)?.to_ascii_uppercase()).filter(|code| !code.is_empty()),
    }
}

/// Why a list could not be put together. The client then fetches the whole one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotAssembled {
    /// The list in use cannot be read to its end.
    Current,
    /// The shard of that département cannot be read to its end, or holds what is not its own.
    Shard(String),
}

/// Puts the bytes of the next `list.bin` together: the sites of `current`, but for each département
/// in `changed` those of its shard; none where a shard is there no more.
///
/// Whoever calls it compares the result with length and hash that were signed for `list.bin`.
pub fn assemble(current: &Shard, changed: &[(&str, Option<&Shard>)]) -> Result<Vec<u8>, NotAssembled> {
    let mut packer = Packer::default();
    let read = current.for_each(|host, scope, record| {
        if changed.iter().all(|(department, _)| *department != record.department) {
            packer.add(&host, scope, record);
        }
    });
    read.ok_or(NotAssembled::Current)?;
    for (department, shard) in changed {
        let Some(shard) = shard else { continue };
        let mut is_own = true;
        let read = shard.for_each(|host, scope, record| {
            is_own &= record.department == *department;
            packer.add(&host, scope, record);
        });
        read.filter(|()| is_own).ok_or_else(|| NotAssembled::Shard((*department).to_owned()))?;
    }
    packer.pack().map_err(|_| NotAssembled::Current)
}
