//! The changes as one page: no script, nothing fetched, fit to be printed.

use super::text::{address, place, summary};
use super::{Change, Kind, Listed, Side};

const STYLE: &str = include_str!("page.css");

/// The page.
pub fn page(before: &Side, after: &Side, changes: &[Change]) -> String {
    let mut page = vec![format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>What changed in the list</title>\n\
         <style>\n{STYLE}</style>\n<h1>What changed in the list</h1>\n<p class=\"sides\">{}<br>→ {}</p>\n",
        escaped(&summary(before)),
        escaped(&summary(after)),
    )];
    let counted = Kind::ALL.map(|kind| (kind, changes.iter().filter(|change| change.kind == kind).count()));
    if changes.is_empty() {
        page.push("<p>No difference.</p>\n".to_owned());
    } else {
        page.push("<ul class=\"counts\">\n".to_owned());
        for (kind, count) in counted.into_iter().filter(|(_, count)| *count > 0) {
            page.push(format!("<li><a href=\"#{0}\"><b>{count}</b> {1}</a>\n", kind.word(), kind.title()));
        }
        page.push("</ul>\n".to_owned());
    }
    for (kind, count) in counted.into_iter().filter(|(_, count)| *count > 0) {
        page.push(format!("<h2 id=\"{}\">{} <small>{count}</small></h2>\n", kind.word(), kind.title()));
        // Thousands of dates tell a reviewer nothing.
        of_kind(&mut page, changes.iter().filter(|change| change.kind == kind && kind != Kind::LookedAt));
    }
    page.concat()
}

/// A table for each département, the national entries first.
fn of_kind<'c>(page: &mut Vec<String>, changes: impl Iterator<Item = &'c Change<'c>>) {
    let mut current: Option<String> = None;
    for change in changes {
        let Some(listed) = change.listed() else { continue };
        let here = place(listed);
        if current.as_ref() != Some(&here) {
            if current.is_some() {
                page.push("</table>\n".to_owned());
            }
            if !here.is_empty() {
                page.push(format!("<h3 lang=\"fr\">{}</h3>\n", escaped(&here)));
            }
            page.push("<table>\n".to_owned());
            current = Some(here);
        }
        row(page, change, listed);
    }
    if current.is_some() {
        page.push("</table>\n".to_owned());
    }
}

fn row(page: &mut Vec<String>, change: &Change, listed: &Listed) {
    let sign = match (change.before, change.after) {
        (None, _) => "+",
        (_, None) => "−",
        _ => "→",
    };
    let (address, organisation) = (escaped(&address(listed)), escaped(&listed.organisation));
    page.push(format!("<tr><td>{sign}<td><b>{address}</b> <span lang=\"fr\">{organisation}</span>"));
    for (name, before, after) in change.fields() {
        let (before, after) = (escaped(before), escaped(after));
        page.push(format!("<br><i>{name}</i> <del>{before}</del> → <ins>{after}</ins>"));
    }
    page.push("\n".to_owned());
}

/// Text as HTML shows it.
fn escaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => plain.push_str("&amp;"),
            '<' => plain.push_str("&lt;"),
            '>' => plain.push_str("&gt;"),
            '"' => plain.push_str("&quot;"),
            '\'' => plain.push_str("&#39;"),
            // Marks that turn the direction of text would let one name pass for another.
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => plain.push('\u{fffd}'),
            _ => plain.push(letter),
        }
    }
    plain
}
