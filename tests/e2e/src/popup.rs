//! The popup tells the same as the toolbar, and why.

use crate::Scenario;
use crate::stage::{NOT_JUDGED, OFFICIAL, RESEMBLES, Stage, UNLISTED, UNPROTECTED, root};
use anyhow::{Context, Result, ensure};
use lab::browser::{Key, Kind, Tab};
use serde_json::{Value, json};

const TAXES: &str = "https://www.impots.gouv.fr/";
const IMITATION: &str = "https://www.impots.gouv.fr.remboursement.example/";
const OTHER: &str = "https://carte-grise-facile.example/";

pub const ALL: &[Scenario] = &[
    ("identity_card_of_an_official_site", identity_card),
    ("unlisted_site", unlisted),
    ("unprotected_connection", unprotected),
    ("nothing_to_judge", nothing_to_judge),
    ("imitation_beside_the_real_site", imitation),
    ("host_with_accents", host_with_accents),
    ("page_cannot_write_into_it", hostile_address),
    ("opened_from_the_toolbar", from_the_toolbar),
    ("change_request", change_request),
    ("keyboard", keyboard),
    ("no_accessibility_violation", accessibility),
];

/// Opens the popup as a page, for the tab with `url`, once it is filled.
fn popup(stage: &Stage, url: &str) -> Result<Tab> {
    let id = stage.browser.action(url)?.tab_id;
    let popup = stage.browser.open(&stage.browser.extension_url(&format!("popup.html?tab={id}")))?;
    stage.browser.wait_for(&popup, "return !document.getElementById('card').hasAttribute('aria-busy')")?;
    Ok(popup)
}

/// What a reader sees of an element; nothing where it is hidden.
fn seen(stage: &Stage, popup: &Tab, id: &str) -> Result<String> {
    let text = stage.browser.evaluate(popup, &format!("return document.getElementById('{id}').innerText"))?;
    Ok(text.as_str().context("no text")?.trim().to_owned())
}

fn ensure_seen(stage: &Stage, popup: &Tab, wanted: &[(&str, &str)]) -> Result<()> {
    for (id, wanted) in wanted {
        let found = seen(stage, popup, id)?;
        ensure!(found == *wanted, "#{id}: {found:?}, wanted {wanted:?}");
    }
    Ok(())
}

fn identity_card(stage: &mut Stage) -> Result<()> {
    stage.open(TAXES, &OFFICIAL)?;
    let popup = popup(stage, TAXES)?;
    ensure_seen(
        stage,
        &popup,
        &[
            ("word", "Site officiel"),
            ("sentence", "Vous êtes sur un site officiel."),
            ("host", "www.impots.gouv.fr"),
            ("domain", "impots.gouv.fr"),
            ("ascii", ""),
            ("organisation", "Direction générale des finances publiques (DGFiP)"),
            ("telephone", "0 809 401 401"),
            ("development", "Liste de développement\u{a0}: elle sert aux essais et ne prouve rien."),
        ],
    )?;
    ensure!(!seen(stage, &popup, "purpose")?.is_empty(), "what one does there is missing");
    ensure!(
        seen(stage, &popup, "list")?.starts_with("Liste du 22 novembre 2026\u{a0}: "),
        "the list's date is missing"
    );
    let link = stage.browser.evaluate(&popup, "return document.getElementById('telephone').getAttribute('href')")?;
    ensure!(link == "tel:0809401401", "{link}");
    // "Pourquoi ?" is closed at first.
    ensure!(seen(stage, &popup, "reasons")?.is_empty(), "the reasons are open");
    stage.browser.click(&popup, "summary")?;
    let reasons = seen(stage, &popup, "reasons")?;
    ensure!(reasons.contains("«\u{a0}impots.gouv.fr\u{a0}»") && reasons.contains("Source"), "{reasons}");
    Ok(())
}

fn unlisted(stage: &mut Stage) -> Result<()> {
    stage.open(OTHER, &UNLISTED)?;
    let popup = popup(stage, OTHER)?;
    ensure_seen(
        stage,
        &popup,
        &[("word", "Non répertorié"), ("host", "carte-grise-facile.example"), ("organisation", "")],
    )
}

fn unprotected(stage: &mut Stage) -> Result<()> {
    let url = "http://administration.example.gouv.fr/";
    stage.open(url, &UNPROTECTED)?;
    let popup = popup(stage, url)?;
    ensure_seen(stage, &popup, &[("word", "Adresse officielle, connexion non protégée"), ("domain", "example.gouv.fr")])
}

