//! Published attacks, applied to a copy of ours after it was issued. Their identifiers are those of the
//! catalogue in `CONFORMANCE.md`.

use super::super::cross_reference::Form;
use super::super::{BaseFacts, Rule, judge};
use super::additions::signature_dictionary;
use super::copy::{CATALOG, CONTENT, Copy, FONT, FormPlace, PAGE, TEXT_FIELD, copy, judge_after};
use super::section::{find_first, stream};

#[test]
fn a03_new_page_content_in_an_incremental_update() {
    let mut page = copy();
    let content = page.next;
    page.append(&[
        (
            content,
            stream("", b"BT /F1 24 Tf 72 700 Td (Forged) Tj ET"),
        ),
        (
            PAGE,
            format!("<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents {content} 0 R>>")
                .into(),
        ),
    ]);
    page.assert_breaks(Rule::S12);

    let mut tree = copy();
    tree.append(&[(2, "<</Kids[3 0 R 3 0 R]/Count 2>>".into())]);
    tree.assert_breaks(Rule::S5);

    let mut catalog = copy();
    let pages = catalog.next;
    let body = String::from_utf8(catalog.catalog())
        .unwrap()
        .replace("/Pages 2 0 R", &format!("/Pages {pages} 0 R"));
    catalog.append(&[
        (pages, "<</Kids[3 0 R]/Count 1>>".into()),
        (CATALOG, body.into()),
    ]);
    catalog.assert_breaks(Rule::S7);
}

#[test]
fn a04_objects_without_a_cross_reference() {
    let base = copy();
    let object = b"3 0 obj\n<</Type/Page>>\nendobj\n";
    let no_cross_reference = judge_after(base.issued(), object).unwrap_err();
    assert_eq!(no_cross_reference.rule, Rule::S1);
    assert_eq!(no_cross_reference.offset, (base.base + object.len()) as u64);
}

#[test]
fn a04_objects_with_a_partial_trailer() {
    let base = copy();
    for trailer in [
        "trailer\n<</Root 1 0 R>>\n%%EOF\n",
        "xref\ntrailer\n<</Root 1 0 R>>\nstartxref\n0\n%%EOF\n",
    ] {
        let suffix = format!("3 0 obj\n<</Type/Page>>\nendobj\n{trailer}");
        let violation = judge_after(base.issued(), suffix.as_bytes()).unwrap_err();
        assert!(matches!(violation.rule, Rule::S1 | Rule::S2), "{violation}");
    }
}

#[test]
fn a04_a_second_signature_that_is_a_copy_of_the_first() {
    let base = copy();
    let start = find_first(base.issued(), b"<</Type/Sig");
    let end = start + find_first(&base.issued()[start..], b"\nendobj");
    let copied = base.issued()[start..end].to_vec();
    let mut attack = base.clone();
    let (field, value) = (attack.next, attack.next + 1);
    attack.fields.push(field);
    let mut objects = vec![
        (
            field,
            format!("<</FT/Sig/T(Second)/Rect[0 0 0 0]/V {value} 0 R>>").into_bytes(),
        ),
        (value, copied.clone()),
    ];
    objects.extend(attack.form_objects());
    attack.append(&objects);
    attack.assert_breaks(Rule::S9);

    // The same, dressed as a timestamp: it covers the copy, and not the revision it stands in.
    let dressed = String::from_utf8(copied).unwrap().replace(
        "/Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached",
        "/Type/DocTimeStamp/SubFilter/ETSI.RFC3161",
    );
    let mut attack = base.clone();
    attack.fields.push(field);
    objects[1] = (value, dressed.into_bytes());
    attack.append(&objects);
    attack.assert_breaks(Rule::S10);
}

#[test]
fn a07_a_shadow_that_hides_the_content_or_shows_what_it_hid() {
    let mut overlay = copy();
    overlay.append(&[(CONTENT, stream("", b""))]);
    overlay.assert_breaks(Rule::S15);

    let mut image = copy();
    image.append(&[(FONT, stream("/Type/XObject/Subtype/Image", b""))]);
    image.assert_breaks(Rule::S15);

    let mut two_empty_dictionaries = copy();
    two_empty_dictionaries.append(&[(FONT, b"<<>>".to_vec()), (TEXT_FIELD, b"<<>>".to_vec())]);
    two_empty_dictionaries.assert_breaks(Rule::S5);
}

