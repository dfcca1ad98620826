//! Hosts that were found squatted, brought back by an import.

use crate::lists::{copy, suffixes, write};
use crate::table::{Row, rows, workspace};
use publish::date::Date;
use publish::import::accept::accept;
use publish::import::format::Format;
use publish::import::record::without_www;
use publish::import::review::Decision;
use publish::import::{Import, Input, propose};
use publish::reviewed;
use std::collections::BTreeSet;
use std::fs;

/// A source gives each of them as the only site of a commune of that very name, and another source
/// finds them all alive.
#[test]
fn no_squatted_host_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    copy(&workspace("tests/lists/small"), data);
    for name in ["shared-platforms.toml", "sources.toml", "revocations/squatted.toml"] {
        write(data, name, &fs::read_to_string(workspace("data").join(name)).unwrap());
    }
    fs::remove_dir_all(data.join("official-sites")).unwrap();
    fs::remove_file(data.join("revocations/revocations.toml")).unwrap();
    write(data, "official-sites/one.toml", ONE);

    let hosts: BTreeSet<String> =
        rows("tests/cases/squatted.txt").iter().map(|Row { cells, .. }| without_www(&cells[0]).to_owned()).collect();
    assert!(hosts.len() >= 90, "{}", hosts.len());
    let line = |(host, number): (&String, i32)| format!("{host},01{number},{}", host.split('.').next().unwrap());
    let lines: Vec<String> = hosts.iter().zip(100..).map(line).collect();
    let urls: Vec<String> = hosts.iter().map(|host| format!("https://{host}\nhttps://www.{host}\n")).collect();
    write(data, "source.csv", &format!("host,insee,name\n{}\n", lines.join("\n")));
    write(data, "urls.txt", &urls.concat());
    let input = |format, name| Input { format, file: data.join(name) };
    let import = Import {
        input: input(Format::Csv, "source.csv"),
        source: "dila-2026-10".to_owned(),
        evidence: vec![input(Format::EtalabUrls, "urls.txt")],
        review: "all".to_owned(),
        day: Date("2026-11-22".to_owned()),
    };
    let proposed = propose(data, &import).unwrap();
    assert_eq!(proposed.changes.proposals.len(), hosts.len());
    for row in &proposed.changes.proposals {
        assert!(row.decision == Decision::Later && !row.marks.is_empty(), "{row:?}");
    }

    // Whatever a hand writes into the review: all accepted, and all marks taken out.
    let review = fs::read_to_string(&proposed.file).unwrap().replace("# signed-off:", "# signed-off: Ann, 2026-11-22");
    let mut review = review.replace("later\t\tadded", "accept\ta mistake\tadded");
    for row in &proposed.changes.proposals {
        review = review.replace(&format!("\t{}\t\t\n", row.marks), "\t\t\t\n");
    }
    fs::write(&proposed.file, review).unwrap();
    let error = accept(data, &proposed.file).unwrap_err().to_string();
    assert!(error.starts_with(&format!("{} defects, nothing was applied:\n", hosts.len())), "{error}");
    // Each by its own name, but a public suffix or a platform, by the commune's code.
    let told = hosts.iter().filter(|host| error.contains(&format!(": {host}: is revoked at ")));
    let (told, of_others) = (told.count(), error.matches("is no commune’s own").count());
    assert!(told > 80 && told + of_others == hosts.len(), "{told} {of_others} {error}");
    let sites = reviewed::read(data, &suffixes()).unwrap().sites;
    assert_eq!(sites.iter().map(|site| site.host.as_str()).collect::<Vec<_>>(), ["commune.fr"]);
}

const ONE: &str = "[[site]]\nhost = \"commune.fr\"\nscope = \"host\"\norganisation = \"Ville\"\n\
    purpose = { fr = \"Démarches\", en = \"Procedures\" }\nsources = [\"dila-2026-10\"]\nchecked = 2026-11-22\n";
