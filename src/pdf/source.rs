//! A source, opened under limits.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use lopdf::{Dictionary, Object, ObjectId};

use super::budget::Allowance;
use super::cross_reference::CrossReferences;
use super::encryption::Cipher;
use super::filters::{self, FilterError};
use super::loader::Objects;
use super::{Limits, PdfError, SourceFacts};
use crate::model::Deadline;

/// A rectangle in default user space: left, bottom, right, top, normalised so that
/// left ≤ right and bottom ≤ top.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rectangle {
    /// Left edge, points.
    pub left: f32,
    /// Bottom edge, points.
    pub bottom: f32,
    /// Right edge, points.
    pub right: f32,
    /// Top edge, points.
    pub top: f32,
}

impl Rectangle {
    /// What this and `other` have in common, if that has an area.
    pub fn intersection(&self, other: &Self) -> Option<Self> {
        let common = Self {
            left: self.left.max(other.left),
            bottom: self.bottom.max(other.bottom),
            right: self.right.min(other.right),
            top: self.top.min(other.top),
        };
        (common.right > common.left && common.top > common.bottom).then_some(common)
    }

    /// Whether `other` stays inside, up to a tenth of a point.
    pub fn encloses(&self, other: &Self) -> bool {
        const TOLERANCE: f32 = 0.1;
        other.left >= self.left - TOLERANCE
            && other.bottom >= self.bottom - TOLERANCE
            && other.right <= self.right + TOLERANCE
            && other.top <= self.top + TOLERANCE
    }
}

/// A page with what it inherits.
#[derive(Clone, Debug)]
pub struct Page {
    /// The page object.
    pub id: ObjectId,
    /// The page's own dictionary, inherited entries not filled in.
    pub dictionary: Dictionary,
    /// `/MediaBox`, inherited or 612×792 when there is none with an area.
    pub media_box: Rectangle,
    /// `/CropBox` cut to the media box; the media box when there is none.
    pub crop_box: Rectangle,
    /// `/Rotate`, inherited, normalised to 0, 90, 180 or 270.
    pub rotate: u16,
    /// `/UserUnit`, 1.0 when there is none.
    pub user_unit: f32,
    /// `/Resources`, inherited: a reference or a dictionary as it stands, or null. Shared among the
    /// pages that inherit it.
    pub resources: Arc<Object>,
}

/// A stream as it is stored: encoded by its filters, decrypted.
#[derive(Debug)]
pub struct EncodedStream<'a> {
    /// Its dictionary.
    pub dictionary: &'a Dictionary,
    /// Its bytes; borrowed from the source unless they had to be decrypted.
    pub bytes: Cow<'a, [u8]>,
}

/// A PDF that was read to the end, within limits, and may be extended.
pub struct SourcePdf {
    pub(super) bytes: Bytes,
    pub(super) objects: Objects,
    pub(super) streams: BTreeMap<ObjectId, Range<usize>>,
    pub(super) references: CrossReferences,
    pub(super) catalog: ObjectId,
    pub(super) cipher: Option<Cipher>,
    pub(super) pages: Vec<Page>,
    pub(super) facts: SourceFacts,
    pub(super) limits: Limits,
    pub(super) deadline: Deadline,
    /// Bytes that streams were inflated to so far.
    pub(super) inflated: AtomicUsize,
}

/// The object behind `object`: references followed, null when there is none or they never end.
pub(super) fn resolve<'a>(objects: &'a Objects, mut object: &'a Object) -> &'a Object {
    const LONGEST_CHAIN: usize = 32;
    for _ in 0..LONGEST_CHAIN {
        match object {
            Object::Reference(id) => object = objects.get(id).unwrap_or(&Object::Null),
            direct => return direct,
        }
    }
    &Object::Null
}

impl SourcePdf {
    /// What was found.
    pub fn facts(&self) -> &SourceFacts {
        &self.facts
    }

    /// The pages in order.
    pub fn pages(&self) -> &[Page] {
        &self.pages
    }

    /// The bytes received.
    pub fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// The limits it was opened under.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// The deadline it was opened under, for the work that follows.
    pub fn deadline(&self) -> &Deadline {
        &self.deadline
    }

    /// The object with this number and generation. A stream has its dictionary only: its data is
    /// read with [`Self::stream_bytes`].
    pub fn object(&self, id: ObjectId) -> Option<&Object> {
        self.objects.get(&id)
    }

