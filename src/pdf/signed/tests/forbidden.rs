//! What no signature permits. The names are those of the attacks on PDF signatures.

use super::super::ChangeClass;
use super::signed_file::*;
use super::{survey, worst};

/// The worst change after one more revision.
fn after(objects: &[(u32, String)]) -> Option<ChangeClass> {
    let mut file = SignedFile::new();
    file.append(objects);
    worst(&file.bytes)
}

#[test]
fn page_content_is_page_content_wherever_it_hangs() {
    let overlay = stream("", "BT (overlay) Tj ET");
    let cases: [&[(u32, String)]; 6] = [
        &[(CONTENT, overlay.clone())],
        &[(FONT, "<</Type/Font/Subtype/Type1/BaseFont/Courier>>".into())],
        &[(PAGE, page("", "/CropBox[0 0 9 9]"))],
        &[(PAGE, page("", "").replace("4 0 R", "10 0 R"))],
        &[(
            PAGE_TREE,
            "<</Type/Pages/Kids[3 0 R 3 0 R]/Count 2>>".into(),
        )],
        &[(PAGE_TREE, "<</Type/Pages/Kids[]/Count 0>>".into())],
    ];
    for objects in cases {
        assert!(
            after(objects) >= Some(ChangeClass::PageContent),
            "{objects:?}"
        );
    }
}

#[test]
fn hide_and_replace_writes_no_object_and_is_seen() {
    let mut file = SignedFile::new();
    let mut hidden = file.clone();
    // The content's number leads to the object that stood unused in the signed bytes.
    let place = hidden.place(HIDDEN);
    hidden.bytes = hidden.with("\n10 0 obj", "\n04 0 obj");
    hidden.append_with(&[], &[(CONTENT, Some(place))]);
    assert_eq!(worst(&hidden.bytes), Some(ChangeClass::PageContent));
    // Or the form's number does, so that an older form is back.
    let older = memchr::memmem::find(&file.bytes, b"\n5 0 obj").unwrap() + 1;
    file.append_with(&[], &[(FORM, Some(older))]);
    assert_eq!(worst(&file.bytes), Some(ChangeClass::Structure));
}

#[test]
fn a_freed_object_is_structure() {
    for number in [LINK, HIDDEN, OUTLINES] {
        let mut file = SignedFile::new();
        file.append_with(&[], &[(number, None)]);
        assert_eq!(worst(&file.bytes), Some(ChangeClass::Structure), "{number}");
    }
}

#[test]
fn an_entry_that_leads_to_another_object_is_structure() {
    let mut file = SignedFile::new();
    let place = file.place(HIDDEN);
    file.append_with(&[], &[(CONTENT, Some(place))]);
    assert_eq!(worst(&file.bytes), Some(ChangeClass::Structure));
    assert_eq!(survey(&file.bytes).revisions[2].lost_objects, 1);
}

#[test]
fn a_harmless_name_for_page_content_does_not_make_it_harmless() {
    // The catalog calls the page's content validation data, metadata, or document information.
    let overlay = stream("", "BT (overlay) Tj ET");
    for entry in ["/DSS<</Certs[4 0 R]>>", "/Metadata 4 0 R"] {
        let mut file = SignedFile::new();
        file.append(&[(CATALOG, catalog(entry))]);
        file.append(&[(CONTENT, overlay.clone())]);
        assert!(
            worst(&file.bytes) >= Some(ChangeClass::PageContent),
            "{entry}"
        );
    }
    let mut file = SignedFile::new();
    // A field draws itself with what the page shows.
    file.append(&[(TEXT_FIELD, text_field("10", "").replace("7 0 R", "4 0 R"))]);
    file.append(&[(CONTENT, overlay)]);
    assert_eq!(worst(&file.bytes), Some(ChangeClass::PageContent));
}

