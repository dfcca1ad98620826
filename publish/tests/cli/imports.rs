//! `import` and `diff`.

use crate::tool::{copy, run, workspace};
use std::fs;

const CSV: &str = "host,insee,name\nepreuve.fr,01990,Épreuve\nessai.net,01992,Essai\n";

#[test]
fn what_is_imported_and_signed_off_shows_as_a_difference() {
    let folder = tempfile::tempdir().unwrap();
    let (before, after) = (folder.path().join("before"), folder.path().join("after"));
    for data in [&before, &after] {
        copy(&workspace("tests/lists/small"), data);
    }
    fs::write(folder.path().join("source.csv"), CSV).unwrap();
    let input = format!("csv={}", folder.path().join("source.csv").display());
    let data = after.to_str().unwrap();
    let words =
        ["import", &input, "--source", "test", "--review", "r1", "--data", data, "--now", "2026-11-23T00:00:00Z"];
    let said = run(&words);
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(
        said.out.starts_with("added: 1 that a rule lets in, 1 that a person must decide\nmoved: 0"),
        "{}",
        said.out
    );
    assert!(fs::read_to_string(after.join("imports.toml")).unwrap().contains("\nday = 2026-11-23\n"));
    let said = run(&words);
    assert_eq!(said.code, 1);
    assert!(said.err.contains("r1.tsv is there already"), "{}", said.err);

    let review = after.join("reviews/r1.tsv");
    let accept = ["--json", "import", "--accept", review.to_str().unwrap(), "--data", data];
    let said = run(&accept);
    assert_eq!(said.code, 1);
    assert!(said.json()["error"].as_str().unwrap().contains("nobody has signed it off"), "{}", said.out);
    let text = fs::read_to_string(&review).unwrap();
    fs::write(&review, text.replace("# signed-off:", "# signed-off: Ann, 2026-11-23")).unwrap();
    let said = run(&accept);
    assert_eq!((said.code, &said.json()["added"], &said.json()["later"]), (0, &1.into(), &1.into()), "{}", said.out);

    let page = folder.path().join("diff.html");
    let sides = [before.to_str().unwrap(), data];
    let said = run(&["diff", sides[0], sides[1], "--html", page.to_str().unwrap()]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(
        said.out.contains("New official sites: 1\n  + epreuve.fr (host): Mairie d’Épreuve (Ain)\n"),
        "{}",
        said.out
    );
    assert!(fs::read_to_string(page).unwrap().contains("<b>epreuve.fr (host)</b>"));
    let said = run(&["--json", "diff", sides[0], sides[1]]);
    assert_eq!(said.json()["added"][0]["department"], "01");
}

#[test]
fn a_wrong_command_line_ends_in_2_and_a_wrong_input_in_1() {
    for words in [&["import"][..], &["import", "csv=x"], &["import", "csv=x", "--accept", "y"], &["diff", "x"]] {
        assert_eq!(run(words).code, 2, "{words:?}");
    }
    for (input, wanted) in [("x.csv", "write FORMAT=FILE"), ("xml=x", "is no format; write one of: dila,")] {
        let said = run(&["import", input, "--source", "test", "--review", "r"]);
        assert_eq!(said.code, 1);
        assert!(said.err.contains(wanted), "{}", said.err);
    }
}
