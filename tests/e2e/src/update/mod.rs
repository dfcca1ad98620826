//! The list renews itself from a mirror, and no mirror can do anything worse than nothing.

mod at_scale;
mod desk;
mod mirror;

use crate::Scenario;
use crate::stage::{LIST_EXPIRED, Look, OFFICIAL, Stage, UNLISTED, copy_of_extension};
use anyhow::{Context, Result, ensure};
use lab::browser::{Kind, Tab};
use lab::server::Response;
use mirror::{ADDED, HOST, Mirror};
use std::sync::Arc;
use std::time::Duration;

const TAXES: &str = "https://www.impots.gouv.fr/";
const WAIT: Duration = Duration::from_secs(20);

pub const ALL: &[Scenario] = &[
    ("newer_list", newer_list),
    ("whatever_the_mirror_does", whatever_the_mirror_does),
    ("worker_dies_at_every_request", worker_dies),
    ("damaged_storage", damaged_storage),
    ("clock_set_back", clock_set_back),
    ("packaged_list_stays_without_a_mirror", without_mirror),
    ("english", english),
    ("list_of_the_real_size", at_scale::whole_way),
];

/// A browser whose extension looks at a mirror.
struct Scene {
    stage: Stage,
    mirror: Mirror,
    _extension: tempfile::TempDir,
}

impl Scene {
    fn start(kind: Kind, locale: &str) -> Result<Self> {
        Self::with(copy_of_extension(kind)?, kind, locale)
    }

    /// With an extension that is told of the mirror.
    fn with(extension: tempfile::TempDir, kind: Kind, locale: &str) -> Result<Self> {
        std::fs::write(extension.path().join("list/mirror.txt"), format!("https://{HOST}/"))?;
        let mirror = Mirror::default();
        let site = mirror.clone();
        let site = Arc::new(move |request: &_| site.respond(request));
        let stage = Stage::start_with(kind, extension.path(), locale, site)?;
        Ok(Self { stage, mirror, _extension: extension })
    }

    /// The options page, once the worker's first start has set the first look.
    fn options(&self) -> Result<Tab> {
        let options = self.stage.browser.open(&self.stage.browser.extension_url("options.html"))?;
        self.wait(&options, "(await (globalThis.browser ?? globalThis.chrome).alarms.getAll()).length === 2")?;
        self.stage.browser.reload(&options)?;
        self.wait(&options, "!document.getElementById('options').hasAttribute('aria-busy')")?;
        ensure!(!self.seen(&options, "due")?.is_empty(), "the page does not say when the next look is");
        Ok(options)
    }

    /// Presses "look for a newer list", and waits for what the page says of it.
    fn look(&self, options: &Tab, outcome: &str) -> Result<()> {
        self.stage.browser.evaluate(options, "document.getElementById('outcome').textContent = ''")?;
        self.stage.browser.click(options, "#look")?;
        self.wait(options, &format!("document.getElementById('outcome').innerText.startsWith({outcome:?})"))
            .with_context(|| format!("wanted {outcome:?}, the page says {:?}", self.seen(options, "updates")))
    }

    fn wait(&self, tab: &Tab, condition: &str) -> Result<()> {
        self.stage.browser.wait_for(tab, &format!("return {condition}")).map(|_| ())
    }

    /// What a reader sees of an element; nothing where it is hidden.
    fn seen(&self, tab: &Tab, id: &str) -> Result<String> {
        let text = self.stage.browser.evaluate(tab, &format!("return document.getElementById('{id}').innerText"))?;
        Ok(text.as_str().unwrap_or_default().trim().to_owned())
    }

    /// Makes the extension forget what it knows, but not what it stored.
    fn look_at(&self, url: &str, look: &Look) -> Result<()> {
        self.stage.browser.stop_background()?;
        let tab = self.stage.open(url, look)?;
        self.stage.browser.close_tab(&tab)
    }
}

