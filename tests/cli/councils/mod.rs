//! Hundreds of councils made at run time: an authority of their own, a seal for each, and the files that an
//! operator keeps about them, for the real environment.

mod issuing;

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use segell::model::Sha256Digest;

use self::issuing::{Authority, SealRequest};
use crate::stage::Stage;

/// Councils that share a key: making keys is what takes time.
const KEYS: usize = 4;

/// One council and what its operator has written down.
#[derive(Clone, Debug)]
pub(crate) struct Council {
    pub(crate) dir3: String,
    pub(crate) ine10: String,
    /// In its file, and in the list of those expected.
    pub(crate) nif: String,
    /// In its certificate.
    pub(crate) certified_nif: String,
    /// The INE10 code in the list of those expected.
    pub(crate) expected_ine10: String,
    /// Days from now between which its seal is valid.
    pub(crate) days: (i64, i64),
    /// The same of a newer certificate that somebody put beside the seal.
    pub(crate) newer: Option<(i64, i64)>,
    /// The tax agency has confirmed the seal in use, and not one before it.
    pub(crate) confirmed: bool,
    /// There is a file.
    pub(crate) has_file: bool,
}

impl Council {
    /// A council in order.
    pub(crate) fn numbered(number: usize) -> Self {
        let municipality = format!("99{number:04}");
        Self {
            dir3: format!("L01{municipality}"),
            ine10: format!("{municipality}0000"),
            nif: nif(number),
            certified_nif: nif(number),
            expected_ine10: format!("{municipality}0000"),
            days: (-30, 400),
            newer: None,
            confirmed: true,
            has_file: true,
        }
    }
}

/// The NIF of a local body (tax agency's check letter).
pub(crate) fn nif(number: usize) -> String {
    let digits = format!("99{number:05}");
    let sum: u32 = digits
        .bytes()
        .enumerate()
        .map(|(place, digit)| {
            let value = u32::from(digit - b'0') * if place % 2 == 0 { 2 } else { 1 };
            value / 10 + value % 10
        })
        .sum();
    let letter = b"JABCDEFGHI"[usize::try_from((10 - sum % 10) % 10).unwrap()];
    format!("P{digits}{}", char::from(letter))
}

/// The councils with all their files, on a stage that runs in production.
pub(crate) struct Councils {
    pub(crate) stage: Stage,
    /// The list of those expected.
    pub(crate) expected: PathBuf,
}

impl Councils {
    pub(crate) fn found(councils: &[Council]) -> Self {
        let stage = Stage::new()
            .with("SEGELL_PROFILE", "production")
            .with("SEGELL_CONFIG", "councils.toml")
            .with("SEGELL__ORGANS__FOLDER", "organs")
            .with("SEGELL__TRUST__SEALS", "trust")
            .with("SEGELL__ARCHIVE__URL", "file://./archive")
            .with("SEGELL__APPLICATIONS__FILE", "applications.toml")
            .with("SEGELL__ACCESS__FACTOR_KEYS_FILE", "factors.keys");
        stage.file("factors.keys", "5a".repeat(32));
        stage.file(
            "councils.toml",
            "[organs]\ncounterparts = [\"AEAT\"]\n[public]\noperator = \"la Diputació d'Exemple\"\n",
        );
        let authority = Authority::new();
        stage.file("trust/authority.pem", authority.pem());
        let keys: Vec<_> = (0..KEYS).map(|_| issuing::new_key()).collect();
        for (number, key) in keys.iter().enumerate() {
            stage.file(&format!("seals/{number}.key.pem"), issuing::pem_of(key));
        }
        for (index, council) in councils.iter().enumerate() {
            let number = index % KEYS;
            let seal = authority.issue(&SealRequest {
                name: &format!("Segell de {}", council.dir3),
                nif: &council.certified_nif,
                days: council.days,
                key: &keys[number],
            });
            let dir3 = &council.dir3;
            stage.file(&format!("seals/{dir3}.pem"), seal.pem());
            if let Some(days) = council.newer {
                let newer = authority.issue(&SealRequest {
                    name: &format!("Segell de {dir3}"),
                    nif: &council.certified_nif,
                    days,
                    key: &keys[(index + 1) % KEYS],
                });
                stage.file(&format!("seals/{dir3}-new.cer"), newer.der());
            }
            if council.has_file {
                let confirmed = match council.confirmed {
                    true => Sha256Digest::of(&seal.der()),
                    false => Sha256Digest::of(b"the seal before"),
                };
                let file = organ_file(council, number, &confirmed);
                stage.file(&format!("organs/{dir3}.toml"), file);
            }
        }
        let expected = stage.file("expected.tsv", expected_list(councils));
        stage.file("applications.toml", applications(councils));
        Self { stage, expected }
    }

    /// The inspection, as programs read it: what was found, code by organ.
    pub(crate) fn faults(&self) -> (serde_json::Value, BTreeMap<String, String>) {
        let expected = self.expected.display().to_string();
        let said = self
            .stage
            .run(&["seals", "check", "--json", "--expected", &expected]);
        assert_eq!(said.exit, 1, "{}", said.error);
        let answer = said.json();
        let faults = answer["findings"].as_array().unwrap().iter();
        let faults = faults.filter(|found| found["gravity"] == "fault");
        let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
        let by_organ = faults.map(|found| (text(&found["organ"]), text(&found["code"])));
        let by_organ = by_organ.collect();
        (answer, by_organ)
    }

    pub(crate) fn organ_text(&self, dir3: &str) -> String {
        fs::read_to_string(self.stage.path(&format!("organs/{dir3}.toml"))).unwrap()
    }
}

fn organ_file(council: &Council, key: usize, confirmed: &Sha256Digest) -> String {
    let Council {
        dir3, ine10, nif, ..
    } = council;
    format!(
        r#"dir3 = "{dir3}"
ine10 = "{ine10}"
nif = "{nif}"
environment = "pro"
cession = "own"
name = {{ ca = "Ajuntament de {dir3}" }}
place = "Exemple"
verification_address = "https://verifica.exemple.cat"

[seal]
certificates = "../seals/{dir3}.pem"
key = "../seals/{key}.key.pem"
algorithm = "ecdsa-p256-sha256"

[commission]
agreement = 2026-01-15
data_processor_contract = 2026-01-15
contact = "secretaria@exemple.cat"

[[confirmations]]
counterpart = "AEAT"
certificate_sha256 = "{confirmed}"
confirmed = 2026-03-01
"#
    )
}

fn expected_list(councils: &[Council]) -> String {
    let rows = councils.iter().map(|council| {
        let Council {
            dir3,
            expected_ine10,
            nif,
            ..
        } = council;
        format!("{dir3}\tpro\t{expected_ine10}\t{nif}\n")
    });
    format!(
        "dir3\tenvironment\tine10\tnif\n{}",
        rows.collect::<String>()
    )
}

fn applications(councils: &[Council]) -> String {
    let organs: Vec<String> = councils
        .iter()
        .map(|council| format!("\"{}\"", council.dir3))
        .collect();
    let key = Sha256Digest::of(b"a key that nobody has");
    format!(
        "[[application]]\nid = \"registre\"\nname = \"Registre\"\norgans = [{}]\n\n\
         [[application.keys]]\nkey_sha256 = \"{key}\"\nenvironment = \"pro\"\n",
        organs.join(", ")
    )
}
