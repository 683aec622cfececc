//! A source, opened under limits.

use bytes::Bytes;
use lopdf::{Dictionary, Document, Object, ObjectId};

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

/// A page with what it inherits.
#[derive(Clone, Debug)]
pub struct Page {
    /// The page object.
    pub id: ObjectId,
    /// The page's own dictionary, inherited entries not filled in.
    pub dictionary: Dictionary,
    /// `/MediaBox`, inherited or 612×792 when there is none.
    pub media_box: Rectangle,
    /// `/CropBox` cut to the media box; the media box when there is none.
    pub crop_box: Rectangle,
    /// `/Rotate`, inherited, normalised to 0, 90, 180 or 270.
    pub rotate: u16,
    /// `/UserUnit`, 1.0 when there is none.
    pub user_unit: f32,
    /// `/Resources`, inherited: a reference or a dictionary as it stands, or null.
    pub resources: Object,
}

/// A PDF that was read to the end, within limits, and may be extended.
pub struct SourcePdf {
    pub(super) bytes: Bytes,
    pub(super) document: Document,
    pub(super) pages: Vec<Page>,
    pub(super) facts: SourceFacts,
    pub(super) limits: Limits,
    pub(super) deadline: Deadline,
}

impl SourcePdf {
    /// Opens `bytes`.
    ///
    /// # Errors
    /// The named refusals of [`PdfError`] that need no policy.
    pub fn open(bytes: Bytes, limits: &Limits, deadline: &Deadline) -> Result<Self, PdfError> {
        let _ = (bytes, limits, deadline);
        todo!()
    }

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

    /// The object behind `object`: references followed (at most the nesting limit), null when there is none.
    pub fn resolve<'a>(&'a self, object: &'a Object) -> &'a Object {
        let _ = object;
        todo!()
    }

    /// A page's content streams, decoded and joined with a line feed, under the stream and total limits.
    /// `Ok(None)`: a filter that cannot be decoded, or data that ends in an error.
    pub fn page_contents(&self, page: &Page) -> Result<Option<Vec<u8>>, PdfError> {
        let _ = page;
        todo!()
    }
}
