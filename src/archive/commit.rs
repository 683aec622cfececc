//! The writes that make a copy, in the one order that every death in between leaves completable:
//! intent, document, pointers, record.

use bytes::Bytes;
use jiff::Timestamp;

use super::error::{ArchiveError, Defect};
use super::look_up::{read_digest, read_intent, read_record};
use super::measure::{is_intended, measure};
use super::record::{CodeIndex, CopyRecord, DigestEntry, DocumentRecord, Intent, SCHEMA};
use super::store::{Created, Store, to_json};
use super::{Archive, layout};
use crate::model::Sha256Digest;

/// What became of an intent.
#[derive(Clone, Debug, PartialEq)]
pub enum Begun {
    /// It is the intent of this copy.
    New,
    /// The copy was begun before, perhaps by a process that died. This intent, not the other, is the
    /// one to seal by and to commit.
    Existing(Box<Intent>),
}

/// A copy that answers.
#[derive(Clone, Debug, PartialEq)]
pub struct Committed {
    /// The record as stored, whoever wrote it.
    pub record: CopyRecord,
    /// This call wrote it. True for at most one call per copy; for none when the store failed to say
    /// that it wrote the record.
    pub newly: bool,
}

/// What became of an unfinished copy.
#[derive(Clone, Debug, PartialEq)]
pub enum Completion {
    /// It answers now, or did already.
    Committed(Box<Committed>),
    /// It has an intent and no document: there is nothing to complete.
    NoDocument(Box<Intent>),
    /// Nothing was ever begun.
    Absent,
}

impl Archive {
    /// Writes the intent of a copy, before anything is sealed.
    ///
    /// # Errors
    /// [`ArchiveError::Unavailable`], [`ArchiveError::Contended`], [`ArchiveError::Corrupt`].
    pub fn begin(&self, intent: &Intent) -> Result<Begun, ArchiveError> {
        let store = self.store()?;
        match store.create(&layout::intent(intent.index), &[to_json(intent)?])? {
            Created::New => Ok(Begun::New),
            Created::Already => {
                let existing = read_intent(store, intent.index)?.ok_or(ArchiveError::Contended)?;
                Ok(Begun::Existing(Box::new(existing)))
            }
        }
    }

    /// Makes a begun copy answer. `intent` is the stored one, `document` the parts of the sealed file
    /// in order, which are not joined in memory, and `digest` the SHA-256 over them.
    ///
    /// When another call stored a document first, that one is the copy: its digest is computed from
    /// the stored bytes and recorded. The answer is in the record, not in the arguments.
    ///
    /// # Errors
    /// [`ArchiveError::OtherDocument`] before anything is written; [`ArchiveError::Corrupt`] when what
    /// stands in the store does not fit the intent; [`ArchiveError::Unavailable`] and
    /// [`ArchiveError::Contended`], after which the same call completes the copy.
    pub fn commit(
        &self,
        intent: &Intent,
        document: &[Bytes],
        digest: Sha256Digest,
        now: Timestamp,
    ) -> Result<Committed, ArchiveError> {
        let store = self.store()?;
        if !is_intended(intent, document) {
            return Err(ArchiveError::OtherDocument);
        }
        let size = document.iter().map(|part| part.len() as u64).sum();
        let stored = match store.create(&layout::document(intent.index), document)? {
            Created::New => DocumentRecord { digest, size },
            Created::Already => {
                let measured = measure(store, intent)?.ok_or(ArchiveError::Contended)?;
                measured.document
            }
        };
        record(store, intent, stored, now)
    }

    /// Completes a copy whose document is stored and whose record is not.
    ///
    /// # Errors
    /// As [`Archive::commit`].
    pub fn complete(&self, index: CodeIndex, now: Timestamp) -> Result<Completion, ArchiveError> {
        let store = self.store()?;
        if let Some(record) = read_record(store, index)? {
            let newly = false;
            return Ok(Completion::Committed(Box::new(Committed { record, newly })));
        }
        let Some(intent) = read_intent(store, index)? else {
            return Ok(Completion::Absent);
        };
        match measure(store, &intent)? {
            None => Ok(Completion::NoDocument(Box::new(intent))),
            Some(measured) => record(store, &intent, measured.document, now)
                .map(|committed| Completion::Committed(Box::new(committed))),
        }
    }
}

/// Writes the pointers to a stored document and then its record.
fn record(
    store: &Store,
    intent: &Intent,
    document: DocumentRecord,
    now: Timestamp,
) -> Result<Committed, ArchiveError> {
    let index = intent.index;
    let entry = DigestEntry {
        schema: SCHEMA,
        index,
        version: 1,
    };
    let mut pointers = vec![
        (layout::digest(document.digest), to_json(&entry)?),
        (layout::organ_pointer(intent), Bytes::new()),
    ];
    if let Some(reference) = &intent.description.external_ref {
        pointers.push((layout::reference_pointer(reference, index), Bytes::new()));
    }
    let created = store.create_all(&pointers)?;
    if created.first() == Some(&Created::Already) {
        let stored = read_digest(store, document.digest)?.ok_or(ArchiveError::Contended)?;
        if stored != entry {
            return Err(ArchiveError::Corrupt(Defect::DigestDiffers));
        }
    }
    let record = CopyRecord {
        intent: intent.clone(),
        document,
        committed_at: now,
    };
    match store.create(&layout::record(index), &[to_json(&record)?])? {
        Created::New => Ok(Committed {
            record,
            newly: true,
        }),
        Created::Already => {
            let stored = read_record(store, index)?.ok_or(ArchiveError::Contended)?;
            if stored.document != record.document {
                return Err(ArchiveError::Corrupt(Defect::DocumentDiffers));
            }
            Ok(Committed {
                record: stored,
                newly: false,
            })
        }
    }
}
