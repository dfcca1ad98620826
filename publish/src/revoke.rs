//! Adds a host to the revocations, if the whole data is still without defect then.

use crate::build;
use crate::problem::{Place, Problem};
use crate::reviewed::Reviewed;
use crate::staged::files_of;
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use toml_edit::{Array, ArrayOfTables, Date, DocumentMut, InlineTable, Item, Table, value};

/// A host to be struck off.
pub struct Order {
    /// The host, which is struck off with everything below it.
    pub host: String,
    /// The reason's word.
    pub reason: String,
    /// Ids of sources.toml, or addresses of pages.
    pub sources: Vec<String>,
    /// The day of the check, as `YYYY-MM-DD`; also that of the pages.
    pub checked: String,
}

/// Writes the revocation beside those of the same reason, in order of the hosts; comments and all
/// else stay as they are. Refuses, and writes nothing, if the data had a defect before or would have
/// one then. Gives the entry's place.
pub fn revoke(data: &Path, order: &Order) -> Result<Place> {
    refuse_defects("the data has", &build::check(data)?)?;
    let file = file_for(data, &order.reason)?;
    let text = std::fs::read_to_string(&file).or_else(|error| match error.kind() {
        std::io::ErrorKind::NotFound => Ok(String::new()),
        _ => Err(error),
    });
    let text = with_entry(&text.with_context(|| format!("cannot read {}", file.display()))?, order)
        .with_context(|| format!("cannot edit {}", file.display()))?;
    let tried = tempfile::tempdir().context("cannot make a temporary folder")?;
    copy_reviewed(data, tried.path())?;
    write(&tried.path().join(file.strip_prefix(data)?), &text)?;
    let mut reviewed = build::check(tried.path())?;
    for problem in &mut reviewed.problems {
        *problem = in_place_of(problem, tried.path(), data);
    }
    refuse_defects("nothing was written: with this revocation the data would have", &reviewed)?;
    let fresh = file.with_extension("toml.new");
    write(&fresh, &text)?;
    std::fs::rename(&fresh, &file).with_context(|| format!("cannot write {}", file.display()))?;
    let place = reviewed.revocations.into_iter().find(|it| it.host == order.host).context("the entry is lost")?.place;
    Ok(Place { file, ..place })
}

fn refuse_defects(so: &str, reviewed: &Reviewed) -> Result<()> {
    if reviewed.problems.is_empty() {
        return Ok(());
    }
    let all: Vec<String> = reviewed.problems.iter().map(ToString::to_string).collect();
    bail!("{so} {} defects:\n{}", all.len(), all.join("\n"))
}

/// The last file that has a revocation of that reason, or one named after it.
fn file_for(data: &Path, reason: &str) -> Result<PathBuf> {
    let folder = data.join("revocations");
    let files = files_of(&folder)?.into_iter().rev();
    for file in files.filter(|file| file.extension().is_some_and(|extension| extension == "toml")) {
        let text = std::fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
        let document: DocumentMut = text.parse().with_context(|| format!("{}", file.display()))?;
        let mut entries = document.get("revoked").and_then(Item::as_array_of_tables).into_iter().flatten();
        if entries.any(|entry| entry.get("reason").and_then(Item::as_str) == Some(reason)) {
            return Ok(file);
        }
    }
    Ok(folder.join(format!("{reason}.toml")))
}

/// The text of a file of revocations with one more entry, after the host that comes before it.
fn with_entry(text: &str, order: &Order) -> Result<String> {
    let mut document: DocumentMut = text.parse()?;
    let revoked = document.entry("revoked").or_insert(Item::ArrayOfTables(ArrayOfTables::new()));
    let entries = revoked.as_array_of_tables_mut().context("`revoked` is no list of entries")?;
    let host = |entry: &Table| entry.get("host").and_then(Item::as_str).unwrap_or_default().to_owned();
    let before = entries.iter().enumerate().filter(|(_, entry)| host(entry) < order.host);
    let index = before.max_by_key(|(_, entry)| host(entry)).map_or(0, |(index, _)| index + 1);
    let mut entry = new_entry(order)?;
    let mut lead = if text.is_empty() { String::new() } else { "\n".to_owned() };
    if let Some(first) = entries.get_mut(0).filter(|_| index == 0) {
        // What stands above the first entry is the file's own comment, as far as its last blank line.
        let above = first.decor().prefix().and_then(|prefix| prefix.as_str()).unwrap_or_default().to_owned();
        let (head, own) = above.rfind("\n\n").map_or(("", above.as_str()), |at| above.split_at(at + 2));
        head.clone_into(&mut lead);
        first.decor_mut().set_prefix(format!("\n{own}"));
    }
    entry.decor_mut().set_prefix(lead);
    entries.insert(index, entry);
    for (entry, position) in entries.iter_mut().zip(0..) {
        entry.set_position(Some(position));
    }
    Ok(document.to_string())
}

