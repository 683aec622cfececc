//! Later versions of a copy: what was appended to it so that it can be checked for longer (ETSI EN 319
//! 142-1, 5.4 and 6.3). The code and everything stored before stay as they are.
//!
//! An extension is one object, so that it is there whole or not at all: a line of JSON, the
//! [`ExtensionRecord`], and behind its line feed the bytes appended. Whoever creates the object of the next
//! number makes the next version; whoever comes second throws his bytes away, which nobody has seen.

use bytes::Bytes;
use jiff::Timestamp;
use object_store::ObjectMeta;
use serde::{Deserialize, Serialize};

use super::error::{ArchiveError, Defect};
use super::record::{CodeIndex, CopyRecord, DigestEntry, DocumentRecord, SCHEMA};
use super::standing::Standing;
use super::store::{Created, Store, to_json};
use super::{Archive, layout};
use crate::model::{Sha256Digest, SignatureLevel};

/// The longest record that is read.
const LONGEST_RECORD: u64 = 16 << 10;

/// The last number that sorts by its name.
const LAST: usize = 9999;

/// What is written about one later version of a copy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExtensionRecord {
    /// Version of this structure.
    pub schema: u32,
    /// The copy.
    pub index: CodeIndex,
    /// Which version of its document this makes, from 2.
    pub version: u32,
    /// The whole document from now on: digest and size with what was before.
    pub document: DocumentRecord,
    /// The signature level reached.
    pub level: SignatureLevel,
    /// What was appended, in order.
    pub parts: Vec<ExtensionPart>,
    /// When the archive timestamp in force has to be renewed, as [`Self::software`] judged it; absent when
    /// there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub renew_before: Option<Timestamp>,
    /// Version of the software that made it.
    pub software: String,
    /// When it was stored.
    pub stored_at: Timestamp,
    /// Stable id of the application that asked for it; absent when nobody did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub application: Option<String>,
}

/// One revision of an extension.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ExtensionPart {
    /// Certificates and revocation data (ISO 32000-2, 12.8.4.3).
    ValidationData {
        /// Its length in bytes.
        size: u64,
    },
    /// A document timestamp (12.8.5).
    Timestamp {
        /// Its length in bytes.
        size: u64,
        /// The time that it gives.
        time: Timestamp,
        /// Who gives it.
        authority: String,
    },
}

impl ExtensionPart {
    /// Its length in bytes.
    pub const fn size(&self) -> u64 {
        match self {
            Self::ValidationData { size } | Self::Timestamp { size, .. } => *size,
        }
    }
}

/// An extension as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extension {
    /// What is written about it.
    pub record: ExtensionRecord,
    /// Where the bytes appended begin in its object, after the record.
    pub(super) start: u64,
    /// How many they are.
    pub(super) size: u64,
}

impl Extension {
    /// The bytes appended.
    ///
    /// # Errors
    /// [`ArchiveError::Corrupt`] when they are not there any more, [`ArchiveError::Unavailable`].
    pub(super) fn tail(&self, store: &Store) -> Result<Bytes, ArchiveError> {
        let number = self.record.version.saturating_sub(1);
        let name = layout::extension(self.record.index, number);
        let object = store
            .read(&name)?
            .ok_or(ArchiveError::Corrupt(Defect::ExtensionMissing))?;
        usize::try_from(self.start)
            .ok()
            .filter(|start| *start <= object.len())
            .map(|start| object.slice(start..))
            .ok_or(ArchiveError::Corrupt(Defect::ExtensionDiffers))
    }
}

/// A version to be stored.
#[derive(Clone, Debug)]
pub struct NewVersion {
    /// The bytes appended to the newest version, in parts that follow each other.
    pub tail: Vec<Bytes>,
    /// SHA-256 of the whole document.
    pub digest: Sha256Digest,
    /// The signature level reached.
    pub level: SignatureLevel,
    /// What the tail is made of.
    pub parts: Vec<ExtensionPart>,
    /// When the archive timestamp in force has to be renewed.
    pub renew_before: Option<Timestamp>,
    /// Version of the software that made it.
    pub software: String,
    /// Stable id of the application that asked.
    pub application: Option<String>,
}

/// What became of a new version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoredVersion {
    /// It is the newest now.
    New,
    /// Somebody else stored a version of this number first. This one was not kept.
    Lost,
}

