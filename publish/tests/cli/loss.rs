//! Keys lost and stolen, rehearsed: what `docs/distribution.md` says to do, with the core's client as
//! the one who must not be deceived and must come back.

use crate::tool::{Desk, NOW, time};
use bon_guichet::trust::Refusal;
use publish::client::{Client, Updated};
use publish::keys::Key;
use publish::sign::{self, Issue, Made, Role};
use std::collections::BTreeMap;

/// One root key of three is lost, or stolen: the two others replace it.
#[test]
fn a_root_key_is_lost() {
    let desk = Desk::with_list();
    let mut client = desk.client();
    desk.update(&mut client, NOW).unwrap();
    desk.does("make-key keys/root-4.pem --no-passphrase");
    let lost = Key::read(&desk.at("keys/root-3.pem")).unwrap();
    std::fs::remove_file(desk.at("keys/root-3.pem")).unwrap();
    std::fs::remove_file(desk.at("keys/root-3.pub.pem")).unwrap();
    desk.does(&format!("rotate-root --remove root={} --add root=keys/root-4.pub.pem", &lost.id()[..12]));
    let said = desk.does("sign --key keys/root-1.pem");
    let counts = "2.root.json: 1 of 2 signatures (root, as root 2 names it)\n\
                  2.root.json: 1 of 2 signatures (root, as root 1 names it)\n";
    assert!(said.contains(counts), "{said}");
    // The new key speaks in the new root alone: a thief with one key has no majority in the old.
    let said = desk.does("sign --key keys/root-4.pem");
    assert!(
        said.contains("2 of 2 signatures (root, as root 2") && said.contains("1 of 2 signatures (root, as root 1"),
        "{said}"
    );
    let error = desk.refuses("refresh --staged staged --key keys/online-1.pem");
    assert!(error.starts_with("2.root.json has 1 of 2 signatures (root, as root 1 names it)"), "{error}");
    desk.does("sign --key keys/root-2.pem");
    desk.does("refresh --staged staged --key keys/online-1.pem");
    assert_eq!(desk.update(&mut client, NOW).unwrap().list.trusted.root.version, 2);
    // The new key is as good as any from now on.
    desk.does("rotate-root");
    let said = desk.does("sign --key keys/root-4.pem --key keys/root-2.pem");
    assert!(said.contains("complete: publish it"), "{said}");
}

/// One targets key of two is stolen, with the online key to serve what it signs.
#[test]
fn a_targets_key_is_stolen() {
    let desk = Desk::with_list();
    let mut client = desk.client();
    desk.update(&mut client, NOW).unwrap();
    let thief = Thief::with(&desk, &["targets-1"]);
    let refusal = thief.attack(&mut client.clone(), &desk, 2, 1).unwrap_err();
    assert_eq!(refusal.to_string(), "targets.json has 1 good signatures of 2 needed");

    desk.does("make-key keys/targets-3.pem --no-passphrase");
    let change = "--remove targets=keys/targets-1.pub.pem --add targets=keys/targets-3.pub.pem";
    let said = desk.does(&format!("rotate-root {change}"));
    assert!(said.contains("raise `version` in release.toml, `pack` and `sign` it too"), "{said}");
    desk.does("sign --key keys/root-1.pem --key keys/root-2.pem");
    // Without a list that the new keys signed, every client would be left without updates.
    let error = desk.refuses("refresh --staged staged --key keys/online-1.pem");
    let wanted = "clients would refuse this, so nothing was written: targets.json has 1 good signatures of 2 needed";
    assert_eq!(error, wanted);
    desk.release(2);
    desk.does("pack");
    let error = desk.refuses("sign --key keys/targets-1.pem");
    assert!(error.contains(" has nothing to sign here: "), "{error}");
    desk.does("sign --key keys/targets-2.pem --key keys/targets-3.pem");
    desk.does("refresh --staged staged --key keys/online-1.pem");
    let updated = desk.update(&mut client, NOW).unwrap();
    assert_eq!((updated.list.trusted.root.version, updated.list.trusted.targets.version), (2, 2));

    // Even with the other old key the thief has no list that clients take any more.
    let thief = Thief::with(&desk, &["targets-1", "targets-2"]);
    let refusal = thief.attack(&mut client, &desk, 3, 9).unwrap_err();
    assert_eq!(refusal.to_string(), "targets.json has 1 good signatures of 2 needed");
}

/// The online key is stolen: the thief can hold updates up, to the greatest version there is, and
/// nothing else. A rotation brings every client back.
#[test]
fn the_online_key_is_stolen() {
    let desk = Desk::with_list();
    let (mut client, mut halfway) = (desk.client(), desk.client());
    for client in [&mut client, &mut halfway] {
        desk.update(client, NOW).unwrap();
    }
    let thief = Thief::with(&desk, &[]);
    let updated = thief.fast_forward(&mut client, &desk).unwrap();
    assert_eq!(updated.list.trusted.targets.version, 1, "the list is the genuine one");
    // A snapshot that names a list which the thief cannot sign is stored before that comes out.
    thief.attack(&mut halfway, &desk, 77, 2).unwrap_err();

    // Going on as if nothing had happened does not help these clients.
    desk.does("refresh --key keys/online-1.pem");
    let rollback = "timestamp.json goes back from version 4294967295 to version 2";
    assert_eq!(desk.update(&mut client.clone(), NOW).unwrap_err().to_string(), rollback);
    assert!(matches!(desk.update(&mut halfway.clone(), NOW), Err(Refusal::Rollback { .. })));

    desk.does("make-key keys/online-2.pem --no-passphrase");
    desk.does("rotate-root --remove online=keys/online-1.pub.pem --add online=keys/online-2.pub.pem");
    desk.does("sign --key keys/root-1.pem --key keys/root-3.pem");
    let error = desk.refuses("refresh --staged staged --key keys/online-1.pem");
    assert!(error.starts_with("0 of 1 keys that must sign the snapshot were given"), "{error}");
    desk.does("refresh --staged staged --key keys/online-2.pem");
    for client in [&mut client, &mut halfway, &mut desk.client()] {
        let updated = desk.update(client, NOW).unwrap();
        assert_eq!((updated.list.trusted.root.version, updated.list.trusted.targets.version), (2, 1));
        let refusal = thief.fast_forward(client, &desk).unwrap_err();
        assert_eq!(refusal.to_string(), "timestamp.json has 0 good signatures of 1 needed");
    }
    desk.publishes_with_online_2(2);
    assert_eq!(desk.update(&mut client, NOW).unwrap().list.trusted.targets.version, 2);
}

