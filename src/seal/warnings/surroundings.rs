//! What concerns all organs: the archive, the clock, and whom we trust.

use jiff::{SignedDuration, Timestamp};

use super::{Ground, Warning, days_left};
use crate::pki::{AnchorFacts, AnchorOrigin, TrustState};

/// A clock further away than this from an authority's makes signatures that others doubt.
const CLOCK_LIMIT: SignedDuration = SignedDuration::from_secs(10);
/// Days before the end of an anchor from which on it is told.
const ANCHOR_DAYS: i64 = 90;

/// The archive failed its last probe.
pub(super) fn archive(ground: &Ground<'_>) -> Option<Warning> {
    let fault = ground.archive_fault.as_ref()?;
    Some(Warning::about_all(
        "archive-trouble",
        None,
        format!("the archive failed its last probe: {fault}"),
        "Operator: see that the store is reached and can be written (`segell archive check`); nothing is \
         sealed without it.",
    ))
}

/// Our clock and that of an authority disagree.
pub(super) fn clock(ground: &Ground<'_>) -> Option<Warning> {
    let offset = ground.clock_offset?;
    let seconds = offset.abs().as_secs();
    if offset.abs() <= CLOCK_LIMIT {
        return None;
    }
    let side = if offset.is_negative() {
        "ahead of"
    } else {
        "behind"
    };
    Some(Warning::about_all(
        "clock-offset",
        None,
        format!("this machine's clock is {seconds} s {side} the time-stamp authority's"),
        "Operator: synchronise the clock (`timedatectl timesync-status`).",
    ))
}

/// Anchors of the operator's choice that end soon, and trusted lists of which a newer one is due.
pub(super) fn trust(ground: &Ground<'_>) -> Vec<Warning> {
    let [seals, timestamps] = ground.anchors;
    let state = TrustState::of(seals, timestamps);
    let stale = state.lists.iter().filter(|list| list.is_stale(ground.now));
    let stale = stale.map(|list| {
        let due = list.next_update.map_or_else(
            || "it was closed".to_owned(),
            |next| format!("the next was due on {}", day(next)),
        );
        Warning::about_all(
            "trusted-list-stale",
            Some(format!("{} {}", list.territory, list.purpose.word())),
            format!(
                "the anchors for {} come from number {} of the trusted list of {}, and {due}",
                list.purpose.word(),
                list.sequence,
                list.territory
            ),
            "Operator: fetch the current list and import it (`segell trust import`).",
        )
    });
    let mut facts: Vec<&AnchorFacts> = seals.facts().iter().chain(timestamps.facts()).collect();
    facts.sort_by_key(|anchor| anchor.fingerprint);
    facts.dedup_by_key(|anchor| anchor.fingerprint);
    let ending = facts.into_iter().filter_map(|anchor| {
        let end = anchor.not_after?;
        let days = days_left(ground.now, end);
        // One that ended long ago was kept for the copies of its time, and a trusted list, which holds
        // hundreds, brings the successors of its own.
        let chosen = matches!(anchor.origin, AnchorOrigin::File { .. });
        let soon = (0..=ANCHOR_DAYS).contains(&days) && chosen;
        soon.then(|| {
            Warning::about_all(
                "anchor-ends",
                Some(anchor.fingerprint.to_string()),
                format!(
                    "the trusted issuer \u{201c}{}\u{201d} ends on {}, in {days} day(s)",
                    anchor.subject,
                    day(end)
                ),
                "Operator: add the issuer that takes its place, and have the seals renewed that it issued.",
            )
        })
    });
    stale.chain(ending).collect()
}

fn day(time: Timestamp) -> String {
    time.strftime("%Y-%m-%d").to_string()
}
