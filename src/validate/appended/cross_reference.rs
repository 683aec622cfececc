//! Cross-reference sections: tables and streams (ISO 32000-2, 7.5.4 and 7.5.8).

use super::object::IndirectObject;
use super::scanner::{MAX_OBJECT_NUMBER, Scanner};
use super::value::{Dictionary, Kind};
use super::violation::{Rule, Violation};

/// Bytes of an entry in a table.
const ENTRY_BYTES: usize = 20;

/// How large a section may be.
#[derive(Clone, Copy, Debug)]
pub(super) struct SectionLimits {
    /// Entries.
    pub(super) entries: usize,
    /// Bytes a cross-reference stream may inflate to.
    pub(super) decoded: usize,
}

/// One section with its trailer.
#[derive(Clone, Debug)]
pub(super) struct Section<'a> {
    /// Offset of `xref`, or of the stream's object: what `startxref` names.
    pub(super) at: u64,
    pub(super) form: Form,
    /// In the order in which they are written.
    pub(super) entries: Vec<Entry>,
    /// The trailer dictionary, or that of the stream.
    pub(super) trailer: Dictionary<'a>,
}

/// In which form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Table,
    Stream,
}

/// What a section says of one object.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    pub(super) number: u32,
    /// Offset of the entry itself, or of the stream that holds it.
    pub(super) at: u64,
    pub(super) place: Place,
}

/// Where an object is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Free,
    /// By itself in the file.
    InUse {
        offset: u64,
        generation: u16,
    },
    /// In an object stream.
    Compressed,
}

impl<'a> Section<'a> {
    /// Reads a table and its trailer, the scanner standing after `xref`.
    pub(super) fn read_table(
        scanner: &mut Scanner<'a>,
        at: u64,
        limits: SectionLimits,
    ) -> Result<Self, Violation> {
        let mut entries = Vec::new();
        scanner.skip_whitespace();
        while !scanner.take_keyword(b"trailer") {
            let head = scanner.offset();
            let (first, count) = read_subsection_head(scanner)
                .ok_or_else(|| Rule::S2.broken(head, "neither a subsection nor a trailer"))?;
            let most = limits.entries.min(scanner.bytes_left() / ENTRY_BYTES);
            entries.reserve(usize::try_from(count).map_or(most, |count| count.min(most)));
            for index in 0..count {
                let at = scanner.offset();
                let number = first
                    .checked_add(index)
                    .and_then(|number| u32::try_from(number).ok())
                    .filter(|number| *number <= MAX_OBJECT_NUMBER)
                    .ok_or_else(|| Rule::S2.broken(at, "an object number beyond the highest"))?;
                if entries.len() >= limits.entries {
                    return Err(Rule::S1.broken(at, "more objects than are read"));
                }
                let place = scanner
                    .take_bytes(ENTRY_BYTES)
                    .and_then(read_entry)
                    .ok_or_else(|| {
                        Rule::S2.broken(at, "an entry that is not twenty bytes in form")
                    })?;
                entries.push(Entry { number, at, place });
            }
            scanner.skip_whitespace();
        }
        scanner.skip_whitespace();
        let trailer_at = scanner.offset();
        let Kind::Dictionary(trailer) = scanner.read_value()?.kind else {
            return Err(Rule::S4.broken(trailer_at, "a trailer that is no dictionary"));
        };
        Ok(Self {
            at,
            form: Form::Table,
            entries,
            trailer,
        })
    }

