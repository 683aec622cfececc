//! The validation report for people, as `POST /v1/validations` gives it to who prefers HTML.

use std::fs;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::browser::{self, Browser};
use crate::stage::{self, seal};
use crate::support::additions::with_dss;
use crate::support::service::{KEY, ORGAN, Policies, Service};
use crate::support::{corpus, paper};

const DESK: u32 = 1280;
const PHONE: u32 = 320;

/// A file and what its Catalan report answers to the two questions.
struct Case {
    name: &'static str,
    bytes: Vec<u8>,
    issued: &'static str,
    sound: &'static str,
    /// The classes of the two answers.
    moods: [&'static str; 2],
}

fn case(
    name: &'static str,
    bytes: Vec<u8>,
    issued: &'static str,
    sound: &'static str,
    moods: [&'static str; 2],
) -> Case {
    Case {
        name,
        bytes,
        issued,
        sound,
        moods,
    }
}

/// A service that serves one organ of the examples only.
fn service_of(organ: &str) -> (tempfile::TempDir, Service) {
    let folder = tempfile::tempdir().expect("a folder");
    let examples = crate::support::root().join("certs-example");
    let seals = examples.join("seals").display().to_string();
    let text = fs::read_to_string(examples.join(format!("organs/{organ}.toml")));
    let text = text.expect("an organ").replace("../seals", &seals);
    fs::write(folder.path().join("organ.toml"), text).expect("it is written");
    let organs = folder.path().display().to_string();
    let mut settings = vec![("SEGELL__ORGANS__FOLDER", organs.as_str())];
    settings.extend(stage::PATIENT);
    let service = Service::start_with(Policies::Default, &settings);
    (folder, service)
}

/// Puts the report about a file into the window.
fn show(browser: &Browser, service: &Service, bytes: &[u8], language: &str) {
    browser.go(&format!("{}/check", service.address()));
    let body = STANDARD.encode(bytes);
    browser.script(&format!(
        "const request = new XMLHttpRequest();
         request.open('POST', '/v1/validations?lang={language}', false);
         request.setRequestHeader('Authorization', 'Bearer {KEY}');
         request.setRequestHeader('Accept', 'text/html');
         request.setRequestHeader('Content-Type', 'application/pdf');
         request.send(Uint8Array.from(atob('{body}'), (letter) => letter.charCodeAt(0)));
         document.open(); document.write(request.responseText); document.close();"
    ));
    browser.wait_until(
        "document.querySelector('.signature, .question') && document.styleSheets.length > 0 \
         && getComputedStyle(document.querySelector('.sheet')).display === 'grid'",
    );
}

fn cases(ours: &Service) -> Vec<Case> {
    let copy = seal(ours, "Acta").bytes;
    let mut altered = copy.clone();
    let middle = paper::one_page("Acta").len() / 2;
    altered[middle] ^= 1;
    let (_folder, other) = service_of("L01990027");
    let foreign = other
        .seal(&paper::one_page("Acord"), "document_type=TD02")
        .expect("an answer")
        .body;
    let mut foreign_altered = foreign.clone();
    foreign_altered[middle] ^= 1;
    let mut cases = vec![
        case(
            "extended",
            with_dss(&copy, ""),
            "És la còpia oficial, i algú hi ha afegit dades permeses",
            "La signatura és correcta",
            ["good", "good"],
        ),
        case(
            "identical",
            copy,
            "És exactament el fitxer que es va expedir",
            "La signatura és correcta",
            ["good", "good"],
        ),
        case(
            "altered",
            altered,
            "Aquest fitxer ha estat alterat",
            "La signatura no és correcta",
            ["bad", "bad"],
        ),
        case(
            "foreign-valid",
            foreign,
            "No és cap còpia expedida aquí",
            "La signatura és correcta",
            ["neutral", "good"],
        ),
        case(
            "foreign-failed",
            foreign_altered,
            "No és cap còpia expedida aquí",
            "La signatura no és correcta",
            ["neutral", "bad"],
        ),
        case(
            "unsigned",
            paper::one_page("Acta"),
            "No és cap còpia expedida aquí",
            "El fitxer no porta cap signatura",
            ["neutral", "neutral"],
        ),
    ];
    let specimens = corpus::folder("signed").unwrap_or_default();
    let two = "signed/multi_sivatest_pades_lt_two_valid_sig.pdf";
    if let Some(specimen) = specimens.iter().find(|specimen| specimen.name == two) {
        cases.push(case(
            "several",
            specimen.bytes(),
            "No és cap còpia expedida aquí",
            "No podem dir si totes les signatures són correctes",
            ["neutral", "careful"],
        ));
    }
    cases
}

#[test]
fn every_report_is_clear_accessible_and_fits_every_window() {
    if !browser::present() {
        return;
    }
    let (_folder, ours) = service_of(ORGAN);
    let browser = Browser::start(DESK);
    for case in cases(&ours) {
        look_at(&browser, &ours, &case);
    }
}

#[test]
fn without_an_archive_the_report_takes_no_side() {
    if !browser::present() {
        return;
    }
    let ours = Service::start_with(Policies::Default, &stage::PATIENT);
    let copy = seal(&ours, "Acta").bytes;
    let mut settings = vec![("SEGELL__ARCHIVE__URL", "none")];
    settings.extend(stage::PATIENT);
    let silent = Service::start_with(Policies::Default, &settings);
    let browser = Browser::start(DESK);
    let undetermined = case(
        "undetermined",
        copy,
        "Ara no podem dir si es va expedir aquí",
        "La signatura és correcta",
        ["neutral", "good"],
    );
    look_at(&browser, &silent, &undetermined);
}

fn look_at(browser: &Browser, service: &Service, case: &Case) {
    let name = case.name;
    for (language, width, scheme) in [
        ("ca", DESK, "light"),
        ("es", PHONE, "light"),
        ("en", DESK, "dark"),
        ("oc-aranes", PHONE, "dark"),
    ] {
        browser.resize(width);
        browser.shows_as("screen", scheme);
        show(browser, service, &case.bytes, language);
        if language == "ca" {
            assert_eq!(browser.text("h1"), case.issued, "{name}");
            assert_eq!(browser.text(".verdict h2"), case.sound, "{name}");
            let classes = browser.script(
                "return [...document.querySelectorAll('.sheet > .verdict')]
                     .map((verdict) => verdict.parentElement.classList[1]).join(' ')",
            );
            assert_eq!(classes, case.moods.join(" "), "{name}");
        }
        assert_eq!(
            browser.script("return document.documentElement.lang"),
            language
        );
        browser.picture(&format!("report-{name}-{language}-{width}-{scheme}"));
        let folded = browser.script("return document.querySelector('details').open");
        assert_eq!(folded, false, "{name}");
        browser.script("document.querySelector('details').open = true");
        let wide = "return document.documentElement.scrollWidth";
        assert_eq!(
            browser.script(wide),
            width,
            "{name} in {language} is too wide"
        );
        let violations = browser.violations();
        assert!(violations.is_empty(), "{name}: {}", violations.join("\n"));
        browser.picture(&format!("report-{name}-{language}-{width}-{scheme}-open"));
    }
    browser.resize(800);
    browser.shows_as("print", "light");
    show(browser, service, &case.bytes, "ca");
    let printed = browser.text("body");
    assert!(printed.contains("SHA-256"), "{name}: {printed}");
    browser.picture(&format!("report-{name}-print"));
}

#[test]
fn the_technical_part_opens_with_the_keyboard_alone() {
    if !browser::present() {
        return;
    }
    let service = Service::start_with(Policies::Default, &stage::PATIENT);
    let browser = Browser::start(DESK);
    show(&browser, &service, &paper::one_page("Acta"), "ca");
    browser.script("document.querySelector('summary').focus()");
    browser.press("\u{E007}");
    browser.wait_until("document.querySelector('details').open");
}
