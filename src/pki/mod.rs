//! X.509 and keys. Knows openssl; receives bytes, never files; the time comes in as an argument.
//!
//! `CONFORMANCE.md` beside this file says which demand of the seal's profile is checked where.

pub mod above;
mod algorithm;
pub mod anchors;
pub mod certificate;
pub mod chain;
mod container;
pub mod defect;
mod elements;
pub mod example;
pub mod identity;
pub mod jws;
pub mod path;
pub mod pem;
pub mod revocation;
pub mod rewrap;
pub mod seal_key;
pub mod signer;
#[cfg(test)]
mod tests;
pub mod tls;
pub mod token_trouble;
pub mod trust_list;
pub mod verify;

pub use anchors::{AnchorFacts, AnchorOrigin, Anchors, ListState, TrustState, TrustedPeriod};
pub use certificate::{CertificateFacts, UnreadableCertificate};
pub use chain::ChainOutcome;
pub use defect::SealDefect;
pub use example::is_example_material;
pub use identity::{IdentityChange, SealClass};
pub use rewrap::{SealContents, inspect, rewrap};
pub use seal_key::{DeviceCertificates, SealContainer, SealKey, SealRules};
pub use signer::Signer;
pub use token_trouble::TokenTrouble;
