//! Cases as lines of text. Shared by test suites with `#[path]`.

use std::path::{Path, PathBuf};

/// A file of the workspace.
pub fn workspace(path: &str) -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let root = package.ancestors().find(|folder| folder.join("Cargo.lock").exists()).unwrap_or(package);
    root.join(path)
}

pub fn read(path: &str) -> String {
    let file = workspace(path);
    std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// One case: its line in the file, and its cells.
pub struct Row {
    pub line: usize,
    pub cells: Vec<String>,
}

/// The rows of a table: cells between ` | `, their escapes undone. Comments start with `#`.
pub fn rows(path: &str) -> Vec<Row> {
    let text = read(path);
    let lines = text.lines().zip(1..).filter(|(line, _)| !line.is_empty() && !line.starts_with('#'));
    let rows =
        lines.map(|(text, line)| Row { line, cells: text.split(" | ").map(|cell| unescape(cell.trim())).collect() });
    rows.collect()
}

/// `\t`, `\n`, `\r`, `\\`, `\u{HEX}`, and `\*{N:TEXT}` for TEXT, N times.
fn unescape(cell: &str) -> String {
    let mut plain = String::new();
    let mut rest = cell;
    while let Some((before, after)) = rest.split_once('\\') {
        plain.push_str(before);
        let mark = after.chars().next().unwrap_or_else(|| panic!("{cell}: a backslash at the end"));
        rest = &after[mark.len_utf8()..];
        match mark {
            't' => plain.push('\t'),
            'n' => plain.push('\n'),
            'r' => plain.push('\r'),
            '\\' => plain.push('\\'),
            'u' => plain.push(char::from_u32(u32::from_str_radix(braced(&mut rest), 16).unwrap()).unwrap()),
            '*' => {
                let (count, text) = braced(&mut rest).split_once(':').unwrap();
                plain.push_str(&unescape(text).repeat(count.parse().unwrap()));
            }
            _ => panic!("{cell}: no such escape: \\{mark}"),
        }
    }
    plain + rest
}

/// Takes `{…}` from the front, braces within it matched.
fn braced<'t>(rest: &mut &'t str) -> &'t str {
    let mut depth = 0;
    for (position, char) in rest.char_indices() {
        match char {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            let inner = &rest[1..position];
            *rest = &rest[position + 1..];
            return inner;
        }
    }
    panic!("{rest}: a brace is not closed");
}

/// Long text, cut so that a failure stays readable.
pub fn shown(text: &str) -> String {
    if text.chars().count() <= 120 {
        text.escape_debug().to_string()
    } else {
        format!("{}… ({} bytes)", text.chars().take(120).collect::<String>().escape_debug(), text.len())
    }
}

/// Fails with everything that was found, not only the first.
pub fn fail_on(failures: &[String]) {
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n"));
}
