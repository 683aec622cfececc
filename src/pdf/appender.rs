//! Objects to be appended as one incremental update (ISO 32000-2, 7.5.6), and the writer that
//! appends them in the source's own form of cross-reference.

use lopdf::{Dictionary, Object, ObjectId};

use super::signature::{PreparedRevision, SignatureFields};
use super::{PdfError, SourcePdf};

/// The objects of an incremental update that is not written yet.
pub struct Update<'s> {
    source: &'s SourcePdf,
}

impl<'s> Update<'s> {
    /// An empty update of `source`.
    pub fn new(source: &'s SourcePdf) -> Self {
        Self { source }
    }

    /// The source it extends.
    pub fn source(&self) -> &'s SourcePdf {
        self.source
    }

    /// A fresh object number, to be filled with [`Self::set`].
    pub fn reserve(&mut self) -> ObjectId {
        todo!()
    }

    /// A new object.
    pub fn add(&mut self, object: impl Into<Object>) -> ObjectId {
        let _ = object.into();
        todo!()
    }

    /// A new stream whose bytes are already encoded as `dictionary` says; `/Length` is set here.
    pub fn add_stream(&mut self, dictionary: Dictionary, encoded: Vec<u8>) -> ObjectId {
        let _ = (dictionary, encoded);
        todo!()
    }

    /// A new or overriding value for `id`.
    pub fn set(&mut self, id: ObjectId, object: impl Into<Object>) {
        let _ = (id, object.into());
        todo!()
    }

    /// The object as this update leaves it: the appended one, or else the source's.
    pub fn current(&self, id: ObjectId) -> Option<&Object> {
        let _ = id;
        todo!()
    }

    /// The catalog as this update leaves it, to be changed in place.
    pub fn catalog_mut(&mut self) -> Result<&mut Dictionary, PdfError> {
        todo!()
    }

    /// Adds the signature field and dictionary, writes the update and returns it with a hole of
    /// `reserved` bytes for the signature.
    pub fn finish(
        self,
        fields: &SignatureFields,
        reserved: usize,
    ) -> Result<PreparedRevision, PdfError> {
        let _ = (fields, reserved);
        todo!()
    }
}
