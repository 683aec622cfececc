//! What the audit log is told of seals and keys.

use crate::audit::{Auditor, Event, Fact};
use crate::cli::inventory::Trouble;
use crate::http::Registration;
use crate::model::{Dir3, Sha256Digest};
use crate::seal::{Organs, SealChange};

/// Tells which seals are in use as the service starts.
pub(crate) fn tell_loaded(auditor: &Auditor, organs: &Organs) {
    for seat in organs.iter() {
        let fact = |event| Fact::new(event).organ(&seat.organ.dir3, seat.organ.environment);
        match &seat.seal {
            Ok(seal) => auditor.tell(fact(Event::SealLoaded).seal(seal.key.facts().fingerprint)),
            Err(defect) => {
                let trouble = crate::opening::organs::trouble_of_seal(defect);
                auditor.tell(fact(Event::SealFailed).outcome(trouble.code));
            }
        }
    }
}

/// Tells what an exchange of seals has changed.
pub(crate) fn tell_exchange(auditor: &Auditor, before: &Organs, after: &Organs) {
    for (seat, change) in before.changes_to(after) {
        let fact = |event| Fact::new(event).organ(&seat.organ.dir3, seat.organ.environment);
        auditor.tell(match change {
            SealChange::Loaded(seal) => fact(Event::SealLoaded).seal(seal),
            SealChange::Renewed { now, .. } => fact(Event::SealReplaced).seal(now),
            SealChange::Ended(seal) | SealChange::Retired(Some(seal)) => {
                fact(Event::SealRetired).seal(seal)
            }
            SealChange::Retired(None) => fact(Event::SealRetired),
            SealChange::Same | SealChange::Absent => continue,
        });
    }
}

/// Tells that new files of an organ, where that is known, cannot be used.
pub(crate) fn tell_failed(auditor: &Auditor, organ: Option<&Dir3>, trouble: &Trouble) {
    let fact = Fact::new(Event::SealFailed).outcome(trouble.code);
    auditor.tell(match organ {
        Some(organ) => fact.organ(organ, None),
        None => fact,
    });
}

/// Tells which applications and keys open from now on: how many keys, and a reference to all of them, which
/// is another one as soon as any of them is.
pub(crate) fn tell_applications(auditor: &Auditor, applications: &[Registration]) {
    let mut keys: Vec<String> = applications
        .iter()
        .flat_map(|registration| {
            let id = &registration.application.id;
            registration.keys.iter().map(move |key| {
                format!("{id} {} {:?} {:?}\n", key.digest, key.expires, key.revoked)
            })
        })
        .collect();
    keys.sort();
    let all = Sha256Digest::of(keys.concat().as_bytes());
    let count = keys.len() as u64;
    auditor.tell(Fact::new(Event::ApplicationsLoaded).count(count).file(all));
}
