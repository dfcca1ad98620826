//! Names of files, where they are stored and where they are asked for.

use super::File;
use std::fmt::Write;

/// Longest target path, in bytes.
const MAX_PATH: usize = 512;

/// A metadata file's name without a version, as a snapshot writes it.
pub(super) fn unescaped(file: &File) -> String {
    file.to_string()
}

/// The name under which a metadata file is stored, whatever a role is called.
pub(super) fn stored(file: &File) -> String {
    escape(&unescaped(file), "")
}

/// The name by which a metadata file is asked for (§3.3: a role's name is percent-encoded).
pub(super) fn versioned(file: &File, version: Option<u64>) -> String {
    version.map_or_else(|| stored(file), |version| format!("{version}.{}", stored(file)))
}

/// Where a target is asked for: with its hash before its last segment if there is one (§3.3).
pub(super) fn target(path: &str, prefix: Option<String>) -> String {
    let hashed = prefix.map(|hash| match path.rsplit_once('/') {
        Some((folder, name)) => format!("{folder}/{hash}.{name}"),
        None => format!("{hash}.{path}"),
    });
    escape(hashed.as_deref().unwrap_or(path), "/")
}

/// Whether a target path leads nowhere but down from where targets are.
pub(super) fn is_safe_path(path: &str) -> bool {
    let plain = |segment: &str| !matches!(segment, "" | "." | "..");
    path.len() <= MAX_PATH
        && path.split('/').all(plain)
        && !path.chars().any(|char| char == '\\' || char == ':' || char.is_control())
}

/// Lower-case letters, digits, `-`, `_` and dots within: no path, on any system.
pub(super) fn is_flat(name: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_.".contains(&byte);
    name.bytes().all(is_plain) && name.starts_with(|first: char| first.is_ascii_alphanumeric())
}

/// Every byte but the unreserved ones of RFC 3986 and those of `kept`, as `%` and two digits.
fn escape(text: &str, kept: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) || kept.as_bytes().contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a `String` cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{File, is_safe_path, stored, target, versioned};

    #[test]
    fn names_never_leave_their_folder() {
        let role = |name: &str| File::Delegated(name.to_owned());
        assert_eq!(stored(&role("../a")), "..%2Fa.json");
        assert_eq!(stored(&role("..")), "...json");
        assert_eq!(versioned(&role("?"), Some(3)), "3.%3F.json");
        assert_eq!(versioned(&role("é\0"), None), "%C3%A9%00.json");
        assert_eq!(target("a/b c", Some("00".to_owned())), "a/00.b%20c");
        assert_eq!(target("b", None), "b");
    }

    #[test]
    fn paths_that_lead_elsewhere_are_told() {
        for path in ["", "/", "/a", "a/", "a//b", ".", "..", "../a", "a/../b", "a\\b", "c:a", "a\0", "a\nb"] {
            assert!(!is_safe_path(path), "{path:?}");
        }
        assert!(!is_safe_path(&"a".repeat(513)));
        for path in ["a", "a/b", "...", "..a", "a..", "à b"] {
            assert!(is_safe_path(path), "{path:?}");
        }
    }
}
