//! Every state of the pages: reachable, accessible, light, whole on a phone.

use serde_json::Value;

use crate::browser::{self, Browser};
use crate::stage::{Stage, real_service, seal};
use crate::support::service::{Policies, Service};
use crate::{browse, stage};

const LANGUAGES: [&str; 4] = ["ca", "es", "oc-aranes", "en"];
const DESK: u32 = 1280;
/// As narrow as WCAG 2.2 asks for (1.4.10): 1280 pixels enlarged to 400 %.
const PHONE: u32 = 320;

/// Bytes of a page with everything it loads.
const BUDGET: u64 = 20_000;

fn in_language(path: &str, language: &str) -> String {
    let sign = if path.contains('?') { '&' } else { '?' };
    format!("{path}{sign}lang={language}")
}

/// What holds for every page, whatever its state.
pub(crate) fn examine(browser: &Browser, service: &str, name: &str, width: u32) {
    let violations = browser.violations();
    assert!(violations.is_empty(), "{name}: {}", violations.join("\n"));
    let wide = browser.script("return document.documentElement.scrollWidth");
    assert!(
        wide.as_u64() <= Some(width.into()),
        "{name}: {wide} pixels wide"
    );
    let loaded = browser.script(
        "return performance.getEntries().filter((entry) => entry.encodedBodySize !== undefined)
            .map((entry) => [entry.name, entry.encodedBodySize])",
    );
    let loaded: Vec<(String, u64)> = serde_json::from_value(loaded).expect("names and sizes");
    for (address, _) in &loaded {
        assert!(address.starts_with(service), "{name} loads {address}");
    }
    let bytes: u64 = loaded.iter().map(|(_, bytes)| bytes).sum();
    assert!((5_000..=BUDGET).contains(&bytes), "{name}: {bytes} bytes");
    let cookies = browser.script("return document.cookie");
    assert_eq!(cookies, "", "{name}");
}

#[test]
fn every_state_in_every_language_is_accessible_light_and_fits_a_phone() {
    if !browser::present() {
        return;
    }
    let stage = Stage::set();
    let service = stage.service.address();
    let browser = Browser::start(DESK);
    for state in &stage.states {
        for language in LANGUAGES {
            browser.resize(DESK);
            browser.go(&format!("{service}{}", in_language(&state.path, language)));
            let name = format!("{}-{language}", state.name);
            let tag = browser.script("return document.documentElement.lang");
            assert_eq!(tag, language, "{name}");
            if language == "ca" {
                let title = browser.title();
                let expected = format!("{} – Verificació de documents", state.title);
                assert_eq!(title, expected, "the title says the state first");
                assert_eq!(
                    browser.script("return document.querySelectorAll('h1').length"),
                    1
                );
            }
            examine(&browser, service, &name, DESK);
            browser.picture(&format!("{name}-desk"));
            browser.resize(PHONE);
            examine(&browser, service, &name, PHONE);
            browser.picture(&format!("{name}-phone"));
        }
    }
}

#[test]
fn every_state_is_the_same_without_scripts_in_the_dark_and_on_paper() {
    if !browser::present() {
        return;
    }
    let stage = Stage::set();
    let service = stage.service.address();
    let browser = Browser::start(DESK);
    browser.scripts(false);
    for state in &stage.states {
        browser.shows_as("screen", "dark");
        browser.go(&format!("{service}{}", in_language(&state.path, "ca")));
        assert!(browser.title().starts_with(state.title), "{}", state.name);
        examine(&browser, service, state.name, DESK);
        browser.picture(&format!("{}-dark", state.name));
    }
    browser.shows_as("print", "light");
    browser.go(&format!("{service}{}", stage.copy.path()));
    browser.picture("found-paper");
    let hidden = browser.script("return getComputedStyle(document.querySelector('nav')).display");
    assert_eq!(hidden, "none", "paper has no links");
}

