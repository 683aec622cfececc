//! The validation policy (EN 319 102-1, 5.1.4): what is asked of a signature beyond being intact. A value
//! of its own, so that the same evidence can be judged by another one.

use jiff::{SignedDuration, Timestamp};

use super::algorithms::AlgorithmTerms;

/// What is asked of revocation data (EN 319 102-1, 5.2.6.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RevocationDemand {
    /// Every certificate of the chain needs an answer that can be used.
    Required,
    /// What is there is judged; nothing there is said, and not held against the signature.
    IfPresent,
}

/// A validation policy.
#[derive(Debug)]
pub struct Policy {
    /// Its name, for requests and reports.
    pub name: &'static str,
    /// One sentence for people.
    pub summary: &'static str,
    /// Revocation data.
    pub revocation: RevocationDemand,
    /// How long an answer without `nextUpdate` counts as fresh.
    pub freshness: SignedDuration,
    /// How far a clock may be ahead of ours.
    pub clock_skew: SignedDuration,
    /// Which algorithms are acceptable, until when.
    pub algorithms: &'static AlgorithmTerms,
}

/// The default: revocation data are judged when they are there. Seals of the level B-B bring none.
pub static DEFAULT: Policy = Policy {
    name: "segell-1",
    summary: "Chain to a configured anchor; revocation data judged when embedded; algorithms of ETSI TS \
              119 312 with their end dates.",
    revocation: RevocationDemand::IfPresent,
    freshness: SignedDuration::from_hours(24),
    clock_skew: SignedDuration::from_secs(60),
    algorithms: &AlgorithmTerms::TS_119_312,
};

/// The strict one: without revocation data nothing passes.
pub static STRICT: Policy = Policy {
    name: "segell-1-strict",
    summary: "As segell-1, and every certificate of the chain needs fresh revocation data.",
    revocation: RevocationDemand::Required,
    freshness: SignedDuration::from_hours(24),
    clock_skew: SignedDuration::from_secs(60),
    algorithms: &AlgorithmTerms::TS_119_312,
};

/// Every policy, the default first.
pub static ALL: [&Policy; 2] = [&DEFAULT, &STRICT];

impl Policy {
    /// The policy of this name.
    pub fn named(name: &str) -> Option<&'static Self> {
        ALL.into_iter().find(|policy| policy.name == name)
    }

    /// `time` is later than `now`, beyond what clocks may differ.
    pub(super) fn is_future(&self, time: Timestamp, now: Timestamp) -> bool {
        now.checked_add(self.clock_skew)
            .is_ok_and(|limit| time > limit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_is_found_by_its_name_only() {
        for policy in ALL {
            assert_eq!(
                Policy::named(policy.name).map(|found| found.name),
                Some(policy.name)
            );
        }
        assert!(Policy::named("segell").is_none());
        assert!(Policy::named("").is_none());
    }
}
