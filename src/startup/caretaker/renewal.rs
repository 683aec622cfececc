//! Loading the organs anew, and exchanging what is in use for what was loaded.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::files::Stamps;
use super::{
    Caretaker, Dir3, Occasion, Organs, SealDefect, Seat, SeatKey, Terms, Trouble, Unchanged,
    awaits_token, organs, registered_seals, tell,
};
use crate::archive::{ArchiveError, RegisteredSeal};
use crate::cli::inventory::Row;
use crate::http::SealTrouble;
use crate::model::Environment;
use crate::opening::{audit, authorities};
use crate::seal::SealChange;

/// The seats to use from now on, and what has to be told about them.
struct Exchange {
    seats: Vec<Seat>,
    /// Why an organ goes on with the seal it had, or is without; by file.
    troubles: Vec<(String, Option<Dir3>, &'static str, Trouble)>,
}

impl Caretaker {
    /// Loads what may have changed and exchanges it.
    pub(super) fn reload(&mut self, occasion: Occasion) {
        let settings = &self.charge.settings;
        let folder = &settings.organs.folder;
        // A folder that is gone was taken away by accident: whoever wants no organs empties it.
        let files = folder.read_dir().and_then(|_| organs::files(folder));
        let files = match files {
            Ok(files) => files,
            Err(error) => {
                tracing::error!(%error, "the folder of organs cannot be read; nothing is changed");
                self.unfinished = true;
                return;
            }
        };
        let before = Stamps::of(folder, &self.sources);
        let current = self.charge.sealer.organs();
        let unchanged = match occasion {
            Occasion::Told => Unchanged::new(),
            Occasion::Files | Occasion::Tokens => self.unchanged(&current, &before, occasion),
        };
        let now = (self.charge.clock)();
        let terms = Terms {
            profile: settings.profile,
            anchors: &self.charge.anchors,
            tokens: &self.charge.tokens,
            now,
        };
        let loaded = organs::load(folder, &files, &terms, &unchanged, &|| {});
        let owners = self.owners();
        let exchange = exchange(
            &current,
            loaded.seats,
            &loaded.inventory.seals,
            &owners,
            now,
        );
        match self.register(&current, &exchange.seats) {
            Ok(new) => self.charge.registered.extend(new),
            Err(error) => {
                tracing::error!(%error, "new seals cannot be registered; nothing is changed");
                self.unfinished = true;
                return;
            }
        }
        let organs = Organs::new(exchange.seats);
        tell_changes(&current, &organs);
        audit::tell_exchange(&self.auditor, &current, &organs);
        let mut told = BTreeSet::new();
        self.troubles.clear();
        for (file, organ, what, trouble) in exchange.troubles {
            let key = (file, trouble.code);
            if occasion == Occasion::Told || !self.told.contains(&key) {
                tell(organ.as_ref(), what, &trouble);
                audit::tell_failed(&self.auditor, organ.as_ref(), &trouble);
            }
            told.insert(key);
            self.troubles.push(SealTrouble {
                organ,
                goes_on: what == KEPT,
                code: trouble.code,
                cause: trouble.cause,
                next_step: trouble.next_step,
            });
        }
        self.charge.sealer.replace_organs(organs);
        self.charge.looks.replace(loaded.looks);
        self.told = told;
        // A file that cannot be read any more is still its organ's.
        let mut sources = loaded.sources;
        for row in &loaded.inventory.seals {
            if let (false, Some(source)) = (
                sources.contains_key(&row.file),
                self.sources.remove(&row.file),
            ) {
                sources.insert(row.file.clone(), source);
            }
        }
        self.sources = sources;
        self.stamps = Stamps::of(folder, &self.sources).with_earlier(&before);
        self.unfinished = false;
        self.warn();
    }

    /// The organ and environment of every file, as far as they were ever known.
    fn owners(&self) -> BTreeMap<String, SeatKey> {
        let sources = self.sources.iter();
        sources
            .map(|(file, source)| (file.clone(), source.key.clone()))
            .collect()
    }

