//! Other people's seals, and none at all.

use crate::copy::{find_last, replaced};
use crate::source::{CONTENT, document};
use crate::{Attack, Target, forged_content};

pub(crate) const ATTACKS: &[Attack] = &[
    Attack {
        id: "A27",
        name: "altered-and-signed-by-somebody-trusted",
        make: altered_and_countersigned,
        appended: Some("S15"),
        signed: &["DocMDP"],
    },
    Attack {
        id: "A28",
        name: "a-sound-signature-beside-a-broken-one",
        make: broken_and_countersigned,
        appended: None,
        signed: &["C7"],
    },
    Attack {
        id: "A29",
        name: "the-seal-cut-off-by-a-revision",
        make: seal_cut_off,
        appended: Some("S8"),
        signed: &["V1"],
    },
    Attack {
        id: "A29",
        name: "the-seal-hidden-in-place",
        make: seal_hidden,
        appended: None,
        signed: &["C7", "V1"],
    },
];

/// A27: other content, and over all of it the sound signature of a certificate that is trusted and not
/// registered here.
fn altered_and_countersigned(target: &Target<'_>) -> Vec<u8> {
    let seal = target.office.key_of("L01990033");
    target
        .copy
        .countersigned(&seal, "0 0 0 0", &[(CONTENT, forged_content())])
}

/// A27: another document, soundly sealed by somebody who is trusted and not registered here.
pub(crate) fn another_document(target: &Target<'_>) -> Vec<u8> {
    let forged = replaced(
        &document(target.pages),
        "(Pay 10 euros, 0)",
        "(Pay 99 euros, 0)",
    );
    target.office.seal("L01990033", &forged)
}

/// A28: the seal is broken; the sound signature after it must not stand in for it.
fn broken_and_countersigned(target: &Target<'_>) -> Vec<u8> {
    let mut copy = target.copy.clone();
    let at = find_last(&copy.bytes[..copy.source], b"(Pay 10 euros, 0)");
    copy.bytes[at + 5] = b'9';
    let seal = target.office.key_of("L01990033");
    copy.countersigned(&seal, "0 0 0 0", &[])
}

/// A29: the catalog without its form: readers show no seal any more, only the band.
fn seal_cut_off(target: &Target<'_>) -> Vec<u8> {
    let copy = target.copy;
    let entry = format!("/AcroForm {} 0 R", copy.form);
    copy.append(&[(copy.root, copy.with_replaced(copy.root, &entry, ""))])
}

/// A29: the same in place, by one letter.
fn seal_hidden(target: &Target<'_>) -> Vec<u8> {
    let key = b"/AcroForm";
    let at = find_last(&target.copy.bytes, key);
    target.copy.patched(at..at + key.len(), b"/AcroFonn")
}

/// A29: nothing is left of the seal, only the band that says that there is one.
pub(crate) fn band_alone(target: &Target<'_>) -> Vec<u8> {
    let mut copy = target.copy.clone();
    for (from, to) in [
        (&b"/AcroForm"[..], &b"/AcroFonn"[..]),
        (b"/ByteRange", b"/ByteRangX"),
        (b"/Perms", b"/Parms"),
        (b"/FT/Sig", b"/FT/Sag"),
        (b"/Type/Sig/", b"/Type/Sag/"),
    ] {
        let at = find_last(&copy.bytes, from);
        copy.bytes = copy.patched(at..at + from.len(), to);
    }
    copy.bytes
}
