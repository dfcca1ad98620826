//! A town hall's name as French says it: « Mairie d’Hyères (Var) ».

use crate::department;
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// What one does at any town hall, in French.
pub const PURPOSE_FR: &str = "Démarches de la mairie\u{a0}: état civil, urbanisme, école, vie locale";
/// The same in English.
pub const PURPOSE_EN: &str = "Town hall: civil registry, planning, schools, local life";

/// INSEE codes of the communes whose name begins with an h aspiré.
static ASPIRATED: LazyLock<BTreeSet<&str>> = LazyLock::new(|| {
    let lines = include_str!("h_aspire.tsv").lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split('\t').next()).collect()
});

/// The town hall of a commune, or of an arrondissement of Paris, Lyon or Marseille, with the
/// département in brackets: many communes share a name.
///
/// `insee` is the commune's code; `name` its name with the article, as INSEE writes it.
pub fn organisation(insee: &str, name: &str) -> String {
    let of_name = match arrondissement(name) {
        Some((city, number)) => format!("du {number} arrondissement {}", of(insee, city)),
        None => of(insee, name),
    };
    let department = department::of_commune(insee).and_then(department::name).unwrap_or_default();
    if name.strip_prefix(department).is_some_and(|rest| rest.is_empty() || rest.starts_with(' ')) {
        return format!("Mairie {of_name}");
    }
    match of_name.strip_suffix(')') {
        Some(open) => format!("Mairie {open}, {department})"),
        None => format!("Mairie {of_name} ({department})"),
    }
}

/// `Lyon 6e Arrondissement` as INSEE writes it: the city and the number.
fn arrondissement(name: &str) -> Option<(&str, &str)> {
    name.strip_suffix(" Arrondissement")?.rsplit_once(' ')
}

/// The name after « de »: contracted with « le » and « les », elided before a vowel and a mute h.
fn of(insee: &str, name: &str) -> String {
    if let Some(rest) = name.strip_prefix("Le ") {
        return format!("du {rest}");
    }
    if let Some(rest) = name.strip_prefix("Les ") {
        return format!("des {rest}");
    }
    let is_elided = match name.chars().next() {
        Some('H') => !ASPIRATED.contains(insee),
        Some(first) => "AÀÂEÉÈÊËIÎÏOÔŒUÙÛÜYŸ".contains(first),
        None => false,
    };
    if is_elided { format!("d’{name}") } else { format!("de {name}") }
}
