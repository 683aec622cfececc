//! The document as a whole, and the rules on a signature's form.

use super::making::*;
use crate::pdf::byte_range::ByteRangeDefect;
use crate::pdf::signed::{Change, ChangeClass};
use crate::validate::evidence::{DocumentReading, Evidence, SignatureEvidence};
use crate::validate::report::{Indication, Report, Role, SubIndication, Weight};
use crate::validate::{Options, judge};

/// A file with one revision after the signed one, judged while the certificate is valid.
fn extended(change: Option<ChangeClass>) -> Evidence {
    let mut signature = signature("Signature1", 1000, 0);
    signature.facts.changes = change
        .into_iter()
        .map(|class| Change {
            revision: 1,
            class,
            object: None,
            field: None,
            text: "something".to_owned(),
        })
        .collect();
    evidence("2020-06-03", &[1000, 2000], vec![signature])
}

fn report(evidence: &Evidence) -> Report {
    judge(evidence, &Options::default())
}

fn has(report: &Report, rule: &str, severity: Weight) -> bool {
    let mut findings = report.findings.iter();
    findings.any(|finding| finding.rule == rule && finding.severity == severity)
}

fn survey(evidence: &mut Evidence) -> &mut crate::pdf::signed::SignatureSurvey {
    match &mut evidence.document {
        DocumentReading::Survey { survey } => survey,
        _ => panic!("it was surveyed"),
    }
}

#[test]
fn later_changes_are_rejected_unless_they_are_explained_and_permitted() {
    for (class, indication) in [
        (None, Indication::TotalPassed),
        (Some(ChangeClass::ValidationData), Indication::TotalPassed),
        (Some(ChangeClass::FormFill), Indication::TotalPassed),
        (Some(ChangeClass::Annotations), Indication::Indeterminate),
        (Some(ChangeClass::LockedField), Indication::TotalFailed),
        (Some(ChangeClass::PageContent), Indication::TotalFailed),
        (Some(ChangeClass::Structure), Indication::TotalFailed),
    ] {
        let report = report(&extended(class));
        assert_eq!(report.indication, Some(indication), "{class:?}");
        assert!(!report.signatures[0].covers_whole_file);
    }
    let filled = report(&extended(Some(ChangeClass::FormFill)));
    assert!(has(&filled, "form-fill", Weight::Warning));
}

#[test]
fn a_certification_without_changes_allows_no_form_to_be_filled() {
    let mut evidence = extended(Some(ChangeClass::FormFill));
    evidence.signatures[0].facts.doc_mdp = Some(1);
    let report = report(&evidence);
    assert_eq!(report.indication, Some(Indication::TotalFailed));
    assert!(has(&report, "DocMDP", Weight::Failed));
    assert!(!report.signatures[0].changes[0].permitted);
}

#[test]
fn the_whole_is_as_bad_as_its_worst_signature() {
    let mut broken = signature("Signature2", 2000, 1);
    broken.value = crate::validate::evidence::Comparison::Differs;
    let sound = signature("Signature1", 1000, 0);
    let report = report(&evidence("2020-06-03", &[1000, 2000], vec![sound, broken]));
    assert_eq!(report.signatures[0].indication, Indication::TotalPassed);
    assert_eq!(report.indication, Some(Indication::TotalFailed));
    assert_eq!(report.sub_indication, Some(SubIndication::SigCryptoFailure));
}

#[test]
fn what_only_looks_like_a_signature_fails_even_an_unsigned_document() {
    let mut evidence = evidence("2020-06-03", &[1000], Vec::new());
    assert_eq!(report(&evidence).indication, None);
    survey(&mut evidence).stray_byte_ranges = vec![123];
    let report = report(&evidence);
    assert_eq!(report.indication, Some(Indication::TotalFailed));
    assert!(has(&report, "V1", Weight::Failed));
}

#[test]
fn a_document_that_needs_repair_or_has_a_tail_never_passes_unless_all_of_it_is_signed() {
    let mut tail = extended(None);
    survey(&mut tail).trailing_bytes = 5;
    assert_eq!(report(&tail).indication, Some(Indication::TotalFailed));

    let mut repaired = extended(None);
    survey(&mut repaired).repaired = Some("a table".to_owned());
    assert_eq!(
        report(&repaired).indication,
        Some(Indication::Indeterminate)
    );
    repaired.size = 1000;
    assert_eq!(report(&repaired).indication, Some(Indication::TotalPassed));

    let mut hybrid = extended(None);
    survey(&mut hybrid).revisions[1].hybrid_sections = 1;
    assert_eq!(report(&hybrid).indication, Some(Indication::Indeterminate));
    survey(&mut hybrid).revisions[0].hybrid_sections = 1;
    assert_eq!(report(&hybrid).indication, Some(Indication::TotalPassed));
    survey(&mut hybrid).revisions[1].hybrid_sections = 2;
    assert_eq!(report(&hybrid).indication, Some(Indication::Indeterminate));
    let mut lost = extended(None);
    survey(&mut lost).revisions[1].lost_objects = 1;
    assert_eq!(report(&lost).indication, Some(Indication::Indeterminate));
    let mut ambiguous = extended(None);
    survey(&mut ambiguous).revisions[1].ambiguous_objects = 1;
    assert_eq!(
        report(&ambiguous).indication,
        Some(Indication::Indeterminate)
    );
}

