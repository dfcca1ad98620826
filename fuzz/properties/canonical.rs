//! Canonical JSON, held against a parser and a reader that share nothing with it.

use bon_guichet::trust::json::Json;
use jiter::JsonValue;
use std::borrow::Cow;
use std::sync::Arc;

type Members<'v> = Vec<(Cow<'v, str>, JsonValue<'v>)>;

/// What another parser may go deeper than: `serde_json` stops at 128.
const DEPTH: usize = 100;
/// `MAX_MEMBERS` of `src/trust/json.rs`.
const MEMBERS: usize = 4096;

/// Panics where the two parsers do not agree, or where the canonical form does not read back as
/// what was read. Whether it was read at all.
pub fn holds(input: &[u8]) -> bool {
    let theirs = JsonValue::parse(input, false);
    let Ok(ours) = Json::parse(input) else {
        let missed =
            theirs.is_ok_and(|theirs| is_canonical(&theirs, DEPTH)) && !input.windows(2).any(|two| two == b"-0");
        assert!(!missed, "refused, and nothing is wrong with it");
        return false;
    };
    let theirs = theirs.unwrap_or_else(|error| panic!("another parser says {error}"));
    assert!(agree(&ours, &theirs), "{ours:?} is read as {theirs:?}");
    let canonical = ours.canonical();
    let mut rest = canonical.as_slice();
    let read = read(&mut rest).unwrap_or_else(|| panic!("no canonical form: {}", canonical.escape_ascii()));
    assert!(rest.is_empty() && read == sorted(theirs), "another value: {}", canonical.escape_ascii());
    true
}

/// Neither fractions, nor keys that stand twice, nor numbers beyond 64 bits.
fn is_canonical(value: &JsonValue, depth: usize) -> bool {
    let Some(deeper) = depth.checked_sub(1) else { return false };
    match value {
        JsonValue::Float(_) => false,
        JsonValue::Array(items) => items.iter().all(|item| is_canonical(item, deeper)),
        JsonValue::Object(members) => {
            let mut keys: Vec<&str> = members.iter().map(|(key, _)| key.as_ref()).collect();
            keys.sort_unstable();
            keys.dedup();
            keys.len() == members.len()
                && keys.len() <= MEMBERS
                && members.iter().all(|(_, value)| is_canonical(value, deeper))
        }
        _ => true,
    }
}

fn agree(ours: &Json, theirs: &JsonValue) -> bool {
    match (ours, theirs) {
        (Json::Null, JsonValue::Null) => true,
        (Json::Bool(ours), JsonValue::Bool(theirs)) => ours == theirs,
        (Json::Integer(ours), JsonValue::Int(theirs)) => ours == theirs,
        (Json::Text(ours), JsonValue::Str(theirs)) => ours == theirs,
        (Json::List(ours), JsonValue::Array(theirs)) => {
            ours.len() == theirs.len() && ours.iter().zip(theirs.iter()).all(|(ours, theirs)| agree(ours, theirs))
        }
        (Json::Object(ours), JsonValue::Object(theirs)) => {
            let mut theirs = theirs.iter();
            ours.iter().len() == theirs.len()
                && theirs.all(|(key, theirs)| ours.get(key).is_some_and(|ours| agree(ours, theirs)))
        }
        _ => false,
    }
}

/// Members in the order of the code points of their keys, which is that of their bytes.
fn sorted(value: JsonValue) -> JsonValue {
    match value {
        JsonValue::Array(items) => JsonValue::Array(Arc::new(items.iter().cloned().map(sorted).collect())),
        JsonValue::Object(members) => {
            let mut members: Members =
                members.iter().map(|(key, value)| (key.clone(), sorted(value.clone()))).collect();
            members.sort_by(|(one, _), (other, _)| one.as_bytes().cmp(other.as_bytes()));
            JsonValue::Object(Arc::new(members))
        }
        other => other,
    }
}

/// The canonical form, read by its own rules: no white space, two escapes, sorted keys.
fn read(rest: &mut &[u8]) -> Option<JsonValue<'static>> {
    let (first, after) = rest.split_first()?;
    match first {
        b'"' => read_text(rest).map(|text| JsonValue::Str(text.into())),
        b'[' => {
            *rest = after;
            let mut items = Vec::new();
            read_joined(rest, b']', |rest| {
                items.push(read(rest)?);
                Some(())
            })?;
            Some(JsonValue::Array(Arc::new(items)))
        }
        b'{' => {
            *rest = after;
            let mut members: Members = Vec::new();
            read_joined(rest, b'}', |rest| {
                let key = read_text(rest)?;
                let is_sorted = members.last().is_none_or(|(last, _)| last.as_bytes() < key.as_bytes());
                *rest = rest.strip_prefix(b":").filter(|_| is_sorted)?;
                members.push((key.into(), read(rest)?));
                Some(())
            })?;
            Some(JsonValue::Object(Arc::new(members)))
        }
        _ => {
            let end = rest.iter().position(|byte| b",]}".contains(byte)).unwrap_or(rest.len());
            let (word, after) = rest.split_at(end);
            *rest = after;
            match word {
                b"null" => Some(JsonValue::Null),
                b"true" => Some(JsonValue::Bool(true)),
                b"false" => Some(JsonValue::Bool(false)),
                digits => {
                    let digits = std::str::from_utf8(digits).ok()?;
                    let number: i64 = digits.parse().ok()?;
                    // One writing for each number.
                    (number.to_string() == digits).then_some(JsonValue::Int(number))
                }
            }
        }
    }
}

fn read_joined(rest: &mut &[u8], close: u8, mut read: impl FnMut(&mut &[u8]) -> Option<()>) -> Option<()> {
    if let Some(after) = rest.strip_prefix(&[close]) {
        *rest = after;
        return Some(());
    }
    loop {
        read(rest)?;
        let (next, after) = rest.split_first()?;
        *rest = after;
        match next {
            b',' => {}
            next if *next == close => return Some(()),
            _ => return None,
        }
    }
}

fn read_text(rest: &mut &[u8]) -> Option<String> {
    let mut bytes = rest.strip_prefix(b"\"")?.iter();
    let mut text = Vec::new();
    loop {
        match bytes.next()? {
            b'"' => break,
            b'\\' => text.push(*bytes.next().filter(|byte| matches!(byte, b'"' | b'\\'))?),
            byte => text.push(*byte),
        }
    }
    *rest = bytes.as_slice();
    String::from_utf8(text).ok()
}
