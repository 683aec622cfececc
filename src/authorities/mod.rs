//! The authorities that others run and that seals lean on: time stamps (RFC 3161), OCSP (RFC 6960) and
//! revocation lists (RFC 5280), over HTTP. The only room that knows `reqwest`.
//!
//! Every address comes from the settings: never from a certificate, and never from an upload. What an
//! authority sends is checked (by [`crate::cades`] and [`crate::pki`]) before anybody sees it; an answer that
//! is wrong counts as no answer. The calendar comes in as a function; only distances between two moments are
//! measured here, with the timer of the runtime.

mod access;
mod circuit;
mod endpoint;
mod outage;
pub mod revocation;
mod timestamp;
mod trusted;
mod visit;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use jiff::Timestamp;

pub use access::{Access, Credentials, Identity, UnusableAccess};
pub use circuit::CircuitState;
pub use endpoint::{EndpointKind, EndpointState, ExchangeFault, TimeLimits};
pub use outage::{AuthorityFault, FailedAttempt, TimestampOutage};
pub use revocation::{KeptState, Revocation, RevocationParts, SourceSetup, UnusableSource};
pub use timestamp::{AuthoritySetup, ChainListener, TimestampAuthorities, TimestampParts};
pub use trusted::{Untrusted, trusted};
pub use visit::{Visit, visit};

/// Tells the calendar time.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;