const NEW: &str = "Une liste plus récente est arrivée.";
const SAME: &str = "La liste en usage est la plus récente.";
const KEPT: &str = "La liste en usage n’a pas changé.";

fn added() -> String {
    format!("https://{ADDED}/")
}

/// An unlisted site turns green in its open tab, stays so, and turns grey when the list drops it.
fn newer_list(stage: &mut Stage) -> Result<()> {
    let scene = Scene::start(stage.browser.kind(), "fr")?;
    scene.mirror.serve(mirror::repository(1)?.files());
    scene.stage.open(&added(), &UNLISTED)?;
    let options = scene.options()?;
    ensure!(scene.seen(&options, "origin")? == "Elle est arrivée avec Bon Guichet.");
    ensure!(scene.seen(&options, "tried")?.starts_with("Bon Guichet n’a pas encore cherché"));
    scene.look(&options, SAME)?;

    scene.mirror.serve(mirror::repository(2)?.files());
    scene.stage.web.forget();
    scene.look(&options, NEW)?;
    scene.stage.expect(&added(), &OFFICIAL)?;
    scene.wait(&options, "document.getElementById('origin').innerText === 'Elle vient de la dernière mise à jour.'")?;
    ensure!(
        scene.seen(&options, "list")?.starts_with("Liste du 23 novembre 2026"),
        "{}",
        scene.seen(&options, "list")?
    );
    ensure!(scene.seen(&options, "tried")?.starts_with("Dernière recherche\u{a0}: "));
    ensure!(scene.seen(&options, "due")?.starts_with("Prochaine recherche\u{a0}: "));
    asked_like_anybody(&scene)?;

    // A worker that starts again, and pages, read it from where it was stored.
    scene.look_at(&added().replace("https", "http"), &crate::stage::UNPROTECTED)?;
    scene.look_at(TAXES, &OFFICIAL)?;
    let id = scene.stage.browser.action(&added())?.tab_id;
    let popup = scene.stage.browser.open(&scene.stage.browser.extension_url(&format!("popup.html?tab={id}")))?;
    scene.wait(&popup, "document.getElementById('organisation').textContent === 'Commune nouvelle'")?;
    scene.look(&options, SAME)?;

    scene.mirror.serve(mirror::repository(3)?.files());
    scene.look(&options, NEW)?;
    scene.stage.expect(&added(), &UNLISTED)?;
    scene.look_at(&format!("{}again", added()), &UNLISTED)
}

/// Nothing that is asked of the mirror tells who asks.
fn asked_like_anybody(scene: &Scene) -> Result<()> {
    let asked = scene.stage.web.seen();
    let asked: Vec<_> = asked.iter().filter(|request| request.host == HOST).collect();
    ensure!(asked.len() >= 5, "{asked:?}");
    for request in asked {
        for header in ["cookie", "referer", "authorization"] {
            ensure!(request.header(header).is_none(), "{header}: {:?}", request.header(header));
        }
        ensure!(request.method == "GET" && !request.path.contains('?'), "{request:?}");
    }
    Ok(())
}

/// A fault of the mirror, and how the page explains it.
type Fault = (&'static str, fn(&Mirror) -> Result<()>, &'static str);

const FAULTS: [Fault; 9] = [
    ("freeze", |it| serve(it, mirror::frozen(3)), "La liste proposée est périmée"),
    ("rollback", |it| serve(it, mirror::repository(1)), "La liste proposée est plus ancienne"),
    ("truncated", |it| spoil(it, ".bin", |bytes| bytes.truncate(1000)), "Un fichier est arrivé abîmé ou incomplet"),
    ("one_bit", |it| spoil(it, ".bin", flip), "Un fichier est arrivé abîmé ou incomplet"),
    ("unsigned", |it| spoil(it, "timestamp.json", forge), "La liste proposée n’a pas les bonnes signatures"),
    ("error", |it| fault(it, "timestamp", Response::status(500)), "Le site des mises à jour est en panne (erreur 500)"),
    ("web_page", |it| fault(it, "/", Response::html("<title>Wi-Fi</title>")), "À la place du fichier"),
    ("hang_up", |it| fault(it, "timestamp", Response::hang_up()), "Le site des mises à jour n’a pas répondu"),
    (
        "led_elsewhere",
        |it| fault(it, "timestamp", Response::redirect(ELSEWHERE)),
        "Le site des mises à jour n’a pas répondu",
    ),
];

