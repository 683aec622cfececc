//! What people do: type a code, scan a paper, check a file.

use std::fs;

use crate::browse;
use crate::browser::{self, Browser};
use crate::stage::{self, Copy, seal};
use crate::support::additions::with_dss;
use crate::support::paper;
use crate::support::service::{Policies, Service};
use crate::support::tools;

const DESK: u32 = 1280;
const TAB: &str = "\u{E004}";
const ENTER: &str = "\u{E007}";

fn service_and_copy() -> (Service, Copy) {
    let service = Service::start_with(Policies::Default, &stage::PATIENT);
    let copy = seal(&service, "Acta");
    (service, copy)
}

#[test]
fn a_code_is_found_in_every_way_that_people_write_it() {
    let (service, copy) = service_and_copy();
    let compact = copy.compact();
    let lower = copy.code.to_lowercase();
    let spaced = copy.code.replace('-', " ");
    let odd = copy.code.replace('0', "O").replace('-', " – ");
    let legend = format!(
        "Còpia electrònica autèntica · Ajuntament de Vallserena (NIF P9900100J)\n\
         Codi segur de verificació (CSV): {}\nComproveu-la a https://verifica.exemple.cat amb aquest codi, \
         o llegint el QR, i compareu els dos documents.",
        copy.code
    );
    let address = format!("https://verifica.exemple.cat/{compact}");
    for typed in [
        &copy.code, &compact, &lower, &spaced, &odd, &legend, &address,
    ] {
        let query: String = typed.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let (there, _) = browse(&format!("{}/?codi={query}", service.address()), &[]);
        let expected = (303, copy.path());
        assert_eq!(
            (there.status, there.header("Location").to_owned()),
            expected,
            "{typed}"
        );
    }
}

#[test]
fn a_code_is_typed_and_the_copy_reached_with_the_keyboard_alone() {
    if !browser::present() {
        return;
    }
    let (service, copy) = service_and_copy();
    let browser = Browser::start(DESK);
    browser.go(&format!("{}/?lang=ca", service.address()));
    let focused = |selector: &str| {
        browser.script(&format!(
            "return document.activeElement.matches({selector:?})"
        )) == true
    };
    browser.press(TAB);
    assert!(focused(".skip"), "the first stop skips to the content");
    let tab_to = |selector: &str| {
        for _ in 0..30 {
            if focused(selector) {
                return;
            }
            browser.press(TAB);
        }
        panic!("{selector} is not reached with the keyboard");
    };
    tab_to("#codi");
    browser.press(&copy.code.to_lowercase());
    browser.press(ENTER);
    browser.wait_until("location.pathname.length > 20");
    assert_eq!(
        browser.path(),
        format!("{}?lang=ca", copy.path()),
        "the language is kept"
    );
    assert!(browser.title().starts_with("Hem trobat la còpia oficial"));
    tab_to("a.action");
    let outline = browser.script("return getComputedStyle(document.activeElement).outlineStyle");
    assert_eq!(outline, "solid", "the focus is seen");
    assert_eq!(
        browser.script("return document.activeElement.getAttribute('href')"),
        format!("{}/document", copy.path())
    );
}

#[test]
fn the_wrong_group_is_shown_and_the_form_keeps_what_was_typed() {
    if !browser::present() {
        return;
    }
    let (service, copy) = service_and_copy();
    let mut letters: Vec<char> = copy.code.chars().collect();
    letters[16] = if letters[16] == 'A' { 'B' } else { 'A' };
    let wrong: String = letters.into_iter().collect();
    let browser = Browser::start(DESK);
    browser.go(&format!("{}/?lang=ca", service.address()));
    browser.type_into(&browser.find("#codi"), &format!("{wrong}{ENTER}"));
    browser.wait_until("document.title.startsWith('Hi ha un problema')");
    let group = &wrong[15..19];
    assert!(
        browser
            .text(".error")
            .contains(&format!("grup 4 ({group})"))
    );
    assert_eq!(browser.text(".groups .wrong"), group);
    assert_eq!(
        browser.script("return document.querySelector('#codi').value"),
        wrong
    );
    // Another language asks for nothing again.
    browser.click(&browser.find("a[hreflang=es]"));
    browser.wait_until("document.title.startsWith('Hay un problema')");
    assert_eq!(
        browser.script("return document.querySelector('#codi').value"),
        wrong
    );
}

