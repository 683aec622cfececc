//! A signature dictionary as it is written (ISO 32000-2, table 255): rules B1 to B4 and B6 hold or
//! not in the bytes, whatever a parser makes of them.

use std::ops::Range;

use lopdf::{Object, ObjectId};

use super::history::View;
use crate::pdf::byte_range::{ByteRange, ByteRangeDefect};
use crate::pdf::cross_reference::Location;
use crate::pdf::lexer::{Lexer, header_at};

/// Values nest no deeper in a signature dictionary.
const DEPTH: usize = 32;

/// An entry of a dictionary in the file.
pub(super) struct RawEntry {
    /// The key, `#xx` decoded, without its slash.
    key: Vec<u8>,
    /// Where the key stands.
    pub(super) at: usize,
    /// Where the value stands.
    value: Range<usize>,
}

/// What the bytes of a signature dictionary say.
pub(super) struct Written {
    /// Where the `/ByteRange` key stands, or else the dictionary.
    pub(super) offset: usize,
    /// Every `/ByteRange` key in it.
    pub(super) keys: Vec<usize>,
    pub(super) contents: Vec<u8>,
    pub(super) byte_range: Result<ByteRange, ByteRangeDefect>,
}

/// Where the dictionary stands that is the value `/V` of a field, or that `id` names.
pub(super) fn locate(
    bytes: &[u8],
    view: View<'_>,
    id: Option<ObjectId>,
    field: Option<ObjectId>,
) -> Result<usize, ByteRangeDefect> {
    let holder = id.or(field).ok_or(ByteRangeDefect::NoDictionary)?;
    let offset = match view.place(holder) {
        Some(Location::Offset { offset, .. }) => offset,
        Some(Location::Member { .. }) => return Err(ByteRangeDefect::InObjectStream),
        Some(Location::Free) | None => return Err(ByteRangeDefect::NoDictionary),
    };
    let (_, body) = header_at(bytes, offset).ok_or(ByteRangeDefect::NoDictionary)?;
    if id.is_some() {
        let mut lexer = Lexer::new(bytes, body);
        lexer.skip_blanks();
        return Ok(lexer.position());
    }
    let entries = entries_at(bytes, body).ok_or(ByteRangeDefect::NoDictionary)?;
    let mut values = entries.iter().filter(|entry| entry.key == b"V");
    match (values.next(), values.next()) {
        (Some(value), None) => Ok(value.value.start),
        (Some(_), Some(_)) => Err(ByteRangeDefect::RepeatedKey),
        (None, _) => Err(ByteRangeDefect::NoDictionary),
    }
}

/// Reads the dictionary at `start`. `ends` are the places where revisions end.
pub(super) fn read(bytes: &[u8], start: usize, ends: &[usize]) -> Written {
    let mut written = Written {
        offset: start,
        keys: Vec::new(),
        contents: Vec::new(),
        byte_range: Err(ByteRangeDefect::NoDictionary),
    };
    let Some(entries) = entries_at(bytes, start) else {
        return written;
    };
    let all = |key: &'static [u8]| entries.iter().filter(move |entry| entry.key == key);
    written.keys = all(b"ByteRange").map(|entry| entry.at).collect();
    written.offset = written.keys.first().copied().unwrap_or(start);
    let hole = all(b"Contents").next().map(|entry| entry.value.clone());
    written.contents = hole.clone().map_or(Vec::new(), |hole| octets(bytes, hole));
    let is_repeated = entries.iter().enumerate().any(|(index, entry)| {
        entries
            .iter()
            .take(index)
            .any(|other| other.key == entry.key)
    });
    let numbers = all(b"ByteRange").next().map(|entry| entry.value.clone());
    written.byte_range = if is_repeated {
        Err(ByteRangeDefect::RepeatedKey)
    } else if written.contents.iter().all(|octet| *octet == 0) {
        Err(ByteRangeDefect::NoContents)
    } else {
        let numbers = numbers.and_then(|numbers| four_numbers(bytes, numbers));
        let hole = hole.unwrap_or_default();
        numbers
            .ok_or(ByteRangeDefect::NotFourNumbers)
            .and_then(|numbers| check(bytes, numbers, &hole, ends))
    };
    written
}

/// The entries of the dictionary at `start`; `None` when it is none or does not hold pairs only.
fn entries_at(bytes: &[u8], start: usize) -> Option<Vec<RawEntry>> {
    const MOST_ENTRIES: usize = 256;
    let mut lexer = Lexer::new(bytes, start);
    lexer.skip_blanks();
    if !lexer.literal(b"<<") {
        return None;
    }
    let mut entries = Vec::new();
    loop {
        lexer.skip_blanks();
        if lexer.literal(b">>") {
            return Some(entries);
        }
        if lexer.peek() != Some(b'/') || entries.len() == MOST_ENTRIES {
            return None;
        }
        let name = lexer.object(1).ok()?;
        let value = lexer.object(DEPTH).ok()?;
        entries.push(RawEntry {
            key: decoded_name(bytes.get(name.start + 1..name.end)?),
            at: name.start,
            value,
        });
    }
}

