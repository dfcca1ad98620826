//! What an import proposes, and what becomes of it once a person has decided.

use crate::lists::{self, suffixes, write};
use crate::table::fail_on;
use publish::date::Date;
use publish::import::accept::{Applied, accept};
use publish::import::format::Format;
use publish::import::review::{Decision, Proposal};
use publish::import::{Import, Input, Proposed, propose};
use publish::reviewed;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use tempfile::TempDir;

const REVOKED: &str =
    "[[revoked]]\nhost = \"squatted.fr\"\nreason = \"squatted\"\nsources = [\"test\"]\nchecked = 2026-11-22\n";
/// Old evidence, then the latest.
const OLD: &str = "name,http_status,https_status\nepreuve-old.fr,200 OK,200 OK\nepreuve-moved.fr,301 Moved \
                   http://pub.example/,Timeout\nwww.epreuve-moved.fr,301 Moved http://pub.example/,Timeout\n\
                   epreuve-twin.fr,301 Moved http://pub.example/,Timeout\nwww.epreuve-twin.fr,200 OK,200 OK\n";
const LATEST: &str = "https://www.epreuve.fr\nhttps://epreuve.com\nhttps://groupe.fr\nhttps://epreuve-moved.fr\n\
                      https://epreuve-twin.fr\nhttps://epreuve.groupe.fr\nhttps://passeport-epreuve.fr\n\
                      https://mairie.epreuve.fr\nhttps://squatted.fr\nhttps://epreuve.e-monsite.com\n";

/// Address, name, and what is proposed: decision, reason, marks.
#[test]
fn a_rule_lets_in_what_bears_no_mark() {
    let mut failures = Vec::new();
    for (address, name, wanted) in [
        ("https://www.epreuve.fr/", "Épreuve", "accept, rule alive, "),
        ("mairie.epreuve.fr", "Épreuve", "accept, rule alive, "),
        ("https://epreuve.fr/fr/", "Vieille-Épreuve", "accept, rule alive, "),
        ("https://epreuve.com", "Épreuve", "accept, rule alive, "),
        ("https://epreuve-twin.fr", "Épreuve", "accept, rule alive, "),
        ("https://mairie-epreuve.fr", "L’Épreuve", "accept, rule named, "),
        ("https://stepreuve.bzh", "Saint-Epreuve", "accept, rule named, "),
        ("https://xn--mairie-preuve-hhb.fr", "Épreuve", "accept, rule named, "),
        ("https://vieille.fr", "Vieille-Épreuve", "later, , unconfirmed"),
        ("https://epreuve-old.fr", "Épreuve", "later, , left another source"),
        ("https://epreuve-moved.fr", "Épreuve", "later, , redirects to pub.example"),
        ("https://epreuve.net", "Épreuve", "later, , re-registration: .net"),
        ("https://groupe.fr", "Épreuve", "later, , other name"),
        ("https://epreuve.groupe.fr", "Épreuve", "later, , below another domain: groupe.fr"),
        ("https://groupe.fr/epreuve", "Épreuve", "later, , folder: /epreuve"),
        ("https://passeport-epreuve.fr", "Épreuve", "later, , sells procedures: passeport"),
        ("https://passeport.fr", "Passeport", "accept, rule named, "),
        ("https://carte-grise-epreuve.com", "Épreuve", "later, , re-registration: .com; sells procedures: cartegrise"),
        ("https://epreuve.e-monsite.com", "Épreuve", "later, , shared host: e-monsite.com"),
        ("https://epreuve.github.io", "Épreuve", "later, , shared host: github.io; re-registration: .io"),
        ("https://github.io", "Épreuve", "later, , public suffix; re-registration: .io; other name"),
        ("https://squatted.fr", "Épreuve", "later, , revoked; other name"),
        ("https://epreuve.squatted.fr", "Épreuve", "later, , revoked; below another domain: squatted.fr"),
        ("mairie@epreuve.fr", "Épreuve", "later, , no address: mairie@epreuve.fr"),
        ("https://epreuve.fr", "", "later, , no commune"),
    ] {
        let data = folder();
        let rows = proposed(data.path(), &format!("host,insee,name\n{address},01990,{name}\n")).changes.proposals;
        let found: Vec<String> = rows.iter().map(shown).collect();
        if found != [wanted] {
            failures.push(format!("{address}: wanted {wanted:?}, found {found:?}"));
        }
    }
    fail_on(&failures);
}

