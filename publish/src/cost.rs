//! What a repository costs to serve: computed from the sizes of its own files.

use crate::client::Client;
use crate::published::Published;
use anyhow::{Context, Result, anyhow};
use bon_guichet::trust::Time;
use std::collections::BTreeMap;

/// The list in one piece, by its target name; where there is none, it is all parts together.
const WHOLE: &str = "list.bin";
/// What the names of the parts that are cut by département start with.
const PART: &str = "dep-";
/// Days in a month, in the mean.
const MONTH: f64 = 365.25 / 12.0;

/// What is assumed of a year.
#[derive(Debug, Clone, Copy)]
pub struct Assumed {
    /// Lists published a month.
    pub lists: f64,
    /// Entries that change a month, spread over the parts by their size.
    pub changes: f64,
    /// Days from one snapshot to the next where no list comes between.
    pub snapshot_days: f64,
    /// Bytes of handshake and headers for each visit.
    pub overhead: f64,
}

/// A file, and what it is on the wire.
#[derive(Debug, Clone)]
pub struct Sized {
    /// Its path, or its target name.
    pub name: String,
    /// As it is.
    pub bytes: usize,
    /// With brotli at its best, or as it is if that is smaller.
    pub wire: usize,
}

/// Requests, and bytes on the wire.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Load {
    /// How many.
    pub requests: f64,
    /// On the wire.
    pub bytes: f64,
}

impl Load {
    fn of<'f>(files: impl IntoIterator<Item = &'f Sized>) -> Self {
        files.into_iter().fold(Self::default(), |sum, file| sum.plus(Self { requests: 1.0, bytes: size(file.wire) }))
    }

    fn plus(self, other: Self) -> Self {
        Self { requests: self.requests + other.requests, bytes: self.bytes + other.bytes }
    }

    fn times(self, factor: f64) -> Self {
        Self { requests: self.requests * factor, bytes: self.bytes * factor }
    }
}

/// What one install asks for.
#[derive(Debug, Clone)]
pub struct Costs {
    /// Every file that clients fetch.
    pub files: Vec<Sized>,
    /// Parts by département, and how many of them a list is expected to change.
    pub parts: (usize, f64),
    /// A day without a new list: the next root, which is not there, and the timestamp.
    pub quiet_day: Load,
    /// What a new list adds when the list is fetched whole.
    pub whole: Load,
    /// What a new list adds when only its changed parts are fetched.
    pub by_parts: Load,
    /// A mean day, the list fetched whole.
    pub mean_whole: Load,
    /// A mean day, only changed parts fetched.
    pub mean_by_parts: Load,
}

/// Measures a repository that clients accept. `done` is told of each file that was compressed, and
/// of how many there are.
pub fn measure(published: &Published, assumed: Assumed, now: Time, mut done: impl FnMut(usize)) -> Result<Costs> {
    let first = published.served("metadata/1.root.json").context("the repository has no metadata/1.root.json")?;
    let updated = Client::new(first).update(now, |path| published.served(path));
    let targets = updated.map_err(|refusal| anyhow!("clients refuse the repository: {refusal}"))?.files;
    let mut sized = BTreeMap::new();
    let metadata = published.metadata().map(|(name, bytes)| (format!("{name}.json"), bytes.clone()));
    let all: Vec<_> = metadata.chain(targets).collect();
    for (name, bytes) in &all {
        let wire = brotli(bytes)?.min(bytes.len());
        sized.insert(name.clone(), Sized { name: name.clone(), bytes: bytes.len(), wire });
        done(all.len());
    }
    costs(sized, assumed)
}

