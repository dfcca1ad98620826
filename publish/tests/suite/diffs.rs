//! What changed between two lists, as text and as a page.

use crate::lists::{self, entry, write};
use publish::build;
use publish::diff::{self, Change, Kind, Side};
use tempfile::TempDir;

/// What stands in one file before and after, and what is said of it.
#[test]
fn each_change_has_its_kind() {
    let revoked = "[[revoked]]\nhost = \"une.fr\"\nreason = \"squatted\"\nsources = [\"test\"]\nchecked = 2026-11-22\n";
    let une = entry("une.fr", "Une");
    let domain = une.replace("\"host\"", "\"domain\"");
    let path = |path: &str| {
        une.replace("\"host\"", "\"path\"").replace("organisation", &format!("path = {path:?}\norganisation"))
    };
    let cases: [(&str, &str, &[&str]); 13] = [
        (&une, &une, &[]),
        ("", &une, &["added une.fr: "]),
        (&une, "", &["removed une.fr: "]),
        (&une, &entry("deux.fr", "Une"), &["moved deux.fr: host une.fr>deux.fr"]),
        (&une, &entry("deux.fr", "Deux"), &["added deux.fr: ", "removed une.fr: "]),
        (&une, &domain, &["wider une.fr: scope host>domain"]),
        (&domain, &une, &["narrower une.fr: scope domain>host"]),
        (&path("/a/b"), &path("/a"), &["wider une.fr: path /a/b>/a"]),
        (&path("/a"), &une, &["wider une.fr: scope path>host, path /a>"]),
        (&une, &une.replace("Procedures", "Papers"), &["altered une.fr: purpose (en) Procedures>Papers"]),
        (
            &une,
            &une.replace("checked = 2026-11-22", "checked = 2026-12-01"),
            &["looked_at une.fr: evidence Bon Guichet (2026-11-22); 2026-11-22>Bon Guichet (2026-11-22); 2026-12-01"],
        ),
        (&une, revoked, &["removed une.fr: ", "struck_off une.fr: "]),
        (revoked, &une, &["restored une.fr: ", "added une.fr: "]),
    ];
    for (before, after, wanted) in cases {
        let (_kept, before, after) = sides(before, after);
        let changes = diff::compare(&before, &after);
        assert_eq!(changes.iter().map(shown).collect::<Vec<_>>(), wanted);
    }
}

/// Two organisations of one name on either side: which went where is for a person to say.
#[test]
fn what_cannot_be_told_apart_is_added_and_removed() {
    let two = |one: &str, other: &str| format!("{}\n{}", entry(one, "Une"), entry(other, "Une"));
    let (_kept, before, after) = sides(&two("a.fr", "b.fr"), &two("c.fr", "d.fr"));
    let kinds: Vec<Kind> = diff::compare(&before, &after).iter().map(|change| change.kind).collect();
    assert_eq!(kinds, [Kind::Added, Kind::Added, Kind::Removed, Kind::Removed]);
}

#[test]
fn text_and_page_say_the_same() {
    let hostile = "<script>alert(1)</script> & \\\"co\\\" \u{202e}rf.iap";
    let later = entry("une.fr", "x")
        .replace("\"x\"", &format!("\"{hostile}\""))
        .replace("[[site]]", "[[site]]\ndepartment = \"01\"");
    let (_kept, before, after) = sides(&entry("une.fr", "Une"), &format!("{later}\n{}", entry("deux.fr", "Deux")));
    let changes = diff::compare(&before, &after);
    let text = diff::lines(&before, &after, &changes).join("\n");
    for wanted in [
        "New official sites: 1\n  + deux.fr (host): Deux\n      Bon Guichet (2026-11-22); 2026-11-22",
        "Says something else: 1\n  ~ une.fr (host): <script>",
        "département: \"\" -> \"01\"",
    ] {
        assert!(text.contains(wanted), "wanted {wanted}\n{text}");
    }
    let page = diff::page(&before, &after, &changes);
    for wanted in [
        "<h2 id=\"added\">New official sites <small>1</small></h2>",
        "<b>deux.fr (host)</b> <span lang=\"fr\">Deux</span>",
        "<h3 lang=\"fr\">01 Ain</h3>",
        "<ins>&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;co&quot; \u{fffd}rf.iap</ins>",
        "content=\"default-src 'none'; style-src 'unsafe-inline'\"",
    ] {
        assert!(page.contains(wanted), "wanted {wanted}\n{page}");
    }
    for absent in ["<script", "http://", "https://", "src=", "url(", "\u{202e}"] {
        assert!(!page.contains(absent), "{absent}\n{page}");
    }
    let none = diff::compare(&after, &after);
    assert!(diff::lines(&after, &after, &none).ends_with(&["no difference".to_owned()]));
    assert!(diff::page(&after, &after, &none).contains("<p>No difference.</p>"));
}

/// A data folder, and the list that was signed from it.
#[test]
fn a_signed_list_says_what_its_text_says() {
    let data = lists::data();
    write(data.path(), "official-sites/communes/01.tsv", TOWN_HALL);
    write(data.path(), "reviews/r.tsv", "# signed-off: Ann, 2026-11-22\n");
    let out = data.path().join("out");
    build::development(data.path(), &out).unwrap();
    let (text, signed) = (Side::read(data.path()).unwrap(), Side::read(&out).unwrap());
    assert_eq!(text.counts(), signed.counts());
    let changes = diff::compare(&text, &signed);
    assert!(changes.is_empty(), "{:#?}", diff::lines(&text, &signed, &changes));
    write(data.path(), "official-sites/more.toml", &entry("une.fr", "Une"));
    let newer = Side::read(data.path()).unwrap();
    assert_eq!(diff::compare(&signed, &newer).iter().map(shown).collect::<Vec<_>>(), ["added une.fr: "]);
    std::fs::write(out.join("list.bin"), "damaged").unwrap();
    let error = Side::read(&out).unwrap_err().to_string();
    assert!(error.contains("out is refused: "), "{error}");
}

const TOWN_HALL: &str = "insee\tname\thost\tsource\tdate\treview\n01990\tÉpreuve\tepreuve.fr\ttest\t2026-10-01\tr\n";

#[test]
fn a_folder_that_is_no_list_is_refused() {
    let data = lists::data();
    let none = data.path().join("none");
    let error = Side::read(&none).unwrap_err().to_string();
    assert!(error.ends_with("none is no list: it has neither official-sites/ nor targets.json"), "{error}");
    write(data.path(), "official-sites/bad.toml", "[[site]]\n");
    let error = Side::read(data.path()).unwrap_err().to_string();
    assert!(error.contains(" defects: see `check`, and mend them first"), "{error}");
}

/// Two data folders that differ in one file.
fn sides(before: &str, after: &str) -> ([TempDir; 2], Side, Side) {
    let folders = [before, after].map(|text| {
        let data = lists::data();
        let folder = if text.starts_with("[[revoked]]") { "revocations" } else { "official-sites" };
        if !text.is_empty() {
            write(data.path(), &format!("{folder}/more.toml"), text);
        }
        data
    });
    let [before, after] = [&folders[0], &folders[1]].map(|folder| Side::read(folder.path()).unwrap());
    (folders, before, after)
}

fn shown(change: &Change) -> String {
    let fields = change.fields().into_iter().map(|(name, before, after)| format!("{name} {before}>{after}"));
    format!("{} {}: {}", change.kind.word(), change.listed().unwrap().key.host, fields.collect::<Vec<_>>().join(", "))
}
