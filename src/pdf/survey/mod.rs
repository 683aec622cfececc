//! Facts about a source, collected in bounded walks over its objects.

mod actions;
mod annotations;
mod form;
mod reachability;

use std::collections::BTreeSet;

use lopdf::{Dictionary, Object, ObjectId};

pub(super) use reachability::{Reached, reach};

use super::budget::Steps;
use super::cross_reference::{Basis, Location};
use super::facts::Encryption;
use super::lexer::Lexer;
use super::{PdfError, SourceFacts, SourcePdf, byte_range, values};

/// Looks a source over. `containers` are the object streams it was read from.
///
/// # Errors
/// [`PdfError::LimitPassed`], [`PdfError::OutOfTime`].
pub(super) fn facts(
    source: &SourcePdf,
    reached: &Reached,
    containers: &BTreeSet<u32>,
    encryption: Option<Encryption>,
) -> Result<SourceFacts, PdfError> {
    let references = &source.references;
    let linearization = linearization(&source.bytes);
    let used = |location: &&Location| **location != Location::Free;
    let form = form::survey(source)?;
    // The first-page section of a linearized file is no revision of its own.
    let sections = match linearization {
        Some(_) if references.sections > 1 => references.sections - 1,
        _ => references.sections,
    };
    if sections > source.limits.revisions {
        return Err(PdfError::LimitPassed {
            limit: "revisions",
            allowed: u64::from(source.limits.revisions),
        });
    }
    Ok(SourceFacts {
        version: version(source),
        pages: count(source.pages.len()),
        objects: count(references.entries.values().filter(used).count()),
        cross_reference: references.form,
        linearized: linearization.is_some(),
        repaired: repaired(references.basis),
        encryption,
        tagged: is_tagged(source),
        pdfa: pdfa(source)?,
        form_fields: form.fields,
        xfa: form.xfa,
        need_appearances: form.need_appearances,
        active_content: actions::survey(source, reached)?,
        attachments: attachments(source, reached),
        signatures: form.signatures,
        earlier_revisions: sections.saturating_sub(1),
        unreachable_objects: unreachable(source, reached, containers, linearization),
        trailing_bytes: trailing_bytes(&source.bytes),
        annotations_outside: annotations::outside(source)?,
        layers: layers(source),
    })
}

fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

fn steps(source: &SourcePdf) -> Steps<'_> {
    Steps::new(&source.limits, &source.deadline)
}

/// The dictionary under `key`, references followed.
fn dictionary<'a>(
    source: &'a SourcePdf,
    owner: &'a Dictionary,
    key: &[u8],
) -> Option<&'a Dictionary> {
    source.resolve(owner.get(key).ok()?).as_dict().ok()
}

/// The later one of header and catalog (ISO 32000-2, 7.7.2); `1.0` when neither names one.
fn version(source: &SourcePdf) -> String {
    let in_header: Vec<u8> = source
        .bytes
        .iter()
        .skip(b"%PDF-".len())
        .copied()
        .take_while(|byte| byte.is_ascii_digit() || *byte == b'.')
        .take(4)
        .collect();
    let in_catalog = source.catalog().get(b"Version").ok();
    let in_catalog = in_catalog.and_then(|version| source.resolve(version).as_name().ok());
    let stated = [in_header.as_slice(), in_catalog.unwrap_or_default()];
    let parsed = |text: &&[u8]| -> Option<(u8, u8)> {
        let (major, minor) = std::str::from_utf8(text).ok()?.split_once('.')?;
        Some((major.parse().ok()?, minor.parse().ok()?))
    };
    let (major, minor) = stated.iter().filter_map(parsed).max().unwrap_or((1, 0));
    format!("{major}.{minor}")
}

/// What was wrong with cross-reference data that was read all the same.
pub(super) fn repaired(basis: Basis) -> Option<String> {
    let sentence = match basis {
        Basis::Sound => return None,
        Basis::StartCorrected => "startxref did not point at the cross-reference section beside it",
        Basis::ChainBroken => "a cross-reference section was misnumbered or linked wrongly",
        Basis::Rebuilt => "cross-reference data was rebuilt by scanning for objects",
    };
    Some(sentence.to_owned())
}

