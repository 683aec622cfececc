//! A week of an organ, counted from what is stored.

use super::*;
use crate::model::{PublicText, Withdrawal, WithdrawalReason, withdrawal::Written};

#[test]
fn a_week_counts_its_copies_and_the_withdrawals_of_any_copy() {
    let rig = Rig::new();
    let day = SignedDuration::from_hours(24);
    commit_as(&rig, 1, "registre", now());
    commit_as(&rig, 2, "registre", now() - day * 6);
    commit_as(&rig, 3, "gestor", now() - day * 5);
    let old = commit_as(&rig, 4, "gestor", now() - day * 40);
    let older = commit_as(&rig, 5, "gestor", now() - day * 41);
    let withdrawal = Withdrawal {
        reason: WithdrawalReason::Superseded,
        text: PublicText::try_from(Written::Plain("n’hi ha una altra".to_owned())).unwrap(),
    };
    let withdraw = |index, at| {
        rig.archive
            .withdraw(index, &withdrawal, "gestor", at)
            .unwrap()
    };
    withdraw(old, now() - day);
    withdraw(older, now() - day * 8);
    let intent = intent(&code(1));
    let week = rig
        .archive
        .week(&intent.organ, intent.environment, now())
        .unwrap();
    let used: Vec<_> = week
        .used_by
        .iter()
        .map(|used| (used.application.as_str(), used.copies))
        .collect();
    assert_eq!((week.copies, week.complete), (3, true));
    assert_eq!(used, [("registre", 2), ("gestor", 1)]);
    assert_eq!(week.withdrawn.len(), 1);
    assert_eq!(week.withdrawn[0].reason, "superseded");
    assert_eq!(week.withdrawn[0].at, now() - day);
    let elsewhere = rig
        .archive
        .week(&intent.organ, intent.environment.other(), now())
        .unwrap();
    assert_eq!((elsewhere.copies, elsewhere.withdrawn.len()), (0, 0));
}
