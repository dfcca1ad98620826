//! When entries must be looked at again.

use crate::lists;
use publish::build;
use publish::date::Date;

#[test]
fn months_are_added_as_the_calendar_has_them() {
    for (day, months, wanted) in [
        ("2026-11-22", 12, "2027-11-22"),
        ("2026-11-22", 1, "2026-12-22"),
        ("2026-11-22", 2, "2027-01-22"),
        ("2026-12-01", 24, "2028-12-01"),
        ("2026-08-31", 6, "2027-02-28"),
        ("2027-08-31", 6, "2028-02-29"),
        ("2026-10-31", 1, "2026-11-30"),
        ("2028-02-29", 12, "2029-02-28"),
    ] {
        assert_eq!(Date::parse(day).unwrap().plus_months(months).0, wanted, "{day} + {months}");
    }
}

#[test]
fn a_day_that_no_calendar_has_is_none() {
    for text in ["2026-02-29", "2026-13-01", "2026-1-1", "26-01-01", "2026-01-01T", ""] {
        assert_eq!(Date::parse(text), None, "{text}");
    }
}

/// Against a release of 2026-11-22: the entry's lines, then the start of what is told, or nothing.
#[test]
fn a_passed_day_is_a_defect_and_a_near_one_a_warning() {
    let months = "of-ours.toml:1: town.example: is to be looked at again by";
    let cases = [
        ("checked = 2026-11-22", "", ""),
        ("checked = 2024-11-22", "", "2026-11-22: class others, 24 months after 2024-11-22; compare it with"),
        ("checked = 2024-11-23", "2026-11-23: class others, 24 months after 2024-11-23", ""),
        ("checked = 2025-01-22", "2027-01-22: class others", ""),
        ("checked = 2025-01-23", "", ""),
        ("checked = 2025-11-01\nclass = \"communes\"", "", "2026-11-01: class communes, 12 months after"),
        ("checked = 2025-11-01\nclass = \"others\"", "", ""),
    ];
    for (lines, warning, defect) in cases {
        let found = with(lines, None);
        for (told, wanted) in [(found.warnings, warning), (found.problems, defect)] {
            let told: Vec<String> = told.iter().map(ToString::to_string).collect();
            match told.as_slice() {
                [] => assert_eq!(wanted, "", "{lines}"),
                [told] => assert!(told.contains(&format!("{months} {wanted}")), "{lines}: {told}"),
                more => panic!("{lines}: {more:#?}"),
            }
        }
    }
}

#[test]
fn an_overdue_entry_is_not_packed() {
    let folder = lists::data();
    lists::write(folder.path(), "official-sites/of-ours.toml", &entry("checked = 2020-01-01"));
    let error = build::development(folder.path(), &folder.path().join("out")).unwrap_err().to_string();
    assert!(error.starts_with("1 defects, nothing was packed:"), "{error}");
    assert!(!folder.path().join("out").exists());
}

/// Classes, and every defect that is told of them.
#[test]
fn classes_are_checked() {
    let both = "[others]\nmonths = 24\nwhy = \"x\"\n[communes]\nmonths = 12\nwhy = \"x\"\n";
    let cases: [(&str, &str, &[&str]); 6] = [
        (
            "class = \"state\"",
            both,
            &[
                "of-ours.toml:1: town.example: has the class \"state\", which classes.toml does not have; write one of: com",
            ],
        ),
        (
            "",
            "[others]\nmonths = 24\nwhy = \"x\"\n",
            &["classes.toml:1: file, `communes`: is missing; add `[communes]` with `months` and `why`"],
        ),
        (
            "",
            &format!("{both}[z]\nmonths = 0\n"),
            &["`months`: is not a whole number above 0; write `months = 12`", "`why`: is missing"],
        ),
        (
            "",
            &format!("{both}[z]\nmonths = \"1\"\nwhy = \"x\"\nmore = 1\n"),
            &["`months`: is not a whole number above 0", "`more`: is not a known field"],
        ),
        (
            "",
            &format!("{both}[z]\nmonths = 1\nwhy = \"x\"\nfiles = [\"a.toml\", \"a.toml\", 3]\n"),
            &[
                "`files`: names a file twice, or something else; name each file once",
                "`files`: names a file twice, or something else; name each file once",
            ],
        ),
        ("", &format!("z = 1\n{both}"), &["classes.toml:1: file, `z`: is no class; start each with its name"]),
    ];
    for (lines, classes, wanted) in cases {
        let told = with(&format!("checked = 2026-11-22\n{lines}"), Some(classes)).problems;
        let told: Vec<String> = told.iter().map(ToString::to_string).collect();
        assert_eq!(told.len(), wanted.len(), "{classes}{told:#?}");
        for wanted in wanted {
            assert!(told.iter().any(|told| told.contains(wanted)), "wanted {wanted}\ntold {told:#?}");
        }
    }
}

fn entry(lines: &str) -> String {
    lists::entry("town.example", "Town").replace("checked = 2026-11-22", lines)
}

fn with(lines: &str, classes: Option<&str>) -> publish::reviewed::Reviewed {
    let folder = lists::data();
    lists::write(folder.path(), "official-sites/of-ours.toml", &entry(lines));
    if let Some(classes) = classes {
        lists::write(folder.path(), "classes.toml", classes);
    }
    build::check(folder.path()).unwrap()
}
