//! CMS and CAdES structures (RFC 5652, RFC 5035, RFC 3161, ETSI EN 319 122-1). Knows neither PDF nor keys.
//!
//! `CONFORMANCE.md` beside this file goes through the clauses one by one.

mod asn1;
mod attributes;
mod ber;
mod certificate;
pub mod digest;
pub mod evidence;
mod oid;
pub mod profile;
mod scheme;
mod signed_data;
#[cfg(test)]
mod tests;
mod time;
pub mod timestamp;
pub mod timestamp_request;
pub mod timestamp_token;

pub use digest::digest;
pub use evidence::{CmsError, CmsEvidence};
pub use profile::{CmsProfile, SignedAttributes};
pub use scheme::VerificationKey;
pub use timestamp::TimestampEvidence;
pub use timestamp_request::{TimestampFault, TimestampReply, TimestampRequest};
pub use timestamp_token::{Imprint, TimestampToken};
