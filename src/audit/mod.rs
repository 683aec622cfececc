//! The audit log: one line for everything that is issued, refused, judged, looked up, withdrawn or changed,
//! kept so that nobody changes it afterwards without its being found.
//!
//! - A [`Fact`] is told to the [`Auditor`]. It becomes an [`Entry`], in which codes, files and people stand
//!   as keyed references ([`keys`]), and a [`Line`] that hangs on the one before ([`mod@line`]).
//! - Every **instance** (a process and its name) writes a log of its own, into segments on its machine
//!   ([`segments`]). One thread writes, and synchronises for all who wait at once (`writer`): a line that
//!   tells of a copy is on the disk before the copy's answer leaves, any other within a second.
//! - Another thread brings closed segments into the archive, and every minute or thousand lines a
//!   **checkpoint** ([`checkpoint`]): how far this log has come and how far all others were known to have
//!   come, authenticated under the audit key, and time-stamped once a day (`keeper`).
//! - [`verify`] reads all of it back and finds every edit, deletion or change of order before the last
//!   checkpoint, logs that are gone, and copies that no line accounts for. [`export`] takes out a part
//!   that can still be verified.
//!
//! What it proves: after a checkpoint nobody without the audit key takes a line away or changes it unnoticed.
//! What it does not: that a line was true when it was written, nor anything about lines after the last
//! checkpoint, which are told as the *unproved tail*. Whoever can write to everything, files and archive, and
//! takes away the newest checkpoints of all instances together with their lines, is found by the copies
//! that then have no line, and by any checkpoint that was kept elsewhere.
//!
//! No disk and no clock: files come in as [`SegmentFiles`], the time as a function.

mod auditor;
pub mod checkpoint;
mod entry;
pub mod export;
mod instance;
mod keeper;
pub mod keys;
pub mod line;
pub mod segments;
mod shift;
#[cfg(test)]
mod tests;
pub mod verify;
mod writer;

pub use auditor::{AuditUnavailable, Auditor, Clock, Told};
pub use checkpoint::Checkpoint;
pub use entry::{Entry, Event, Fact};
pub use instance::{Instance, InvalidInstance};
pub use keeper::Stamp;
pub use keys::{AuditKeys, Reference};
pub use line::{Head, Line};
pub use segments::{SegmentFiles, Unresumable};
pub use shift::{AuditParts, Shift, begin};
pub use writer::Cadence;