/// A name with its `#xx` decoded (ISO 32000-2, 7.3.5).
pub(super) fn decoded_name(raw: &[u8]) -> Vec<u8> {
    let mut name = Vec::with_capacity(raw.len());
    let mut rest = raw;
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        let digits = after.split_first_chunk::<2>().filter(|_| byte == b'#');
        match digits.and_then(|(digits, after)| Some((hexadecimal(digits)?, after))) {
            Some((decoded, after)) => {
                name.push(decoded);
                rest = after;
            }
            None => name.push(byte),
        }
    }
    name
}

fn hexadecimal(digits: &[u8; 2]) -> Option<u8> {
    let [high, low] = digits.map(|digit| char::from(digit).to_digit(16));
    u8::try_from(high? << 4 | low?).ok()
}

/// The octets of a hexadecimal string; none for anything else.
fn octets(bytes: &[u8], hole: Range<usize>) -> Vec<u8> {
    let digits = bytes
        .get(hole)
        .and_then(|hole| hole.strip_prefix(b"<"))
        .and_then(|hole| hole.strip_suffix(b">"))
        .unwrap_or_default();
    let digits: Vec<u8> = digits
        .iter()
        .copied()
        .filter(u8::is_ascii_hexdigit)
        .collect();
    digits
        .chunks(2)
        .filter_map(|pair| match pair {
            [high, low] => hexadecimal(&[*high, *low]),
            [high] => hexadecimal(&[*high, b'0']),
            _ => None,
        })
        .collect()
}

/// Rule B2: four direct non-negative integers.
fn four_numbers(bytes: &[u8], value: Range<usize>) -> Option<[u64; 4]> {
    let mut lexer = Lexer::new(bytes.get(..value.end)?, value.start);
    if !lexer.literal(b"[") {
        return None;
    }
    let numbers = [
        lexer.unsigned()?,
        lexer.unsigned()?,
        lexer.unsigned()?,
        lexer.unsigned()?,
    ];
    lexer.skip_blanks();
    lexer.literal(b"]").then_some(numbers)
}

/// Rules B2, B3, B4 and B6; `hole` is where the value of `/Contents` stands.
fn check(
    bytes: &[u8],
    [start, first_length, second_start, second_length]: [u64; 4],
    hole: &Range<usize>,
    ends: &[usize],
) -> Result<ByteRange, ByteRangeDefect> {
    if start != 0 || first_length == 0 {
        return Err(ByteRangeDefect::NotFromStart);
    }
    if second_start < first_length || second_length == 0 {
        return Err(ByteRangeDefect::NotAscending);
    }
    let end = second_start
        .checked_add(second_length)
        .filter(|end| *end <= bytes.len() as u64)
        .ok_or(ByteRangeDefect::BeyondFile)?;
    let range = ByteRange {
        hole_start: first_length,
        hole_end: second_start,
        end,
    };
    let is_own = hole.start as u64 == first_length && hole.end as u64 == second_start;
    let digits = bytes.get(hole.start + 1..hole.end.saturating_sub(1));
    let is_whole = digits
        .is_some_and(|digits| digits.len() % 2 == 0 && digits.iter().all(u8::is_ascii_hexdigit));
    if !is_own || !is_whole {
        return Err(ByteRangeDefect::HoleIsNotContents);
    }
    match revision_ending_at(bytes, end, ends) {
        Some(_) => Ok(range),
        None => Err(ByteRangeDefect::NotAtRevisionEnd),
    }
}

/// The revision that ends at `end`, its last line end in or out: an index into `ends`.
pub(super) fn revision_ending_at(bytes: &[u8], end: u64, ends: &[usize]) -> Option<usize> {
    let end = usize::try_from(end).ok()?;
    let blank = |from: usize, to: usize| {
        let between = bytes.get(from..to).unwrap_or_default();
        between
            .iter()
            .all(|byte| crate::pdf::lexer::is_blank(*byte))
    };
    ends.iter().position(|known| {
        if end <= *known {
            blank(end, *known)
        } else {
            blank(*known, end)
        }
    })
}

/// The text that a name or string entry holds, for claims.
pub(super) fn name_of(object: &Object) -> Option<String> {
    object
        .as_name()
        .ok()
        .map(|name| String::from_utf8_lossy(name).into_owned())
}
