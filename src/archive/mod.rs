//! What is kept so that a code can be answered years later: create-only objects over an object store.

pub mod record;

pub use record::{
    CodeIndex, CopyRecord, CopyStatus, DocumentRecord, Finding, Intent, SealRecord, Severity,
    SourceRecord,
};
