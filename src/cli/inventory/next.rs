//! Seals that wait to take over, in the inventory.

use jiff::Timestamp;
use serde::Serialize;

use super::{Row, SealEntry, State, Trouble};
use crate::seal::relieves;

/// A seal that waits to take over, as far as the inventory shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NextEntry {
    /// When it takes over; absent when nobody has said so yet.
    pub active_from: Option<Timestamp>,
    /// It.
    pub seal: Option<SealEntry>,
    /// Why it cannot take over.
    pub trouble: Option<Trouble>,
}

impl Row {
    /// The same row with the seal that waits. One that takes over in time makes the end of the seal in force
    /// no longer pressing.
    pub fn with_next(self, next: Option<NextEntry>) -> Self {
        let ends = self.seal.as_ref().map(|seal| seal.not_after);
        let usable = next.as_ref().filter(|next| next.seal.is_some());
        let is_relieved = relieves(usable.and_then(|next| next.active_from), ends);
        let state = match self.state {
            State::Critical if is_relieved => State::Renew,
            state => state,
        };
        Self {
            state,
            next,
            ..self
        }
    }

    /// When the next seal takes over, or how it stands.
    pub(super) fn next_words(&self) -> String {
        let moment = |moment: Timestamp| moment.strftime("%Y-%m-%d %H:%MZ").to_string();
        match (&self.next, self.took_over) {
            (Some(NextEntry { seal: None, .. }), _) => "BAD".to_owned(),
            (Some(next), _) => next
                .active_from
                .map_or_else(|| "no date".to_owned(), moment),
            (None, Some(since)) => format!("in force since {}", since.strftime("%Y-%m-%d")),
            (None, None) => "—".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::row;
    use super::*;

    #[test]
    fn a_seal_that_ends_soon_is_not_pressing_when_the_next_one_takes_over_before() {
        let soon = || row("a.toml", Some(20));
        let end = soon().seal.unwrap().not_after;
        let next = |active_from, seal| NextEntry {
            active_from,
            seal,
            trouble: None,
        };
        let seal = soon().seal;
        let planned = soon().with_next(Some(next(Some(end), seal.clone())));
        assert_eq!(planned.state, State::Renew);
        assert_eq!(planned.next_words(), "2027-01-31 00:00Z");
        let late = Some(end + jiff::SignedDuration::from_secs(1));
        for (next, words) in [
            (next(late, seal.clone()), "2027-01-31 00:00Z"),
            (next(None, seal), "no date"),
            (next(Some(end), None), "BAD"),
        ] {
            let row = soon().with_next(Some(next));
            assert_eq!(
                (row.state, row.next_words().as_str()),
                (State::Critical, words)
            );
        }
        assert_eq!(soon().with_next(None).next_words(), "—");
    }
}
