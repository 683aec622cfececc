//! The rules about bytes, objects and cross-references, each broken.

use super::super::cross_reference::Form;
use super::super::{MAX_REVISIONS, Rule};
use super::additions::{first, spoilt, with_dss};
use super::copy::{CATALOG, CONTENT, Copy, FONT, FormPlace, PAGE, copy};
use super::section::stream;
use super::validation_data::{certificate, deflated};

#[test]
fn s1_bytes_between_the_revisions_are_refused() {
    let mut between = copy();
    between.add_dss();
    between.bytes.extend(b"junk\n");
    between.add_dss();
    between.assert_breaks(Rule::S1);

    let mut in_object = copy();
    in_object.append(&[(CATALOG, [&in_object.catalog(), &b" junk"[..]].concat())]);
    in_object.assert_breaks(Rule::S1);
}

#[test]
fn s1_comments_are_refused() {
    let mut between = copy();
    between.bytes.extend(b"% a comment\n");
    between.add_dss();
    between.assert_breaks(Rule::S1);

    let mut inside = copy();
    let catalog = inside.catalog_with("/DSS %\n<<>>");
    inside.append(&[(CATALOG, catalog)]);
    inside.assert_breaks(Rule::S1);
}

#[test]
fn s1_an_appended_part_must_begin_on_a_line_of_its_own() {
    let mut copy = copy();
    copy.bytes.truncate(copy.base - 1);
    copy.base = copy.bytes.len();
    copy.add_dss();
    copy.assert_breaks(Rule::S1);
    assert_eq!(copy.judged().unwrap_err().offset, copy.base as u64);
}

#[test]
fn s1_a_second_line_end_at_the_end_is_refused() {
    let mut copy = copy();
    copy.add_dss();
    copy.bytes.push(b'\n');
    copy.assert_breaks(Rule::S1);
}

#[test]
fn s2_an_entry_must_point_to_its_own_object() {
    spoilt(Form::Table, |section| section.entries[2].2 += 1).assert_breaks(Rule::S2);
    spoilt(Form::Stream, |section| section.entries[2].2 += 1).assert_breaks(Rule::S2);
}

#[test]
fn s2_an_object_of_another_generation_is_refused() {
    spoilt(Form::Table, |section| section.entries[2].3 = 1).assert_breaks(Rule::S2);
    let mut copy = copy();
    copy.add_dss();
    copy.replace("\n1 0 obj", "\n1 1 obj");
    copy.assert_breaks(Rule::S2);
}

#[test]
fn s2_an_object_may_not_be_freed() {
    for form in [Form::Table, Form::Stream] {
        spoilt(form, |section| section.entries.insert(1, (FONT, 'f', 0, 1)))
            .assert_breaks(Rule::S2);
    }
}

#[test]
fn s2_an_object_that_is_not_listed_is_refused() {
    for form in [Form::Table, Form::Stream] {
        spoilt(form, |section| section.entries.truncate(2)).assert_breaks(Rule::S2);
    }
}

#[test]
fn s2_entries_must_ascend() {
    spoilt(Form::Table, |section| section.entries.swap(0, 1)).assert_breaks(Rule::S2);
    spoilt(Form::Table, |section| {
        section.entries.insert(0, section.entries[0])
    })
    .assert_breaks(Rule::S2);
}

#[test]
fn s2_startxref_must_name_the_revisions_own_cross_reference() {
    for form in [Form::Table, Form::Stream] {
        spoilt(form, |section| section.startxref -= 1).assert_breaks(Rule::S2);
    }
}

#[test]
fn s3_only_plain_cross_reference_streams_are_read() {
    let cases: [(&str, &str); 5] = [
        ("W", "[1 9 2]"),
        ("W", "[1 4]"),
        ("DecodeParms", "<</Predictor 12>>"),
        ("Filter", "/LZWDecode"),
        ("Index", "[1 1]"),
    ];
    for (key, value) in cases {
        let copy = spoilt(Form::Stream, |section| section.set(key, value));
        copy.assert_breaks(Rule::S3);
    }
}

#[test]
fn s3_entries_of_object_streams_are_refused() {
    spoilt(Form::Stream, |section| section.entries[1].1 = 'c').assert_breaks(Rule::S3);
}