    /// Reads a cross-reference stream.
    pub(super) fn from_stream(
        object: &IndirectObject<'a>,
        limits: SectionLimits,
    ) -> Result<Self, Violation> {
        let broken = |text| Rule::S3.broken(object.at, text);
        let (dictionary, data) = object
            .as_stream()
            .filter(|(dictionary, _)| {
                dictionary
                    .get(b"Type")
                    .is_some_and(|kind| kind.is_name(b"XRef"))
            })
            .ok_or_else(|| broken("no cross-reference stands before startxref"))?;
        if dictionary.get(b"DecodeParms").is_some() {
            return Err(broken("a cross-reference stream with a predictor"));
        }
        let widths =
            read_widths(dictionary).ok_or_else(|| broken("/W is not three small integers"))?;
        let data = data.decode(dictionary, limits.decoded).ok_or_else(|| {
            broken("a cross-reference stream that cannot be decoded, or is too long")
        })?;
        let subsections =
            read_index(dictionary).ok_or_else(|| broken("/Index is not pairs of integers"))?;
        let width = widths.iter().sum();
        let mut rows = data.chunks(width);
        let mut entries = Vec::new();
        for (first, count) in subsections {
            for index in 0..count {
                let number = first
                    .checked_add(index)
                    .filter(|number| *number <= MAX_OBJECT_NUMBER)
                    .ok_or_else(|| broken("an object number beyond the highest"))?;
                let row = rows
                    .next()
                    .filter(|row| row.len() == width)
                    .ok_or_else(|| broken("a cross-reference stream shorter than its index"))?;
                if entries.len() >= limits.entries {
                    return Err(Rule::S1.broken(object.at, "more objects than are read"));
                }
                let place = read_row(row, widths)
                    .ok_or_else(|| broken("an entry of a kind that does not exist"))?;
                entries.push(Entry {
                    number,
                    at: object.at,
                    place,
                });
            }
        }
        if rows.next().is_some() {
            return Err(broken("a cross-reference stream longer than its index"));
        }
        Ok(Self {
            at: object.at,
            form: Form::Stream,
            entries,
            trailer: dictionary.clone(),
        })
    }
}

fn read_subsection_head(scanner: &mut Scanner<'_>) -> Option<(u64, u64)> {
    let first = scanner.take_digits()?;
    scanner.take_separator()?;
    let count = scanner.take_digits().filter(|count| *count > 0)?;
    scanner.take_separator()?;
    Some((first, count))
}

/// `oooooooooo ggggg n` and two bytes of line end.
fn read_entry(entry: &[u8]) -> Option<Place> {
    let (fields, line_end) = entry.split_at_checked(18)?;
    if !matches!(line_end, b" \n" | b" \r" | b"\r\n") {
        return None;
    }
    let (offset, rest) = fields.split_at_checked(10)?;
    let (generation, kind) = rest.strip_prefix(b" ")?.split_at_checked(5)?;
    let (offset, generation) = (all_digits(offset)?, all_digits(generation)?);
    match kind {
        b" n" => Some(Place::InUse {
            offset,
            generation: u16::try_from(generation).ok()?,
        }),
        b" f" => Some(Place::Free),
        _ => None,
    }
}

fn all_digits(digits: &[u8]) -> Option<u64> {
    digits.iter().all(u8::is_ascii_digit).then_some(())?;
    std::str::from_utf8(digits).ok()?.parse().ok()
}

fn read_widths(dictionary: &Dictionary<'_>) -> Option<[usize; 3]> {
    let [kind, offset, generation] = dictionary.get(b"W")?.as_array()? else {
        return None;
    };
    let width = |value: &super::value::Value<'_>, range: std::ops::RangeInclusive<usize>| {
        let width = usize::try_from(value.as_integer()?).ok()?;
        range.contains(&width).then_some(width)
    };
    Some([
        width(kind, 0..=1)?,
        width(offset, 1..=8)?,
        width(generation, 0..=4)?,
    ])
}

/// `/Index`, or everything up to `/Size` when there is none.
fn read_index(dictionary: &Dictionary<'_>) -> Option<Vec<(u32, u32)>> {
    let Some(index) = dictionary.get(b"Index") else {
        let size = u32::try_from(dictionary.get(b"Size")?.as_integer()?).ok()?;
        return Some(vec![(0, size)]);
    };
    let pairs = index.as_array()?.chunks(2);
    pairs
        .map(|pair| {
            let [first, count] = pair else { return None };
            Some((
                u32::try_from(first.as_integer()?).ok()?,
                u32::try_from(count.as_integer()?).ok()?,
            ))
        })
        .collect()
}

fn read_row(row: &[u8], [kind, offset, generation]: [usize; 3]) -> Option<Place> {
    let number = |bytes: &[u8]| {
        bytes
            .iter()
            .fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte))
    };
    let (kind_field, rest) = row.split_at_checked(kind)?;
    let (offset_field, generation_field) = rest.split_at_checked(offset)?;
    debug_assert_eq!(generation_field.len(), generation);
    match kind_field {
        [] | [1] => Some(Place::InUse {
            offset: number(offset_field),
            generation: u16::try_from(number(generation_field)).ok()?,
        }),
        [0] => Some(Place::Free),
        [2] => Some(Place::Compressed),
        _ => None,
    }
}
