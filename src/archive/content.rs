//! The bytes of a copy: the sealed document, and the source at its start.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;

use bytes::{Bytes, BytesMut};
use futures_util::stream::{self, BoxStream, StreamExt, TryStreamExt};
use object_store::path::Path;
use object_store::{GetResult, GetResultPayload};
use sha2::{Digest, Sha256};

use super::error::{ArchiveError, Defect};
use super::look_up::version;
use super::record::DocumentRecord;
use super::standing::Disclosure;
use super::store::Store;
use super::{Archive, layout};
use crate::model::Sha256Digest;

/// Bytes read from a file at once.
const CHUNK: usize = 256 * 1024;

/// A part of a copy that is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// The newest version of the sealed document.
    Newest,
    /// A version of the sealed document, from 1, which is the one that was issued.
    Version(u32),
    /// The source, which is the beginning of the document.
    Source,
}

impl Content {
    /// Its digest and its size in bytes. `None` when there is no such version, or when the document does
    /// not begin with its source, which then is not kept.
    pub fn extent(self, disclosure: Disclosure<'_>) -> Option<DocumentRecord> {
        let record = disclosure.record;
        match self {
            Self::Newest => {
                let newest = disclosure.extensions.last();
                Some(newest.map_or_else(
                    || record.document.clone(),
                    |extension| extension.record.document.clone(),
                ))
            }
            Self::Version(number) => version(record, disclosure.extensions, number).cloned(),
            Self::Source => record.intent.prefix.then_some(DocumentRecord {
                digest: record.intent.source.digest,
                size: record.intent.source.size,
            }),
        }
    }
}

impl Archive {
    /// All of a content, its digest checked: the document as issued, then what was appended to it, in parts
    /// that follow each other. `None` when it is not kept.
    ///
    /// # Errors
    /// [`ArchiveError::Corrupt`] when the bytes are not the recorded ones: they are not given out.
    pub fn read(
        &self,
        disclosure: Disclosure<'_>,
        content: Content,
    ) -> Result<Option<Vec<Bytes>>, ArchiveError> {
        let Some(extent) = content.extent(disclosure) else {
            return Ok(None);
        };
        let parts = self.read_range(disclosure, content, 0..extent.size)?;
        let hash = parts
            .iter()
            .fold(Sha256::new(), |hash, part| hash.chain_update(part));
        if Sha256Digest::of_state(&hash) == extent.digest {
            Ok(Some(parts))
        } else {
            Err(ArchiveError::Corrupt(defect_of(content)))
        }
    }

    /// Some bytes of a content, in parts that follow each other. Their digest is not checked: it is known
    /// for the whole only.
    ///
    /// # Errors
    /// [`ArchiveError::OutOfRange`]; [`ArchiveError::Corrupt`] when the document is not as long as
    /// recorded.
    pub fn read_range(
        &self,
        disclosure: Disclosure<'_>,
        content: Content,
        range: Range<u64>,
    ) -> Result<Vec<Bytes>, ArchiveError> {
        let store = self.store()?;
        within(disclosure, content, &range)?;
        store.wait(async {
            let mut parts = Vec::new();
            for piece in pieces(disclosure, &range) {
                let opened = piece.open(store).await?;
                parts.push(opened.bytes().await.map_err(ArchiveError::Unavailable)?);
            }
            Ok(parts)
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
        let extent = within(disclosure, content, &range)?;
        let mut pieces = pieces(disclosure, &range).into_iter();
        let Some(first) = pieces.next() else {
            return Ok(stream::empty().boxed());
        };
        let expected = (range == (0..extent.size)).then_some(extent.digest);
        let length = range.end.saturating_sub(range.start);
        // What is not there at all is said at once.
        let first = chunks(first.open(store).await?);
        let store = store.clone();
        let later = stream::iter(pieces).then(move |piece| {
            let store = store.clone();
            async move { Ok::<_, ArchiveError>(chunks(piece.open(&store).await?)) }
        });
        let chunks = first.chain(later.try_flatten()).boxed();
        Ok(checked(chunks, length, expected, defect_of(content)))
    }
}

/// The extent of a content that is kept and contains `range`.
fn within(
    disclosure: Disclosure<'_>,
    content: Content,
    range: &Range<u64>,
) -> Result<DocumentRecord, ArchiveError> {
    content
        .extent(disclosure)
        .filter(|extent| range.start <= range.end && range.end <= extent.size)
        .ok_or(ArchiveError::OutOfRange)
}

const fn defect_of(content: Content) -> Defect {
    match content {
        Content::Newest | Content::Version(_) => Defect::DocumentDiffers,
        Content::Source => Defect::SourceDiffers,
    }
}

/// Some bytes of one object.
struct Piece {
    object: Path,
    range: Range<u64>,
    /// Length that the object must have.
    size: u64,
    missing: Defect,
    differs: Defect,
}

impl Piece {
    async fn open(self, store: &Store) -> Result<GetResult, ArchiveError> {
        let opened = store
            .open(&self.object, Some(self.range))
            .await?
            .ok_or(ArchiveError::Corrupt(self.missing))?;
        if opened.meta.size == self.size {
            Ok(opened)
        } else {
            Err(ArchiveError::Corrupt(self.differs))
        }
    }
}

/// Where the bytes of `range` of a copy's newest version stand; every version and the source begin as it
/// does. None of the pieces is empty.
fn pieces(disclosure: Disclosure<'_>, range: &Range<u64>) -> Vec<Piece> {
    let record = disclosure.record;
    let index = record.intent.index;
    let issued = record.document.size;
    let mut pieces = vec![Piece {
        object: layout::document(index),
        range: range.start..range.end.min(issued),
        size: issued,
        missing: Defect::DocumentMissing,
        differs: Defect::DocumentDiffers,
    }];
    let mut begin = issued;
    for (extension, number) in disclosure.extensions.iter().zip(1_u32..) {
        let inside = |offset: u64| {
            let offset = offset.saturating_sub(begin).min(extension.size);
            extension.start.saturating_add(offset)
        };
        pieces.push(Piece {
            object: layout::extension(index, number),
            range: inside(range.start)..inside(range.end),
            size: extension.start.saturating_add(extension.size),
            missing: Defect::ExtensionMissing,
            differs: Defect::ExtensionDiffers,
        });
        begin = begin.saturating_add(extension.size);
    }
    pieces.retain(|piece| !piece.range.is_empty());
    pieces
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
