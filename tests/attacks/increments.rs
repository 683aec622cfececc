//! Incremental saving: something is written behind the seal.

use crate::copy::trailer_text;
use crate::source::{CONTENT, PAGE, PAGE_TREE};
use crate::{Attack, Target, forged_content};

pub(crate) const ATTACKS: &[Attack] = &[
    Attack {
        id: "A03",
        name: "content-written-again",
        make: |target| target.copy.append(&[(CONTENT, forged_content())]),
        appended: Some("S15"),
        signed: &["DocMDP"],
    },
    Attack {
        id: "A03",
        name: "content-in-the-place-of-the-old",
        make: content_in_another_place,
        appended: Some("S12"),
        signed: &["DocMDP"],
    },
    Attack {
        id: "A03",
        name: "page-added",
        make: page_added,
        appended: Some("S12"),
        signed: &["DocMDP"],
    },
    Attack {
        id: "A03",
        name: "page-tree-exchanged",
        make: page_tree_exchanged,
        appended: Some("S12"),
        signed: &["DocMDP"],
    },
    Attack {
        id: "A04",
        name: "objects-without-cross-reference",
        make: |target| behind(target, ""),
        appended: Some("S1"),
        signed: &["B6"],
    },
    Attack {
        id: "A04",
        name: "objects-with-half-a-trailer",
        make: |target| behind(target, "trailer\n<</Root 1 0 R>>\n%%EOF\n"),
        appended: Some("S1"),
        signed: &["repaired", "readers", "unreadable", "B6", "DocMDP"],
    },
    Attack {
        id: "A04",
        name: "objects-with-an-empty-table",
        make: objects_with_an_empty_table,
        appended: Some("S2"),
        signed: &["readers"],
    },
    Attack {
        id: "A04",
        name: "a-copied-signature",
        make: copied_signature,
        appended: Some("S9"),
        signed: &["C16", "B1", "B3", "V1"],
    },
    Attack {
        id: "A20",
        name: "bytes-after-the-end",
        make: |target| [&target.copy.bytes[..], b"PK\x03\x04 another document"].concat(),
        appended: Some("S1"),
        signed: &["B6"],
    },
    Attack {
        id: "A20",
        name: "a-second-document-after-the-end",
        make: |target| [&target.copy.bytes[..], &crate::source::document(1)].concat(),
        appended: Some("S1"),
        signed: &["DocMDP", "V1", "repaired", "readers", "B6", "unreadable"],
    },
];

/// A03: the first page leads to other content.
fn content_in_another_place(target: &Target<'_>) -> Vec<u8> {
    let copy = target.copy;
    let content = copy.next;
    let (from, to) = (format!("{CONTENT} 0 R"), format!("{content} 0 R"));
    let page = copy.with_replaced(PAGE, &from, &to);
    copy.append(&[(content, forged_content()), (PAGE, page)])
}

/// A03: one page more.
fn page_added(target: &Target<'_>) -> Vec<u8> {
    let copy = target.copy;
    let (page, content) = (copy.next, copy.next + 1);
    let tree = copy.with_replaced(PAGE_TREE, "/Kids[", &format!("/Kids[{page} 0 R "));
    let count = format!("/Count {}", target.pages);
    let tree = crate::copy::replaced(&tree, &count, &format!("/Count {}", target.pages + 1));
    let body = format!(
        "<</Type/Page/Parent {PAGE_TREE} 0 R/MediaBox[0 0 595 842]/Contents {content} 0 R\
         /Resources<</Font<</F1 3 0 R>>>>>>"
    );
    copy.append(&[
        (page, body.into_bytes()),
        (content, forged_content()),
        (PAGE_TREE, tree),
    ])
}

/// A03: the catalog leads to other pages.
fn page_tree_exchanged(target: &Target<'_>) -> Vec<u8> {
    let copy = target.copy;
    let (tree, page, content) = (copy.next, copy.next + 1, copy.next + 2);
    let catalog = copy.with_replaced(copy.root, "/Pages 2 0 R", &format!("/Pages {tree} 0 R"));
    let body = format!(
        "<</Type/Page/Parent {tree} 0 R/MediaBox[0 0 595 842]/Contents {content} 0 R\
         /Resources<</Font<</F1 3 0 R>>>>>>"
    );
    copy.append(&[
        (copy.root, catalog),
        (
            tree,
            format!("<</Type/Pages/Kids[{page} 0 R]/Count 1>>").into_bytes(),
        ),
        (page, body.into_bytes()),
        (content, forged_content()),
    ])
}

/// A04: content written again, and whatever an attacker puts behind it.
fn behind(target: &Target<'_>, rest: &str) -> Vec<u8> {
    let content = forged_content();
    let head = format!("{CONTENT} 0 obj\n");
    let parts: [&[u8]; 5] = [
        &target.copy.bytes,
        head.as_bytes(),
        &content,
        b"\nendobj\n",
        rest.as_bytes(),
    ];
    parts.concat()
}

/// A04: a table without entries, for readers that look for the objects themselves.
fn objects_with_an_empty_table(target: &Target<'_>) -> Vec<u8> {
    let copy = target.copy;
    let start = behind(target, "").len();
    let entries = [
        ("Size", copy.next.to_string()),
        ("Root", format!("{} 0 R", copy.root)),
        ("ID", copy.id.clone()),
        ("Prev", copy.startxref.to_string()),
    ];
    behind(
        target,
        &format!("xref\n0 0\n{}", trailer_text(&entries, start)),
    )
}

/// A04: other content, and the seal once more, as if somebody had signed that.
fn copied_signature(target: &Target<'_>) -> Vec<u8> {
    let copy = target.copy;
    let (field, value) = (copy.next, copy.next + 1);
    let body = format!("<</FT/Sig/T(Second)/Rect[0 0 0 0]/V {value} 0 R>>");
    copy.append(&[
        (field, body.into_bytes()),
        (value, copy.object(copy.seal)),
        copy.form_with_field(field),
    ])
}