#[test]
fn a08_a_shadow_that_replaces_a_field_value_or_a_font() {
    let mut value = copy();
    value.append(&[(
        TEXT_FIELD,
        "<</Type/Annot/Subtype/Widget/FT/Tx/T(amount)/V(99)/Rect[72 600 200 620]>>".into(),
    )]);
    value.assert_breaks(Rule::S5);

    let mut program = copy();
    program.append(&[(FONT, stream("/Subtype/Type1C", b"glyphs"))]);
    program.assert_breaks(Rule::S15);

    let mut encoding = copy();
    encoding.append(&[(FONT, "<</Type/Font/Subtype/Type1/BaseFont/Other>>".into())]);
    encoding.assert_breaks(Rule::S12);
}

#[test]
fn a09_hide_and_replace_by_a_cross_reference_alone() {
    let base = copy();
    let earlier = find_first(base.issued(), b"1 0 obj");
    let only_cross_reference = format!(
        "xref\n1 1\n{earlier:010} 00000 n \ntrailer\n<</Size {}/Root 1 0 R/Prev {}\
         /ID[<00112233445566778899aabbccddeeff><00>]>>\nstartxref\n{}\n%%EOF\n",
        base.next, base.startxref, base.base
    );
    assert_eq!(
        judge_after(base.issued(), only_cross_reference.as_bytes())
            .unwrap_err()
            .rule,
        Rule::S1
    );

    for form in [Form::Table, Form::Stream] {
        let mut beside_an_object = Copy::new(form, FormPlace::Indirect);
        let objects = beside_an_object.dss_objects();
        let earlier = find_first(beside_an_object.issued(), b"4 0 obj") as u64;
        beside_an_object.append_spoilt(&objects, |section| {
            section.entries.insert(1, (PAGE, 'n', earlier, 0))
        });
        beside_an_object.assert_breaks(Rule::S2);

        let mut freed = Copy::new(form, FormPlace::Indirect);
        let objects = freed.dss_objects();
        freed.append_spoilt(&objects, |section| {
            section.entries.insert(1, (TEXT_FIELD, 'f', 0, 1))
        });
        freed.assert_breaks(Rule::S2);
    }
}

#[test]
fn a10_annotations_over_the_content() {
    for annotation in [
        "<</Type/Annot/Subtype/FreeText/Rect[0 0 600 800]/Contents(Forged)>>",
        "<</Type/Annot/Subtype/Redact/Rect[0 0 600 800]>>",
        "<</Subtype/Stamp/Rect[0 0 600 800]>>",
    ] {
        let mut alone = copy();
        alone.append(&[(alone.next, annotation.into())]);
        alone.assert_breaks(Rule::S12);
    }
    let mut on_its_page = copy();
    let annotation = on_its_page.next;
    on_its_page.append(&[
        (
            annotation,
            "<</Type/Annot/Subtype/FreeText/Rect[0 0 9 9]>>".into(),
        ),
        (
            PAGE,
            format!("<</Type/Page/Parent 2 0 R/Annots[{annotation} 0 R]>>").into(),
        ),
    ]);
    on_its_page.assert_breaks(Rule::S12);
}

#[test]
fn a11_a_signature_field_that_can_be_seen() {
    let mut placed = copy();
    placed.add_timestamp();
    placed.replace("/Rect[0 0 0 0]", "/Rect[0 0 9 9]");
    placed.assert_breaks(Rule::S9);

    let mut drawn = copy();
    let appearance = drawn.next + 2;
    drawn.add_timestamp_of(&format!("/AP<</N {appearance} 0 R>>"), "", |_| {});
    drawn.assert_breaks(Rule::S9);
}

#[test]
fn a12_a_field_that_uses_the_seal_to_look_signed() {
    let mut attack = copy();
    let field = attack.next;
    let body = format!("<</FT/Sig/T(Second)/Rect[0 0 0 0]/V {} 0 R>>", attack.seal);
    attack.fields.push(field);
    let mut objects = vec![(field, body.into_bytes())];
    objects.extend(attack.form_objects());
    attack.append(&objects);
    attack.assert_breaks(Rule::S9);

    let mut whole_field = copy();
    whole_field.fields.push(whole_field.seal_field);
    let objects = whole_field.form_objects();
    whole_field.append(&objects);
    whole_field.assert_breaks(Rule::S9);
}

