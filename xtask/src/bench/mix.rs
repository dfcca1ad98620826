//! The addresses that are judged: what a person's day of browsing might ask.

use crate::{judge, paths};
use anyhow::{Context, Result, ensure};
use bon_guichet::address::url_crate;
use bon_guichet::trust::Time;
use bon_guichet::verdict::{Listing, State, read_address};

const LISTED: [&str; 20] = [
    "https://www.impots.gouv.fr/accueil",
    "https://www.service-public.gouv.fr/particuliers/vosdroits/F1341",
    "https://www.ameli.fr/",
    "https://www.caf.fr/allocataires/aides-et-demarches",
    "https://www.legifrance.gouv.fr/codes/article_lc/LEGIARTI000006419292",
    "https://www.francetravail.fr/accueil/",
    "https://www.education.gouv.fr/la-rentree-scolaire-2026",
    "https://www.urssaf.fr/accueil.html",
    "https://www.interieur.gouv.fr/",
    "https://www.data.gouv.fr/fr/datasets/",
    "https://www.economie.gouv.fr/particuliers",
    "https://www.justice.fr/",
    "https://www.assemblee-nationale.fr/dyn/17",
    "https://www.senat.fr/leg/index.html",
    "https://www.msa.fr/lfp/accueil",
    "https://www.insee.fr/fr/statistiques/2012692",
    "https://www.cnil.fr/fr/plaintes",
    "https://www.elysee.fr/",
    "https://www.info.gouv.fr/actualites",
    "https://www.securite-routiere.gouv.fr/",
];

const BELOW_LISTED: [&str; 20] = [
    "https://cfspart.impots.gouv.fr/LoginAccess?op=c&url=aHR0cHM6Ly9jZnNwYXJ0",
    "https://assure.ameli.fr/PortailAS/appmanager/PortailAS/assure?_nfpb=true",
    "https://connexion.service-public.gouv.fr/",
    "https://candidat.francetravail.fr/espacepersonnel/",
    "https://mon.urssaf.fr/",
    "https://questions.assemblee-nationale.fr/q17/17-1QE.htm",
    "https://videos.senat.fr/video.5123456",
    "https://api.insee.fr/catalogue/",
    "https://catalogue.bnf.fr/ark:/12148/cb437481349",
    "https://gallica.bnf.fr/services/engine/search/sru?operation=searchRetrieve",
    "https://eur-lex.europa.eu/legal-content/FR/TXT/?uri=CELEX:32016R0679",
    "https://ec.europa.eu/eurostat/web/main/home",
    "https://entreprises.urssaf.fr/espace",
    "https://www.paris.education.gouv.fr/",
    "https://www2.impots.gouv.fr/simulateur/calcul_impot/2026/index.htm",
    "https://teleservice.ameli.fr/suivi/dossiers?page=2",
    "https://agences.caf.fr/",
    "https://photos.assemblee-nationale.fr/album/2026",
    "https://www.data.economie.gouv.fr/explore/",
    "https://recherche.legifrance.gouv.fr/jufi",
];

/// Popular here, and official nowhere.
const POPULAR: [&str; 80] = [
    "google.com",
    "youtube.com",
    "facebook.com",
    "instagram.com",
    "whatsapp.com",
    "amazon.fr",
    "leboncoin.fr",
    "orange.fr",
    "lemonde.fr",
    "lefigaro.fr",
    "ouest-france.fr",
    "allocine.fr",
    "bfmtv.com",
    "tf1info.fr",
    "20minutes.fr",
    "leparisien.fr",
    "liberation.fr",
    "marmiton.org",
    "vinted.fr",
    "cdiscount.com",
    "fnac.com",
    "darty.com",
    "boulanger.com",
    "leroymerlin.fr",
    "ikea.com",
    "decathlon.fr",
    "carrefour.fr",
    "auchan.fr",
    "boursorama.com",
    "credit-agricole.fr",
    "labanquepostale.fr",
    "mabanque.bnpparibas",
    "sncf-connect.com",
    "ratp.fr",
    "blablacar.fr",
    "booking.com",
    "airbnb.fr",
    "tripadvisor.fr",
    "doctolib.fr",
    "free.fr",
    "sfr.fr",
    "bouyguestelecom.fr",
    "laposte.net",
    "outlook.live.com",
    "microsoft.com",
    "apple.com",
    "netflix.com",
    "primevideo.com",
    "disneyplus.com",
    "spotify.com",
    "deezer.com",
    "twitch.tv",
    "tiktok.com",
    "x.com",
    "reddit.com",
    "linkedin.com",
    "pinterest.fr",
    "snapchat.com",
    "discord.com",
    "github.com",
    "stackoverflow.com",
    "wikipedia.org",
    "openstreetmap.org",
    "mozilla.org",
    "duckduckgo.com",
    "qwant.com",
    "bing.com",
    "yahoo.com",
    "meteociel.fr",
    "lequipe.fr",
    "jeuxvideo.com",
    "seloger.com",
    "bienici.com",
    "pagesjaunes.fr",
    "mappy.com",
    "viamichelin.fr",
    "lacentrale.fr",
    "mairie-de-saint-ouen.wordpress.com",
    "projet.github.io",
    "bbc.co.uk",
];

/// 200 addresses: one in ten listed, one in ten below a listed host, the others of neither. One in
/// ten has a percent sign in its path, as pages with accents in their names do.
pub fn urls() -> Vec<String> {
    let mut urls: Vec<String> = LISTED.iter().chain(&BELOW_LISTED).map(|url| (*url).to_owned()).collect();
    for (number, host) in POPULAR.iter().enumerate() {
        urls.push(format!("https://www.{host}/"));
        urls.push(match number % 4 {
            0 => format!("https://{host}/search?q=renouveler+passeport&source=hp&ei=Zx{number}abcdef&sclient=gws"),
            1 => format!("https://fr.{host}/wiki/Imp%C3%B4t_sur_le_revenu"),
            2 => format!("https://{host}/actualites/2026/11/22/un-titre-un-peu-long-{number}_6412345_3224.html"),
            _ => format!("https://m.{host}/p/{number}?utm_source=newsletter&utm_medium=email#comments"),
        });
    }
    urls
}

/// The hosts of those addresses that no list of ours holds.
pub fn popular() -> Vec<String> {
    let before = LISTED.len() + BELOW_LISTED.len();
    urls().iter().skip(before).filter_map(|url| Some(url.split('/').nth(2)?.to_owned())).collect()
}

/// A moment at which the packaged list is current.
pub fn now() -> Result<Time> {
    Ok(listing()?.as_ref().map_err(Clone::clone)?.trusted.published)
}

/// The packaged list, which must say of the mix what the mix was made for.
pub fn listing() -> Result<Listing> {
    let listing = judge::open(&paths::list());
    let now = listing.as_ref().map_err(Clone::clone).context("the packaged list")?.trusted.published;
    let urls = urls();
    ensure!(urls.len() == 200, "{} addresses", urls.len());
    for (number, url) in urls.iter().enumerate() {
        let address = read_address(url, url_crate, &listing);
        let state = bon_guichet::verdict::judge(&address, &listing, now).state;
        let wanted = if number < 40 { State::Official } else { State::Unlisted };
        ensure!(state == wanted, "{url} is {}, which the mix is not made for: change {}", state.id(), file!());
    }
    Ok(listing)
}
