//! What becomes of a copy that cannot reach its level.

use futures_util::TryStreamExt;
use object_store::ObjectStore;
use segell::model::Deadline;
use segell::model::SignatureLevel::{self, BB, BLt, BLta, BT};
use segell::model::policy::OnLowerLevel::{self, Accept, Fail};
use segell::seal::{Issued, LevelMeans, SealError};

use crate::authority::{Authority, Keeper, missing, outage};
use crate::stages::asking;
use crate::support::office::{ORGANS, Office, now};

/// Seals at `level` with an authority that answers `answers` times and then no more.
fn seal(
    office: &Office,
    authority: &Authority,
    level: SignatureLevel,
    rule: OnLowerLevel,
    answers: usize,
) -> Result<Issued, SealError> {
    let mut request = asking(office, ORGANS[0], level);
    request.fields.on_lower_level = Some(rule);
    let mut left = answers;
    office
        .sealer()
        .seal_with(request, now, &Deadline::never(), |imprint| {
            left = left.checked_sub(1).ok_or_else(outage)?;
            Ok(authority.stamp(imprint))
        })
}

/// What is stored of copies: everything but the seals.
pub(crate) fn stored(office: &Office) -> Vec<String> {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let objects = runtime.block_on(office.objects().list(None).try_collect::<Vec<_>>());
    let names = objects.expect("a list").into_iter();
    names
        .map(|object| object.location.to_string())
        .filter(|name| !name.starts_with("seals/"))
        .collect()
}

#[test]
fn under_fail_nothing_is_issued_and_nothing_stored() {
    let Some(authority) = Authority::new() else {
        return;
    };
    let (keeper, means) = Keeper::with_means();
    let office = Office::open_with(means, |_| ());
    for (level, answers) in [(BT, 0), (BLt, 0), (BLta, 1)] {
        let refused = seal(&office, &authority, level, Fail, answers);
        assert!(matches!(refused, Err(SealError::NoTimestamp(_))), "{level}");
    }
    keeper.say(missing());
    let refused = seal(&office, &authority, BLt, Fail, 1);
    assert!(matches!(refused, Err(SealError::NoRevocationData(_))));
    assert_eq!(stored(&office), [""; 0]);
}

#[test]
fn under_accept_the_copy_says_which_level_it_reached_and_which_was_asked() {
    let Some(authority) = Authority::new() else {
        return;
    };
    let (keeper, means) = Keeper::with_means();
    let office = Office::open_with(means, |_| ());
    let lowered = |level, answers, expected| {
        let issued = seal(&office, &authority, level, Accept, answers).expect("a copy");
        let intent = issued.record.intent;
        assert_eq!((intent.level_asked, intent.level), (level, expected));
        let told = intent.findings.iter();
        assert_eq!(told.filter(|f| f.rule == "level-lowered").count(), 1);
    };
    lowered(BT, 0, BB);
    lowered(BLta, 1, BLt);
    keeper.say(missing());
    lowered(BLt, 1, BT);
}

#[test]
fn what_an_organ_does_not_accept_no_request_makes_acceptable() {
    let Some(authority) = Authority::new() else {
        return;
    };
    let (_, means) = Keeper::with_means();
    let office = Office::open_with(means, |policy| policy.level = BT);
    let refused = seal(&office, &authority, BT, Accept, 0);
    assert!(matches!(refused, Err(SealError::NoTimestamp(_))));
    // What it asks for beyond its organ it may do without.
    let issued = seal(&office, &authority, BLta, Accept, 1).expect("a copy");
    assert_eq!(issued.record.intent.level, BLt);
}

#[test]
fn a_level_that_the_service_never_reaches_is_refused_before_any_work() {
    let Some(authority) = Authority::new() else {
        return;
    };
    let office = Office::open_with(LevelMeans::default(), |_| ());
    let refused = seal(&office, &authority, BT, Fail, 9);
    assert!(matches!(
        refused,
        Err(SealError::LevelUnavailable {
            asked: BT,
            highest: BB,
            by_organ: false
        })
    ));
    let issued = seal(&office, &authority, BT, Accept, 9).expect("a copy");
    assert_eq!(issued.record.intent.level, BB);

    let office = Office::open_with(LevelMeans::default(), |policy| policy.level = BLt);
    let refused = seal(&office, &authority, BB, Fail, 9);
    assert!(matches!(
        refused,
        Err(SealError::LevelUnavailable { by_organ: true, .. })
    ));
}