#[test]
fn s3_a_cross_reference_stream_that_inflates_too_far_is_refused() {
    let mut copy = Copy::new(Form::Stream, FormPlace::Indirect);
    let catalog = copy.catalog();
    copy.append(&[
        (
            copy.next,
            stream(
                "/Type/XRef/Filter/FlateDecode/W[1 4 2]/Size 9",
                &deflated(&vec![0; 2 << 20]),
            ),
        ),
        (CATALOG, catalog),
    ]);
    copy.assert_breaks(Rule::S3);
}

#[test]
fn s4_the_trailer_must_carry_on_the_trailer_before() {
    let cases: [(&str, &str); 9] = [
        ("Root", "2 0 R"),
        ("Root", "1 1 R"),
        ("Prev", "15"),
        ("Size", "1000"),
        ("Size", "(10)"),
        ("ID", "[<ff112233445566778899aabbccddeeff><00>]"),
        ("Info", "5 0 R"),
        ("Encrypt", "5 0 R"),
        ("XRefStm", "15"),
    ];
    for form in [Form::Table, Form::Stream] {
        for (key, value) in cases {
            let copy = spoilt(form, |section| section.set(key, value));
            let rule = if value == "(10)" { Rule::S6 } else { Rule::S4 };
            copy.assert_breaks(rule);
        }
        for key in ["Root", "Prev", "Size", "ID"] {
            let copy = spoilt(form, |section| section.remove(key));
            copy.assert_breaks(Rule::S4);
        }
    }
}

#[test]
fn s4_the_encryption_of_the_copy_may_be_neither_dropped_nor_replaced() {
    for replaced in [None, Some("4 0 R")] {
        let trailer = vec![("Encrypt", "5 0 R".to_owned())];
        let mut copy = Copy::with_trailer(Form::Table, FormPlace::Indirect, trailer);
        let catalog = copy.catalog();
        copy.append_spoilt(&[(CATALOG, catalog)], |section| match replaced {
            None => section.remove("Encrypt"),
            Some(other) => section.set("Encrypt", other),
        });
        copy.assert_breaks(Rule::S4);
    }
}

#[test]
fn s4_what_else_a_trailer_says_may_be_repeated_and_not_changed() {
    let trailer = vec![("Checksum", "/ABC".to_owned())];
    for (next, accepted) in [(None, true), (Some("/ABC"), true), (Some("/ABD"), false)] {
        let mut copy = Copy::with_trailer(Form::Table, FormPlace::Indirect, trailer.clone());
        let catalog = copy.catalog();
        copy.append_spoilt(&[(CATALOG, catalog)], |section| match next {
            None => section.remove("Checksum"),
            Some(value) => section.set("Checksum", value),
        });
        match accepted {
            true => assert!(copy.judged().is_ok()),
            false => copy.assert_breaks(Rule::S4),
        }
    }
}

#[test]
fn s5_objects_of_the_copy_may_not_be_written_again() {
    for number in [2, PAGE, CONTENT, FONT] {
        let mut copy = copy();
        copy.append(&[(number, b"<<>>".to_vec())]);
        copy.assert_breaks(Rule::S5);
    }
}

#[test]
fn s5_a_cross_reference_stream_may_not_take_the_place_of_an_object() {
    let mut copy = Copy::new(Form::Stream, FormPlace::Indirect);
    let size = copy.next;
    let catalog = copy.catalog();
    // The number of the stream that is written next.
    copy.next = FONT;
    copy.append_spoilt(&[(CATALOG, catalog)], |section| {
        section.set("Size", size.to_string());
    });
    copy.assert_breaks(Rule::S5);
}

#[test]
fn s5_a_number_far_beyond_those_in_use_is_refused() {
    for (gap, accepted) in [(100, true), (5_000, false), (8_000_000, false)] {
        let mut copy = copy();
        let number = copy.next + gap;
        let catalog = copy.catalog_with(&format!("/DSS<</Certs[{number} 0 R]>>"));
        copy.append(&[
            (number, stream("", &certificate(b"one"))),
            (CATALOG, catalog),
        ]);
        match accepted {
            true => assert!(copy.judged().is_ok()),
            false => copy.assert_breaks(Rule::S5),
        }
    }
}

#[test]
fn s6_a_key_may_stand_once() {
    for entries in [
        "/Certs[]/Certs[]",
        "/Certs[]/C#65rts[]",
        "/Type/DSS/Type/DSS",
    ] {
        with_dss(entries, &[]).assert_breaks(Rule::S6);
    }
}