/// More than one line at a time: what is claimed twice, and what a commune has twice.
#[test]
fn a_host_of_two_communes_and_a_second_host_wait() {
    let data = folder();
    let csv = "host,insee,name\nepreuve.fr,01990,Épreuve\nwww.epreuve.fr,01991,Vieille-Épreuve\n\
               groupe.fr/essai,01992,Essai\nessai.fr,01992,Essai\nessai-ville.fr,01992,Essai\nx.fr,99999,Rien\n";
    let rows = proposed(data.path(), csv).changes.proposals;
    let found: Vec<String> = rows.iter().map(|row| format!("{} {}: {}", row.insee, row.host, shown(row))).collect();
    assert_eq!(
        found,
        [
            "01990 epreuve.fr: later, , claimed by others: 01991",
            "01991 epreuve.fr: later, , claimed by others: 01990",
            "01992 essai-ville.fr: later, , second address",
            "01992 groupe.fr: later, , folder: /essai; second address",
            "99999 x.fr: later, , no commune",
            "01992 essai.fr: accept, rule named, ",
        ]
    );
}

/// An import writes its review and one entry of the log, and touches nothing else.
#[test]
fn an_import_changes_nothing_by_itself() {
    let data = folder();
    let before = files(data.path());
    proposed(data.path(), "host,insee,name\nepreuve.fr,01990,Épreuve\n");
    let mut after = files(data.path());
    let log = after.remove("imports.toml").unwrap();
    let review = after.remove("reviews/r1.tsv").unwrap();
    assert_eq!(after, before);
    assert!(review.contains("\n# source: test\n# signed-off:\n"), "{review}");
    let log: toml::Table = toml::from_str(&log).unwrap();
    let import = log["import"].as_array().unwrap()[0].as_table().unwrap();
    assert_eq!(import["day"].to_string(), "2026-11-22");
    assert_eq!(import["source_date"].to_string(), "2026-11-22");
    let text = |name: &str| import[name].as_str().unwrap().to_owned();
    assert_eq!((text("review"), text("source"), text("licence")), ("r1".into(), "test".into(), "EUPL-1.2".into()));
    let input = &import["input"].as_array().unwrap()[0];
    // SHA-256 of the bytes, by sha256sum.
    assert_eq!(input["sha256"].as_str().unwrap(), "3d4356783a3c900c298e9915a290afebfe9201367b06e4d3e7de09de07a1d531");
    assert_eq!((input["bytes"].as_integer(), input["format"].as_str()), (Some(42), Some("csv")));
    assert_eq!(import["evidence"].as_array().unwrap().len(), 2);
    let error = import_of(data.path(), "host\nx.fr\n", "r1").unwrap_err().to_string();
    assert!(error.contains("r1.tsv is there already: apply or remove it"), "{error}");
    for name in ["", "../r1", "r 1"] {
        let error = import_of(data.path(), "host\nx.fr\n", name).unwrap_err().to_string();
        assert!(error.ends_with("is no name of a review: write letters, digits and hyphens"), "{error}");
    }
}

