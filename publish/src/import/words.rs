//! Names as plain letters: what a host's name tells of a commune, and of what is sold there.

/// Words of procedures that private sites sell, as a host writes them with or without hyphens, and
/// why each counts. A town hall informs about them below its own name; it does not take them for its
/// name.
const SOLD: [(&str, &str); 24] = [
    ("acteetatcivil", "copies of civil records, free at the town hall of birth"),
    ("actedenaissance", "birth certificates, free at the town hall of birth"),
    ("actenaissance", "the same"),
    ("actesnaissance", "the same"),
    ("antsgouv", "the agency for identity documents and number plates"),
    ("cartegrise", "vehicle registration: sites ask a fee above the tax"),
    ("cartesgrises", "the same"),
    ("carteidentite", "identity cards, free at a town hall"),
    ("cartedidentite", "the same"),
    ("cartevitale", "health insurance cards, free"),
    ("casierjudiciaire", "criminal records, free"),
    ("certificatdecession", "the paper of a car's sale, free"),
    ("certificatimmatriculation", "vehicle registration"),
    ("changementadresse", "changes of address, free"),
    ("critair", "emission stickers, sold above their price"),
    ("extraitkbis", "company extracts, free for the company itself"),
    ("nongage", "certificates that a car is not pledged, free"),
    ("passeport", "passports: sites sell the tax stamp or an appointment"),
    ("permisapoints", "driving licence points, free to look up"),
    ("permisconduire", "driving licences"),
    ("permisdeconduire", "the same"),
    ("predemande", "the free form before an identity document"),
    ("timbrefiscal", "tax stamps"),
    ("titredesejour", "residence permits"),
];

/// The word of a sold procedure that a host carries, unless the commune's own name has it.
pub fn sold_by(host: &str, own_words: &str) -> Option<&'static str> {
    let (host, own) = (plain_host(host), letters(own_words));
    SOLD.iter().map(|(word, _)| *word).find(|word| host.contains(word) && !own.contains(word))
}

/// Whether the host's name is the commune's: all of its letters in a row, article aside.
pub fn tells(host: &str, commune: &str) -> bool {
    let host = plain_host(host);
    let whole = |name: &str| {
        let name = letters(name);
        name.len() > 3 && host.contains(&name)
    };
    let bare = bare(commune);
    whole(bare) || whole(&bare.replace("Saint", "St"))
}

/// Whether the host's name has a word of the commune's, of four letters or more, or its only word.
pub fn has_a_word(host: &str, commune: &str) -> bool {
    let host = plain_host(host);
    let words: Vec<String> = bare(commune).split([' ', '-', '’']).map(letters).collect();
    words.iter().any(|word| (word.len() > 3 && word != "saint" || words.len() == 1) && host.contains(word.as_str()))
}

/// The commune's name without its article, and without what tells it from another in brackets.
fn bare(commune: &str) -> &str {
    let name = commune.split(" (").next().unwrap_or_default();
    let articles = ["Le ", "La ", "Les ", "L’", "Los ", "Las ", "Aux "];
    articles.iter().find_map(|article| name.strip_prefix(article)).unwrap_or(name)
}

/// The letters of a host, accents that are written in punycode included.
fn plain_host(host: &str) -> String {
    letters(&idna::domain_to_unicode(host).0)
}

/// Lower-case letters and digits without accents; all else is left out.
pub fn letters(text: &str) -> String {
    let mut plain = String::new();
    for letter in text.chars().flat_map(char::to_lowercase) {
        match letter {
            'a'..='z' | '0'..='9' => plain.push(letter),
            'à' | 'â' | 'ä' | 'á' | 'ã' => plain.push('a'),
            'ç' => plain.push('c'),
            'é' | 'è' | 'ê' | 'ë' => plain.push('e'),
            'î' | 'ï' | 'í' => plain.push('i'),
            'ñ' => plain.push('n'),
            'ô' | 'ö' | 'ó' => plain.push('o'),
            'ù' | 'û' | 'ü' | 'ú' => plain.push('u'),
            'ÿ' => plain.push('y'),
            'œ' => plain.push_str("oe"),
            'æ' => plain.push_str("ae"),
            _ => {}
        }
    }
    plain
}