#[test]
fn a13_a_forged_reason_in_the_seal() {
    let mut attack = copy();
    attack.append(&[(
        attack.seal,
        signature_dictionary("/Type/Sig/Reason(Forged)"),
    )]);
    attack.assert_breaks(Rule::S5);

    let mut field = copy();
    field.append(&[(
        field.seal_field,
        "<</FT/Sig/T(Forged)/Rect[0 0 0 0]>>".into(),
    )]);
    field.assert_breaks(Rule::S5);
}

#[test]
fn a14_a_store_that_leads_to_page_content_to_change_it_later() {
    let mut aliased = copy();
    let catalog = aliased.catalog_with(&format!("/DSS<</Certs[{CONTENT} 0 R]>>"));
    aliased.append(&[(CATALOG, catalog)]);
    aliased.assert_breaks(Rule::S11);

    for target in [PAGE, FONT, TEXT_FIELD] {
        let mut aliased = copy();
        aliased.dss = Some(target);
        aliased.append(&[(CATALOG, aliased.catalog())]);
        aliased.assert_breaks(Rule::S11);
    }

    let mut form_as_store = copy();
    form_as_store.dss = Some(form_as_store.form);
    form_as_store.append(&[(CATALOG, form_as_store.catalog())]);
    form_as_store.assert_breaks(Rule::S13);
}

#[test]
fn a16_object_streams() {
    for form in [Form::Table, Form::Stream] {
        let mut stored = Copy::new(form, FormPlace::Indirect);
        stored.append(&[(stored.next, stream("/Type/ObjStm/N 1/First 4", b"3 0 <<>>"))]);
        stored.assert_breaks(Rule::S3);
    }
    let mut listed = Copy::new(Form::Stream, FormPlace::Indirect);
    let objects = listed.dss_objects();
    listed.append_spoilt(&objects, |section| {
        section.entries.insert(1, (PAGE, 'c', 12, 0))
    });
    listed.assert_breaks(Rule::S3);
}

#[test]
fn a17_objects_keys_and_generations_with_two_readings() {
    let mut twice = copy();
    twice.append(&[
        (CATALOG, twice.catalog()),
        (CATALOG, twice.catalog_with("/OpenAction 5 0 R")),
    ]);
    twice.assert_breaks(Rule::S2);

    for (entries, rule) in [
        ("/Lang(es)", Rule::S6),
        ("/L#61ng(es)", Rule::S6),
        ("/Open#41ction 5 0 R", Rule::S6),
    ] {
        let mut attack = copy();
        let catalog = attack.catalog_with(entries);
        attack.append(&[(CATALOG, catalog)]);
        attack.assert_breaks(rule);
    }

    let mut generation = copy();
    generation.add_dss();
    generation.replace("\n1 0 obj", "\n1 2 obj");
    generation.assert_breaks(Rule::S2);
}

#[test]
fn a18_an_entry_that_leads_to_another_object() {
    for form in [Form::Table, Form::Stream] {
        let mut attack = Copy::new(form, FormPlace::Indirect);
        let objects = attack.dss_objects();
        attack.append_spoilt(&objects, |section| {
            let other = section.entries[2].2;
            section.entries[1].2 = other;
        });
        attack.assert_breaks(Rule::S2);
    }
}

#[test]
fn a20_data_after_the_end() {
    for trailing in [
        "\n",
        " ",
        "%comment\n",
        "%PDF-1.7\n",
        "PK\u{3}\u{4}",
        "%%EOF\n",
        "\0",
    ] {
        let mut attack = copy();
        attack.add_dss();
        attack.bytes.extend(trailing.bytes());
        attack.assert_breaks(Rule::S1);

        let base = copy();
        let directly = judge_after(base.issued(), trailing.as_bytes()).unwrap_err();
        assert_eq!(directly.rule, Rule::S1, "{trailing:?}");
    }
}

#[test]
fn a_hybrid_cross_reference_is_refused() {
    // A15: two views of one file.
    let mut attack = copy();
    let objects = attack.dss_objects();
    attack.append_spoilt(&objects, |section| section.set("XRefStm", "15"));
    attack.assert_breaks(Rule::S4);
}

#[test]
fn the_facts_of_another_base_are_refused() {
    let (one, mut other) = (copy(), Copy::new(Form::Stream, FormPlace::InCatalog));
    let facts = BaseFacts::read(one.issued()).unwrap();
    other.add_dss();
    assert_eq!(
        judge(other.issued(), other.suffix(), &facts)
            .unwrap_err()
            .rule,
        Rule::S16
    );
}
