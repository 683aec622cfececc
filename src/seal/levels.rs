//! Which signature level a copy owes, and who helps to reach it (EN 319 142-1, 6).

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use super::{Fields, SealError};
use crate::archive::{Finding, Severity};
use crate::model::SignatureLevel;
use crate::model::policy::{OnLowerLevel, Policy};
use crate::pki::revocation::RevocationKeeper;

/// What a service has for levels above B-B.
#[derive(Clone, Default)]
pub struct LevelMeans {
    /// Bytes reserved for a timestamp token; `None` when there is no time-stamp authority.
    pub token_bytes: Option<usize>,
    /// Who keeps revocation data at hand.
    pub revocation: Option<Arc<dyn RevocationKeeper>>,
}

impl LevelMeans {
    /// The highest level that can be reached on a good day.
    pub fn highest(&self) -> SignatureLevel {
        match (self.token_bytes, &self.revocation) {
            (None, _) => SignatureLevel::BB,
            (Some(_), None) => SignatureLevel::BT,
            (Some(_), Some(_)) => SignatureLevel::BLta,
        }
    }
}

/// The level of a copy: the one it should have, and the one below which it is not made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LevelDemand {
    /// The organ's, or the request's if that is higher.
    pub asked: SignatureLevel,
    /// The lowest that is accepted.
    pub floor: SignatureLevel,
}

impl LevelDemand {
    /// What the organ has decided and the request asks for: it may only be stricter than its organ.
    pub fn of(organ: &Policy, request: &Fields) -> Self {
        let asked = request.level.unwrap_or(organ.level).max(organ.level);
        let organ_floor = match organ.on_lower_level {
            OnLowerLevel::Fail => organ.level,
            OnLowerLevel::Accept => SignatureLevel::BB,
        };
        let request_floor = match request.on_lower_level.unwrap_or(organ.on_lower_level) {
            OnLowerLevel::Fail => asked,
            OnLowerLevel::Accept => SignatureLevel::BB,
        };
        Self {
            asked,
            floor: organ_floor.max(request_floor),
        }
    }

    /// The level to aim at with these means.
    ///
    /// # Errors
    /// [`SealError::LevelUnavailable`] when even the lowest level accepted is out of their reach.
    pub(super) fn aim(
        self,
        means: &LevelMeans,
        organ: &Policy,
    ) -> Result<SignatureLevel, SealError> {
        let highest = means.highest();
        if self.floor > highest {
            return Err(SealError::LevelUnavailable {
                asked: self.floor,
                highest,
                by_organ: organ.level > highest,
            });
        }
        Ok(self.asked.min(highest))
    }
}

/// What the record of a copy says that did not reach the level asked.
pub(super) fn lowered(asked: SignatureLevel, reached: SignatureLevel) -> Finding {
    let lacked = match reached {
        SignatureLevel::BB => "no timestamp of the signature could be had",
        SignatureLevel::BT => "no current revocation data could be had",
        SignatureLevel::BLt | SignatureLevel::BLta => {
            "no timestamp of the whole document could be had"
        }
    };
    Finding {
        rule: "level-lowered".to_owned(),
        severity: Severity::Warning,
        page: None,
        text: format!("level {asked} was asked and {reached} reached: {lacked} at that moment"),
    }
}

/// Why no timestamp was to be had.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoTimestamp {
    /// There is nobody to ask.
    #[error("no time-stamp authority is configured")]
    NotConfigured,
    /// No authority gave one that holds.
    #[error("{cause}")]
    Outage {
        /// In the words of whoever asked them.
        cause: String,
        /// After how long it may be worth another try.
        retry_after: Option<Duration>,
    },
    /// As many copies as may wait for a timestamp do already.
    #[error("too many copies wait for a timestamp")]
    TooManyWait,
    /// The token does not fit into the room that was left for it.
    #[error("the token has {len} bytes, and {room} were reserved")]
    TooLong {
        /// Its length.
        len: usize,
        /// The room.
        room: usize,
    },
    /// The token is written in BER; inside a signature it would have to be DER.
    #[error("the token is not DER throughout")]
    NotDer,
    /// It proves a time at which the seal is not valid.
    #[error("the token is of {0}, when the seal is not valid")]
    OutsideValidity(Timestamp),
}

#[cfg(test)]
mod tests {
    use super::*;
    use OnLowerLevel::{Accept, Fail};
    use SignatureLevel::{BB, BLt, BLta, BT};

    fn demand(
        organ: (SignatureLevel, OnLowerLevel),
        request: (Option<SignatureLevel>, Option<OnLowerLevel>),
    ) -> (SignatureLevel, SignatureLevel) {
        let policy = Policy {
            level: organ.0,
            on_lower_level: organ.1,
            ..Policy::default()
        };
        let fields = Fields {
            level: request.0,
            on_lower_level: request.1,
            ..Fields::default()
        };
        let demand = LevelDemand::of(&policy, &fields);
        (demand.asked, demand.floor)
    }

    #[test]
    fn a_request_that_says_nothing_gets_what_its_organ_has_decided() {
        assert_eq!(demand((BT, Fail), (None, None)), (BT, BT));
        assert_eq!(demand((BLt, Accept), (None, None)), (BLt, BB));
    }

    #[test]
    fn a_request_may_be_stricter_than_its_organ_and_never_laxer() {
        assert_eq!(demand((BT, Fail), (Some(BB), None)), (BT, BT));
        assert_eq!(demand((BT, Fail), (None, Some(Accept))), (BT, BT));
        assert_eq!(demand((BT, Accept), (None, Some(Fail))), (BT, BT));
        assert_eq!(demand((BB, Fail), (Some(BLta), None)), (BLta, BLta));
    }

    #[test]
    fn what_a_request_asks_beyond_its_organ_it_may_do_without() {
        assert_eq!(demand((BT, Fail), (Some(BLt), Some(Accept))), (BLt, BT));
        assert_eq!(demand((BB, Fail), (Some(BT), Some(Accept))), (BT, BB));
    }

    #[test]
    fn a_level_out_of_reach_is_refused_unless_a_lower_one_is_accepted() {
        let means = LevelMeans {
            token_bytes: Some(8_192),
            revocation: None,
        };
        let aim = |floor| LevelDemand { asked: BLta, floor }.aim(&means, &Policy::default());
        assert_eq!(aim(BT).ok(), Some(BT));
        assert!(matches!(
            aim(BLt),
            Err(SealError::LevelUnavailable {
                asked: BLt,
                highest: BT,
                by_organ: false,
            })
        ));
    }
}
