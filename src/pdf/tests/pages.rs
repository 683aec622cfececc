//! Pages, what they inherit, and their contents.

use super::made::deflated;
use super::*;
use crate::pdf::source::{Page, Rectangle};

fn page(made: &Made) -> Page {
    open(made.table()).unwrap().pages()[0].clone()
}

const fn rectangle(left: f32, bottom: f32, right: f32, top: f32) -> Rectangle {
    Rectangle {
        left,
        bottom,
        right,
        top,
    }
}

#[test]
fn boxes_rotation_and_resources_are_inherited() {
    let made = Made::one_page()
        .with(
            2,
            "<</Kids[5 0 R]/Count 1/MediaBox 6 0 R/Rotate -90/Resources<</Font<<>>>>>>",
        )
        .with(5, "<</Kids[3 0 R]/CropBox[10 10 200 900]/Resources 9 0 R>>")
        .with(6, "[300 400 7 0 R 0]")
        .with(7, "0")
        .with(3, "<</UserUnit 2.5>>");
    let page = page(&made);
    assert_eq!(page.media_box, rectangle(0.0, 0.0, 300.0, 400.0));
    assert_eq!(page.crop_box, rectangle(10.0, 10.0, 200.0, 400.0));
    assert_eq!((page.rotate, page.user_unit), (270, 2.5));
    assert!(matches!(&*page.resources, Object::Dictionary(_)));
}

#[test]
fn boxes_without_an_area_are_as_good_as_none() {
    for media_box in ["[0 0 0 842]", "[0 0 595]", "null", "[/A 0 1 1]"] {
        let entries = format!("<</Type/Page/MediaBox {media_box}/CropBox[900 900 950 950]>>");
        let page = page(&Made::one_page().with(3, entries));
        assert_eq!(page.media_box, rectangle(0.0, 0.0, 612.0, 792.0));
        assert_eq!(page.crop_box, page.media_box);
    }
}

#[test]
fn a_kid_that_leads_back_up_is_passed_over() {
    let made = Made::one_page().with(2, "<</Type/Pages/Kids[2 0 R 3 0 R]/Count 1>>");
    assert_eq!(open(made.table()).unwrap().pages().len(), 1);
}

#[test]
fn a_page_that_stands_twice_is_refused() {
    let made = Made::one_page().with(2, "<</Type/Pages/Kids[3 0 R 3 0 R]/Count 2>>");
    let twice = PdfError::Damaged("a page stands twice in the page tree");
    assert_eq!(refusal(made.table()), Some(twice));
}

#[test]
fn a_page_of_the_wrong_kind_is_refused() {
    let direct = Made::one_page().with(2, "<</Type/Pages/Kids[<</Type/Page>>]/Count 1>>");
    assert!(matches!(
        refusal(direct.table()),
        Some(PdfError::Damaged(_))
    ));
    let stream = Made::one_page().with_stream(3, "/Type/Page", b"");
    assert!(matches!(
        refusal(stream.table()),
        Some(PdfError::Damaged(_))
    ));
}

#[test]
fn content_streams_are_decoded_and_joined() {
    let made = Made::one_page()
        .with(3, "<</Type/Page/Contents 4 0 R>>")
        .with(4, "[5 0 R 6 0 R 9 0 R 7 0 R]")
        .with_stream(5, "", b"q")
        .with_stream(
            6,
            "/Filter[/ASCIIHexDecode 8 0 R]",
            &hexadecimal(&deflated(b"0 g")),
        )
        .with(7, "5 0 R")
        .with(8, "/FlateDecode");
    let source = open(made.table()).unwrap();
    let page = &source.pages()[0];
    assert_eq!(
        source.page_contents(page).unwrap().as_deref(),
        Some(&b"q\n0 g\nq"[..])
    );
    assert_eq!(
        source.content_streams(page),
        Some(vec![(5, 0), (6, 0), (5, 0)])
    );
}

#[test]
fn contents_that_cannot_be_decoded_to_the_end_are_none() {
    let whole = deflated(&[b' '; 3000]);
    let cut = &whole[..whole.len() - 6];
    for made in [
        Made::one_page().with_stream(4, "/Filter/FlateDecode", cut),
        Made::one_page().with_stream(4, "/Filter/JPXDecode", b"x"),
        Made::one_page().with_stream(4, "/F(elsewhere)", b"x"),
        Made::one_page().with(4, "[7 0 R]").with(7, "12"),
    ] {
        let made = made.with(3, "<</Type/Page/Contents 4 0 R>>");
        let source = open(made.table()).unwrap();
        assert_eq!(source.page_contents(&source.pages()[0]), Ok(None));
    }
}

#[test]
fn a_page_without_contents_has_empty_ones() {
    let source = open(Made::one_page().table()).unwrap();
    assert_eq!(
        source.page_contents(&source.pages()[0]),
        Ok(Some(Vec::new()))
    );
}

#[test]
fn a_stream_can_be_had_without_decoding_it() {
    let encoded = deflated(b"BT ET");
    let made = Made::one_page().with_stream(4, "/Filter/FlateDecode", &encoded);
    let source = open(made.table()).unwrap();
    let stream = source.stream_bytes((4, 0)).unwrap();
    assert_eq!(*stream.bytes, encoded);
    assert!(matches!(stream.bytes, std::borrow::Cow::Borrowed(_)));
    assert!(stream.dictionary.has(b"Filter"));
    assert!(source.stream_bytes((3, 0)).is_none());
}

fn hexadecimal(bytes: &[u8]) -> Vec<u8> {
    let mut text: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    text.push('>');
    text.into_bytes()
}
