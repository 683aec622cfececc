//! Receipts of checks: asked for in the browser, and looked up by their own code. And the pages of who has
//! to wait, or knows no factor.

use std::fs;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use crate::browser::{self, Browser};
use crate::stage::{self, Copy, seal};
use crate::states::examine;
use crate::support::service::{Policies, Service};
use crate::support::tools;

const DESK: u32 = 1280;
const PHONE: u32 = 320;
const ENTER: &str = "\u{E007}";
const PATIENCE: Duration = Duration::from_secs(30);

/// Opens what is folded around the button for a receipt, and presses it.
fn ask_for_it(browser: &Browser, name: &str) {
    browser.click(&browser.find("details:has(form[action*='/receipt']) > summary"));
    let violations = browser.violations();
    assert!(violations.is_empty(), "{name}: {}", violations.join("\n"));
    browser.picture(name);
    browser.click(&browser.find("form[action*='/receipt'] button"));
}

/// The receipt that arrives in a folder. The browser takes its name at once, with an empty file, and puts
/// the whole one in its place when it has it.
fn arrived(folder: &Path) -> Vec<u8> {
    let start = Instant::now();
    loop {
        assert!(start.elapsed() < PATIENCE, "no receipt arrives");
        let file = fs::read_dir(folder)
            .expect("the folder")
            .map(|entry| entry.expect("a file").path())
            .find(|path| path.extension().is_some_and(|ending| ending == "pdf"));
        if let Some(file) = file {
            let bytes = fs::read(&file).expect("it can be read");
            if !bytes.is_empty() {
                let name = file.file_name().expect("a name").to_string_lossy();
                assert!(name.starts_with("justificant-"), "{name}");
                fs::remove_file(&file).expect("it can be removed");
                return bytes;
            }
        }
        thread::sleep(Duration::from_millis(50));
    }
}

/// What is written on a receipt, and the code at its foot.
fn written(service: &Service, receipt: &[u8]) -> (String, String) {
    let file = browser::file(service.folder(), "receipt.pdf", receipt);
    let text = tools::text_of("pdftotext", ["-layout", &file, "-"]).expect("a text");
    let code = text
        .split("Codi segur de verificació (CSV): ")
        .nth(1)
        .and_then(|rest| rest.get(..29))
        .expect("a code")
        .to_owned();
    service.keep_secret(&code);
    (text, code)
}

fn stage() -> Option<(Service, Copy, tempfile::TempDir)> {
    if !browser::present() || !tools::present(&["pdftotext"]) {
        return None;
    }
    let service = Service::start_with(Policies::Default, &stage::PATIENT);
    let copy = seal(&service, "Acta");
    Some((service, copy, tempfile::tempdir().expect("a folder")))
}

#[test]
fn a_receipt_is_asked_for_on_the_page_of_a_copy_and_found_by_its_own_code() {
    let Some((service, copy, downloads)) = stage() else {
        return;
    };
    let browser = Browser::start(DESK);
    browser.downloads_into(downloads.path());
    browser.go(&format!("{}{}?lang=ca", service.address(), copy.path()));
    ask_for_it(&browser, "found-receipt-offer");
    let receipt = arrived(downloads.path());
    let (text, code) = written(&service, &receipt);
    assert!(text.contains(&copy.code), "{text}");
    assert_ne!(code, copy.code);

    browser.go(&format!("{}/?lang=ca", service.address()));
    browser.type_into(&browser.find("#codi"), &format!("{code}{ENTER}"));
    browser.wait_until("location.pathname.length > 20");
    assert!(
        browser
            .title()
            .starts_with("Hem trobat el justificant oficial"),
        "{}",
        browser.title()
    );
    let page = browser.text("main");
    assert!(page.contains("Justificant de comprovació"), "{page}");
    assert!(page.contains(&code), "{page}");
}

#[test]
fn a_receipt_is_asked_for_after_a_file_was_checked_with_and_without_scripts() {
    let Some((service, copy, downloads)) = stage() else {
        return;
    };
    let file = browser::file(service.folder(), "copy.pdf", &copy.bytes);
    let browser = Browser::start(DESK);
    browser.downloads_into(downloads.path());
    for scripts in [true, false] {
        browser.scripts(scripts);
        browser.go(&format!("{}/check?lang=ca", service.address()));
        browser.type_into(&browser.find("#document"), &file);
        browser.click(&browser.find("main button"));
        browser.wait_until("document.title.startsWith('És exactament el fitxer')");
        // A script keeps the file chosen; without one it is chosen again.
        let chosen =
            browser.script("return document.querySelector('#receipt-document').files.length");
        assert_eq!(chosen, u32::from(scripts));
        if !scripts {
            browser.type_into(&browser.find("#receipt-document"), &file);
        }
        ask_for_it(&browser, &format!("check-receipt-offer-{scripts}"));
        let (text, code) = written(&service, &arrived(downloads.path()));
        assert!(text.contains("És exactament el fitxer"), "{text}");
        assert!(!text.contains(&copy.code), "{text}");
        let url = format!("{}/{}", service.address(), code.replace('-', ""));
        browser.go(&format!("{url}?lang=ca"));
        assert!(browser.title().starts_with("Hem trobat el justificant"));
    }
}

#[test]
fn the_pages_of_who_must_wait_or_is_mistaken_are_accessible_too() {
    if !browser::present() {
        return;
    }
    let limits = [("SEGELL__PUBLIC__LOOK_UPS_PER_MINUTE", "8")];
    let service = Service::start_with(Policies::Default, &limits);
    let copy = seal(&service, "Acta");
    let body = r#"{"visibility":"restricted","access_factor":{"label":"la clau","value":"4471"}}"#;
    let path = format!("/v1/copies/{}/visibility", copy.compact());
    let changed = service.post(&path, "application/json", body.as_bytes());
    assert_eq!(changed.expect("an answer").status, 200);
    let browser = Browser::start(DESK);
    let page = format!("{}{}?lang=ca", service.address(), copy.path());
    let look_at = |name: &str, title: &str| {
        assert!(browser.title().starts_with(title), "{}", browser.title());
        for width in [DESK, PHONE] {
            browser.resize(width);
            examine(&browser, service.address(), name, width);
        }
        browser.picture(name);
        browser.resize(DESK);
    };
    browser.go(&page);
    for wrong in ["0000", "0001", "0002", "0003", "0004", "0005"] {
        browser.script("document.title = ''");
        browser.type_into(&browser.find("#factor"), wrong);
        browser.click(&browser.find("main button"));
        browser.wait_until("document.title !== '' && document.readyState === 'complete'");
        if wrong == "0000" {
            look_at("restricted-wrong", "Hi ha un problema");
        }
    }
    look_at("restricted-wait", "Hi ha un problema");
    for _ in 0..40 {
        browser.go(&page);
        if browser.title().starts_with("Heu fet") {
            break;
        }
    }
    look_at("too-many", "Heu fet moltes consultes seguides");
}
