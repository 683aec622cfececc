//! What the inventory says of an organ's file.

use jiff::Timestamp;

use crate::cli::inventory::{NextEntry, Row, SealEntry, State, Trouble, UseEntry};
use crate::model::Organ;
use crate::model::organ::Cession;
use crate::opening::organ_file::OrganFileFault;
use crate::pki::SealDefect;
use crate::seal::{LoadedSeal, NextSeal, NextSealDefect, SealUse, Seat};

/// The row of a seat.
pub(super) fn row(file: String, seat: &Seat, now: Timestamp) -> Row {
    let shown = match &seat.seal {
        Ok(seal) => Ok(entry(seal, now)),
        Err(defect) => Err(trouble_of_seal(defect)),
    };
    let next = seat.next.as_ref();
    Row {
        took_over: seat.took_over,
        ..Row::of(file, &seat.organ, &seat.seal_use, shown)
    }
    .with_next(next.map(|next| next_entry(next, now)))
}

fn next_entry(next: &NextSeal, now: Timestamp) -> NextEntry {
    NextEntry {
        active_from: next.active_from,
        seal: next.seal.as_ref().ok().map(|seal| entry(seal, now)),
        trouble: next.seal.as_ref().err().map(trouble_of_next),
    }
}

fn entry(seal: &LoadedSeal, now: Timestamp) -> SealEntry {
    let facts = seal.key.facts();
    SealEntry {
        name: facts.common_name.clone(),
        issuer: facts.issuer.clone(),
        public_key: facts.public_key.clone(),
        algorithm: seal.key.algorithm(),
        not_after: facts.not_after,
        days_left: SealEntry::days_between(now, facts.not_after),
        probed_at: seal.health.last().at,
    }
}

pub(crate) fn trouble_of_seal(defect: &SealDefect) -> Trouble {
    Trouble {
        code: defect.code(),
        cause: defect.to_string(),
        next_step: defect.next_step(),
    }
}

pub(crate) fn trouble_of_next(defect: &NextSealDefect) -> Trouble {
    Trouble {
        code: defect.code(),
        cause: defect.to_string(),
        next_step: defect.next_step(),
    }
}

pub(super) fn trouble_of_file(fault: &OrganFileFault) -> Trouble {
    Trouble {
        code: fault.code(),
        cause: fault.to_string(),
        next_step: fault.next_step(),
    }
}

impl Row {
    /// A file of which nothing is known but what is wrong with it.
    pub(super) fn bad(file: String, trouble: Trouble) -> Self {
        Self {
            file,
            dir3: None,
            ine10: None,
            nif: None,
            organ: None,
            environment: None,
            cession: None,
            seal_use: None,
            used_by: None,
            commission: None,
            state: State::Bad,
            seal: None,
            next: None,
            took_over: None,
            trouble: Some(trouble),
        }
    }

    /// The row of an organ.
    pub(super) fn of(
        file: String,
        organ: &Organ,
        seal_use: &SealUse,
        seal: Result<SealEntry, Trouble>,
    ) -> Self {
        let (state, seal, trouble) = match seal {
            Ok(seal) => (State::with_days_left(seal.days_left), Some(seal), None),
            Err(trouble) => (State::Bad, None, Some(trouble)),
        };
        Self {
            file,
            dir3: Some(organ.dir3.clone()),
            ine10: organ.ine10.clone(),
            nif: Some(organ.nif.clone()),
            organ: Some(organ.names.in_language(organ.language).to_owned()),
            environment: Some(organ.environment),
            cession: Some(organ.cession.word()),
            seal_use: (organ.cession == Cession::Own).then(|| UseEntry {
                word: seal_use.word(),
                applications: seal_use.applications().map(str::to_owned).collect(),
            }),
            used_by: None,
            commission: None,
            state,
            seal,
            next: None,
            took_over: None,
            trouble,
        }
    }
}
