//! Each question, answered by a finding and by none.

use super::super::example_seat::{NOW, facts, registered, seat, time};
use super::*;
use crate::model::{Commission, Confirmation, Sha256Digest};
use crate::pki::SealDefect;

/// The papers of an organ in order: commission, and the tax agency's confirmation of the seal in use.
fn papers(seat: &Seat) -> Papers {
    let day = "2026-01-15".parse().ok();
    Papers {
        commission: Commission {
            agreement: day,
            data_processor_contract: day,
            contact: Some("secretaria@exemple.cat".to_owned()),
        },
        confirmations: vec![Confirmation {
            counterpart: "AEAT".to_owned(),
            certificate_sha256: facts(seat).fingerprint,
            confirmed: day.unwrap(),
            reference: None,
        }],
    }
}

fn material<'a>(seats: &[(&'a Seat, Papers)]) -> Material<'a> {
    let entries = seats.iter().map(|(seat, papers)| OrganEntry {
        file: format!("{}.toml", seat.organ.dir3),
        dir3: Some(seat.organ.dir3.clone()),
        environment: Some(seat.organ.environment),
        content: Content::Organ(seat, Box::new(papers.clone())),
    });
    Material {
        entries: entries.collect(),
        authorised: Vec::new(),
        expected: None,
        registered: Vec::new(),
        archive_fault: None,
        beside: Vec::new(),
        left_out: None,
        counterparts: vec!["AEAT".to_owned()],
        now: time(NOW),
    }
}

fn codes(inspection: &Inspection) -> Vec<(Gravity, &'static str)> {
    let findings = inspection.findings.iter();
    findings.map(|found| (found.gravity, found.code)).collect()
}

fn authorised(dir3: &str, environment: Option<Environment>) -> Authorisation {
    Authorisation {
        organ: dir3.parse().unwrap(),
        environment,
        application: "registre".to_owned(),
    }
}

fn expected(dir3: &str, ine10: Option<&str>, nif: Option<&str>) -> Expected {
    Expected {
        line: 2,
        dir3: dir3.parse().unwrap(),
        environment: Environment::Pro,
        ine10: ine10.map(|ine10| ine10.parse().unwrap()),
        nif: nif.map(|nif| nif.parse().unwrap()),
    }
}

#[test]
fn an_organ_in_order_is_a_line_without_a_finding() {
    let seat = seat(Environment::Pro);
    let mut material = material(&[(&seat, papers(&seat))]);
    material.authorised = vec![authorised("L01990033", Some(Environment::Pro))];
    material.expected = Some(vec![expected(
        "L01990033",
        Some("9900330000"),
        Some("P9900300F"),
    )]);
    let inspection = inspect(&material);
    assert_eq!(codes(&inspection), []);
    let [line] = inspection.matrix.as_slice() else {
        panic!("another number of lines");
    };
    assert_eq!(line.state, LineState::Ok);
    assert_eq!(line.applications, ["registre"]);
    assert_eq!(line.expected, Some(true));
    assert!(line.certificate.as_ref().unwrap().latest);
    assert!(line.confirmations[0].confirmed.is_some());
}

#[test]
fn an_organ_that_an_application_may_ask_for_has_a_file_in_its_environment() {
    let seat = seat(Environment::Pre);
    let mut material = material(&[(&seat, Papers::default())]);
    material.authorised = vec![
        authorised("L01990033", None),
        authorised("L01990033", Some(Environment::Pro)),
        authorised("L01990099", None),
    ];
    let inspection = inspect(&material);
    assert_eq!(codes(&inspection), [(Gravity::Fault, "organ-missing"); 2]);
    assert_eq!(inspection.findings[0].environment, Some(Environment::Pro));
    assert!(inspection.findings[1].fact.contains("registre"));
    assert_eq!(inspection.matrix.len(), 3);
    // Under evaluation real organs are elsewhere: that is said once, and fails nothing.
    material.authorised.pop();
    material.left_out = Some(Environment::Pro);
    assert_eq!(
        codes(&inspect(&material)),
        [(Gravity::Warning, "environment-left-out")]
    );
}

