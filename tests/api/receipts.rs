//! Receipts of checks: sealed copies of what was found, looked up like any other copy.

use std::fs;

use crate::support::service::{Answer, Policies, Service};
use crate::support::{paper, tools};
use crate::{call, problem, public_call};

const BROWSER: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

fn seal(service: &Service, query: &str) -> Answer {
    let copy = call(service, "POST", &format!("/v1/copies{query}"))
        .body(&paper::one_page("Acta"))
        .answer();
    assert_eq!(copy.status, 201, "{copy:?}");
    copy
}

/// Asks for the receipt of a look-up.
fn of_copy(service: &Service, code: &str, accept: &str, form: &str) -> Answer {
    public_call(service, "POST", &format!("/{code}/receipt?lang=ca"))
        .header("Accept", accept)
        .header("Content-Type", "application/x-www-form-urlencoded")
        .body(form.as_bytes())
        .answer()
}

/// Asks for the receipt of a check of a file.
fn of_file(service: &Service, file: &[u8], accept: &str) -> Answer {
    public_call(service, "POST", "/check/receipt?lang=ca")
        .header("Accept", accept)
        .header("Content-Type", "application/pdf")
        .body(file)
        .answer()
}

fn text(answer: &Answer) -> String {
    String::from_utf8_lossy(&answer.body).into_owned()
}

/// What is written on a receipt, which is kept in `target/receipts` for who wants to look at it.
fn written(name: &str, receipt: &Answer) -> Option<String> {
    let folder = crate::support::target().join("receipts");
    fs::create_dir_all(&folder).expect("the folder can be made");
    let path = folder.join(format!("{name}.pdf"));
    fs::write(&path, &receipt.body).expect("the receipt can be written");
    let path = path.to_string_lossy().into_owned();
    if !tools::present(&["pdftotext", "qpdf"]) {
        return None;
    }
    tools::text_of("qpdf", ["--check", &path]).expect("a sound file");
    let text = tools::text_of("pdftotext", ["-layout", &path, "-"]);
    Some(text.expect("it has a text"))
}

/// A text without what lines and columns add.
fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_look_up_has_a_sealed_receipt_that_is_looked_up_by_its_own_code() {
    let service = Service::start(Policies::Default);
    let copy = seal(&service, "?title=Secret%20title&requested_by=Somebody");
    let code = copy.header("Verification-Code").to_owned();
    let receipt = of_copy(&service, &code, BROWSER, "");
    assert_eq!(receipt.status, 201, "{}", text(&receipt));
    assert_eq!(receipt.header("Content-Type"), "application/pdf");
    let disposition = receipt.header("Content-Disposition");
    assert!(
        disposition.starts_with("attachment; filename=\"justificant-"),
        "{disposition}"
    );
    assert_eq!(receipt.header("Cache-Control"), "no-store");
    assert_eq!(receipt.header("Referrer-Policy"), "no-referrer");
    let own = receipt.header("Verification-Code").to_owned();
    assert_ne!(own, code);
    assert_eq!(
        receipt.header("Location"),
        format!("/{}", own.replace('-', ""))
    );

    if let Some(said) = written("found", &receipt) {
        let said = flat(&said);
        for part in [
            "Justificant de comprovació",
            "Ajuntament de Vallserena",
            "NIF P9900100J",
            "La còpia existeix, és oficial i és vigent",
            "El servei no ha vist el document",
            &code,
            copy.header("ETag").trim_matches('"'),
            "https://verifica.exemple.cat",
            "UTC)",
            &own,
            "PROVA · SENSE VALIDESA",
        ] {
            assert!(said.contains(part), "{part} is missing: {said}");
        }
        for hidden in ["Secret title", "Somebody", "evaluation"] {
            assert!(!said.contains(hidden), "{hidden}: {said}");
        }
    }
    let validation = service.post("/v1/validations", "application/pdf", &receipt.body);
    let report = validation.expect("an answer").json();
    assert_eq!(report["verdict"], "identical");
    assert_eq!(report["indication"], "TOTAL-PASSED", "{report}");

    let page = public_call(&service, "GET", receipt.header("Location"))
        .header("Accept", BROWSER)
        .answer();
    assert_eq!(page.status, 200);
    let html = text(&page);
    assert!(html.contains("Hem trobat el justificant oficial"), "{html}");
    assert!(!html.contains("/receipt"), "a receipt offers none: {html}");
    let record = public_call(&service, "GET", receipt.header("Location"))
        .header("Accept", "application/json")
        .answer()
        .json();
    assert_eq!(record["receipt"], true);
    let stored = call(&service, "GET", &format!("/v1/copies/{own}")).answer();
    let stored = stored.json();
    assert_eq!(stored["title"], "Justificant de comprovació", "{stored}");
    let document = public_call(&service, "GET", &format!("/{own}/document")).answer();
    assert_eq!(document.body, receipt.body);
}

