//! Whether a data folder would be without defect if some of its files were others.

use crate::build;
use crate::problem::{Place, Problem};
use crate::reviewed::Reviewed;
use anyhow::{Context, Result};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Checks a copy of the data folder in which these files, named from the folder, have these texts.
/// Its defects are told as of the folder itself, which stays as it is.
pub fn check_with(data: &Path, changed: &BTreeMap<PathBuf, String>) -> Result<Reviewed> {
    let copy = tempfile::tempdir().context("cannot make a temporary folder")?;
    copy_reviewed(data, copy.path())?;
    for (name, text) in changed {
        let file = copy.path().join(name);
        let cannot = || format!("cannot write {}", file.display());
        std::fs::create_dir_all(file.parent().unwrap_or(&file)).with_context(cannot)?;
        std::fs::write(&file, text).with_context(cannot)?;
    }
    let mut reviewed = build::check(copy.path())?;
    for problem in &mut reviewed.problems {
        *problem = in_place_of(problem, copy.path(), data);
    }
    Ok(reviewed)
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
