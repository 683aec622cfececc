//! Third-party signed files, honest and hostile, and what we say of them.
//!
//! Each class of the corpus is defined here in terms of our report, as tightly as the class allows.
//! `disagreements.tsv` lists the files of which we say something else, with the reason; a file that is
//! listed and agrees is a failure too.
#![expect(clippy::print_stderr, reason = "tells how many agree")]

use std::collections::BTreeMap;
use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use jiff::{SignedDuration, Timestamp};
use segell::model::{Deadline, HashTrail, Octets};
use segell::pdf::Limits;
use segell::pki::Anchors;
use segell::validate::evidence::{Evidence, IdentityFacts, Subject};
use segell::validate::report::{Indication, Report, SubIndication, Weight};
use segell::validate::{Options, Trust, TrustedSet, judge};

use crate::support::corpus::{Specimen, folder};

/// The day for which the corpus is judged, so that certificates do not expire under the test.
const TODAY: &str = "2026-11-22T12:00:00Z";

fn today() -> Timestamp {
    TODAY.parse().expect("a time")
}

fn evidence(bytes: &Bytes, trust: &Trust) -> Evidence {
    let limits = Limits {
        revisions: 64,
        ..Limits::default()
    };
    let hash = HashTrail::of(bytes);
    let subject = Subject {
        bytes,
        hash: &hash,
        at: today(),
    };
    Evidence::collect(
        &subject,
        IdentityFacts::Unknown,
        &|_| None,
        trust,
        &limits,
        &Deadline::never(),
    )
}

/// What decides a disagreement: `None` when the report is what the class asks for.
fn disagreement(class: &str, report: &Report) -> Option<String> {
    let signatures = &report.signatures;
    let failed = |rule: &str| {
        report
            .findings
            .iter()
            .any(|finding| finding.severity == Weight::Failed && finding.rule == rule)
    };
    let warned = |rule: &str| {
        report.findings.iter().any(|finding| {
            matches!(finding.severity, Weight::Failed | Weight::Warning) && finding.rule == rule
        })
    };
    let total_failed = report.indication == Some(Indication::TotalFailed);
    let intact = || {
        !signatures.is_empty()
            && report.indication.is_some()
            && !total_failed
            && signatures
                .iter()
                .all(|s| s.sub_indication.is_none_or(about_trust))
            && report.sub_indication.is_none_or(about_trust)
            && report
                .findings
                .iter()
                .all(|finding| finding.sub_indication.is_none_or(about_trust))
    };
    let holds = match class {
        "VALID" => intact(),
        "MODIFIED_ALLOWED" => intact() && signatures.iter().any(|s| !s.covers_whole_file),
        "MODIFIED_WARN" => warned("form-fill") || warned("DocMDP"),
        "MODIFIED" => total_failed,
        "BYTERANGE_INVALID" => total_failed && ["B1", "B2", "B3", "B6"].into_iter().any(failed),
        "HASH_FAILURE" => signatures
            .iter()
            .any(|s| s.sub_indication == Some(SubIndication::HashFailure)),
        "SIG_INVALID" | "FORGED" => total_failed,
        "TST_INVALID" => {
            report.indication != Some(Indication::TotalPassed)
                && signatures
                    .iter()
                    .flat_map(|s| &s.timestamps)
                    .chain(&report.timestamps)
                    .any(|timestamp| timestamp.indication == Indication::TotalFailed)
        }
        "PARTIAL" => {
            let failed = |s: &&_| s == &&Indication::TotalFailed;
            let all: Vec<_> = signatures.iter().map(|s| &s.indication).collect();
            all.iter().any(failed) && !all.iter().all(failed)
        }
        "INTACT_POLICY_FAIL" => intact() && report.indication == Some(Indication::Indeterminate),
        "PDF_NOT_ETSI" => {
            report.indication != Some(Indication::TotalPassed)
                && signatures.iter().any(|s| s.level.is_none())
        }
        "UNSUPPORTED" => total_failed && failed("sub-filter"),
        "NO_SIGNATURE" => {
            report.indication.is_none() || total_failed && (failed("V2") || failed("V1"))
        }
        "ENCRYPTED_PW" => report.indication != Some(Indication::TotalPassed),
        "DISPUTED" | "NO_HANG" => true,
        other => panic!("the corpus has a class that the tests do not know: {other}"),
    };
    (!holds).then(|| tell(report))
}

