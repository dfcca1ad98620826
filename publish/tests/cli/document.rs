//! The commands of `docs/distribution.md`, in the order in which they stand.

use crate::tool::{Desk, NOW, workspace};

#[test]
fn its_commands_run_as_written() {
    let text = std::fs::read_to_string(workspace("docs/distribution.md")).unwrap();
    let blocks = text.split("```sh ceremony\n").skip(1).map(|rest| rest.split_once("```").unwrap().0);
    let desk = Desk::new();
    let (mut version, mut ran) = (1, 0);
    for line in blocks.flat_map(str::lines) {
        if let Some(words) = line.strip_prefix("bon-guichet-publish ") {
            let said = desk.run_with(words, &[("BON_GUICHET_PASSPHRASE", "correct horse battery staple")]);
            assert_eq!(said.code, 0, "{line}: {}{}", said.out, said.err);
            ran += 1;
        } else {
            assert_eq!(line, "# raise `version` in data/release.toml", "neither a command nor known");
            version += 1;
            desk.release(version);
        }
    }
    assert!(ran >= 30, "only {ran} commands were found");
    let updated = desk.update(&mut desk.client(), NOW).unwrap().list.trusted;
    assert_eq!((updated.root.version, updated.targets.version), (5, 2), "each rotation took place");
}

/// The tests that it names are there.
#[test]
fn the_rehearsals_that_it_names_exist() {
    let text = std::fs::read_to_string(workspace("docs/distribution.md")).unwrap();
    let tests = std::fs::read_to_string(workspace("publish/tests/cli/loss.rs")).unwrap();
    let table = text.split("| rehearsed by |").nth(1).unwrap().split("\n\n").next().unwrap();
    let named: Vec<&str> = table.split('`').skip(1).step_by(2).filter(|name| name.contains('_')).collect();
    assert!(named.len() >= 6, "{named:?}");
    for name in named {
        assert!(tests.contains(&format!("fn {name}()")), "loss.rs has no {name}");
    }
}
