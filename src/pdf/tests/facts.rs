//! What is found in a source.

use super::*;
use crate::pdf::facts::{ActiveContent, SourceFacts};

fn found(made: &Made) -> SourceFacts {
    open(made.table()).unwrap().facts().clone()
}

fn catalog(entries: &str) -> Made {
    Made::one_page().with(1, format!("<</Type/Catalog/Pages 2 0 R{entries}>>"))
}

#[test]
fn a_plain_page_has_nothing_to_report() {
    let expected = SourceFacts {
        version: "1.7".to_owned(),
        pages: 1,
        objects: 3,
        ..SourceFacts::default()
    };
    assert_eq!(found(&Made::one_page()), expected);
}

#[test]
fn the_later_of_header_and_catalog_is_the_version() {
    assert_eq!(found(&catalog("/Version/2.0")).version, "2.0");
    assert_eq!(found(&catalog("/Version/1.4")).version, "1.7");
}

#[test]
fn active_content_is_found_wherever_it_hangs() {
    let made =
        catalog("/OpenAction<</S/JavaScript/JS()>>/Names<</JavaScript<</Names[(a) 9 0 R]>>>>")
            .with(2, "<</Type/Pages/Kids[3 0 R 4 0 R]/Count 2>>")
            .with(
                4,
                "<</Type/Page/Annots[5 0 R 6 0 R]/AA<</O<</S/GoTo/Next<</S/Launch>>>>>>>>",
            )
            .with(5, "<</Type/Annot/Subtype/Link/Rect[0 0 1 1]/A 7 0 R>>")
            .with(6, "<</Type/Annot/Subtype/RichMedia/Rect[0 0 1 1]>>")
            .with(7, "<</S/URI/Next[8 0 R]>>")
            .with(8, "<</S/SubmitForm>>")
            .with(9, "<</S/JavaScript/JS()>>");
    let active = |action: &str, page| ActiveContent {
        action: action.to_owned(),
        page,
    };
    assert_eq!(
        found(&made).active_content,
        [
            active("JavaScript", None),
            active("Launch", Some(2)),
            active("RichMedia", Some(2)),
            active("SubmitForm", Some(2)),
        ]
    );
}

#[test]
fn links_and_jumps_are_not_active() {
    let made = catalog("/OpenAction[3 0 R/Fit]")
        .with(
            3,
            "<</Type/Page/Annots[<</Subtype/Link/Rect[0 0 1 1]/A<</S/URI>>>>]>>",
        )
        .with(4, "<</S/GoToR>>")
        .with_trailer("/Extra 4 0 R");
    assert_eq!(found(&made).active_content, []);
}

#[test]
fn fields_signatures_and_xfa_are_counted() {
    let made = catalog("/AcroForm<</Fields[10 0 R 13 0 R 14 0 R]/XFA[]/NeedAppearances true>>")
        .with(3, "<</Type/Page/Annots[16 0 R]>>")
        .with(10, "<</T(a)/Kids[11 0 R 12 0 R]>>")
        .with(
            11,
            "<</T(b)/FT/Tx/Kids[<</Subtype/Widget>><</Subtype/Widget>>]>>",
        )
        .with(12, "<</T(c)/FT/Btn/Parent 10 0 R>>")
        .with(13, "<</T(s)/FT/Sig/V 15 0 R>>")
        .with(14, "<</T(e)/FT/Sig>>")
        .with(15, "<</Type/Sig/Contents<00>>>")
        .with(
            16,
            "<</Subtype/Widget/FT/Sig/V<</Type/DocTimeStamp/Contents<01>>>>>",
        );
    let facts = found(&made);
    assert_eq!((facts.form_fields, facts.signatures), (4, 2));
    assert!(facts.xfa && facts.need_appearances);
}

#[test]
fn one_signature_in_two_fields_counts_once() {
    let made = catalog("/AcroForm<</Fields[4 0 R 5 0 R 4 0 R]>>")
        .with(4, "<</T(a)/FT/Sig/V 6 0 R>>")
        .with(5, "<</T(b)/FT/Sig/V 6 0 R>>")
        .with(6, "<</Type/Sig/Contents<00>>>");
    assert_eq!(found(&made).signatures, 1);
}

#[test]
fn attachments_count_by_the_file_embedded() {
    let made = catalog("/Names<</EmbeddedFiles<</Names[(a) 4 0 R]>>>>/AF[4 0 R]")
        .with(
            3,
            "<</Type/Page/Annots[<</Subtype/FileAttachment/FS 5 0 R>>]>>",
        )
        .with(4, "<</Type/Filespec/EF<</F 6 0 R/UF 6 0 R>>>>")
        .with(5, "<</EF<</F 7 0 R>>>>")
        .with_stream(6, "/Type/EmbeddedFile", b"")
        .with_stream(7, "/Type/EmbeddedFile", b"");
    assert_eq!(found(&made).attachments, 2);
}

#[test]
fn pdfa_is_read_from_attributes_and_from_elements() {
    for (xmp, expected) in [
        ("<d pdfaid:part='3' pdfaid:conformance=\"B\"/>", Some("3b")),
        (
            "<pdfaid:part>1</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>",
            Some("1a"),
        ),
        ("<pdfaid:part>4</pdfaid:part>", Some("4")),
        ("<pdfaid:part>x</pdfaid:part>", None),
        ("", None),
    ] {
        let made = catalog("/Metadata 4 0 R").with_stream(4, "/Type/Metadata", xmp.as_bytes());
        assert_eq!(found(&made).pdfa.as_deref(), expected);
    }
}

#[test]
fn annotations_beyond_the_crop_box_name_their_page() {
    let reach = |annotation: &str| {
        let page = format!("<</Type/Page/MediaBox[0 0 100 100]/Annots[{annotation}]>>");
        found(&Made::one_page().with(3, page)).annotations_outside
    };
    assert_eq!(reach("<</Subtype/Square/Rect[10 -20 20 20]>>"), [1]);
    assert_eq!(reach("<</Subtype/Link/Rect[20 150 10 90]>>"), [1]);
    assert!(reach("<</Subtype/Square/Rect[0 0 100.05 100]>>").is_empty());
    assert!(reach("<</Subtype/Popup/Rect[10 -20 20 20]>>").is_empty());
    assert!(reach("<</Subtype/Square/F 2/Rect[10 -20 20 20]>>").is_empty());
    assert!(reach("<</Subtype/Widget/Rect[0 0 0 0]>>").is_empty());
}

#[test]
fn hidden_objects_count_and_those_that_hold_the_file_together_do_not() {
    let made = Made::one_page().with(4, "(forgotten)").with(5, "[4 0 R]");
    assert_eq!(found(&made).unreachable_objects, 2);
    let source = open(made.stream(&[1, 2])).unwrap();
    assert_eq!(source.facts().unreachable_objects, 2);
    assert_eq!(source.facts().objects, 7);
}

#[test]
fn tags_layers_and_linearization_are_facts() {
    let made = catalog("/MarkInfo<</Marked true>>/OCProperties<</OCGs[4 0 R 5 0 R]>>");
    let facts = found(&made);
    assert!(facts.tagged && !facts.linearized);
    assert_eq!(facts.layers, 2);
}
