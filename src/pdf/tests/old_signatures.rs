//! Signatures of the source leave the form of the copy.

use super::*;
use crate::model::Placement;
use crate::pdf::band::{self, BandOptions, BandReport, Legend};
use crate::pdf::typeface::Typeface;

const WIDGET: &str = "/Type/Annot/Subtype/Widget/F 4";

/// One page, its form and its widgets; 9 is a signature dictionary, 8 an appearance.
fn signed(form: &str, annotations: &str) -> Made {
    Made::one_page()
        .with(
            1,
            format!(
                "<</Type/Catalog/Pages 2 0 R/AcroForm<<{form}>>/Perms<</DocMDP 9 0 R>>/DSS<<>>>>"
            ),
        )
        .with(
            3,
            format!("<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Annots[{annotations}]>>"),
        )
        .with_stream(
            8,
            "/Type/XObject/Subtype/Form/BBox[0 0 10 10]",
            b"0 0 10 10 re f",
        )
        .with(9, "<</Type/Sig/Contents<00>>>")
}

fn copy_with(made: &Made, placement: Placement) -> (SourcePdf, BandReport) {
    banded(made.table(), placement)
}

fn banded(source: Vec<u8>, placement: Placement) -> (SourcePdf, BandReport) {
    let source = open(source).unwrap();
    let text = |text: &str| text.to_owned();
    let legend = Legend {
        title: text("Còpia"),
        code_label: text("CSV: "),
        code: text("K7Q2-9FHM-3XTD-W8RA-5CZN-J4PE"),
        check: text("check"),
        issued: text("issued"),
        page: text("{n}/{m}"),
        compact: text("compact"),
        test_mark: None,
        qr_rest: text("://VERIFICA.EXEMPLE.CAT/K7Q29FHM3XTDW8RA5CZNJ4PE"),
        language: "ca",
    };
    let typeface = Typeface::covering("Còpia CSV check issued compact").unwrap();
    let options = BandOptions {
        placement,
        flatten_outside: true,
    };
    let mut update = Update::new(&source);
    let report = band::draw(&mut update, &legend, &typeface, options).unwrap();
    let sealed = update
        .finish(&fields(), 64)
        .unwrap()
        .embed(&[0x30, 0])
        .unwrap();
    (open(sealed.parts().concat()).unwrap(), report)
}

fn copy_of(made: &Made) -> SourcePdf {
    let (copy, _) = copy_with(made, Placement::Fit);
    assert_eq!(copy.facts().signatures, 1);
    copy
}

fn form(copy: &SourcePdf) -> &Dictionary {
    inner(copy, copy.catalog(), "AcroForm")
}

/// Names of the fields directly under `owner`.
fn names(copy: &SourcePdf, owner: &Dictionary, key: &str) -> Vec<String> {
    items(copy, owner, key)
        .iter()
        .map(|field| copy.resolve(field).as_dict().unwrap())
        .map(|field| String::from_utf8_lossy(field.get(b"T").unwrap().as_str().unwrap()).into())
        .collect()
}

/// How many annotations the first page has, the widget of the seal included.
fn annotations(copy: &SourcePdf) -> usize {
    items(copy, &copy.pages()[0].dictionary, "Annots").len()
}

#[test]
fn the_seal_is_the_only_signature_of_the_copy() {
    let made = signed("/Fields[5 0 R]/NeedAppearances true", "5 0 R").with(
        5,
        format!("<<{WIDGET}/FT/Sig/T(a)/V 9 0 R/Rect[10 10 60 60]/AP<</N 8 0 R>>>>"),
    );
    for placement in [Placement::Fit, Placement::Extend, Placement::Last] {
        let (copy, report) = copy_with(&made, placement);
        assert_eq!(copy.facts().signatures, 1);
        assert_eq!(names(&copy, form(&copy), "Fields"), ["Segell"]);
        assert!(!form(&copy).has(b"NeedAppearances"));
        assert!(!copy.catalog().has(b"DSS"));
        assert!(certification(&copy).has(b"ByteRange"));
        assert_eq!(inner(&copy, copy.catalog(), "Perms").len(), 1);
        assert_eq!(annotations(&copy), 1);
        assert_eq!(report.flattened_pages, [1]);
        let contents = copy.page_contents(&copy.pages()[0]).unwrap().unwrap();
        let contents = String::from_utf8_lossy(&contents).into_owned();
        assert!(contents.contains("5 0 0 5 10 10 cm"), "{contents}");
        assert!(contents.contains("/SgUnder Do"), "{contents}");
    }
}

#[test]
fn parents_without_other_kids_leave_with_their_signatures() {
    let made = signed("/Fields[4 0 R 5 0 R]", "6 0 R 7 0 R 10 0 R")
        .with(4, "<</T(gone)/Kids[6 0 R]>>")
        .with(5, "<</T(stays)/Kids[7 0 R 10 0 R]>>")
        .with(
            6,
            format!("<<{WIDGET}/Parent 4 0 R/FT/Sig/T(a)/V 9 0 R/Rect[0 0 9 9]>>"),
        )
        .with(
            7,
            format!("<<{WIDGET}/Parent 5 0 R/FT/Sig/T(b)/V 9 0 R/Rect[0 0 9 9]>>"),
        )
        .with(
            10,
            format!("<<{WIDGET}/Parent 5 0 R/FT/Tx/T(c)/V(x)/Rect[0 0 9 9]>>"),
        );
    let copy = copy_of(&made);
    assert_eq!(names(&copy, form(&copy), "Fields"), ["stays", "Segell"]);
    let stays = copy.resolve(&items(&copy, form(&copy), "Fields")[0]);
    assert_eq!(names(&copy, stays.as_dict().unwrap(), "Kids"), ["c"]);
    assert_eq!(annotations(&copy), 2);
}