/// The same, and the thief could write to the publisher's own storage.
#[test]
fn the_online_key_is_stolen_and_the_repository_overwritten() {
    let desk = Desk::with_list();
    let mut client = desk.client();
    desk.update(&mut client, NOW).unwrap();
    let thief = Thief::with(&desk, &[]);
    thief.fast_forward(&mut client, &desk).unwrap();
    for (path, bytes) in thief.forward(&desk) {
        std::fs::write(desk.at("repository").join(path), bytes).unwrap();
    }
    let error = desk.refuses("refresh --key keys/online-1.pem");
    assert_eq!(error, "the timestamp's version cannot go higher: rotate the key that signed it");
    desk.does("make-key keys/online-2.pem --no-passphrase");
    desk.does("rotate-root --remove online=keys/online-1.pub.pem --add online=keys/online-2.pub.pem");
    desk.does("sign --key keys/root-1.pem --key keys/root-3.pem");
    desk.does("refresh --staged staged --key keys/online-2.pem");
    desk.update(&mut client, NOW).unwrap();
    desk.publishes_with_online_2(2);
    desk.update(&mut client, NOW).unwrap();
}

/// More root keys are lost than may be: only a new release of the extension, with a new root, helps.
#[test]
fn too_many_root_keys_are_lost() {
    let desk = Desk::with_list();
    let mut old = desk.client();
    desk.update(&mut old, NOW).unwrap();
    desk.does("rotate-root");
    desk.does("sign --key keys/root-1.pem");
    let error = desk.refuses("refresh --staged staged --key keys/online-1.pem");
    assert!(error.starts_with("2.root.json has 1 of 2 signatures"), "{error}");
    let anew = Desk::with_list();
    let refusal = anew.update(&mut old, NOW).unwrap_err();
    assert_eq!(refusal.to_string(), "timestamp.json has 0 good signatures of 1 needed");
    anew.update(&mut anew.client(), NOW).unwrap();
}

impl Desk {
    fn publishes_with_online_2(&self, version: u32) {
        self.release(version);
        self.does("pack");
        self.does("sign --key keys/targets-1.pem --key keys/targets-2.pem");
        self.does("refresh --staged staged --key keys/online-2.pem");
    }
}

/// Somebody with the first online key, and with some keys of the list.
struct Thief {
    online: Role,
    targets: Role,
}

impl Thief {
    fn with(desk: &Desk, targets: &[&str]) -> Self {
        let key = |name: &str| Key::read(&desk.at(&format!("keys/{name}.pem"))).unwrap();
        let targets: Vec<Key> = targets.iter().map(|name| key(name)).collect();
        Self {
            online: Role { keys: vec![key("online-1")], threshold: 1 },
            targets: Role { threshold: targets.len(), keys: targets },
        }
    }

    /// Serves a list of the thief's own under these versions of list and timestamp.
    fn attack(&self, client: &mut Client, desk: &Desk, list: u32, timestamp: u32) -> Result<Updated, Refusal> {
        let files = BTreeMap::from([("national.bin".to_owned(), b"anything".to_vec())]);
        let bytes = sign::targets(&files, time(NOW), &self.targets, issue(list)).unwrap();
        let made = Made { version: list, bytes: bytes.clone() };
        let mut fake = self.signed(made, 1000, 1000 + timestamp);
        fake.insert(format!("metadata/{list}.targets.json"), bytes);
        client.update(time(NOW), |path| fake.get(path).cloned().or_else(|| desk.served(path)))
    }

    /// Serves the genuine list under the greatest version that a timestamp can have here.
    fn fast_forward(&self, client: &mut Client, desk: &Desk) -> Result<Updated, Refusal> {
        let fake = self.forward(desk);
        client.update(time(NOW), |path| fake.get(path).cloned().or_else(|| desk.served(path)))
    }

    fn forward(&self, desk: &Desk) -> BTreeMap<String, Vec<u8>> {
        let genuine = Made { version: 1, bytes: desk.read("repository/metadata/1.targets.json") };
        self.signed(genuine, 1000, u32::MAX)
    }

    fn signed(&self, list: Made, snapshot: u32, timestamp: u32) -> BTreeMap<String, Vec<u8>> {
        let bytes = sign::snapshot(&[("targets".to_owned(), list)].into(), &self.online, issue(snapshot)).unwrap();
        let made = Made { version: snapshot, bytes: bytes.clone() };
        let newest = sign::timestamp(&made, &self.online, issue(timestamp)).unwrap();
        [(format!("metadata/{snapshot}.snapshot.json"), bytes), ("metadata/timestamp.json".to_owned(), newest)].into()
    }
}

fn issue(version: u32) -> Issue {
    Issue { version, expires: time("2099-01-01T00:00:00Z") }
}