/// The two addresses stand one above the other, and what differs is marked.
fn imitation(stage: &mut Stage) -> Result<()> {
    stage.open(IMITATION, &RESEMBLES)?;
    let popup = popup(stage, IMITATION)?;
    ensure_seen(
        stage,
        &popup,
        &[
            ("word", "Ressemble à un site officiel"),
            ("here", "impots.gouv.fr.remboursement.example"),
            ("there", "impots.gouv.fr"),
            ("official", "Aller sur le vrai site"),
        ],
    )?;
    let marked = stage.browser.evaluate(&popup, "return document.querySelector('#here mark').textContent")?;
    ensure!(marked == ".remboursement.example", "{marked}");
    let link = stage.browser.evaluate(&popup, "return document.getElementById('official').href")?;
    ensure!(link == "https://impots.gouv.fr/", "{link}");
    Ok(())
}

fn nothing_to_judge(stage: &mut Stage) -> Result<()> {
    let url = "http://192.168.1.1/";
    stage.open(url, &NOT_JUDGED)?;
    let popup = popup(stage, url)?;
    ensure_seen(stage, &popup, &[("word", "Rien à vérifier ici"), ("host", ""), ("organisation", "")])?;
    stage.browser.click(&popup, "summary")?;
    ensure!(seen(stage, &popup, "reasons")?.contains("votre box"), "{}", seen(stage, &popup, "reasons")?);
    Ok(())
}

fn host_with_accents(stage: &mut Stage) -> Result<()> {
    let url = "https://www.xn--mairie--c1a.example/";
    let tab = stage.browser.open("https://www.mairie-é.example/")?;
    let shown = stage.browser.url(&tab)?;
    stage.expect(&shown, &UNLISTED)?;
    let popup = popup(stage, &shown)?;
    ensure!(shown.contains("xn--"), "{shown}, wanted something like {url}");
    ensure!(seen(stage, &popup, "host")? == "www.mairie-é.example", "{}", seen(stage, &popup, "host")?);
    ensure!(seen(stage, &popup, "ascii")?.starts_with("www.xn--"), "{}", seen(stage, &popup, "ascii")?);
    Ok(())
}

/// Names that hold markup or claim to be a sentence of ours stay text.
fn hostile_address(stage: &mut Stage) -> Result<()> {
    let url = "https://site-officiel.example/%3Cimg%20src=x%3E?<b>Site officiel</b>";
    let tab = stage.browser.open(url)?;
    let shown = stage.browser.url(&tab)?;
    stage.expect(&shown, &UNLISTED)?;
    let popup = popup(stage, &shown)?;
    let foreign = stage
        .browser
        .evaluate(&popup, "return document.querySelectorAll('b, img:not(#icon), script:not([src])').length")?;
    ensure!(foreign == 0, "{foreign} elements came from the address");
    Ok(())
}

fn from_the_toolbar(stage: &mut Stage) -> Result<()> {
    let tab = stage.open(TAXES, &OFFICIAL)?;
    stage.browser.open_popup(&tab)?;
    let card = stage.browser.in_popup(
        "while (document.getElementById('card').hasAttribute('aria-busy')) {
           await new Promise((next) => setTimeout(next));
         }
         return [document.getElementById('word').textContent, document.getElementById('card').dataset.state]",
    )?;
    ensure!(card == serde_json::json!(["Site officiel", "official"]), "{card}");
    stage.browser.close_popup()
}

/// A text to copy, closed at first, that names the site by its host alone.
fn change_request(stage: &mut Stage) -> Result<()> {
    let pages = [
        (TAXES, OFFICIAL, "Cette information est fausse\u{202f}?", "Demande\u{a0}: corriger", "0 809 401 401"),
        (
            OTHER,
            UNLISTED,
            "Ce site devrait être dans la liste\u{202f}?",
            "Demande\u{a0}: ajouter",
            "Non répertorié\u{a0}: ",
        ),
    ];
    for (site, look, question, first, fact) in pages {
        let url = format!("{site}compte?numero=1850578006084");
        stage.open(&url, &look)?;
        let popup = popup(stage, &url)?;
        ensure_seen(stage, &popup, &[("request-question", question), ("request-text", ""), ("copied", "")])?;
        stage.browser.click(&popup, "#request-question")?;
        let text = stage.browser.evaluate(&popup, "return document.getElementById('request-text').value")?;
        let text = text.as_str().context("no text")?;
        let host = site.trim_start_matches("https://").trim_end_matches('/');
        ensure!(text.starts_with(first) && text.contains(fact) && text.contains(host), "{text}");
        ensure!(text.contains("Liste numéro ") && text.contains("Preuve à donner\u{a0}: "), "{text}");
        ensure!(!text.contains("compte") && !text.contains("1850578006084"), "{text}");
        stage.browser.click(&popup, "#copy")?;
        let says = "return document.getElementById('copied').innerText === 'Le texte est copié.'";
        stage.browser.wait_for(&popup, says).with_context(|| seen(stage, &popup, "copied").unwrap_or_default())?;
        // What is pasted is what was copied.
        stage.browser.evaluate(
            &popup,
            "const paper = document.body.appendChild(document.createElement('textarea'));
             paper.id = 'paper';
             paper.focus()",
        )?;
        stage.browser.chord(&popup, &[Key::Control, Key::Char('v')])?;
        let pasted = format!("return document.getElementById('paper').value === {}", json!(text));
        stage.browser.wait_for(&popup, &pasted)?;
    }
    let url = "http://192.168.1.1/";
    stage.open(url, &NOT_JUDGED)?;
    let popup = popup(stage, url)?;
    ensure_seen(stage, &popup, &[("request-question", ""), ("request-text", "")])
}

