//! Trusted lists (ETSI TS 119 612): the statements of supervisory bodies about whose certificates to trust,
//! read from bytes that were fetched beforehand. Nothing is fetched here.
//!
//! ```text
//! bytes → [`read`]: bounded XML → the one signature, by a pinned certificate → the octets it covers
//!       → [`TrustedList`], read from those octets and from nothing else
//!       → [`Selection`]: services for a purpose, with the times at which they were approved
//!       → [`AnchorFile`]: a PEM file that says where its certificates come from
//! ```
//!
//! What is signed is what is read: the list is parsed again from the canonical octets whose digest the
//! signature covers, so no arrangement of elements around them can put another list in their place.
//!
//! `CONFORMANCE.md` beside this file says which clause is held where.

mod algorithm;
mod anchor_file;
mod canonical;
mod difference;
mod element;
mod fault;
mod list;
mod selection;
mod service;
mod signature;
mod signer;
#[cfg(test)]
mod tests;
mod xades;

pub use anchor_file::{AnchorFile, AnchorFileFault, ListFacts, ListedAnchor};
pub use difference::{Change, Difference};
pub use fault::TrustListFault;
pub use list::{ListKind, Pointer, Territory, TrustedList};
pub use selection::{Purpose, Selection};
pub use service::{Service, ServiceStatus};
pub use signer::{Signer, fingerprints, pem};
pub(super) use signer::{subject, time};

use crate::model::Sha256Digest;

/// Most bytes of a list. The largest national ones have 5 MB.
pub const MAX_BYTES: usize = 16 * 1024 * 1024;

/// Reads a trusted list whose signature is by one of the certificates in `pins` (SHA-256 of their DER).
///
/// # Errors
/// [`TrustListFault`]: nothing of a list is told unless its signature is right.
pub fn read(bytes: &[u8], pins: &[Sha256Digest]) -> Result<TrustedList, TrustListFault> {
    let text = element::text_of(bytes)?;
    let document = element::parse(text)?;
    let signed = signature::verify(text, &document, pins)?;
    let octets = element::text_of(&signed.octets)?;
    list::read(
        &element::parse(octets)?,
        Sha256Digest::of(bytes),
        signed.signer,
    )
}
