//! What is told of revisions and signature dictionaries.

use super::super::{FieldLock, SignatureFacts};
use super::signed_file::*;
use super::survey;
use crate::pdf::byte_range::ByteRangeDefect as Defect;
use crate::pdf::tests::made::Made;

fn only(bytes: &[u8]) -> SignatureFacts {
    let mut signatures = survey(bytes).signatures;
    assert_eq!(signatures.len(), 1, "{signatures:?}");
    signatures.remove(0)
}

fn defect(dictionary: &str) -> Option<Defect> {
    only(&SignedFile::signed_by(dictionary, "").bytes)
        .byte_range
        .err()
}

#[test]
fn every_way_of_breaking_a_signature_dictionary_has_its_defect() {
    let sound = signature("");
    let hole = format!("<{}>", "ab".repeat(64));
    let contents = |value: &str| sound.replace(&hole, &format!(" {value}"));
    let range = |numbers: &str| {
        sound.replace(
            "[0 ********** ********** **********]",
            &format!(" {numbers}"),
        )
    };
    let cases = [
        (sound.clone(), None),
        (contents("<>"), Some(Defect::NoContents)),
        (contents("null"), Some(Defect::NoContents)),
        (
            contents(&format!("<{}>", "00".repeat(64))),
            Some(Defect::NoContents),
        ),
        (contents("(signature)"), Some(Defect::NoContents)),
        (contents("15 0 R"), Some(Defect::NoContents)),
        (
            sound.replace("/Contents", "/Contents2"),
            Some(Defect::NoContents),
        ),
        (
            contents(&hole.replacen("ab", "a", 1)),
            Some(Defect::HoleIsNotContents),
        ),
        (
            contents(&hole.replacen("ab", "a b", 1)),
            Some(Defect::HoleIsNotContents),
        ),
        (range("null"), Some(Defect::NotFourNumbers)),
        (range("[0 1]"), Some(Defect::NotFourNumbers)),
        (range("[0 1 R 3 4]"), Some(Defect::NotFourNumbers)),
        (range("[0 -1 3 4]"), Some(Defect::NotFourNumbers)),
        (range("[1 1 3 4]"), Some(Defect::NotFromStart)),
        (range("[0 9 3 4]"), Some(Defect::NotAscending)),
        (range("[0 9 30 999999]"), Some(Defect::BeyondFile)),
        (range("[0 9 30 40]"), Some(Defect::HoleIsNotContents)),
        (
            sound.replace("/ByteRange", "/Byte"),
            Some(Defect::NotFourNumbers),
        ),
        (signature("/Contents<00>"), Some(Defect::RepeatedKey)),
        // The same key for a reader that knows what #65 is.
        (signature("/Cont#65nts<00>"), Some(Defect::RepeatedKey)),
        (signature("/ByteRange[0 1 2 3]"), Some(Defect::RepeatedKey)),
        ("(nothing)".into(), Some(Defect::NoDictionary)),
        ("[1]".into(), Some(Defect::NoDictionary)),
    ];
    for (dictionary, expected) in cases {
        assert_eq!(defect(&dictionary), expected, "{dictionary}");
    }
}

#[test]
fn a_value_that_is_not_there_is_a_signature_all_the_same() {
    let mut file = SignedFile::unsigned("");
    file.append(&[
        (FORM, form("", "")),
        (SEAL_FIELD, signature_field("seal", 99, "0 0 0 0")),
    ]);
    assert_eq!(only(&file.bytes).byte_range, Err(Defect::NoDictionary));
    // A field without a value is empty.
    file.append(&[(SEAL_FIELD, "<</FT/Sig/T(seal)/V null>>".into())]);
    let survey = survey(&file.bytes);
    assert_eq!(survey.empty_fields, ["seal"]);
    assert_eq!(survey.signatures[0].removed_in, Some(2));
}

