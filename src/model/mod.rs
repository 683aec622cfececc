//! The words of the domain, as types that cannot be wrong. This room knows nobody.
//!
//! The administration's own words, glossed once:
//!
//! - **CSV** (*codi segur de verificació*): the verification code printed on a copy. In code it is a
//!   [`Code`], because to a programmer the three letters mean comma-separated values.
//! - **DIR3**: the common directory of Spanish public bodies; its nine-character code names an organ.
//! - **INE10**: the ten-digit code by which Catalan interoperability services name a local body.
//! - **NIF**: the tax number; a seal certificate carries it in `organizationIdentifier`.
//! - **ENI**: the national interoperability scheme; its elaboration states EE02, EE03 and EE04 say
//!   what kind of copy a document is, and TD01–TD99 what kind of document.
//! - **PRE / PRO**: the test and the real environment.

pub mod algorithm;
pub mod code;
pub mod commission;
pub mod copy;
#[cfg(test)]
pub(crate) mod corpus;
pub mod deadline;
pub mod digest;
pub mod hash_trail;
pub mod language;
pub mod octets;
pub mod organ;
pub mod policy;
pub mod public_key;
pub mod signature;
pub mod visibility;
pub mod withdrawal;

pub use algorithm::SealAlgorithm;
pub use code::{Code, CodeError};
pub use commission::{Commission, Confirmation, Papers};
pub use copy::{CopyKind, Description, DocumentType, ExternalRef, Origin, Placement};
pub use deadline::Deadline;
pub use digest::Sha256Digest;
pub use hash_trail::HashTrail;
pub use language::Language;
pub use octets::Octets;
pub use organ::{Dir3, Environment, Ine10, Nif, Organ};
pub use public_key::PublicKey;
pub use signature::{Indication, SignatureLevel, SignedBy, SourceSignature, SubIndication};
pub use visibility::{AccessFactor, FactorValue, Visibility};
pub use withdrawal::{PublicText, Withdrawal, WithdrawalReason};
