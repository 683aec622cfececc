//! Each warning, and the case beside it that is none.

use std::sync::Arc;

use super::super::example_seat::{NOW, facts, registered, seat, time};
use super::*;
use crate::seal::{NextSeal, SealUse};

fn ground<'a>(seats: Vec<&'a Seat>, none: &'a Anchors, now: &str) -> Ground<'a> {
    Ground {
        seats,
        registered: &[],
        anchors: [none, none],
        clock_offset: None,
        archive_fault: None,
        now: time(now),
    }
}

fn codes(warnings: &[Warning]) -> Vec<&'static str> {
    warnings.iter().map(|warning| warning.code).collect()
}

#[test]
fn the_end_of_a_seal_is_told_at_90_60_30_and_10_days() {
    let (seat, none) = (seat(Environment::Pro), Anchors::default());
    // It ends with the year 2044.
    for (now, code) in [
        ("2044-10-02T00:00:00Z", None),
        ("2044-10-03T00:00:00Z", Some("seal-ends-90")),
        ("2044-11-01T00:00:00Z", Some("seal-ends-90")),
        ("2044-11-02T00:00:00Z", Some("seal-ends-60")),
        ("2044-12-02T00:00:00Z", Some("seal-ends-30")),
        ("2044-12-22T00:00:00Z", Some("seal-ends-10")),
        ("2044-12-31T23:59:59Z", Some("seal-ends-10")),
        ("2045-01-01T00:00:01Z", Some("seal-ended")),
    ] {
        let found = warnings(&ground(vec![&seat], &none, now));
        assert_eq!(codes(&found), Vec::from_iter(code), "{now}");
        if let Some(warning) = found.first() {
            assert_eq!(warning.organ.as_ref(), Some(&seat.organ.dir3));
            assert!(!warning.next_step.is_empty());
        }
    }
}

#[test]
fn a_renewal_under_another_name_is_told_while_it_is_news() {
    let (seat, none) = (seat(Environment::Pro), Anchors::default());
    let dates = ("2022-01-01T00:00:00Z", "2026-03-01T00:00:00Z");
    let same = registered(&seat, dates, |_| {});
    let renamed = registered(&seat, dates, |before| {
        before.common_name = "Segell antic".to_owned();
        before.nif = Some("P0801900B".to_owned());
    });
    let older = registered(
        &seat,
        ("2018-01-01T00:00:00Z", "2022-01-01T00:00:00Z"),
        |before| before.common_name = "Segell primer".to_owned(),
    );
    let look = |registered: &[RegisteredSeal], now: &str| {
        let mut ground = ground(vec![&seat], &none, now);
        ground.registered = registered;
        warnings(&ground)
    };
    assert_eq!(look(&[older.clone(), same], NOW), []);
    let found = look(&[older, renamed.clone()], NOW);
    assert_eq!(codes(&found), ["seal-renamed"]);
    assert!(found[0].fact.contains("Segell antic") && found[0].fact.contains("NIF"));
    assert_eq!(look(&[renamed], "2026-06-01T00:00:00Z"), []);
}

#[test]
fn the_test_seal_of_an_organ_is_not_the_one_before_its_real_one() {
    let (real, test) = (seat(Environment::Pro), seat(Environment::Pre));
    let own = registered(
        &real,
        ("2020-01-01T00:00:00Z", "2030-01-01T00:00:00Z"),
        |test_seal| {
            test_seal.common_name = "Segell de proves".to_owned();
            test_seal.fingerprint = facts(&test).fingerprint;
        },
    );
    let none = Anchors::default();
    let mut ground = ground(vec![&real, &test], &none, NOW);
    let registered = [own];
    ground.registered = &registered;
    assert_eq!(warnings(&ground), []);
}

#[test]
fn a_clock_that_is_wrong_and_an_archive_that_fails_concern_everybody() {
    let none = Anchors::default();
    let mut ground = ground(Vec::new(), &none, NOW);
    ground.clock_offset = Some(SignedDuration::from_secs(-10));
    assert_eq!(warnings(&ground), []);
    ground.clock_offset = Some(SignedDuration::from_secs(-11));
    ground.archive_fault = Some("the disk is full".to_owned());
    let found = warnings(&ground);
    assert_eq!(codes(&found), ["archive-trouble", "clock-offset"]);
    assert!(found.iter().all(|warning| warning.organ.is_none()));
    assert!(found[1].fact.contains("11 s ahead of"), "{}", found[1].fact);
}

#[test]
fn an_issuer_that_ends_soon_is_told_once_for_both_purposes() {
    let root = include_bytes!("../../../certs-example/trust/root.pem").as_slice();
    let anchors = Anchors::from_pem([("root.pem", root)]).unwrap();
    let look = |now| warnings(&ground(Vec::new(), &anchors, now));
    assert_eq!(look("2045-09-01T00:00:00Z"), []);
    assert_eq!(codes(&look("2045-11-01T00:00:00Z")), ["anchor-ends"]);
    // What ended is of the past, and kept for its copies.
    assert_eq!(look("2046-02-01T00:00:00Z"), []);
}

#[test]
fn the_end_of_a_seal_is_no_news_when_the_next_one_takes_over_before() {
    let (seat, none) = (seat(Environment::Pro), Anchors::default());
    let next = |active_from: Option<&str>| Seat {
        next: Some(NextSeal {
            active_from: active_from.map(time),
            seal: Ok(Arc::clone(seat.seal.as_ref().unwrap())),
            seal_use: SealUse::Open,
        }),
        ..seat.clone()
    };
    for (active_from, expected) in [
        (Some("2044-12-24T00:00:00Z"), None),
        (Some("2045-02-01T00:00:00Z"), Some("seal-ends-10")),
        (None, Some("seal-ends-10")),
    ] {
        let seat = next(active_from);
        let found = warnings(&ground(vec![&seat], &none, "2044-12-22T00:00:00Z"));
        assert_eq!(codes(&found), Vec::from_iter(expected), "{active_from:?}");
    }
}
