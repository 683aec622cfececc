//! Every limit holds, and nothing hostile ends in a panic.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::super::SignatureSurvey;
use super::signed_file::*;
use crate::model::Deadline;
use crate::pdf::{Limits, PdfError};

fn refusal(bytes: &[u8], limits: &Limits) -> Option<PdfError> {
    SignatureSurvey::of(&bytes.to_vec().into(), limits, &Deadline::never()).err()
}

#[test]
fn as_many_revisions_are_read_as_the_limit_says() {
    let mut file = SignedFile::new();
    for value in 0..4 {
        file.append(&[(HIDDEN, stream("", &format!("{value}")))]);
    }
    let limits = |revisions| Limits {
        revisions,
        ..Limits::default()
    };
    assert_eq!(refusal(&file.bytes, &limits(6)), None);
    let expected = PdfError::LimitPassed {
        limit: "revisions",
        allowed: 5,
    };
    assert_eq!(refusal(&file.bytes, &limits(5)), Some(expected));
}

#[test]
fn end_marks_without_number_cost_little() {
    let mut file = SignedFile::new();
    let flood = "startxref\n9999\n%%EOF\n%%EOF\n".repeat(40_000);
    file.append(&[(FREE, stream("", &flood))]);
    assert_eq!(refusal(&file.bytes, &Limits::default()), None);
}

#[test]
fn the_survey_stops_when_its_time_is_over() {
    let mut file = SignedFile::new();
    file.append(&[(HIDDEN, stream("", "BT ET"))]);
    let bytes = file.bytes.into();
    let mut looks = 0;
    loop {
        let left = Arc::new(AtomicUsize::new(looks));
        let deadline = Deadline::new(move || {
            left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
                left.checked_sub(1)
            })
            .is_err()
        });
        match SignatureSurvey::of(&bytes, &Limits::default(), &deadline) {
            Ok(_) => break,
            Err(refusal) => assert_eq!(refusal, PdfError::OutOfTime),
        }
        looks += 1;
    }
    assert!(looks > 5);
}

#[test]
fn loops_in_every_tree_end() {
    let mut file = SignedFile::new();
    file.append(&[
        (
            PAGE_TREE,
            "<</Type/Pages/Kids[2 0 R 3 0 R 3 0 R]/Count 1>>".into(),
        ),
        (
            FORM,
            "<</Fields[12 0 R 5 0 R 30 0 R]/SigFlags 3/DR 5 0 R>>".into(),
        ),
        (30, "<</T(loop)/Kids[30 0 R 31 0 R]/Parent 31 0 R>>".into()),
        (
            31,
            "<</T(loop)/Kids[30 0 R]/Parent 30 0 R/V 32 0 R>>".into(),
        ),
        (32, "32 0 R".into()),
        (
            CATALOG,
            catalog("/DSS<</VRI 33 0 R/Certs 33 0 R>>/Metadata 32 0 R"),
        ),
        (33, "[33 0 R]".into()),
    ]);
    assert_eq!(refusal(&file.bytes, &Limits::default()), None);
}

#[test]
fn bytes_flipped_and_files_cut_anywhere_never_panic() {
    let mut file = SignedFile::signed_by(
        &signature("/Reference[<</TransformMethod/DocMDP/TransformParams<</P 2>>>>]"),
        "/Lock<</Action/All>>",
    );
    file.append(&[
        (CATALOG, catalog("/DSS 14 0 R")),
        (FREE, "<</Type/DSS/Certs[15 0 R]>>".into()),
        (FREE + 1, stream("", "DER")),
        (TEXT_FIELD, text_field("99", "")),
    ]);
    const EVERY: usize = 3;
    let mut surveyed = 0;
    for at in (0..file.bytes.len()).step_by(EVERY) {
        let mut flipped = file.bytes.clone();
        // Each byte becomes another one, spread over all values.
        flipped[at] ^= 1 + (at % 255) as u8;
        surveyed += usize::from(refusal(&flipped, &Limits::default()).is_none());
        surveyed += usize::from(refusal(&file.bytes[..at], &Limits::default()).is_none());
    }
    assert!(surveyed > file.bytes.len() / EVERY / 2);
}
