//! CMS and CAdES structures (RFC 5652, RFC 5035, ETSI EN 319 122-1). Knows neither PDF nor keys.
//!
//! `CONFORMANCE.md` beside this file goes through the clauses one by one.

mod asn1;
mod attributes;
mod ber;
mod certificate;
pub mod evidence;
mod oid;
pub mod profile;
mod scheme;
#[cfg(test)]
mod tests;
pub mod timestamp;

pub use evidence::{CmsError, CmsEvidence};
pub use profile::{CmsProfile, SignedAttributes};
pub use timestamp::TimestampEvidence;
