//! What is appended to a sealed copy so that it can be checked for decades: revisions with validation
//! data and revisions with a document timestamp (ISO 32000-2, 12.8.4.3 and 12.8.5; ETSI EN 319 142-1,
//! 5.4 and 6.3). They are exactly what [`crate::validate::appended`] lets follow a copy, and change
//! nothing that a page shows.
//!
//! [`CopyBase::read`] reads what has to be continued from the copy's own last revisions, which were
//! written here: the source is neither parsed nor joined to its tail. Then [`CopyBase::add_data`] gives
//! a tail, and [`CopyBase::prepare_timestamp`] a tail with a hole for the token. Each tail is one more
//! part of the copy, which is read again before the next one is written.
//!
//! No `/VRI` is written: it is optional (EN 319 142-1, 5.4.2.3), repeats by signature what the store
//! holds once for all, names signatures by SHA-1, and no validator needs it.

mod base;
mod file;
mod store;
mod timestamp;

pub use base::CopyBase;
pub use timestamp::PreparedTimestamp;

use crate::model::Octets;

/// The content of a document security store (ISO 32000-2, table 261), each item in DER.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StoreContent {
    /// `/Certs`: certificates (RFC 5280).
    pub certificates: Vec<Octets>,
    /// `/OCSPs`: `OCSPResponse`s (RFC 6960).
    pub ocsp_responses: Vec<Octets>,
    /// `/CRLs`: `CertificateList`s (RFC 5280).
    pub crls: Vec<Octets>,
}

impl StoreContent {
    /// Nothing at all.
    pub fn is_empty(&self) -> bool {
        self.certificates.is_empty() && self.ocsp_responses.is_empty() && self.crls.is_empty()
    }

    /// Adds what `other` has.
    pub fn extend(&mut self, other: Self) {
        self.certificates.extend(other.certificates);
        self.ocsp_responses.extend(other.ocsp_responses);
        self.crls.extend(other.crls);
    }
}