#[test]
fn a_file_has_a_receipt_with_its_digest_and_without_any_code_but_its_own() {
    let service = Service::start(Policies::Default);
    let copy = seal(&service, "");
    let code = copy.header("Verification-Code").to_owned();
    let receipt = of_file(&service, &copy.body, BROWSER);
    assert_eq!(receipt.status, 201, "{}", text(&receipt));
    if let Some(said) = written("identical", &receipt) {
        let said = flat(&said);
        for part in [
            "És exactament el fitxer que es va expedir",
            copy.header("ETag").trim_matches('"'),
            &format!("{} bytes", copy.body.len()),
            "Totes les signatures són correctes.",
            "https://verifica.exemple.cat/check",
        ] {
            assert!(said.contains(part), "{part} is missing: {said}");
        }
        assert!(!said.contains(&code), "{said}");
        assert!(!said.contains(&code.replace('-', "")), "{said}");
    }
    let mut altered = copy.body.clone();
    altered.extend_from_slice(b"% added\n");
    let receipt = of_file(&service, &altered, BROWSER);
    assert_eq!(receipt.status, 201, "{}", text(&receipt));
    if let Some(said) = written("altered", &receipt) {
        assert!(said.contains("Aquest fitxer ha estat alterat"), "{said}");
    }
    let json = of_file(&service, &copy.body, "application/json");
    assert!(matches!(json.status, 200 | 201), "{}", text(&json));
    let json = json.json();
    assert_eq!(json["visibility"], "open");
    let page = json["page"].as_str().expect("a page").to_owned();
    assert_eq!(public_call(&service, "GET", &page).answer().status, 200);
}

#[test]
fn the_same_check_in_the_same_minute_has_the_same_receipt() {
    let service = Service::start(Policies::Default);
    let copy = seal(&service, "");
    let code = copy.header("Verification-Code");
    // A minute may end between two of three.
    let receipts = [(); 3].map(|()| of_copy(&service, code, BROWSER, ""));
    let same = receipts
        .windows(2)
        .any(|pair| pair[0].body == pair[1].body && pair[1].status == 200);
    assert!(same);
    let english = public_call(&service, "POST", &format!("/{code}/receipt?lang=en")).answer();
    assert_eq!(english.status, 201, "another language is another receipt");
    written("found-en", &english);
}

#[test]
fn a_withdrawn_copy_has_a_receipt_that_says_so_and_its_file_too() {
    let service = Service::start(Policies::Default);
    let copy = seal(&service, "");
    let code = copy.header("Verification-Code").to_owned();
    let body = r#"{"reason":"superseded","text":{"ca":"La corregida val."}}"#;
    let path = format!("/v1/copies/{code}/withdraw");
    let withdrawn = call(&service, "POST", &path).body(body.as_bytes()).answer();
    assert_eq!(withdrawn.status, 200);
    for (name, receipt) in [
        ("withdrawn", of_copy(&service, &code, BROWSER, "")),
        ("withdrawn-file", of_file(&service, &copy.body, BROWSER)),
    ] {
        assert_eq!(receipt.status, 201, "{}", text(&receipt));
        let Some(said) = written(name, &receipt) else {
            continue;
        };
        let said = flat(&said);
        assert!(said.contains("«La corregida val.»"), "{said}");
        assert!(said.contains("n’hi ha una versió nova"), "{said}");
    }
    let page = public_call(&service, "POST", "/check?lang=ca")
        .header("Accept", BROWSER)
        .header("Content-Type", "application/pdf")
        .body(&copy.body)
        .answer();
    let html = text(&page);
    assert!(
        html.contains("La corregida val."),
        "the reason is shown: {html}"
    );
    let page = public_call(&service, "GET", &format!("/{code}?lang=ca"))
        .header("Accept", BROWSER)
        .answer();
    assert_eq!(page.status, 410);
    assert!(
        text(&page).contains("/receipt?lang=ca\""),
        "{}",
        text(&page)
    );
}