#[test]
fn only_what_is_signed_off_is_applied() {
    let data = folder();
    let review = proposed(data.path(), "host,insee,name\nepreuve.fr,01990,Épreuve\nessai.net,01992,Essai\n").file;
    let before = files(data.path());
    for signed in
        ["# signed-off:\n", "# signed-off: \n", "# signed-off: , 2026-11-22\n", "# signed-off: Ann, 2026-13-01\n"]
    {
        fs::write(&review, before["reviews/r1.tsv"].replace("# signed-off:\n", signed)).unwrap();
        let error = accept(data.path(), &review).unwrap_err().to_string();
        assert!(error.contains("nobody has signed it off; write `# signed-off: WHO, 2026-01-31`"), "{signed}: {error}");
    }
    fs::write(&review, &before["reviews/r1.tsv"]).unwrap();
    sign(&review);
    let applied = accept(data.path(), &review).unwrap();
    assert_eq!(applied, Applied { added: 1, later: 1, ..Applied::default() });
    assert_eq!(lines(data.path(), "01"), ["01990\tÉpreuve\tepreuve.fr\ttest\t2026-11-22\tr1"]);
    assert_eq!(official(data.path(), "epreuve.fr"), "Mairie d’Épreuve (Ain)");
    assert_eq!(official(data.path(), "essai.net"), "");
    // What a rule decided is in the list; the review keeps what waits, and how many there were.
    let kept = fs::read_to_string(&review).unwrap();
    assert!(kept.contains("# applied: 1 by rule alive\n") && !kept.contains("epreuve.fr"), "{kept}");
    assert!(kept.contains("later\t\tadded\t01992\tEssai\tessai.net\t\tre-registration: .net\t\t\n"), "{kept}");
    // A person decides later, in the same file, with a reason that stays.
    fs::write(&review, kept.replace("later\t\t", "accept\tseen on the commune’s own bulletin\t")).unwrap();
    assert_eq!(accept(data.path(), &review).unwrap().added, 1);
    assert_eq!(official(data.path(), "essai.net"), "Mairie d’Essai (Ain)");
    assert!(fs::read_to_string(&review).unwrap().contains("seen on the commune’s own bulletin"));
    // Once more changes nothing.
    let before = files(data.path());
    assert_eq!(accept(data.path(), &review).unwrap(), Applied::default());
    assert_eq!(files(data.path()), before);
}

/// A later import against what people decided.
#[test]
fn a_decision_of_a_person_is_never_overwritten() {
    let data = folder();
    let first = "host,insee,name\nepreuve.fr,01990,Épreuve\nessai.net,01992,Essai\nrefusee.net,01993,Refusée\n\
                 autre.fr,02001,Autre\n";
    let review = proposed(data.path(), first).file;
    let text = fs::read_to_string(&review).unwrap();
    let text = text.replace("later\t\tadded\t01992", "accept\tseen on its bulletin\tadded\t01992");
    fs::write(&review, text.replace("later\t\tadded\t01993", "refuse\ta shop\tadded\t01993")).unwrap();
    sign(&review);
    accept(data.path(), &review).unwrap();
    write(data.path(), "official-sites/hand.toml", &lists::entry("main.fr", "Written by hand"));
    let town_halls = lines(data.path(), "01");

    let second = "host,insee,name\nepreuve-neuf.fr,01990,Épreuve\nessai.net,01992,Essai\nrefusee.net,01993,Refusée\n\
                  main.fr,01994,Main\n";
    let again = import_of(data.path(), second, "r2").unwrap();
    let found: Vec<String> = again
        .changes
        .proposals
        .iter()
        .map(|row| format!("{} {} {} {}: {}", row.change.word(), row.insee, row.before, row.host, shown(row)))
        .collect();
    // Signed off with its mark, so its date is renewed; 02 is not in the file, so nothing is gone there.
    assert_eq!(
        found,
        [
            "moved 01990 epreuve.fr epreuve-neuf.fr: later, , ",
            "confirmed 01992 essai.net essai.net: accept, rule confirmed, re-registration: .net",
        ]
    );
    assert_eq!((again.changes.written_by_hand, again.changes.refused_before), (1, 1));
    assert_eq!(lines(data.path(), "01"), town_halls);

    let third = import_of(data.path(), "host,insee,name\nessai.net,01992,Essai\n", "r3").unwrap();
    let rows = &third.changes.proposals;
    assert_eq!((rows[0].change.word(), rows[0].insee.as_str(), shown(&rows[0])), ("gone", "01990", "later, , ".into()));
    sign(&third.file);
    accept(data.path(), &third.file).unwrap();
    assert_eq!(lines(data.path(), "01"), town_halls, "nobody has decided yet");
    let text = fs::read_to_string(&third.file).unwrap();
    fs::write(&third.file, text.replace("later\t\tgone", "accept\tthe name lapsed\tgone")).unwrap();
    assert_eq!(accept(data.path(), &third.file).unwrap().removed, 1);
    assert_eq!(lines(data.path(), "01").len(), 1);
    // The change set of before is out of date by now.
    let text = fs::read_to_string(&again.file).unwrap();
    fs::write(&again.file, text.replace("later\t\tmoved", "accept\tnew name\tmoved")).unwrap();
    sign(&again.file);
    let error = accept(data.path(), &again.file).unwrap_err().to_string();
    assert!(
        error.contains("epreuve-neuf.fr: is moved, but the list has no host for 01990 by now; import again"),
        "{error}"
    );
}

