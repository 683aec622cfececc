//! Tries at a second factor.

use super::events::{restrict, standing};
use super::*;
use crate::model::FactorValue;

fn restricted() -> Rig {
    let rig = Rig::new();
    rig.commit(&code(1));
    restrict(&rig, "right one");
    rig
}

fn attempt(rig: &Rig, value: &str, at: Timestamp) -> Attempt {
    let value = FactorValue::read(value).unwrap();
    rig.archive.try_factor(&standing(rig), &value, at).unwrap()
}

/// A pass, as who knows the factor gets it.
#[track_caller]
fn pass(attempt: Attempt) -> Pass {
    match attempt {
        Attempt::Right(pass) => pass,
        other => panic!("{other:?}"),
    }
}

fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

#[test]
fn who_knows_the_factor_gets_the_content_for_ten_minutes() {
    let rig = restricted();
    let pass = pass(attempt(&rig, " RIGHT  one ", now()));
    let pass = Pass::read(&pass.to_text()).unwrap();
    let standing = standing(&rig);
    let later = |minutes| now() + SignedDuration::from_mins(minutes);
    let disclosure = rig.archive.honour(&standing, &pass, later(10)).unwrap();
    assert!(
        rig.archive
            .read(disclosure, Content::Newest)
            .unwrap()
            .is_some()
    );
    let late = rig.archive.honour(&standing, &pass, later(11));
    assert_eq!(late.unwrap_err(), Withheld::FactorNeeded);
}

#[test]
fn a_pass_is_good_for_its_copy_and_its_factor_only() {
    let rig = restricted();
    let text = pass(attempt(&rig, "right one", now())).to_text();
    let mut forged = text.clone();
    let last = if forged.pop() == Some('0') { '1' } else { '0' };
    forged.push(last);
    let longer = text.replacen(|digit: char| digit != '9', "9", 1);
    for other in [forged, longer] {
        let other = Pass::read(&other).unwrap();
        assert!(rig.archive.honour(&standing(&rig), &other, now()).is_err());
    }
    let pass = Pass::read(&text).unwrap();
    restrict(&rig, "right one");
    let again = standing(&rig);
    assert!(
        rig.archive.honour(&again, &pass, now()).is_err(),
        "set again"
    );
    for nonsense in ["", ".", "1.", "1.00", "x.00"] {
        assert!(Pass::read(nonsense).is_none(), "{nonsense}");
    }
}

#[test]
fn five_wrong_tries_an_hour_are_looked_at_and_then_even_the_right_one_waits() {
    let rig = restricted();
    for _ in 0..5 {
        assert_eq!(attempt(&rig, "wrong one", now()), Attempt::Wrong);
    }
    let until = time("2026-11-21T11:00:00Z");
    assert_eq!(attempt(&rig, "right one", now()), Attempt::Wait { until });
    pass(attempt(&rig, "right one", until));
}

#[test]
fn twenty_wrong_tries_a_day_are_looked_at_and_nothing_is_locked_for_good() {
    let rig = restricted();
    for hour in 10..14 {
        let at = time(&format!("2026-11-21T{hour}:30:00Z"));
        for _ in 0..5 {
            assert_eq!(attempt(&rig, "wrong one", at), Attempt::Wrong);
        }
    }
    let until = time("2026-11-22T00:00:00Z");
    let at = time("2026-11-21T14:30:00Z");
    assert_eq!(attempt(&rig, "right one", at), Attempt::Wait { until });
    pass(attempt(&rig, "right one", until));
}

#[test]
fn right_tries_count_nothing() {
    let rig = restricted();
    for _ in 0..4 {
        assert_eq!(attempt(&rig, "wrong one", now()), Attempt::Wrong);
    }
    for _ in 0..7 {
        pass(attempt(&rig, "right one", now()));
    }
    assert_eq!(attempt(&rig, "wrong one", now()), Attempt::Wrong);
    assert!(matches!(
        attempt(&rig, "right one", now()),
        Attempt::Wait { .. }
    ));
}

#[test]
fn the_organ_gives_the_tries_back() {
    let rig = restricted();
    for _ in 0..5 {
        attempt(&rig, "wrong one", now());
    }
    restrict(&rig, "right one");
    pass(attempt(&rig, "right one", now()));
}

#[test]
fn many_tries_at_once_are_five_at_most() {
    let rig = restricted();
    let wrong: usize = std::thread::scope(|scope| {
        let calls: Vec<_> = (0..16)
            .map(|_| scope.spawn(|| attempt(&rig, "wrong one", now())))
            .collect();
        let outcomes = calls.into_iter().map(|call| call.join().unwrap());
        outcomes
            .filter(|outcome| *outcome == Attempt::Wrong)
            .count()
    });
    assert_eq!(wrong, 5);
}

#[test]
fn a_copy_that_takes_no_factor_or_gives_nothing_is_not_asked() {
    let rig = Rig::new();
    rig.commit(&code(1));
    assert_eq!(attempt(&rig, "right one", now()), Attempt::NotAsked);
    restrict(&rig, "right one");
    let value = FactorValue::read("right one").unwrap();
    let long_after = now() + SignedDuration::from_hours(24 * 365);
    let index = CodeIndex::of(&code(1));
    let expired = rig.archive.stand(index, long_after).unwrap().unwrap();
    let attempt = rig.archive.try_factor(&expired, &value, long_after);
    assert_eq!(attempt.unwrap(), Attempt::NotAsked);
}

#[test]
fn a_key_that_was_replaced_still_recognises() {
    let rig = restricted();
    let keys = |keys: &[u8]| {
        let keys = keys.iter().map(|byte| vec![*byte; 32].into()).collect();
        rig.archive_over(rig.objects.clone())
            .with_factor_keys(FactorKeys::new(keys))
    };
    let value = FactorValue::read("right one").unwrap();
    let newer = keys(&[8, 7]).try_factor(&standing(&rig), &value, now());
    assert!(matches!(newer.unwrap(), Attempt::Right(_)));
    let lost = keys(&[8]).try_factor(&standing(&rig), &value, now());
    assert_eq!(lost.unwrap(), Attempt::Wrong);
}
