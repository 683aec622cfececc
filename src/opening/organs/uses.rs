//! Files that share a seal have to agree for whom it is.

use std::collections::BTreeMap;

use super::Unchanged;
use crate::model::Sha256Digest;
use crate::pki::SealDefect;
use crate::seal::{LoadedSeal, SealUse, Seat};

/// What was said first about each seal, and in which file.
#[derive(Default)]
struct Said(BTreeMap<Sha256Digest, (SealUse, String)>);

/// Takes the seal from every seat whose file contradicts what another file says about the same seal: it
/// cannot be exclusive to one application and another's too. What is in force stands; among new files the
/// first. The same holds for seals that wait.
pub(super) fn agree(mut seats: Vec<(&str, &mut Seat)>, unchanged: &Unchanged) {
    seats.sort_by_key(|(file, _)| !unchanged.contains_key(*file));
    let mut said = Said::default();
    for (file, seat) in &mut seats {
        let Ok(seal) = &seat.seal else { continue };
        if let Err(defect) = said.note(seal, &seat.seal_use, file) {
            seat.seal = Err(defect);
        }
    }
    for (file, seat) in &mut seats {
        let Some(next) = &mut seat.next else { continue };
        let Ok(seal) = &next.seal else { continue };
        if let Err(defect) = said.note(seal, &next.seal_use, file) {
            next.seal = Err(defect.into());
        }
    }
}

impl Said {
    fn note(
        &mut self,
        seal: &LoadedSeal,
        seal_use: &SealUse,
        file: &str,
    ) -> Result<(), SealDefect> {
        let (said, other) = self
            .0
            .entry(seal.key.facts().fingerprint)
            .or_insert_with(|| (seal_use.clone(), file.to_owned()));
        let exclusive = [&*said, seal_use]
            .into_iter()
            .any(|seal_use| matches!(seal_use, SealUse::Exclusive(_)));
        if exclusive && *said != *seal_use && other != file {
            return Err(SealDefect::ContradictoryUse {
                cause: format!("{other} has the same seal, where it is {}", said.word()),
            });
        }
        Ok(())
    }
}
