//! Pages of all sizes and attitudes.

use segell::model::Placement;
use segell::pdf::PdfError;

use super::builder::{Builder, FONT};
use super::judges::{Renderer, assert_readable, complaints, decode, raster, text};
use super::{banded, legend, options};

fn pages(entries: &[&str]) -> Vec<u8> {
    let mut builder = Builder::new();
    let stream = builder.stream("", "0 0 1 rg -5000 -5000 10000 10000 re f");
    for entries in entries {
        builder.page(&format!(
            "{entries}/Contents {stream} 0 R/Resources<<{FONT}>>"
        ));
    }
    builder.finish()
}

/// The corpus of shapes: what it is, the page's entries.
const SHAPES: &[(&str, &str)] = &[
    ("A4", "/MediaBox[0 0 595.28 841.89]"),
    ("A4 landscape", "/MediaBox[0 0 841.89 595.28]"),
    ("A3 plan", "/MediaBox[0 0 1190.55 841.89]"),
    ("A2 plan", "/MediaBox[0 0 1683.78 1190.55]"),
    ("A5", "/MediaBox[0 0 419.53 595.28]"),
    ("A6", "/MediaBox[0 0 297.64 419.53]"),
    ("A6 landscape", "/MediaBox[0 0 419.53 297.64]"),
    ("receipt of 80 mm", "/MediaBox[0 0 226.77 600]"),
    ("receipt of 58 mm", "/MediaBox[0 0 164.41 420]"),
    ("tiny", "/MediaBox[0 0 60 40]"),
    ("banner", "/MediaBox[0 0 900 150]"),
    ("slides", "/MediaBox[0 0 960 540]"),
    ("turned by 90", "/MediaBox[0 0 595.28 841.89]/Rotate 90"),
    ("turned by 180", "/MediaBox[0 0 595.28 841.89]/Rotate 180"),
    ("turned by 270", "/MediaBox[0 0 595.28 841.89]/Rotate 270"),
    ("turned by -90", "/MediaBox[0 0 595.28 841.89]/Rotate -90"),
    ("negative origin", "/MediaBox[-300 -400 295 442]"),
    (
        "crop box",
        "/MediaBox[0 0 900 1200]/CropBox[100 200 695 1042]",
    ),
    (
        "crop box, turned",
        "/MediaBox[0 0 900 1200]/CropBox[100 200 695 1042]/Rotate 270",
    ),
    (
        "all boxes",
        "/MediaBox[0 0 700 900]/CropBox[20 20 620 860]/BleedBox[10 10 630 870]\
         /TrimBox[30 30 610 850]/ArtBox[40 40 600 840]",
    ),
];

#[test]
fn the_band_can_be_read_on_every_shape() {
    let entries: Vec<&str> = SHAPES.iter().map(|(_, entries)| *entries).collect();
    let source = pages(&entries);
    let (copy, report) = banded(&source, &legend(), options(Placement::Fit)).unwrap();
    assert_eq!(complaints(&copy), "");
    assert_eq!(report.isolated_pages, [0u32; 0]);
    assert_eq!(report.compact_pages, [6, 7, 8, 9, 10, 11]);
    for (index, (name, _)) in SHAPES.iter().enumerate() {
        assert_readable(&copy, index as u32 + 1, name);
    }
}

#[test]
fn the_band_grows_downwards_only_where_drawings_keep_their_scale() {
    let shapes: Vec<_> = SHAPES.iter().filter(|(name, _)| *name != "tiny").collect();
    let entries: Vec<&str> = shapes.iter().map(|(_, entries)| *entries).collect();
    let source = pages(&entries);
    let (copy, _) = banded(&source, &legend(), options(Placement::Extend)).unwrap();
    assert_eq!(complaints(&copy), "");
    for (index, (name, _)) in shapes.iter().enumerate() {
        let number = index as u32 + 1;
        assert_readable(&copy, number, name);
        let before = raster(&source, number, 36, Renderer::MuPdf);
        let after = raster(&copy, number, 36, Renderer::MuPdf);
        assert!(after.width.abs_diff(before.width) <= 1, "{name}");
        assert!(after.height > before.height, "{name}");
    }
}

#[test]
fn a_page_too_narrow_to_grow_downwards_is_named() {
    let source = pages(&["/MediaBox[0 0 595 842]", "/MediaBox[0 0 60 40]"]);
    let refused = banded(&source, &legend(), options(Placement::Extend)).err();
    assert_eq!(refused, Some(PdfError::PageNoRoom { page: 2 }));
}

#[test]
fn a_page_that_would_become_too_long_is_named() {
    let source = pages(&["/MediaBox[0 0 595 14399]"]);
    let refused = banded(&source, &legend(), options(Placement::Fit)).err();
    assert_eq!(refused, Some(PdfError::PageNoRoom { page: 1 }));
}

#[test]
fn a_user_unit_is_kept_and_the_band_is_as_large_on_paper() {
    let source = pages(&[
        "/MediaBox[0 0 59.5 84.2]/UserUnit 10",
        "/MediaBox[0 0 59.5 84.2]/UserUnit 10/Rotate 90",
    ]);
    let (copy, report) = banded(&source, &legend(), options(Placement::Fit)).unwrap();
    assert_eq!(report.compact_pages, [0u32; 0]);
    for number in [1, 2] {
        // Poppler knows no user units: to it, a unit is a point.
        for (renderer, dpi) in [(Renderer::Poppler, 1500), (Renderer::MuPdf, 150)] {
            assert_eq!(
                decode(&copy, number, dpi, renderer),
                super::ADDRESS,
                "{renderer:?}"
            );
        }
        assert!(text(&copy, number).contains(super::CODE));
    }
}

