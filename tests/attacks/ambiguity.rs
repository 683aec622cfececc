//! Documents that two readers read differently.

use crate::copy::replaced;
use crate::source::{CONTENT, PAGE, stream};
use crate::{Attack, Target, forged_content};

pub(crate) const ATTACKS: &[Attack] = &[
    Attack {
        id: "A15",
        name: "hybrid-cross-reference",
        make: hybrid,
        appended: Some("S4"),
        signed: &["readers", "DocMDP"],
    },
    Attack {
        id: "A16",
        name: "page-in-an-object-stream",
        make: page_in_an_object_stream,
        appended: Some("S3"),
        signed: &["DocMDP"],
    },
    Attack {
        id: "A17",
        name: "an-object-twice",
        make: object_twice,
        appended: Some("S2"),
        signed: &["DocMDP", "readers"],
    },
    Attack {
        id: "A17",
        name: "a-key-twice",
        make: key_twice,
        appended: Some("S6"),
        signed: &["readers"],
    },
    Attack {
        id: "A17",
        name: "a-key-in-disguise",
        make: |target| catalog(target, "/Open#41ction[8 0 R/Fit]"),
        appended: Some("S6"),
        signed: &["DocMDP"],
    },
    Attack {
        id: "A17",
        name: "a-later-generation",
        make: later_generation,
        appended: Some("S2"),
        signed: &["DocMDP", "readers"],
    },
    Attack {
        id: "A18",
        name: "an-entry-that-leads-to-another-object",
        make: entry_that_leads_elsewhere,
        appended: Some("S2"),
        signed: &["DocMDP", "readers", "repaired"],
    },
    Attack {
        id: "A19",
        name: "a-line-before-the-header",
        make: |target| [b"\n", &target.copy.bytes[..]].concat(),
        appended: None,
        signed: &["unreadable"],
    },
    Attack {
        id: "A19",
        name: "an-archive-before-the-header",
        make: |target| [&b"PK\x03\x04".repeat(100), &target.copy.bytes[..]].concat(),
        appended: None,
        signed: &["unreadable"],
    },
    Attack {
        id: "A21",
        name: "encryption-that-comes-later",
        make: encrypted_later,
        appended: Some("S4"),
        signed: &["unreadable", "DocMDP"],
    },
];

/// A15: a table that shows nothing, beside a stream that shows other content.
fn hybrid(target: &Target<'_>) -> Vec<u8> {
    let copy = target.copy;
    let objects = [
        (CONTENT, forged_content()),
        (copy.root, copy.object(copy.root)),
    ];
    copy.append_spoilt(&objects, |section| {
        section.set("XRefStm", copy.startxref.to_string());
    })
}

/// A16: the first page hides in an object stream.
fn page_in_an_object_stream(target: &Target<'_>) -> Vec<u8> {
    let copy = target.copy;
    let (container, content) = (copy.next, copy.next + 1);
    let to = format!("{content} 0 R");
    let page = copy.with_replaced(PAGE, &format!("{CONTENT} 0 R"), &to);
    let head = format!("{PAGE} 0 ");
    let entries = format!("/Type/ObjStm/N 1/First {}", head.len());
    let data = [head.as_bytes(), &page].concat();
    copy.append_with_stream(
        &[
            (container, stream(&entries, &data)),
            (content, forged_content()),
        ],
        &[(PAGE, [2, u64::from(container), 0])],
    )
}

/// A17: two objects with one number, and an entry for each.
fn object_twice(target: &Target<'_>) -> Vec<u8> {
    let copy = target.copy;
    let forged = copy.with_replaced(copy.root, "/Lang(ca-ES)", "/Lang(es-ES)");
    copy.append(&[(copy.root, copy.object(copy.root)), (copy.root, forged)])
}

/// A17: the catalog leads to other pages for who takes the first of two keys, and to the old ones for who
/// takes the last.
fn key_twice(target: &Target<'_>) -> Vec<u8> {
    let copy = target.copy;
    let forged = format!("/Pages {} 0 R/Pages 2 0 R", copy.next);
    let catalog = copy.with_replaced(copy.root, "/Pages 2 0 R", &forged);
    let pages = format!("<</Type/Pages/Kids[{PAGE} 0 R]/Count 1>>");
    copy.append(&[(copy.next, pages.into_bytes()), (copy.root, catalog)])
}

/// A17: one entry more in the catalog.
fn catalog(target: &Target<'_>, entry: &str) -> Vec<u8> {
    let copy = target.copy;
    copy.append(&[(copy.root, copy.with_entries(copy.root, entry))])
}

/// A17: the content once more, in generation 1.
fn later_generation(target: &Target<'_>) -> Vec<u8> {
    let file = target
        .copy
        .append_spoilt(&[(CONTENT, forged_content())], |section| {
            section.entries[0].3 = 1;
        });
    let tail = replaced(
        &file[target.copy.bytes.len()..],
        &format!("{CONTENT} 0 obj"),
        &format!("{CONTENT} 1 obj"),
    );
    [&target.copy.bytes[..], &tail].concat()
}

/// A18: the entry of the content leads to another object.
fn entry_that_leads_elsewhere(target: &Target<'_>) -> Vec<u8> {
    let copy = target.copy;
    copy.append_spoilt(&[(copy.next, forged_content())], |section| {
        let place = section.entries[0].2;
        section.entries.push((CONTENT, 'n', place, 0));
    })
}

/// A21: whoever opens the document is to decrypt it, the signed part too.
fn encrypted_later(target: &Target<'_>) -> Vec<u8> {
    let copy = target.copy;
    let objects = [(copy.root, copy.object(copy.root))];
    copy.append_spoilt(&objects, |section| {
        let zeros = "00".repeat(32);
        section.set(
            "Encrypt",
            format!("<</Filter/Standard/V 1/R 2/P -1/O<{zeros}>/U<{zeros}>>>"),
        );
    })
}
