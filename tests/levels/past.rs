//! The table of past situations (EN 319 102-1, 5.3 to 5.6): files that a sealer of ours would never make, judged by
//! us and by pyHanko as of the same moment.

use std::sync::Arc;

use bytes::Bytes;
use jiff::Timestamp;
use object_store::memory::InMemory;
use segell::archive::Archive;
use segell::model::{Deadline, HashTrail};
use segell::pdf::Limits;
use segell::pki::Anchors;
use segell::validate::{Options, Trust, TrustedSet, Validator, policy};
use serde::Deserialize;

use crate::support::{paper, tools};

/// What both say, or what we say and pyHanko says otherwise.
#[derive(Clone, Copy)]
enum Expected {
    Both(&'static str),
    /// Ours, theirs, and why we keep to ours.
    Apart(&'static str, &'static str, &'static str),
}

use Expected::{Apart, Both};

const NOT_TOLD_APART: Expected = Apart(
    "INDETERMINATE OUT_OF_BOUNDS_NOT_REVOKED",
    "INDETERMINATE OUT_OF_BOUNDS_NO_POE",
    "pyHanko never says that the last answer was good; 5.2.6.4 wants it said",
);

/// In the order of `past.py`. The worst that is said of a file, as `INDICATION SUB_INDICATION`.
const TABLE: [(&str, Expected); 25] = [
    ("revoked after the timestamp", Both("PASSED")),
    ("expired after the timestamp", Both("PASSED")),
    (
        "authority of the timestamp expired after a renewal",
        Both("PASSED"),
    ),
    (
        "authority of the timestamp expired before any renewal",
        NOT_TOLD_APART,
    ),
    (
        "expired without a timestamp, last known good",
        NOT_TOLD_APART,
    ),
    (
        "expired without a timestamp, nothing known",
        Both("INDETERMINATE OUT_OF_BOUNDS_NO_POE"),
    ),
    (
        "revoked without a timestamp",
        Both("INDETERMINATE REVOKED_NO_POE"),
    ),
    (
        "authority revoked without a timestamp",
        Both("INDETERMINATE REVOKED_CA_NO_POE"),
    ),
    (
        "revoked before the timestamp",
        Both("INDETERMINATE REVOKED_NO_POE"),
    ),
    (
        "content timestamp after the revocation",
        Both("FAILED REVOKED"),
    ),
    (
        "content timestamp after the expiry",
        Apart(
            "FAILED EXPIRED",
            "INDETERMINATE EXPIRED",
            "pyHanko lists it under the other indication; table 5 of the clause says TOTAL-FAILED",
        ),
    ),
    (
        "no revocation data at all",
        Both("INDETERMINATE CERTIFICATE_CHAIN_GENERAL_FAILURE"),
    ),
    (
        "revocation data that are not fresh",
        Both("INDETERMINATE TRY_LATER"),
    ),
    (
        "on hold",
        Apart(
            "INDETERMINATE TRY_LATER",
            "INDETERMINATE REVOKED_NO_POE",
            "pyHanko does not look at the reason; 5.2.6.4 makes an exception for certificateHold",
        ),
    ),
    (
        "a responder that does not know",
        Both("INDETERMINATE CERTIFICATE_CHAIN_GENERAL_FAILURE"),
    ),
    (
        "a responder outside its validity",
        Apart(
            "INDETERMINATE REVOCATION_OUT_OF_BOUNDS_NO_POE",
            "INDETERMINATE CERTIFICATE_CHAIN_GENERAL_FAILURE",
            "pyHanko's basic validation drops the answer without saying why",
        ),
    ),
    (
        "no path to an anchor",
        Both("INDETERMINATE NO_CERTIFICATE_CHAIN_FOUND"),
    ),
    (
        "algorithm retired without proof",
        Both("INDETERMINATE CRYPTO_CONSTRAINTS_FAILURE_NO_POE"),
    ),
    ("algorithm retired after the timestamp", Both("PASSED")),
    (
        "signature older than its certificate",
        Apart(
            "FAILED NOT_YET_VALID",
            "PASSED",
            "pyHanko asks for it only where the certificate is out of bounds today; 5.5.4, step 4",
        ),
    ),
    (
        "timestamps that contradict their order",
        Apart(
            "INDETERMINATE TIMESTAMP_ORDER_FAILURE",
            "PASSED",
            "pyHanko reads the content timestamp only of what is revoked or expired; 5.5.4, step 5",
        ),
    ),
    (
        "key compromised before the timestamp",
        Apart(
            "INDETERMINATE REVOKED_NO_POE",
            "PASSED",
            "pyHanko does not read invalidityDate (RFC 5280, 5.3.2)",
        ),
    ),
    ("content altered", Both("FAILED HASH_FAILURE")),
    ("value altered", Both("FAILED SIG_CRYPTO_FAILURE")),
    ("all in order", Both("PASSED")),
];

/// A line of `past.py`.
#[derive(Deserialize)]
struct Judged {
    row: String,
    file: String,
    at: Timestamp,
    indication: String,
    reason: String,
}

impl Judged {
    fn words(&self) -> String {
        match self.indication.as_str() {
            "PASSED" => self.indication.clone(),
            other => format!("{other} {}", self.reason),
        }
    }
}

/// What we say of a file as of a moment, under the policy that wants revocation data for everything.
fn ours(validator: &Validator, file: Vec<u8>, at: Timestamp) -> String {
    let bytes = Bytes::from(file);
    let hash = HashTrail::of(&bytes);
    let options = Options {
        validation_time: Some(at),
        policy: &policy::STRICT,
    };
    let report = validator.validate(&bytes, &hash, at, &options, &Deadline::never());
    let word = |word: serde_json::Value| word.as_str().unwrap_or_default().to_owned();
    let indication = word(serde_json::to_value(report.indication).expect("a word"));
    let indication = indication.trim_start_matches("TOTAL-").to_owned();
    match report.sub_indication {
        Some(reason) => {
            let reason = word(serde_json::to_value(reason).expect("a word"));
            format!("{indication} {reason}")
        }
        None => indication,
    }
}

#[test]
fn we_and_pyhanko_agree_on_past_situations_or_differ_for_a_reason() {
    if !tools::present(&[&tools::python()]) {
        return;
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    let source = folder.path().join("source.pdf");
    std::fs::write(&source, paper::one_page("past")).expect("a file can be written");
    let script = crate::support::root().join("tests/levels/past.py");
    let words = [script.as_path(), &source, folder.path()];
    let said = tools::text_of(&tools::python(), words).expect("pyHanko judges");
    let lines = said.lines().map(serde_json::from_str);
    let judged: Vec<Judged> = lines
        .collect::<Result<_, _>>()
        .expect("a line of JSON each");
    let rows: Vec<&str> = judged.iter().map(|judged| judged.row.as_str()).collect();
    assert_eq!(rows, TABLE.map(|(row, _)| row));

    let root = std::fs::read(folder.path().join("root.pem")).expect("an anchor");
    let anchors = Arc::new(Anchors::from_pem([("root", root.as_slice())]).expect("an anchor"));
    let trust = Trust {
        seals: TrustedSet::new(Arc::clone(&anchors)),
        timestamps: TrustedSet::new(anchors),
    };
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let archive = Archive::over(Arc::new(InMemory::new()), runtime.handle().clone());
    let validator = Validator::new(Arc::new(archive), trust, Vec::new(), Limits::default());
    let mut surprises = String::new();
    for (judged, (row, expected)) in judged.iter().zip(TABLE) {
        let file = std::fs::read(folder.path().join(&judged.file)).expect("a file of that row");
        let (ours, theirs) = (ours(&validator, file, judged.at), judged.words());
        let (we, they) = match expected {
            Both(both) => (both, both),
            Apart(we, they, _) => (we, they),
        };
        if ours != we {
            surprises += &format!("{row}: we say {ours}, not {we}\n");
        }
        if theirs != they {
            surprises += &format!("{row}: pyHanko says {theirs}, not {they}\n");
        }
        if let Apart(_, _, reason) = expected {
            assert!(!reason.is_empty() && we != they, "{row}");
        }
    }
    assert!(surprises.is_empty(), "\n{surprises}");
}
