//! The end of a seal, told in stages that leave time to act: a seal takes sixteen working days, four when
//! it is urgent, and the paperwork around it as long again.

use jiff::Timestamp;

use super::Warning;
use crate::seal::Seat;

/// Seconds in a day.
const DAY: i64 = 24 * 3600;
/// Days before its end by which the renewal of a seal has to be asked for at the latest: sixteen working days
/// are 23 or 24 in the calendar, and somebody has to sign the request.
pub const REQUEST_BY_DAYS: i64 = 30;

/// How near the end of a seal is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// It is past.
    Over,
    /// Ten days or less: only the urgent procedure is in time.
    Urgent,
    /// Thirty days or less: the ordinary procedure is only just in time.
    Critical,
    /// Sixty days or less: the renewal has to be asked for.
    Request,
    /// Ninety days or less: the renewal has to be planned.
    Plan,
    /// Far away.
    Far,
}

impl Stage {
    /// The stage of a seal that has this many whole days left.
    pub const fn with_days_left(days: i64) -> Self {
        match days {
            ..0 => Self::Over,
            0..=10 => Self::Urgent,
            11..=30 => Self::Critical,
            31..=60 => Self::Request,
            61..=90 => Self::Plan,
            _ => Self::Far,
        }
    }

    /// The word of its warning; `None` when there is nothing to warn of.
    pub const fn code(self) -> Option<&'static str> {
        match self {
            Self::Over => Some("seal-ended"),
            Self::Urgent => Some("seal-ends-10"),
            Self::Critical => Some("seal-ends-30"),
            Self::Request => Some("seal-ends-60"),
            Self::Plan => Some("seal-ends-90"),
            Self::Far => None,
        }
    }

    const fn next_step(self) -> &'static str {
        match self {
            Self::Over => {
                "Organ: renew the seal by the urgent procedure (4 working days); until then nothing \
                 can be sealed."
            }
            Self::Urgent => {
                "Organ: ask for the renewal today, by the urgent procedure (4 working days)."
            }
            Self::Critical => {
                "Organ: ask for the renewal today; the ordinary procedure takes 16 working days."
            }
            Self::Request => {
                "Organ: ask for the renewal now, with the same name, NIF and class, for its own direct \
                 use and not ceded in exclusivity."
            }
            Self::Plan => {
                "Operator: agree the renewal with the organ and plan when it takes over; a seal takes \
                 16 working days."
            }
            Self::Far => "Nothing.",
        }
    }
}

/// Whole days from `now` to `end`; negative after it.
pub fn days_left(now: Timestamp, end: Timestamp) -> i64 {
    end.as_second()
        .saturating_sub(rounded_up(now))
        .div_euclid(DAY)
}

/// The next whole second: a day that lacks a moment is not whole.
fn rounded_up(time: Timestamp) -> i64 {
    let begun = i64::from(time.subsec_nanosecond() > 0);
    time.as_second().saturating_add(begun)
}

/// The seal ends soon, or has ended while it was in use, and none takes over before.
pub(super) fn ending(seat: &Seat, now: Timestamp) -> Option<Warning> {
    if seat.is_relieved() {
        return None;
    }
    let facts = seat.seal.as_ref().ok()?.key.facts();
    let days = days_left(now, facts.not_after);
    let stage = Stage::with_days_left(days);
    let end = facts.not_after.strftime("%Y-%m-%d");
    let fact = match stage {
        Stage::Over => format!(
            "the seal \u{201c}{}\u{201d} ended on {end}",
            facts.common_name
        ),
        _ => format!(
            "the seal \u{201c}{}\u{201d} ends on {end}, in {days} day(s)",
            facts.common_name
        ),
    };
    let code = stage.code()?;
    let next_step = stage.next_step();
    Some(Warning::about_seal(seat, facts, code, fact, next_step))
}