impl Archive {
    /// Stores a version of the copy that follows those of `standing`.
    ///
    /// # Errors
    /// [`ArchiveError::Unavailable`]; [`ArchiveError::Contended`] when there is no number left;
    /// [`ArchiveError::OtherDocument`] when the tail is not what it is said to be made of.
    pub fn extend(
        &self,
        standing: &Standing,
        version: NewVersion,
        now: Timestamp,
    ) -> Result<StoredVersion, ArchiveError> {
        let store = self.store()?;
        let index = standing.record.intent.index;
        let before = standing.newest();
        let number = standing.extensions.len().saturating_add(1);
        let number = (number <= LAST)
            .then(|| u32::try_from(number).ok())
            .flatten()
            .ok_or(ArchiveError::Contended)?;
        let size: u64 = version.tail.iter().map(|part| part.len() as u64).sum();
        if size == 0 || version.parts.iter().map(ExtensionPart::size).sum::<u64>() != size {
            return Err(ArchiveError::OtherDocument);
        }
        let record = ExtensionRecord {
            schema: SCHEMA,
            index,
            version: number + 1,
            document: DocumentRecord {
                digest: version.digest,
                size: before.size.saturating_add(size),
            },
            level: version.level,
            parts: version.parts,
            renew_before: version.renew_before,
            software: version.software,
            stored_at: now,
            application: version.application,
        };
        let mut object = vec![record_line(&record)?];
        object.extend(version.tail);
        match store.create(&layout::extension(index, number), &object)? {
            Created::Already => Ok(StoredVersion::Lost),
            Created::New => {
                enter_digest(store, &record)?;
                Ok(StoredVersion::New)
            }
        }
    }
}

/// The record in one line.
fn record_line(record: &ExtensionRecord) -> Result<Bytes, ArchiveError> {
    let mut line = serde_json::to_vec(record).map_err(ArchiveError::Encoding)?;
    line.push(b'\n');
    Ok(line.into())
}

/// Makes the digest of a version lead to its copy.
pub(super) fn enter_digest(store: &Store, record: &ExtensionRecord) -> Result<(), ArchiveError> {
    let entry = DigestEntry {
        schema: SCHEMA,
        index: record.index,
        version: record.version,
    };
    let name = layout::digest(record.document.digest);
    if store.create(&name, &[to_json(&entry)?])? == Created::Already
        && store.read_json::<DigestEntry>(&name)?.as_ref() != Some(&entry)
    {
        return Err(ArchiveError::Corrupt(Defect::DigestDiffers));
    }
    Ok(())
}

/// The extensions of a copy by their numbers, which run from 1 without a gap; each continues the one before.
///
/// # Errors
/// [`ArchiveError::Corrupt`] when one is missing or does not continue its copy, [`ArchiveError::Unavailable`].
pub(super) fn read_extensions(
    store: &Store,
    copy: &CopyRecord,
) -> Result<Vec<Extension>, ArchiveError> {
    let objects = store.list(&layout::extensions(copy.intent.index))?;
    extensions_in(store, copy, objects)
}

/// The same, from the list of their objects.
///
/// # Errors
/// As [`read_extensions`].
pub(super) fn extensions_in(
    store: &Store,
    copy: &CopyRecord,
    mut objects: Vec<ObjectMeta>,
) -> Result<Vec<Extension>, ArchiveError> {
    let index = copy.intent.index;
    objects.sort_by(|one, two| one.location.cmp(&two.location));
    let mut extensions = Vec::with_capacity(objects.len());
    let mut size = copy.document.size;
    for (object, number) in objects.iter().zip(1_u32..) {
        if object.location != layout::extension(index, number) {
            return Err(ArchiveError::Corrupt(Defect::ExtensionMissing));
        }
        let extension = read_one(store, index, number, object.size)?;
        size = size.saturating_add(extension.size);
        let parts: u64 = extension.record.parts.iter().map(ExtensionPart::size).sum();
        if extension.record.document.size != size || parts != extension.size {
            return Err(ArchiveError::Corrupt(Defect::ExtensionDiffers));
        }
        extensions.push(extension);
    }
    Ok(extensions)
}

fn read_one(
    store: &Store,
    index: CodeIndex,
    number: u32,
    object_size: u64,
) -> Result<Extension, ArchiveError> {
    let name = layout::extension(index, number);
    let head = store.wait(async {
        let range = 0..object_size.min(LONGEST_RECORD);
        match store.open(&name, Some(range)).await? {
            Some(opened) => opened.bytes().await.map_err(ArchiveError::Unavailable),
            None => Err(ArchiveError::Corrupt(Defect::ExtensionMissing)),
        }
    })?;
    let line = head
        .iter()
        .position(|byte| *byte == b'\n')
        .and_then(|end| head.get(..end))
        .ok_or(ArchiveError::Corrupt(Defect::Unreadable))?;
    let record: ExtensionRecord = super::store::from_versioned_json(line)?;
    if record.index != index || record.version != number + 1 {
        return Err(ArchiveError::Corrupt(Defect::Misplaced));
    }
    let start = line.len() as u64 + 1;
    Ok(Extension {
        record,
        start,
        size: object_size.saturating_sub(start),
    })
}
