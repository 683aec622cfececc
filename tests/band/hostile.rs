//! Contents that try to swallow, hide or overpaint what is drawn after them.

use std::sync::OnceLock;

use segell::model::Placement;

use super::builder::{A4, Builder, FONT, page_with};
use super::judges::{Raster, Renderer, assert_readable, raster};
use super::{banded, legend, options};

const DPI: u32 = 72;

/// The raster of a page with nothing on it but its band.
fn innocent(renderer: Renderer) -> &'static Raster {
    static RASTERS: OnceLock<Vec<Raster>> = OnceLock::new();
    let rasters = RASTERS.get_or_init(|| {
        let (copy, _) = banded(&page_with(""), &legend(), options(Placement::Fit)).unwrap();
        Renderer::ALL
            .map(|renderer| raster(&copy, 1, DPI, renderer))
            .into()
    });
    &rasters[renderer as usize]
}

/// Outside the old page every pixel is as on an innocent page, and the band can be read.
fn assert_survives(name: &str, source: &[u8]) {
    let (hostile, report) = banded(source, &legend(), options(Placement::Fit)).unwrap();
    for renderer in Renderer::ALL {
        let expected = innocent(renderer);
        let found = raster(&hostile, 1, DPI, renderer);
        assert_eq!(
            (found.width, found.height),
            (expected.width, expected.height),
            "{name}"
        );
        let different = differences_outside(expected, &found);
        assert_eq!(
            different, 0,
            "{name}: pixels of the grown area that differ in {renderer:?} ({report:?})"
        );
    }
    assert_readable(&hostile, 1, name);
}

/// Pixels of the grown area that differ. An A4 page grows by 23.8 points at the sides and 67.4 below.
fn differences_outside(expected: &Raster, found: &Raster) -> usize {
    let pixels = |points: f64| (points * f64::from(DPI) / 72.0) as usize;
    let (side, bottom) = (pixels(23.8 - 1.5), pixels(67.4 - 1.5));
    (0..expected.height)
        .flat_map(|y| (0..expected.width).map(move |x| (x, y)))
        .filter(|(x, y)| *x < side || *x >= expected.width - side || *y >= expected.height - bottom)
        .filter(|(x, y)| {
            let at = y * expected.width + x;
            expected.pixels[at].abs_diff(found.pixels[at]) > 2
        })
        .count()
}

#[test]
fn the_band_survives_every_ending_of_the_contents() {
    let endings: &[(&str, &str)] = &[
        ("extra restores", "Q Q Q 1 0 0 rg"),
        ("extra restore, then a clip to nothing", "Q 0 0 0 0 re W n"),
        (
            "extra restore, then a paint over all",
            "Q 0 g -999 -999 9999 9999 re f",
        ),
        ("open save with a clip", "q 0 0 10 10 re W n"),
        ("open saves with a matrix", "q q q .1 0 0 .1 5000 5000 cm"),
        ("clip to nothing", "0 0 0 0 re W n"),
        ("huge matrix", "1000000 0 0 1000000 0 0 cm"),
        ("singular matrix", "0 0 0 0 0 0 cm"),
        ("unterminated string", "BT /F 12 Tf 72 72 Td (abc"),
        ("unterminated nested string", "(((abc\\"),
        ("unterminated hexadecimal string", "<4142"),
        ("open array", "[ 1 2 3"),
        ("open dictionary", "/P << /A"),
        ("comment without an end", "q Q % Q"),
        (
            "inline image left open",
            "q BI /W 2 /H 2 /BPC 8 /CS /G ID ab",
        ),
        ("inline image without data", "BI /W 2 /H 2"),
        (
            "inline image that asks for all that follows",
            "BI /W 9999 /H 9999 /BPC 8 /CS /G ID x EI",
        ),
        (
            "inline image that ends in two places",
            "BI /W 9 /H 1 /BPC 8 /CS /G ID a EI (bcd EI ",
        ),
        ("text object left open", "BT /F 12 Tf 3 Tr 0 0 Td (x) Tj"),
        ("clip to text", "BT /F 12 Tf 7 Tr 72 72 Td (x) Tj ET"),
        ("clip to text left open", "BT /F 12 Tf 7 Tr 72 72 Td (x) Tj"),
        ("marked content left open", "/Span BMC /P <</A 1>> BDC"),
        ("compatibility section left open", "BX"),
        ("white on white", "1 1 1 rg 1 1 1 RG 1 g 1 G"),
        (
            "odd text state",
            "3 Tr 900 Tc 900 Tw 1 Tz 900 Ts 500 w [9 99] 0 d",
        ),
        ("path left open", "0 0 m 600 900 l W"),
        ("operands left behind", "1 2 3 4 5 6"),
        (
            "garbage",
            "\u{1}\u{2}\u{fffd} { ) > ] >> EI ET EMC Q Q endstream endobj",
        ),
        ("a number that swallows an operator", "q 1Q 0q"),
        ("paint over all", "0 g -9999 -9999 99999 99999 re f"),
    ];
    for (name, contents) in endings {
        assert_survives(name, &page_with(contents));
    }
}

#[test]
fn the_band_survives_a_thousand_open_saves() {
    assert_survives("open saves", &page_with("q 0 0 1 1 re W n ".repeat(1000)));
}

#[test]
fn the_band_survives_more_errors_than_a_reader_counts() {
    assert_survives("errors", &page_with("/Nope gs /Nope Do ".repeat(300)));
}

