//! `cargo xtask demo`: the extension in a browser, on example addresses served on this computer
//! under their real names.

use crate::browse::{Choice, Stage};
use crate::{build, paths, setup};
use anyhow::{Result, bail};
use lab::browser::Kind;
use std::thread::sleep;
use std::time::Duration;

#[derive(clap::Args)]
pub struct Arguments {
    /// Print a table and write pictures instead of opening a window
    #[arg(long)]
    headless: bool,
    /// Which browser; without --headless, `both` opens them one after the other
    #[arg(long, value_enum, default_value = "both")]
    browser: Choice,
}

/// An example: where it is, and what is to be seen there.
const EXAMPLES: [(&str, &str); 9] = [
    ("https://www.impots.gouv.fr/accueil", "Un site officiel"),
    ("https://www.ameli.fr/", "Un site officiel qui ne finit pas par gouv.fr"),
    ("https://esta.cbp.dhs.gov/", "Le guichet officiel d’un autre pays"),
    ("http://une-administration.gouv.fr/", "Une adresse officielle sans connexion protégée"),
    ("https://carte-grise-facile.example/", "Un site privé, inconnu de la liste"),
    ("https://www.impots.gouv.fr.remboursement.example/", "Une adresse officielle placée devant une autre"),
    ("https://impots.gouv.fr@remboursement.example/", "Une adresse officielle utilisée comme nom d’utilisateur"),
    ("https://www.vitry-sur-orne.com/", "Un nom retiré de la liste pour toujours"),
    ("http://192.168.1.1/", "La page d’une box"),
];

const START: &str = "https://demonstration.example/";

impl Arguments {
    pub fn run(self) -> Result<()> {
        let has_display = ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| std::env::var_os(name).is_some());
        if !self.headless && !has_display {
            bail!("there is no display to open a window on; try --headless");
        }
        setup::for_browsers()?;
        build::development()?;
        for kind in self.browser.kinds() {
            if self.headless {
                print_table(kind)?;
            } else {
                open_window(kind)?;
            }
        }
        Ok(())
    }
}

fn print_table(kind: Kind) -> Result<()> {
    let pictures = paths::dist().join("demo");
    std::fs::create_dir_all(&pictures)?;
    let stage = Stage::start(kind, true)?;
    let tab = stage.browser.new_tab()?;
    println!("{:<9} | {:<50} | {:<20} | {:<5} | title", "browser", "address", "state", "badge");
    for (number, (url, what)) in EXAMPLES.iter().enumerate() {
        stage.serve(url, &example_page(url, what))?;
        let said = stage.show(&tab, url)?;
        let kind = kind.to_string();
        println!("{kind:<9} | {url:<50} | {:<20} | {:<5} | {}", said.state.id(), said.action.badge, said.action.title);
        let picture = pictures.join(format!("{kind}-{}-{}.png", number + 1, said.state.id()));
        stage.draw_popup(&said, &picture)?;
        stage.browser.activate(&tab)?;
    }
    let options = stage.browser.open(&stage.browser.extension_url("options.html"))?;
    stage.browser.wait_for(&options, "return !document.getElementById('options').hasAttribute('aria-busy')")?;
    stage.browser.screenshot(&options, &pictures.join(format!("{kind}-options.png")), Some((720, 760)))?;
    eprintln!("pictures of each popup, and of the options page: {}", pictures.display());
    Ok(())
}

/// Opens a window on the start page, and returns when it is closed.
fn open_window(kind: Kind) -> Result<()> {
    let stage = Stage::start(kind, false)?;
    stage.serve(START, &start_page())?;
    for (url, what) in EXAMPLES {
        stage.serve(url, &example_page(url, what))?;
    }
    let tab = stage.browser.new_tab()?;
    stage.browser.navigate(&tab, START)?;
    eprintln!("{kind} is open; close its window to end");
    while stage.browser.tabs().is_ok_and(|tabs| !tabs.is_empty()) {
        sleep(Duration::from_secs(1));
    }
    Ok(())
}

const STYLE: &str = "<style>body{font:1.25rem/1.5 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem}\
                     code{overflow-wrap:anywhere}li{margin:1rem 0}a{display:inline-block;min-height:44px}</style>";

fn start_page() -> String {
    let examples: Vec<String> = EXAMPLES
        .iter()
        .map(|(url, what)| format!("<li>{what}\u{a0}:<br><a href=\"{url}\"><code>{url}</code></a></li>"))
        .collect();
    format!(
        "<!doctype html><html lang=fr><meta charset=utf-8><title>Bon Guichet\u{a0}: démonstration</title>{STYLE}\
         <h1>Bon Guichet\u{a0}: démonstration</h1>\
         <p>Ces pages viennent de cet ordinateur. Rien n’est demandé à Internet. Ouvrez un exemple et regardez le \
         bouton de Bon Guichet dans la barre du navigateur.</p><ol>{}</ol>",
        examples.concat()
    )
}

fn example_page(url: &str, what: &str) -> String {
    format!(
        "<!doctype html><html lang=fr><meta charset=utf-8><title>Exemple</title>{STYLE}\
         <h1>Page d’exemple</h1><p>{what}.</p><p>Adresse\u{a0}: <code>{url}</code></p>\
         <p>Cette page vient de cet ordinateur. Ce n’est pas le vrai site.</p>\
         <p><a href=\"{START}\">Retour aux exemples</a></p>"
    )
}
