//! What may follow a signature.

use super::super::{ChangeClass, SignatureKind};
use super::signed_file::*;
use super::{survey, worst};

const CERTIFICATE: u32 = FREE + 1;

fn store(file: &mut SignedFile) {
    file.append(&[
        (CATALOG, catalog("/DSS 14 0 R")),
        (FREE, "<</Type/DSS/Certs[15 0 R]/VRI<</0123456789ABCDEF0123456789ABCDEF01234567<</Cert[15 0 R]>>>>>>".into()),
        (CERTIFICATE, stream("", "DER")),
    ]);
}

#[test]
fn nothing_is_reported_of_a_file_that_was_not_extended() {
    let survey = survey(&SignedFile::new().bytes);
    let [signature] = survey.signatures.as_slice() else {
        panic!("{survey:?}");
    };
    assert_eq!(signature.field, "seal");
    assert_eq!(signature.revision, Some(1));
    assert_eq!(signature.contents.0, [0xab; 64]);
    assert!(signature.changes.is_empty() && !signature.visible);
    assert_eq!(survey.revisions.len(), 2);
    assert_eq!(
        (survey.trailing_bytes, survey.stray_byte_ranges.len()),
        (0, 0)
    );
}

#[test]
fn validation_data_is_read_and_permitted() {
    let mut file = SignedFile::new();
    store(&mut file);
    assert_eq!(worst(&file.bytes), Some(ChangeClass::ValidationData));
    let data = survey(&file.bytes).validation_data;
    assert_eq!(data.since_revision, Some(2));
    assert_eq!(data.certificates.len(), 1);
    assert_eq!(&data.certificates[0].0, b"DER");
}

#[test]
fn an_invisible_document_timestamp_is_validation_data() {
    let mut file = SignedFile::new();
    store(&mut file);
    file.append(&[
        (PAGE, page(" 16 0 R", "")),
        (
            FORM,
            form(" 16 0 R", "/DA(/Helv 0 Tf)/DR<</Font<</Helv 8 0 R>>>>"),
        ),
        (16, signature_field("time", 17, "0 0 0 0")),
        (17, timestamp()),
    ]);
    assert_eq!(worst(&file.bytes), Some(ChangeClass::ValidationData));
    let kinds: Vec<_> = survey(&file.bytes)
        .signatures
        .iter()
        .map(|one| one.kind)
        .collect();
    assert_eq!(
        kinds,
        [SignatureKind::Signature, SignatureKind::DocumentTimestamp]
    );
}

#[test]
fn a_visible_document_timestamp_is_more_than_validation_data() {
    let mut file = SignedFile::new();
    file.append(&[
        (PAGE, page(" 16 0 R", "")),
        (FORM, form(" 16 0 R", "")),
        (16, signature_field("time", 17, "50 590 210 630")),
        (17, timestamp()),
    ]);
    assert_eq!(worst(&file.bytes), Some(ChangeClass::FormFill));
    let survey = survey(&file.bytes);
    let texts = survey.signatures[0]
        .changes
        .iter()
        .map(|change| change.text.as_str());
    assert!(
        texts
            .into_iter()
            .any(|text| text.ends_with("over another annotation"))
    );
}

#[test]
fn another_signature_is_form_filling() {
    let mut file = SignedFile::new();
    file.append(&[
        (PAGE, page(" 16 0 R", "")),
        (FORM, form(" 16 0 R", "")),
        (16, signature_field("second", 17, "0 0 0 0")),
        (17, signature("")),
    ]);
    assert_eq!(worst(&file.bytes), Some(ChangeClass::FormFill));
    let survey = survey(&file.bytes);
    assert_eq!(survey.signatures[1].revision, Some(2));
    assert!(survey.signatures[1].changes.is_empty());
}

#[test]
fn a_field_filled_in_is_form_filling_unless_the_signature_locks_it() {
    let fill = |file: &mut SignedFile| {
        file.append(&[
            (TEXT_FIELD, text_field("99", "").replace("7 0 R", "14 0 R")),
            (
                FREE,
                stream("/Subtype/Form/BBox[0 0 128 20]", "BT (99) Tj ET"),
            ),
        ]);
    };
    let mut file = SignedFile::new();
    fill(&mut file);
    assert_eq!(worst(&file.bytes), Some(ChangeClass::FormFill));
    let locked = [
        ("/Action/All", ChangeClass::LockedField),
        ("/Action/Include/Fields[(amount)]", ChangeClass::LockedField),
        ("/Action/Exclude/Fields[(amount)]", ChangeClass::FormFill),
        (
            "/Action/Include/Fields[(amount.gross)]",
            ChangeClass::FormFill,
        ),
    ];
    for (lock, expected) in locked {
        let mut file = SignedFile::signed_by(&signature(""), &format!("/Lock<<{lock}>>"));
        fill(&mut file);
        assert_eq!(worst(&file.bytes), Some(expected), "{lock}");
        let transform =
            format!("/Reference[<</TransformMethod/FieldMDP/TransformParams<<{lock}>>>>]");
        let mut file = SignedFile::signed_by(&signature(&transform), "");
        fill(&mut file);
        assert_eq!(worst(&file.bytes), Some(expected), "{transform}");
    }
}

#[test]
fn an_object_written_again_as_it_was_is_no_change() {
    let mut file = SignedFile::new();
    file.append(&[
        (PAGE, page("", "/AA null")),
        (CONTENT, stream("", "BT /F1 24 Tf 72 700 Td (Hola) Tj ET")),
        (TEXT_FIELD, text_field("10", "").replace("(10)", "<3130>")),
    ]);
    assert_eq!(worst(&file.bytes), None);
}

#[test]
fn metadata_and_document_information_may_be_replaced() {
    let mut file = SignedFile::new();
    let packet = "<x:xmpmeta xmlns:x='adobe:ns:meta/'><a/></x:xmpmeta>";
    file.append(&[
        (
            CATALOG,
            catalog("/Metadata 14 0 R/Version/2.0/Extensions<</ESIC<<>>>>"),
        ),
        (FREE, stream("/Type/Metadata/Subtype/XML", packet)),
    ]);
    assert_eq!(worst(&file.bytes), Some(ChangeClass::ValidationData));
    file.append(&[(FREE, stream("/Type/Metadata/Subtype/XML", "<x:xmpmeta>"))]);
    assert_eq!(worst(&file.bytes), Some(ChangeClass::Structure));
}
