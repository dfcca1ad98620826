//! What is refused, in plain words; `Desk::refuses` sees to it that no file has changed.

use crate::tool::{Desk, NOW};
use bon_guichet::trust::Time;

#[test]
fn a_key_that_is_not_in_the_root() {
    let desk = Desk::with_root();
    desk.does("make-key stranger.pem --no-passphrase");
    desk.does("pack");
    let error = desk.refuses("sign --key stranger.pem");
    assert!(error.contains(" has nothing to sign here: targets, as root 1 names it: "), "{error}");
    // Nor may a key of another role, alone or after one that may.
    for key in ["root-1", "online-1"] {
        let error = desk.refuses(&format!("sign --key keys/targets-1.pem --key keys/{key}.pem"));
        assert!(error.contains(" has nothing to sign here: "), "{error}");
    }
    let error = desk.refuses("sign --key keys/targets-1.pub.pem");
    assert!(error.starts_with("keys/targets-1.pub.pem holds no Ed25519 key in PKCS#8 PEM ("), "{error}");
    let error = desk.refuses("sign --key none.pem");
    assert!(error.starts_with("cannot read the key none.pem: "), "{error}");
}

#[test]
fn a_threshold_that_is_not_met() {
    let desk = Desk::with_root();
    desk.does("pack");
    desk.does("sign --key keys/targets-1.pem");
    let error = desk.refuses("refresh --staged staged --key keys/online-1.pem");
    assert_eq!(error, "1.targets.json has 1 of 2 signatures (targets, as root 1 names it); let the others `sign` it");
    desk.does("sign --key keys/targets-2.pem");
    for (line, given) in
        [("refresh --staged staged", "no key"), ("refresh --staged staged --key keys/root-1.pem", "another")]
    {
        let error = desk.refuses(line);
        assert!(error.starts_with("0 of 1 keys that must sign the snapshot were given; it takes "), "{given}: {error}");
    }
}

#[test]
fn a_root_that_nobody_could_satisfy() {
    let desk = Desk::new();
    for (counts, wanted) in [
        ("--root-threshold 4", "root: 4 of 3 keys cannot sign; write 1 to 3"),
        ("--root-threshold 0", "root: 0 of 3 keys cannot sign; write 1 to 3"),
        ("--targets-keys 0", "targets: 2 of 0 keys cannot sign; write 1 to 0"),
    ] {
        assert_eq!(desk.refuses(&format!("init-root --no-passphrase {counts}")), wanted);
    }
    let desk = Desk::with_root();
    for (change, wanted) in [
        ("--threshold root=4", "the role root has 3 keys, and 4 must sign; add keys or lower the threshold"),
        ("--threshold targets=0", "the role targets has the threshold 0: anybody could sign; write at least 1"),
        ("--threshold online=one", "--threshold online=one: write a number: invalid digit found in string"),
        ("--threshold all=1", "\"all\" is no role; write root, targets or online"),
        ("--remove root=0badf00d", "0 keys of the role root start with 0badf00d; it has "),
        ("--remove root=root-9", "\"root-9\" is no id of a key: write at least its first 8 hexadecimal digits"),
        ("--remove online=keys/online-1.pub.pem", "the role snapshot has 0 keys, and 1 must sign; add keys or lower"),
        ("--add root=keys/root-1.pub.pem", "the key "),
        ("--add root=keys/root-1.pem", "keys/root-1.pem holds no Ed25519 public key ("),
    ] {
        let error = desk.refuses(&format!("rotate-root {change}"));
        assert!(error.starts_with(wanted), "{change}: {error}");
    }
}

#[test]
fn a_date_that_is_past_or_none() {
    let desk = Desk::with_root();
    let late = "--now 2028-01-01T00:00:00Z";
    let wanted = "data/release.toml: `expires` is 2027-11-22T00:00:00Z, which is past: it is 2028-01-01T00:00:00Z";
    assert_eq!(desk.refuses(&format!("pack {late}")), wanted);
    let wanted = "the root's last moment is 2026-11-30T00:00:00Z, which is past: it is 2026-12-01T00:00:00Z";
    assert_eq!(desk.refuses("rotate-root --expires 2026-11-30T00:00:00Z"), wanted);
    assert_eq!(Desk::new().refuses("init-root --no-passphrase --expires 2026-11-30T00:00:00Z"), wanted);
    for line in
        ["rotate-root --expires 2030-02-30T00:00:00Z", "verify --now tomorrow", "init-root --expires 2030-01-01"]
    {
        let said = desk.run(line);
        assert_eq!(said.code, 2, "{line}");
        assert!(said.err.contains("write it as 2027-01-31T00:00:00Z"), "{line}: {}", said.err);
    }
    let release = String::from_utf8(desk.read("data/release.toml")).unwrap();
    desk.write("data/release.toml", &release.replace("2027-11-22", "2027-11-31"));
    let wanted = "data/release.toml: `expires` is \"2027-11-31T00:00:00Z\"; write it as 2027-01-31T00:00:00Z";
    assert_eq!(desk.refuses("pack"), wanted);
    // What was good when it was staged may be past when it is to be published.
    desk.release(1);
    desk.does("pack");
    desk.does("sign --key keys/targets-1.pem --key keys/targets-2.pem");
    let error = desk.refuses(&format!("refresh --staged staged --key keys/online-1.pem {late}"));
    assert_eq!(
        error,
        "clients would refuse this, so nothing was written: targets.json expired at 2027-11-22T00:00:00Z"
    );
}

