//! The signature field of the seal, its dictionary, and their places in form, page and catalog
//! (ISO 32000-2, 12.7.5.5 and 12.8; ETSI EN 319 142-1, 6.3).

use std::collections::BTreeSet;

use lopdf::{Dictionary, Object, ObjectId, dictionary};

use super::serialize::text_string;
use super::signature::SignatureFields;
use super::{PdfError, Update};

/// The partial name of the seal's field, and the stem of the others if that is taken.
const FIELD_NAME: &str = "Segell";

/// Printed if it could be seen, and locked (ISO 32000-2, table 167).
const PRINT_AND_LOCKED: i64 = 4 | 128;

/// `SignaturesExist` and `AppendOnly` (ISO 32000-2, table 225).
const SIGNATURE_FLAGS: i64 = 1 | 2;

/// A signature dictionary without the two entries that depend on where it is written.
pub(super) struct SignatureDictionary {
    pub(super) id: ObjectId,
    pub(super) entries: Dictionary,
}

/// Adds an invisible signature field on the first page, and certifies the document with it:
/// no changes are permitted (DocMDP P=1).
///
/// # Errors
/// [`PdfError::Damaged`] when the first page or the catalog is no dictionary any more.
pub(super) fn add(
    update: &mut Update<'_>,
    fields: &SignatureFields,
) -> Result<SignatureDictionary, PdfError> {
    let page = update.source().pages().first().ok_or(PdfError::NoPages)?.id;
    let id = update.reserve();
    let field = dictionary! {
        "Type" => "Annot",
        "Subtype" => "Widget",
        "FT" => "Sig",
        "T" => text_string(&free_name(update)),
        "V" => id,
        "Rect" => vec![0.into(), 0.into(), 0.into(), 0.into()],
        "F" => PRINT_AND_LOCKED,
        "P" => page,
    };
    let field = update.add(field);
    add_to_page(update, page, field)?;
    add_to_form(update, field)?;
    let permissions = dictionary! { "DocMDP" => id };
    update.catalog_mut()?.set("Perms", permissions);
    Ok(SignatureDictionary {
        id,
        entries: entries(fields),
    })
}

/// The entries of the signature dictionary (ISO 32000-2, table 255).
fn entries(fields: &SignatureFields) -> Dictionary {
    let parameters = dictionary! {
        "Type" => "TransformParams",
        "P" => 1,
        "V" => "1.2",
    };
    let reference = dictionary! {
        "Type" => "SigRef",
        "TransformMethod" => "DocMDP",
        "TransformParams" => parameters,
    };
    let mut entries = dictionary! {
        "Type" => "Sig",
        "Filter" => "Adobe.PPKLite",
        "SubFilter" => "ETSI.CAdES.detached",
    };
    for (key, text) in [
        ("Name", &fields.name),
        ("Reason", &fields.reason),
        ("Location", &fields.location),
        ("ContactInfo", &fields.contact),
    ] {
        if !text.is_empty() {
            entries.set(key, text_string(text));
        }
    }
    let time = fields.time.strftime("D:%Y%m%d%H%M%SZ").to_string();
    entries.set("M", Object::string_literal(time));
    entries.set("Reference", vec![Object::Dictionary(reference)]);
    entries
}

/// Adds a widget to a page's annotations, in the array where it already keeps them.
fn add_to_page(update: &mut Update<'_>, page: ObjectId, field: ObjectId) -> Result<(), PdfError> {
    let annotations = entry(update, page, b"Annots");
    let place = extended(update, annotations, field);
    update.dictionary_mut(page)?.set("Annots", place);
    Ok(())
}

/// Adds a field to the form, which is made if there is none; everything else in it stays.
/// `/NeedAppearances` too: without it, values that no appearance shows would vanish from the copy.
fn add_to_form(update: &mut Update<'_>, field: ObjectId) -> Result<(), PdfError> {
    let catalog = update.source().catalog;
    let place = entry(update, catalog, b"AcroForm");
    let (id, form) = match update.resolve(&place) {
        (id, Object::Dictionary(form)) => (id, form.clone()),
        _ => (Some(update.reserve()), Dictionary::new()),
    };
    let mut form = form;
    // In the form itself: a source may use an array of its own as page tree or contents too, and what
    // is appended to a copy later may add to its fields.
    let fields = form.get(b"Fields").map(|fields| update.resolve(fields).1);
    let mut fields = match fields {
        Ok(Object::Array(fields)) => fields.clone(),
        _ => Vec::new(),
    };
    fields.push(Object::Reference(field));
    form.set("Fields", fields);
    form.set("SigFlags", SIGNATURE_FLAGS);
    match id {
        Some(id) => {
            update.set(id, form);
            if place != Object::Reference(id) {
                update.catalog_mut()?.set("AcroForm", id);
            }
        }
        None => update.catalog_mut()?.set("AcroForm", form),
    }
    Ok(())
}

fn entry(update: &Update<'_>, id: ObjectId, key: &[u8]) -> Object {
    match update.current(id) {
        Some(Object::Dictionary(dictionary)) => {
            dictionary.get(key).cloned().unwrap_or(Object::Null)
        }
        _ => Object::Null,
    }
}

/// The array at `place` with one reference more: overridden where it is an object of its own,
/// returned where it stands in its owner. What is no array is replaced by one.
fn extended(update: &mut Update<'_>, place: Object, added: ObjectId) -> Object {
    let (id, array) = match update.resolve(&place) {
        (id, Object::Array(array)) => (id, array.clone()),
        _ => (None, Vec::new()),
    };
    let mut array = array;
    array.push(Object::Reference(added));
    match id {
        Some(id) => {
            update.set(id, array);
            place
        }
        None => Object::Array(array),
    }
}

/// A partial name that no other field of the source has at its top level, those of old signatures that
/// left the form included: who looks at both revisions must not take one field for the other.
fn free_name(update: &Update<'_>) -> String {
    let source = update.source();
    let mut taken: BTreeSet<&[u8]> = BTreeSet::new();
    if let Ok(form) = source.catalog().get(b"AcroForm")
        && let Object::Dictionary(form) = source.resolve(form)
        && let Ok(fields) = form.get(b"Fields")
        && let Object::Array(fields) = source.resolve(fields)
    {
        for field in fields {
            if let Object::Dictionary(field) = source.resolve(field)
                && let Ok(name) = field.get(b"T")
                && let Object::String(name, _) = source.resolve(name)
            {
                taken.insert(name);
            }
        }
    }
    let is_free = |name: &String| {
        let utf_16: Vec<u8> = [0xFE, 0xFF]
            .into_iter()
            .chain(name.encode_utf16().flat_map(u16::to_be_bytes))
            .collect();
        !taken.contains(name.as_bytes()) && !taken.contains(utf_16.as_slice())
    };
    let numbered = (2..=taken.len().saturating_add(2)).map(|count| format!("{FIELD_NAME}-{count}"));
    std::iter::once(FIELD_NAME.to_owned())
        .chain(numbered)
        .find(is_free)
        .unwrap_or_else(|| FIELD_NAME.to_owned())
}