/// A sub-indication that says something of trust, time and strength, and nothing of integrity.
fn about_trust(sub_indication: SubIndication) -> bool {
    use SubIndication as Sub;
    match sub_indication {
        Sub::FormatFailure
        | Sub::HashFailure
        | Sub::SigCryptoFailure
        | Sub::SigConstraintsFailure
        | Sub::SignedDataNotFound
        | Sub::TimestampOrderFailure
        | Sub::NoSigningCertificateFound
        | Sub::Generic => false,
        Sub::Revoked
        | Sub::Expired
        | Sub::NotYetValid
        | Sub::ChainConstraintsFailure
        | Sub::CertificateChainGeneralFailure
        | Sub::CryptoConstraintsFailure
        | Sub::CryptoConstraintsFailureNoPoe
        | Sub::NoCertificateChainFound
        | Sub::NoCertificateChainFoundNoPoe
        | Sub::RevokedNoPoe
        | Sub::RevokedCaNoPoe
        | Sub::OutOfBoundsNoPoe
        | Sub::OutOfBoundsNotRevoked
        | Sub::RevocationOutOfBoundsNoPoe
        | Sub::NoPoe
        | Sub::TryLater => true,
    }
}

/// The report in a line, for people.
fn tell(report: &Report) -> String {
    let mut line = format!("{:?} {:?};", report.indication, report.sub_indication);
    for signature in &report.signatures {
        let _ = write!(
            line,
            " [{} {:?} {:?} {:?}]",
            signature.field, signature.level, signature.indication, signature.sub_indication
        );
    }
    for finding in &report.findings {
        if matches!(finding.severity, Weight::Failed | Weight::Warning) {
            let _ = write!(line, " {}: {};", finding.rule, finding.text);
        }
    }
    line
}

fn specimens() -> Option<Vec<Specimen>> {
    let mut all = folder("signed")?;
    all.extend(folder("attacks")?);
    Some(all)
}

#[test]
fn third_party_files_are_judged_as_their_origins_say() {
    let Some(specimens) = specimens() else { return };
    let reviewed = reviewed();
    let trust = Trust::default();
    let (mut origin_tests, mut agreeing, mut surprises) = (0, 0, String::new());
    for specimen in &specimens {
        let bytes = Bytes::from(specimen.bytes());
        let report = judge(&evidence(&bytes, &trust), &Options::default());
        let class = specimen.columns["expected_class"].as_str();
        let found = disagreement(class, &report);
        if std::env::var_os("SEGELL_TELL").is_some() {
            eprintln!("{} {class}\n    {}", specimen.name, tell(&report));
        }
        let counts = specimen.columns["basis"].starts_with("origin-test")
            && specimen.name.starts_with("signed/");
        origin_tests += usize::from(counts);
        agreeing += usize::from(counts && found.is_none());
        match (found, reviewed.get(specimen.name.as_str())) {
            (Some(ours), None) => {
                let _ = writeln!(
                    surprises,
                    "{} is {class}, and we say: {ours}",
                    specimen.name
                );
            }
            (None, Some(reason)) => {
                let _ = writeln!(
                    surprises,
                    "{} agrees with {class} now, and is listed: {reason}",
                    specimen.name
                );
            }
            _ => {}
        }
    }
    eprintln!("{agreeing} of {origin_tests} signed files with a test of their origin agree");
    assert!(surprises.is_empty(), "\n{surprises}");
    assert!(
        agreeing * 100 >= origin_tests * 95,
        "{agreeing} of {origin_tests}"
    );
}

/// The reviewed list: file, expected class, ours, reason.
fn reviewed() -> BTreeMap<&'static str, &'static str> {
    include_str!("disagreements.tsv")
        .lines()
        .skip(1)
        .map(|line| {
            let mut columns = line.split('\t');
            let file = columns.next().expect("a file");
            (file, columns.nth(2).expect("a reason"))
        })
        .collect()
}

