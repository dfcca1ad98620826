//! House rules as tests: each failure says what to do.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

use bon_guichet::verdict::State;
use bon_guichet::view;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(file: &str) -> String {
    fs::read_to_string(root().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

fn json(file: &str) -> Value {
    serde_json::from_str(&read(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

/// Every file below a folder with one of these endings.
fn files(folder: &str, endings: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| endings.iter().any(|wanted| ending == *wanted)) {
                found.push(path);
            }
        }
    }
    assert!(!found.is_empty(), "no {endings:?} below {folder}");
    found
}

fn set(value: &Value) -> BTreeSet<String> {
    value.as_array().into_iter().flatten().map(|item| item.as_str().unwrap().to_owned()).collect()
}

#[test]
fn permissions_are_each_explained() {
    let manifest = json("manifest.json");
    let explained: BTreeSet<String> = read("PERMISSIONS.md")
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once('`'))
        .map(|(name, _)| name.to_owned())
        .collect();
    let mut asked = set(&manifest["permissions"]);
    asked.extend(set(&manifest["optional_host_permissions"]));
    assert_eq!(asked, explained, "PERMISSIONS.md must have one row for each permission of manifest.json");
    for absent in ["host_permissions", "web_accessible_resources", "externally_connectable", "content_scripts"] {
        assert!(manifest.get(absent).is_none(), "manifest.json has {absent:?}, which PERMISSIONS.md rules out");
    }
}

#[test]
fn the_default_icon_is_the_silent_one() {
    let manifest = json("manifest.json");
    let silent = view::look(State::Unlisted).icon;
    for (size, icon) in manifest["action"]["default_icon"].as_object().unwrap() {
        assert_eq!(icon, &format!("icons/{silent}-{size}.png"), "a dead worker must never look safe");
    }
}

#[test]
fn security_policy_allows_nothing_from_elsewhere() {
    let manifest = json("manifest.json");
    let policy = manifest["content_security_policy"]["extension_pages"].as_str().unwrap();
    assert!(policy.starts_with("default-src 'none'"), "start from nothing: {policy}");
    for rule in policy.split(';').map(str::trim) {
        let mut sources = rule.split(' ');
        // Bytes of a newer list may come from elsewhere: they are nothing until they are verified.
        let is_connection = sources.next() == Some("connect-src");
        for source in sources {
            let is_own = ["'none'", "'self'", "'wasm-unsafe-eval'"].contains(&source);
            assert!(is_own || (is_connection && source == "https:"), "{rule}: {source} is too much");
        }
    }
}

#[test]
fn versions_agree() {
    let version = env!("CARGO_PKG_VERSION");
    assert_eq!(json("manifest.json")["version"], version, "manifest.json and Cargo.toml tell one version");
    assert!(read("CHANGELOG.md").contains(&format!("## {version}")), "CHANGELOG.md has no entry for {version}");
    let pin = |file: &str, name: &str| {
        let line = read(file).lines().find(|line| line.starts_with(name)).unwrap_or_default().to_owned();
        line.split_once('=').unwrap().1.trim().to_owned()
    };
    let bindgen = pin("Cargo.toml", "wasm-bindgen =");
    assert!(bindgen.starts_with("\"="), "wasm-bindgen must be pinned exactly: {bindgen}");
    assert_eq!(bindgen, pin("xtask/Cargo.toml", "wasm-bindgen-cli-support ="), "the two must be the same version");
}

/// Outside `src/browser` nothing knows a browser, a clock, a network or a disk.
#[test]
fn the_core_knows_no_browser() {
    let forbidden = [
        "web_sys",
        "js_sys",
        "gloo",
        "wasm_bindgen",
        "std::fs",
        "std::net::Tcp",
        "SystemTime",
        "Instant",
        "std::env",
        "println!",
    ];
    for file in files("src", &["rs"]) {
        if file.components().any(|part| part.as_os_str() == "browser") {
            continue;
        }
        let text = fs::read_to_string(&file).unwrap();
        for name in forbidden {
            assert!(
                !text.contains(name),
                "{} uses {name}: move it to src/browser or make it an argument",
                file.display()
            );
        }
    }
}

/// Text goes into pages as text, and no code comes from text.
#[test]
fn scripts_build_no_code_or_markup_from_text() {
    let forbidden = [
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "new Function",
        "http://",
        "https://",
    ];
    for file in files("extension", &["js", "html"]).into_iter().chain(files("src/browser", &["rs"])) {
        let text = fs::read_to_string(&file).unwrap();
        for name in forbidden {
            let in_rust = name.replace("HTML", "_html").to_lowercase();
            assert!(!text.contains(name) && !text.contains(&format!("set_{in_rust}")), "{} has {name}", file.display());
        }
    }
    let background = read("extension/background.js");
    let top_level_await = background.lines().any(|line| line.starts_with("await") || line.contains("= await"));
    assert!(!top_level_await, "a service worker refuses top-level await, and the extension is dead");
}

/// Only the mirror of the list is ever asked for something; everything else that is fetched is our own.
#[test]
fn one_place_asks_the_network() {
    for file in files("src/browser", &["rs"]).into_iter().chain(files("extension", &["js"])) {
        let text = fs::read_to_string(&file).unwrap();
        let asks = ["js_name = fetch", "fetch(", "XmlHttpRequest", "XMLHttpRequest", "WebSocket", "sendBeacon"];
        let asks = asks.iter().any(|way| text.contains(way));
        let may = ["mirror.rs", "webext.rs", "package.rs", "update.rs"].iter().any(|name| file.ends_with(name));
        assert!(!asks || may, "{} asks for something: only src/browser/mirror.rs may", file.display());
    }
    let package = read("src/browser/package.rs");
    assert!(
        package.matches("fetch(&format!(\"{base}{name}\"))").count() >= 2,
        "it fetches something else than its own files"
    );
}

mod locales {
    use super::*;

    const LANGUAGES: [&str; 2] = ["fr", "en"];

    fn messages(language: &str) -> serde_json::Map<String, Value> {
        json(&format!("extension/_locales/{language}/messages.json")).as_object().unwrap().clone()
    }

    fn text<'m>(messages: &'m serde_json::Map<String, Value>, key: &str) -> &'m str {
        messages[key]["message"].as_str().unwrap()
    }

    fn placeholders(text: &str) -> BTreeSet<&str> {
        text.match_indices('$').map(|(at, _)| &text[at..at + 2]).collect()
    }

    #[test]
    fn have_the_same_keys_and_placeholders() {
        let french = messages("fr");
        for language in LANGUAGES {
            let other = messages(language);
            assert_eq!(french.keys().collect::<Vec<_>>(), other.keys().collect::<Vec<_>>(), "keys of {language}");
            for key in french.keys() {
                let (wanted, found) = (placeholders(text(&french, key)), placeholders(text(&other, key)));
                assert_eq!(wanted, found, "{language}, {key}: placeholders");
            }
        }
    }

    /// Every key that is asked for exists, and every key is asked for.
    #[test]
    fn hold_what_is_asked_for() {
        let mut asked: BTreeSet<String> = view::all_keys().into_iter().collect();
        let between = |text: &str, before: &str, after: char| -> Vec<String> {
            let parts = text.split(before).skip(1);
            parts.filter_map(|part| part.split(after).next()).map(str::to_owned).collect()
        };
        for file in files("extension", &["html"]) {
            asked.extend(between(&fs::read_to_string(file).unwrap(), "data-message=\"", '"'));
        }
        asked.extend(between(&read("manifest.json"), "\"__MSG_", '_'));
        asked.extend(between(&read("src/browser/i18n.rs"), "message(\"", '"'));
        let french: BTreeSet<String> = messages("fr").keys().cloned().collect();
        assert_eq!(asked, french, "asked for, and in _locales/fr");
    }

    #[test]
    fn french_is_set_as_french_is() {
        for (key, entry) in messages("fr") {
            let text = entry["message"].as_str().unwrap();
            assert!(!text.contains('\''), "{key}: write ’ for the apostrophe");
            for mark in [" :", " ;", " ?", " !", "« ", " »"] {
                assert!(!text.contains(mark), "{key}: {mark:?} wants a no-break space");
            }
        }
    }

    /// Each state has its own word: `judge --browser` tells states by it.
    #[test]
    fn states_have_their_own_words() {
        for language in LANGUAGES {
            let messages = messages(language);
            let words: BTreeSet<&str> =
                State::ALL.iter().map(|state| text(&messages, &format!("state_{}", state.id()))).collect();
            assert_eq!(words.len(), State::ALL.len(), "{language}: two states share a word");
            for state in State::ALL {
                let (word, title) = (format!("state_{}", state.id()), format!("title_{}", state.id()));
                assert!(
                    text(&messages, &title).starts_with(text(&messages, &word)),
                    "{language}, {title}: start with the word"
                );
            }
        }
    }
}

#[test]
fn every_state_has_its_drawing_in_its_colour() {
    for state in State::ALL {
        let look = view::look(state);
        let drawing = read(&format!("icons/{}.svg", look.icon));
        assert!(drawing.contains(look.colour), "icons/{}.svg has no {}", look.icon, look.colour);
    }
}
