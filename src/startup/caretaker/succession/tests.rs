//! A seal that waits takes over at its time, and at no other.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use super::*;
use crate::opening::organs::{Terms, Unchanged};
use crate::opening::trust;
use crate::pki::trust_list::Purpose;
use crate::pki::{Anchors, SealDefect};
use crate::seal::{NextSeal, NextSealDefect, SealUse};
use crate::settings::Profile;
use crate::tokens::Tokens;

const EXAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/certs-example");
const MOMENT: &str = "2026-12-01T07:00:00Z";

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn anchors() -> Anchors {
    trust::anchors(&Path::new(EXAMPLE).join("trust"), Purpose::Seals).unwrap()
}

/// The example organ, whose file ends with this text, loaded at this time.
fn loaded(next: &str, now: &str) -> Seat {
    let folder = tempfile::tempdir().unwrap();
    let example = fs::read_to_string(Path::new(EXAMPLE).join("organs/L01990015.toml")).unwrap();
    // Seals of another organ and kind stand in for a renewal, so both have one NIF.
    let example = example.replace("../seals", &format!("{EXAMPLE}/seals"));
    fs::write(folder.path().join("a.toml"), example + next).unwrap();
    let terms = Terms {
        profile: Profile::Evaluation,
        anchors: &anchors(),
        tokens: &Tokens::default(),
        now: at(now),
    };
    let files = organs::files(folder.path()).unwrap();
    let loaded = organs::load(folder.path(), &files, &terms, &Unchanged::new(), &|| {});
    loaded.seats.into_iter().next().unwrap()
}

/// `[next_seal]` with the example seal once more, by another algorithm to tell them apart.
fn next_seal(more: &str) -> String {
    format!(
        "\n[next_seal]\npkcs12 = \"{EXAMPLE}/seals/L01990015.p12\"\npassphrase_file = \
         \"{EXAMPLE}/seals/L01990015.pass\"\nalgorithm = \"rsa-pss-sha256\"\n{more}\n"
    )
}

fn algorithm(seat: &Seat) -> &'static str {
    seat.seal.as_ref().unwrap().key.algorithm().word()
}

#[test]
fn a_seal_takes_over_at_its_time_and_not_before() {
    let next = next_seal(&format!(
        "active_from = {MOMENT}\nuse = \"exclusive\"\napplications = [\"a\"]"
    ));
    let seat = loaded(&next, "2026-11-21T12:00:00Z");
    assert_eq!(algorithm(&seat), "rsa-pkcs1-sha256");
    assert_eq!(seat.loaded_seals().count(), 2, "both are registered");
    let organs = Organs::new([seat]);
    let key = organs.iter().next().unwrap().key();
    let early = succeeded(&organs, at("2026-12-01T06:59:59Z"));
    assert_eq!(algorithm(early.at(&key).unwrap()), "rsa-pkcs1-sha256");
    let after = succeeded(&organs, at(MOMENT));
    let after = after.at(&key).unwrap();
    assert_eq!(algorithm(after), "rsa-pss-sha256");
    assert_eq!(after.seal_use, SealUse::Exclusive("a".to_owned()));
    assert_eq!(after.took_over, Some(at(MOMENT)));
    assert!(after.next.is_none());
}

#[test]
fn a_service_that_starts_later_begins_with_the_seal_that_has_taken_over() {
    let seat = loaded(
        &next_seal(&format!("active_from = {MOMENT}")),
        "2026-12-24T12:00:00Z",
    );
    assert_eq!(algorithm(&seat), "rsa-pss-sha256");
    assert_eq!(seat.took_over, Some(at(MOMENT)));
    let waits = loaded(&next_seal(""), "2026-12-24T12:00:00Z");
    assert_eq!(algorithm(&waits), "rsa-pkcs1-sha256", "nobody said when");
}

#[test]
fn a_next_seal_that_cannot_be_used_disturbs_the_one_in_force_in_nothing() {
    for (next, code) in [
        (
            next_seal(&format!("active_from = {MOMENT}")).replace(".p12", ".p13"),
            "file-missing",
        ),
        (
            next_seal(&format!("active_from = {MOMENT}\nnmae = 1")),
            "next-seal-malformed",
        ),
        (
            next_seal("active_from = \"tomorrow\""),
            "next-seal-malformed",
        ),
        (next_seal("active_from = 2026-12-01"), "next-seal-malformed"),
        (next_seal("use = \"shared\""), "contradictory-use"),
        (next_seal("active_from = 2050-01-01T00:00:00Z"), "expired"),
    ] {
        let seat = loaded(&next, "2026-12-24T12:00:00Z");
        assert_eq!(algorithm(&seat), "rsa-pkcs1-sha256", "{next}");
        let defect = seat.next.as_ref().unwrap().seal.as_ref().err().unwrap();
        assert_eq!(defect.code(), code, "{next}");
        let later = seat.succeeded(at("2027-01-01T00:00:00Z"));
        assert_eq!(algorithm(&later), "rsa-pkcs1-sha256", "{next}");
    }
}

#[test]
fn a_key_that_failed_when_it_was_last_tried_does_not_take_over_until_it_signs() {
    let seat = loaded(
        &next_seal(&format!("active_from = {MOMENT}")),
        "2026-11-21T12:00:00Z",
    );
    let waiting = Arc::clone(seat.next.as_ref().unwrap().seal.as_ref().ok().unwrap());
    waiting
        .health
        .note(at(MOMENT), Err(SealDefect::DoesNotSign));
    assert_eq!(
        algorithm(&seat.clone().succeeded(at(MOMENT))),
        "rsa-pkcs1-sha256"
    );
    waiting.probe(at(MOMENT));
    assert_eq!(algorithm(&seat.succeeded(at(MOMENT))), "rsa-pss-sha256");
}

#[test]
fn a_seal_past_its_end_does_not_take_over() {
    let seat = loaded(
        &next_seal(&format!("active_from = {MOMENT}")),
        "2026-11-21T12:00:00Z",
    );
    let end = seat.seal.as_ref().unwrap().key.facts().not_after;
    assert!(seat.successor(end).is_some());
    assert!(
        seat.successor(end + jiff::SignedDuration::from_secs(1))
            .is_none()
    );
}

#[test]
fn the_use_of_a_seal_is_that_of_the_one_before_unless_said() {
    let seal = "\nuse = \"exclusive\"\napplications = [\"registre\"]\n";
    let seat = loaded(&(seal.to_owned() + &next_seal("")), "2026-11-21T12:00:00Z");
    let inherited = SealUse::Exclusive("registre".to_owned());
    assert_eq!(seat.seal_use, inherited);
    assert_eq!(seat.next.unwrap().seal_use, inherited);
}

#[test]
fn a_defect_of_the_next_seal_has_a_word_and_a_next_step() {
    let malformed = NextSealDefect::Malformed {
        cause: "x".to_owned(),
    };
    for defect in [malformed, SealDefect::DoesNotSign.into()] {
        assert!(!defect.code().is_empty());
        assert!(defect.next_step().contains(": "), "{defect}");
        let next = NextSeal {
            active_from: None,
            seal: Err(defect),
            seal_use: SealUse::Open,
        };
        assert!(!next.is_due(Timestamp::MAX), "nobody said when");
    }
}
