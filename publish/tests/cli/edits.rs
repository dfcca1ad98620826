//! `explain` and `revoke`.

use crate::tool::{Desk, workspace};

fn say(desk: &Desk, subject: &str) -> String {
    desk.does(&format!("explain {subject}"))
}

#[test]
fn an_entry_is_explained_with_source_day_and_place() {
    let desk = Desk::new();
    let said = say(&desk, "www.impots.gouv.fr");
    let wanted = "https://www.impots.gouv.fr/: official (listed_domain)\n  entry        impots.gouv.fr (domain)\n  \
                  organisation Taxes\n  purpose      Démarche d’essai\n  telephone    0 809 401 401\n";
    assert!(said.starts_with(wanted), "{said}");
    assert!(said.contains("  checked      2026-11-22\n") && said.contains("  sources      "), "{said}");
    let sites = String::from_utf8(desk.read("data/official-sites/sites.toml")).unwrap();
    // Counted from 1, and the entry begins a line above its host.
    let line = sites.lines().position(|line| line == "host = \"impots.gouv.fr\"").unwrap();
    let place = format!("  written at   data/official-sites/sites.toml:{line}\n");
    assert!(said.ends_with(&place), "{said}: wanted {place}");
    let json = desk.run("explain --json http://impots.gouv.fr/a").json();
    assert_eq!((&json["state"], &json["written_at"]["line"]), (&"official_unprotected".into(), &line.into()));
    assert_eq!(json["entry"]["organisation"], "Taxes");
}

#[test]
fn why_no_entry_speaks_is_explained() {
    let desk = Desk::new();
    for (subject, wanted) in [
        ("exemple.fr", "https://exemple.fr/: unlisted (not_listed)\n"),
        ("localhost", "https://localhost/: not_judged (localhost)\n"),
        (
            "sante.gouv.fr --now 2028-01-01T00:00:00Z",
            "https://sante.gouv.fr/: list_expired (list_expired, listed_host)\n",
        ),
    ] {
        let said = say(&desk, subject);
        assert!(said.starts_with(wanted), "{subject}: {said}");
    }
    let platforms = "domains = [\"plateforme.example\"]\n";
    desk.write("data/shared-platforms.toml", platforms);
    let said = say(&desk, "mairie.plateforme.example");
    assert!(said.contains("plateforme.example is a shared platform: each site there needs an entry"), "{said}");
}

#[test]
fn a_host_is_revoked_and_its_file_keeps_its_comments() {
    let desk = Desk::new();
    std::fs::copy(workspace("data/revocations/squatted.toml"), desk.at("data/revocations/squatted.toml")).unwrap();
    std::fs::copy(workspace("data/sources.toml"), desk.at("data/sources.toml")).unwrap();
    let sources = std::fs::read_to_string(workspace("tests/lists/small/sources.toml")).unwrap();
    desk.write(
        "data/sources.toml",
        &format!("{}\n{sources}", String::from_utf8(desk.read("data/sources.toml")).unwrap()),
    );
    let before = String::from_utf8(desk.read("data/revocations/squatted.toml")).unwrap();
    let said = desk.does("revoke mairie-exemple.fr --reason squatted --source etalab-denylist-2024-07");
    assert!(said.starts_with("mairie-exemple.fr is revoked at data/revocations/squatted.toml:"), "{said}");
    let after = String::from_utf8(desk.read("data/revocations/squatted.toml")).unwrap();
    let entry = "[[revoked]]\nhost = \"mairie-exemple.fr\"\nreason = \"squatted\"\n\
                 sources = [\"etalab-denylist-2024-07\"]\nchecked = 2026-12-01\n\n";
    assert!(after.contains(entry), "{after}");
    assert_eq!(after.replacen(entry, "", 1), before, "all else stays as it was");
    let said = say(&desk, "www.mairie-exemple.fr");
    assert!(said.starts_with("https://www.mairie-exemple.fr/: unlisted (revoked)\n"), "{said}");
    assert!(said.contains("  revoked      mairie-exemple.fr: squatted\n"), "{said}");
}

#[test]
fn a_revocation_that_check_would_refuse_is_refused() {
    let desk = Desk::new();
    for (line, wanted) in [
        ("ameli.fr --reason squatted --source test", "ameli.fr: is revoked at data/revocations/"),
        (
            "exemple.fr --reason ugly --source test",
            "exemple.fr, `reason`: is \"ugly\"; write one of: squatted, not-public",
        ),
        (
            "exemple.fr --reason squatted --source none",
            "exemple.fr, `sources`: names \"none\", which sources.toml does not have",
        ),
        (
            "Exemple.fr --reason squatted --source test",
            "Exemple.fr, `host`: is \"Exemple.fr\", which is no public host",
        ),
        ("gouv.fr --reason squatted --source test", "gouv.fr, `host`: would strike off sites of many people"),
        ("exemple.fr --reason squatted --source ftp://a/", "`url`: is \"ftp://a/\"; write the page's whole address"),
    ] {
        let error = desk.refuses(&format!("revoke {line}"));
        assert!(error.starts_with("nothing was written: with this revocation the data would have "), "{line}: {error}");
        assert!(error.contains(wanted) && error.contains("data/"), "{line}: {error}");
    }
    // A defect that was there before is told first.
    desk.write("data/official-sites/more.toml", "[[site]]\n");
    let error = desk.refuses("revoke exemple.fr --reason squatted --source test");
    assert!(error.starts_with("the data has ") && error.contains("data/official-sites/more.toml:1: "), "{error}");
    assert_eq!(desk.run("revoke exemple.fr --reason squatted").code, 2, "a source is needed");
}
