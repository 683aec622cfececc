//! The rules about what may be appended, each broken.

use super::super::Rule;
use super::super::cross_reference::Form;
use super::additions::{first, signature_dictionary, with_dss};
use super::copy::{CATALOG, Copy, FormPlace, copy};
use super::section::{find_first, stream};
use super::validation_data::{certificate, crl, deflated, der, token};

#[test]
fn s7_the_catalog_may_not_change() {
    for more in [
        "/OpenAction 5 0 R",
        "/Names<<>>",
        "/PageMode/FullScreen",
        "/Extensions<</EVIL<</BaseVersion/1.7/ExtensionLevel 1>>>>",
        "/Extensions<</ESIC<</BaseVersion/1.7/ExtensionLevel 99>>>>",
        "/Extensions<</ESIC<</BaseVersion/1.7/ExtensionLevel 1/URL(x)>>>>",
        "/Extensions 5 0 R",
    ] {
        let mut copy = copy();
        let catalog = copy.catalog_with(more);
        copy.append(&[(CATALOG, catalog)]);
        copy.assert_breaks(Rule::S7);
    }
    for (old, new) in [
        ("/Pages 2 0 R", "/Pages 3 0 R"),
        ("(ca-ES)", "(es-ES)"),
        ("/Lang(ca-ES)", "            "),
    ] {
        let mut copy = copy();
        copy.append(&[(CATALOG, copy.catalog())]);
        copy.replace(old, new);
        copy.assert_breaks(Rule::S7);
    }
}

#[test]
fn s8_the_form_may_not_change() {
    for (old, new) in [
        ("/SigFlags 3", "/SigFlags 1"),
        ("(/Helv 0 Tf 0 g)", "(/Helv 9 Tf 0 g)"),
        ("/DA(/Helv 0 Tf 0 g)", "/NeedAppearances 1 "),
        ("/DA(/Helv 0 Tf 0 g)", "                   "),
        ("/Fields[6 0 R 7 0 R", "/Fields[5 0 R 7 0 R"),
        ("/Fields[6 0 R 7 0 R", "/Fields[7 0 R 6 0 R"),
        ("/Fields[6 0 R 7 0 R", "/Fields[      7 0 R"),
    ] {
        let mut copy = copy();
        copy.add_timestamp();
        copy.replace(old, new);
        copy.assert_breaks(Rule::S8);
    }
}

#[test]
fn s8_one_revision_adds_one_field() {
    let mut copy = copy();
    copy.fields.push(copy.next + 2);
    copy.add_timestamp();
    copy.assert_breaks(Rule::S8);
}

#[test]
fn s8_the_form_may_not_be_lost_or_replaced() {
    for (old, new) in [
        ("/AcroForm 9 0 R", "/AcroForm 5 0 R"),
        ("/AcroForm 9 0 R", "               "),
    ] {
        let mut copy = copy();
        copy.append(&[(CATALOG, copy.catalog())]);
        copy.replace(old, new);
        copy.assert_breaks(Rule::S8);
    }
}

#[test]
fn s9_a_field_that_is_more_than_an_invisible_timestamp_is_refused() {
    for more in [
        "/AP<<>>",
        "/A<<>>",
        "/AA<<>>",
        "/MK<<>>",
        "/DA(x)",
        "/Lock<<>>",
        "/SV<<>>",
        "/Kids[]",
        "/Parent 6 0 R",
        "/DV(x)",
        "/OC 5 0 R",
    ] {
        let mut copy = copy();
        copy.add_timestamp_of(more, "", |_| {});
        copy.assert_breaks(Rule::S9);
    }
    for (old, new) in [
        ("/Rect[0 0 0 0]", "/Rect[0 0 9 9]"),
        ("/Rect[0 0 0 0]", "/Rect[0 0 0  ]"),
        ("/FT/Sig", "/FT/Btn"),
        ("/Type/DocTimeStamp", "/Type/Sig         "),
        ("/SubFilter/ETSI.RFC3161", "/SubFilter/ETSI.RFC3162"),
    ] {
        let mut copy = copy();
        copy.add_timestamp();
        copy.replace(old, new);
        copy.assert_breaks(Rule::S9);
    }
}

