//! How many copies an application may still make today.
//!
//! The limit is a soft one: the copies of a day are counted from the archive, whichever replica made them,
//! and the count is up to a minute old. It keeps a program that has run wild from filling the archive.

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use super::Access;
use crate::http::problem::{Problem, ProblemCode, grouped};
use crate::http::state::AppState;
use crate::model::{Dir3, Environment};

/// Refuses who has made its copies of the day. What cannot be counted now refuses nobody: the archive,
/// which every copy needs, will say so itself.
pub(crate) async fn check(access: &Access, state: &AppState) -> Result<(), Problem> {
    let Some(quota) = access.copies_per_day else {
        return Ok(());
    };
    if !state.archive().keeps_copies() {
        return Ok(());
    }
    let organs: Vec<(Dir3, Environment)> = state
        .sealer()
        .organs()
        .iter()
        .map(|seat| (seat.organ.dir3.clone(), seat.organ.environment))
        .filter(|(organ, environment)| access.may_use(organ, *environment))
        .collect();
    let worker = state.clone();
    let application = access.application.id.clone();
    let now = state.now();
    let counted = state
        .looking_up()
        .admit()?
        .run(move || worker.usage().copies_today(&application, &organs, now))
        .await?;
    match counted {
        Ok(made) if made >= quota => Err(Problem::new(ProblemCode::QuotaExceeded)
            .with_detail(format!(
                "It made {} of {} copies since midnight (UTC).",
                grouped(made),
                grouped(quota)
            ))
            .with_field("retry-after", seconds_left(now).to_string())),
        Ok(_) => Ok(()),
        Err(error) => {
            tracing::warn!(%error, "the copies of the day cannot be counted now");
            Ok(())
        }
    }
}

/// Seconds until the next day begins, in UTC.
fn seconds_left(now: Timestamp) -> i64 {
    let now = now.to_zoned(TimeZone::UTC);
    let next = now.date().saturating_add(1.day()).to_zoned(TimeZone::UTC);
    next.map_or(1, |next| {
        next.timestamp().as_second() - now.timestamp().as_second()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_ends_at_midnight_in_utc() {
        let left = |text: &str| seconds_left(text.parse().unwrap());
        assert_eq!(left("2026-11-22T23:59:59Z"), 1);
        assert_eq!(left("2026-12-31T00:00:00Z"), 86_400);
    }
}