#[test]
fn a_field_or_the_catalog_cannot_serve_as_the_resources_of_a_page() {
    let overlay = || {
        stream(
            "/Type/XObject/Subtype/Form/BBox[0 0 600 900]",
            "<x:xmpmeta xmlns:x='adobe:ns:meta/'/>",
        )
    };
    let sign = |resources: u32, objects: &[(u32, String)]| {
        let mut file = SignedFile::unsigned("");
        let xobjects = format!("/Resources<</XObject {resources} 0 R>>");
        file.append(&[
            (
                PAGE,
                page("", &xobjects).replacen("/Resources<</Font<</F1 8 0 R>>>>", "", 1),
            ),
            (FORM, form("", "")),
            (SEAL_FIELD, signature_field("seal", SEAL, "0 0 0 0")),
            (SEAL, signature("")),
        ]);
        assert_eq!(worst(&file.bytes), None);
        file.append(objects);
        worst(&file.bytes)
    };
    // The page's content draws the resource called AP, or V, or Metadata.
    for field in [
        text_field("1", "").replace("/AP<</N 7 0 R>>", "/AP 20 0 R"),
        text_field("1", "").replace("/V(1)", "/V 20 0 R"),
    ] {
        let changed = sign(TEXT_FIELD, &[(TEXT_FIELD, field), (20, overlay())]);
        assert_eq!(changed, Some(ChangeClass::PageContent));
    }
    let metadata = [(CATALOG, catalog("/Metadata 20 0 R")), (20, overlay())];
    assert_eq!(sign(CATALOG, &metadata), Some(ChangeClass::PageContent));
    assert_eq!(sign(FONT, &metadata), Some(ChangeClass::ValidationData));
    // Or the dictionary of layers is a field.
    let mut file = SignedFile::unsigned("");
    file.append(&[
        (CATALOG, catalog("/OCProperties 6 0 R")),
        (PAGE, page("", "")),
        (FORM, form("", "")),
        (SEAL_FIELD, signature_field("seal", SEAL, "0 0 0 0")),
        (SEAL, signature("")),
    ]);
    file.append(&[(TEXT_FIELD, text_field("1", ""))]);
    assert_eq!(worst(&file.bytes), Some(ChangeClass::Structure));
}

#[test]
fn what_points_at_a_field_does_not_keep_it_from_being_filled_in() {
    let mut file = SignedFile::unsigned("");
    file.append(&[
        (
            CATALOG,
            catalog("/StructTreeRoot<</K<</S/Form/Pg 3 0 R/K<</Type/OBJR/Obj 6 0 R>>>>>>/OpenAction[3 0 R/Fit]"),
        ),
        (PAGE, page("", "")),
        (FORM, form("", "/CO[6 0 R]")),
        (SEAL_FIELD, signature_field("seal", SEAL, "0 0 0 0")),
        (SEAL, signature("/Reference[<</TransformMethod/DocMDP/Data 1 0 R>>]")),
        (LINK, "<</Type/Annot/Subtype/Text/Rect[0 0 9 9]/P 3 0 R/IRT 6 0 R>>".into()),
    ]);
    file.append(&[
        (TEXT_FIELD, text_field("1", "")),
        (PAGE, page("", "/Tabs/S")),
    ]);
    assert_eq!(worst(&file.bytes), Some(ChangeClass::FormFill));
}

#[test]
fn an_edit_that_a_later_revision_takes_back_is_seen() {
    let mut file = SignedFile::new();
    file.append(&[(CONTENT, stream("", "BT (other) Tj ET"))]);
    file.append(&[(CONTENT, stream("", "BT /F1 24 Tf 72 700 Td (Hola) Tj ET"))]);
    let survey = survey(&file.bytes);
    let changes = &survey.signatures[0].changes;
    assert!(
        changes
            .iter()
            .any(|change| change.class == ChangeClass::PageContent && change.revision == 2)
    );
    assert!(changes.iter().all(|change| change.revision == 2));
}

#[test]
fn the_length_of_a_stream_is_a_part_of_it() {
    let mut file = SignedFile::unsigned("");
    file.append(&[
        (
            CONTENT,
            "<</Length 14 0 R>>\nstream\nBT ET\nendstream\nendstream".into(),
        ),
        (FREE, "5".into()),
        (PAGE, page("", "")),
        (FORM, form("", "")),
        (SEAL_FIELD, signature_field("seal", SEAL, "0 0 0 0")),
        (SEAL, signature("")),
    ]);
    file.append(&[(FREE, "15".into())]);
    assert_eq!(worst(&file.bytes), Some(ChangeClass::PageContent));
}

#[test]
fn a_reference_to_nothing_may_not_be_given_something() {
    let mut file = SignedFile::unsigned("");
    file.append(&[
        (PAGE, page("", "/Group 20 0 R")),
        (FORM, form("", "")),
        (SEAL_FIELD, signature_field("seal", SEAL, "0 0 0 0")),
        (SEAL, signature("")),
    ]);
    file.append(&[(20, "<</S/Transparency>>".into())]);
    assert_eq!(worst(&file.bytes), Some(ChangeClass::PageContent));
}

