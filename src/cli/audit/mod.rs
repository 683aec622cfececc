//! `segell audit`: reads the audit log back, and takes parts of it out.

pub mod arguments;
pub mod export;
pub mod verify;

pub use arguments::AuditCommand;

use super::failure::Failure;
use crate::audit::Fact;

/// Tells the audit log what a command has done, and waits until it stands there.
pub type Tell<'a> = &'a dyn Fn(Fact) -> Result<(), Failure>;
