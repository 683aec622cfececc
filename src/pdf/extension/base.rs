//! What of a sealed copy has to be continued by what is appended to it.

use std::collections::BTreeMap;

use bytes::Bytes;
use lopdf::{Dictionary, Object, ObjectId};

use super::file::{File, Newest, Objects};
use super::store::Store;
use crate::model::Deadline;
use crate::pdf::budget::Budget;
use crate::pdf::encryption::{self, Cipher};
use crate::pdf::tail::Base;
use crate::pdf::{Limits, PdfError, values};

/// A form, and its number unless it stands in the catalog.
type Form = (Option<ObjectId>, Dictionary);

/// The end of a sealed copy, as far as the next revision continues it.
pub struct CopyBase {
    len: usize,
    ends_line: bool,
    trailer: Dictionary,
    identifier: Option<Vec<u8>>,
    start: usize,
    is_stream: bool,
    pub(super) cipher: Option<Cipher>,
    /// The first object number that is free.
    pub(super) next: u32,
    pub(super) catalog_id: ObjectId,
    /// Its strings as they stand, encrypted ones too: it is written again under its own number.
    pub(super) catalog: Dictionary,
    /// The form, and its number unless it stands in the catalog.
    pub(super) form: Form,
    /// Its `/Fields`.
    pub(super) fields: Vec<Object>,
    pub(super) store: Store,
    /// The `/Extensions` of the catalog can take the one of validation data, and need it.
    pub(super) needs_declaration: bool,
}

impl CopyBase {
    /// Reads the end of a copy that was sealed here and perhaps extended since. `parts` are its bytes in
    /// order, cut between revisions: the source or the sealed document first, then each tail.
    ///
    /// # Errors
    /// [`PdfError::Damaged`] when the copy does not end in revisions written here, the refusals of
    /// encryption, and limits.
    pub fn read(parts: &[Bytes], limits: &Limits, deadline: &Deadline) -> Result<Self, PdfError> {
        let file = File::of(parts);
        let (mut objects, newest) = Objects::of(&file, Budget::new(limits, deadline))?;
        let Newest {
            start,
            trailer,
            is_stream,
        } = newest;
        let next = values::unsigned_entry(&trailer, b"Size")
            .and_then(|size| u32::try_from(size).ok())
            .ok_or(PdfError::Damaged("a trailer without /Size"))?;
        let cipher = unlock(&mut objects, &trailer)?;
        let Ok(Object::Reference(catalog_id)) = trailer.get(b"Root") else {
            return Err(PdfError::Damaged("a copy without a catalog"));
        };
        let catalog_id = *catalog_id;
        let catalog = objects.load(catalog_id)?.map(|loaded| loaded.value);
        let Some(Object::Dictionary(catalog)) = catalog else {
            return Err(PdfError::Damaged("the catalog of a copy"));
        };
        let (form, fields) = read_form(&mut objects, &catalog)?;
        let store = Store::read(&mut objects, &catalog, cipher.as_ref())?;
        Ok(Self {
            len: file.len,
            ends_line: matches!(file.end().last(), Some(b'\n' | b'\r')),
            identifier: first_identifier(&trailer),
            trailer,
            start,
            is_stream,
            cipher,
            next,
            needs_declaration: needs_declaration(&catalog, file.beginning()),
            catalog_id,
            catalog,
            form,
            fields,
            store,
        })
    }

    /// Length of the copy in bytes.
    #[expect(clippy::len_without_is_empty, reason = "a copy is never empty")]
    pub fn len(&self) -> u64 {
        self.len as u64
    }

    /// The file to append to.
    pub(super) fn base(&self) -> Base<'_> {
        Base {
            len: self.len,
            ends_line: self.ends_line,
            trailer: &self.trailer,
            identifier: self.identifier.clone(),
            start: self.start,
            is_stream: self.is_stream,
            carried: None,
        }
    }

    /// A new object as it is written: encrypted if the copy is.
    pub(super) fn sealed_in(
        &self,
        id: ObjectId,
        object: impl Into<Object>,
    ) -> Result<Object, PdfError> {
        let mut object = object.into();
        if let Some(cipher) = &self.cipher {
            cipher.encrypt(id, &mut object)?;
        }
        Ok(object)
    }
}

/// The form of a copy, which always has one: its seal stands in it.
fn read_form(
    objects: &mut Objects<'_, '_>,
    catalog: &Dictionary,
) -> Result<(Form, Vec<Object>), PdfError> {
    const NONE: PdfError = PdfError::Damaged("the form of a copy");
    let place = catalog.get(b"AcroForm").map_err(|_| NONE)?;
    let Some((id, Object::Dictionary(form))) = objects.resolve(place)? else {
        return Err(NONE);
    };
    let fields = form.get(b"Fields").map_err(|_| NONE)?;
    let Some((_, Object::Array(fields))) = objects.resolve(fields)? else {
        return Err(NONE);
    };
    Ok(((id, form), fields))
}

/// What decrypts the copy, when it is encrypted.
fn unlock(objects: &mut Objects<'_, '_>, trailer: &Dictionary) -> Result<Option<Cipher>, PdfError> {
    let Ok(entry) = trailer.get(b"Encrypt") else {
        return Ok(None);
    };
    let mut known: BTreeMap<ObjectId, Object> = BTreeMap::new();
    let Some((id, Object::Dictionary(dictionary))) = objects.resolve(entry)? else {
        return Err(PdfError::Damaged("the encryption dictionary"));
    };
    for (_, value) in &dictionary {
        if let Object::Reference(id) = value
            && let Some(loaded) = objects.load(*id)?
        {
            known.insert(*id, loaded.value);
        }
    }
    if let Some(id) = id {
        known.insert(id, Object::Dictionary(dictionary));
    }
    let unlocked = encryption::unlock(trailer, |id| known.get(&id))?;
    Ok(unlocked.map(|(cipher, _)| cipher))
}

fn first_identifier(trailer: &Dictionary) -> Option<Vec<u8>> {
    match trailer.get(b"ID").ok()?.as_array().ok()?.first()? {
        Object::String(bytes, _) => Some(bytes.clone()),
        _ => None,
    }
}

/// Whether a store has to be declared as an extension: it came with PDF 2.0 (ISO 32000-2, 7.12), and
/// ETSI TS 102 778-4, annex A, declared it for 1.7.
fn needs_declaration(catalog: &Dictionary, beginning: &[u8]) -> bool {
    let is_second = |version: &[u8]| version.first() == Some(&b'2');
    let header = beginning.strip_prefix(b"%PDF-").unwrap_or_default();
    let later = values::name_entry(catalog, b"Version").unwrap_or_default();
    let declared = match catalog.get(b"Extensions") {
        Ok(Object::Dictionary(extensions)) => extensions.has(b"ESIC"),
        // One that is an object by itself may not be written again.
        Ok(_) => true,
        Err(_) => false,
    };
    !is_second(header) && !is_second(later) && !declared
}