const ELSEWHERE: &str = "https://elsewhere.example/timestamp.json";

fn serve(mirror: &Mirror, repository: Result<publish::repository::Repository>) -> Result<()> {
    mirror.serve(repository?.files());
    Ok(())
}

fn spoil(mirror: &Mirror, name: &str, change: fn(&mut Vec<u8>)) -> Result<()> {
    mirror.serve(mirror::repository(3)?.files());
    mirror.change(name, change);
    Ok(())
}

fn fault(mirror: &Mirror, part: &str, response: Response) -> Result<()> {
    mirror.serve(mirror::repository(3)?.files());
    mirror.answer(part, response);
    Ok(())
}

#[allow(clippy::ptr_arg, reason = "it stands among changes that also cut")]
fn flip(bytes: &mut Vec<u8>) {
    let middle = bytes.len() / 2;
    if let Some(byte) = bytes.get_mut(middle) {
        *byte ^= 1;
    }
}

/// A later version, by nobody's key.
fn forge(bytes: &mut Vec<u8>) {
    let text = String::from_utf8_lossy(bytes).replace("\"version\":3", "\"version\":9");
    *bytes = text.into_bytes();
}

/// With version 2 in use, each fault changes nothing and is told; then version 3 arrives.
fn whatever_the_mirror_does(stage: &mut Stage) -> Result<()> {
    let scene = Scene::start(stage.browser.kind(), "fr")?;
    let options = scene.options()?;
    scene.mirror.serve(mirror::repository(2)?.files());
    scene.look(&options, NEW)?;
    scene.stage.open(&added(), &OFFICIAL)?;
    let list = scene.seen(&options, "list")?;
    for (name, fault, told) in FAULTS {
        fault(&scene.mirror)?;
        scene.stage.web.forget();
        scene.look(&options, told).context(name)?;
        ensure!(scene.seen(&options, "kept")? == KEPT, "{name}");
        ensure!(scene.seen(&options, "list")? == list, "{name}");
        scene.look_at(&format!("{}{name}", added()), &OFFICIAL).context(name)?;
        scene.look_at(&format!("https://{name}.example/"), &UNLISTED).context(name)?;
        let elsewhere = scene.stage.web.seen().iter().any(|request| ELSEWHERE.contains(&request.host));
        ensure!(!elsewhere, "{name}: it followed a redirect");
    }
    scene.mirror.serve(mirror::repository(3)?.files());
    scene.look(&options, NEW)?;
    scene.stage.expect(&added(), &UNLISTED)
}

/// The worker is ended while the mirror holds back an answer, at each request in turn. The old
/// list stays whole, and the next look ends well.
fn worker_dies(stage: &mut Stage) -> Result<()> {
    let scene = Scene::start(stage.browser.kind(), "fr")?;
    scene.mirror.serve(mirror::repository(2)?.files());
    let options = scene.options()?;
    for part in ["2.root.json", "timestamp.json", "2.snapshot.json", "2.targets.json", ".bin"] {
        let gate = scene.mirror.hold(part);
        scene.stage.web.forget();
        scene.stage.browser.click(&options, "#look")?;
        scene.stage.web.wait_for_request(WAIT, |request| request.host == HOST && request.path.contains(part))?;
        scene.stage.browser.stop_background()?;
        scene.stage.open(&format!("{}{part}", added()), &UNLISTED).context(part)?;
        scene.stage.open(&format!("{TAXES}{part}"), &OFFICIAL).context(part)?;
        gate.open();
        scene.mirror.serve(mirror::repository(2)?.files());
    }
    scene.look(&options, NEW)?;
    scene.look_at(&added(), &OFFICIAL)
}

