//! What the archive knows of a code or of a document.

use jiff::Timestamp;
use object_store::ObjectMeta;

use super::error::{ArchiveError, Defect};
use super::extension::{Extension, extensions_in};
use super::record::{
    CodeIndex, CopyRecord, CopyStatus, DigestEntry, DocumentRecord, Event, Intent,
};
use super::store::Store;
use super::{Archive, layout};
use crate::model::Sha256Digest;

/// What the archive knows of a code.
#[derive(Clone, Debug, PartialEq)]
pub enum LookUp {
    /// Nothing.
    Absent,
    /// A copy was begun and never committed: to everybody outside it does not exist.
    Begun(Intent),
    /// A copy.
    Committed {
        /// What was written about it.
        record: CopyRecord,
        /// Whether it is answered for.
        status: CopyStatus,
        /// What was appended to it since, in order.
        extensions: Vec<Extension>,
    },
}

/// What the digest of a file leads to.
#[derive(Clone, Debug, PartialEq)]
pub struct Identified {
    /// The copy.
    pub index: CodeIndex,
    /// Which version of its document the file is, from 1.
    pub version: u32,
    /// The copy itself. Unless it is [`LookUp::Committed`] nothing can be said about the file yet:
    /// its verdict is *undetermined*.
    pub copy: LookUp,
}

impl Identified {
    /// The same copy as the version that has `digest`, whose entry among the digests may still be on its
    /// way: an extension is stored before it.
    pub fn as_version(&self, digest: &Sha256Digest) -> Option<Self> {
        let LookUp::Committed { extensions, .. } = &self.copy else {
            return None;
        };
        let mut records = extensions.iter().map(|extension| &extension.record);
        let found = records.find(|record| record.document.digest == *digest)?;
        Some(Self {
            version: found.version,
            ..self.clone()
        })
    }
}

impl Archive {
    /// Looks a code up, as of `now`.
    ///
    /// # Errors
    /// [`ArchiveError::Corrupt`] when anything about the copy cannot be read, its events and extensions
    /// included: a copy whose withdrawal cannot be read is not in force.
    pub fn look_up(&self, index: CodeIndex, now: Timestamp) -> Result<LookUp, ArchiveError> {
        let store = self.store()?;
        if let Some(copy) = read_copy(store, index, now)? {
            return Ok(LookUp::Committed {
                record: copy.record,
                status: copy.status,
                extensions: copy.extensions,
            });
        }
        Ok(read_intent(store, index)?.map_or(LookUp::Absent, LookUp::Begun))
    }

    /// Finds the copy of which a file with this digest is a version, as of `now`.
    ///
    /// # Errors
    /// As [`Archive::look_up`].
    pub fn identify(
        &self,
        digest: &Sha256Digest,
        now: Timestamp,
    ) -> Result<Option<Identified>, ArchiveError> {
        let Some(entry) = read_digest(self.store()?, *digest)? else {
            return Ok(None);
        };
        let copy = self.look_up(entry.index, now)?;
        if let LookUp::Committed {
            record,
            status,
            extensions,
        } = &copy
        {
            match version(record, extensions, entry.version) {
                Some(version) if version.digest == *digest => {}
                Some(_) => return Err(ArchiveError::Corrupt(Defect::DigestDiffers)),
                // Its extensions went with its content.
                None if *status == CopyStatus::Erased => {}
                None => return Err(ArchiveError::Corrupt(Defect::ExtensionMissing)),
            }
        }
        Ok(Some(Identified {
            index: entry.index,
            version: entry.version,
            copy,
        }))
    }
}

/// The document of a version, from 1.
pub(super) fn version<'a>(
    record: &'a CopyRecord,
    extensions: &'a [Extension],
    version: u32,
) -> Option<&'a DocumentRecord> {
    match usize::try_from(version).ok()? {
        0 => None,
        1 => Some(&record.document),
        later => extensions
            .get(later - 2)
            .map(|extension| &extension.record.document),
    }
}

