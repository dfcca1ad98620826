//! Reviewed text with defects: `publish/tests/defects/*.toml`.

use crate::lists::{self, Files, data, entry, files_of, suffixes};
use crate::table::{fail_on, workspace};
use publish::build;
use publish::reviewed::{self, Reviewed};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

const FOLDERS: [&str; 2] = ["official-sites", "revocations"];

/// Every defect of a file, and nothing else, at its line, with entry, field and remedy.
#[test]
fn every_defect_is_told_where_it_stands() {
    let mut failures = Vec::new();
    let mut wanted_in_all = 0;
    for file in defects() {
        let name = name_of(&file);
        let data = data();
        let folder = if name.starts_with("revoked") { FOLDERS[1] } else { FOLDERS[0] };
        let place = data.path().join(folder).join(&name);
        fs::copy(&file, &place).unwrap();
        let mut told = told(&read(data.path()), &place);
        let wanted = wanted(&fs::read_to_string(&file).unwrap());
        assert!(!wanted.is_empty(), "{name} expects nothing");
        wanted_in_all += wanted.len();
        for (line, text) in wanted {
            match told.iter().position(|told| told.0 == line && fits(&told.1, &text)) {
                Some(position) => drop(told.remove(position)),
                None => failures.push(format!("{name}:{line}: wanted {text}")),
            }
        }
        failures.extend(told.iter().map(|(line, text)| format!("{name}:{line}: told {text}")));
    }
    assert!(wanted_in_all > 60, "only {wanted_in_all} defects are expected");
    fail_on(&failures);
}

/// The same of what is imitated, whose files speak of one another.
#[test]
fn every_defect_of_resemblance_is_told_where_it_stands() {
    let data = data();
    let folder = data.path().join("resemblance");
    crate::lists::copy(&workspace("publish/tests/defects/resemblance"), &folder);
    let reviewed = read(data.path());
    let mut failures = Vec::new();
    for name in ["brands.toml", "names.toml", "words.toml"] {
        let place = folder.join(name);
        let mut told = told_of(&reviewed, &place);
        let wanted = wanted(&fs::read_to_string(&place).unwrap());
        assert!(!wanted.is_empty(), "{name} expects nothing");
        for (line, text) in wanted {
            match told.iter().position(|told| told.0 == line && fits(&told.1, &text)) {
                Some(position) => drop(told.remove(position)),
                None => failures.push(format!("{name}:{line}: wanted {text}")),
            }
        }
        failures.extend(told.iter().map(|(line, text)| format!("{name}:{line}: told {text}")));
    }
    fail_on(&failures);
}

/// Several files at once: every defect of each is told, in order of place.
#[test]
fn the_defects_of_all_files_are_told_at_once() {
    let data = data();
    let mut wanted_in_all = 0;
    for file in defects() {
        let folder = if name_of(&file).starts_with("revoked") { FOLDERS[1] } else { FOLDERS[0] };
        let name = name_of(&file);
        fs::copy(&file, data.path().join(folder).join(&name)).unwrap();
        wanted_in_all += wanted(&fs::read_to_string(&file).unwrap()).len();
    }
    let problems = read(data.path()).problems;
    assert!(problems.len() >= wanted_in_all, "{} of {wanted_in_all} defects were told", problems.len());
    assert!(problems.is_sorted());
    let error = build::development(data.path(), &data.path().join("out")).unwrap_err().to_string();
    assert!(error.starts_with(&format!("{} defects, nothing was packed:", problems.len())), "{error}");
    assert_eq!(error.lines().count(), 1 + problems.len());
    for problem in problems {
        assert!(error.contains(&problem.to_string()), "{problem}");
    }
}

/// In two files as in one: both entries are refused, each with the other's place.
#[test]
fn two_files_that_disagree_are_refused_together() {
    let data = data();
    for (name, organisation) in [("a.toml", "Ville"), ("b.toml", "Autre")] {
        fs::write(data.path().join(FOLDERS[0]).join(name), entry("double.example", organisation)).unwrap();
    }
    let found = read(data.path());
    let places: Vec<String> = found.problems.iter().map(ToString::to_string).collect();
    let [first, second] = places.as_slice() else { panic!("{places:?}") };
    for (text, own, other) in [(first, "a.toml:1: ", "b.toml:1"), (second, "b.toml:1: ", "a.toml:1")] {
        assert!(text.contains(&format!("{own}double.example: stands also at ")) && text.contains(other), "{text}");
    }
    assert!(found.sites.iter().all(|site| site.host != "double.example"));
}

