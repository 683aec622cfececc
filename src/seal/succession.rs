//! The certificates of one organ in the order of time: which came before the one in use, which after.

use jiff::Timestamp;

use super::Seat;
use crate::archive::RegisteredSeal;
use crate::model::Sha256Digest;
use crate::pki::CertificateFacts;

/// The certificates with which this seat is not sealing, as far as they are registered for its organ. The
/// register does not know environments: what the organ's other seat seals with is left out here.
pub(super) fn others<'a>(
    seat: &Seat,
    seats: &[&Seat],
    registered: &'a [RegisteredSeal],
) -> Vec<&'a CertificateFacts> {
    let dir3 = &seat.organ.dir3;
    let of_organ = seats.iter().filter(|other| other.organ.dir3 == *dir3);
    let in_hand: Vec<Sha256Digest> = of_organ.flat_map(|seat| in_hand(seat)).collect();
    let registered = registered.iter().filter(|seal| seal.organ == *dir3);
    registered
        .map(|seal| &seal.certificate)
        .filter(|certificate| !in_hand.contains(&certificate.fingerprint))
        .collect()
}

/// The certificate that the one in use took over from.
pub(super) fn predecessor<'a>(
    current: &CertificateFacts,
    others: impl IntoIterator<Item = &'a CertificateFacts>,
) -> Option<&'a CertificateFacts> {
    let earlier = others
        .into_iter()
        .filter(|other| other.not_before < current.not_before);
    earlier.max_by_key(|other| other.not_before)
}

/// A certificate that should have taken over from the one in use: it begins and ends later, and is valid now.
pub(super) fn successor<'a>(
    current: &CertificateFacts,
    others: impl IntoIterator<Item = &'a CertificateFacts>,
    now: Timestamp,
) -> Option<&'a CertificateFacts> {
    let later = others.into_iter().filter(|other| {
        other.not_before > current.not_before
            && other.not_after > current.not_after
            && (other.not_before..=other.not_after).contains(&now)
    });
    later.max_by_key(|other| other.not_before)
}

/// The fingerprints of the certificates that a seat has: nobody has to be told of them.
pub(super) fn in_hand(seat: &Seat) -> impl Iterator<Item = Sha256Digest> {
    let seals = seat.loaded_seals();
    seals.map(|seal| seal.key.facts().fingerprint)
}