/// Object number and offset of the hint stream of a linearized file (ISO 32000-2, annex F).
fn linearization(bytes: &[u8]) -> Option<(u32, u64)> {
    const FIRST_OBJECT_WITHIN: usize = 1024;
    let window = bytes.get(..FIRST_OBJECT_WITHIN).unwrap_or(bytes);
    let mut lexer = Lexer::new(window, 0);
    let (number, _) = lexer.object_header()?;
    let range = lexer.object(8).ok()?;
    match values::parse_values(window, &[range]).pop().flatten() {
        Some(Object::Dictionary(dictionary)) if dictionary.has(b"Linearized") => {
            let hints = dictionary.get(b"H").and_then(Object::as_array).ok();
            let hint = hints.and_then(|hints| hints.first()?.as_i64().ok());
            Some((
                number,
                hint.and_then(|hint| u64::try_from(hint).ok()).unwrap_or(0),
            ))
        }
        _ => None,
    }
}

fn is_tagged(source: &SourcePdf) -> bool {
    dictionary(source, source.catalog(), b"MarkInfo")
        .and_then(|info| info.get(b"Marked").ok())
        .is_some_and(|marked| source.resolve(marked).as_bool().unwrap_or(false))
}

fn layers(source: &SourcePdf) -> u32 {
    dictionary(source, source.catalog(), b"OCProperties")
        .and_then(|properties| properties.get(b"OCGs").ok())
        .and_then(|groups| source.resolve(groups).as_array().ok())
        .map_or(0, |groups| count(groups.len()))
}

/// Part and conformance that the XMP metadata claims, such as `2b` (ISO 19005), however they are
/// written: as attributes or as elements.
fn pdfa(source: &SourcePdf) -> Result<Option<String>, PdfError> {
    let Some(metadata) = source.catalog().get(b"Metadata").ok() else {
        return Ok(None);
    };
    let Ok(id) = metadata.as_reference() else {
        return Ok(None);
    };
    let Some(xmp) = source.decoded_stream(id)? else {
        return Ok(None);
    };
    let claim = |property: &[u8]| -> Option<String> {
        let at = memchr::memmem::find(&xmp, property)? + property.len();
        let value: Vec<u8> = xmp
            .iter()
            .skip(at)
            .copied()
            .skip_while(|byte| {
                matches!(byte, b'=' | b'"' | b'\'' | b'>') || byte.is_ascii_whitespace()
            })
            .take_while(u8::is_ascii_alphanumeric)
            .take(2)
            .collect();
        String::from_utf8(value)
            .ok()
            .filter(|value| !value.is_empty())
    };
    let part = claim(b"pdfaid:part").filter(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
    let conformance = claim(b"pdfaid:conformance").unwrap_or_default();
    Ok(part.map(|part| part + &conformance.to_ascii_lowercase()))
}

/// Files that file specifications embed, wherever these hang: names, annotations, associated files.
fn attachments(source: &SourcePdf, reached: &Reached) -> u32 {
    let mut embedded: BTreeSet<ObjectId> = BTreeSet::new();
    reachability::each_dictionary(source, reached, |_, specification| {
        if let Some(files) = dictionary(source, specification, b"EF") {
            embedded.extend(
                files
                    .iter()
                    .filter_map(|(_, file)| file.as_reference().ok()),
            );
        }
    });
    count(embedded.len())
}

/// Objects that the newest revision does not reach, but for those that only hold the file together.
fn unreachable(
    source: &SourcePdf,
    reached: &Reached,
    containers: &BTreeSet<u32>,
    linearization: Option<(u32, u64)>,
) -> u32 {
    let is_structure = |id: &ObjectId, object: &Object| {
        if containers.contains(&id.0) {
            return true;
        }
        if let Some((number, hint)) = linearization {
            let offset = match source.references.entries.get(&id.0) {
                Some(Location::Offset { offset, .. }) => *offset as u64,
                _ => 0,
            };
            if id.0 == number || (hint > 0 && offset == hint) {
                return true;
            }
        }
        matches!(object, Object::Stream(stream)
            if matches!(values::name_entry(&stream.dict, b"Type"), Some(b"XRef" | b"ObjStm")))
    };
    let hidden = source
        .objects
        .iter()
        .filter(|(id, object)| !reached.present.contains(id) && !is_structure(id, object));
    count(hidden.count())
}

/// Bytes behind the last `%%EOF` and its line end.
fn trailing_bytes(bytes: &[u8]) -> u64 {
    byte_range::last_revision_end(bytes).map_or(0, |end| bytes.len() as u64 - end)
}
