//! Files that share a seal have to agree for whom it is.

use std::collections::BTreeMap;

use super::Unchanged;
use crate::model::Sha256Digest;
use crate::pki::SealDefect;
use crate::seal::{SealUse, Seat};

/// Takes the seal from every seat whose file contradicts what another file says about the same seal: it
/// cannot be exclusive to one application and another's too. What is in force stands; among new files the
/// first.
pub(super) fn agree(mut seats: Vec<(&str, &mut Seat)>, unchanged: &Unchanged) {
    seats.sort_by_key(|(file, _)| !unchanged.contains_key(*file));
    let mut known: BTreeMap<Sha256Digest, (SealUse, String)> = BTreeMap::new();
    for (file, seat) in seats {
        let Ok(seal) = &seat.seal else { continue };
        let (said, other) = known
            .entry(seal.key.facts().fingerprint)
            .or_insert_with(|| (seat.seal_use.clone(), file.to_owned()));
        let exclusive = [&*said, &seat.seal_use]
            .into_iter()
            .any(|seal_use| matches!(seal_use, SealUse::Exclusive(_)));
        if exclusive && *said != seat.seal_use {
            seat.seal = Err(SealDefect::ContradictoryUse {
                cause: format!("{other} has the same seal, where it is {}", said.word()),
            });
        }
    }
}