#[test]
fn a_confirmed_line_is_renewed() {
    let data = folder();
    write(data.path(), "reviews/r0.tsv", "# signed-off: Ann, 2025-11-22\n");
    let old = "insee\tname\thost\tsource\tdate\treview\n01990\tÉpreuve\tepreuve.fr\ttest\t2025-10-01\tr0\n";
    write(data.path(), "official-sites/communes/01.tsv", old);
    fs::remove_file(data.path().join("reviews/r0.tsv")).unwrap();
    let header = "decision\treason\tchange\tinsee\tname\thost\tbefore\tmarks\tpurpose_fr\tpurpose_en\n";
    write(data.path(), "reviews/r0.tsv", &format!("# signed-off: Ann, 2025-11-22\n{header}"));
    let review = proposed(data.path(), "host,insee,name\nepreuve.fr,01990,Épreuve-Neuve\n").file;
    sign(&review);
    assert_eq!(accept(data.path(), &review).unwrap(), Applied { confirmed: 1, ..Applied::default() });
    assert_eq!(lines(data.path(), "01"), ["01990\tÉpreuve-Neuve\tepreuve.fr\ttest\t2026-11-22\tr0"]);
}

/// Each defect of a review is told at once, and nothing of it is applied.
#[test]
fn a_review_with_a_defect_is_refused_whole() {
    let data = folder();
    let csv = "host,insee,name\nepreuve.fr,01990,Épreuve\nsquatted.fr,01991,Squatted\ngroupe.fr/essai,01992,Essai\n\
               guichet.fr,,\n";
    let review = proposed(data.path(), csv).file;
    sign(&review);
    let good = fs::read_to_string(&review).unwrap();
    let before = files(data.path());
    for (from, to, wanted) in [
        (
            "later\t\tadded\t01991",
            "accept\tgood\tadded\t01991",
            "squatted.fr: is accepted although its mark is \"revoked\"",
        ),
        (
            "later\t\tadded\t01992",
            "accept\tgood\tadded\t01992",
            "groupe.fr: is accepted although its mark is \"folder\"",
        ),
        (
            "later\t\tadded\t01992",
            "perhaps\t\tadded\t01992",
            "groupe.fr, `decision`: is \"perhaps\"; write one of: accept,",
        ),
        ("later\t\tadded\t01992", "refuse\t\tadded\t01992", "groupe.fr, `reason`: is empty; say why in a few words"),
        (
            "later\t\tadded\t01992",
            "later\t\twon\t01992",
            "groupe.fr, `change`: is \"won\"; write one of: added, moved,",
        ),
        (
            "later\t\tadded\t\t",
            "accept\tgood\tadded\t\t",
            "guichet.fr: is accepted without a text for people; write in",
        ),
        ("later\t\tadded\t01991", "later\tadded\t01991", "has 9 cells; write 10"),
        // The mark taken out by hand: the list's own rules still stand.
        (
            "later\t\tadded\t01991\tSquatted\tsquatted.fr\t\trevoked",
            "accept\tgood\tadded\t01991\tSquatted\tsquatted.fr\t\t",
            "squatted.fr: is revoked at ",
        ),
    ] {
        assert!(good.contains(from), "{from}: {good}");
        fs::write(&review, good.replace(from, to)).unwrap();
        let error = accept(data.path(), &review).unwrap_err().to_string();
        assert!(error.starts_with("1 defects, nothing was applied:\n") && error.contains(wanted), "{wanted}\n{error}");
        fs::write(&review, &before["reviews/r1.tsv"]).unwrap();
        assert_eq!(files(data.path()), before, "{wanted}");
    }
}

