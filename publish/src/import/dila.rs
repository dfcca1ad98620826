//! DILA's "annuaire de l'administration et des services publics", as JSON.
//!
//! Two files hold the same records: the export of the dataset `api-lannuaire-administration`
//! (api-lannuaire.service-public.gouv.fr, an array whose nested fields are JSON within text), and
//! the local database on data.gouv.fr (`{"service": […]}`, whose nested fields are plain). A record
//! names in `pivot` which kind of service it is and for which communes, and its sites in
//! `site_internet`.

use super::format::{Read, utf8};
use super::record::Record;
use anyhow::{Context, Result};
use serde_json::Value;
use std::path::Path;

/// What the name of a commune's own town hall starts with; others are of parts of a commune.
const TOWN_HALL: &str = "Mairie - ";

/// The town halls that have a site.
pub fn read(file: &Path, bytes: &[u8]) -> Result<Read> {
    let document: Value = serde_json::from_str(utf8(bytes)?).context("it is no JSON")?;
    let records = ["service", "results"].into_iter().find_map(|member| document.get(member)).unwrap_or(&document);
    let records = records.as_array().context("it holds no list of services")?;
    let mut read = Read::default();
    for (record, line) in records.iter().zip(1..) {
        let pivots = nested(record, "pivot");
        let pivot = pivots.iter().find(|pivot| text(pivot, "type_service_local") == "mairie");
        let name = text(record, "nom");
        let Some((pivot, name)) = pivot.zip(name.strip_prefix(TOWN_HALL)).filter(|_| is_public(record)) else {
            continue;
        };
        let own = text(record, "code_insee_commune");
        let codes: Vec<&str> = pivot
            .get("code_insee_commune")
            .and_then(Value::as_array)
            .map(|codes| codes.iter().filter_map(Value::as_str).collect())
            .unwrap_or_default();
        let insee = match codes.as_slice() {
            [] => own,
            [code] if own.is_empty() || *code == own => code,
            several if several.contains(&own) => own,
            other => {
                let what = format!("is of {own:?} by itself, and of {} by its pivot", other.join(", "));
                read.refuse(file, line, &format!("record {line}, {name}"), what, "ask DILA which commune it is of");
                continue;
            }
        };
        for site in nested(record, "site_internet") {
            let address = text(&site, "valeur").trim().to_owned();
            if !address.is_empty() {
                let (insee, name) = (insee.to_owned(), name.trim().replace('\'', "’"));
                read.records.push(Record { line, insee, name, address, ..Record::default() });
            }
        }
    }
    Ok(read)
}

/// A record that DILA withholds is marked `false`, as a word or as a text.
fn is_public(record: &Value) -> bool {
    let status = record.get("statut_de_diffusion");
    status.is_none_or(|status| status.as_bool() != Some(false) && status.as_str() != Some("false"))
}

fn text<'v>(record: &'v Value, member: &str) -> &'v str {
    record.get(member).and_then(Value::as_str).unwrap_or_default()
}

/// The items of a nested field, be it a list or the JSON of one.
fn nested(record: &Value, member: &str) -> Vec<Value> {
    match record.get(member) {
        Some(Value::Array(items)) => items.clone(),
        Some(Value::String(text)) => serde_json::from_str(text).unwrap_or_default(),
        _ => Vec::new(),
    }
}
