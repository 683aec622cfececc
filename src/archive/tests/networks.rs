//! What a network does to creates and reads: answers that are lost, conflicts, and parts of a store that
//! cannot be read.

use super::faulty::{Network, Unreadable};
use super::*;

/// A rig over a network with this plan: what becomes of each create, in order.
fn rig(plan: &[Network]) -> Rig {
    let objects = Arc::new(InMemory::new());
    let mut rig = Rig::over(objects.clone());
    let network = faulty::Unreliable::with(objects, plan);
    rig.archive = rig
        .archive_over(network)
        .with_factor_keys(FactorKeys::default());
    rig
}

#[test]
fn a_create_whose_answer_was_lost_is_found_to_have_succeeded() {
    let rig = rig(&[Network::LosesAnswer]);
    assert_eq!(rig.archive.begin(&intent(&code(1))).unwrap(), Begun::New);
}

#[test]
fn a_create_that_never_arrived_is_made_again() {
    let rig = rig(&[Network::LosesRequest, Network::LosesRequest]);
    assert_eq!(rig.archive.begin(&intent(&code(1))).unwrap(), Begun::New);
    let record = rig.commit_begun(&code(1));
    assert!(record.newly);
}

#[test]
fn a_conflict_is_looked_at_and_tried_again_when_nothing_stands_there() {
    let rig = rig(&[Network::Conflicts]);
    assert_eq!(rig.archive.begin(&intent(&code(1))).unwrap(), Begun::New);
}

#[test]
fn after_a_lost_request_what_another_wrote_is_not_taken_for_ours() {
    let rig = rig(&[Network::LosesRequest]);
    let mut other = intent(&code(1));
    other.application = "another".into();
    let body = serde_json::to_vec_pretty(&other).unwrap();
    rig.put(&format!("{}/intent.json", folder(&code(1))), body);
    let begun = rig.archive.begin(&intent(&code(1))).unwrap();
    assert_eq!(begun, Begun::Existing(Box::new(other)));
}

#[test]
fn a_network_that_stays_away_is_given_up_on() {
    let rig = rig(&[Network::LosesRequest; 32]);
    let error = rig.archive.begin(&intent(&code(1))).unwrap_err();
    assert!(error.is_transient());
    let rig = self::rig(&[Network::Conflicts; 32]);
    let error = rig.archive.begin(&intent(&code(1))).unwrap_err();
    assert!(matches!(error, ArchiveError::Contended));
}

#[test]
fn a_copy_whose_every_answer_is_lost_is_made_once() {
    let rig = rig(&[Network::LosesAnswer; 6]);
    assert_eq!(rig.archive.begin(&intent(&code(1))).unwrap(), Begun::New);
    assert!(rig.commit_begun(&code(1)).newly);
    rig.archive
        .register_seal(&intent(&code(1)).organ, &certificate(), "PEM")
        .unwrap();
    let check = rig.archive.check(now(), &mut |_, _| {}).unwrap();
    assert_eq!((check.copies, check.findings), (1, vec![]));
}

#[test]
fn a_bucket_that_is_gone_is_not_an_archive_without_copies() {
    let rig = Rig::over(Arc::new(Unreadable::gone(Arc::new(InMemory::new()))));
    let error = rig
        .archive
        .look_up(CodeIndex::of(&code(1)), now())
        .unwrap_err();
    assert!(error.is_transient(), "{error:?}");
}

#[test]
fn a_copy_whose_events_cannot_be_reached_now_is_never_in_force() {
    let rig = Rig::new();
    let record = rig.commit(&code(1)).record;
    let index = record.intent.index;
    rig.withdraw(index);
    for part in ["/events/", "/events"] {
        let archive = rig.archive_over(Arc::new(Unreadable::below(rig.objects.clone(), part)));
        for outcome in [
            archive.look_up(index, now()).map(|_| ()),
            archive.stand(index, now()).map(|_| ()),
            archive.identify(&record.document.digest, now()).map(|_| ()),
        ] {
            assert!(outcome.unwrap_err().is_transient(), "{part}");
        }
    }
}

#[test]
fn one_registered_seal_that_cannot_be_read_hides_no_other_and_is_a_finding() {
    let rig = Rig::new();
    rig.commit(&code(1));
    rig.put("seals/L01990015/0000.json", "{");
    rig.put("seals/L01990099/misplaced.json", {
        let name = format!("seals/L01990015/{}.json", certificate().fingerprint);
        rig.get(&name).unwrap()
    });
    let seals = rig.archive.registered_seals().unwrap();
    assert_eq!(seals.len(), 2);
    let found = rig.archive.check(now(), &mut |_, _| {}).unwrap().findings;
    let found: Vec<_> = found
        .iter()
        .map(|one| (one.object.as_str(), one.defect))
        .collect();
    assert_eq!(
        found,
        [
            ("seals/L01990015/0000.json", Defect::Unreadable),
            ("seals/L01990099/misplaced.json", Defect::Misplaced),
        ]
    );
}
