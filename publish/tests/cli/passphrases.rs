//! Key files: encrypted, and readable by their owner alone.

use crate::tool::Desk;

const SECRET: (&str, &str) = ("BON_GUICHET_PASSPHRASE", "correct horse battery staple");

#[test]
fn keys_are_encrypted_and_unlocked() {
    let desk = Desk::new();
    assert_eq!(desk.run_with("init-root", &[SECRET]).code, 0);
    for name in ["root-1", "root-2", "root-3", "targets-1", "targets-2", "online-1"] {
        let pem = String::from_utf8(desk.read(&format!("keys/{name}.pem"))).unwrap();
        assert!(pem.starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----\n"), "{name}: {pem}");
        let public = String::from_utf8(desk.read(&format!("keys/{name}.pub.pem"))).unwrap();
        assert!(public.starts_with("-----BEGIN PUBLIC KEY-----\n"), "{name}: {public}");
    }
    desk.does("pack");
    desk.write("secret", &format!("{}\nanother line\n", SECRET.1));
    desk.does("sign --key keys/targets-1.pem --passphrase-file secret");
    assert_eq!(desk.run_with("sign --key keys/targets-2.pem", &[SECRET]).code, 0);
    desk.does("refresh --staged staged --key keys/online-1.pem --passphrase-file secret");
    desk.does("verify");
}

#[cfg(unix)]
#[test]
fn only_the_owner_may_read_a_private_key() {
    use std::os::unix::fs::PermissionsExt;
    let desk = Desk::new();
    desk.does("make-key plain.pem --no-passphrase");
    assert_eq!(desk.run_with("make-key encrypted.pem", &[SECRET]).code, 0);
    for name in ["plain.pem", "encrypted.pem"] {
        assert_eq!(std::fs::metadata(desk.at(name)).unwrap().permissions().mode() & 0o777, 0o600, "{name}");
    }
}

#[test]
fn a_wrong_or_missing_passphrase_is_told() {
    let desk = Desk::new();
    assert_eq!(desk.run_with("init-root", &[SECRET]).code, 0);
    desk.does("pack");
    let line = "sign --key keys/targets-1.pem";
    let wrong = "cannot decrypt keys/targets-1.pem: the passphrase is wrong, or the file is damaged";
    assert_eq!(desk.refuses_with(line, &[(SECRET.0, "incorrect horse")]), wrong);
    desk.write("empty", "");
    assert_eq!(desk.refuses(&format!("{line} --passphrase-file empty")), wrong);
    let missing = "keys/targets-1.pem is encrypted; run this on a terminal, set BON_GUICHET_PASSPHRASE, or give \
                   --passphrase-file";
    assert_eq!(desk.refuses(line), missing);
    assert!(desk.refuses(&format!("{line} --passphrase-file none")).starts_with("cannot read none: "));
    let pem = String::from_utf8(desk.read("keys/targets-1.pem")).unwrap();
    desk.write("keys/targets-1.pem", &pem.replace("MIGb", "MIGa"));
    assert_eq!(desk.refuses_with(line, &[SECRET]), wrong);
}

/// A key without passphrase is what somebody asked for, never what somebody forgot.
#[test]
fn a_new_key_needs_a_passphrase_or_a_word() {
    let desk = Desk::new();
    let wanted = "needs a passphrase; run this on a terminal, set BON_GUICHET_PASSPHRASE, or give --passphrase-file, or \
                  say --no-passphrase";
    assert_eq!(desk.refuses("make-key a.pem"), format!("a.pem {wanted}"));
    assert_eq!(desk.refuses("init-root"), format!("keys/root-1.pem {wanted}"));
    let empty = "an empty passphrase protects nothing: write one, or say --no-passphrase";
    assert_eq!(desk.refuses_with("make-key a.pem", &[(SECRET.0, "")]), empty);
    desk.does("make-key a.pem --no-passphrase");
    assert_eq!(
        desk.refuses("make-key a.pem --no-passphrase"),
        "a.pem is there already, and a key is never written over"
    );
}
