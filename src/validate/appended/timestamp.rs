//! The bytes that a document timestamp covers (S10; shape rules B1 to B6 of a `/ByteRange`).

use crate::pdf::ByteRange;

use super::AppendedTimestamp;
use super::der;
use super::form::AddedField;
use super::item::ItemKind;
use super::revision::Revision;
use super::value::{Dictionary, Kind, Value};
use super::violation::{Rule, Violation};

/// The longest token that is read.
const MAX_TOKEN_BYTES: usize = 256 << 10;

/// A timestamp whose coverage is in order; whether it is genuine is judged by those who verify it.
pub(super) struct Covering<'a> {
    pub(super) timestamp: AppendedTimestamp,
    /// `/Contents` as they are spelt.
    pub(super) spelt: &'a [u8],
}

/// S10: the timestamp covers the file from its first byte to the end of this revision, but for the hole
/// in which it stands itself.
pub(super) fn check<'a>(
    added: AddedField<'_, 'a>,
    revision: &Revision<'_>,
) -> Result<Covering<'a>, Violation> {
    let contents =
        added
            .timestamp
            .require(b"Contents", Rule::S10, "a timestamp without /Contents")?;
    let byte_range = read_byte_range(added.timestamp, contents)?;
    if byte_range.end != revision.mark_end && byte_range.end != revision.end {
        return Err(Rule::S10.broken(
            contents.at,
            "a timestamp that does not cover its whole revision",
        ));
    }
    let der = read_token(contents)?;
    Ok(Covering {
        timestamp: AppendedTimestamp {
            byte_range,
            contents: der,
            field_name: added.name,
        },
        spelt: contents.raw,
    })
}

/// Four integers that start at zero and leave out exactly the token of `/Contents`.
fn read_byte_range(
    timestamp: &Dictionary<'_>,
    contents: &Value<'_>,
) -> Result<ByteRange, Violation> {
    let value = timestamp.require(b"ByteRange", Rule::S10, "a timestamp without /ByteRange")?;
    let broken = |text| Rule::S10.broken(value.at, text);
    let numbers: Option<Vec<u64>> = value.as_array().and_then(|numbers| {
        numbers
            .iter()
            .map(|number| u64::try_from(number.as_integer()?).ok())
            .collect()
    });
    let Some([start, first_len, second, second_len]) = numbers.as_deref() else {
        return Err(broken("/ByteRange is not four integers from zero on"));
    };
    let end = second
        .checked_add(*second_len)
        .ok_or_else(|| broken("/ByteRange reaches beyond every file"))?;
    if *start != 0 || *second_len == 0 {
        return Err(broken(
            "/ByteRange does not begin at the first byte, or ends in the hole",
        ));
    }
    // B3, B4: the hole is the very token that was read as /Contents.
    if *first_len != contents.at || *second != contents.at + contents.raw.len() as u64 {
        return Err(broken("the hole of /ByteRange is not its /Contents"));
    }
    Ok(ByteRange {
        hole_start: *first_len,
        hole_end: *second,
        end,
    })
}

/// B3, B5: hexadecimal digits and nothing else; one DER structure, zeros after it.
fn read_token(contents: &Value<'_>) -> Result<Vec<u8>, Violation> {
    let broken = |text| Rule::S10.broken(contents.at, text);
    let padded = match contents.kind {
        Kind::HexadecimalString => contents.string_bytes().unwrap_or_default(),
        _ => Vec::new(),
    };
    // Two digits a byte and the brackets: there is nothing else inside.
    if 2 * padded.len() + 2 != contents.raw.len() {
        return Err(broken("/Contents is not hexadecimal digits only"));
    }
    let len = der::total_length(&padded)
        .filter(|len| *len <= MAX_TOKEN_BYTES)
        .ok_or_else(|| broken("/Contents does not begin with a token in DER"))?;
    let (token, padding) = padded
        .split_at_checked(len)
        .ok_or_else(|| broken("/Contents does not begin with a token in DER"))?;
    if !der::is_exactly_one(token, ItemKind::Timestamp) {
        return Err(broken("/Contents does not begin with a token in DER"));
    }
    // All of it at once, without a look at each byte.
    if padding.iter().fold(0, |all, byte| all | byte) != 0 {
        return Err(broken("something other than zeros after the token"));
    }
    Ok(token.to_vec())
}
