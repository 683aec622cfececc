//! What is asked of a seal before it seals.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use object_store::ObjectStoreExt;
use segell::model::Deadline;
use segell::model::SignatureLevel::{BB, BT};
use segell::model::policy::RevocationRule::{self, Off, Preferred, Required};
use segell::pki::{Anchors, SealDefect};
use segell::seal::preserve::PreserveRequest;
use segell::seal::{Issued, Organs, SealError, Seat};

use crate::authority::{Authority, Keeper, missing, revoked};
use crate::lowering::stored;
use crate::stages::{asking, seal};
use crate::support::office::{ORGANS, Office, now};

fn office(rule: RevocationRule) -> (Arc<Keeper>, Office) {
    let (keeper, means) = Keeper::with_means();
    (
        keeper,
        Office::open_with(means, |policy| policy.revocation = rule),
    )
}

fn basic(office: &Office) -> Result<Issued, SealError> {
    let request = asking(office, ORGANS[0], BB);
    office.sealer().seal(&request, now(), &Deadline::never())
}

#[test]
fn each_rule_asks_what_it_says() {
    for (rule, without_data, when_revoked) in [
        (Required, false, false),
        (Preferred, true, false),
        (Off, true, true),
    ] {
        let (_, fresh) = office(rule);
        assert!(basic(&fresh).is_ok(), "{rule:?}");
        let (keeper, stale) = office(rule);
        keeper.say(missing());
        let outcome = basic(&stale);
        assert_eq!(outcome.is_ok(), without_data, "{rule:?}");
        if let Err(error) = outcome {
            assert!(matches!(error, SealError::NoRevocationData(_)), "{error}");
            assert_eq!(stored(&stale), [""; 0]);
        }
        let (keeper, worthless) = office(rule);
        keeper.say(revoked(-1));
        let outcome = basic(&worthless);
        assert_eq!(outcome.is_ok(), when_revoked, "{rule:?}");
        if let Err(error) = outcome {
            assert!(matches!(error, SealError::SealRevoked(_)), "{error}");
            assert_eq!(stored(&worthless), [""; 0]);
        }
    }
}

#[test]
fn a_seal_that_is_past_its_validity_seals_no_more() {
    let (_, office) = office(Off);
    let request = asking(&office, ORGANS[0], BB);
    let seal = office.key_of(ORGANS[0]);
    let late = seal.key.facts().not_after + jiff::Span::new().hours(1);
    let refused = office.sealer().seal(&request, late, &Deadline::never());
    assert!(matches!(
        refused,
        Err(SealError::SealUnavailable(SealDefect::Expired { .. }))
    ));
}

#[test]
fn a_copy_whose_seal_was_revoked_since_is_not_given_again_unless_a_timestamp_saves_it() {
    let Some(authority) = Authority::new() else {
        return;
    };
    let (keeper, office) = office(Preferred);
    basic(&office).expect("a copy");
    let request = asking(&office, ORGANS[0], BT);
    seal(&office, &authority, request.clone()).expect("a copy");
    let mut keyed = asking(&office, ORGANS[0], BB);
    keyed.idempotency_key = Some("one".to_owned());
    let give = || office.sealer().seal(&keyed, now(), &Deadline::never());
    give().expect("a copy");

    keeper.say(revoked(1));
    assert!(matches!(basic(&office), Err(SealError::SealRevoked(_))));
    assert!(give().expect("a key names one copy for ever").replayed);
    let (saved, asked) = seal(&office, &authority, request.clone()).expect("a copy");
    assert!(saved.replayed && asked == 0);

    keeper.say(revoked(-1));
    let outcome = seal(&office, &authority, request);
    assert!(
        matches!(outcome, Err(SealError::SealRevoked(_))),
        "revoked before it was stamped"
    );
}

/// Gives an organ the seal of another one, as if its own had been replaced.
fn replace_seal(office: &Office, organ: &str, other: &str) {
    let organs = office.sealer().organs();
    let seal = office.key_of(other);
    let seats = ORGANS.iter().map(|code| {
        let code = code.parse().expect("a code");
        let mut seat = Seat::clone(organs.seat(&code).expect("an example organ"));
        if code.as_str() == organ {
            seat.seal = Ok(Arc::clone(&seal));
        }
        seat
    });
    office.sealer().replace_organs(Organs::new(seats));
}

#[test]
fn a_copy_whose_replaced_seal_was_revoked_since_makes_way_for_one_with_the_seal_of_today() {
    let Some(authority) = Authority::new() else {
        return;
    };
    let (keeper, office) = office(Preferred);
    let former = office.key_of(ORGANS[0]).key.facts().fingerprint;
    let present = office.key_of(ORGANS[1]).key.facts().fingerprint;
    let old = basic(&office).expect("a copy");
    let stamped = asking(&office, ORGANS[0], BT);
    seal(&office, &authority, stamped.clone()).expect("a copy");
    replace_seal(&office, ORGANS[0], ORGANS[1]);
    let again = basic(&office).expect("a copy");
    assert!(
        again.replayed && again.code == old.code,
        "it was replaced, that is all"
    );

    keeper.revoke(former, 1);
    let new = basic(&office).expect("a copy");
    assert!(!new.replayed && new.code != old.code);
    let intent = &new.record.intent;
    assert_eq!((intent.seal.fingerprint, intent.generation), (present, 1));
    let again = basic(&office).expect("a copy");
    assert!(again.replayed && again.code == new.code);
    let (saved, _) = seal(&office, &authority, stamped).expect("a copy");
    assert!(saved.replayed, "its timestamp is older than the revocation");
}

#[test]
fn a_copy_that_was_raised_before_the_revocation_is_given_again() {
    let Some(authority) = Authority::new() else {
        return;
    };
    let (keeper, means) = Keeper::with_means();
    let office = Office::open_with(means.clone(), |policy| policy.revocation = Preferred);
    let old = basic(&office).expect("a copy");
    let no_anchors = Arc::new(Anchors::from_pem([]).expect("no anchors"));
    let preserver = office.preserver(means, no_anchors, SignedDuration::from_hours(24));
    let request = PreserveRequest {
        index: old.record.intent.index,
        level: BT,
        application: None,
    };
    let stamp = |imprint: &_| Ok(authority.stamp(imprint));
    let raised = preserver.preserve_with(&request, now, &Deadline::never(), stamp, |_| ());
    assert!(raised.expect("a version").extended);
    let seal = office.key_of(ORGANS[0]).key.facts().fingerprint;
    // The authority's clock is the machine's, and the office's stands still.
    let after = Timestamp::now() + SignedDuration::from_hours(1);
    keeper.revoke_at(seal, after.max(now()));
    let again = basic(&office).expect("a copy");
    assert!(again.replayed && again.code == old.code);
}

#[test]
fn what_a_revoked_seal_has_left_unfinished_is_not_given_either() {
    let (keeper, office) = office(Preferred);
    let former = office.key_of(ORGANS[0]).key.facts().fingerprint;
    let old = basic(&office).expect("a copy");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let records = stored(&office).into_iter();
    for name in records.filter(|name| name.ends_with("record.json")) {
        let gone = runtime.block_on(office.objects().delete(&name.as_str().into()));
        gone.expect("it was there");
    }
    replace_seal(&office, ORGANS[0], ORGANS[1]);
    keeper.revoke(former, 1);
    let new = basic(&office).expect("a copy");
    assert!(!new.replayed && new.code != old.code);
    assert_eq!(new.record.intent.generation, 1);
}
