//! Attacks on certification, and on what is shown of a signature.

use crate::source::{CONTENT, PAGE};
use crate::{Attack, Target};

pub(crate) const ATTACKS: &[Attack] = &[
    Attack {
        id: "A10",
        name: "free-text-over-the-content",
        make: |target| annotated(target, "/Subtype/FreeText/Contents(Pay 9999 euros)"),
        appended: Some("S12"),
        signed: &["DocMDP"],
    },
    Attack {
        id: "A10",
        name: "stamp-over-the-content",
        make: |target| annotated(target, "/Subtype/Stamp/Name/Approved"),
        appended: Some("S12"),
        signed: &["DocMDP"],
    },
    Attack {
        id: "A11",
        name: "a-visible-signature-over-the-content",
        make: visible_signature,
        appended: Some("S9"),
        signed: &["DocMDP"],
    },
    Attack {
        id: "A12",
        name: "a-field-that-borrows-the-seal",
        make: borrowed_seal,
        appended: Some("S9"),
        signed: &["DocMDP", "C16", "V3"],
    },
    Attack {
        id: "A13",
        name: "a-forged-reason",
        make: |target| in_the_seal(target, "/Reason(", "/Reason(Forged. "),
        appended: Some("S5"),
        signed: &["V3"],
    },
    Attack {
        id: "A13",
        name: "a-forged-name",
        make: |target| in_the_seal(target, "/Name(", "/Name(Ministry of "),
        appended: Some("S5"),
        signed: &["V3"],
    },
    Attack {
        id: "A13",
        name: "a-forged-time",
        make: |target| in_the_seal(target, "/M(D:2026", "/M(D:2020"),
        appended: Some("S5"),
        signed: &["V3"],
    },
    Attack {
        id: "A14",
        name: "validation-data-that-is-page-content",
        make: content_as_validation_data,
        appended: Some("S11"),
        signed: &["DocMDP"],
    },
];

/// A10: an annotation over the whole first page.
fn annotated(target: &Target<'_>, kind: &str) -> Vec<u8> {
    let copy = target.copy;
    let annotation = copy.next;
    let body = format!("<</Type/Annot/Rect[0 0 595 842]/F 4{kind}>>");
    let annotations = format!("/Annots[{annotation} 0 R ");
    let page = copy.with_replaced(PAGE, "/Annots[", &annotations);
    copy.append(&[(annotation, body.into_bytes()), (PAGE, page)])
}

/// A11: a sound signature of another organ, whose appearance stands over the content.
fn visible_signature(target: &Target<'_>) -> Vec<u8> {
    let seal = target.office.key_of("L01990033");
    target.copy.countersigned(&seal, "0 0 595 842", &[])
}

/// A12: a new field whose value is the seal that is there.
fn borrowed_seal(target: &Target<'_>) -> Vec<u8> {
    let copy = target.copy;
    let field = copy.next;
    let body = format!(
        "<</Type/Annot/Subtype/Widget/FT/Sig/T(Second)/Rect[0 0 0 0]/F 132/V {} 0 R>>",
        copy.seal
    );
    copy.append(&[(field, body.into_bytes()), copy.form_with_field(field)])
}

/// A13: the seal's dictionary once more, with another text to show.
fn in_the_seal(target: &Target<'_>, from: &str, to: &str) -> Vec<u8> {
    let copy = target.copy;
    copy.append(&[(copy.seal, copy.with_replaced(copy.seal, from, to))])
}

/// A14: a store of validation data that leads to the content of a page, to change it later.
fn content_as_validation_data(target: &Target<'_>) -> Vec<u8> {
    let copy = target.copy;
    let entry = format!("/DSS<</Type/DSS/Certs[{CONTENT} 0 R]>>");
    let first = crate::copy::Copy {
        bytes: copy.append(&[(copy.root, copy.with_entries(copy.root, &entry))]),
        ..copy.clone()
    };
    let first = crate::copy::Copy::read(first.bytes, copy.source);
    first.append(&[(CONTENT, crate::forged_content())])
}