#[test]
fn s9_a_timestamp_says_nothing_else() {
    for more in [
        "/Name(Ajuntament)",
        "/Reason(x)",
        "/Reference[]",
        "/Prop_Build<</App 5 0 R>>",
        "/Cert(x)",
    ] {
        let mut copy = copy();
        copy.add_timestamp_of("", more, |_| {});
        copy.assert_breaks(Rule::S9);
    }
}

#[test]
fn s9_the_name_of_the_field_must_be_new() {
    let first = first();
    for name in [
        "(Segell)",
        "(amount)",
        "(a.b)",
        "()",
        "(\\351)",
        "<feff0053006500670065006c006c>",
        "5",
    ] {
        let mut copy = copy();
        let body = format!("<</FT/Sig/T{name}/Rect[0 0 0 0]/V {} 0 R>>", first + 1);
        let value = signature_dictionary("/Type/DocTimeStamp/SubFilter/ETSI.RFC3161");
        copy.add_field(
            first,
            vec![
                (first, body.replace("T5", "T 5").into_bytes()),
                (first + 1, value),
            ],
            |_| {},
        );
        copy.assert_breaks(Rule::S9);
    }
    let mut twice = copy();
    twice.add_timestamp().add_timestamp();
    let second = format!("(Timestamp{})", twice.fields[3]);
    twice.replace(&second, &format!("(Timestamp{})", twice.fields[2]));
    twice.assert_breaks(Rule::S9);
}

#[test]
fn s9_a_name_that_cannot_be_compared_is_not_known_to_be_new() {
    let trailer = vec![("Encrypt", "5 0 R".to_owned())];
    let mut copy = Copy::with_trailer(Form::Table, FormPlace::Indirect, trailer);
    copy.add_timestamp();
    copy.assert_breaks(Rule::S9);
}

#[test]
fn s10_the_byte_range_leaves_out_its_contents_and_nothing_else() {
    let mut intact = copy();
    intact.add_timestamp();
    let suffix = String::from_utf8(intact.suffix().to_vec()).unwrap();
    let start = suffix.find("/ByteRange[").unwrap() + "/ByteRange[".len();
    let written = &suffix[start..start + suffix[start..].find(']').unwrap()];
    let numbers: Vec<i64> = written
        .split(' ')
        .map(|number| number.parse().unwrap())
        .collect();
    let changes = [
        [1, 0, 0, -1],
        [0, -1, 0, 0],
        [0, 1, 0, 0],
        [0, 0, 1, -1],
        [0, 0, -1, 1],
        [0, 0, 0, -2],
        [0, 0, 0, 1],
        [0, 0, 0, -numbers[3]],
    ];
    for change in changes {
        let mut spoilt = intact.clone();
        let spoilt_numbers: Vec<i64> = numbers
            .iter()
            .zip(change)
            .map(|(one, two)| one + two)
            .collect();
        let [a, b, c, d] = spoilt_numbers[..] else {
            panic!()
        };
        spoilt.replace(written, &format!("{a} {b:010} {c:010} {d:010}"));
        spoilt.assert_breaks(Rule::S10);
    }
    for (old, new) in [
        (written, written.replacen("0 0", "(0)", 1)),
        (written, format!("{:1$}", "0 1 2", written.len())),
    ] {
        let mut spoilt = intact.clone();
        spoilt.replace(old, &new);
        spoilt.assert_breaks(Rule::S10);
    }
}

#[test]
fn s10_the_hole_holds_one_token_and_zeros() {
    let hex = |bytes: &[u8]| {
        bytes
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect::<String>()
    };
    let token = hex(&token());
    for (old, new) in [
        (&token[..8], "31820000"),
        (&token[..8], "30800000"),
        (&token[..8], "00000000"),
        ("0000>", "0001>"),
        ("0000>", "00 0>"),
        ("0000>", "    >"),
    ] {
        let mut copy = copy();
        copy.add_timestamp();
        copy.replace(old, new);
        assert!(
            matches!(copy.judged().unwrap_err().rule, Rule::S10 | Rule::S16),
            "{new}"
        );
    }
}