/// Every certificate that stands in a file, trusted: whatever is still refused is refused for what it
/// is and not for whom it comes from.
fn trusting_everybody(evidence: &Evidence) -> Trust {
    let mut pem = String::new();
    let mut add = |der: &Octets| {
        let _ = write!(
            pem,
            "-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n",
            STANDARD.encode(&**der)
        );
    };
    let tokens = evidence
        .signatures
        .iter()
        .flat_map(|signature| &signature.timestamps)
        .chain(evidence.timestamps.iter().map(|timestamp| &timestamp.token));
    let paths = evidence
        .signatures
        .iter()
        .flat_map(|signature| &signature.paths)
        .chain(tokens.flat_map(|token| &token.paths));
    // The highest certificate that is at hand.
    for path in paths {
        if let Some(highest) = path.links.last() {
            add(&highest.der);
        }
    }
    let anchors = match pem.is_empty() {
        true => Anchors::default(),
        false => Anchors::from_pem([("the file", pem.as_bytes())]).expect("certificates"),
    };
    let anchors = TrustedSet::new(anchors);
    Trust {
        seals: anchors.clone(),
        timestamps: anchors,
    }
}

/// A day after the last time that the file tells.
fn soon_after(evidence: &Evidence) -> Timestamp {
    let claimed = evidence
        .signatures
        .iter()
        .filter_map(|signature| signature.facts.claims.time);
    let stamped = evidence
        .timestamps
        .iter()
        .filter_map(|timestamp| timestamp.token.token.as_ref().ok())
        .map(|token| token.time);
    claimed
        .chain(stamped)
        .max()
        .and_then(|last| last.checked_add(SignedDuration::from_hours(1)).ok())
        .filter(|time| *time < today())
        .unwrap_or_else(today)
}

#[test]
fn an_attack_is_rejected_even_by_whoever_trusts_its_signer() {
    let Some(attacks) = folder("attacks") else {
        return;
    };
    let mut passed = String::new();
    for specimen in &attacks {
        let bytes = Bytes::from(specimen.bytes());
        let trust = trusting_everybody(&evidence(&bytes, &Trust::default()));
        let evidence = evidence(&bytes, &trust);
        for time in [today(), soon_after(&evidence)] {
            let options = Options {
                validation_time: Some(time),
                ..Options::default()
            };
            let report = judge(&evidence, &options);
            if report.indication == Some(Indication::TotalPassed) {
                let _ = writeln!(passed, "{} at {time}: {}", specimen.name, tell(&report));
            }
        }
    }
    assert!(passed.is_empty(), "\n{passed}");
}

#[test]
fn honest_files_pass_for_whoever_trusts_their_signer() {
    let Some(signed) = folder("signed") else {
        return;
    };
    let (mut honest, mut passing) = (0, 0);
    for specimen in &signed {
        let class = specimen.columns["expected_class"].as_str();
        if !matches!(class, "VALID" | "MODIFIED_ALLOWED") {
            continue;
        }
        honest += 1;
        let bytes = Bytes::from(specimen.bytes());
        let trust = trusting_everybody(&evidence(&bytes, &Trust::default()));
        let evidence = evidence(&bytes, &trust);
        let options = Options {
            validation_time: Some(soon_after(&evidence)),
            ..Options::default()
        };
        let report = judge(&evidence, &options);
        match report.indication {
            Some(Indication::TotalPassed) => passing += 1,
            _ => eprintln!("{}: {}", specimen.name, tell(&report)),
        }
    }
    eprintln!("{passing} of {honest} honest files pass");
    assert!(passing * 2 >= honest, "{passing} of {honest}");
}

#[test]
fn evidence_that_was_written_down_gives_the_same_report() {
    let Some(signed) = folder("signed") else {
        return;
    };
    for specimen in signed.iter().take(20) {
        let evidence = evidence(&Bytes::from(specimen.bytes()), &Trust::default());
        let text = serde_json::to_string(&evidence).expect("evidence is written");
        let read: Evidence = serde_json::from_str(&text).expect("evidence is read");
        assert_eq!(evidence, read, "{}", specimen.name);
        let options = Options::default();
        assert_eq!(judge(&evidence, &options), judge(&read, &options));
    }
}