#[test]
fn a_page_grows_in_equal_proportions() {
    for (name, entries) in SHAPES {
        let source = pages(&[entries]);
        let (copy, report) = banded(&source, &legend(), options(Placement::Fit)).unwrap();
        let before = raster(&source, 1, 144, Renderer::Poppler);
        let after = raster(&copy, 1, 144, Renderer::Poppler);
        let ratio = |raster: &super::judges::Raster| raster.width as f64 / raster.height as f64;
        assert!(
            (ratio(&before) / ratio(&after) - 1.0).abs() < 0.02,
            "{name}"
        );
        let printed = before.height as f64 / after.height as f64 * 1000.0;
        assert!(
            (printed - f64::from(report.printed_scale_per_mille)).abs() < 15.0,
            "{name}"
        );
    }
}

#[test]
fn an_a4_page_is_printed_at_926_per_mille() {
    for placement in [Placement::Fit, Placement::Extend] {
        let source = pages(&["/MediaBox[0 0 595.276 841.89]"]);
        let (_, report) = banded(&source, &legend(), options(placement)).unwrap();
        assert_eq!(report.printed_scale_per_mille, 926);
    }
}

#[test]
fn a_page_of_its_own_comes_last_and_leaves_the_others_alone() {
    let source = pages(&["/MediaBox[0 0 595.276 841.89]", "/MediaBox[0 0 100 100]"]);
    let (copy, report) = banded(&source, &legend(), options(Placement::Last)).unwrap();
    assert_eq!(complaints(&copy), "");
    assert_eq!((report.pages, report.printed_scale_per_mille), (3, 1000));
    assert_readable(&copy, 3, "last");
    assert!(text(&copy, 3).contains("Pàgina 3 de 3"));
    for number in [1, 2] {
        let before = raster(&source, number, 72, Renderer::Poppler);
        let after = raster(&copy, number, 72, Renderer::Poppler);
        assert_eq!(before.pixels, after.pixels);
    }
}

#[test]
fn the_lines_are_read_in_their_order() {
    let source = pages(&["/MediaBox[0 0 595.276 841.89]"; 3]);
    let (copy, _) = banded(&source, &legend(), options(Placement::Fit)).unwrap();
    let lines = legend();
    let expected = [
        lines.title,
        lines.code_label + &lines.code,
        lines.check,
        lines.issued + "Pàgina 2 de 3",
    ]
    .join("\n");
    assert_eq!(text(&copy, 2).trim(), expected);
}

#[test]
fn a_test_copy_says_so_on_every_page_and_leaves_the_old_page_alone() {
    let mut legend = legend();
    legend.test_mark = Some("PROVA · SENSE VALIDESA".to_owned());
    let entries: Vec<&str> = SHAPES.iter().map(|(_, entries)| *entries).collect();
    let (copy, _) = banded(&pages(&entries), &legend, options(Placement::Fit)).unwrap();
    for (index, (name, _)) in SHAPES.iter().enumerate() {
        let number = index as u32 + 1;
        assert_readable(&copy, number, name);
        assert!(
            text(&copy, number).contains("PROVA · SENSE VALIDESA"),
            "{name}"
        );
    }
}

#[test]
fn a_name_of_any_length_stays_in_the_band() {
    let mut legend = legend();
    let name = "Organisme Autònom de Gestió dels Municipis de la Vall i la Muntanya ".repeat(4);
    legend.title = format!("Còpia electrònica autèntica · {name}");
    let source = pages(&["/MediaBox[0 0 595 842]", "/MediaBox[0 0 420 595]"]);
    let (copy, report) = banded(&source, &legend, options(Placement::Fit)).unwrap();
    assert!(report.printed_scale_per_mille > 800);
    for number in [1, 2] {
        assert_readable(&copy, number, "long name");
        let words = text(&copy, number)
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ");
        assert!(words.contains(name.trim()), "{words}");
    }
}

/// A page's growth beyond its fixed part must not depend on the number of pages.
#[test]
fn a_page_costs_less_than_four_hundred_bytes_and_its_dictionary() {
    let copy_of = |count: usize| {
        let source = pages(&vec!["/MediaBox[0 0 595.276 841.89]"; count]);
        let (copy, _) = banded(&source, &legend(), options(Placement::Fit)).unwrap();
        (copy.len() - source.len(), copy)
    };
    let (few, _) = copy_of(10);
    let (many, copy) = copy_of(310);
    let dictionary = copy
        .windows(10)
        .rposition(|window| window == b"/Type/Page")
        .map(|at| {
            let start = copy[..at].windows(4).rposition(|w| w == b" obj").unwrap();
            let end = copy[at..].windows(6).position(|w| w == b"endobj").unwrap() + at;
            end - start
        })
        .unwrap();
    let per_page = (many - few) / 300 - dictionary;
    assert!(per_page <= 400, "{per_page} bytes a page");
}
