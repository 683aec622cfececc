//! Whether a document is the one that its intent describes.

use bytes::Bytes;
use futures_util::stream::TryStreamExt;
use object_store::GetResultPayload;
use sha2::{Digest, Sha256};

use super::content::{read_at, unavailable};
use super::error::{ArchiveError, Defect};
use super::layout;
use super::record::{DocumentRecord, Intent};
use super::store::Store;
use crate::model::Sha256Digest;

/// Whether the parts can be the document that the intent describes: long enough for its byte range,
/// whose hole is delimited as a hexadecimal string. Their digest is the caller's word.
pub(super) fn is_intended(intent: &Intent, parts: &[Bytes]) -> bool {
    let mut outline = Outline::of(intent);
    for part in parts {
        outline.push(part);
    }
    outline.fits(intent)
}

/// A stored document, read through.
pub(super) struct Measured {
    pub(super) document: DocumentRecord,
    /// What has hashed exactly the document, to go on with.
    pub(super) hash: Sha256,
}

/// Reads the stored document of an intent through once, in bounded memory, and checks that it is what
/// the intent describes, the source at its start included. `None` when none is stored.
pub(super) fn measure(store: &Store, intent: &Intent) -> Result<Option<Measured>, ArchiveError> {
    let Some(opened) = store.wait(store.open(&layout::document(intent.index), None))? else {
        return Ok(None);
    };
    let mut outline = Outline::of(intent);
    let mut hash = Sha256::new();
    let mut source = None;
    let mut push = |chunk: &[u8]| {
        let left_of_source = intent
            .source
            .size
            .checked_sub(outline.size)
            .and_then(|left| usize::try_from(left).ok())
            .and_then(|left| chunk.split_at_checked(left));
        match left_of_source {
            Some((inside, after)) => {
                hash.update(inside);
                source = Some(Sha256Digest::of_state(&hash));
                hash.update(after);
            }
            None => hash.update(chunk),
        }
        outline.push(chunk);
    };
    match opened.payload {
        GetResultPayload::File(mut file, _) => {
            let mut start = 0;
            loop {
                let chunk = read_at(&mut file, &(start..u64::MAX)).map_err(unavailable)?;
                if chunk.is_empty() {
                    break;
                }
                start += chunk.len() as u64;
                push(&chunk);
            }
        }
        GetResultPayload::Stream(mut chunks) => store.wait(async {
            while let Some(chunk) = chunks.try_next().await.map_err(ArchiveError::Unavailable)? {
                push(&chunk);
            }
            Ok::<_, ArchiveError>(())
        })?,
    }
    if !outline.fits(intent) {
        return Err(ArchiveError::Corrupt(Defect::DocumentDiffers));
    }
    if intent.prefix && source != Some(intent.source.digest) {
        return Err(ArchiveError::Corrupt(Defect::SourceDiffers));
    }
    Ok(Some(Measured {
        document: DocumentRecord {
            digest: Sha256Digest::of_state(&hash),
            size: outline.size,
        },
        hash,
    }))
}

/// What can be seen of a document without parsing it.
struct Outline {
    size: u64,
    /// Where the hole of the byte range should begin and end, and the bytes there.
    edges: [(u64, Option<u8>); 2],
}

impl Outline {
    fn of(intent: &Intent) -> Self {
        let range = &intent.byte_range;
        Self {
            size: 0,
            edges: [
                (range.hole_start, None),
                (range.hole_end.saturating_sub(1), None),
            ],
        }
    }

    fn push(&mut self, chunk: &[u8]) {
        for (offset, byte) in &mut self.edges {
            let inside = offset.checked_sub(self.size);
            if let Some(index) = inside.and_then(|inside| usize::try_from(inside).ok()) {
                *byte = chunk.get(index).copied().or(*byte);
            }
        }
        self.size = self.size.saturating_add(chunk.len() as u64);
    }

    fn fits(&self, intent: &Intent) -> bool {
        let range = &intent.byte_range;
        let source_end = if intent.prefix { intent.source.size } else { 0 };
        source_end <= range.hole_start
            && range.hole_start < range.hole_end
            && range.hole_end <= range.end
            && range.end <= self.size
            && self.edges.map(|(_, byte)| byte) == [Some(b'<'), Some(b'>')]
    }
}