#[test]
fn the_qr_on_paper_leads_to_the_page_of_its_copy() {
    if !browser::present() || !tools::present(&["pdftoppm", "zbarimg"]) {
        return;
    }
    let (service, copy) = service_and_copy();
    let file = browser::file(service.folder(), "copy.pdf", &copy.bytes);
    let page = service.folder().join("page");
    let page = page.to_string_lossy();
    tools::text_of(
        "pdftoppm",
        ["-r", "150", "-gray", "-png", "-singlefile", &file, &page],
    )
    .expect("the copy is rendered");
    let read = tools::text_of("zbarimg", ["--quiet", "--raw", &format!("{page}.png")])
        .expect("the QR is read");
    let path = read
        .trim()
        .strip_prefix("https://VERIFICA.EXEMPLE.CAT")
        .unwrap_or_else(|| panic!("another address: {read}"));
    assert_eq!(path, copy.path());
    let browser = Browser::start(390);
    browser.go(&format!("{}{path}?lang=ca", service.address()));
    assert!(browser.title().starts_with("Hem trobat la còpia oficial"));
    assert!(browser.text("main").contains(&copy.code));
    let (document, _) = browse(&format!("{}{path}/document", service.address()), &[]);
    assert_eq!(
        document.body, copy.bytes,
        "behind the link is the copy itself"
    );
}

/// Files that people hold, and what is said of each.
fn files_in_hand(copy: &Copy) -> Vec<(&'static str, Vec<u8>, &'static str, &'static str)> {
    let extended = with_dss(&copy.bytes, "");
    let altered = with_dss(&copy.bytes, "/OpenAction [3 0 R /Fit]");
    let begins = "Comença amb una còpia expedida aquí";
    let unknown = "No coincideix amb cap còpia";
    vec![
        (
            "identical",
            copy.bytes.clone(),
            "És exactament el fitxer",
            "És exactament el fitxer",
        ),
        ("extended", extended, "És la còpia oficial, i algú", begins),
        ("altered", altered, "Aquest fitxer ha estat alterat", begins),
        (
            "changed",
            changed(copy),
            "Aquest fitxer ha estat alterat",
            unknown,
        ),
        (
            "foreign",
            paper::one_page("Foreign"),
            "No és cap còpia expedida aquí",
            unknown,
        ),
    ]
}

/// A copy with one letter of its text changed.
fn changed(copy: &Copy) -> Vec<u8> {
    let mut bytes = copy.bytes.clone();
    let text = b"(Acta)";
    let at = bytes.windows(text.len()).position(|window| window == text);
    bytes[at.expect("the text") + 1] = b'E';
    bytes
}

#[test]
fn a_file_is_judged_by_upload_without_scripts() {
    if !browser::present() {
        return;
    }
    let (service, copy) = service_and_copy();
    let browser = Browser::start(DESK);
    browser.scripts(false);
    for (name, bytes, said, _) in files_in_hand(&copy) {
        let file = browser::file(service.folder(), &format!("{name}.pdf"), &bytes);
        browser.go(&format!("{}/check?lang=ca", service.address()));
        let promise = browser.text("#document-where");
        assert!(promise.contains("no es conserva"), "{promise}");
        browser.type_into(&browser.find("#document"), &file);
        browser.click(&browser.find("main button"));
        browser.wait_until("!document.title.startsWith('Comproveu')");
        assert!(
            browser.title().starts_with(said),
            "{name}: {}",
            browser.title()
        );
        let page = browser.text("main");
        assert!(
            !page.contains(&copy.code) && !page.contains(&copy.compact()),
            "{page}"
        );
        let violations = browser.violations();
        assert!(violations.is_empty(), "{name}: {}", violations.join("\n"));
        browser.picture(&format!("check-{name}"));
    }
}