fn new_entry(order: &Order) -> Result<Table> {
    let checked: toml_edit::Datetime =
        order.checked.parse().with_context(|| format!("{:?} is no day", order.checked))?;
    let date: Date = checked.date.context("a day is needed")?;
    let mut sources = Array::new();
    for source in &order.sources {
        if source.contains("://") {
            let mut page = InlineTable::new();
            page.insert("url", source.into());
            page.insert("date", toml_edit::Datetime::from(date).into());
            sources.push(page);
        } else {
            sources.push(source);
        }
    }
    let mut entry = Table::new();
    entry.insert("host", value(&order.host));
    entry.insert("reason", value(&order.reason));
    entry.insert("sources", value(sources));
    entry.insert("checked", value(toml_edit::Datetime::from(date)));
    Ok(entry)
}

/// A data folder but for its keys.
fn copy_reviewed(from: &Path, to: &Path) -> Result<()> {
    let cannot = || format!("cannot copy {}", from.display());
    std::fs::create_dir_all(to).with_context(cannot)?;
    for entry in std::fs::read_dir(from).with_context(cannot)? {
        let entry = entry.with_context(cannot)?;
        let (path, name) = (entry.path(), entry.file_name());
        if path.is_dir() && name != "keys" {
            copy_reviewed(&path, &to.join(name))?;
        } else if path.is_file() {
            std::fs::copy(&path, to.join(name)).with_context(cannot)?;
        }
    }
    Ok(())
}

/// A defect of the copy, as one of the data itself.
fn in_place_of(problem: &Problem, copy: &Path, data: &Path) -> Problem {
    let (from, to) = (copy.display().to_string(), data.display().to_string());
    let mapped = |text: &str| text.replace(&from, &to);
    Problem {
        place: Place { file: mapped(&problem.place.file.display().to_string()).into(), ..problem.place.clone() },
        subject: mapped(&problem.subject),
        what: mapped(&problem.what),
        remedy: mapped(&problem.remedy),
    }
}

fn write(file: &Path, text: &str) -> Result<()> {
    std::fs::write(file, text).with_context(|| format!("cannot write {}", file.display()))
}

#[cfg(test)]
mod tests {
    use super::{Order, with_entry};

    fn order(host: &str, source: &str) -> Order {
        let [host, source, reason, checked] = [host, source, "squatted", "2026-11-22"].map(str::to_owned);
        Order { host, reason, sources: vec![source], checked }
    }

    const ENTRY: &str = "reason = \"squatted\"\nsources = [\"a\"]\nchecked = 2026-11-22\n";

    fn file(head: &str, hosts: &[&str]) -> String {
        let entries = hosts.iter().map(|host| format!("[[revoked]] # {host}\nhost = \"{host}\"\n{ENTRY}"));
        format!("{head}{}", entries.collect::<Vec<_>>().join("\n# why\n"))
    }

    #[test]
    fn an_entry_finds_its_place_and_nothing_else_moves() {
        let head = "# Struck off.\n\n# why\n";
        for (host, after) in [("a.fr", None), ("c.fr", Some("b.fr")), ("z.fr", Some("d.fr"))] {
            let before = file(head, &["b.fr", "d.fr"]);
            let found = with_entry(&before, &order(host, "a")).unwrap();
            let entry = format!("[[revoked]]\nhost = \"{host}\"\n{ENTRY}");
            let wanted = match after {
                None => before.replacen("# why", &format!("{entry}\n# why"), 1),
                Some("d.fr") => format!("{before}\n{entry}"),
                Some(_) => {
                    before.replacen("\n# why\n[[revoked]] # d.fr", &format!("\n{entry}\n# why\n[[revoked]] # d.fr"), 1)
                }
            };
            assert_eq!(found, wanted, "{host}");
        }
    }

    #[test]
    fn a_page_is_cited_with_its_day() {
        let found = with_entry("", &order("a.fr", "https://page.fr/x")).unwrap();
        let sources = "sources = [{ url = \"https://page.fr/x\", date = 2026-11-22 }]";
        assert_eq!(
            found,
            format!("[[revoked]]\nhost = \"a.fr\"\nreason = \"squatted\"\n{sources}\nchecked = 2026-11-22\n")
        );
    }
}
