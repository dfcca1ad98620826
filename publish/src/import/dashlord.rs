//! `urls.txt` of a dashlord (github.com/SocialGouv/dashlord), such as the State's dashboard: one URL
//! a line, then its categories after semicolons.

use super::format::{Read, utf8};
use super::record::{Place, Record};
use anyhow::Result;
use std::path::Path;

/// The sites that are watched over. That is no word on whether they answer.
pub fn read(file: &Path, bytes: &[u8]) -> Result<Read> {
    let mut read = Read::default();
    for (text, line) in utf8(bytes)?.lines().zip(1..) {
        let address = text.split(';').next().unwrap_or_default().trim();
        if address.is_empty() || address.starts_with('#') {
            continue;
        }
        if Place::of(address) == Place::Nothing {
            read.refuse(file, line, &format!("line {line}"), format!("is {address:?}, no address"), "write one URL");
            continue;
        }
        read.records.push(Record { line, address: address.to_owned(), ..Record::default() });
    }
    Ok(read)
}
