//! Every signed and attacked file of the corpus: what its structure says agrees with its class.

use super::super::SignatureKind;
use super::flaws;
use crate::model::{Deadline, corpus};
use crate::pdf::{Limits, SignatureSurvey};

/// Files whose structure and class disagree, and why that is right.
const EXCEPTIONS: &[(&str, &str)] = &[(
    "signed/fieldmdp_dss_test-with-vri.pdf",
    "the signature locks every field, and a later revision fills one in; pyHanko says so too, its origin \
     only warns",
)];

/// Name, class and survey of every signed and attacked file.
fn surveys() -> Vec<(String, String, SignatureSurvey)> {
    let Some(corpus) = corpus::folder() else {
        return Vec::new();
    };
    // One file has been signed and extended 25 times.
    let limits = Limits {
        revisions: 64,
        ..Limits::default()
    };
    let manifest = std::fs::read_to_string(corpus.join("MANIFEST.tsv")).unwrap();
    manifest
        .lines()
        .filter(|line| line.starts_with("signed/") || line.starts_with("attacks/"))
        .map(|line| {
            let mut columns = line.split('\t');
            let name = columns.next().unwrap().to_owned();
            let class = columns.nth(1).unwrap().to_owned();
            let bytes = std::fs::read(corpus.join(&name)).unwrap().into();
            let survey = SignatureSurvey::of(&bytes, &limits, &Deadline::never());
            let survey = survey.unwrap_or_else(|refusal| panic!("{name}: {refusal}"));
            (name, class, survey)
        })
        .collect()
}

#[test]
fn the_structure_of_every_file_agrees_with_its_class() {
    for (name, class, survey) in surveys() {
        let flaws = flaws(&survey);
        let is_exception = EXCEPTIONS.iter().any(|(file, _)| *file == name);
        match class.as_str() {
            "VALID" | "MODIFIED_ALLOWED" | "MODIFIED_WARN" | "INTACT_POLICY_FAIL" => {
                assert_eq!(flaws.is_empty(), !is_exception, "{name}: {flaws:?}");
                assert!(!survey.signatures.is_empty(), "{name}");
            }
            "MODIFIED" | "BYTERANGE_INVALID" | "FORGED" => {
                assert_eq!(!flaws.is_empty(), !is_exception, "{name}");
            }
            "NO_SIGNATURE" => {
                let mut signatures = survey.signatures.iter();
                let is_clean = signatures
                    .any(|one| one.kind == SignatureKind::Signature && one.byte_range.is_ok());
                assert!(!is_clean, "{name}: {:?}", survey.signatures);
            }
            _ => {}
        }
    }
}

#[test]
fn facts_that_are_known_of_some_files_are_found() {
    for (name, _, survey) in surveys() {
        let of = |kind| {
            survey
                .signatures
                .iter()
                .filter(|one| one.kind == kind)
                .count()
        };
        let counts = (
            of(SignatureKind::Signature),
            of(SignatureKind::DocumentTimestamp),
        );
        let first = survey.signatures.first();
        match name.as_str() {
            "signed/multi_dss_25sigs.pdf" => assert_eq!(counts, (24, 1)),
            "signed/structure_dss_signature-referenced-from-multiple-fields.pdf" => {
                assert_eq!(counts, (1, 0));
                assert_eq!(first.unwrap().other_fields, ["signature-test2"]);
            }
            "signed/tst_dss_timestamped-fields.pdf" => assert_eq!(counts, (0, 2)),
            "signed/tst_dss_pades-tst-with-sig-type.pdf" => assert_eq!(counts, (2, 0)),
            "signed/ur3_pdfjs_160F-2019.pdf" => {
                assert_eq!((counts, survey.usage_rights), ((0, 0), 1));
            }
            "signed/encsigned_pdfjs_issue17069.pdf" => assert!(survey.encrypted),
            "signed/LTA_dss_john-doe-lta.pdf" => {
                let data = &survey.validation_data;
                assert!(!data.certificates.is_empty() && data.since_revision == Some(2));
            }
            "signed/docmdp_mkl_2g-fix-certified.pdf" => {
                assert!(first.unwrap().doc_mdp.is_some());
            }
            "signed/fieldmdp_pdfcpu_sample1.pdf" => {
                assert!(first.unwrap().field_lock.is_some());
            }
            // What is counted as embedded documents is inside streams.
            "signed/multi_dss_DSS-3298.pdf" => assert!(survey.stray_byte_ranges.is_empty()),
            _ => {}
        }
    }
}
