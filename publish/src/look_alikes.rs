//! Which characters look like Latin letters: UTS 39's confusables, from the crate
//! `unicode-security`, whose version is locked.

/// Each character beyond ASCII that a host name may hold, and the one or two letters that it looks
/// like.
pub fn all() -> impl Iterator<Item = (char, [u8; 2])> {
    let beyond_ascii = '\u{80}'..=char::MAX;
    beyond_ascii.filter_map(|char| Some((char, looks(char)?))).filter(|(char, _)| is_of_hosts(*char))
}

fn looks(char: char) -> Option<[u8; 2]> {
    let text = char.to_string();
    let bases = unicode_security::skeleton(&text).filter(|char| !('\u{300}'..='\u{36f}').contains(char));
    let skeleton: String = bases.map(|char| char.to_ascii_lowercase()).collect();
    // The skeleton of UTS 39 writes m as rn.
    let skeleton = skeleton.replace("rn", "m").replace("vv", "w");
    match *skeleton.as_bytes() {
        [first] if first.is_ascii_alphanumeric() => Some([first, 0]),
        [first, second] if first.is_ascii_alphanumeric() && second.is_ascii_alphanumeric() => Some([first, second]),
        _ => None,
    }
}

/// Whether the character stands in the canonical form of a host name (UTS 46).
fn is_of_hosts(char: char) -> bool {
    let host = format!("a{char}a");
    let ascii = idna::domain_to_ascii(&host);
    ascii.is_ok_and(|ascii| ascii.starts_with("xn--") && idna::domain_to_unicode(&ascii).0 == host)
}