    /// The object behind `object`: references followed (at most 32 in a row), null when there is none.
    pub fn resolve<'a>(&'a self, object: &'a Object) -> &'a Object {
        resolve(&self.objects, object)
    }

    /// The catalog.
    pub fn catalog(&self) -> &Dictionary {
        static EMPTY: std::sync::LazyLock<Dictionary> = std::sync::LazyLock::new(Dictionary::new);
        match self.objects.get(&self.catalog) {
            Some(Object::Dictionary(catalog)) => catalog,
            _ => &EMPTY,
        }
    }

    /// A stream of the source with its bytes as stored, to be carried over without decoding them;
    /// `None` when `id` is no stream or cannot be decrypted.
    pub fn stream_bytes(&self, id: ObjectId) -> Option<EncodedStream<'_>> {
        let Some(Object::Stream(stream)) = self.objects.get(&id) else {
            return None;
        };
        let raw = self.bytes.get(self.streams.get(&id)?.clone())?;
        let bytes = match &self.cipher {
            Some(cipher) => Cow::Owned(cipher.decrypt_data(id, &stream.dict, raw)?),
            None => Cow::Borrowed(raw),
        };
        Some(EncodedStream {
            dictionary: &stream.dict,
            bytes,
        })
    }

    /// A stream's bytes, decoded under the stream and total limits.
    /// `Ok(None)`: no stream, a filter that cannot be decoded, or data that ends in an error.
    ///
    /// # Errors
    /// [`PdfError::LimitPassed`], [`PdfError::OutOfTime`].
    pub fn decoded_stream(&self, id: ObjectId) -> Result<Option<Vec<u8>>, PdfError> {
        if self.deadline.has_passed() {
            return Err(PdfError::OutOfTime);
        }
        let Some(stream) = self.stream_bytes(id) else {
            return Ok(None);
        };
        let resolve = |object| self.resolve(object);
        let Some(filters) = filters::chain(stream.dictionary, resolve) else {
            return Ok(None);
        };
        let allowance = Allowance::of(&self.limits, self.inflated.load(Ordering::Relaxed));
        match filters::decode(&filters, &stream.bytes, allowance.bytes) {
            Ok(decoded) => {
                self.inflated.fetch_add(decoded.len(), Ordering::Relaxed);
                Ok(Some(decoded))
            }
            Err(FilterError::TooLong) => Err(allowance.passed()),
            Err(FilterError::Undecodable) => Ok(None),
        }
    }

    /// The content streams of a page, in order; `None` when `/Contents` leads to something else.
    pub fn content_streams(&self, page: &Page) -> Option<Vec<ObjectId>> {
        let Ok(contents) = page.dictionary.get(b"Contents") else {
            return Some(Vec::new());
        };
        let items = match self.resolve(contents) {
            Object::Null => return Some(Vec::new()),
            Object::Array(items) => items.as_slice(),
            _ => std::slice::from_ref(contents),
        };
        let mut streams = Vec::with_capacity(items.len());
        for item in items {
            match self.resolve(item) {
                Object::Null => {}
                Object::Stream(_) => streams.push(self.last_reference(item)?),
                _ => return None,
            }
        }
        Some(streams)
    }

    /// The id of the object that a chain of references ends at.
    fn last_reference(&self, object: &Object) -> Option<ObjectId> {
        let mut id = object.as_reference().ok()?;
        while let Some(Object::Reference(next)) = self.objects.get(&id) {
            id = *next;
        }
        Some(id)
    }

    /// A page's content streams, decoded and joined with a line feed, under the stream and total limits.
    /// `Ok(None)`: a filter that cannot be decoded, or data that ends in an error.
    ///
    /// # Errors
    /// [`PdfError::LimitPassed`], [`PdfError::OutOfTime`].
    pub fn page_contents(&self, page: &Page) -> Result<Option<Vec<u8>>, PdfError> {
        let Some(streams) = self.content_streams(page) else {
            return Ok(None);
        };
        let mut joined = Vec::new();
        for id in streams {
            let Some(part) = self.decoded_stream(id)? else {
                return Ok(None);
            };
            if joined.is_empty() {
                joined = part;
            } else {
                joined.push(b'\n');
                joined.extend_from_slice(&part);
            }
        }
        Ok(Some(joined))
    }
}