#[test]
fn s10_a_timestamp_covers_its_own_revision_not_a_later_one() {
    let mut copy = copy();
    copy.add_timestamp();
    let end = copy.bytes.len();
    copy.add_dss();
    // As if it had been made over both.
    let later = copy.bytes.len() - end;
    let suffix = copy.suffix();
    let place = find_first(suffix, b"/ByteRange[0 ") + 13 + 22;
    let length: usize = std::str::from_utf8(&suffix[place..place + 10])
        .unwrap()
        .parse()
        .unwrap();
    let place = copy.base + place;
    copy.bytes[place..place + 10].copy_from_slice(format!("{:010}", length + later).as_bytes());
    copy.assert_breaks(Rule::S10);
}

#[test]
fn s11_only_validation_data_stands_in_the_store() {
    let first = first();
    let certs = format!("/Certs[{first} 0 R]");
    let good = certificate(b"one");
    let long = [good.clone(), vec![0]].concat();
    let streams = [
        stream("", &long),
        stream("", &good[..good.len() - 1]),
        stream("", &crl()),
        stream("", b"q Q"),
        stream("", &der(0x30, &[])),
        stream("/Filter/FlateDecode", &good),
        stream("/Filter/FlateDecode", &[deflated(&good), vec![0]].concat()),
        stream("/Filter/ASCIIHexDecode", b"3000>"),
        stream("/Filter[/FlateDecode]", &deflated(&good)),
        stream("/DecodeParms<<>>/Filter/FlateDecode", &deflated(&good)),
        stream("/F(http://example.org)", &good),
        stream(
            "/Filter/FlateDecode",
            &deflated(&certificate(&vec![0; 10 << 20])),
        ),
        b"<<>>".to_vec(),
        b"[]".to_vec(),
    ];
    for body in streams {
        with_dss(&certs, &[(first, body)]).assert_breaks(Rule::S11);
    }
}

#[test]
fn s11_the_store_has_its_own_entries_only() {
    let first = first();
    for entries in [
        "/Evil 5 0 R",
        "/Type/Font",
        "/Certs 5",
        "/Certs[5 0 R]",
        "/Certs[(x)]",
        "/Certs 5 0 R",
        "/VRI 5 0 R",
        "/VRI<</ABC<<>>>>",
        "/VRI<</0123456789012345678901234567890123456789<<>>>>",
        "/VRI<</012345678901234567890123456789012345678g<<>>>>",
    ] {
        with_dss(entries, &[]).assert_breaks(Rule::S11);
    }
    let digest = copy().seal_digest();
    for entry in [
        "/Evil 5 0 R",
        "/Type/DSS",
        "/TU 5",
        "/Cert[5 0 R]",
        "/TS 5 0 R",
        "/TS[]",
    ] {
        with_dss(&format!("/VRI<</{digest}<<{entry}>>>>"), &[]).assert_breaks(Rule::S11);
    }
    with_dss(&format!("/VRI<</{}<<>>>>", digest.to_lowercase()), &[]).assert_breaks(Rule::S11);
    let token = stream("", &token());
    let timestamped = with_dss(
        &format!("/VRI<</{digest}<</TS {first} 0 R>>>>"),
        &[(first, token)],
    );
    assert!(timestamped.judged().is_ok());
}

#[test]
fn s11_validation_data_that_was_there_stays() {
    let mut copy = copy();
    copy.add_dss();
    copy.dss = None;
    copy.append(&[(CATALOG, copy.catalog())]);
    copy.assert_breaks(Rule::S11);
}

#[test]
fn s12_what_belongs_to_a_page_is_never_appended() {
    for body in [
        "<</Type/Page/Parent 2 0 R>>",
        "<</Type/Annot/Subtype/FreeText/Rect[0 0 9 9]>>",
        "<</Subtype/Stamp>>",
        "<</Type/Annot>>",
        "<</Type/Font/Subtype/Type1>>",
        "<</Type/Catalog>>",
        "<</Type/Outlines>>",
        "<</Type 5>>",
    ] {
        let mut copy = copy();
        copy.append(&[(copy.next, body.into())]);
        copy.assert_breaks(Rule::S12);
    }
    let mut form = copy();
    form.append(&[(form.next, stream("/Type/XObject/Subtype/Form", b"q Q"))]);
    form.assert_breaks(Rule::S12);
}