#[test]
fn a_signature_in_an_object_stream_is_a_defect() {
    let file = Made::one_page()
        .with(
            1,
            "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R]>>>>",
        )
        .with(5, "<</FT/Sig/T(seal)/V 6 0 R>>")
        .with(6, "<</Type/Sig/ByteRange[0 1 2 3]/Contents<ab>>>");
    assert_eq!(
        only(&file.table()).byte_range,
        Err(Defect::HoleIsNotContents)
    );
    assert_eq!(
        only(&file.stream(&[6])).byte_range,
        Err(Defect::InObjectStream)
    );
    let inside = file.with(
        5,
        "<</FT/Sig/T(seal)/V<</Type/Sig/ByteRange[0 1 2 3]/Contents<ab>>>>>",
    );
    assert_eq!(
        only(&inside.table()).byte_range,
        Err(Defect::HoleIsNotContents)
    );
    assert_eq!(
        only(&inside.stream(&[5])).byte_range,
        Err(Defect::InObjectStream)
    );
}

#[test]
fn a_byte_range_ends_where_a_revision_ends() {
    let file = SignedFile::new();
    let end = file.bytes.len();
    let mut longer = file.clone();
    longer.append(&[(HIDDEN, stream("", "BT ET"))]);
    assert_eq!(only(&longer.bytes).byte_range.unwrap().end, end as u64);
    // Shorter by the line end is what some writers do, shorter by the mark is not.
    let shortened = |by: usize| {
        const DIGITS: usize = 10;
        let mut bytes = file.bytes.clone();
        let at = memchr::memmem::rfind(&bytes, b"]/Contents").unwrap();
        let number = String::from_utf8(bytes[at - DIGITS..at].to_vec()).unwrap();
        let number = number.trim().parse::<usize>().unwrap() - by;
        bytes[at - DIGITS..at].copy_from_slice(format!("{number:>DIGITS$}").as_bytes());
        only(&bytes)
    };
    assert_eq!(shortened(1).revision, Some(1));
    assert_eq!(shortened(6).byte_range, Err(Defect::NotAtRevisionEnd));
}

#[test]
fn what_a_later_revision_does_to_the_dictionary_is_told() {
    let mut spoofed = SignedFile::signed_by(&signature("/Reason(true)"), "");
    let forged = memchr::memmem::rfind(&spoofed.bytes, b"<</Type/Sig").unwrap();
    let dictionary = String::from_utf8_lossy(&spoofed.bytes[forged..]).into_owned();
    let dictionary = dictionary[..dictionary.find("\nendobj").unwrap()].to_owned();
    let mut again = spoofed.clone();
    again.append(&[(SEAL, dictionary.clone())]);
    // Written again as it was, it is the same signature.
    assert_eq!(only(&again.bytes).rewritten_in, None);
    spoofed.append(&[(SEAL, dictionary.replace("(true)", "(fake)"))]);
    let signatures = survey(&spoofed.bytes).signatures;
    assert_eq!(signatures[0].rewritten_in, Some(2));
    assert_eq!(signatures[0].claims.reason.as_deref(), Some("true"));
    assert_eq!(signatures[1].byte_range, Err(Defect::HoleIsNotContents));

    let mut removed = SignedFile::new();
    removed.append(&[(FORM, form("", "").replace(" 12 0 R", ""))]);
    assert_eq!(only(&removed.bytes).removed_in, Some(2));
}

#[test]
fn byte_ranges_that_no_form_leads_to_are_stray() {
    let mut file = SignedFile::new();
    file.append(&[(20, signature("")), (21, stream("", "/ByteRange[0 1 2 3]"))]);
    let found = survey(&file.bytes);
    let expected = file.place(20) + "20 0 obj\n".len() + signature("").find("/ByteRange").unwrap();
    assert_eq!(found.stray_byte_ranges, [expected as u64]);
    file.bytes
        .extend_from_slice(b"22 0 obj <</ByteRange[0 1 2 3]>> endobj");
    let found = survey(&file.bytes);
    assert_eq!(found.stray_byte_ranges.len(), 2);
    assert_eq!(found.trailing_bytes, 39);
}

