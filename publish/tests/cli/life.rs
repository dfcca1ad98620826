//! The whole life of a list, by one person and by many.

use crate::tool::{Desk, NOW};
use publish::staged::Staged;

/// init-root, pack, sign twice, refresh, verify; the next day; the next list.
#[test]
fn a_list_lives() {
    let desk = Desk::new();
    let said = desk.does("init-root --no-passphrase");
    assert!(
        said.contains("root 1, good until 2029-12-01T00:00:00Z\n") && said.contains("root       2 of 3: "),
        "{said}"
    );
    let said = desk.does("pack");
    assert!(said.contains("1.targets.json: 0 of 2 signatures (targets, as root 1 names it)\nnot complete"), "{said}");
    let said = desk.does("sign --key keys/targets-1.pem");
    assert!(
        said.contains("list 1, good until 2027-11-22T00:00:00Z\n") && said.contains(": 1 of 2 signatures"),
        "{said}"
    );
    let said = desk.does("sign --key keys/targets-2.pem");
    assert!(said.contains(": 2 of 2 signatures") && said.contains("complete: publish it with `refresh"), "{said}");
    let said = desk.does("refresh --staged staged --key keys/online-1.pem");
    assert!(said.ends_with(" bytes\n") && said.contains("wrote metadata/timestamp.json\nclients accept"), "{said}");
    assert!(!desk.at("staged").exists(), "what is published is no longer staged");
    let mut client = desk.client();
    let first = desk.update(&mut client, NOW).unwrap();
    assert_eq!(first.list.trusted.targets.version, 1);

    // The daily run: one small file, and that is all.
    let said = desk.does("refresh --key keys/online-1.pem --now 2026-12-02T00:00:00Z");
    assert!(said.starts_with("wrote metadata/timestamp.json\nclients accept the repository\n"), "{said}");
    assert!(said.contains("timestamp      2, good until 2026-12-09T00:00:00Z"), "{said}");
    desk.update(&mut client, "2026-12-02T00:00:00Z").unwrap();

    // The snapshot follows when half of its term is past.
    let said = desk.does("refresh --key keys/online-1.pem --now 2026-12-31T00:00:00Z");
    assert!(said.starts_with("wrote metadata/2.snapshot.json\nwrote metadata/timestamp.json\n"), "{said}");

    desk.publishes(2);
    assert_eq!(desk.update(&mut client, NOW).unwrap().list.trusted.targets.version, 2);
    let said = desk.run("verify --json");
    let json = said.json();
    assert_eq!((said.code, &json["ok"], &json["metadata"]["targets"]["version"]), (0, &true.into(), &2.into()));
    assert_eq!(json["development"], false);
}

/// Each key is made by its holder; only public halves and the staged folder go round.
#[test]
fn many_hands_on_many_machines() {
    let desk = Desk::new();
    let mut words = vec!["init-root".to_owned()];
    for (role, names) in [("root", &["ada", "bob", "cyd"][..]), ("targets", &["dan", "eve"]), ("online", &["cron"])] {
        for name in names {
            desk.does(&format!("make-key machines/{name}/{name}.pem --no-passphrase"));
            words.push(format!("--{role}-key machines/{name}/{name}.pub.pem"));
        }
    }
    let said = desk.does(&words.join(" "));
    assert!(said.contains("1.root.json: 0 of 2 signatures (root, as root 1 names it)"), "{said}");
    assert!(!desk.at("repository").exists() && !desk.at("keys").exists(), "nothing is published, no key is made");
    desk.does("sign --key machines/cyd/cyd.pem");
    let error = desk.refuses("refresh --staged staged");
    assert_eq!(error, "1.root.json has 1 of 2 signatures (root, as root 1 names it); let the others `sign` it");
    desk.does("sign --key machines/ada/ada.pem");
    assert!(desk.does("refresh --staged staged").ends_with("there is no list yet: `pack` one\n"));
    desk.does("pack");
    for name in ["eve", "dan"] {
        // The folder is carried to the holder, and the file that comes back to the next.
        desk.does(&format!("sign --key machines/{name}/{name}.pem"));
        Staged::read(&desk.at("staged")).unwrap().write(&desk.at("carried")).unwrap();
        std::fs::remove_dir_all(desk.at("staged")).unwrap();
        std::fs::rename(desk.at("carried"), desk.at("staged")).unwrap();
    }
    desk.does("refresh --staged staged --key machines/cron/cron.pem");
    desk.does("verify --root repository/metadata/1.root.json");
}

/// The same text gives the same bytes to sign, so that two holders can each pack and compare.
#[test]
fn two_holders_pack_the_same() {
    let desk = Desk::with_root();
    desk.does("pack --staged one");
    desk.does("pack --staged two --now 2026-12-05T00:00:00Z");
    let [one, two] = ["one", "two"].map(|folder| Staged::read(&desk.at(folder)).unwrap());
    assert_eq!((one.targets, one.files), (two.targets, two.files));
}

/// Signing twice is signing once.
#[test]
fn a_signature_counts_once() {
    let desk = Desk::with_root();
    desk.does("pack");
    for _ in 0..2 {
        let said = desk.does("sign --key keys/targets-2.pem --key keys/targets-2.pem");
        assert!(said.contains(": 1 of 2 signatures"), "{said}");
    }
}

#[test]
fn thresholds_and_dates_can_be_set() {
    let desk = Desk::new();
    let counts = "--root-keys 5 --root-threshold 3 --targets-keys 1 --targets-threshold 1";
    let said = desk.does(&format!("init-root --no-passphrase {counts} --expires 2027-01-31T00:00:00Z"));
    assert!(said.contains("good until 2027-01-31T00:00:00Z") && said.contains("root       3 of 5: "), "{said}");
    desk.does("pack");
    desk.does("sign --key keys/targets-1.pem");
    let terms = "--timestamp-days 2 --snapshot-days 10";
    let said = desk.does(&format!("refresh --staged staged --key keys/online-1.pem {terms}"));
    assert!(said.contains("snapshot       1, good until 2026-12-11T00:00:00Z"), "{said}");
    assert!(said.contains("timestamp      1, good until 2026-12-03T00:00:00Z"), "{said}");
}
