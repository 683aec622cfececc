//! The update of a source written as bytes, with the hole for its seal.

use std::collections::BTreeMap;
use std::sync::Arc;

use lopdf::{Object, ObjectId};

use super::appender::Additions;
use super::cross_reference::{Basis, Location};
use super::facts::CrossReference;
use super::seal_field::SignatureDictionary;
use super::signature::PreparedRevision;
use super::source::resolve;
use super::tail::{Base, Tail};
use super::template::{Links, Template};
use super::{PdfError, SourcePdf};

/// Writes `additions` and the signature dictionary behind `source`.
///
/// # Errors
/// [`PdfError::LimitPassed`] when the file would pass 4 GiB, or the refusal of a cipher.
pub(super) fn write(
    source: &SourcePdf,
    additions: Additions,
    signature: SignatureDictionary,
    reserved: usize,
) -> Result<PreparedRevision, PdfError> {
    let Additions {
        objects,
        templates,
        next,
    } = additions;
    let overridden = objects
        .keys()
        .filter(|id| source.objects.contains_key(id))
        .map(|id| id.0)
        .collect();
    let base = base(source);
    let mut tail = Tail::new(&base, expected_len(&objects, &templates, reserved));
    let encrypt = |id, object: &mut Object| match &source.cipher {
        Some(cipher) => cipher.encrypt(id, object),
        None => Ok(()),
    };
    for (id, mut object) in objects {
        encrypt(id, &mut object)?;
        tail.write(id, &object);
    }
    for (id, template, links) in &templates {
        tail.write_template(*id, template, links);
    }
    let mut entries = Object::Dictionary(signature.entries);
    encrypt(signature.id, &mut entries)?;
    let Object::Dictionary(entries) = entries else {
        return Err(PdfError::Damaged("a signature that is no dictionary"));
    };
    let hole = tail.write_signature(signature.id, &entries, reserved);
    tail.write_section(next, Some(&hole))?;
    let byte_range = tail.fill_byte_range(&hole)?;
    Ok(PreparedRevision {
        source: source.bytes.clone(),
        tail: tail.into_bytes(),
        byte_range,
        overridden,
    })
}

/// About how many bytes will be written; more rather than fewer.
fn expected_len(
    objects: &BTreeMap<ObjectId, Object>,
    templates: &[(ObjectId, Arc<Template>, Links)],
    reserved: usize,
) -> usize {
    const PER_OBJECT: usize = 384;
    let streams = objects.values().map(|object| match object {
        Object::Stream(stream) => stream.content.len(),
        _ => 0,
    });
    let templates = templates.iter().map(|(_, template, _)| template.len());
    let contents: usize = streams.chain(templates).sum();
    (objects.len() * PER_OBJECT)
        .saturating_add(contents)
        .saturating_add(2 * reserved + 8192)
}

/// The source as what is appended continues it.
///
/// Its own sections must not be pointed to when they are damaged, when they are hybrid, and when they name a
/// generation that does not exist: two readers may see two documents in such a file, and strict validators
/// refuse to vouch for it, but no reader gets to see what is not linked.
fn base(source: &SourcePdf) -> Base<'_> {
    let references = &source.references;
    let is_complete = matches!(references.basis, Basis::ChainBroken | Basis::Rebuilt)
        || references.hybrid_sections > 0
        || references.has_impossible_generation;
    let identifier = match references.trailer.get(b"ID") {
        Ok(id) => match resolve(&source.objects, id) {
            Object::Array(parts) => match parts.first() {
                Some(Object::String(bytes, _)) => Some(bytes.clone()),
                _ => None,
            },
            _ => None,
        },
        Err(_) => None,
    };
    Base {
        len: source.bytes.len(),
        ends_line: matches!(source.bytes.last(), Some(b'\n' | b'\r')),
        trailer: &references.trailer,
        identifier,
        start: references.start,
        is_stream: references.form == CrossReference::Stream,
        carried: is_complete.then(|| readable_entries(source)),
    }
}

/// All entries of a source. What could not be read is left out, so that every reader finds the same
/// nothing there.
fn readable_entries(source: &SourcePdf) -> BTreeMap<u32, Location> {
    let readable = |number: u32, location: Location| match location {
        Location::Free => false,
        Location::Offset { generation, .. } => source.objects.contains_key(&(number, generation)),
        Location::Member { .. } => source.objects.contains_key(&(number, 0)),
    };
    let known = source.references.entries.iter();
    let mut entries: BTreeMap<u32, Location> = known
        .map(|(number, at)| (*number, *at))
        .filter(|(number, at)| readable(*number, *at))
        .collect();
    entries.insert(0, Location::Free);
    entries
}