#[test]
fn a_document_that_cannot_be_read_never_passes() {
    for (beyond_reader, expected) in [
        (true, Indication::Indeterminate),
        (false, Indication::TotalFailed),
    ] {
        let mut evidence = extended(None);
        evidence.document = DocumentReading::Unreadable {
            reason: "x".to_owned(),
            beyond_reader,
        };
        assert_eq!(report(&evidence).indication, Some(expected));
    }
}

#[test]
fn a_signature_that_was_taken_away_fails_unless_our_own_seal_vouches_for_it() {
    let mut removed = signature("Signature1", 1000, 0);
    removed.facts.removed_in = Some(1);
    removed.facts.changes = vec![Change {
        revision: 1,
        class: ChangeClass::PageContent,
        object: None,
        field: None,
        text: "flattened".to_owned(),
    }];
    let seal = signature("Signature2", 2000, 1);
    let mut evidence = evidence("2020-06-03", &[1000, 2000], vec![removed, seal]);
    assert_eq!(report(&evidence).indication, Some(Indication::TotalFailed));

    evidence.signatures[1].registered_for = Some("L01990015".parse().unwrap());
    let ours = report(&evidence);
    assert_eq!(ours.signatures[0].role, Role::SourceSignature);
    assert!(!ours.signatures[0].counts);
    assert_eq!(ours.signatures[0].indication, Indication::TotalPassed);
    assert_eq!(ours.indication, Some(Indication::TotalPassed));
}

#[test]
fn every_rule_on_the_form_of_a_signature_has_its_finding() {
    type Spoil = fn(&mut SignatureEvidence);
    let cases: [(&str, Spoil); 15] = [
        ("B1", |s| {
            s.facts.byte_range = Err(ByteRangeDefect::NotFourNumbers)
        }),
        ("B2", |s| {
            s.facts.byte_range = Err(ByteRangeDefect::BeyondFile)
        }),
        ("B3", |s| {
            s.facts.byte_range = Err(ByteRangeDefect::HoleIsNotContents)
        }),
        ("B6", |s| {
            s.facts.byte_range = Err(ByteRangeDefect::NotAtRevisionEnd)
        }),
        ("B6", |s| s.facts.revision = None),
        ("C16", |s| {
            s.facts.byte_range = Err(ByteRangeDefect::Repeated)
        }),
        ("V3", |s| s.facts.rewritten_in = Some(1)),
        ("V2", |s| s.cms = Err("x".to_owned())),
        ("sub-filter", |s| {
            s.facts.sub_filter = Some("adbe.x509.rsa_sha1".to_owned())
        }),
        ("C3", |s| s.cms.as_mut().unwrap().detached = false),
        ("C5", |s| s.cms.as_mut().unwrap().signers = 2),
        ("C6", |s| {
            s.cms.as_mut().unwrap().signed_attributes_unique = false
        }),
        ("C7", |s| {
            s.digest = crate::validate::evidence::Comparison::Differs
        }),
        ("C9", |s| {
            s.cms.as_mut().unwrap().algorithm_protection_matches = Some(false)
        }),
        ("C15", |s| s.cms.as_mut().unwrap().padding_is_zero = false),
    ];
    for (rule, spoil) in cases {
        let mut evidence = extended(None);
        spoil(&mut evidence.signatures[0]);
        let report = report(&evidence);
        assert_eq!(report.indication, Some(Indication::TotalFailed), "{rule}");
        assert!(
            has(&report, rule, Weight::Failed),
            "{rule}: {:#?}",
            report.findings
        );
    }
}

#[test]
fn the_same_signature_in_two_fields_fails_both() {
    let first = signature("Signature1", 1000, 0);
    let mut second = signature("Signature2", 2000, 1);
    second.facts.contents = first.facts.contents.clone();
    let report = report(&evidence("2020-06-03", &[1000, 2000], vec![first, second]));
    for judged in &report.signatures {
        assert_eq!(judged.indication, Indication::TotalFailed);
    }
    assert!(has(&report, "C16", Weight::Failed));
}

#[test]
fn a_signature_without_the_name_of_its_certificate_is_open_as_pades_and_noted_as_plain_cms() {
    let mut evidence = extended(None);
    evidence.signatures[0]
        .cms
        .as_mut()
        .unwrap()
        .signing_certificate_matches = None;
    assert_eq!(
        report(&evidence).indication,
        Some(Indication::Indeterminate)
    );
    evidence.signatures[0].facts.sub_filter = Some("adbe.pkcs7.detached".to_owned());
    let plain = report(&evidence);
    assert_eq!(plain.indication, Some(Indication::TotalPassed));
    assert!(has(&plain, "C8", Weight::Info));
    assert_eq!(plain.signatures[0].level, None);
    evidence.signatures[0]
        .cms
        .as_mut()
        .unwrap()
        .signing_certificate_matches = Some(false);
    assert_eq!(
        report(&evidence).sub_indication,
        Some(SubIndication::NoSigningCertificateFound)
    );
}
