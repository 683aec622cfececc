//! The bytes of a copy: the sealed document, and the source at its start.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;

use bytes::{Bytes, BytesMut};
use futures_util::stream::{self, BoxStream, StreamExt, TryStreamExt};
use object_store::{GetResult, GetResultPayload};
use sha2::{Digest, Sha256};

use super::error::{ArchiveError, Defect};
use super::record::{CopyRecord, DocumentRecord};
use super::standing::Disclosure;
use super::store::Store;
use super::{Archive, layout};
use crate::model::Sha256Digest;

/// Bytes read from a file at once.
const CHUNK: usize = 256 * 1024;

/// A part of a copy that is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// The sealed document as issued.
    Document,
    /// The source, which is the beginning of the document.
    Source,
}

impl Content {
    /// Its digest and its size in bytes. `None` when the document does not begin with its source,
    /// which then is not kept.
    pub fn extent(self, record: &CopyRecord) -> Option<DocumentRecord> {
        match self {
            Self::Document => Some(record.document.clone()),
            Self::Source => record.intent.prefix.then_some(DocumentRecord {
                digest: record.intent.source.digest,
                size: record.intent.source.size,
            }),
        }
    }
}

impl Archive {
    /// All of a content, its digest checked. `None` when it is not kept.
    ///
    /// # Errors
    /// [`ArchiveError::Corrupt`] when the bytes are not the recorded ones: they are not given out.
    pub fn read(
        &self,
        disclosure: Disclosure<'_>,
        content: Content,
    ) -> Result<Option<Bytes>, ArchiveError> {
        let Some(extent) = content.extent(disclosure.record()) else {
            return Ok(None);
        };
        let bytes = self.read_range(disclosure, content, 0..extent.size)?;
        if Sha256Digest::of(&bytes) == extent.digest {
            Ok(Some(bytes))
        } else {
            Err(ArchiveError::Corrupt(defect_of(content)))
        }
    }

    /// Some bytes of a content. Their digest is not checked: it is known for the whole only.
    ///
    /// # Errors
    /// [`ArchiveError::OutOfRange`]; [`ArchiveError::Corrupt`] when the document is not as long as
    /// recorded.
    pub fn read_range(
        &self,
        disclosure: Disclosure<'_>,
        content: Content,
        range: Range<u64>,
    ) -> Result<Bytes, ArchiveError> {
        let store = self.store()?;
        let record = disclosure.record();
        within(record, content, &range)?;
        if range.is_empty() {
            return Ok(Bytes::new());
        }
        store.wait(async {
            let opened = open(store, record, range).await?;
            opened.bytes().await.map_err(ArchiveError::Unavailable)
        })
    }

    /// Some bytes of a content as a stream, for asynchronous callers.
    ///
    /// A whole content is hashed on its way. Its last chunk is given out only if the digest is the
    /// recorded one; otherwise the stream ends with an error, so that nobody receives a complete file
    /// that is not the copy.
    ///
    /// # Errors
    /// As [`Archive::read_range`], at once or as an item of the stream.
    pub async fn stream(
        &self,
        disclosure: Disclosure<'_>,
        content: Content,
        range: Range<u64>,
    ) -> Result<BoxStream<'static, Result<Bytes, ArchiveError>>, ArchiveError> {
        let store = self.store()?;
        let record = disclosure.record();
        let extent = within(record, content, &range)?;
        if range.is_empty() {
            return Ok(stream::empty().boxed());
        }
        let expected = (range == (0..extent.size)).then_some(extent.digest);
        let length = range.end.saturating_sub(range.start);
        let chunks = chunks(open(store, record, range).await?);
        Ok(checked(chunks, length, expected, defect_of(content)))
    }
}

