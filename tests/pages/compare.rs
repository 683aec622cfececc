//! A file beside its copy, as people see it: on a desk, on a phone, in the dark, in every language.

use crate::browser::{self, Browser};
use crate::stage::{self, Copy};
use crate::support::additions::with_dss;
use crate::support::paper;
use crate::support::service::{ORGAN, Policies, Service};

const DESK: u32 = 1280;
const PHONE: u32 = 320;

/// Bytes of a page with its style sheets, before the pictures of the document.
const BUDGET: u64 = 20_000;

/// A service that takes its time, however busy the machine is.
fn service() -> Service {
    let mut settings = vec![("SEGELL__PUBLIC__COMPARE_SECONDS", "100")];
    settings.extend(stage::PATIENT);
    Service::start_with(Policies::Default, &settings)
}

/// A copy of four pages.
fn copy_of_an_act(service: &Service) -> Copy {
    let line = |y: u32, text: &str| format!("1 0 0 1 72 {y} Tm ({text}) Tj ");
    let page = |number: u32, amount: &str| {
        let lines: String = (0..24)
            .map(|row| {
                let text =
                    format!("{number}.{row} El Ple acorda per unanimitat aprovar la proposta.");
                line(690 - 24 * row, &text)
            })
            .collect();
        let title = line(750, &format!("Acta del Ple, full {number}"));
        let amount = line(90, &format!("Import total: {amount} euros"));
        format!("BT /F1 20 Tf {title} /F1 12 Tf {lines} {amount} ET")
    };
    let pages = [
        page(1, "1.200,00"),
        page(2, "3.400,00"),
        page(3, "5.600,00"),
        page(4, "7.800,00"),
    ];
    let source = paper::pages(&pages.each_ref().map(String::as_str));
    let answer = service
        .seal(&source, &format!("organ={ORGAN}"))
        .expect("an answer");
    assert_eq!(answer.status, 201);
    Copy {
        code: answer.header("Verification-Code").to_owned(),
        bytes: answer.body,
    }
}

/// The copy with an amount and a line of its third page changed.
fn altered(copy: &Copy) -> Vec<u8> {
    let mut bytes = copy.bytes.clone();
    for (old, new) in [
        (&b"5.600,00 euros"[..], &b"9.600,00 euros"[..]),
        (b"3.7 El Ple acorda per", b"3.7 El Ple rebutja en"),
    ] {
        let at = bytes.windows(old.len()).position(|window| window == old);
        let at = at.expect("the text");
        bytes[at..at + new.len()].copy_from_slice(new);
    }
    bytes
}

fn accessible(browser: &Browser, name: &str, width: u32) {
    browser.resize(width);
    let violations = browser.violations();
    assert!(violations.is_empty(), "{name}: {}", violations.join("\n"));
    let wide = browser.script("return document.documentElement.scrollWidth");
    assert!(
        wide.as_u64() <= Some(width.into()),
        "{name}: {wide} pixels wide"
    );
}

#[test]
fn the_page_of_a_copy_leads_to_its_pages_beside_those_of_a_file() {
    if !browser::present() {
        return;
    }
    let service = service();
    let copy = copy_of_an_act(&service);
    let browser = Browser::start(DESK);
    browser.scripts(false);
    for (name, bytes, title) in [
        ("identical", copy.bytes.clone(), "És exactament el fitxer"),
        (
            "equal",
            with_dss(&copy.bytes, ""),
            "Les 4 pàgines es veuen iguals",
        ),
        (
            "different",
            altered(&copy),
            "Hi ha una pàgina que no coincideix",
        ),
        (
            "hostile",
            b"%PDF-1.7\n%%EOF\n".to_vec(),
            "No hem pogut comparar",
        ),
    ] {
        let file = browser::file(service.folder(), &format!("{name}.pdf"), &bytes);
        browser.resize(DESK);
        browser.go(&format!("{}{}?lang=ca", service.address(), copy.path()));
        browser.click(&browser.find("details:has(form[action*='/compare']) summary"));
        accessible(&browser, "found, unfolded", DESK);
        browser.picture("compare-form-desk");
        browser.type_into(&browser.find("#document"), &file);
        browser.click(&browser.find("form[action*='/compare'] button"));
        browser.wait_until("location.pathname.endsWith('/compare')");
        assert!(
            browser.title().starts_with(title),
            "{name}: {}",
            browser.title()
        );
        accessible(&browser, name, PHONE);
        browser.picture(&format!("compare-{name}-phone"));
        accessible(&browser, name, DESK);
        browser.picture(&format!("compare-{name}-desk"));
        let pictures = browser.script(
            "return [...document.querySelectorAll('.leaf img')].map((img) => img.naturalWidth)",
        );
        let expected = usize::from(name == "different") * 2;
        let pictures = pictures.as_array().expect("widths");
        assert_eq!(pictures.len(), expected, "{name}");
        assert!(
            pictures.iter().all(|width| width.as_u64() > Some(500)),
            "{pictures:?}"
        );
        let text = browser.script(
            "return document.documentElement.outerHTML.replace(/data:[^\"]*/g, '').length
                + performance.getEntriesByType('resource')
                    .map((entry) => entry.encodedBodySize).reduce((sum, size) => sum + size, 0)",
        );
        assert!(text.as_u64() <= Some(BUDGET), "{name}: {text} bytes");
        if name == "different" {
            let main = browser.text("main");
            for said in [
                "Pàgines 1 a 2: es veuen iguals",
                "Pàgina 3: 2 zones diferents",
                "Pàgina 4: es veu igual",
            ] {
                assert!(main.contains(said), "{said}: {main}");
            }
            browser.shows_as("screen", "dark");
            accessible(&browser, "in the dark", DESK);
            browser.picture("compare-different-dark");
            browser.shows_as("print", "light");
            browser.picture("compare-different-paper");
            browser.shows_as("screen", "light");
        }
    }
}

#[test]
fn an_altered_file_is_compared_from_its_verdict_with_the_code() {
    if !browser::present() {
        return;
    }
    let service = service();
    let copy = copy_of_an_act(&service);
    let file = browser::file(service.folder(), "altered.pdf", &altered(&copy));
    let browser = Browser::start(DESK);
    browser.scripts(false);
    for (language, title) in [
        ("ca", "Hi ha una pàgina"),
        ("es", "Hay una página"),
        ("oc-aranes", "I a ua pagina"),
        ("en", "One page does not match"),
    ] {
        browser.go(&format!("{}/check?lang={language}", service.address()));
        browser.type_into(&browser.find("#document"), &file);
        browser.click(&browser.find("main button"));
        browser.wait_until("document.querySelector('#compare-codi')");
        browser.click(&browser.find("details:has(form[action*='/compare']) summary"));
        accessible(&browser, "the verdict, unfolded", DESK);
        browser.type_into(&browser.find("#compare-codi"), &copy.code.to_lowercase());
        browser.type_into(&browser.find("#compare-document"), &file);
        browser.click(&browser.find("form[action*='/compare'] button"));
        browser.wait_until("document.querySelector('.spread')");
        assert!(browser.title().starts_with(title), "{}", browser.title());
        accessible(&browser, language, DESK);
        browser.go(&format!("{}/compare?lang={language}", service.address()));
        accessible(&browser, language, PHONE);
        browser.picture(&format!("compare-form-{language}-phone"));
        browser.resize(DESK);
    }
}