#[test]
fn a_restricted_copy_has_one_for_who_knows_the_factor_and_it_tells_neither_code_nor_factor() {
    let service = Service::start(Policies::Default);
    let copy = seal(&service, "");
    let code = copy.header("Verification-Code").to_owned();
    let body =
        r#"{"visibility":"restricted","access_factor":{"label":"la clau","value":"Quetzal 7"}}"#;
    let path = format!("/v1/copies/{code}/visibility");
    let changed = call(&service, "POST", &path).body(body.as_bytes()).answer();
    assert_eq!(changed.status, 200, "{}", text(&changed));
    service.keep_secret("quetzal");
    for form in ["", "pass=1.00"] {
        let refused = of_copy(&service, &code, "application/json", form);
        problem(&refused, 403, "factor-needed");
    }
    let wrong = of_copy(&service, &code, "application/json", "factor=wrong");
    problem(&wrong, 403, "factor-wrong");
    let receipt = of_copy(&service, &code, BROWSER, "factor=quetzal+7");
    assert_eq!(receipt.status, 201, "{}", text(&receipt));
    if let Some(said) = written("restricted", &receipt) {
        assert!(!said.contains(&code), "{said}");
        assert!(said.contains(&format!("{}-••••", &code[..4])), "{said}");
        assert!(!said.to_lowercase().contains("quetzal"), "{said}");
    }
    let document = public_call(
        &service,
        "GET",
        &format!("{}/document", receipt.header("Location")),
    )
    .header("Accept", "application/json")
    .answer();
    problem(&document, 403, "content-not-public");
}

#[test]
fn what_no_organ_can_vouch_for_has_no_receipt_and_the_reason_has_a_name() {
    let service = Service::start(Policies::Default);
    let foreign = of_file(&service, &paper::one_page("Foreign"), "application/json");
    problem(&foreign, 422, "receipt-foreign");
    let page = of_file(&service, &paper::one_page("Foreign"), BROWSER);
    assert_eq!(page.status, 422);
    assert!(
        text(&page).contains("No podem fer el justificant"),
        "{}",
        text(&page)
    );
    let copy = seal(&service, "");
    let receipt = of_copy(&service, copy.header("Verification-Code"), "*/*", "");
    let own = receipt.header("Verification-Code");
    problem(
        &of_copy(&service, own, "application/json", ""),
        422,
        "receipt-again",
    );
    problem(
        &of_file(&service, &receipt.body, "application/json"),
        422,
        "receipt-again",
    );
    let unknown = "000G40R40M30E209185GR72Y";
    problem(
        &of_copy(&service, unknown, "application/json", ""),
        404,
        "not-found",
    );
    let get = public_call(&service, "GET", &format!("/{own}/receipt")).answer();
    problem(&get, 405, "method-not-allowed");
}

#[test]
fn receipts_are_counted_by_the_hour_and_a_service_without_an_archive_makes_none() {
    let limits = [("SEGELL__PUBLIC__RECEIPTS_PER_HOUR", "1")];
    let service = Service::start_with(Policies::Default, &limits);
    let copy = seal(&service, "");
    let code = copy.header("Verification-Code");
    assert_eq!(of_copy(&service, code, "*/*", "").status, 201);
    let refused = of_copy(&service, code, "application/json", "");
    problem(&refused, 429, "too-many-requests");
    let refused = of_file(&service, &copy.body, "application/json");
    problem(&refused, 429, "too-many-requests");
    assert_eq!(
        public_call(&service, "GET", &format!("/{code}"))
            .answer()
            .status,
        200,
        "looking up goes on"
    );

    let keeps_none = [("SEGELL__ARCHIVE__URL", "none")];
    let service = Service::start_with(Policies::Default, &keeps_none);
    let file = of_file(&service, &copy.body, "application/json");
    problem(&file, 404, "no-archive");
    problem(
        &of_copy(&service, code, "application/json", ""),
        404,
        "no-archive",
    );
}

#[test]
fn an_organ_without_its_seal_gives_no_receipt_and_the_look_up_goes_on() {
    let service = Service::start(Policies::Default);
    let copy = seal(&service, "");
    let code = copy.header("Verification-Code").to_owned();
    let archive = format!("file://{}", service.folder().join("archive").display());
    let organs = service.folder().join("organs-without");
    fs::create_dir_all(&organs).expect("a folder");
    let example = service.folder().join("certs-example/organs/L01990015.toml");
    let organ = fs::read_to_string(example).expect("an organ");
    let organ = organ.replace("L01990015.p12", "gone.p12");
    fs::write(organs.join("L01990015.toml"), organ).expect("it is written");
    let organs = organs.display().to_string();
    let settings = [
        ("SEGELL__ARCHIVE__URL", archive.as_str()),
        ("SEGELL__ORGANS__FOLDER", organs.as_str()),
    ];
    let without = Service::start_with(Policies::Default, &settings);
    without.keep_secret(&code);
    let refused = of_copy(&without, &code, "application/json", "");
    problem(&refused, 503, "receipt-seal-unavailable");
    let page = of_copy(&without, &code, BROWSER, "");
    let html = text(&page);
    assert!(
        html.contains("El segell de l’organisme no està disponible"),
        "{html}"
    );
    let found = public_call(&without, "GET", &format!("/{code}")).answer();
    assert_eq!(found.status, 200);
}
