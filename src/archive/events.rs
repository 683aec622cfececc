//! What happens to a copy after its commit: numbered objects, created once. Two that happen at the same
//! moment get different numbers, and each is decided with all before it in view.

use jiff::Timestamp;

use super::access::Access;
use super::error::ArchiveError;
use super::look_up::read_events;
use super::record::{CodeIndex, Event, EventKind, SCHEMA};
use super::standing::Standing;
use super::store::{Created, to_json};
use super::{Archive, layout};
use crate::model::{AccessFactor, Visibility, Withdrawal};

/// Times that an event is tried again because another took its number.
const PATIENCE: u32 = 16;

/// The last number that sorts by its name.
const LAST: usize = 9999;

/// What became of a withdrawal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Withdrew {
    /// The copy is withdrawn, by this call or by the same one before.
    Done,
    /// The copy was withdrawn before, for another reason or with other words.
    Otherwise,
    /// There is nothing left to withdraw.
    Erased,
}

/// Who may see a copy from now on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NewAccess {
    /// Whoever has the code.
    Open,
    /// Whoever has the code, without the content.
    Metadata,
    /// Whoever has the code and knows this.
    Restricted(AccessFactor),
}

impl NewAccess {
    /// A visibility with its factor: there is one exactly when the copy is restricted.
    pub fn new(visibility: Visibility, factor: Option<AccessFactor>) -> Option<Self> {
        match (visibility, factor) {
            (Visibility::Open, None) => Some(Self::Open),
            (Visibility::Metadata, None) => Some(Self::Metadata),
            (Visibility::Restricted, Some(factor)) => Some(Self::Restricted(factor)),
            _ => None,
        }
    }
}

impl Archive {
    /// Withdraws a copy: from now on nobody is given its content. Its record stays.
    ///
    /// # Errors
    /// [`ArchiveError::Unavailable`], [`ArchiveError::Contended`], [`ArchiveError::Corrupt`].
    pub fn withdraw(
        &self,
        index: CodeIndex,
        withdrawal: &Withdrawal,
        application: &str,
        now: Timestamp,
    ) -> Result<Withdrew, ArchiveError> {
        let mut outcome = Withdrew::Done;
        self.happen(index, application, now, |events| {
            for event in events {
                match &event.kind {
                    EventKind::Erased => outcome = Withdrew::Erased,
                    EventKind::Withdrawn(before) if before == withdrawal => return None,
                    EventKind::Withdrawn(_) => outcome = Withdrew::Otherwise,
                    EventKind::Expired | EventKind::Visibility(_) => {}
                }
            }
            (outcome == Withdrew::Done).then(|| EventKind::Withdrawn(withdrawal.clone()))
        })?;
        Ok(outcome)
    }

    /// Says who may see a copy from now on. A copy that is made restricted gets its tries back, even if
    /// the factor is the same as before. False when it cannot be restricted for want of a key.
    ///
    /// # Errors
    /// As [`Archive::withdraw`].
    pub fn set_visibility(
        &self,
        standing: &Standing,
        new: &NewAccess,
        application: &str,
        now: Timestamp,
    ) -> Result<bool, ArchiveError> {
        let intent = &standing.record.intent;
        let index = intent.index;
        let Some(access) = self.access(index, new) else {
            return Ok(false);
        };
        let again = !matches!(access, Access::Restricted { .. });
        self.happen(index, application, now, |events| {
            let latest = events.iter().rev().find_map(|event| match &event.kind {
                EventKind::Visibility(access) => Some(access),
                _ => None,
            });
            let stands = latest.unwrap_or(&intent.access);
            (!again || *stands != access).then(|| EventKind::Visibility(access.clone()))
        })?;
        Ok(true)
    }

    /// Who may see a copy, as it is stored: the factor under a key of the service. `None` when it takes a
    /// key and there is none.
    pub fn access(&self, index: CodeIndex, new: &NewAccess) -> Option<Access> {
        Some(match new {
            NewAccess::Open => Access::Open,
            NewAccess::Metadata => Access::Metadata,
            NewAccess::Restricted(factor) => Access::Restricted {
                label: factor.label().to_owned(),
                factor: self.factor_keys().digest(index, factor.value())?,
            },
        })
    }

    /// Adds the event that `decide` makes of those before it, if it makes one.
    pub(super) fn happen(
        &self,
        index: CodeIndex,
        application: &str,
        now: Timestamp,
        mut decide: impl FnMut(&[Event]) -> Option<EventKind>,
    ) -> Result<(), ArchiveError> {
        let store = self.store()?;
        for _ in 0..PATIENCE {
            let events = read_events(store, index)?;
            let Some(kind) = decide(&events) else {
                return Ok(());
            };
            let Some(number) = (events.len() < LAST)
                .then(|| u32::try_from(events.len() + 1).ok())
                .flatten()
            else {
                return Err(ArchiveError::Contended);
            };
            let event = Event {
                schema: SCHEMA,
                index,
                kind,
                at: now,
                application: Some(application.to_owned()),
            };
            match store.create(&layout::event(index, number), &[to_json(&event)?])? {
                Created::New => return Ok(()),
                // Another event took the number: decide again with it in view.
                Created::Already => {}
            }
        }
        Err(ArchiveError::Contended)
    }
}