#[test]
fn the_page_of_a_copy_is_read_in_the_order_state_issuer_what_to_do_data() {
    if !browser::present() {
        return;
    }
    let service = Service::start_with(Policies::Default, &stage::PATIENT);
    let copy = seal(&service, "Acta");
    let browser = Browser::start(DESK);
    browser.go(&format!("{}{}?lang=ca", service.address(), copy.path()));
    let headings = browser.script(
        "return [...document.querySelectorAll('main h1, main .organ, main h2')]
            .map((heading) => heading.innerText)",
    );
    let expected: Value = serde_json::json!([
        "Hem trobat la còpia oficial",
        "Qui l’ha expedida",
        "Ajuntament de Vallserena",
        "Què heu de fer",
        "Dades de la còpia",
        "Metadades mínimes obligatòries (ENI)",
    ]);
    assert_eq!(headings, expected);
    let page = browser.text("main");
    for said in [
        "https://verifica.exemple.cat",
        "Ha de tenir una sola pàgina",
        "el que val és el que veieu aquí",
        "NIF P9900100J",
        "Còpia electrònica autèntica",
        &copy.code,
        "Vigent. Es pot consultar almenys fins al",
        "Vàlid quan es va expedir la còpia.",
        "EE02",
        "TD01 · Resolució",
        "TF06 · PAdES",
        "http://administracionelectronica.gob.es/ENI/XSD/v1.0/documento-e",
    ] {
        assert!(page.contains(said), "{said} is missing: {page}");
    }
}

#[test]
fn a_test_code_on_a_real_service_is_explained() {
    if !browser::present() {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let [keys, organs, anchors] =
        ["codes.keys", "organs", "anchors"].map(|name| folder.path().join(name));
    std::fs::write(&keys, "00112233445566778899aabbccddeeff".repeat(2)).expect("keys");
    std::fs::create_dir_all(&anchors).expect("a folder");
    std::fs::create_dir_all(&organs).expect("a folder");
    let organ =
        std::fs::read_to_string(crate::support::root().join("certs-example/organs/L01990015.toml"));
    let organ = organ
        .expect("the example organ")
        .replace("\"pre\"", "\"pro\"");
    std::fs::write(organs.join("L01990015.toml"), organ).expect("an organ");
    let [keys, organs, anchors] = [keys, organs, anchors].map(|path| path.display().to_string());
    let service = real_service(&keys, &organs, &anchors);

    let test = Service::start(Policies::Default);
    let copy = seal(&test, "Acta");
    assert!(copy.code.starts_with("PR0V"));
    let browser = Browser::start(DESK);
    for language in LANGUAGES {
        let path = in_language(&copy.path(), language);
        browser.go(&format!("{}{path}", service.address()));
        examine(&browser, service.address(), "other-environment", DESK);
        browser.picture(&format!("other-environment-{language}-desk"));
    }
    let (answer, html) = browse(&format!("{}{}", service.address(), copy.path()), &[]);
    assert_eq!(answer.status, 404);
    assert!(
        html.contains("Aquest codi és de l’entorn de proves"),
        "{html}"
    );
    assert!(
        !html.contains("class=\"test\""),
        "a real service is no test"
    );
    assert!(
        answer
            .header("Strict-Transport-Security")
            .starts_with("max-age=")
    );
}

#[test]
fn a_service_without_an_archive_says_that_it_keeps_nothing() {
    if !browser::present() {
        return;
    }
    let mut settings = vec![("SEGELL__ARCHIVE__URL", "none")];
    settings.extend(stage::PATIENT);
    let service = Service::start_with(Policies::Default, &settings);
    let browser = Browser::start(DESK);
    browser.go(&format!(
        "{}/000G40R40M30E209185GR72Y?lang=ca",
        service.address()
    ));
    assert!(
        browser
            .title()
            .starts_with("Aquest servei no conserva les còpies")
    );
    examine(&browser, service.address(), "not-kept", DESK);
    browser.picture("not-kept-ca-desk");
}
