//! Annotations that reach where the band is.

use segell::model::Placement;
use segell::pdf::PdfError;
use segell::pdf::band::BandOptions;

use super::builder::{A4, Builder, page_with};
use super::judges::{Renderer, assert_readable, raster};
use super::{banded, legend, options};

const DPI: u32 = 72;

/// An A4 page with one annotation; `APPEARANCE` stands for a black square.
fn page_with_annotation(annotation: &str) -> Vec<u8> {
    annotated("", annotation)
}

/// The same, with more entries of the page.
fn annotated(page: &str, annotation: &str) -> Vec<u8> {
    let mut builder = Builder::new();
    let appearance = builder.stream(
        "/Type/XObject/Subtype/Form/BBox[0 0 10 10]",
        "0 g 0 0 10 10 re f",
    );
    let annotation = annotation.replace("APPEARANCE", &format!("/AP<</N {appearance} 0 R>>"));
    let annotation = builder.object(format!("<</Type/Annot {annotation}>>"));
    let stream = builder.stream("", "");
    builder.page(&format!(
        "{A4}{page}/Contents {stream} 0 R/Annots[{annotation} 0 R]"
    ));
    builder.finish()
}

/// Dark pixels inside and outside the old page.
fn dark(pdf: &[u8], renderer: Renderer) -> (usize, usize) {
    let innocent = banded(&page_with(""), &legend(), options(Placement::Fit)).unwrap();
    let plain = raster(&innocent.0, 1, DPI, renderer);
    let found = raster(pdf, 1, DPI, renderer);
    let (mut inside, mut outside) = (0, 0);
    for y in 0..plain.height {
        for x in 0..plain.width {
            let at = y * plain.width + x;
            if found.pixels[at].abs_diff(plain.pixels[at]) > 60 {
                // The old page: 24 points from the sides, 67 from below.
                if (22..plain.width - 22).contains(&x) && y < plain.height - 66 {
                    inside += 1;
                } else {
                    outside += 1;
                }
            }
        }
    }
    (inside, outside)
}

#[test]
fn an_appearance_over_the_band_is_cut_at_the_old_page() {
    for subtype in ["Stamp", "Widget/FT/Tx/T(a)", "FreeText", "Link", "Text"] {
        let source = page_with_annotation(&format!(
            "/Subtype/{subtype}/Rect[-50 -60 200 50]/F 4 APPEARANCE"
        ));
        let (copy, report) = banded(&source, &legend(), options(Placement::Fit)).unwrap();
        for renderer in Renderer::ALL {
            let (inside, outside) = dark(&copy, renderer);
            assert_eq!(outside, 0, "{subtype} {renderer:?}");
            // 200 by 50 points were in the page before, and still are.
            assert!(
                (9_500..10_500).contains(&inside),
                "{subtype} {renderer:?} {inside}"
            );
        }
        assert_readable(&copy, 1, subtype);
        let expected: &[u32] = if subtype == "Link" { &[] } else { &[1] };
        assert_eq!(report.flattened_pages, expected, "{subtype}");
    }
}

#[test]
fn an_annotation_without_an_appearance_does_not_reach_the_band() {
    for annotation in [
        "/Subtype/Square/Rect[-50 -60 200 50]/C[0 0 0]/IC[0 0 0]/F 4",
        "/Subtype/Line/Rect[10 10 50 50]/L[10 10 300 -60]/C[0 0 0]/BS<</W 9>>/F 4",
        "/Subtype/Ink/Rect[10 10 50 50]/InkList[[10 10 300 -60 10 -60]]/C[0 0 0]/BS<</W 9>>/F 4",
        "/Subtype/Highlight/Rect[10 10 50 50]/QuadPoints[0 0 500 0 0 -60 500 -60]/C[0 0 0]/F 4",
        "/Subtype/Link/Rect[0 -60 500 2]/Border[0 0 8]/C[0 0 0]/F 4",
        "/Subtype/Text/Rect[100 1 120 3]/Name/Note/C[0 0 0]/F 4",
        "/Subtype/Popup/Rect[0 -60 500 100]/Open true/F 4 APPEARANCE",
        "/Subtype/Watermark/Rect[10 10 50 50]/FixedPrint<</Type/FixedPrint/H 0/V 0>>/F 4 APPEARANCE",
    ] {
        let source = page_with_annotation(annotation);
        let (copy, _) = banded(&source, &legend(), options(Placement::Fit)).unwrap();
        for renderer in Renderer::ALL {
            assert_eq!(dark(&copy, renderer).1, 0, "{annotation} {renderer:?}");
        }
        assert_readable(&copy, 1, annotation);
    }
}

#[test]
fn an_organ_may_refuse_annotations_outside_the_page() {
    let strict = BandOptions {
        placement: Placement::Fit,
        flatten_outside: false,
    };
    let stamp = page_with_annotation("/Subtype/Stamp/Rect[-50 -60 200 50]/F 4 APPEARANCE");
    let refused = banded(&stamp, &legend(), strict).err();
    assert_eq!(refused, Some(PdfError::AnnotationOutsidePage { page: 1 }));
    for harmless in [
        "/Subtype/Stamp/Rect[50 60 200 150]/F 4 APPEARANCE",
        "/Subtype/Stamp/Rect[50 800 200 950]/F 4 APPEARANCE",
        "/Subtype/Link/Rect[-50 -60 200 50]",
        "/Subtype/Popup/Rect[-50 -60 200 50]",
        "/Subtype/Widget/FT/Sig/T(s)/Rect[0 0 0 0]/F 132",
        "/Subtype/Stamp/Rect[-50 -60 200 50]/F 2 APPEARANCE",
    ] {
        let source = page_with_annotation(harmless);
        assert!(banded(&source, &legend(), strict).is_ok(), "{harmless}");
    }
}

#[test]
fn what_lies_inside_the_page_is_left_alone() {
    let source = page_with_annotation("/Subtype/Stamp/Rect[50 60 200 150]/F 4 APPEARANCE");
    let (copy, report) = banded(&source, &legend(), options(Placement::Fit)).unwrap();
    assert_eq!(report.flattened_pages, [0u32; 0]);
    let tail = String::from_utf8_lossy(&copy[source.len()..]).into_owned();
    assert!(!tail.contains("/Subtype/Stamp"));
}

#[test]
fn an_annotation_that_stays_upright_on_a_turned_page_is_measured_as_it_is_drawn() {
    for (flags, expected) in [(4, &[][..]), (4 | 16, &[1][..])] {
        let upright = format!("/Subtype/Stamp/Rect[560 300 590 500]/F {flags} APPEARANCE");
        let source = annotated("/Rotate 90", &upright);
        let (_, report) = banded(&source, &legend(), options(Placement::Fit)).unwrap();
        assert_eq!(report.flattened_pages, expected);
    }
}