#[test]
fn s6_names_are_printable_ascii_and_plainly_spelt() {
    for entries in ["/C\u{e9}rts[]", "/#43erts[]", "/#00[]", "/Cert#7[]", "/ []"] {
        with_dss(entries, &[]).assert_breaks(Rule::S6);
    }
}

#[test]
fn s6_nesting_ends_at_eight() {
    // The catalog and the store are two of the eight.
    with_dss("/Certs[[[[[[]]]]]]", &[]).assert_breaks(Rule::S11);
    with_dss("/Certs[[[[[[[]]]]]]]", &[]).assert_breaks(Rule::S6);
}

#[test]
fn s6_integers_fit_and_stand_where_they_belong() {
    with_dss("/Certs 9223372036854775808", &[]).assert_breaks(Rule::S6);
    let by_reference = stream_of_length("2 0 R");
    with_dss("", &[(first(), by_reference)]).assert_breaks(Rule::S6);
}

fn stream_of_length(length: &str) -> Vec<u8> {
    format!("<</Length {length}>>stream\n\nendstream").into_bytes()
}

#[test]
fn s13_an_object_that_nothing_leads_to_is_refused() {
    let mut orphan = copy();
    let mut objects = orphan.dss_objects();
    objects.push((orphan.next + 10, b"<<>>".to_vec()));
    orphan.append(&objects);
    orphan.assert_breaks(Rule::S13);
}

#[test]
fn s13_an_object_serves_one_purpose() {
    let first = first();
    let both = format!("/Certs {first} 0 R/CRLs {first} 0 R");
    with_dss(&both, &[(first, b"[]".to_vec())]).assert_breaks(Rule::S13);
}

#[test]
fn s14_a_seventeenth_revision_is_refused() {
    let mut copy = copy();
    for _ in 0..=MAX_REVISIONS {
        copy.add_dss();
    }
    copy.assert_breaks(Rule::S14);
}

#[test]
fn s15_a_stream_is_never_written_again() {
    let mut content = copy();
    content.append(&[(CONTENT, stream("", b"q Q"))]);
    content.assert_breaks(Rule::S15);

    let mut item = copy();
    let certificate = item.next;
    item.add_dss();
    item.append(&[(certificate, b"<<>>".to_vec())]);
    item.assert_breaks(Rule::S15);

    let mut catalog = copy();
    catalog.append(&[(CATALOG, stream("/Type/Catalog", b""))]);
    catalog.assert_breaks(Rule::S15);
}

#[test]
fn s16_whatever_is_in_doubt_is_refused() {
    for entries in [
        "/Certs(never closed",
        "/Certs<0>",
        "/Certs<zz>",
        "/Certs nil",
        "/Certs 1.2.3",
        "/Certs 1e5",
        "/Certs --1",
        "(key)/x",
    ] {
        with_dss(entries, &[]).assert_breaks(Rule::S16);
    }
}

#[test]
fn s16_a_stream_ends_where_its_length_says() {
    for length in ["3", "999999", "-1"] {
        let body = format!("<</Length {length}>>stream\n\nendstream").into_bytes();
        with_dss("", &[(first(), body)]).assert_breaks(Rule::S16);
    }
    with_dss("", &[(first(), b"<</Length 0>>stream\rendstream".to_vec())]).assert_breaks(Rule::S16);
}

#[test]
fn s16_a_payload_that_spells_a_document_of_its_own_is_refused() {
    let certs = format!("/Certs[{} 0 R]", first());
    for spelt in [
        "\n3 0 obj<<>>",
        "\n3 0\r\n\tobj",
        "endobj",
        "endstream",
        "trailer",
        "startxref",
        "%%EOF",
        "%PDF-1.7",
        "/ByteRange[0 ",
    ] {
        with_dss(
            &certs,
            &[(first(), stream("", &certificate(spelt.as_bytes())))],
        )
        .assert_breaks(Rule::S16);
        let in_string = format!("/VRI<</X({spelt})>>");
        with_dss(&in_string, &[]).assert_breaks(Rule::S16);
    }
    let harmless = [(first(), stream("", &certificate(b"object 3 0 ob")))];
    assert!(with_dss(&certs, &harmless).judged().is_ok());
}
