//! `check`, exit codes, `--json`.

use crate::tool::{run, workspace};

#[test]
fn a_folder_without_defect_is_good() {
    let data = workspace("tests/lists/small");
    let said = run(&["check", "--data", data.to_str().unwrap()]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(said.out.ends_with(", 0 defects\n"), "{}", said.out);
    let said = run(&["check", "--json", "--data", data.to_str().unwrap()]);
    assert_eq!((said.code, &said.json()["ok"]), (0, &true.into()));
}

/// All of them at once, each with its place.
#[test]
fn defects_are_told_and_end_in_1() {
    let data = tempfile::tempdir().unwrap();
    for folder in ["official-sites", "revocations"] {
        std::fs::create_dir(data.path().join(folder)).unwrap();
    }
    for file in ["sources.toml", "shared-platforms.toml"] {
        std::fs::copy(workspace("data").join(file), data.path().join(file)).unwrap();
    }
    let entry = "[[site]]\nhost = \"Exemple.fr\"\nscope = \"all\"\n";
    std::fs::write(data.path().join("official-sites/x.toml"), entry).unwrap();
    let words = ["check", "--data", data.path().to_str().unwrap()];
    let said = run(&words);
    assert_eq!(said.code, 1);
    assert!(said.out.contains("x.toml:2: Exemple.fr, `host`: is \"Exemple.fr\", which is no public host; write"));
    assert!(said.out.contains("x.toml:3: Exemple.fr, `scope`: is \"all\"; write one of"), "{}", said.out);
    let said = run(&[&words[..], &["--json"]].concat());
    let json = said.json();
    assert_eq!((said.code, &json["ok"]), (1, &false.into()));
    assert!(json["defects"].as_array().unwrap().len() > 5, "{json}");
    assert_eq!(json["defects"][0]["line"], 1);
}

#[test]
fn what_is_refused_ends_in_1_and_a_wrong_command_line_in_2() {
    let said = run(&["check", "--data", "no-such-folder"]);
    assert_eq!((said.code, said.out.as_str()), (1, ""));
    assert!(said.err.starts_with("error: cannot read no-such-folder"), "{}", said.err);
    let said = run(&["--json", "check", "--data", "no-such-folder"]);
    assert_eq!((said.code, &said.json()["ok"]), (1, &false.into()));
    for words in [&["paint"][..], &["check", "--dato", "x"], &[]] {
        assert_eq!(run(words).code, 2, "{words:?}");
    }
}
