//! Revisions with validation data (ISO 32000-2, 12.8.4.3; EN 319 142-1, 5.4.2).

use std::borrow::Cow;
use std::collections::BTreeSet;

use bytes::Bytes;
use lopdf::{Dictionary, Object, ObjectId, Stream, dictionary};

use super::file::{Loaded, Objects};
use super::{CopyBase, StoreContent};
use crate::model::{Octets, Sha256Digest};
use crate::pdf::PdfError;
use crate::pdf::cross_reference::HIGHEST_NUMBER;
use crate::pdf::encryption::Cipher;
use crate::pdf::filters;
use crate::pdf::tail::{Tail, deflated};

/// The arrays of a store.
const KINDS: [&str; 3] = ["Certs", "OCSPs", "CRLs"];

/// Items of a store that are looked at, each array for itself.
const MOST_ITEMS: usize = 1024;

/// Items of so many bytes are deflated: long lists of revoked certificates. Certificates and OCSP responses
/// are keys and signatures for the most part: what they lose is less than a tenth of the room that is left
/// for one timestamp, and deflating them costs the processor more than all the rest of their revision.
const WORTH_DEFLATING: usize = 8 << 10;

/// The document security store of a copy as it stands.
#[derive(Default)]
pub(super) struct Store {
    /// Its number, unless it stands in the catalog or there is none.
    id: Option<ObjectId>,
    /// Its entries; every array among [`KINDS`] stands in it directly.
    entries: Dictionary,
    /// What it holds.
    held: BTreeSet<(&'static str, Sha256Digest)>,
}

impl Store {
    /// Reads the store that `catalog` names, if it names one.
    ///
    /// # Errors
    /// [`PdfError::Damaged`] when it names something else: what cannot be read cannot be carried on.
    pub(super) fn read(
        objects: &mut Objects<'_, '_>,
        catalog: &Dictionary,
        cipher: Option<&Cipher>,
    ) -> Result<Self, PdfError> {
        const DAMAGED: PdfError = PdfError::Damaged("the validation data of a copy");
        let Ok(place) = catalog.get(b"DSS") else {
            return Ok(Self::default());
        };
        let Some((id, Object::Dictionary(entries))) = objects.resolve(place)? else {
            return Err(DAMAGED);
        };
        let mut store = Self {
            id,
            entries,
            held: BTreeSet::new(),
        };
        for kind in KINDS {
            let Ok(items) = store.entries.get(kind.as_bytes()).cloned() else {
                continue;
            };
            let Some((_, Object::Array(items))) = objects.resolve(&items)? else {
                return Err(DAMAGED);
            };
            for item in items.iter().take(MOST_ITEMS) {
                let loaded = match item {
                    Object::Reference(id) => objects.load(*id)?,
                    _ => None,
                };
                let value = loaded.and_then(|loaded| decoded(objects, &loaded, cipher));
                let value = value.ok_or(DAMAGED)?;
                store.held.insert((kind, Sha256Digest::of(&value)));
            }
            store.entries.set(kind, items);
        }
        Ok(store)
    }
}

/// What a stream holds, decrypted and decoded; `None` when it is none or cannot be.
fn decoded(
    objects: &mut Objects<'_, '_>,
    loaded: &Loaded<'_>,
    cipher: Option<&Cipher>,
) -> Option<Vec<u8>> {
    let (Object::Dictionary(entries), Some(raw)) = (&loaded.value, loaded.data) else {
        return None;
    };
    let decrypted = match cipher {
        Some(cipher) => Some(cipher.decrypt_data(loaded.id, entries, raw)?),
        None => None,
    };
    let raw = decrypted.as_deref().unwrap_or(raw);
    let filters = filters::chain(entries, |value| value)?;
    let budget = objects.budget();
    let decoded = filters::decode(&filters, raw, budget.allowance().bytes).ok()?;
    budget.spend(decoded.len());
    Some(decoded)
}

impl CopyBase {
    /// A revision that adds to the store what of `content` it does not hold yet; everything it holds is
    /// carried on. `None`: it holds all of it.
    ///
    /// # Errors
    /// [`PdfError::LimitPassed`] when the copy would pass 4 GiB, [`PdfError::Damaged`] without a free
    /// object number, or the refusal of a cipher.
    pub fn add_data(&self, content: &StoreContent) -> Result<Option<Bytes>, PdfError> {
        let held = &self.store.held;
        let mut added = BTreeSet::new();
        let mut entries = self.store.entries.clone();
        entries.set("Type", "DSS");
        let mut next = self.next;
        let mut streams = Vec::new();
        let arrays: [&[Octets]; 3] = [
            &content.certificates,
            &content.ocsp_responses,
            &content.crls,
        ];
        for (kind, items) in KINDS.into_iter().zip(arrays) {
            let mut array = match entries.get(kind.as_bytes()) {
                Ok(Object::Array(array)) => array.clone(),
                _ => Vec::new(),
            };
            for item in items {
                // There is nothing to digest where nothing is held yet.
                let is_held = !held.is_empty() && held.contains(&(kind, Sha256Digest::of(item)));
                if !is_held && added.insert((kind, item)) {
                    let id = (take(&mut next)?, 0);
                    array.push(Object::Reference(id));
                    streams.push((id, item));
                }
            }
            if !array.is_empty() {
                entries.set(kind, array);
            }
        }
        if streams.is_empty() {
            return Ok(None);
        }
        let (store, is_new) = match self.store.id {
            Some(id) => (id, false),
            None => ((take(&mut next)?, 0), true),
        };
        let base = self.base();
        let length: usize = content.lengths().sum();
        let mut tail = Tail::new(&base, length + 8192);
        if is_new {
            let mut catalog = self.catalog.clone();
            catalog.set("DSS", store);
            if self.needs_declaration {
                declare(&mut catalog);
            }
            tail.write(self.catalog_id, &Object::Dictionary(catalog));
        }
        for (id, item) in streams {
            let (entries, data) = data_of(item);
            match self.cipher {
                // It is not copied once more.
                None => tail.write_data(id, &entries, &data),
                Some(_) => {
                    let stream = Stream::new(entries, data.into_owned());
                    tail.write(id, &self.sealed_in(id, stream)?);
                }
            }
        }
        // It holds names and references only: there is nothing to encrypt.
        tail.write(store, &Object::Dictionary(entries));
        tail.write_section(next, None)?;
        Ok(Some(Bytes::from(tail.into_bytes())))
    }
}

impl StoreContent {
    fn lengths(&self) -> impl Iterator<Item = usize> {
        [&self.certificates, &self.ocsp_responses, &self.crls]
            .into_iter()
            .flatten()
            .map(|item| item.len())
    }
}

/// The next free number.
pub(super) fn take(next: &mut u32) -> Result<u32, PdfError> {
    let number = *next;
    *next = number
        .checked_add(1)
        .filter(|next| *next < HIGHEST_NUMBER)
        .ok_or(PdfError::Damaged("an object number above 8,388,607"))?;
    Ok(number)
}

/// An item as the data of a stream and its entries: deflated where that is worth it and makes it shorter.
fn data_of(item: &Octets) -> (Dictionary, Cow<'_, [u8]>) {
    let mut entries = Dictionary::new();
    let shorter = (item.len() >= WORTH_DEFLATING)
        .then(|| deflated(item))
        .flatten()
        .filter(|deflated| deflated.len() + 20 < item.len());
    match shorter {
        Some(shorter) => {
            entries.set("Filter", "FlateDecode");
            (entries, Cow::Owned(shorter))
        }
        None => (entries, Cow::Borrowed(item)),
    }
}

/// Declares the extension of PDF 1.7 that a store is.
fn declare(catalog: &mut Dictionary) {
    let mut extensions = match catalog.get(b"Extensions") {
        Ok(Object::Dictionary(extensions)) => extensions.clone(),
        _ => Dictionary::new(),
    };
    let extension = dictionary! { "BaseVersion" => "1.7", "ExtensionLevel" => 1 };
    extensions.set("ESIC", extension);
    catalog.set("Extensions", extensions);
}