#[test]
fn a_seal_kept_elsewhere_is_missed_only_by_who_counts_on_it() {
    let mut seat = seat(Environment::Pro);
    seat.seal = Err(SealDefect::Ceded);
    let seats = [(&seat, papers(&seat_of_papers()))];
    assert_eq!(codes(&inspect(&material(&seats))), []);
    let mut material = material(&seats);
    material.authorised = vec![authorised("L01990033", None)];
    assert_eq!(
        codes(&inspect(&material)),
        [(Gravity::Fault, "seal-elsewhere")]
    );
}

fn seat_of_papers() -> Seat {
    seat(Environment::Pro)
}

#[test]
fn a_seal_that_is_not_loaded_is_a_fault_that_says_who_has_to_act() {
    let mut seat = seat(Environment::Pro);
    let papers = papers(&seat);
    for (defect, code, who) in [
        (
            SealDefect::Expired { since: time(NOW) },
            "expired",
            Who::Organ,
        ),
        (
            SealDefect::WrongPassphrase,
            "wrong-passphrase",
            Who::Operator,
        ),
    ] {
        seat.seal = Err(defect);
        let inspection = inspect(&material(&[(&seat, papers.clone())]));
        assert_eq!(codes(&inspection), [(Gravity::Fault, code)]);
        let found = &inspection.findings[0];
        assert_eq!(found.who, who);
        assert!(!found.next_step.starts_with("Or") && !found.next_step.starts_with("Op"));
    }
}

#[test]
fn an_older_seal_in_use_is_a_fault_when_a_newer_valid_one_is_known() {
    let seat = seat(Environment::Pro);
    let newer = ("2026-01-20T00:00:00Z", "2046-01-01T00:00:00Z");
    let check = |dates, change: fn(&mut CertificateFacts)| {
        let known = registered(&seat, dates, change);
        let mut by_archive = material(&[(&seat, papers(&seat))]);
        by_archive.registered = vec![known.clone()];
        let mut by_file = material(&[(&seat, papers(&seat))]);
        by_file.beside = vec![known.certificate];
        [inspect(&by_archive), inspect(&by_file)]
    };
    for inspection in check(newer, |_| {}) {
        assert_eq!(codes(&inspection), [(Gravity::Fault, "seal-superseded")]);
        assert!(!inspection.matrix[0].certificate.as_ref().unwrap().latest);
    }
    for dates in [
        ("2025-01-20T00:00:00Z", "2046-01-01T00:00:00Z"),
        ("2026-01-20T00:00:00Z", "2044-01-01T00:00:00Z"),
        ("2026-02-20T00:00:00Z", "2046-01-01T00:00:00Z"),
    ] {
        for inspection in check(dates, |_| {}) {
            assert_eq!(codes(&inspection), [], "{dates:?}");
        }
    }
    // A certificate file of another body, or of no seal, is nobody's renewal.
    for change in [
        (|other| other.nif = Some("P0801900B".to_owned())) as fn(&mut CertificateFacts),
        |other| other.policies.clear(),
    ] {
        assert_eq!(codes(&check(newer, change)[1]), []);
    }
}

#[test]
fn codes_that_disagree_are_one_finding_for_the_organ() {
    let seat = seat(Environment::Pro);
    let check = |row: Expected| {
        let mut material = material(&[(&seat, papers(&seat))]);
        material.expected = Some(vec![row]);
        inspect(&material)
    };
    let disagree = [(Gravity::Fault, "codes-disagree")];
    for row in [
        expected("L01990033", Some("9900340000"), Some("P0801900B")),
        expected("L01990033", None, Some("P0801900B")),
        // The same body under another DIR3.
        expected("L01990034", Some("9900330000"), None),
    ] {
        assert_eq!(codes(&check(row)), disagree);
    }
    let both = check(expected("L01990033", Some("9900340000"), Some("P0801900B")));
    assert!(both.findings[0].fact.contains("INE10") && both.findings[0].fact.contains("NIF"));
    assert_eq!(codes(&check(expected("L01990033", None, None))), []);
}