/// Whether the name itself is revoked or one above it; a revocation below it is no contradiction.
#[test]
fn a_host_that_is_listed_and_revoked_is_refused() {
    for (listed, revoked, is_refused) in [
        ("commune.example", "commune.example", true),
        ("blog.commune.example", "commune.example", true),
        ("a.b.commune.example", "commune.example", true),
        ("commune.example", "blog.commune.example", false),
        ("commune.example", "notcommune.example", false),
        ("notcommune.example", "commune.example", false),
    ] {
        let data = data();
        fs::write(data.path().join(FOLDERS[0]).join("x.toml"), entry(listed, "Ville")).unwrap();
        let revocation = format!(
            "[[revoked]]\nhost = {revoked:?}\nreason = \"squatted\"\nsources = [\"test\"]\nchecked = 2026-11-22\n"
        );
        fs::write(data.path().join(FOLDERS[1]).join("y.toml"), revocation).unwrap();
        let found = read(data.path());
        let told: Vec<String> = found.problems.iter().map(ToString::to_string).collect();
        assert_eq!(found.sites.iter().any(|site| site.host == listed), !is_refused, "{listed}, {revoked}: {told:?}");
        assert!(found.revocations.iter().any(|revocation| revocation.host == revoked), "{listed}, {revoked}");
        if is_refused {
            let [text] = told.as_slice() else { panic!("{told:?}") };
            assert!(text.contains(&format!("x.toml:1: {listed}: is revoked at ")), "{text}");
            assert!(text.contains("y.toml:1; remove the entry"), "{text}");
        } else {
            assert!(told.is_empty(), "{told:?}");
        }
    }
}

/// What stood there stays, byte for byte; where nothing stood, nothing appears.
#[test]
fn nothing_is_written_where_there_is_a_defect() {
    let data = data();
    let (out, fresh) = (data.path().join("out"), data.path().join("fresh"));
    build::development(data.path(), &out).unwrap();
    let before = files_of(&out);
    assert!(lists::open(&before).is_ok());
    for (name, text) in [
        ("official-sites/x.toml", "[[site]]\nhost = 3\n"),
        ("revocations/x.toml", "[[revoked]]\n"),
        ("release.toml", "version = 1\n"),
        (
            "release.toml",
            "version = 2\npublished = \"2026-11-22\"\nexpires = \"2027-11-22T00:00:00Z\"\nroot = { version = 1, expires = \"2031-11-22T00:00:00Z\" }\n",
        ),
        ("sources.toml", "[test]\ntitle = \"?\"\n"),
        ("shared-platforms.toml", "hosts = []\n"),
        ("keys/development/targets-1.pem", "no key\n"),
    ] {
        let file = data.path().join(name);
        let was = fs::read(&file).ok();
        fs::write(&file, text).unwrap();
        for out in [&out, &fresh] {
            let error = format!("{:#}", build::development(data.path(), out).expect_err(name));
            assert!(error.contains(file.file_name().unwrap().to_str().unwrap()), "{name}: {error}");
        }
        assert_eq!(files_of(&out), before, "{name}");
        assert!(!fresh.exists(), "{name}");
        match was {
            Some(was) => fs::write(&file, was).unwrap(),
            None => fs::remove_file(&file).unwrap(),
        }
    }
    build::development(data.path(), &fresh).unwrap();
    assert_eq!(files_of(&fresh), before);
}