/// Storage that loses or damages a file of the list in use: the packaged list takes its place, the
/// page says so, and the next look mends it.
fn damaged_storage(stage: &mut Stage) -> Result<()> {
    let scene = Scene::start(stage.browser.kind(), "fr")?;
    scene.mirror.serve(mirror::repository(2)?.files());
    let options = scene.options()?;
    scene.look(&options, NEW)?;
    for change in ["files.delete(key)", "files.put(new Uint8Array(3), key)"] {
        scene.stage.browser.in_extension(&format!(
            "const database = await new Promise((done) => {{
               indexedDB.open('bon-guichet').onsuccess = ({{ target }}) => done(target.result);
             }});
             const transaction = database.transaction('files', 'readwrite');
             const files = transaction.objectStore('files');
             files.getAllKeys().onsuccess = ({{ target }}) => {{
               for (const key of target.result.filter((key) => key.startsWith('file/'))) {change};
             }};
             await new Promise((done) => {{ transaction.oncomplete = done; }});
             database.close();"
        ))?;
        scene.look_at(&added(), &UNLISTED)?;
        scene.look_at(TAXES, &OFFICIAL)?;
        scene.stage.browser.reload(&options)?;
        scene.wait(&options, "document.getElementById('unusable').innerText.startsWith('La liste de la dernière')")?;
        scene.look(&options, SAME)?;
        scene.wait(&options, "document.getElementById('unusable').hidden")?;
        scene.look_at(&added(), &OFFICIAL)?;
    }
    Ok(())
}

/// A clock that went back cannot make an old list good again; one that had run ahead can be
/// believed again by pressing a button.
fn clock_set_back(stage: &mut Stage) -> Result<()> {
    let scene = Scene::start(stage.browser.kind(), "fr")?;
    scene.stage.open(TAXES, &OFFICIAL)?;
    scene.stage.browser.stop_background()?;
    // What a worker would have noted in the year 2100.
    scene.stage.browser.in_extension(
        "await (globalThis.browser ?? globalThis.chrome).storage.local.set({ update: '{\"seen\":4102444800}' })",
    )?;
    scene.look_at(&format!("{TAXES}late"), &LIST_EXPIRED)?;
    let options = scene.options()?;
    let clock = scene.seen(&options, "clock")?;
    ensure!(clock.contains("1 janvier 2100"), "{clock}");
    scene.stage.browser.click(&options, "#trust-clock")?;
    scene.wait(&options, "document.getElementById('clock').hidden")?;
    scene.stage.expect(TAXES, &OFFICIAL)
}

fn without_mirror(stage: &mut Stage) -> Result<()> {
    stage.web.forget();
    let options = stage.browser.open(&stage.browser.extension_url("options.html"))?;
    stage.browser.wait_for(&options, "return !document.getElementById('options').hasAttribute('aria-busy')")?;
    let said = stage.browser.evaluate(&options, "return document.getElementById('no-mirror').innerText")?;
    ensure!(said.as_str().is_some_and(|said| said.starts_with("Cette version ne cherche pas")), "{said}");
    let asked = stage.web.seen();
    ensure!(asked.is_empty(), "{asked:?}");
    Ok(())
}

fn english(stage: &mut Stage) -> Result<()> {
    let scene = Scene::start(stage.browser.kind(), "en")?;
    scene.mirror.serve(mirror::repository(2)?.files());
    let options = scene.options()?;
    ensure!(scene.seen(&options, "origin")? == "It came with Bon Guichet.");
    scene.look(&options, "A newer list has arrived.")?;
    fault(&scene.mirror, "timestamp", Response::status(500))?;
    scene.look(&options, "The update site is out of order (error 500).")
}
