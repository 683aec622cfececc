//! Values out of bytes, and the readings of them that this room needs everywhere.

use std::fmt::Write;
use std::ops::Range;

use lopdf::{Dictionary, Object, ObjectStream, Stream};

use super::lexer::{LexError, Lexer};
use super::{Limits, PdfError};

/// The depth up to which lopdf's parser builds values.
const PARSER_DEPTH: usize = 100;

/// Builds the values that `ranges` of `bytes` hold; `None` where one cannot be built.
///
/// lopdf's parser is public only behind object streams, so the values become the members of a
/// made-up one: lopdf builds them, and no reader of its own can run away with a hostile file.
pub(super) fn parse_values(bytes: &[u8], ranges: &[Range<usize>]) -> Vec<Option<Object>> {
    let mut index = String::with_capacity(ranges.len() * 12);
    let mut body = Vec::new();
    for (number, range) in ranges.iter().enumerate() {
        // Writing to a string cannot fail.
        let _ = write!(index, "{number} {} ", body.len());
        body.extend_from_slice(bytes.get(range.clone()).unwrap_or_default());
        // No value can run on over a bracket that nothing opened.
        body.extend_from_slice(b" ] ");
    }
    let mut dictionary = Dictionary::new();
    dictionary.set("N", ranges.len() as i64);
    dictionary.set("First", index.len() as i64);
    let mut content = index.into_bytes();
    content.append(&mut body);
    let mut values = vec![None; ranges.len()];
    if let Ok(parsed) = ObjectStream::new(&Stream::new(dictionary, content)) {
        for ((number, _), value) in parsed.objects {
            if let Some(slot) = values.get_mut(number as usize) {
                *slot = Some(value);
            }
        }
    }
    values
}

/// The dictionary that stands at `lexer`, which is moved past it.
pub(super) fn dictionary_at(
    bytes: &[u8],
    lexer: &mut Lexer<'_>,
    limits: &Limits,
) -> Result<Option<Dictionary>, PdfError> {
    let range = match lexer.object(depth(limits)) {
        Ok(range) => range,
        Err(LexError::TooDeep) => return Err(too_deep(limits)),
        Err(LexError::Malformed) => return Ok(None),
    };
    match parse_values(bytes, &[range]).pop().flatten() {
        Some(Object::Dictionary(dictionary)) => Ok(Some(dictionary)),
        _ => Ok(None),
    }
}

/// How deep values may nest.
pub(super) fn depth(limits: &Limits) -> usize {
    (limits.nesting as usize).min(PARSER_DEPTH)
}

pub(super) fn too_deep(limits: &Limits) -> PdfError {
    PdfError::LimitPassed {
        limit: "nesting",
        allowed: depth(limits) as u64,
    }
}

/// A number, whether integer or real, as points.
pub(super) fn number(object: &Object) -> Option<f32> {
    match object {
        Object::Integer(value) => Some(*value as f32),
        Object::Real(value) if value.is_finite() => Some(*value),
        _ => None,
    }
}

/// The entry of `dictionary`, when it is a direct non-negative integer.
pub(super) fn unsigned_entry(dictionary: &Dictionary, key: &[u8]) -> Option<u64> {
    match dictionary.get(key) {
        Ok(Object::Integer(value)) => u64::try_from(*value).ok(),
        _ => None,
    }
}

/// The name under `key`, when it is a direct name.
pub(super) fn name_entry<'a>(dictionary: &'a Dictionary, key: &[u8]) -> Option<&'a [u8]> {
    dictionary
        .get(key)
        .ok()
        .and_then(|value| value.as_name().ok())
}
