//! What an organ does with a copy after its commit, and who is given its content then.

use super::*;
use crate::model::{AccessFactor, Visibility, Withdrawal, WithdrawalReason};

pub(super) fn standing(rig: &Rig) -> Standing {
    let index = CodeIndex::of(&code(1));
    rig.archive.stand(index, now()).unwrap().unwrap()
}

pub(super) fn restrict(rig: &Rig, value: &str) {
    let factor = AccessFactor::new("your number", value).unwrap();
    set(rig, &NewAccess::Restricted(factor));
}

fn set(rig: &Rig, access: &NewAccess) {
    let done = rig
        .archive
        .set_visibility(&standing(rig), access, "registre", now());
    assert!(done.unwrap());
}

fn withdrawal(text: &str) -> Withdrawal {
    Withdrawal {
        reason: WithdrawalReason::Superseded,
        text: serde_json::from_value(text.into()).unwrap(),
    }
}

fn withdraw(rig: &Rig, text: &str) -> Withdrew {
    let index = CodeIndex::of(&code(1));
    let outcome = rig
        .archive
        .withdraw(index, &withdrawal(text), "registre", now());
    outcome.unwrap()
}

#[test]
fn a_withdrawn_copy_keeps_its_record_and_gives_its_content_to_nobody() {
    let rig = Rig::new();
    let record = rig.commit(&code(1)).record;
    assert!(standing(&rig).for_the_public().is_ok());
    assert_eq!(withdraw(&rig, "replaced"), Withdrew::Done);
    let standing = standing(&rig);
    assert_eq!(standing.record, record);
    assert_eq!(standing.status, CopyStatus::Withdrawn);
    let withdrawn = standing.withdrawal.clone().unwrap();
    assert_eq!(
        (withdrawn.at, withdrawn.withdrawal),
        (now(), withdrawal("replaced"))
    );
    assert_eq!(standing.for_the_organ().unwrap_err(), CopyStatus::Withdrawn);
    assert_eq!(
        standing.for_the_public().unwrap_err(),
        Withheld::NotInForce(CopyStatus::Withdrawn)
    );
}

#[test]
fn the_same_withdrawal_again_changes_nothing_and_another_one_is_refused() {
    let rig = Rig::new();
    rig.commit(&code(1));
    assert_eq!(withdraw(&rig, "first"), Withdrew::Done);
    let names = rig.names();
    assert_eq!(withdraw(&rig, "first"), Withdrew::Done);
    assert_eq!(withdraw(&rig, "second"), Withdrew::Otherwise);
    assert_eq!(rig.names(), names);
    let stands = standing(&rig).withdrawal.unwrap().withdrawal;
    assert_eq!(stands, withdrawal("first"));
}

#[test]
fn of_many_withdrawals_at_once_exactly_one_stands() {
    let rig = Rig::new();
    rig.commit(&code(1));
    let outcomes: Vec<Withdrew> = std::thread::scope(|scope| {
        let calls: Vec<_> = (0..8)
            .map(|number| {
                let rig = &rig;
                scope.spawn(move || withdraw(rig, &format!("reason {number}")))
            })
            .collect();
        calls.into_iter().map(|call| call.join().unwrap()).collect()
    });
    let done = outcomes
        .iter()
        .filter(|outcome| **outcome == Withdrew::Done);
    assert_eq!(done.count(), 1, "{outcomes:?}");
    let events = rig
        .names()
        .into_iter()
        .filter(|name| name.contains("/events/"));
    assert_eq!(events.count(), 1);
}

#[test]
fn what_is_not_public_is_given_to_the_organ_alone() {
    let rig = Rig::new();
    rig.commit(&code(1));
    set(&rig, &NewAccess::Metadata);
    let metadata = standing(&rig);
    assert_eq!(metadata.for_the_public().unwrap_err(), Withheld::NotPublic);
    assert_eq!(metadata.facts_for_the_public(), Ok(()));
    assert!(metadata.for_the_organ().is_ok());
    restrict(&rig, "12345");
    let restricted = standing(&rig);
    assert_eq!(
        restricted.for_the_public().unwrap_err(),
        Withheld::FactorNeeded
    );
    assert_eq!(
        restricted.facts_for_the_public(),
        Err(Withheld::FactorNeeded)
    );
    assert!(restricted.for_the_organ().is_ok());
    set(&rig, &NewAccess::Open);
    let open = standing(&rig);
    assert!(open.for_the_public().is_ok());
    let names = rig.names();
    set(&rig, &NewAccess::Open);
    assert_eq!(rig.names(), names, "the same again is no event");
}

#[test]
fn the_withdrawal_of_a_restricted_copy_shows_no_facts() {
    let rig = Rig::new();
    rig.commit(&code(1));
    restrict(&rig, "12345");
    withdraw(&rig, "replaced");
    assert_eq!(
        standing(&rig).facts_for_the_public(),
        Err(Withheld::NotInForce(CopyStatus::Withdrawn))
    );
}

#[test]
fn a_factor_is_stored_under_the_key_and_differently_for_every_copy() {
    let rig = Rig::new();
    rig.commit(&code(1));
    restrict(&rig, "Secret-4471");
    for name in rig.names() {
        let body = rig.get(&name).unwrap();
        let body = String::from_utf8_lossy(&body).to_lowercase();
        assert!(!body.contains("4471"), "{name}: {body}");
    }
    let factor = AccessFactor::new("x", "Secret-4471").unwrap();
    let stored = |seed| {
        let index = CodeIndex::of(&code(seed));
        rig.archive.factor_keys().digest(index, factor.value())
    };
    assert_ne!(stored(1), stored(2));
    let without = Archive::over(rig.objects.clone(), rig.runtime.handle().clone());
    let index = CodeIndex::of(&code(1));
    assert_eq!(without.access(index, &NewAccess::Restricted(factor)), None);
    assert_eq!(NewAccess::new(Visibility::Restricted, None), None);
}