#[test]
fn a_version_that_goes_back() {
    let desk = Desk::with_list();
    assert_eq!(desk.refuses("pack"), "data/release.toml: `version` is 1, and the repository has list 1: write 2");
    desk.release(2);
    desk.does("pack --staged late");
    desk.does("sign --staged late --key keys/targets-1.pem --key keys/targets-2.pem");
    desk.publishes(3);
    let error = desk.refuses("refresh --staged late --key keys/online-1.pem");
    assert_eq!(error, "the list goes back from version 3 to version 2: raise `version`");
}

#[test]
fn what_was_staged_is_not_thrown_away() {
    let desk = Desk::with_root();
    desk.does("pack");
    desk.does("pack");
    desk.does("sign --key keys/targets-1.pem");
    let wanted = "list 1 is staged already, with 1 signatures; remove the staged folder to give them up";
    assert_eq!(desk.refuses("pack"), wanted);
    desk.does("rotate-root --staged other");
    let wanted = "root 2 is staged already; sign it, or remove the staged folder to give it up";
    assert_eq!(desk.refuses("rotate-root --staged other"), wanted);
    desk.does("sign --staged other --key keys/root-1.pem --key keys/root-2.pem");
    desk.does("refresh --staged other");
    for line in ["refresh --staged staged --key keys/online-1.pem", "rotate-root"] {
        let error = desk.refuses(line);
        assert!(error.contains(" was made for another root than the repository's newest"), "{error}");
    }
    assert_eq!(desk.refuses("init-root"), "repository has a root already: use `rotate-root` to follow it");
}

/// A folder that goes from hand to hand may come back damaged, or changed.
#[test]
fn a_staged_folder_that_was_damaged() {
    let desk = Desk::with_root();
    desk.does("pack");
    let name = std::fs::read_dir(desk.at("staged/targets")).unwrap().next().unwrap().unwrap().path();
    let good = std::fs::read(&name).unwrap();
    std::fs::write(&name, &good[1..]).unwrap();
    let line = "sign --key keys/targets-1.pem";
    assert!(desk.refuses(line).contains(" does not have the SHA-256 of its name"));
    std::fs::remove_file(&name).unwrap();
    assert!(desk.refuses(line).ends_with(" is missing"));
    std::fs::write(&name, good).unwrap();
    desk.write("staged/targets/0.bin", "x");
    assert!(desk.refuses(line).ends_with("0.bin is not named in targets.json"));
    std::fs::remove_file(desk.at("staged/targets/0.bin")).unwrap();
    desk.does(line);
    // Changed after the first signature: it no longer counts, and the second does not complete it.
    let list = String::from_utf8(desk.read("staged/metadata/1.targets.json")).unwrap();
    desk.write("staged/metadata/1.targets.json", &list.replace("2027-11-22", "2029-11-22"));
    let said = desk.does("sign --key keys/targets-2.pem");
    assert!(said.contains("1.targets.json: 1 of 2 signatures"), "{said}");
    desk.write("staged/metadata/1.targets.json", "{}");
    assert!(desk.refuses(line).starts_with("staged/metadata/1.targets.json is damaged: stage it again"));
    assert!(desk.refuses("sign --key a --staged none").starts_with("there is no staged folder none: make one with "));
}

/// `verify` is the core's client: it refuses by the same words.
#[test]
fn a_repository_that_clients_refuse() {
    let desk = Desk::with_list();
    let error = desk.refuses("verify --now 2026-12-08T00:00:00Z");
    assert_eq!(
        error,
        "clients refuse repository at 2026-12-08T00:00:00Z: timestamp.json expired at 2026-12-08T00:00:00Z"
    );
    let last = Time(crate::tool::time("2026-12-08T00:00:00Z").0 - 1);
    assert!(desk.does(&format!("verify --now {last}")).contains("timestamp expires within two days"));
    let target = std::fs::read_dir(desk.at("repository/targets")).unwrap().next().unwrap().unwrap().path();
    std::fs::write(&target, "x").unwrap();
    assert!(desk.refuses("verify").starts_with(&format!("clients refuse repository at {NOW}: ")));
    assert!(desk.refuses("verify --root none").starts_with("cannot read the root none: "));
    let other = Desk::with_root();
    let root = other.at("repository/metadata/1.root.json");
    let error = desk.refuses(&format!("verify --root {}", root.display()));
    assert_eq!(error, format!("clients refuse repository at {NOW}: timestamp.json has 0 good signatures of 1 needed"));
    let error = desk.refuses("pack --data none");
    assert!(error.starts_with("cannot read none/release.toml"), "{error}");
    let error = other.refuses("refresh --repository none");
    assert_eq!(error, "the repository has no root: make one with `init-root`");
}