#[test]
fn a_file_is_judged_by_its_digests_and_does_not_leave_the_computer() {
    if !browser::present() {
        return;
    }
    let (service, copy) = service_and_copy();
    let browser = Browser::start(DESK);
    for (name, bytes, uploaded, said) in files_in_hand(&copy) {
        let file = browser::file(service.folder(), &format!("{name}.pdf"), &bytes);
        browser.go(&format!("{}/check?lang=ca", service.address()));
        let promise = browser.text("#document-where");
        assert!(
            promise.contains("no surt del vostre ordinador"),
            "{promise}"
        );
        browser.type_into(&browser.find("#document"), &file);
        browser.click(&browser.find("main button"));
        browser.wait_until("!document.title.startsWith('Comproveu')");
        assert!(
            browser.title().starts_with(said),
            "{name}: {}",
            browser.title()
        );
        let page = browser.text("main");
        assert!(
            !page.contains(&copy.code) && !page.contains(&copy.compact()),
            "{page}"
        );
        let focused = browser.script("return document.activeElement.tagName");
        assert_eq!(focused, "MAIN", "the answer is read out");
        let violations = browser.violations();
        assert!(violations.is_empty(), "{name}: {}", violations.join("\n"));
        browser.picture(&format!("digests-{name}"));
        if said != uploaded {
            // The file itself tells more, and is still chosen.
            browser.click(&browser.find("form[enctype] button"));
            browser.wait_until(&format!("!document.title.startsWith({said:?})"));
            assert!(
                browser.title().starts_with(uploaded),
                "{name}: {}",
                browser.title()
            );
        }
    }
}

#[test]
fn programs_get_the_same_answers_without_code_or_link() {
    let (service, copy) = service_and_copy();
    let post = |path: &str, kind: &str, body: &[u8]| {
        let mut answer = ureq::post(format!("{}{path}", service.address()))
            .header("Accept", "application/json")
            .header("Content-Type", kind)
            .send(body)
            .expect("an answer");
        let text = answer.body_mut().read_to_string().expect("a text");
        assert!(
            !text.contains(&copy.code) && !text.contains(&copy.compact()),
            "{text}"
        );
        serde_json::from_str::<serde_json::Value>(&text).expect("JSON")
    };
    let judged = post("/check", "application/pdf", &copy.bytes);
    assert_eq!(judged["verdict"], "identical");
    assert_eq!(judged["status"], "in_force");
    assert_eq!(judged["issuer"]["name"], "Ajuntament de Vallserena");
    assert!(judged["issued_at"].is_string());
    let digest = |bytes: &[u8]| {
        use sha2::Digest;
        let digest = sha2::Sha256::digest(bytes);
        digest
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect::<String>()
    };
    let ask = |digests: &[String]| {
        let body = serde_json::json!({ "digests": digests }).to_string();
        post("/check/digests", "application/json", body.as_bytes())["verdict"].clone()
    };
    let (whole, other) = (digest(&copy.bytes), digest(b"other"));
    assert_eq!(ask(std::slice::from_ref(&whole)), "identical");
    assert_eq!(ask(&[other.clone(), whole]), "begins_with_copy");
    assert_eq!(ask(&[other]), "unknown");
    let refused = |body: &str| {
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .build()
            .new_agent();
        let url = format!("{}/check/digests", service.address());
        let answer = agent.post(url).send(body).expect("an answer");
        answer.status().as_u16()
    };
    let six = serde_json::json!({ "digests": vec![digest(b""); 6] }).to_string();
    for body in ["", "{}", "{\"digests\":[]}", &six, &" ".repeat(5000)] {
        assert_eq!(refused(body), 400, "{body}");
    }
}

#[test]
fn a_seal_of_ours_over_a_copy_that_the_archive_does_not_know_is_no_copy_of_ours() {
    if !browser::present() {
        return;
    }
    let (service, copy) = service_and_copy();
    for part in ["copies", "digests"] {
        fs::remove_dir_all(service.folder().join("archive").join(part)).expect("it is removed");
    }
    let browser = Browser::start(DESK);
    browser.scripts(false);
    let file = browser::file(service.folder(), "copy.pdf", &copy.bytes);
    browser.go(&format!("{}/check?lang=ca", service.address()));
    browser.type_into(&browser.find("#document"), &file);
    browser.click(&browser.find("main button"));
    browser.wait_until("!document.title.startsWith('Comproveu')");
    assert!(
        browser.title().starts_with("Porta un segell vàlid"),
        "{}",
        browser.title()
    );
    browser.picture("check-sealed");
}
