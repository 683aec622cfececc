//! Objects to be appended as one incremental update (ISO 32000-2, 7.5.6).

use std::collections::BTreeMap;
use std::sync::Arc;

use lopdf::{Dictionary, Object, ObjectId, Stream};

use super::cross_reference::HIGHEST_NUMBER;
use super::signature::{PreparedRevision, SignatureFields};
use super::template::{Links, Template};
use super::{PdfError, SourcePdf, revision, seal_field, values};

/// What an update adds, ready to be written.
pub(super) struct Additions {
    /// New objects and overriding ones.
    pub(super) objects: BTreeMap<ObjectId, Object>,
    /// New objects that were serialised beforehand.
    pub(super) templates: Vec<(ObjectId, Arc<Template>, Links)>,
    /// Numbers from here on are free.
    pub(super) next: u32,
}

/// The objects of an incremental update that is not written yet.
pub struct Update<'s> {
    source: &'s SourcePdf,
    objects: BTreeMap<ObjectId, Object>,
    templates: Vec<(ObjectId, Arc<Template>, Links)>,
    next: u32,
}

impl<'s> Update<'s> {
    /// An empty update of `source`.
    pub fn new(source: &'s SourcePdf) -> Self {
        let highest = |number: Option<u32>| number.map_or(1, |number| number.saturating_add(1));
        let stated = values::unsigned_entry(&source.references.trailer, b"Size")
            .and_then(|size| u32::try_from(size).ok())
            .filter(|size| *size <= HIGHEST_NUMBER);
        let next = highest(source.references.entries.keys().next_back().copied())
            .max(highest(source.objects.keys().next_back().map(|id| id.0)))
            .max(stated.unwrap_or(1));
        Self {
            source,
            objects: BTreeMap::new(),
            templates: Vec::new(),
            next,
        }
    }

    /// The source it extends.
    pub fn source(&self) -> &'s SourcePdf {
        self.source
    }

    /// A fresh object number, to be filled with [`Self::set`].
    pub fn reserve(&mut self) -> ObjectId {
        let id = (self.next, 0);
        self.next = self.next.saturating_add(1);
        id
    }

    /// A new object.
    pub fn add(&mut self, object: impl Into<Object>) -> ObjectId {
        let id = self.reserve();
        self.set(id, object);
        id
    }

    /// A new stream whose bytes are already encoded as `dictionary` says; `/Length` is set here.
    pub fn add_stream(&mut self, dictionary: Dictionary, encoded: Vec<u8>) -> ObjectId {
        self.add(Stream::new(dictionary, encoded))
    }

    /// A new object that was serialised beforehand. In an encrypted source it is written as any other, since
    /// its strings and its content have to be encrypted.
    pub(super) fn add_template(&mut self, template: &Arc<Template>, links: Links) -> ObjectId {
        if self.source.cipher.is_some() {
            return self.add(template.object(&links));
        }
        let id = self.reserve();
        self.templates.push((id, Arc::clone(template), links));
        id
    }

    /// A new or overriding value for `id`. In an encrypted source everything set here is plain: it
    /// is encrypted when it is written.
    pub fn set(&mut self, id: ObjectId, object: impl Into<Object>) {
        self.objects.insert(id, object.into());
    }

    /// The object as this update leaves it: the appended one, or else the source's, whose streams
    /// have their dictionary only.
    pub fn current(&self, id: ObjectId) -> Option<&Object> {
        self.objects.get(&id).or_else(|| self.source.object(id))
    }

    /// The object behind `object` as this update leaves it, and its id if it has one: references
    /// followed (at most 32 in a row), null when there is none.
    pub fn resolve<'a>(&'a self, object: &'a Object) -> (Option<ObjectId>, &'a Object) {
        const LONGEST_CHAIN: usize = 32;
        let (mut id, mut object) = (None, object);
        for _ in 0..LONGEST_CHAIN {
            match object {
                Object::Reference(next) => {
                    id = Some(*next);
                    object = self.current(*next).unwrap_or(&Object::Null);
                }
                direct => return (id, direct),
            }
        }
        (None, &Object::Null)
    }

    /// The catalog as this update leaves it, to be changed in place.
    ///
    /// # Errors
    /// [`PdfError::Damaged`] when something else was set in its place.
    pub fn catalog_mut(&mut self) -> Result<&mut Dictionary, PdfError> {
        let catalog = self.source.catalog;
        self.dictionary_mut(catalog)
    }

    /// The dictionary `id` as this update leaves it, to be changed in place.
    ///
    /// # Errors
    /// [`PdfError::Damaged`] when it is none.
    pub fn dictionary_mut(&mut self, id: ObjectId) -> Result<&mut Dictionary, PdfError> {
        const NONE: PdfError = PdfError::Damaged("an object that should be a dictionary");
        if !self.objects.contains_key(&id) {
            let inherited = self.source.object(id).ok_or(NONE)?.clone();
            self.objects.insert(id, inherited);
        }
        match self.objects.get_mut(&id) {
            Some(Object::Dictionary(dictionary)) => Ok(dictionary),
            _ => Err(NONE),
        }
    }

    /// Adds the signature field and dictionary, writes the update and returns it with a hole of
    /// `reserved` bytes for the signature.
    ///
    /// # Errors
    /// [`PdfError::LimitPassed`] when the copy would pass 4 GiB, [`PdfError::Damaged`] when the form
    /// or the catalog cannot take the field.
    pub fn finish(
        mut self,
        fields: &SignatureFields,
        reserved: usize,
    ) -> Result<PreparedRevision, PdfError> {
        let signature = seal_field::add(&mut self, fields)?;
        if self.next > HIGHEST_NUMBER {
            return Err(PdfError::Damaged("an object number above 8,388,607"));
        }
        let additions = Additions {
            objects: self.objects,
            templates: self.templates,
            next: self.next,
        };
        revision::write(self.source, additions, signature, reserved)
    }
}
