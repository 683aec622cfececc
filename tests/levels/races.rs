//! Timestamped copies cannot be made twice the same: the archive's create-only write decides.

use object_store::ObjectStoreExt;
use segell::archive::CodeIndex;
use segell::model::Deadline;
use segell::model::SignatureLevel::{BB, BT};
use segell::model::policy::OnLowerLevel::Accept;
use segell::seal::{Issued, Pending, Step};

use crate::authority::{Authority, Keeper, outage};
use crate::lowering::stored;
use crate::stages::{asking, seal};
use crate::support::office::{ORGANS, Office, now};

/// Takes away everything but the intent of a copy, as if its maker had died right after writing it.
fn forget_all_but_intents(office: &Office) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    for name in stored(office) {
        if !name.ends_with("intent.json") {
            let gone = runtime.block_on(office.objects().delete(&name.as_str().into()));
            gone.expect("it was there");
        }
    }
}

fn finish(step: Step) -> Issued {
    match step {
        Step::Done(issued) => *issued,
        Step::Wanted(..) => panic!("it wants more"),
    }
}

#[test]
fn an_intent_alone_does_not_hinder_the_same_request() {
    let Some(authority) = Authority::new() else {
        return;
    };
    let (_, means) = Keeper::with_means();
    let office = Office::open_with(means, |_| ());
    let request = asking(&office, ORGANS[0], BT);
    let (lost, _) = seal(&office, &authority, request.clone()).expect("a copy");
    forget_all_but_intents(&office);
    let (made, asked) = seal(&office, &authority, request).expect("a copy");
    assert_eq!((made.code, asked), (lost.code, 1));
    let intent = &made.record.intent;
    assert_eq!(intent.level, BT);
    assert_eq!(intent.byte_range, lost.record.intent.byte_range);
    assert_ne!(
        made.document.concat(),
        lost.document.concat(),
        "another token"
    );
}

#[test]
fn an_intent_that_cannot_be_kept_now_is_left_for_a_lower_one_that_is_accepted() {
    let Some(authority) = Authority::new() else {
        return;
    };
    let (_, means) = Keeper::with_means();
    let office = Office::open_with(means, |_| ());
    let mut request = asking(&office, ORGANS[0], BT);
    request.fields.on_lower_level = Some(Accept);
    let (lost, _) = seal(&office, &authority, request.clone()).expect("a copy");
    forget_all_but_intents(&office);
    let made = office
        .sealer()
        .seal_with(request, now, &Deadline::never(), |_| Err(outage()))
        .expect("a copy");
    let intent = &made.record.intent;
    assert_eq!(
        (intent.level_asked, intent.level, intent.generation),
        (BT, BB, 1)
    );
    assert_ne!(CodeIndex::of(&made.code), lost.record.intent.index);
}

#[test]
fn of_two_identical_requests_that_wait_both_get_the_copy_of_the_first() {
    let Some(authority) = Authority::new() else {
        return;
    };
    let (_, means) = Keeper::with_means();
    let office = Office::open_with(means, |_| ());
    let request = asking(&office, ORGANS[0], BT);
    let begin = || {
        let step = office
            .sealer()
            .begin(request.clone(), now(), &Deadline::never());
        match step.expect("a beginning") {
            Step::Wanted(imprint, pending) => (imprint, pending),
            Step::Done(_) => panic!("nobody has made it yet"),
        }
    };
    let go_on = |pending: Pending, token| {
        let step = pending.go_on(Ok(token), now(), &Deadline::never());
        finish(step.expect("a copy"))
    };
    let ((first, one), (second, other)) = (begin(), begin());
    let first = go_on(*one, authority.stamp(&first));
    let second = go_on(*other, authority.stamp(&second));
    assert!(!first.replayed && second.replayed);
    assert_eq!(first.document.concat(), second.document.concat());
    let records = stored(&office);
    let records = records.iter().filter(|name| name.ends_with("record.json"));
    assert_eq!(records.count(), 1);
}

#[test]
fn a_request_that_is_dropped_while_it_waits_leaves_nothing() {
    let (_, means) = Keeper::with_means();
    let office = Office::open_with(means, |_| ());
    let request = asking(&office, ORGANS[0], BT);
    let step = office.sealer().begin(request, now(), &Deadline::never());
    assert!(matches!(step, Ok(Step::Wanted(..))));
    drop(step);
    assert_eq!(stored(&office), [""; 0]);
}
