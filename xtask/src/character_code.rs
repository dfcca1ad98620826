//! `cargo xtask character-code`: the static code of packed maps, counted from lists of hosts.
//!
//! Another code is another format: change the list's magic with it.

use crate::paths;
use anyhow::{Context, Result, anyhow};
use bon_guichet::hosts::code::{ESCAPE, MAX_LENGTH, ROWS, SYMBOLS};
use bon_guichet::hosts::{Layout, Sink, spell};
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs;
use std::path::PathBuf;

/// What is counted is how keys follow one another in a block; more keys in it change little.
const LAYOUT: Layout = Layout { keys_per_block: 32, filter: false, plain: false };

#[derive(clap::Args)]
pub struct Arguments {
    /// Files of hosts, the first of the tab-separated columns of each line; each file counts alike
    #[arg(required = true, value_name = "FILE")]
    hosts: Vec<PathBuf>,
    /// Where to write the lengths
    #[arg(long, default_value_os_t = paths::root().join("src/hosts/lengths.txt"))]
    out: PathBuf,
}

/// How often each symbol stands in each row.
struct Counts(Vec<[u64; SYMBOLS]>);

impl Sink for Counts {
    fn symbol(&mut self, row: usize, symbol: u8) {
        if let Some(count) = self.0.get_mut(row).and_then(|row| row.get_mut(usize::from(symbol))) {
            *count += 1;
        }
    }

    fn raw(&mut self, _: u32, _: u32) {}
}

impl Arguments {
    pub fn run(self) -> Result<()> {
        let mut all = vec![[0; SYMBOLS]; ROWS];
        for file in &self.hosts {
            let text = fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
            let hosts = text.lines().filter_map(|line| line.split('\t').next()).filter(|host| host.contains('.'));
            let mut counts = Counts(vec![[0; SYMBOLS]; ROWS]);
            spell(hosts, LAYOUT, &mut counts).map_err(|bad| anyhow!("{}: {:?} is no host", file.display(), bad.0))?;
            let total: u64 = counts.0.iter().flatten().sum();
            for (sum, count) in all.iter_mut().flatten().zip(counts.0.iter().flatten()) {
                *sum += count * 1_000_000 / total.max(1);
            }
        }
        let text: String = all.iter().map(|counts| line(&lengths(counts))).collect();
        fs::write(&self.out, text).with_context(|| format!("cannot write {}", self.out.display()))
    }
}

fn line(lengths: &[u32; SYMBOLS]) -> String {
    let digits: String = lengths.iter().map(u32::to_string).collect();
    digits + "\n"
}

/// The lengths of a prefix code in which the rare symbols share [`ESCAPE`], so that none is longer
/// than [`MAX_LENGTH`].
fn lengths(counts: &[u64; SYMBOLS]) -> [u32; SYMBOLS] {
    let total: u64 = counts.iter().sum();
    let mut least = total >> (MAX_LENGTH + 1);
    loop {
        let mut kept = counts.map(|count| if count > least { count } else { 0 });
        let rare = total - kept.iter().sum::<u64>();
        if let Some(escape) = kept.get_mut(usize::from(ESCAPE)) {
            *escape = rare.max(1);
        }
        let lengths = huffman(&kept);
        if lengths.iter().all(|&length| length <= MAX_LENGTH) {
            return lengths;
        }
        least += least / 16 + 1;
    }
}

/// Huffman's algorithm; 0 for what does not occur. Among equals, the lower symbol goes first.
fn huffman(counts: &[u64; SYMBOLS]) -> [u32; SYMBOLS] {
    let mut lengths = [0; SYMBOLS];
    let mut lengthen = |symbols: &[usize]| {
        for &symbol in symbols {
            if let Some(length) = lengths.get_mut(symbol) {
                *length += 1;
            }
        }
    };
    let occurs = counts.iter().enumerate().filter(|(_, count)| **count > 0);
    let mut trees: BinaryHeap<_> = occurs.map(|(symbol, count)| Reverse((*count, vec![symbol]))).collect();
    // One symbol alone would take no bits, which canonical codes cannot say.
    if let (1, Some(Reverse((_, alone)))) = (trees.len(), trees.peek()) {
        let unused = usize::from(*alone == [0]);
        trees.push(Reverse((0, vec![unused])));
    }
    while let (Some(Reverse((a, mut symbols))), Some(Reverse((b, others)))) = (trees.pop(), trees.pop()) {
        symbols.extend(others);
        lengthen(&symbols);
        trees.push(Reverse((a + b, symbols)));
    }
    lengths
}
