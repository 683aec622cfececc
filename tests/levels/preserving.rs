//! Copies raised and renewed in this process: what is stored, what is refused, who wins a race.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use segell::archive::{Content, CopyStatus};
use segell::model::SignatureLevel::{BB, BLta, BT};
use segell::model::{Deadline, Sha256Digest, SignatureLevel};
use segell::pki::Anchors;
use segell::seal::LevelMeans;
use segell::seal::preserve::{
    Need, PreserveError, PreserveRequest, PreserveStep, Preserved, Preserver,
};
use segell::validate::Verdict;
use segell::validate::report::CopyPartKind;

use crate::authority::{Authority, Keeper, outage, revoked};
use crate::stages::asking;
use crate::support::office::{ORGANS, Office, now, report};

fn no_anchors() -> Arc<Anchors> {
    Arc::new(Anchors::from_pem([]).expect("no anchors"))
}

fn preserver(office: &Office, levels: LevelMeans) -> Preserver {
    office.preserver(levels, no_anchors(), SignedDuration::from_hours(24 * 180))
}

/// A copy of level B-B, and the request to raise it.
pub(crate) fn basic(office: &Office, organ: &str, level: SignatureLevel) -> PreserveRequest {
    let request = asking(office, organ, BB);
    let issued = office.sealer().seal(&request, now(), &Deadline::never());
    PreserveRequest {
        index: issued.expect("a copy").record.intent.index,
        level,
        application: Some("tests".to_owned()),
    }
}

fn preserve(
    preserver: &Preserver,
    request: &PreserveRequest,
    at: Timestamp,
    authority: Option<&Authority>,
) -> Result<Preserved, PreserveError> {
    let stamp = |imprint: &_| match authority {
        Some(authority) => Ok(authority.stamp(imprint)),
        None => Err(outage()),
    };
    preserver.preserve_with(request, || at, &Deadline::never(), stamp, |_| ())
}

fn newest(office: &Office, preserved: &Preserved) -> Vec<u8> {
    let disclosure = preserved.standing.for_the_organ().expect("a copy in force");
    let parts = office.archive().read(disclosure, Content::Newest);
    parts.expect("an archive").expect("a document").concat()
}

fn objects(office: &Office) -> usize {
    office.object_names().len()
}

#[test]
fn a_basic_copy_is_raised_by_a_document_timestamp_once_and_stays_the_same_copy() {
    let Some(authority) = Authority::new() else {
        return;
    };
    let (_, means) = Keeper::with_means();
    let office = Office::open();
    let preserver = preserver(&office, means);
    let request = basic(&office, ORGANS[0], BT);
    let need = preserver.need(&request, now(), &Deadline::never());
    assert_eq!(need.expect("a copy"), Need::Raise(BB));

    let done = preserve(&preserver, &request, now(), Some(&authority)).expect("a version");
    assert_eq!((done.extended, done.level), (true, BT));
    assert_eq!(done.standing.versions(), 2);
    let file = newest(&office, &done);
    let issued = &done.standing.record.document;
    assert_eq!(
        Sha256Digest::of(&file[..issued.size as usize]),
        issued.digest
    );
    assert_eq!(Sha256Digest::of(&file), done.standing.newest().digest);

    let judged = report(&office.validator(), &file);
    assert_eq!(judged.verdict, Verdict::Identical);
    let copy = judged.copy.expect("a copy of ours");
    assert_eq!((copy.version, copy.versions), (2, 2));
    let kinds: Vec<CopyPartKind> = copy.parts.iter().map(|part| part.kind).collect();
    assert_eq!(kinds, [CopyPartKind::Copy, CopyPartKind::Timestamp]);
    assert_eq!(copy.parts[0].end, issued.size);
    let said = &judged.findings[0].text;
    assert!(
        said.contains("version 2 of 2") && said.contains("timestamp of 2026-"),
        "{said}"
    );

    let again = preserve(&preserver, &request, now(), None).expect("nothing to do");
    assert_eq!((again.extended, again.level), (false, BT));
    assert_eq!(again.standing.newest(), done.standing.newest());
}

#[test]
fn who_loses_the_race_keeps_nothing_and_answers_with_the_winners_version() {
    let Some(authority) = Authority::new() else {
        return;
    };
    let (_, means) = Keeper::with_means();
    let office = Office::open();
    let preserver = preserver(&office, means);
    let request = basic(&office, ORGANS[1], BT);
    let waiting = || match preserver.begin(&request, now(), &Deadline::never()) {
        Ok(PreserveStep::Timestamp(imprint, raising)) => (imprint, raising),
        _ => panic!("it wants no timestamp"),
    };
    let (one, two) = (waiting(), waiting());
    let end = |(imprint, raising): (_, Box<segell::seal::preserve::Raising>)| {
        let token = Ok(authority.stamp(&imprint));
        match raising.stamped(token, now(), &Deadline::never()) {
            Ok(PreserveStep::Done(done)) => done,
            _ => panic!("it is not done"),
        }
    };
    let winner = end(one);
    let before = objects(&office);
    let loser = end(two);
    assert!(winner.extended && !loser.extended);
    assert_eq!(loser.standing.newest(), winner.standing.newest());
    assert_eq!(loser.standing.versions(), 2);
    assert_eq!(objects(&office), before);
}

#[test]
fn what_cannot_be_had_leaves_the_copy_as_it_is() {
    let Some(authority) = Authority::new() else {
        return;
    };
    let office = Office::open();
    let request = basic(&office, ORGANS[2], BLta);
    let before = objects(&office);
    let (keeper, means) = Keeper::with_means();
    let bare = preserver(&office, LevelMeans::default());
    let able = preserver(&office, means);
    let years = SignedDuration::from_hours(24 * 365 * 30);
    let try_it = |preserver, at, authority| preserve(preserver, &request, at, authority).err();
    assert!(matches!(
        try_it(&bare, now(), Some(&authority)),
        Some(PreserveError::LevelUnavailable {
            asked: BLta,
            highest: BB
        })
    ));
    assert!(matches!(
        try_it(&able, now(), None),
        Some(PreserveError::NoTimestamp(_))
    ));
    assert!(matches!(
        try_it(&able, now() + years, Some(&authority)),
        Some(PreserveError::NotInForce(CopyStatus::Expired))
    ));
    keeper.say(revoked(1));
    assert!(matches!(
        try_it(&able, now(), Some(&authority)),
        Some(PreserveError::NotCurrent(_))
    ));
    assert_eq!(objects(&office), before);
}

#[test]
fn data_that_prove_nothing_make_no_version_of_a_level_they_do_not_have() {
    let Some(authority) = Authority::new() else {
        return;
    };
    // This keeper has no answer in its data: the copy would be called B-LTA and would not be.
    let (_, means) = Keeper::with_means();
    let office = Office::open();
    let request = basic(&office, ORGANS[3], BLta);
    let before = objects(&office);
    let outcome = preserve(
        &preserver(&office, means),
        &request,
        now(),
        Some(&authority),
    );
    assert!(matches!(outcome, Err(PreserveError::SelfCheck(_))));
    assert_eq!(objects(&office), before);
}