/// The table for files of these sizes.
fn costs(mut sized: BTreeMap<String, Sized>, assumed: Assumed) -> Result<Costs> {
    let files: Vec<Sized> = sized.values().cloned().collect();
    let mut take = |name: &str| sized.remove(name).with_context(|| format!("the repository has no {name}"));
    let [timestamp, snapshot, targets] = ["timestamp.json", "snapshot.json", "targets.json"].map(&mut take);
    let (timestamp, metadata) = (timestamp?, [snapshot?, targets?]);
    // Fetched when it is rotated, which is seldom enough not to count.
    sized.remove("root.json");
    let whole = sized.remove(WHOLE);
    let (parts, others): (Vec<Sized>, Vec<Sized>) = sized.into_values().partition(|file| file.name.starts_with(PART));

    // Each change falls on a part with a chance that its share of the bytes gives.
    let total: f64 = parts.iter().map(|part| size(part.bytes)).sum();
    let a_list = assumed.changes / assumed.lists;
    let changed = |part: &Sized| 1.0 - (-a_list * size(part.bytes) / total).exp();
    let expected = parts.iter().fold(Load::default(), |sum, part| sum.plus(Load::of([part]).times(changed(part))));

    let quiet_day = Load { requests: 2.0, bytes: size(timestamp.wire) + assumed.overhead };
    let (metadata, others_load) = (Load::of(&metadata), Load::of(&others));
    let by_parts = metadata.plus(others_load).plus(expected);
    // In one piece, the list stands for its national part as well.
    let beside = others.iter().filter(|file| whole.is_none() || file.name != bon_guichet::list::NATIONAL);
    let pieces = if whole.is_some() { Vec::new() } else { parts.iter().collect() };
    let whole = metadata.plus(Load::of(beside)).plus(Load::of(&whole)).plus(Load::of(pieces));

    let snapshots = (1.0 / assumed.snapshot_days - assumed.lists / MONTH).max(0.0);
    let quiet =
        quiet_day.plus(Load { requests: 1.0, bytes: size(files_named(&files, "snapshot.json")) }.times(snapshots));
    let mean = |list: Load| quiet.plus(list.times(assumed.lists / MONTH));
    Ok(Costs {
        parts: (parts.len(), expected.requests),
        quiet_day,
        whole,
        by_parts,
        mean_whole: mean(whole),
        mean_by_parts: mean(by_parts),
        files,
    })
}

fn files_named(files: &[Sized], name: &str) -> usize {
    files.iter().find(|file| file.name == name).map_or(0, |file| file.wire)
}

fn brotli(bytes: &[u8]) -> Result<usize> {
    let mut packed = Vec::new();
    let parameters = brotli::enc::BrotliEncoderParams::default();
    brotli::BrotliCompress(&mut &bytes[..], &mut packed, &parameters).context("cannot compress")
}

/// Files are far below 2^52 bytes, up to which a float counts exactly.
#[expect(clippy::cast_precision_loss, reason = "see above")]
fn size(bytes: usize) -> f64 {
    bytes as f64
}

#[cfg(test)]
mod tests {
    use super::{Assumed, Load, Sized, costs};

    fn files(sizes: &[(&str, usize)]) -> std::collections::BTreeMap<String, Sized> {
        let file =
            |&(name, wire): &(&str, usize)| (name.to_owned(), Sized { name: name.to_owned(), bytes: wire, wire });
        sizes.iter().map(file).collect()
    }

    const ASSUMED: Assumed = Assumed { lists: 1.0, changes: 2.0, snapshot_days: 1000.0, overhead: 10.0 };
    const METADATA: [(&str, usize); 3] = [("timestamp.json", 100), ("snapshot.json", 200), ("targets.json", 300)];

    /// Two parts of one size, and two changes: each is changed with 1 − e⁻¹.
    #[test]
    fn parts_are_expected_to_change_by_their_share() {
        let parts = [("dep-01.bin", 1000), ("dep-02.bin", 1000), ("list.bin", 1900), ("national.bin", 50)];
        let found = costs(files(&[&METADATA[..], &parts].concat()), ASSUMED).unwrap();
        assert_eq!(found.quiet_day, Load { requests: 2.0, bytes: 110.0 });
        assert_eq!(found.whole, Load { requests: 3.0, bytes: 200.0 + 300.0 + 1900.0 });
        let changed = 2.0 * (1.0 - (-1.0_f64).exp());
        assert!((found.parts.1 - changed).abs() < 1e-12);
        assert!((found.by_parts.bytes - (550.0 + 1000.0 * changed)).abs() < 1e-9);
        assert!((found.mean_whole.bytes - (110.0 + 2400.0 / (365.25 / 12.0))).abs() < 1e-9);
    }

    /// Before the list is cut, whole and parts are the same thing.
    #[test]
    fn a_list_that_is_not_cut_is_fetched_whole() {
        let found = costs(files(&[&METADATA[..], &[("national.bin", 1000)]].concat()), ASSUMED).unwrap();
        assert_eq!((found.whole, found.parts), (found.by_parts, (0, 0.0)));
        assert_eq!(found.whole, Load { requests: 3.0, bytes: 1500.0 });
    }
}
