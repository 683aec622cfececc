//! ISO 32000: bytes in, bytes out. Knows lopdf; nothing of CMS, keys, law or files.
//!
//! The way of a document through this room, each stage a type that the next consumes:
//! [`SourcePdf`] (opened under [`Limits`], with its [`SourceFacts`]) → [`Update`] (objects to append;
//! [`band::draw`] fills it) → [`PreparedRevision`] (tail written, hole for the signature) →
//! [`SealedPdf`]; later, [`extension`] adds validation data and timestamps. The source's bytes are never copied: a sealed file is the source and a tail.

pub mod appender;
pub mod band;
pub mod byte_range;
pub mod document;
pub mod error;
pub mod extension;
pub mod facts;
pub mod limits;
pub mod note;
pub mod signature;
pub mod signed;
pub mod source;
pub mod typeface;

mod budget;
mod cross_reference;
mod encryption;
mod field;
mod filters;
mod lexer;
mod loader;
mod open;
mod page_tree;
mod rebuild;
mod revision;
mod seal_field;
mod serialize;
mod stream_data;
mod survey;
mod tail;
mod template;
mod values;

pub use appender::Update;
pub use byte_range::ByteRange;
pub use error::PdfError;
pub use facts::SourceFacts;
pub use limits::Limits;
pub use note::CopyNote;
pub use signature::{PreparedRevision, SealedPdf, SignatureFields};
pub use signed::SignatureSurvey;
pub use source::SourcePdf;

#[cfg(test)]
mod tests;