#[test]
fn usage_rights_are_counted_and_are_no_signature() {
    let mut file = SignedFile::unsigned("");
    file.append(&[
        (CATALOG, catalog("/Perms<</UR3 20 0 R>>")),
        (20, signature("")),
    ]);
    let survey = survey(&file.bytes);
    assert_eq!((survey.usage_rights, survey.signatures.len()), (1, 0));
    assert!(survey.stray_byte_ranges.is_empty());
}

#[test]
fn a_certification_that_only_the_catalog_names_is_found() {
    let mut file = SignedFile::unsigned("");
    let transform = "/Reference[<</TransformMethod/DocMDP/TransformParams<</P 3>>>>]";
    file.append(&[
        (CATALOG, catalog("/Perms<</DocMDP 20 0 R>>")),
        (20, signature(transform)),
    ]);
    let signature = only(&file.bytes);
    assert_eq!((signature.field.as_str(), signature.doc_mdp), ("", Some(3)));
}

#[test]
fn permissions_are_read_with_their_defaults() {
    let level = |parameters: &str| {
        let transform = format!("/Reference[<</TransformMethod/DocMDP{parameters}>>]");
        only(&SignedFile::signed_by(&signature(&transform), "").bytes).doc_mdp
    };
    let cases = [
        ("", 2),
        ("/TransformParams<<>>", 2),
        ("/TransformParams<</P 1>>", 1),
        ("/TransformParams<</P 3>>", 3),
        ("/TransformParams<</P 7>>", 1),
        ("/TransformParams<</P/All>>", 1),
    ];
    for (parameters, expected) in cases {
        assert_eq!(level(parameters), Some(expected), "{parameters}");
    }
    let lock = SignedFile::signed_by(&signature(""), "/Lock<</Action/Include/Fields[(a)(b)]>>");
    let expected = FieldLock::Include(vec!["a".into(), "b".into()]);
    assert_eq!(only(&lock.bytes).field_lock, Some(expected));
    assert_eq!(only(&lock.bytes).doc_mdp, None);
}

#[test]
fn a_second_signature_cannot_certify() {
    let mut file = SignedFile::new();
    let transform = "/Reference[<</TransformMethod/DocMDP/TransformParams<</P 3>>>>]";
    file.append(&[
        (FORM, form(" 16 0 R", "")),
        (16, signature_field("second", 17, "0 0 0 0")),
        (17, signature(transform)),
    ]);
    assert_eq!(survey(&file.bytes).signatures[1].doc_mdp, None);
}

#[test]
fn names_are_qualified_and_inherit() {
    let mut file = SignedFile::unsigned("");
    file.append(&[
        (FORM, form("", "")),
        (SEAL_FIELD, "<</T(parent)/FT/Sig/Kids[20 0 R]>>".into()),
        (20, "<</T(child)/V 13 0 R/Kids[21 0 R]>>".into()),
        (
            21,
            "<</Type/Annot/Subtype/Widget/Rect[9 9 90 90]/Parent 20 0 R>>".into(),
        ),
        (SEAL, signature("")),
    ]);
    let signature = only(&file.bytes);
    assert_eq!(signature.field, "parent.child");
    assert!(signature.visible);
}

#[test]
fn what_stands_in_front_of_and_behind_the_end_marks_is_told() {
    let mut file = SignedFile::new();
    let end = file.bytes.len();
    file.bytes.extend_from_slice(b"\r\n\0 ");
    let blank = survey(&file.bytes);
    assert_eq!(blank.trailing_bytes, 0);
    assert_eq!(blank.signatures[0].byte_range.unwrap().end, end as u64);
    file.bytes.extend_from_slice(b"payload");
    let found = survey(&file.bytes);
    assert_eq!(found.trailing_bytes, 11);
    assert_eq!(found.revisions.len(), 2);
    // The same cross-reference section again explains nothing.
    let start = String::from_utf8_lossy(&file.bytes).into_owned();
    let start = start[start.rfind("startxref").unwrap()..].to_owned();
    file.bytes.extend_from_slice(start.as_bytes());
    assert!(survey(&file.bytes).trailing_bytes > 11);
}