#[test]
fn the_band_survives_contents_that_cannot_be_decoded() {
    for filter in ["/FlateDecode", "/DCTDecode", "/Unknown"] {
        let mut builder = Builder::new();
        let stream = builder.stream(&format!("/Filter{filter}"), b"this is not it");
        builder.page(&format!("{A4}/Contents {stream} 0 R"));
        assert_survives(filter, &builder.finish());
    }
}

#[test]
fn the_band_survives_tokens_cut_by_the_end_of_a_stream() {
    for (first, second) in [
        ("q", "0 0 0 rg Q 0 0 0 0 re W n"),
        ("(abc", "def) Tj"),
        ("Q", "q"),
        ("0 0 0 0 re W", "n q"),
    ] {
        let mut builder = Builder::new();
        let one = builder.stream("", first);
        let two = builder.stream("", second);
        builder.page(&format!("{A4}/Contents[{one} 0 R {two} 0 R]"));
        assert_survives("tokens cut", &builder.finish());
    }
}

#[test]
fn the_band_survives_missing_and_empty_contents() {
    let empty = Builder::new;
    for contents in ["", "/Contents null", "/Contents[]", "/Contents[null]"] {
        let mut builder = empty();
        builder.page(&format!("{A4}{contents}"));
        assert_survives("no contents", &builder.finish());
    }
}

#[test]
fn the_band_survives_the_graphics_states_of_its_source() {
    let mask = |builder: &mut Builder| {
        builder.stream(
            "/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Group<</S/Transparency/CS/DeviceGray>>",
            "0 g 0 0 9 9 re f",
        )
    };
    for (name, state) in [
        ("soft mask", "/SMask<</S/Luminosity/G MASK 0 R>>"),
        ("no opacity", "/ca 0 /CA 0"),
        ("blend mode", "/BM/Difference"),
        ("overprint", "/OP true/op true/OPM 1"),
        (
            "transfer function",
            "/TR<</FunctionType 2/N 1/Domain[0 1]/C0[1]/C1[0]>>",
        ),
    ] {
        for extra_restore in ["", "Q Q "] {
            let mut builder = Builder::new();
            let mask = mask(&mut builder).to_string();
            let state = builder.object(format!("<<{}>>", state.replace("MASK", &mask)));
            let stream = builder.stream("", format!("{extra_restore}/G gs 0 0 99 99 re f"));
            builder.page(&format!(
                "{A4}/Contents {stream} 0 R/Resources<</ExtGState<</G {state} 0 R>>>>\
                 /Group<</S/Transparency/CS/DeviceRGB/I true/K true>>"
            ));
            assert_survives(name, &builder.finish());
        }
    }
}

#[test]
fn the_band_survives_a_hidden_layer_left_open() {
    for contents in [
        "/OC /L BDC",
        "/OC /L BDC (",
        "q /OC /L BDC BX Q",
        "BI /OC /L BDC",
    ] {
        let mut builder = Builder::new();
        let layer = builder.object("<</Type/OCG/Name(L)>>");
        let stream = builder.stream("", contents);
        builder.page(&format!(
            "{A4}/Contents {stream} 0 R/Resources<</Properties<</L {layer} 0 R>>>>"
        ));
        let builder = builder.catalog(&format!(
            "/OCProperties<</OCGs[{layer} 0 R]/D<</OFF[{layer} 0 R]/Order[{layer} 0 R]>>>>"
        ));
        assert_survives(contents, &builder.finish());
    }
}

#[test]
fn the_band_is_black_whatever_gray_means_to_the_source() {
    let mut builder = Builder::new();
    let white = builder.object("<</FunctionType 2/N 1/Domain[0 1]/C0[0 0 0 0]/C1[0 0 0 0]>>");
    let stream = builder.stream("", "0 g 100 100 50 50 re f");
    builder.page(&format!(
        "{A4}/Contents {stream} 0 R/Resources<</ColorSpace<</DefaultGray\
         [/Separation/None/DeviceCMYK {white} 0 R]>>>>"
    ));
    assert_survives("default gray", &builder.finish());
}

#[test]
fn the_names_of_the_source_do_not_reach_the_band() {
    let mut builder = Builder::new();
    let form = "/Type/XObject/Subtype/Form/BBox[-999 -999 999 999]";
    let fake = builder.stream(form, "0 g -999 -999 9999 9999 re f");
    let stream = builder.stream("", "/SgBand Do");
    let entries = format!(
        "{A4}/Contents {stream} 0 R/Resources<</XObject<</SgBand {fake} 0 R/SgBand2 {fake} 0 R>>\
         /Font<</SgText<</Type/Font/Subtype/Type1/BaseFont/Symbol>>>>>>"
    );
    builder.page(&entries);
    assert_survives("names", &builder.finish());
}

#[test]
fn a_form_that_draws_itself_does_not_take_the_band_with_it() {
    let mut builder = Builder::new();
    let number = 3;
    let form = builder.stream(
        &format!(
            "/Type/XObject/Subtype/Form/BBox[0 0 99 99]/Resources<</XObject<</X {number} 0 R>>>>"
        ),
        "q /X Do 0 0 0 0 re W n",
    );
    assert_eq!(form, number);
    let stream = builder.stream("", "/X Do");
    builder.page(&format!(
        "{A4}/Contents {stream} 0 R/Resources<</XObject<</X {form} 0 R>>{FONT}>>"
    ));
    assert_survives("recursion", &builder.finish());
}

#[test]
fn the_band_survives_a_wrong_length_of_its_source() {
    let mut builder = Builder::new();
    let stream = builder.object("<</Length 3>>\nstream\nq 0 0 0 0 re W n\nendstream");
    builder.page(&format!("{A4}/Contents {stream} 0 R"));
    assert_survives("length", &builder.finish());
}
