//! Signatures of the source: their widgets leave, and what they show stays where it was.

use segell::model::Placement;

use super::builder::{A4, Builder};
use super::judges::{Renderer, assert_readable, complaints, raster};
use super::{banded, legend, options};

const DPI: u32 = 150;

/// A page with these entries and contents, and the widget of a signature on it. Its appearance, a
/// triangle, has these entries besides its type.
fn signed(page: &str, contents: &str, widget: &str, appearance: &str) -> Vec<u8> {
    let mut builder = Builder::new().catalog(
        "/AcroForm<</SigFlags 3/Fields[5 0 R]>>/Perms<</DocMDP 3 0 R>>\
         /OCProperties<</OCGs[6 0 R]/D<</OFF[6 0 R]>>>>",
    );
    assert_eq!(builder.object("<</Type/Sig/Contents<00>>>"), 3);
    let triangle = format!("/Type/XObject/Subtype/Form{appearance}");
    let shape = "0.8 0.1 0.1 rg 10 10 m 90 10 l 10 40 l f";
    assert_eq!(builder.stream(&triangle, shape), 4);
    let field = format!(
        "<</Type/Annot/Subtype/Widget/FT/Sig/T(Signature1)/V 3 0 R/AP<</N 4 0 R>>{widget}>>"
    );
    assert_eq!(builder.object(field), 5);
    assert_eq!(builder.object("<</Type/OCG/Name(Layer)>>"), 6);
    let contents = builder.stream("", contents);
    builder.page(&format!(
        "{A4}{page}/Contents {contents} 0 R/Annots[5 0 R]/Resources<<>>"
    ));
    builder.finish()
}

const PLAIN: &str = "/BBox[0 0 100 50]";

/// Every pixel of the page is as it was, in every reader. Under `last` the page keeps its size.
fn assert_same(source: &[u8], name: &str) -> usize {
    let (copy, report) = banded(source, &legend(), options(Placement::Last)).unwrap();
    for renderer in Renderer::ALL {
        let before = raster(source, 1, DPI, renderer);
        let after = raster(&copy, 1, DPI, renderer);
        assert_eq!((before.width, before.height), (after.width, after.height));
        let different = before
            .pixels
            .iter()
            .zip(&after.pixels)
            .filter(|(before, after)| before != after)
            .count();
        assert_eq!(different, 0, "{name} by {renderer:?}");
    }
    assert_readable(&copy, 2, name);
    report.flattened_pages.len()
}

#[test]
fn a_signature_is_seen_where_it_stood() {
    for (name, page, widget, appearance) in [
        ("plain", "", "/F 4/Rect[100 200 200 250]", PLAIN),
        (
            "stretched",
            "",
            "/F 132/Rect[100.25 200.5 407.125 333]",
            PLAIN,
        ),
        (
            "corners in another order",
            "",
            "/F 4/Rect[200 250 100 200]",
            PLAIN,
        ),
        (
            "turned by its matrix",
            "",
            "/F 4/Rect[100 200 150 300]",
            "/BBox[0 0 100 50]/Matrix[0 1 -1 0 50 0]",
        ),
        (
            "skewed by its matrix",
            "",
            "/F 4/Rect[100 200 300 300]",
            "/BBox[5 5 80 45]/Matrix[1 0.2 0.4 1 7 9]",
        ),
        (
            "on a turned page",
            "/Rotate 90",
            "/F 4/Rect[100 200 200 250]",
            PLAIN,
        ),
        ("cut by the page", "", "/F 4/Rect[-40 -20 160 80]", PLAIN),
    ] {
        let source = signed(page, "0 0 1 RG 50 50 400 400 re S", widget, appearance);
        assert_eq!(assert_same(&source, name), 1, "{name}");
    }
}

#[test]
fn a_signature_that_nobody_saw_stays_unseen() {
    for (name, widget) in [
        ("hidden", "/F 2/Rect[100 200 200 250]"),
        ("not for the screen", "/F 32/Rect[100 200 200 250]"),
        ("without an area", "/F 132/Rect[0 0 0 0]"),
    ] {
        let source = signed("", "", widget, PLAIN);
        assert_eq!(assert_same(&source, name), 0, "{name}");
    }
    // What a layer hides is still there for who shows the layer.
    let source = signed("", "", "/F 4/OC 6 0 R/Rect[100 200 200 250]", PLAIN);
    assert_eq!(assert_same(&source, "on a hidden layer"), 1);
}

#[test]
fn a_signature_that_stays_upright_is_upright_on_a_turned_page() {
    for rotate in [90, 180, 270] {
        let source = signed(
            &format!("/Rotate {rotate}"),
            "",
            "/F 20/Rect[200.3 300.7 300.3 350.7]",
            PLAIN,
        );
        let name = format!("turned by {rotate}");
        assert_eq!(assert_same(&source, &name), 1, "{name}");
    }
}

#[test]
fn no_graphics_state_of_the_contents_reaches_a_signature() {
    for contents in [
        "q 0.5 0 0 0.5 90 0 cm 0 0 1 rg 0 0 30 30 re f",
        "Q Q 5 0 0 5 0 0 cm",
        "0 0 10 10 re W n",
        "BT",
        "/Layer BMC",
        "3 Tr 1 1 1 rg",
    ] {
        let source = signed("", contents, "/F 4/Rect[100 200 200 250]", PLAIN);
        assert_same(&source, contents);
    }
}

#[test]
fn a_signature_is_under_the_band_and_never_over_it() {
    for placement in [Placement::Fit, Placement::Extend] {
        let source = signed("", "", "/F 4/Rect[-90 -90 600 90]", PLAIN);
        let (copy, report) = banded(&source, &legend(), options(placement)).unwrap();
        assert_eq!(report.flattened_pages, [1]);
        assert_readable(&copy, 1, "a signature over the band");
        assert_eq!(complaints(&copy), "");
    }
}