#[test]
fn a_signature_that_its_widgets_inherit_goes_with_all_of_them() {
    for form in ["/Fields[4 0 R]", "/Fields[]", "/Fields 7"] {
        let made = signed(form, "5 0 R 6 0 R")
            .with(4, "<</FT/Sig/T(a)/V 9 0 R/Kids[5 0 R 6 0 R null]>>")
            .with(5, format!("<<{WIDGET}/Parent 4 0 R/Rect[0 0 9 9]>>"))
            .with(6, format!("<<{WIDGET}/Parent 4 0 R/Rect[0 0 9 9]>>"));
        let copy = copy_of(&made);
        assert_eq!(annotations(&copy), 1, "{form}");
        assert_eq!(items(&copy, self::form(&copy), "Fields").len(), 1, "{form}");
    }
}

#[test]
fn fields_that_nobody_signed_stay() {
    let made = signed("/Fields[4 0 R 5 0 R 6 0 R]", "4 0 R 5 0 R 6 0 R")
        .with(4, format!("<<{WIDGET}/FT/Sig/T(empty)/Rect[0 0 9 9]>>"))
        .with(5, format!("<<{WIDGET}/FT/Tx/T(text)/V(x)/Rect[0 0 9 9]>>"))
        .with(
            6,
            format!("<<{WIDGET}/FT/Sig/T(a)/V 9 0 R/Lock<</Action/All>>/Rect[0 0 9 9]>>"),
        );
    let copy = copy_of(&made);
    assert_eq!(
        names(&copy, form(&copy), "Fields"),
        ["empty", "text", "Segell"]
    );
    assert_eq!(annotations(&copy), 3);
}

#[test]
fn what_is_hidden_or_has_no_area_or_appearance_is_not_drawn() {
    let appearance = "/AP<</N 8 0 R>>";
    for widget in [
        format!("/F 2/Rect[10 10 60 60]{appearance}"),
        format!("/F 32/Rect[10 10 60 60]{appearance}"),
        format!("/F 4/Rect[0 0 0 0]{appearance}"),
        format!("/F 4{appearance}"),
        "/F 4/Rect[10 10 60 60]".to_owned(),
        "/F 4/Rect[10 10 60 60]/AP<</N<</On 8 0 R>>>>".to_owned(),
        "/F 4/Rect[10 10 60 60]/AP<</N 5 0 R>>".to_owned(),
    ] {
        let made = signed("/Fields[5 0 R]", "5 0 R").with(
            5,
            format!("<</Type/Annot/Subtype/Widget/FT/Sig/T(a)/V 9 0 R{widget}>>"),
        );
        for placement in [Placement::Fit, Placement::Last] {
            let (copy, report) = copy_with(&made, placement);
            assert_eq!(copy.facts().signatures, 1, "{widget}");
            assert_eq!(annotations(&copy), 1, "{widget}");
            assert_eq!(report.flattened_pages, [0u32; 0], "{widget}");
        }
    }
}

#[test]
fn fields_that_hold_one_another_are_walked_once() {
    let made = signed("/Fields[4 0 R 4 0 R 5 0 R]", "6 0 R")
        .with(4, "<</T(a)/Kids[5 0 R 6 0 R]>>")
        .with(5, "<</T(b)/Kids[4 0 R]>>")
        .with(
            6,
            format!("<<{WIDGET}/Parent 4 0 R/FT/Sig/T(c)/V 9 0 R/Rect[0 0 9 9]>>"),
        );
    let copy = copy_of(&made);
    assert_eq!(annotations(&copy), 1);
}

#[test]
fn a_page_that_poses_as_a_signature_stays_a_page() {
    let page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/FT/Sig/V 9 0 R";
    let made = signed("/Fields[2 0 R 3 0 R]", "")
        .with(2, "<</Type/Pages/T(a)/Kids[3 0 R 4 0 R]/Count 2>>")
        .with(3, format!("{page}>>"))
        .with(4, format!("{page}/Annots[3 0 R]>>"));
    let (copy, _) = copy_with(&made, Placement::Fit);
    assert_eq!(copy.pages().len(), 2);
    let kids = inner(&copy, copy.catalog(), "Pages");
    assert_eq!(items(&copy, kids, "Kids").len(), 2);
}

#[test]
fn the_seal_never_takes_the_name_of_a_signature_that_left() {
    let made = signed("/Fields[5 0 R]", "5 0 R").with(
        5,
        format!("<<{WIDGET}/FT/Sig/T(Segell)/V 9 0 R/Rect[0 0 0 0]>>"),
    );
    let copy = copy_of(&made);
    assert_eq!(names(&copy, form(&copy), "Fields"), ["Segell-2"]);
}

#[test]
fn usage_rights_are_no_signature_and_do_not_outlive_the_change() {
    let made = Made::one_page()
        .with(1, "<</Type/Catalog/Pages 2 0 R/Perms<</UR3 9 0 R>>>>")
        .with(9, "<</Type/Sig/Contents<00>>>");
    let source = open(made.table()).unwrap();
    assert_eq!(source.facts().signatures, 0);
    let copy = copy_of(&made);
    assert!(!inner(&copy, copy.catalog(), "Perms").has(b"UR3"));
}

#[test]
fn a_copy_of_a_copy_has_one_signature_too() {
    let first = sealed(&open(Made::one_page().table()).unwrap());
    let (second, _) = banded(first, Placement::Fit);
    assert_eq!(second.facts().signatures, 1);
    assert_eq!(names(&second, form(&second), "Fields"), ["Segell-2"]);
    assert_eq!(annotations(&second), 1);
}
