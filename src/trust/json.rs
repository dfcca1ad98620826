//! The JSON of metadata files: no fractions, no key twice, and one canonical form that is signed
//! (OLPC canonical JSON, as the TUF specification names it in §4.2).

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use std::fmt;

/// Most members that an object may have: keys of a role and files of a list are far fewer.
const MAX_MEMBERS: usize = 4096;

/// A JSON value as metadata may hold it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Json {
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// A whole number that 64 bits hold.
    Integer(i64),
    /// Text.
    Text(String),
    /// A list.
    List(Vec<Json>),
    /// An object.
    Object(Members),
}

/// The members of an object, in the order of the code points of their keys, as the canonical form
/// wants it. No key stands twice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Members(Vec<(String, Json)>);

impl Members {
    /// Adds a member; gives its key back if it stands there already.
    fn insert(&mut self, key: String, value: Json) -> Result<(), String> {
        match self.position(&key) {
            Ok(_) => Err(key),
            Err(place) => {
                self.0.insert(place, (key, value));
                Ok(())
            }
        }
    }

    fn position(&self, key: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|(known, _)| known.as_str().cmp(key))
    }

    /// The member of that key.
    pub fn get(&self, key: &str) -> Option<&Json> {
        let position = self.position(key).ok()?;
        self.0.get(position).map(|(_, value)| value)
    }

    /// Takes the member of that key out.
    pub fn remove(&mut self, key: &str) -> Option<Json> {
        let position = self.position(key).ok()?;
        Some(self.0.remove(position).1)
    }

    /// Every member, in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &Json)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value))
    }
}

/// Of members with the same key, the last stands.
impl FromIterator<(String, Json)> for Members {
    fn from_iter<I: IntoIterator<Item = (String, Json)>>(members: I) -> Self {
        let mut object = Self(Vec::new());
        for (key, value) in members {
            match object.position(&key) {
                Ok(place) => {
                    if let Some(member) = object.0.get_mut(place) {
                        member.1 = value;
                    }
                }
                Err(place) => object.0.insert(place, (key, value)),
            }
        }
        object
    }
}

impl Json {
    /// Reads one value and nothing after it.
    pub fn parse(bytes: &[u8]) -> Result<Self, String> {
        serde_json::from_slice(bytes).map_err(|error| error.to_string())
    }

    /// The member of an object.
    pub fn get(&self, key: &str) -> Option<&Self> {
        match self {
            Self::Object(members) => members.get(key),
            _ => None,
        }
    }

    /// The value as text.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The value as a number that is not negative.
    pub fn unsigned(&self) -> Option<u64> {
        match self {
            Self::Integer(number) => u64::try_from(*number).ok(),
            _ => None,
        }
    }

    /// The bytes that are signed.
    pub fn canonical(&self) -> Vec<u8> {
        let mut out = Vec::new();
        self.write(&mut out);
        out
    }

    fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::Null => out.extend(b"null"),
            Self::Bool(true) => out.extend(b"true"),
            Self::Bool(false) => out.extend(b"false"),
            Self::Integer(number) => out.extend(number.to_string().bytes()),
            Self::Text(text) => write_text(text, out),
            Self::List(items) => {
                write_joined(out, [b'[', b']'], items, Self::write);
            }
            Self::Object(members) => {
                write_joined(out, [b'{', b'}'], &members.0, |(key, value), out| {
                    write_text(key, out);
                    out.push(b':');
                    value.write(out);
                });
            }
        }
    }
}

fn write_joined<T>(
    out: &mut Vec<u8>,
    [open, close]: [u8; 2],
    items: impl IntoIterator<Item = T>,
    write: impl Fn(T, &mut Vec<u8>),
) {
    out.push(open);
    for (position, item) in items.into_iter().enumerate() {
        if position > 0 {
            out.push(b',');
        }
        write(item, out);
    }
    out.push(close);
}

/// Only the quotation mark and the backslash are escaped; everything else stands as it is.
fn write_text(text: &str, out: &mut Vec<u8>) {
    out.push(b'"');
    for byte in text.bytes() {
        if matches!(byte, b'"' | b'\\') {
            out.push(b'\\');
        }
        out.push(byte);
    }
    out.push(b'"');
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(JsonVisitor)
    }
}

struct JsonVisitor;

impl<'de> Visitor<'de> for JsonVisitor {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value without fractions")
    }

    fn visit_unit<E: Error>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Json, E> {
        Ok(Json::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Json, E> {
        Ok(Json::Integer(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Json, E> {
        i64::try_from(value).map(Json::Integer).map_err(|_| E::custom("a number over 2^63 - 1"))
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Json, E> {
        Err(E::custom("a number with a fraction"))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Json, E> {
        Ok(Json::Text(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Json, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Json::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Json, A::Error> {
        let mut object = Members(Vec::new());
        while let Some((key, value)) = members.next_entry()? {
            if object.0.len() == MAX_MEMBERS {
                return Err(A::Error::custom("an object with too many members"));
            }
            let twice = |key| A::Error::custom(format_args!("the key {key} stands twice"));
            object.insert(key, value).map_err(twice)?;
        }
        Ok(Json::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::Json;

    fn canonical(text: &str) -> Result<String, String> {
        Json::parse(text.as_bytes()).map(|json| String::from_utf8(json.canonical()).unwrap())
    }

    #[test]
    fn canonical_form_sorts_keys_and_drops_white_space() {
        let text = "{ \"b\": [1, -2, null, true],\n \"a\": \"q\\\"\\\\\\u00e9\\n\", \"B\": {} }";
        assert_eq!(canonical(text).unwrap(), "{\"B\":{},\"a\":\"q\\\"\\\\é\n\",\"b\":[1,-2,null,true]}");
    }

    #[test]
    fn what_has_no_canonical_form_is_refused() {
        for text in ["1.5", "1e3", "9223372036854775808", "{\"a\":1,\"a\":1}", "{} {}", "", "\"\\ud800\"", "[1,]"] {
            assert!(canonical(text).is_err(), "{text}");
        }
    }
}