/// A site that is no town hall is written by the reviewer, and becomes an entry.
#[test]
fn a_site_with_texts_becomes_an_entry() {
    let data = folder();
    let csv = "host,name,purpose_fr,purpose_en\nguichet.fr,Office d'essai,Rendez-vous,Appointments\nameli.fr,,,\n";
    let proposed = proposed(data.path(), csv);
    assert_eq!(proposed.changes.written_by_hand, 1, "ameli.fr");
    let text = fs::read_to_string(&proposed.file).unwrap();
    fs::write(&proposed.file, text.replace("later\t\tadded", "accept\tits decree names it\tadded")).unwrap();
    sign(&proposed.file);
    accept(data.path(), &proposed.file).unwrap();
    assert_eq!(official(data.path(), "guichet.fr"), "Office d’essai");
    let site = read(data.path()).into_iter().find(|site| site.host == "guichet.fr").unwrap();
    assert_eq!(
        (site.review.as_str(), site.purpose_en.as_str(), site.checked.0.as_str()),
        ("r1", "Appointments", "2026-11-22")
    );
}

fn folder() -> TempDir {
    let data = lists::data();
    write(data.path(), "revocations/more.toml", REVOKED);
    data
}

fn proposed(data: &Path, csv: &str) -> Proposed {
    import_of(data, csv, "r1").unwrap()
}

/// An import of the text, held against [`OLD`] and [`LATEST`].
fn import_of(data: &Path, csv: &str, review: &str) -> anyhow::Result<Proposed> {
    let inputs = tempfile::tempdir().unwrap();
    let input = |format, name: &str, text: &str| {
        write(inputs.path(), name, text);
        Input { format, file: inputs.path().join(name) }
    };
    propose(
        data,
        &Import {
            input: input(Format::Csv, "source.csv", csv),
            source: "test".to_owned(),
            evidence: vec![input(Format::EtalabDomains, "old.csv", OLD), input(Format::EtalabUrls, "urls.txt", LATEST)],
            review: review.to_owned(),
            day: Date("2026-11-22".to_owned()),
        },
    )
}

fn sign(review: &Path) {
    let text = fs::read_to_string(review).unwrap();
    fs::write(review, text.replace("# signed-off:\n", "# signed-off: Ann, 2026-11-22\n")).unwrap();
}

fn shown(row: &Proposal) -> String {
    assert_eq!(row.decision == Decision::Accept, !row.reason.is_empty());
    format!("{}, {}, {}", row.decision.word(), row.reason, row.marks)
}

fn read(data: &Path) -> Vec<reviewed::Site> {
    let reviewed = reviewed::read(data, &suffixes()).unwrap();
    assert!(reviewed.problems.is_empty(), "{:#?}", reviewed.problems);
    reviewed.sites
}

/// Who answers for the host; empty where it is not listed.
fn official(data: &Path, host: &str) -> String {
    read(data).into_iter().find(|site| site.host == host).map(|site| site.organisation).unwrap_or_default()
}

fn lines(data: &Path, department: &str) -> Vec<String> {
    let text = fs::read_to_string(data.join(format!("official-sites/communes/{department}.tsv"))).unwrap();
    text.lines().skip(1).map(str::to_owned).collect()
}

/// Every text of the folder, keys aside.
fn files(data: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut folders = vec![data.to_owned()];
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            let name = path.strip_prefix(data).unwrap().to_str().unwrap().to_owned();
            if path.is_file() {
                found.insert(name, fs::read_to_string(path).unwrap());
            } else if name != "keys" {
                folders.push(path);
            }
        }
    }
    found
}
