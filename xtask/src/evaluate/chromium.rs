//! Chromium's own cases for its heuristics on lookalikes, and where we answer otherwise.
//!
//! Columns: source, test, input, target, expected. Chromium's brands are not ours, so a host that
//! it warns of resembles nothing here; what can be compared is how letters, slips and suffixes are
//! read, and that nothing that it calls safe alarms.

use super::{Judge, sets};
use anyhow::Result;
use bon_guichet::address::{Address, url_crate};
use bon_guichet::resemblance::is_one_slip;
use std::collections::BTreeMap;
use std::path::Path;

/// What we answer, and why that may differ.
struct Answer {
    agrees: bool,
    reason: &'static str,
}

/// Prints how many cases of each test agree, and each that does not.
pub fn compare(file: &Path, judge: &Judge) -> Result<()> {
    let cases = sets::text(file)?;
    let mut counts: BTreeMap<&str, [usize; 3]> = BTreeMap::new();
    let mut differences = Vec::new();
    for row in cases.lines().skip(1) {
        let mut cells = row.split('\t').skip(1);
        let mut cell = || cells.next().unwrap_or_default();
        let (test, input, target, expected) = (cell(), cell(), cell(), cell());
        let [same, other, not_asked] = counts.entry(test).or_default();
        match answer(test, input, target, expected, judge) {
            None => *not_asked += 1,
            Some(answer) if answer.agrees => *same += 1,
            Some(answer) => {
                *other += 1;
                differences.push(format!("{test}: {input} {target} {expected}: {}", answer.reason));
            }
        }
    }
    println!("\nChromium's cases\n{:<28} agree  differ  not asked", "test");
    for (test, [same, other, not_asked]) in counts {
        println!("{test:<28} {same:>5} {other:>7} {not_asked:>10}");
    }
    println!("{}", differences.join("\n"));
    Ok(())
}

/// Nothing where the case asks for something that has no counterpart here.
fn answer(test: &str, input: &str, target: &str, expected: &str, judge: &Judge) -> Option<Answer> {
    let answer = match test {
        "IsEditDistanceAtMostOne" => {
            let ours = input == target || is_one_slip(input.as_bytes(), target.as_bytes());
            let reason =
                if ours { "an exchange of neighbours is one slip here" } else { "numbers that differ are no slip" };
            Answer { agrees: ours == (expected == "true"), reason }
        }
        "HasOneCharacterSwap" => {
            let ours = input != target && is_one_slip(input.as_bytes(), target.as_bytes());
            Answer {
                agrees: ours == (expected == "true"),
                reason: "a letter more, less or another is one slip here too",
            }
        }
        "Skeleton" => {
            let agrees = expected.split(['|', ' ', ',']).any(|skeleton| judge.resemblance.look_alike(input, skeleton));
            Answer { agrees, reason: "Chromium adds it to UTS 39, or no host name may hold it" }
        }
        "GetETLDPlusOne" => {
            let url = format!("https://{input}/");
            let suffixes = judge.list.public_suffixes();
            let address = Address::read(&url, url_crate, suffixes.as_ref()).ok();
            let ours = address.as_ref().and_then(Address::registrable_domain).unwrap_or_default();
            Answer {
                agrees: ours == expected,
                reason: "another revision of the Public Suffix List, or its private section",
            }
        }
        // Of strings, tables and browsers alone.
        "AlternativeSkeletons" | "IsTopDomain" | "ShouldBlockBySpoofCheck" => return None,
        _ => {
            let agrees = matches!(expected, "kNone" | "kSafe" | "none" | "false_positive" | "not_shown" | "kInvalid");
            match judge.find(input) {
                Some(_) => Answer { agrees: false, reason: "ALARM" },
                None => Answer { agrees, reason: "no listed site is imitated" },
            }
        }
    };
    Some(answer)
}