#[test]
fn an_ine10_of_another_municipality_than_its_dir3_is_a_fault() {
    let mut seat = seat(Environment::Pre);
    let organ = std::sync::Arc::make_mut(&mut seat.organ);
    organ.ine10 = "9900150000".parse().ok();
    let inspection = inspect(&material(&[(&seat, Papers::default())]));
    assert_eq!(codes(&inspection), [(Gravity::Fault, "codes-disagree")]);
    // Other bodies than municipalities have codes that do not tell.
    let organ = std::sync::Arc::make_mut(&mut seat.organ);
    organ.dir3 = "L02000008".parse().unwrap();
    assert_eq!(
        codes(&inspect(&material(&[(&seat, Papers::default())]))),
        []
    );
}

#[test]
fn a_confirmation_is_demanded_for_exactly_the_certificate_in_use() {
    let (real, test) = (seat(Environment::Pro), seat(Environment::Pre));
    let good = papers(&real);
    let mut other = good.clone();
    other.confirmations[0].certificate_sha256 = Sha256Digest::of(b"the seal before");
    let mut to_come = good.clone();
    to_come.confirmations[0].confirmed = "2026-02-02".parse().unwrap();
    let mut none = good.clone();
    none.confirmations.clear();
    for (papers, said) in [
        (&other, "for another certificate"),
        (&to_come, "which is to come"),
        (&none, "none is on record"),
    ] {
        let inspection = inspect(&material(&[(&real, papers.clone())]));
        assert_eq!(
            codes(&inspection),
            [(Gravity::Fault, "confirmation-missing")]
        );
        let found = &inspection.findings[0];
        assert!(found.fact.contains(said), "{}", found.fact);
        assert!(
            found
                .next_step
                .contains(&facts(&real).fingerprint.to_string())
        );
    }
    // Nobody loads the keys of test seals.
    assert_eq!(codes(&inspect(&material(&[(&test, none.clone())]))), []);
    let mut nobody = material(&[(&real, none)]);
    nobody.counterparts.clear();
    assert_eq!(codes(&inspect(&nobody)), []);
}

#[test]
fn what_is_not_on_record_and_who_is_not_on_the_list_are_warnings() {
    let seat = seat(Environment::Pro);
    let mut lacking = papers(&seat);
    lacking.commission.data_processor_contract = None;
    let mut material = material(&[(&seat, lacking)]);
    material.expected = Some(Vec::new());
    material.archive_fault = Some("it is not there".to_owned());
    let inspection = inspect(&material);
    assert_eq!(
        codes(&inspection),
        [
            (Gravity::Warning, "archive-not-asked"),
            (Gravity::Warning, "commission-missing"),
            (Gravity::Warning, "organ-not-expected"),
        ]
    );
    assert_eq!((inspection.faults, inspection.warnings), (0, 3));
    assert_eq!(inspection.matrix[0].state, LineState::Warning);
}

#[test]
fn a_file_that_cannot_be_used_is_a_fault_and_its_organ_not_missing_besides() {
    let mut material = material(&[]);
    material.entries.push(OrganEntry {
        file: "a.toml".to_owned(),
        dir3: "L01990033".parse().ok(),
        environment: None,
        content: Content::Unusable {
            code: "organ-file-malformed",
            cause: "line 3: nonsense".to_owned(),
            next_step: "correct that line".to_owned(),
        },
    });
    material.authorised = vec![authorised("L01990033", Some(Environment::Pro))];
    assert_eq!(
        codes(&inspect(&material)),
        [(Gravity::Fault, "organ-file-malformed")]
    );
}
