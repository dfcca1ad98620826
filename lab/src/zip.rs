//! Writing a directory as an uncompressed zip file, which is what Firefox
//! takes as an installed extension.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

/// The bytes of a zip file with all files under `directory`.
pub(crate) fn directory(directory: &Path) -> Result<Vec<u8>> {
    let mut files = Vec::new();
    collect(directory, "", &mut files).with_context(|| format!("reading the files of {}", directory.display()))?;
    files.sort();
    let mut archive = Vec::new();
    let mut index = Vec::new();
    for (name, content) in &files {
        let start = archive.len();
        let header = header(name, content)?;
        archive.extend_from_slice(b"PK\x03\x04");
        archive.extend_from_slice(&header);
        archive.extend_from_slice(name.as_bytes());
        archive.extend_from_slice(content);
        index.extend_from_slice(b"PK\x01\x02");
        index.extend_from_slice(&20_u16.to_le_bytes()); // made by version 2.0
        index.extend_from_slice(&header);
        // No comment, first disk, no attributes.
        index.extend_from_slice(&[0; 10]);
        index.extend_from_slice(&length(start)?);
        index.extend_from_slice(name.as_bytes());
    }
    let count = u16::try_from(files.len())?.to_le_bytes();
    let index_start = length(archive.len())?;
    archive.extend_from_slice(&index);
    archive.extend_from_slice(b"PK\x05\x06\0\0\0\0");
    archive.extend_from_slice(&count);
    archive.extend_from_slice(&count);
    archive.extend_from_slice(&length(index.len())?);
    archive.extend_from_slice(&index_start);
    archive.extend_from_slice(&[0; 2]); // no comment
    Ok(archive)
}

/// What the local header and the index have in common.
fn header(name: &str, content: &[u8]) -> Result<Vec<u8>> {
    const JANUARY_1980: u16 = 0x21;
    let mut header = Vec::with_capacity(26);
    header.extend_from_slice(&20_u16.to_le_bytes()); // needs version 2.0
    header.extend_from_slice(&0x0800_u16.to_le_bytes()); // the name is UTF-8
    header.extend_from_slice(&[0; 4]); // stored; midnight
    header.extend_from_slice(&JANUARY_1980.to_le_bytes());
    header.extend_from_slice(&crc32(content).to_le_bytes());
    header.extend_from_slice(&length(content.len())?);
    header.extend_from_slice(&length(content.len())?);
    header.extend_from_slice(&u16::try_from(name.len())?.to_le_bytes());
    header.extend_from_slice(&[0; 2]); // no extra field
    Ok(header)
}

fn length(value: usize) -> Result<[u8; 4]> {
    Ok(u32::try_from(value).context("the zip file is too large")?.to_le_bytes())
}

fn collect(directory: &Path, prefix: &str, files: &mut Vec<(String, Vec<u8>)>) -> Result<()> {
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            collect(&entry.path(), &format!("{name}/"), files)?;
        } else {
            files.push((name, fs::read(entry.path())?));
        }
    }
    Ok(())
}

fn crc32(bytes: &[u8]) -> u32 {
    const POLYNOMIAL: u32 = 0xEDB8_8320;
    !bytes
        .iter()
        .fold(!0, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (POLYNOMIAL * (crc & 1))))
}

#[cfg(test)]
mod tests {
    use super::crc32;

    #[test]
    fn crc_of_the_check_string() {
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
    }
}