pub(super) fn read_intent(store: &Store, index: CodeIndex) -> Result<Option<Intent>, ArchiveError> {
    let intent: Option<Intent> = store.read_json(&layout::intent(index))?;
    intent.map_or(Ok(None), |intent| in_place(intent.index, index, intent))
}

/// The record of a copy, or what erasing it left of it: the stub is written before the record goes, so
/// in this order one of them is always seen.
pub(super) fn read_record(
    store: &Store,
    index: CodeIndex,
) -> Result<Option<CopyRecord>, ArchiveError> {
    let mut record: Option<CopyRecord> = store.read_json(&layout::record(index))?;
    if record.is_none() {
        record = store.read_json(&layout::stub(index))?;
    }
    record.map_or(Ok(None), |record| {
        in_place(record.intent.index, index, record)
    })
}

/// All that is stored about a committed copy.
pub(super) struct StoredCopy {
    pub(super) record: CopyRecord,
    pub(super) events: Vec<Event>,
    pub(super) status: CopyStatus,
    pub(super) extensions: Vec<Extension>,
}

/// A copy with its events and what was appended to it, as of `now`; `None` when it was never committed.
pub(super) fn read_copy(
    store: &Store,
    index: CodeIndex,
    now: Timestamp,
) -> Result<Option<StoredCopy>, ArchiveError> {
    let (record, [events, appended]) = store.read_json_and_lists::<CopyRecord>(
        &layout::record(index),
        [&layout::events(index), &layout::extensions(index)],
    )?;
    let (record, events) = match record {
        Some(record) => (
            in_place(record.intent.index, index, record)?,
            events_of(store, index, events)?,
        ),
        // It may be erased; its events are read after the stub, and so include the one that says so.
        None => match read_record(store, index)? {
            Some(stub) => (Some(stub), read_events(store, index)?),
            None => return Ok(None),
        },
    };
    let Some(record) = record else {
        return Ok(None);
    };
    let status = CopyStatus::after(&events, record.intent.available_until, now);
    let extensions = match status {
        // They went with its content, or are going.
        CopyStatus::Erased => Vec::new(),
        CopyStatus::InForce | CopyStatus::Withdrawn | CopyStatus::Expired => {
            extensions_in(store, &record, appended)?
        }
    };
    Ok(Some(StoredCopy {
        record,
        events,
        status,
        extensions,
    }))
}

/// The events of a copy by their numbers, which run from 1 without a gap.
pub(super) fn read_events(store: &Store, index: CodeIndex) -> Result<Vec<Event>, ArchiveError> {
    let listed = store.list(&layout::events(index))?;
    events_of(store, index, listed)
}

fn events_of(
    store: &Store,
    index: CodeIndex,
    listed: Vec<ObjectMeta>,
) -> Result<Vec<Event>, ArchiveError> {
    let mut names: Vec<_> = listed.into_iter().map(|object| object.location).collect();
    names.sort();
    names
        .iter()
        .zip(1_u32..)
        .map(|(name, number)| {
            if *name != layout::event(index, number) {
                return Err(ArchiveError::Corrupt(Defect::EventMissing));
            }
            let event: Event = store
                .read_json(name)?
                .ok_or(ArchiveError::Corrupt(Defect::EventMissing))?;
            if event.index == index {
                Ok(event)
            } else {
                Err(ArchiveError::Corrupt(Defect::Misplaced))
            }
        })
        .collect()
}

pub(super) fn read_digest(
    store: &Store,
    digest: Sha256Digest,
) -> Result<Option<DigestEntry>, ArchiveError> {
    store.read_json(&layout::digest(digest))
}

fn in_place<T>(
    stated: CodeIndex,
    stored_under: CodeIndex,
    object: T,
) -> Result<Option<T>, ArchiveError> {
    if stated == stored_under {
        Ok(Some(object))
    } else {
        Err(ArchiveError::Corrupt(Defect::Misplaced))
    }
}
