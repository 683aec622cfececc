//! Shadow attacks: what is shown later was put into the document before it was sealed.

use crate::copy::find_last;
use crate::source::{APPEARANCE, CONTENT, FIELD, FONT, OVERLAY, SHADOW, stream};
use crate::{Attack, Target};

pub(crate) const ATTACKS: &[Attack] = &[
    Attack {
        id: "A07",
        name: "hide-by-a-form",
        make: hidden_by_a_form,
        appended: Some("S15"),
        signed: &["DocMDP"],
    },
    Attack {
        id: "A07",
        name: "hide-by-an-image",
        make: hidden_by_an_image,
        appended: Some("S15"),
        signed: &["DocMDP"],
    },
    Attack {
        id: "A07",
        name: "show-by-two-empty-dictionaries",
        make: |target| {
            let empty = || b"<<>>".to_vec();
            target.copy.append(&[(OVERLAY, empty()), (FIELD, empty())])
        },
        appended: Some("S5"),
        signed: &["DocMDP"],
    },
    Attack {
        id: "A08",
        name: "replace-a-value",
        make: value_replaced,
        appended: Some("S5"),
        signed: &["DocMDP"],
    },
    Attack {
        id: "A08",
        name: "replace-what-a-field-shows",
        make: appearance_replaced,
        appended: Some("S15"),
        signed: &["DocMDP"],
    },
    Attack {
        id: "A08",
        name: "replace-a-font",
        make: font_replaced,
        appended: Some("S12"),
        signed: &["DocMDP"],
    },
    Attack {
        id: "A09",
        name: "hide-and-replace-by-a-table-alone",
        make: replaced_by_a_table_alone,
        appended: Some("S1"),
        signed: &["DocMDP"],
    },
    Attack {
        id: "A09",
        name: "hide-and-replace-beside-an-object",
        make: replaced_beside_an_object,
        appended: Some("S2"),
        signed: &["DocMDP"],
    },
    Attack {
        id: "A09",
        name: "objects-freed",
        make: objects_freed,
        appended: Some("S2"),
        signed: &["DocMDP"],
    },
];

/// A07, hide, variant 2: the empty form draws white over everything.
fn hidden_by_a_form(target: &Target<'_>) -> Vec<u8> {
    let entries = "/Type/XObject/Subtype/Form/BBox[0 0 595 842]";
    target
        .copy
        .append(&[(OVERLAY, stream(entries, b"1 g 0 0 595 842 re f"))])
}

/// A07, hide, variant 1: the same by an image.
fn hidden_by_an_image(target: &Target<'_>) -> Vec<u8> {
    let entries = "/Type/XObject/Subtype/Image/Width 1/Height 1/BitsPerComponent 8\
                   /ColorSpace/DeviceGray";
    target.copy.append(&[(OVERLAY, stream(entries, b"\xFF"))])
}

/// A08, replace, variant 1: the field has another value.
fn value_replaced(target: &Target<'_>) -> Vec<u8> {
    let field = target.copy.with_replaced(FIELD, "/V(10)", "/V(9999)");
    target.copy.append(&[(FIELD, field)])
}

/// A08, replace, variant 1: the field shows another value than it has.
fn appearance_replaced(target: &Target<'_>) -> Vec<u8> {
    let entries = "/Type/XObject/Subtype/Form/BBox[0 0 128 20]/Resources<</Font<</F1 3 0 R>>>>";
    let shown = b"/Tx BMC BT /F1 12 Tf 2 5 Td (9999) Tj ET EMC";
    target.copy.append(&[(APPEARANCE, stream(entries, shown))])
}

/// A08, replace, variant 2: the same codes, drawn with other glyphs.
fn font_replaced(target: &Target<'_>) -> Vec<u8> {
    let font = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding<</Type/Encoding\
                /Differences[49/nine 48/nine]>>>>";
    target.copy.append(&[(FONT, font.into())])
}

/// A09: no object at all; the table leads to content that was there all the time.
fn replaced_by_a_table_alone(target: &Target<'_>) -> Vec<u8> {
    let shadow = find_last(&target.copy.bytes, SHADOW);
    target.copy.append_spoilt(&[], |section| {
        section.entries.push((CONTENT, 'n', shadow, 0))
    })
}

/// A09: the same, beside an object that might be there.
fn replaced_beside_an_object(target: &Target<'_>) -> Vec<u8> {
    let shadow = find_last(&target.copy.bytes, SHADOW);
    let objects = [(target.copy.root, target.copy.object(target.copy.root))];
    target.copy.append_spoilt(&objects, |section| {
        section.entries.push((CONTENT, 'n', shadow, 0));
    })
}

/// A09: what hides something is freed.
fn objects_freed(target: &Target<'_>) -> Vec<u8> {
    let objects = [(target.copy.root, target.copy.object(target.copy.root))];
    target.copy.append_spoilt(&objects, |section| {
        section.entries.push((FIELD, 'f', 0, 1));
    })
}
