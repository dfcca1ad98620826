//! A host name in the form in which it is looked up.

/// Longest host name of the domain name system, in bytes (RFC 1035 §2.3.4).
pub const MAX_HOST: usize = 253;
/// Longest key, in bytes: a host and its closing dot.
pub(super) const MAX_KEY: usize = MAX_HOST + 1;

/// A host name in the form in which it is looked up: labels turned round, a dot after each.
#[derive(Clone)]
pub struct Key(Box<[u8]>);

impl Key {
    /// The key of an ASCII host without a trailing dot.
    ///
    /// Nothing for a name that no map can hold: empty, longer than [`MAX_HOST`], or with an empty
    /// label.
    pub fn of(host: &str) -> Option<Self> {
        if host.is_empty() || host.len() > MAX_HOST {
            return None;
        }
        let mut key = vec![0; host.len() + 1].into_boxed_slice();
        let mut free = &mut *key;
        let mut rest = host.as_bytes();
        while !rest.is_empty() {
            let dot = rest.iter().rposition(|&byte| byte == b'.');
            let (before, label) = rest.split_at_checked(dot.map_or(0, |dot| dot + 1))?;
            let (filled, after) = free.split_at_mut_checked(label.len() + 1)?;
            let (closing, filled) = filled.split_last_mut()?;
            filled.copy_from_slice(label);
            *closing = b'.';
            if label.is_empty() || before == b"." {
                return None;
            }
            free = after;
            rest = before.split_last().map_or(&[], |(_, before)| before);
        }
        Some(Self(key))
    }

    /// The key's bytes, such as `fr.ameli.www.`.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&String::from_utf8_lossy(self.as_bytes()))
    }
}

/// The host whose key these bytes are.
pub(super) fn host_of(key: &[u8]) -> String {
    let labels = key.strip_suffix(b".").unwrap_or(key).rsplit(|&byte| byte == b'.');
    labels.map(String::from_utf8_lossy).collect::<Vec<_>>().join(".")
}