/// A file that is there no more does not stay behind, and neither does a folder for work.
#[test]
fn a_list_takes_the_place_of_the_one_before() {
    let data = data();
    let out = data.path().join("out");
    fs::create_dir(&out).unwrap();
    fs::write(out.join("old.bin"), "old").unwrap();
    let others = || fs::read_dir(data.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect::<BTreeSet<_>>();
    let before = others();
    build::development(data.path(), &out).unwrap();
    let names: Vec<String> = files_of(&out).into_keys().collect();
    assert_eq!(names, ["list.bin", "public-suffixes.bin", "revocations.bin", "root.json", "targets.json"]);
    assert_eq!(others(), before, "a folder for work was left behind");
}

/// Built twice, and from the same entries in other files and in another order.
#[test]
fn the_same_text_gives_the_same_bytes() {
    let data = data();
    let first = built(data.path());
    assert_eq!(built(data.path()), first);
    for folder in FOLDERS {
        let folder = data.path().join(folder);
        let files: Vec<PathBuf> = fs::read_dir(&folder).unwrap().map(|file| file.unwrap().path()).collect();
        let text: String = files.iter().map(|file| fs::read_to_string(file).unwrap()).collect();
        let text = text.lines().filter(|line| !line.starts_with('#')).collect::<Vec<_>>().join("\n");
        let mut entries: Vec<&str> = text.split("\n\n").map(str::trim).filter(|entry| !entry.is_empty()).collect();
        assert!(entries.len() > 2, "{}", folder.display());
        entries.reverse();
        for file in files {
            fs::remove_file(file).unwrap();
        }
        let (odd, even): (Vec<_>, Vec<_>) = entries.iter().zip(0..).partition(|(_, number)| number % 2 == 1);
        for (name, entries) in [("1.toml", even), ("2.toml", odd)] {
            let entries: Vec<&str> = entries.into_iter().map(|(entry, _)| *entry).collect();
            let text = entries.join(
                "

# A comment.
",
            );
            fs::write(folder.join(name), text).unwrap();
        }
    }
    assert_eq!(built(data.path()), first);
    // The comparison can tell: one letter more makes other bytes.
    fs::write(data.path().join("official-sites/3.toml"), entry("une.example", "Une")).unwrap();
    assert_ne!(built(data.path()), first);
}

fn built(data: &Path) -> Files {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("list");
    build::development(data, &out).unwrap();
    files_of(&out)
}

fn read(data: &Path) -> Reviewed {
    reviewed::read(data, &suffixes()).unwrap()
}

fn defects() -> Vec<PathBuf> {
    let files = fs::read_dir(workspace("publish/tests/defects")).unwrap().map(|file| file.unwrap().path());
    files.filter(|file| file.extension().is_some_and(|extension| extension == "toml")).collect()
}

fn name_of(file: &Path) -> String {
    file.file_name().unwrap().to_str().unwrap().to_owned()
}

/// Line and text of each defect of a file, as people read them.
fn told(reviewed: &Reviewed, file: &Path) -> Vec<(usize, String)> {
    let of_file = reviewed.problems.iter().map(|problem| {
        let text = problem.to_string();
        let place = format!("{}:{}: ", file.display(), problem.place.line);
        let text = text.strip_prefix(&place).unwrap_or_else(|| panic!("{text}: not at {place}"));
        (problem.place.line, text.to_owned())
    });
    of_file.collect()
}

/// The same, where other files have defects too.
fn told_of(reviewed: &Reviewed, file: &Path) -> Vec<(usize, String)> {
    let problems = reviewed.problems.iter().filter(|problem| problem.place.file == file);
    told(&Reviewed { problems: problems.cloned().collect(), ..Reviewed::default() }, file)
}

/// What the comments of a file expect. `expect@-1:` means the line before.
fn wanted(text: &str) -> Vec<(usize, String)> {
    let mut wanted = Vec::new();
    for (line, number) in text.lines().zip(1..) {
        for comment in line.split("# expect").skip(1) {
            let (back, text) = match comment.strip_prefix("@-1") {
                Some(rest) => (1, rest),
                None => (0, comment),
            };
            wanted.push((number - back, text.strip_prefix(": ").unwrap().trim_end().to_owned()));
        }
    }
    wanted
}

/// Whether the text is the pattern, in which `…` stands for any text. A text with `…` of its own
/// fits as well.
fn fits(text: &str, pattern: &str) -> bool {
    if text == pattern {
        return true;
    }
    let Some((before, after)) = pattern.split_once('…') else { return false };
    let Some(rest) = text.strip_prefix(before) else { return false };
    rest.char_indices().map(|(position, _)| position).chain([rest.len()]).any(|position| fits(&rest[position..], after))
}
