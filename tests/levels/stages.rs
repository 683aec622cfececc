//! The stages of a seal, one after the other.

use segell::cades::{CmsEvidence, Imprint, TimestampEvidence};
use segell::model::Deadline;
use segell::model::SignatureLevel::{self, BB, BLt, BLta, BT};
use segell::model::algorithm::DigestAlgorithm;
use segell::pdf::byte_range::signatures_in;
use segell::seal::{Issued, NoTimestamp, SealError, SealRequest, Step};

use crate::authority::{Authority, Keeper, ROOM};
use crate::support::office::{ORGANS, Office, now};
use crate::support::paper;

/// A request for a copy at a level.
pub(crate) fn asking(office: &Office, organ: &str, level: SignatureLevel) -> SealRequest {
    let mut request = office.request(organ, &paper::one_page("levels"));
    request.fields.level = Some(level);
    request
}

/// Seals from the first stage to the last with an authority that always answers; how often it was asked.
pub(crate) fn seal(
    office: &Office,
    authority: &Authority,
    request: SealRequest,
) -> Result<(Issued, usize), SealError> {
    let mut asked = 0;
    let issued = office
        .sealer()
        .seal_with(request, now, &Deadline::never(), |imprint| {
            asked += 1;
            Ok(authority.stamp(imprint))
        })?;
    Ok((issued, asked))
}

/// The signatures of a copy, in order.
fn contents(copy: &[u8]) -> Vec<Vec<u8>> {
    let found = signatures_in(copy).into_iter();
    let ranges = found.map(|found| found.expect("a well-formed signature").byte_range);
    ranges
        .map(|range| {
            let hole = &copy[range.hole_start as usize + 1..range.hole_end as usize - 1];
            let digits = hole.chunks_exact(2);
            digits
                .map(|pair| {
                    let pair = std::str::from_utf8(pair).expect("hexadecimal");
                    u8::from_str_radix(pair, 16).expect("hexadecimal")
                })
                .collect()
        })
        .collect()
}

#[test]
fn a_copy_at_level_b_b_is_made_in_one_stage() {
    let (_, means) = Keeper::with_means();
    let office = Office::open_with(means, |_| ());
    let request = office.request(ORGANS[0], &paper::one_page("levels"));
    let step = office.sealer().begin(request, now(), &Deadline::never());
    let Ok(Step::Done(issued)) = step else {
        panic!("it wants something");
    };
    let intent = &issued.record.intent;
    assert_eq!((intent.level_asked, intent.level), (BB, BB));
}

#[test]
fn a_copy_at_level_b_t_carries_a_timestamp_over_its_signature_value() {
    let Some(authority) = Authority::new() else {
        return;
    };
    let (_, means) = Keeper::with_means();
    let office = Office::open_with(means, |_| ());
    // One of each kind of key; the last signs over SHA-384.
    for organ in ORGANS {
        let request = asking(&office, organ, BT);
        let (issued, asked) = seal(&office, &authority, request).expect("a copy");
        let intent = &issued.record.intent;
        assert_eq!((intent.level_asked, intent.level, asked), (BT, BT, 1));
        let signatures = contents(&issued.document.concat());
        let [seal] = signatures.as_slice() else {
            panic!("{} signatures", signatures.len());
        };
        let cms = CmsEvidence::collect(seal).expect("a signature");
        assert!(cms.is_der && cms.signature_verifies, "{organ}");
        let token = TimestampEvidence::collect(&cms.signature_timestamps[0]).expect("a token");
        assert_eq!(token.stamps(&[&cms.signature]), Some(true), "{organ}");
        assert!(cms.other_unsigned_attributes.is_empty());
    }
}

#[test]
fn levels_b_lt_and_b_lta_append_a_revision_each() {
    let Some(authority) = Authority::new() else {
        return;
    };
    let (_, means) = Keeper::with_means();
    let office = Office::open_with(means, |_| ());
    for (level, revisions, stamps) in [(BT, 0, 1), (BLt, 1, 1), (BLta, 2, 2)] {
        let (issued, asked) =
            seal(&office, &authority, asking(&office, ORGANS[0], level)).expect("a copy");
        assert_eq!(issued.record.intent.level, level);
        assert_eq!(
            (issued.document.len(), asked),
            (2 + revisions, stamps),
            "{level}"
        );
        let copy = issued.document.concat();
        assert_eq!(issued.record.document.size, copy.len() as u64);
        assert!(copy.starts_with(&paper::one_page("levels")));
        let signatures = contents(&copy);
        assert_eq!(signatures.len(), 1 + usize::from(level == BLta));
    }
}

#[test]
fn the_same_request_finds_its_timestamped_copy_and_asks_nobody() {
    let Some(authority) = Authority::new() else {
        return;
    };
    let (_, means) = Keeper::with_means();
    let office = Office::open_with(means, |_| ());
    let request = asking(&office, ORGANS[0], BLta);
    let (first, _) = seal(&office, &authority, request.clone()).expect("a copy");
    let (again, asked) = seal(&office, &authority, request).expect("a copy");
    assert!(again.replayed && asked == 0);
    assert_eq!(first.document.concat(), again.document.concat());
}

#[test]
fn an_organs_level_counts_for_requests_that_ask_for_none() {
    let Some(authority) = Authority::new() else {
        return;
    };
    let (_, means) = Keeper::with_means();
    let office = Office::open_with(means, |policy| policy.level = BT);
    let request = office.request(ORGANS[0], &paper::one_page("levels"));
    let (issued, _) = seal(&office, &authority, request).expect("a copy");
    assert_eq!(issued.record.intent.level, BT);
    let (issued, _) = seal(&office, &authority, asking(&office, ORGANS[0], BB)).expect("a copy");
    assert_eq!(issued.record.intent.level, BT, "a request cannot be laxer");
}

#[test]
fn a_token_longer_than_its_room_is_named() {
    let Some(authority) = Authority::new() else {
        return;
    };
    let (_, means) = Keeper::with_means();
    let office = Office::open_with(means, |_| ());
    let nobody = asking(&office, ORGANS[0], BT);
    let refused = office
        .sealer()
        .seal_with(nobody, now, &Deadline::never(), |imprint| {
            let mut token = authority.stamp(imprint);
            token.der.resize(ROOM + 1, 0);
            Ok(token)
        });
    let Err(SealError::NoTimestamp(NoTimestamp::TooLong { len, room })) = refused else {
        panic!("another outcome");
    };
    assert_eq!((len, room), (ROOM + 1, ROOM));
}

#[test]
fn a_timestamp_over_something_else_never_leaves_the_house() {
    let Some(authority) = Authority::new() else {
        return;
    };
    let (_, means) = Keeper::with_means();
    let office = Office::open_with(means, |_| ());
    let other = Imprint::of(DigestAlgorithm::Sha256, b"something else");
    for (level, honest) in [(BT, 0), (BLta, 1)] {
        let mut asked = 0;
        let request = asking(&office, ORGANS[0], level);
        let refused = office
            .sealer()
            .seal_with(request, now, &Deadline::never(), |imprint| {
                asked += 1;
                Ok(authority.stamp(if asked > honest { &other } else { imprint }))
            });
        let Err(SealError::SelfCheck(rule)) = refused else {
            panic!("{level}: another outcome");
        };
        assert!(rule.starts_with("T3"), "{rule}");
    }
}
