//! What new metadata must be, beside well signed: newer than what is known, what the file before
//! it names, and not expired (TUF §5.4 to §5.6).

use super::Updater;
use crate::envelope::Role;
use crate::metadata::{Meta, Snapshot, Targets, Timestamp};
use crate::{File, Refusal, Time};

/// Which of two timestamps is in force.
pub(super) enum Newest {
    /// The repository has nothing newer.
    Known(Timestamp),
    /// The repository's is newer.
    Offered(Timestamp),
}

impl Updater {
    /// §5.4.2 to §5.4.4. An offered timestamp of the version that is known is set aside, whatever
    /// it holds.
    pub(super) fn accept_timestamp(&self, bytes: &[u8], known: Option<Timestamp>) -> Result<Newest, Refusal> {
        within(bytes, self.limits.timestamp, &File::Timestamp)?;
        let offered = Timestamp::open(bytes, &self.root.timestamp)?;
        if let Some(known) = known {
            not_older(known.version, offered.version, &File::Timestamp)?;
            if known.version == offered.version {
                self.not_expired(known.expires, &File::Timestamp)?;
                return Ok(Newest::Known(known));
            }
            not_older(known.snapshot.version, offered.snapshot.version, &File::Snapshot)?;
        }
        self.not_expired(offered.expires, &File::Timestamp)?;
        Ok(Newest::Offered(offered))
    }

    /// §5.5.2 to §5.5.6. A known snapshot was verified with the keys of the root now in force.
    pub(super) fn accept_snapshot(
        &self,
        bytes: &[u8],
        timestamp: &Timestamp,
        known: Option<&Snapshot>,
    ) -> Result<Snapshot, Refusal> {
        within(bytes, self.limits.snapshot, &File::Snapshot)?;
        timestamp.snapshot.check(bytes, File::Snapshot)?;
        let offered = Snapshot::open(bytes, &self.root.snapshot)?;
        for (name, meta) in known.iter().flat_map(|known| known.iter()) {
            let file = match name.strip_suffix(".json") {
                Some("targets") | None => File::Targets,
                Some(role) => File::Delegated(role.to_owned()),
            };
            let Some(now) = offered.named(name) else { return Err(Refusal::Removed(file)) };
            not_older(meta.version, now.version, &file)?;
        }
        self.check_snapshot(bytes, &offered, timestamp)?;
        Ok(offered)
    }

    /// What holds for a snapshot that was known as for one that is new.
    pub(super) fn check_snapshot(
        &self,
        bytes: &[u8],
        snapshot: &Snapshot,
        timestamp: &Timestamp,
    ) -> Result<(), Refusal> {
        timestamp.snapshot.check(bytes, File::Snapshot)?;
        timestamp.snapshot.check_version(snapshot.version, File::Snapshot)?;
        not_older(self.floor, snapshot.get(&File::Targets)?.version, &File::Targets)?;
        self.not_expired(snapshot.expires, &File::Snapshot)
    }

    /// §5.6.2 to §5.6.5, for the top-level role and for delegated ones.
    pub(super) fn accept_targets(
        &self,
        bytes: &[u8],
        file: &File,
        role: &Role,
        meta: &Meta,
    ) -> Result<Targets, Refusal> {
        within(bytes, self.limits.targets, file)?;
        meta.check(bytes, file.clone())?;
        let targets = Targets::open(bytes, file.clone(), role)?;
        meta.check_version(targets.version, file.clone())?;
        self.not_expired(targets.expires, file)?;
        Ok(targets)
    }

    pub(super) fn not_expired(&self, expires: Time, file: &File) -> Result<(), Refusal> {
        if self.now < expires {
            return Ok(());
        }
        Err(Refusal::Expired { file: file.clone(), at: expires })
    }
}

pub(super) fn not_older(known: u64, offered: u64, file: &File) -> Result<(), Refusal> {
    if offered >= known {
        return Ok(());
    }
    Err(Refusal::Rollback { file: file.clone(), known, offered })
}

/// A host may hand over more than it was asked for.
pub(super) fn within(bytes: &[u8], limit: usize, file: &File) -> Result<(), Refusal> {
    if bytes.len() <= limit {
        return Ok(());
    }
    Err(Refusal::TooLong { file: file.clone(), limit })
}