    /// Seats of which no file has changed, and which have the seal of their files.
    fn unchanged(&self, current: &Organs, now: &Stamps, occasion: Occasion) -> Unchanged {
        let changed = self.stamps.changed(now);
        let sources = self.sources.iter();
        let same =
            sources.filter(|(_, source)| !source.files.iter().any(|file| changed.contains(file)));
        same.filter_map(|(file, source)| {
            let seat = current.at(&source.key)?;
            let settled = match occasion {
                Occasion::Tokens => !awaits_token(seat),
                _ => seat.kept.is_none() && seat.seal.is_ok() && !awaits_in_vain(seat),
            };
            settled.then(|| (file.clone(), Seat::clone(seat)))
        })
        .collect()
    }

    /// Registers the seals that were not in use before, so that whatever they seal is known as ours.
    fn register(
        &self,
        current: &Organs,
        seats: &[Seat],
    ) -> Result<Vec<RegisteredSeal>, ArchiveError> {
        let archive = &self.charge.archive;
        let new = seats.iter().flat_map(|seat| {
            let before = current.at(&seat.key()).into_iter();
            let before = before.flat_map(|seat| seat.loaded_seals());
            let known: Vec<_> = before.map(|seal| seal.key.facts().fingerprint).collect();
            let seals = registered_seals(seat);
            seals.filter(move |seal| !known.contains(&seal.certificate.fingerprint))
        });
        let seals: Vec<_> = new.collect();
        if archive.keeps_copies() {
            for seal in &seals {
                archive.register_seal(&seal.organ, &seal.certificate, &seal.pem)?;
            }
        }
        self.charge.validator.know_seals(seals.clone());
        for chain in authorities::chains(seats) {
            self.charge.revocation.keep(&chain);
        }
        Ok(seals)
    }
}

/// Puts together what is to be used: what was loaded and, where that is no seal, the seal in use. Only
/// the operator's word that the seal belongs elsewhere takes it away.
fn exchange(
    current: &Organs,
    loaded: Vec<Seat>,
    rows: &[Row],
    owners: &BTreeMap<String, SeatKey>,
    now: Timestamp,
) -> Exchange {
    let good = |key: &SeatKey| {
        let seat = current.at(key)?;
        let seal = seat.seal.as_ref().ok()?;
        (now <= seal.key.facts().not_after).then_some(seat)
    };
    let mut seats: BTreeMap<SeatKey, Seat> = BTreeMap::new();
    let mut troubles = Vec::new();
    let file_of = |(dir3, environment): &SeatKey| {
        let mut rows = rows.iter();
        let row = rows
            .find(|row| row.dir3.as_ref() == Some(dir3) && row.environment == Some(*environment));
        row.map_or_else(String::new, |row| row.file.clone())
    };
    for seat in loaded {
        let key = seat.key();
        let unfit = seat.next.as_ref().and_then(|next| next.seal.as_ref().err());
        let unfit = unfit.map(organs::trouble_of_next);
        if let Some(trouble) = &unfit {
            let trouble = trouble.clone();
            troubles.push((file_of(&key), Some(key.0.clone()), NEXT_UNFIT, trouble));
        }
        // What has taken over is in force, whatever becomes of its files afterwards.
        let fell_back = seat.next.as_ref().is_some_and(|next| next.is_due(now));
        let successor = good(&key).filter(|seat| fell_back && seat.took_over.is_some());
        if let (Some(trouble), Some(successor)) = (&unfit, successor) {
            seats.insert(key, kept(successor, trouble));
            continue;
        }
        let seat = match &seat.seal {
            Ok(_) | Err(SealDefect::Ceded | SealDefect::Centralised) => seat,
            Err(defect) => {
                let trouble = organs::trouble_of_seal(defect);
                let kept = good(&key).map(|seat| kept(seat, &trouble));
                let what = if kept.is_some() { KEPT } else { NOT_LOADED };
                troubles.push((file_of(&key), Some(key.0.clone()), what, trouble));
                kept.unwrap_or(seat)
            }
        };
        seats.insert(key, seat);
    }
    // Organ files that could not be read at all.
    for row in rows {
        let Some(trouble) = &row.trouble else {
            continue;
        };
        let about = about(row, owners);
        let unclaimed = about.iter().filter(|key| !seats.contains_key(*key));
        let going_on: Vec<Seat> = unclaimed
            .filter_map(&good)
            .map(|seat| kept(seat, trouble))
            .collect();
        let is_told = own(row).is_some_and(|key| seats.contains_key(&key))
            || going_on.is_empty() && about.iter().any(|key| seats.contains_key(key));
        if is_told {
            continue;
        }
        let what = if going_on.is_empty() {
            NOT_LOADED
        } else {
            KEPT
        };
        let organ = about.first().map(|(dir3, _)| dir3.clone());
        troubles.push((row.file.clone(), organ, what, trouble.clone()));
        seats.extend(going_on.into_iter().map(|seat| (seat.key(), seat)));
    }
    Exchange {
        seats: seats.into_values().collect(),
        troubles,
    }
}

/// The seat that a file names, as far as it can be read.
fn own(row: &Row) -> Option<SeatKey> {
    row.dir3.clone().zip(row.environment)
}

/// The seats that a file may be about: the one that it was about before; else what it names, in either
/// environment when that cannot be read.
fn about(row: &Row, owners: &BTreeMap<String, SeatKey>) -> Vec<SeatKey> {
    let known = owners.get(&row.file).cloned().or_else(|| own(row));
    match (known, &row.dir3) {
        (Some(key), _) => vec![key],
        (None, Some(dir3)) => {
            let either = Environment::ALL.into_iter();
            either
                .map(|environment| (dir3.clone(), environment))
                .collect()
        }
        (None, None) => Vec::new(),
    }
}

const KEPT: &str = "the organ's new files cannot be used; it goes on with the seal it has";
const NEXT_UNFIT: &str = "the next seal cannot take over; the organ goes on with the one it has";
const NOT_LOADED: &str = "seal not loaded";

/// The seat that goes on.
fn kept(seat: &Seat, trouble: &Trouble) -> Seat {
    Seat {
        kept: Some(trouble.code),
        ..seat.clone()
    }
}

/// Whether the seal that waits cannot be used.
fn awaits_in_vain(seat: &Seat) -> bool {
    seat.next.as_ref().is_some_and(|next| next.seal.is_err())
}

pub(super) fn tell_changes(before: &Organs, after: &Organs) {
    for (seat, change) in before.changes_to(after) {
        let organ = seat.organ.dir3.as_str();
        match change {
            SealChange::Loaded(seal) => tracing::info!(organ, %seal, "seal loaded"),
            SealChange::Renewed { before, now } => {
                tracing::info!(organ, seal = %now, %before, "seal renewed");
            }
            SealChange::Ended(seal) => tracing::warn!(organ, %seal, "seal no longer in use"),
            SealChange::Retired(_) => {
                tracing::warn!(organ, "organ retired");
                continue;
            }
            SealChange::Same | SealChange::Absent => {}
        }
        let waiting = |seat: &Seat| {
            let next = seat.next.as_ref()?;
            let seal = next.seal.as_ref().ok()?;
            Some((seal.key.facts().fingerprint, next.active_from))
        };
        let known = before.at(&seat.key()).and_then(|seat| waiting(seat));
        if let Some((next, active_from)) = waiting(seat).filter(|now| Some(*now) != known) {
            let active_from = active_from.map(|moment| moment.to_string());
            tracing::info!(organ, seal = %next, active_from, "next seal ready");
        }
    }
}

#[cfg(test)]
mod tests;
