//! Large and deep input ends early.

use super::super::cross_reference::Form;
use super::super::{BaseFacts, MAX_SUFFIX_BYTES, Rule, judge};
use super::copy::{CATALOG, Copy, FormPlace, copy, judge_after};
use super::section::stream;
use super::validation_data::{certificate, deflated};

/// Length of hostile input: enough to tell linear work from quadratic.
const REPEATED_BYTES: usize = 1 << 20;

#[test]
fn more_bytes_than_eight_mebibytes_are_refused() {
    let base = copy();
    let facts = BaseFacts::read(base.issued()).unwrap();
    let violation = judge(base.issued(), &vec![b' '; MAX_SUFFIX_BYTES + 1], &facts).unwrap_err();
    assert_eq!(
        (violation.rule, violation.text),
        (Rule::S1, "more bytes than are read")
    );
    let violation = judge(base.issued(), &vec![b' '; MAX_SUFFIX_BYTES], &facts).unwrap_err();
    assert_ne!(violation.text, "more bytes than are read");
}

#[test]
fn two_thousand_objects_are_read_and_no_more() {
    for (count, accepted) in [(1_999, true), (2_000, false)] {
        let mut copy = copy();
        let first = copy.next;
        let mut objects: Vec<_> = (first..first + count)
            .map(|number| (number, stream("", &certificate(&number.to_be_bytes()))))
            .collect();
        let references: String = (first..first + count)
            .map(|number| format!("{number} 0 R "))
            .collect();
        objects.push((
            CATALOG,
            copy.catalog_with(&format!("/DSS<</Certs[{references}]>>")),
        ));
        copy.append(&objects);
        match accepted {
            true => assert!(copy.judged().is_ok()),
            false => copy.assert_breaks(Rule::S1),
        }
    }
}

#[test]
fn hostile_repetition_is_refused() {
    let base = copy();
    let object = |body: &str| format!("{} 0 obj\n{body}", base.next);
    for (unit, rule) in [
        ("[", Rule::S6),
        ("<<", Rule::S16),
        ("<</A", Rule::S6),
        ("(", Rule::S16),
        ("[]", Rule::S1),
        ("1 ", Rule::S1),
        ("\\(", Rule::S16),
    ] {
        let suffix = object(&unit.repeat(REPEATED_BYTES / unit.len()));
        let violation = judge_after(base.issued(), suffix.as_bytes()).unwrap_err();
        assert_eq!(violation.rule, rule, "{unit}: {violation}");
    }
    for unit in ["1 ", "1 0 ", "1 0 R ", "/A ", "<>", "() ", "0 0 obj "] {
        let suffix = object(&format!("[{}", unit.repeat(REPEATED_BYTES / unit.len())));
        assert!(judge_after(base.issued(), suffix.as_bytes()).is_err());
    }
    let digits = object(&"9".repeat(REPEATED_BYTES));
    assert_eq!(
        judge_after(base.issued(), digits.as_bytes())
            .unwrap_err()
            .rule,
        Rule::S6
    );
}

#[test]
fn validation_data_may_inflate_to_thirty_two_mebibytes_in_all() {
    for (count, accepted) in [(3, true), (4, false)] {
        let mut copy = copy();
        let first = copy.next;
        let body = stream(
            "/Filter/FlateDecode",
            &deflated(&certificate(&vec![0; 9 << 20])),
        );
        let mut objects: Vec<_> = (first..first + count)
            .map(|number| (number, body.clone()))
            .collect();
        let references: String = (first..first + count)
            .map(|number| format!("{number} 0 R "))
            .collect();
        objects.push((
            CATALOG,
            copy.catalog_with(&format!("/DSS<</Certs[{references}]>>")),
        ));
        copy.append(&objects);
        match accepted {
            true => assert!(copy.judged().is_ok()),
            false => copy.assert_breaks(Rule::S11),
        }
    }
}

#[test]
fn a_cross_reference_that_lists_far_more_than_there_is_ends_early() {
    let base = copy();
    let suffix = format!(
        "1 0 obj\n<<>>\nendobj\nxref\n0 99999999999\n{}",
        "0000000000 00000 n \n".repeat(5_000)
    );
    assert_eq!(
        judge_after(base.issued(), suffix.as_bytes())
            .unwrap_err()
            .rule,
        Rule::S1
    );

    let mut copy = Copy::new(Form::Stream, FormPlace::Indirect);
    let objects = copy.dss_objects();
    copy.append_spoilt(&objects, |section| section.set("Index", "[0 4000000000]"));
    copy.assert_breaks(Rule::S3);
}

#[test]
fn a_base_of_fields_that_never_end_is_read_in_bounded_time() {
    // Three thousand fields, each the beginning of a string that only the end of the file ends.
    let mut copy = Copy::new(Form::Table, FormPlace::Indirect);
    let first = copy.next;
    let mut objects: Vec<_> = (first..first + 3_000)
        .map(|number| (number, b"(".to_vec()))
        .collect();
    copy.fields.extend(first..first + 3_000);
    objects.extend(copy.form_objects());
    objects.push((first + 3_000, vec![b' '; 4 << 20]));
    copy.append(&objects);
    let facts = BaseFacts::read(&copy.bytes).unwrap();
    assert!(!facts.all_names_known);
}
