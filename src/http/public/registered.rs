//! The certificates with which copies were ever sealed here, read from the archive and kept for a
//! minute: many pages need one, and they change when the service is started anew.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};

use crate::archive::{ArchiveError, RegisteredSeal};
use crate::http::problem::Problem;
use crate::http::state::AppState;

/// How old the list may be.
const FRESH: SignedDuration = SignedDuration::from_secs(60);

type Seals = Arc<Vec<RegisteredSeal>>;

/// The list, and when it was read.
#[derive(Debug, Default)]
pub(crate) struct Registered(Mutex<Option<(Timestamp, Seals)>>);

impl Registered {
    fn fresh(&self, now: Timestamp) -> Option<Seals> {
        let held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (read, seals) = held.as_ref()?;
        (now.duration_since(*read) < FRESH).then(|| Arc::clone(seals))
    }

    fn keep(&self, now: Timestamp, seals: &Seals) {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *held = Some((now, Arc::clone(seals)));
    }
}

/// Every seal registered here, by organ.
pub(super) async fn seals(state: &AppState) -> Result<Seals, Problem> {
    let now = state.now();
    if let Some(seals) = state.registered().fresh(now) {
        return Ok(seals);
    }
    let worker = state.clone();
    let read = state
        .looking_up()
        .admit()?
        .run(move || worker.archive().registered_seals())
        .await?;
    let seals = match read {
        Ok(seals) => Arc::new(seals),
        // Without an archive there is nothing but what is loaded.
        Err(ArchiveError::NoArchive) => Arc::default(),
        Err(error) => return Err(Problem::from(&error)),
    };
    state.registered().keep(now, &seals);
    Ok(seals)
}
