//! A service with a copy in every state there is.

use std::fs;
use std::path::PathBuf;

use sha2::{Digest, Sha256};

use crate::support::paper;
use crate::support::service::{ORGAN, Policies, Service};

/// Settings without which a browser that looks at everything would be told to wait.
pub(crate) const PATIENT: [(&str, &str); 3] = [
    ("SEGELL__PUBLIC__LOOK_UPS_PER_MINUTE", "0"),
    ("SEGELL__PUBLIC__LOOK_UPS_PER_HOUR", "0"),
    ("SEGELL__PUBLIC__FILES_PER_MINUTE", "0"),
];

/// A copy.
pub(crate) struct Copy {
    /// Its code, as printed.
    pub(crate) code: String,
    /// The sealed PDF.
    pub(crate) bytes: Vec<u8>,
}

impl Copy {
    /// The path of its page.
    pub(crate) fn path(&self) -> String {
        format!("/{}", self.compact())
    }

    /// The code without hyphens.
    pub(crate) fn compact(&self) -> String {
        self.code.replace('-', "")
    }
}

/// Seals a page for the example organ.
pub(crate) fn seal(service: &Service, text: &str) -> Copy {
    let answer = service
        .seal(
            &paper::one_page(text),
            &format!("organ={ORGAN}&document_type=TD01"),
        )
        .expect("an answer");
    assert_eq!(answer.status, 201);
    Copy {
        code: answer.header("Verification-Code").to_owned(),
        bytes: answer.body,
    }
}

/// The folder of a copy in the archive.
pub(crate) fn folder(service: &Service, copy: &Copy) -> PathBuf {
    let digest = Sha256::digest(format!("segell/index/v1{}", copy.compact()));
    let index: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    let copies = service.folder().join("archive/copies");
    copies.join(&index[..2]).join(&index)
}

/// Lets something happen to a copy, as the archive writes it down.
pub(crate) fn happen(service: &Service, copy: &Copy, kind: &str) {
    let folder = folder(service, copy);
    let index = folder.file_name().expect("an index").to_string_lossy();
    let event = serde_json::json!({
        "schema": 1, "index": index, "kind": kind, "at": "2026-11-22T10:00:00Z",
    });
    fs::create_dir_all(folder.join("events")).expect("the folder can be made");
    fs::write(folder.join("events/0001.json"), event.to_string()).expect("the event is written");
}

/// A state of the public pages.
pub(crate) struct State {
    /// Its name, also of its pictures.
    pub(crate) name: &'static str,
    /// Where it is.
    pub(crate) path: String,
    /// What its Catalan page is called.
    pub(crate) title: &'static str,
}

fn state(name: &'static str, path: impl Into<String>, title: &'static str) -> State {
    State {
        name,
        path: path.into(),
        title,
    }
}

/// A service, and where each state can be seen.
pub(crate) struct Stage {
    pub(crate) service: Service,
    pub(crate) copy: Copy,
    pub(crate) states: Vec<State>,
}

impl Stage {
    /// Starts the service and makes the copies.
    pub(crate) fn set() -> Self {
        let service = Service::start_with(Policies::Default, &PATIENT);
        let copy = seal(&service, "Acta");
        let mut states = vec![
            state("start", "/", "Comproveu un document"),
            state("empty", "/?codi=", "Hi ha un problema"),
            state("length", "/?codi=K7Q2-9FHM", "Hi ha un problema"),
            state("wrong-group", wrong_group(&copy), "Hi ha un problema"),
            state(
                "several-wrong",
                "/?codi=K7Q2-9FHM-3XTD-W8RA-5CZN-J4PE",
                "Hi ha un problema",
            ),
            state("found", copy.path(), "Hem trobat la còpia oficial"),
            state(
                "not-found",
                "/000G40R40M30E209185GR72Y",
                "No tenim cap document amb aquest codi",
            ),
            state("nowhere", "/a/b/c", "Aquesta pàgina no existeix"),
            state("check", "/check", "Comproveu un fitxer PDF"),
            state("seals", "/segells", "Segells electrònics"),
            state("about", "/que-es", "Què és això?"),
            state("legal", "/base-legal", "Base legal"),
            state(
                "accessibility",
                "/accessibilitat",
                "Declaració d’accessibilitat",
            ),
            state("privacy", "/privacitat", "Protecció de dades"),
        ];
        let receipt = format!("{}/receipt", copy.path());
        let receipt = service.post(&receipt, "application/x-www-form-urlencoded", b"");
        let receipt = receipt.expect("an answer");
        assert_eq!(receipt.status, 201);
        let page = receipt.header("Location");
        states.push(state("receipt", page, "Hem trobat el justificant oficial"));
        for (name, route, body, title) in [
            (
                "withdrawn",
                "withdraw",
                r#"{"reason":"superseded","text":{"ca":"N’hi ha una versió corregida."}}"#,
                "Aquesta còpia es va retirar",
            ),
            (
                "metadata",
                "visibility",
                r#"{"visibility":"metadata"}"#,
                "Hem trobat la còpia oficial",
            ),
            (
                "restricted",
                "visibility",
                r#"{"visibility":"restricted","access_factor":
                    {"label":"les quatre últimes xifres del DNI","value":"4471"}}"#,
                "La còpia existeix i és oficial",
            ),
        ] {
            let copy = seal(&service, name);
            let path = format!("/v1/copies/{}/{route}", copy.compact());
            let answer = service.post(&path, "application/json", body.as_bytes());
            assert_eq!(answer.expect("an answer").status, 200, "{name}");
            states.push(state(name, copy.path(), title));
        }
        for (kind, title) in [
            ("expired", "El termini de consulta en línia s’ha acabat"),
            ("erased", "El contingut d’aquesta còpia s’ha eliminat"),
        ] {
            let gone = seal(&service, kind);
            happen(&service, &gone, kind);
            states.push(state(kind, gone.path(), title));
        }
        let damaged = seal(&service, "damaged");
        fs::write(folder(&service, &damaged).join("record.json"), "{").expect("it is written");
        states.push(state(
            "down",
            damaged.path(),
            "Ara no podem consultar l’arxiu",
        ));
        Self {
            service,
            copy,
            states,
        }
    }
}

/// The code of a copy with one wrong character in its third group.
fn wrong_group(copy: &Copy) -> String {
    let mut letters: Vec<char> = copy.code.chars().collect();
    letters[11] = if letters[11] == 'X' { 'Y' } else { 'X' };
    let code: String = letters.into_iter().collect();
    format!("/?codi={code}")
}

/// A service for real copies, which it cannot make: the example seals are not for it.
pub(crate) fn real_service(keys: &str, organs: &str, anchors: &str) -> Service {
    let mut settings = vec![
        ("SEGELL_PROFILE", "production"),
        ("SEGELL__CODES__KEYS_FILE", keys),
        ("SEGELL__ACCESS__FACTOR_KEYS_FILE", keys),
        ("SEGELL__AUDIT__KEYS_FILE", keys),
        ("SEGELL__AUDIT__FOLDER", "audit"),
        ("SEGELL__APPLICATIONS__FILE", ""),
        ("SEGELL__ORGANS__FOLDER", organs),
        ("SEGELL__TRUST__SEALS", anchors),
    ];
    settings.extend(PATIENT);
    Service::start_with(Policies::Default, &settings)
}