/// The extent of a content that is kept and contains `range`.
fn within(
    record: &CopyRecord,
    content: Content,
    range: &Range<u64>,
) -> Result<DocumentRecord, ArchiveError> {
    content
        .extent(record)
        .filter(|extent| range.start <= range.end && range.end <= extent.size)
        .ok_or(ArchiveError::OutOfRange)
}

fn defect_of(content: Content) -> Defect {
    match content {
        Content::Document => Defect::DocumentDiffers,
        Content::Source => Defect::SourceDiffers,
    }
}

async fn open(
    store: &Store,
    record: &CopyRecord,
    range: Range<u64>,
) -> Result<GetResult, ArchiveError> {
    let opened = store
        .open(&layout::document(record.intent.index), Some(range))
        .await?
        .ok_or(ArchiveError::Corrupt(Defect::DocumentMissing))?;
    if opened.meta.size == record.document.size {
        Ok(opened)
    } else {
        Err(ArchiveError::Corrupt(Defect::DocumentDiffers))
    }
}

/// The opened bytes in chunks; those of a file larger than the store itself would read them.
fn chunks(opened: GetResult) -> BoxStream<'static, Result<Bytes, ArchiveError>> {
    let range = opened.range.clone();
    match opened.payload {
        GetResultPayload::Stream(chunks) => chunks.map_err(ArchiveError::Unavailable).boxed(),
        GetResultPayload::File(file, _) => {
            stream::try_unfold(Some((file, range)), |state| async move {
                let Some((mut file, range)) = state.filter(|(_, range)| !range.is_empty()) else {
                    return Ok(None);
                };
                let read = tokio::task::spawn_blocking(move || {
                    read_at(&mut file, &range).map(|chunk| (chunk, file, range))
                });
                let (chunk, file, range) = read
                    .await
                    .map_err(|stopped| unavailable(io::Error::other(stopped)))?
                    .map_err(unavailable)?;
                let rest = range.start.saturating_add(chunk.len() as u64)..range.end;
                Ok((!chunk.is_empty()).then_some((chunk, Some((file, rest)))))
            })
            .boxed()
        }
    }
}

/// Up to a chunk from the start of `range`; empty at the end of the file.
pub(super) fn read_at(file: &mut File, range: &Range<u64>) -> io::Result<Bytes> {
    file.seek(SeekFrom::Start(range.start))?;
    let length = range.end.saturating_sub(range.start);
    let length = usize::try_from(length).map_or(CHUNK, |length| length.min(CHUNK));
    let mut chunk = BytesMut::zeroed(length);
    let mut filled = 0;
    while let Some(free) = chunk.get_mut(filled..).filter(|free| !free.is_empty()) {
        match file.read(free) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    chunk.truncate(filled);
    Ok(chunk.freeze())
}

pub(super) fn unavailable(error: io::Error) -> ArchiveError {
    ArchiveError::Unavailable(object_store::Error::Generic {
        store: "folder",
        source: Box::new(error),
    })
}

/// Passes chunks on and turns the last one into an error unless they are `length` bytes in all, with
/// the expected digest if there is one.
fn checked(
    chunks: BoxStream<'static, Result<Bytes, ArchiveError>>,
    length: u64,
    expected: Option<Sha256Digest>,
    defect: Defect,
) -> BoxStream<'static, Result<Bytes, ArchiveError>> {
    let start = (chunks, length, Sha256::new());
    stream::try_unfold(start, move |(mut chunks, left, mut hash)| async move {
        if left == 0 {
            return Ok(None);
        }
        let damaged = ArchiveError::Corrupt(defect);
        let Some(chunk) = chunks.try_next().await? else {
            return Err(damaged);
        };
        let Some(left) = left.checked_sub(chunk.len() as u64) else {
            return Err(damaged);
        };
        if let Some(expected) = expected {
            hash.update(&chunk);
            if left == 0 && Sha256Digest::of_state(&hash) != expected {
                return Err(damaged);
            }
        }
        Ok(Some((chunk, (chunks, left, hash))))
    })
    .boxed()
}
