//! When an entry must be looked at again: `classes.toml` says after how many months.

use crate::date::Date;
use crate::problem::Problem;
use crate::reviewed::{Reviewed, Site};
use crate::table::{Source, Table};
use anyhow::Result;
use std::collections::BTreeMap;
use std::path::Path;
use toml::de::DeValue;

/// The class of the town halls, which come by thousands from one source.
const COMMUNES: &str = "communes";
/// The class of the files that no other names.
const OTHERS: &str = "others";
/// How long before its day an entry is warned of, in months.
const NOTICE: u32 = 2;

/// Notes as a defect each entry that must have been looked at again by `day`, and as a warning each
/// that must be within two months after it.
pub fn look_over(data: &Path, day: &Date, reviewed: &mut Reviewed) -> Result<()> {
    let Some(classes) = Classes::read(&data.join("classes.toml"), &mut reviewed.problems)? else { return Ok(()) };
    let notice = day.plus_months(NOTICE);
    for site in &reviewed.sites {
        let problem = |what: String, remedy: String| Problem {
            place: site.place.clone(),
            subject: format!("{}{}", site.host, site.path),
            what,
            remedy,
        };
        let class = classes.of(site);
        let Some(months) = classes.months.get(class) else {
            let known = classes.months.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
            let what = format!("has the class {class:?}, which classes.toml does not have");
            reviewed.problems.push(problem(what, format!("write one of: {known}")));
            continue;
        };
        let due = site.checked.plus_months(*months);
        let what = format!("is to be looked at again by {due}: class {class}, {months} months after {}", site.checked);
        let remedy = "compare it with its sources, then write the day of that".to_owned();
        if due <= *day {
            reviewed.problems.push(problem(what, remedy));
        } else if due <= notice {
            reviewed.warnings.push(problem(what, remedy));
        }
    }
    reviewed.problems.sort();
    reviewed.warnings.sort();
    Ok(())
}

/// `classes.toml`.
struct Classes {
    months: BTreeMap<String, u32>,
    /// The class of the files that a class names.
    files: BTreeMap<String, String>,
}

impl Classes {
    fn read(file: &Path, problems: &mut Vec<Problem>) -> Result<Option<Self>> {
        let text = Source::read(file)?;
        let source = Source { file, text: &text };
        let Some(document) = source.parse(problems) else { return Ok(None) };
        let mut classes = Self { months: BTreeMap::new(), files: BTreeMap::new() };
        let mut whole = Table::new(&source, "file", 0, document.get_ref());
        for (id, value) in document.get_ref() {
            let DeValue::Table(members) = value.get_ref() else {
                whole.refuse(id.get_ref(), "is no class", "start each with its name in square brackets");
                continue;
            };
            let id = id.get_ref().to_string();
            let mut table = Table::new(&source, &id, value.span().start, members);
            table.text("why");
            for name in if table.has("files") { table.list("files") } else { Vec::new() } {
                match name.get_ref() {
                    DeValue::String(name) if !classes.files.contains_key(name.as_ref()) => {
                        classes.files.insert(name.to_string(), id.clone());
                    }
                    _ => table.refuse("files", "names a file twice, or something else", "name each file once"),
                }
            }
            if let Some(months) = table.number("months") {
                classes.months.insert(id, months);
            }
            problems.extend(table.finish());
        }
        for id in [OTHERS, COMMUNES] {
            if !document.get_ref().contains_key(id) {
                whole.refuse(id, "is missing", format!("add `[{id}]` with `months` and `why`"));
            }
        }
        problems.extend(whole.problems);
        Ok(Some(classes))
    }

    fn of<'c>(&'c self, site: &'c Site) -> &'c str {
        let file = &site.place.file;
        if !site.class.is_empty() {
            &site.class
        } else if file.extension().is_some_and(|ending| ending == "tsv") {
            COMMUNES
        } else {
            let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            self.files.get(name).map_or(OTHERS, String::as_str)
        }
    }
}