#[test]
fn annotations_are_annotations() {
    let stamp = "<</Type/Annot/Subtype/Stamp/Rect[0 0 500 500]>>";
    let cases: [&[(u32, String)]; 4] = [
        &[(PAGE, page(" 14 0 R", "")), (FREE, stamp.into())],
        &[(PAGE, page("", "").replace(" 9 0 R", ""))],
        &[(PAGE, page(stamp, ""))],
        &[(
            LINK,
            "<</Type/Annot/Subtype/Link/Rect[0 0 900 900]>>".into(),
        )],
    ];
    for objects in cases {
        assert_eq!(
            after(objects),
            Some(ChangeClass::Annotations),
            "{objects:?}"
        );
    }
}

#[test]
fn whatever_no_rule_explains_is_structure() {
    let field = signature_field("second", FREE + 1, "0 0 0 0");
    let new_field = |field: String| {
        vec![
            (FORM, form(" 14 0 R", "")),
            (FREE, field),
            (FREE + 1, signature("")),
        ]
    };
    let cases: Vec<Vec<(u32, String)>> = vec![
        vec![(CATALOG, catalog("/OpenAction<</S/JavaScript/JS(1)>>"))],
        vec![(CATALOG, catalog("/Names<<>>"))],
        vec![(CATALOG, catalog("/Perms<</DocMDP 13 0 R>>"))],
        vec![(CATALOG, catalog("/DSS<</Certs[]/Other 1>>"))],
        vec![(OUTLINES, "<</Type/Outlines/Count 1>>".into())],
        vec![(FORM, form("", "/XFA[]"))],
        vec![(FORM, form("", "").replace("6 0 R ", ""))],
        vec![(TEXT_FIELD, text_field("10", "/AA<<>>"))],
        vec![(TEXT_FIELD, text_field("10", "").replace("72 600", "72 100"))],
        vec![(
            TEXT_FIELD,
            text_field("10", "").replace("amount", "amounts"),
        )],
        vec![(SEAL_FIELD, signature_field("seal", SEAL, "0 0 90 90"))],
        new_field(
            field
                .replace("/FT/Sig", "/FT/Tx")
                .replace("/V 15 0 R", "/V(1)"),
        ),
        new_field(field.replace("/F 132", "/AA<<>>")),
        new_field(field.replace("second", "amount")),
        // A field that borrows the signature of another.
        new_field(field.replace("15 0 R", "13 0 R")),
        // An annotation that becomes a field.
        vec![
            (FORM, form(" 9 0 R", "")),
            (LINK, field.clone()),
            (FREE + 1, signature("")),
        ],
    ];
    for objects in cases {
        assert_eq!(after(&objects), Some(ChangeClass::Structure), "{objects:?}");
    }
}

#[test]
fn an_appearance_that_something_else_uses_may_not_be_replaced() {
    let sign = |catalog_entry: &str| {
        let mut file = SignedFile::unsigned("");
        file.append(&[
            (CATALOG, catalog(catalog_entry)),
            (
                TEXT_FIELD,
                text_field("10", "").replace("<</N 7 0 R>>", " 20 0 R"),
            ),
            (20, "<</N 7 0 R>>".into()),
            (PAGE, page("", "")),
            (FORM, form("", "")),
            (SEAL_FIELD, signature_field("seal", SEAL, "0 0 0 0")),
            (SEAL, signature("")),
        ]);
        file.append(&[
            (TEXT_FIELD, text_field("99", "").replace("7 0 R", "21 0 R")),
            (
                21,
                stream("/Subtype/Form/BBox[0 0 128 20]", "BT (99) Tj ET"),
            ),
        ]);
        worst(&file.bytes)
    };
    assert_eq!(sign(""), Some(ChangeClass::FormFill));
    assert_eq!(sign("/PieceInfo 20 0 R"), Some(ChangeClass::Structure));
}

#[test]
fn a_revision_that_cannot_be_read_is_structure() {
    let mut file = SignedFile::new();
    let tail = "14 0 obj\n<<>>\nendobj\nstartxref\n99999999\n%%EOF\n";
    file.bytes.extend_from_slice(tail.as_bytes());
    assert_eq!(worst(&file.bytes), Some(ChangeClass::Structure));
    assert!(survey(&file.bytes).repaired.is_some());
}

#[test]
fn a_revision_that_hides_objects_from_old_readers_is_structure() {
    let mut file = SignedFile::new();
    file.append(&[]);
    assert_eq!(worst(&file.bytes), None);
    let trailer = memchr::memmem::rfind(&file.bytes, b"/Size").unwrap();
    file.bytes
        .splice(trailer..trailer, b"/XRefStm 9".iter().copied());
    assert_eq!(worst(&file.bytes), Some(ChangeClass::Structure));
}
