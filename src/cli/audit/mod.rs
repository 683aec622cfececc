//! `segell audit`: reads the audit log back, and takes parts of it out.

pub mod arguments;
pub mod export;
pub mod verify;

pub use arguments::AuditCommand;

use super::failure::Failure;
use crate::audit::{Event, Fact};
use crate::seal::Issued;

/// Tells the audit log what a command has done, and waits until it stands there.
pub type Tell<'a> = &'a (dyn Fn(Fact) -> Result<(), Failure> + Sync);

/// A copy was issued.
pub(super) fn copy_issued(issued: &Issued) -> Fact {
    let outcome = if issued.replayed { "replayed" } else { "new" };
    let record = &issued.record;
    let fact = Fact::new(Event::CopyIssued).outcome(outcome);
    fact.about(&record.intent).file(record.document.digest)
}