/// Tab reaches the telephone, then the reasons, then the request and what is in it; Enter opens.
fn keyboard(stage: &mut Stage) -> Result<()> {
    stage.open(TAXES, &OFFICIAL)?;
    let popup = popup(stage, TAXES)?;
    let focused = |stage: &Stage| {
        stage.browser.evaluate(&popup, "return document.activeElement.id || document.activeElement.localName")
    };
    stage.browser.key(&popup, Key::Tab)?;
    ensure!(focused(stage)? == "telephone", "{}", focused(stage)?);
    stage.browser.key(&popup, Key::Tab)?;
    ensure!(focused(stage)? == "summary", "{}", focused(stage)?);
    stage.browser.key(&popup, Key::Enter)?;
    stage.browser.wait_for(&popup, "return document.querySelector('details').open")?;
    stage.browser.key(&popup, Key::Tab)?;
    ensure!(focused(stage)? == "request-question", "{}", focused(stage)?);
    stage.browser.key(&popup, Key::Enter)?;
    stage.browser.wait_for(&popup, "return document.getElementById('request').open")?;
    for id in ["request-text", "copy"] {
        stage.browser.key(&popup, Key::Tab)?;
        ensure!(focused(stage)? == id, "{}, wanted {id}", focused(stage)?);
    }
    stage.browser.key(&popup, Key::Enter)?;
    stage.browser.wait_for(&popup, "return document.getElementById('copied').innerText !== ''")?;
    Ok(())
}

fn accessibility(stage: &mut Stage) -> Result<()> {
    let pages = [
        (TAXES, OFFICIAL),
        (OTHER, UNLISTED),
        (IMITATION, RESEMBLES),
        ("http://administration.example.gouv.fr/", UNPROTECTED),
        ("http://192.168.1.1/", NOT_JUDGED),
    ];
    for (url, look) in pages {
        stage.open(url, &look)?;
        let popup = popup(stage, url)?;
        stage.browser.click(&popup, "summary")?;
        if !seen(stage, &popup, "request-question")?.is_empty() {
            stage.browser.click(&popup, "#request-question")?;
        }
        no_violation(stage, &popup, url)?;
        if stage.browser.kind() == Kind::Chromium {
            darken(stage, &popup)?;
            no_violation(stage, &popup, url)?;
        }
    }
    Ok(())
}

fn no_violation(stage: &Stage, popup: &Tab, of: &str) -> Result<()> {
    let axe = std::fs::read_to_string(root().join("node_modules/axe-core/axe.min.js"))
        .context("axe-core is missing: run `cargo xtask setup`")?;
    stage.browser.evaluate(popup, &axe)?;
    let violations = stage.browser.evaluate(
        popup,
        "const found = await (globalThis.axe ?? window.axe).run();
         return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html)}`)",
    )?;
    ensure!(violations == Value::Array(Vec::new()), "{of}: {violations}");
    Ok(())
}

/// Chromium can be told what the system prefers.
fn darken(stage: &Stage, popup: &Tab) -> Result<()> {
    let session = stage.browser.send("goog:cdp.getSession", json!({ "context": popup.context() }))?;
    let dark = json!({ "features": [{ "name": "prefers-color-scheme", "value": "dark" }] });
    stage.browser.bidi().cdp("Emulation.setEmulatedMedia", dark, session["session"].as_str())?;
    let is_dark = stage.browser.evaluate(popup, "return matchMedia('(prefers-color-scheme: dark)').matches")?;
    ensure!(is_dark == true, "the page did not turn dark");
    Ok(())
}
