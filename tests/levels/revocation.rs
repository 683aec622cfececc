//! What is asked of a seal before it seals.

use segell::model::Deadline;
use segell::model::SignatureLevel::{BB, BT};
use segell::model::policy::RevocationRule::{self, Off, Preferred, Required};
use segell::pki::SealDefect;
use segell::seal::{Issued, SealError};

use crate::authority::{Authority, Keeper, missing, revoked};
use crate::lowering::stored;
use crate::stages::{asking, seal};
use crate::support::office::{ORGANS, Office, now};

fn office(rule: RevocationRule) -> (std::sync::Arc<Keeper>, Office) {
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
