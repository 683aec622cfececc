//! One cross-reference section, a table or a stream, with its trailer.

use lopdf::Dictionary;

use super::{HIGHEST_NUMBER, Location};
use crate::pdf::budget::Budget;
use crate::pdf::filters::{self, FilterError};
use crate::pdf::lexer::{Lexer, header_at, header_start};
use crate::pdf::{PdfError, stream_data, values};

/// How far around a wrong offset a section is looked for.
const NEARBY: usize = 1024;

/// One cross-reference section with its trailer.
pub(in crate::pdf) struct Section {
    pub(in crate::pdf) entries: Vec<(u32, Location)>,
    pub(in crate::pdf) trailer: Dictionary,
    pub(in crate::pdf) is_stream: bool,
    /// Read in spite of a defect that other readers may stumble over.
    pub(super) is_defective: bool,
    /// An entry has a generation above 65,535: there are programs that write 65536, and readers that then
    /// refuse the whole section.
    pub(super) has_impossible_generation: bool,
}

impl Section {
    /// The section at `offset`; `None` when there is none that can be read.
    ///
    /// # Errors
    /// Limits, and a table that can be mended in several ways.
    pub(in crate::pdf) fn read(
        bytes: &[u8],
        offset: usize,
        budget: &mut Budget<'_>,
    ) -> Result<Option<Self>, PdfError> {
        budget.check_time()?;
        let mut lexer = Lexer::new(bytes, offset);
        if lexer.keyword(b"xref") {
            Self::read_table(bytes, lexer, budget)
        } else if lexer.object_header().is_some() {
            Self::read_stream(bytes, lexer, budget)
        } else {
            Ok(None)
        }
    }

    fn read_table(
        bytes: &[u8],
        mut lexer: Lexer<'_>,
        budget: &mut Budget<'_>,
    ) -> Result<Option<Self>, PdfError> {
        const SHORTEST_ENTRY: usize = 18;
        let mut entries = Vec::new();
        let mut is_defective = false;
        let mut leads_nowhere = false;
        let mut has_impossible_generation = false;
        while !lexer.keyword(b"trailer") {
            let (Some(mut first), Some(count)) = (lexer.unsigned(), lexer.unsigned()) else {
                return Ok(None);
            };
            let left = bytes.len().saturating_sub(lexer.position());
            if count > (left / SHORTEST_ENTRY) as u64 {
                return Ok(None);
            }
            budget.count_entries(count)?;
            for index in 0..count {
                let Some((offset, generation, used)) = table_entry(&mut lexer) else {
                    return Ok(None);
                };
                // Some writers number the head of the free list 1 instead of 0.
                if entries.is_empty() && first == 1 && (offset, generation) == (0, 65_535) && !used
                {
                    first = 0;
                    is_defective = true;
                }
                leads_nowhere |= used && offset == 0;
                has_impossible_generation |= generation > u64::from(u16::MAX);
                let location = match (usize::try_from(offset), u16::try_from(generation)) {
                    (Ok(offset), Ok(generation)) if used && offset > 0 => {
                        Location::Offset { offset, generation }
                    }
                    _ => Location::Free,
                };
                push(&mut entries, first.checked_add(index), location)?;
            }
        }
        // Either mistake has one mending that readers agree on; both together have several.
        if is_defective && leads_nowhere {
            return Err(PdfError::Damaged(
                "a cross-reference table with wrong numbers and entries that lead nowhere",
            ));
        }
        let Some(trailer) = values::dictionary_at(bytes, &mut lexer, budget.limits)? else {
            return Ok(None);
        };
        let has_size = values::unsigned_entry(&trailer, b"Size").is_some();
        Ok(Some(Self {
            entries,
            trailer,
            is_stream: false,
            is_defective: is_defective || !has_size,
            has_impossible_generation,
        }))
    }

    fn read_stream(
        bytes: &[u8],
        mut lexer: Lexer<'_>,
        budget: &mut Budget<'_>,
    ) -> Result<Option<Self>, PdfError> {
        let Some(trailer) = values::dictionary_at(bytes, &mut lexer, budget.limits)? else {
            return Ok(None);
        };
        let length = values::unsigned_entry(&trailer, b"Length");
        let raw = stream_data::start(&lexer)
            .filter(|_| values::name_entry(&trailer, b"Type") == Some(b"XRef"))
            .and_then(|start| stream_data::extent(bytes, start, length))
            .and_then(|range| bytes.get(range));
        let (Some(raw), Some(filters)) = (raw, filters::chain(&trailer, |value| value)) else {
            return Ok(None);
        };
        let allowance = budget.allowance();
        let strictly = filters::decode(&filters, raw, allowance.bytes);
        let is_cut = strictly == Err(FilterError::Undecodable);
        let decoded = match strictly {
            Err(FilterError::Undecodable) => {
                filters::decode_leniently(filters, raw, allowance.bytes)
            }
            strictly => strictly,
        };
        let data = match decoded {
            Ok(data) => data,
            Err(FilterError::TooLong) => return Err(allowance.passed()),
            Err(FilterError::Undecodable) => return Ok(None),
        };
        budget.spend(data.len());
        let Some(read) = stream_entries(&trailer, &data, budget)? else {
            return Ok(None);
        };
        let has_size = values::unsigned_entry(&trailer, b"Size").is_some();
        Ok(Some(Self {
            entries: read.entries,
            trailer,
            is_stream: true,
            is_defective: is_cut || read.is_short || !has_size,
            has_impossible_generation: false,
        }))
    }

    /// The section that a wrong `offset` most likely means: the nearest one around it, provided
    /// that it finds its own objects.
    ///
    /// # Errors
    /// Limits only.
    pub(super) fn nearby(
        bytes: &[u8],
        offset: usize,
        budget: &mut Budget<'_>,
    ) -> Result<Option<(usize, Self)>, PdfError> {
        const MOST_TRIED: usize = 6;
        let from = offset.saturating_sub(NEARBY).min(bytes.len());
        let to = offset.saturating_add(NEARBY).min(bytes.len());
        let window = bytes.get(from..to).unwrap_or_default();
        let tables = memchr::memmem::find_iter(window, b"xref")
            .filter(|at| *at == 0 || window.get(at - 1) != Some(&b't'));
        let streams = memchr::memmem::find_iter(window, b"/XRef").filter_map(|at| {
            let header = memchr::memmem::rfind(window.get(..at)?, b" obj")?;
            header_start(window, header)
        });
        let mut places: Vec<usize> = tables.chain(streams).map(|at| from + at).collect();
        places.sort_by_key(|at| at.abs_diff(offset));
        for at in places.into_iter().take(MOST_TRIED) {
            if let Some(section) = Self::read(bytes, at, budget)?
                && section.locates_its_objects(bytes)
            {
                return Ok(Some((at, section)));
            }
        }
        Ok(None)
    }

    fn locates_its_objects(&self, bytes: &[u8]) -> bool {
        let (mut placed, mut located) = (0_usize, 0_usize);
        for (number, location) in &self.entries {
            if let Location::Offset { offset, generation } = *location {
                placed += 1;
                let header = header_at(bytes, offset).map(|(id, _)| id);
                located += usize::from(header == Some((*number, generation)));
            }
        }
        placed == located || located * 2 > placed
    }
}

fn table_entry(lexer: &mut Lexer<'_>) -> Option<(u64, u64, bool)> {
    let offset = lexer.unsigned()?;
    let generation = lexer.unsigned()?;
    lexer.skip_blanks();
    let used = lexer.literal(b"n");
    (used || lexer.literal(b"f")).then_some((offset, generation, used))
}

fn push(
    entries: &mut Vec<(u32, Location)>,
    number: Option<u64>,
    location: Location,
) -> Result<(), PdfError> {
    let known = number
        .and_then(|number| u32::try_from(number).ok())
        .filter(|number| *number <= HIGHEST_NUMBER);
    match known {
        Some(number) => entries.push((number, location)),
        None if location == Location::Free => {}
        None => return Err(PdfError::Damaged("an object number above 8,388,607")),
    }
    Ok(())
}

/// The entries of a cross-reference stream, and whether its data is shorter than it says.
struct StreamEntries {
    entries: Vec<(u32, Location)>,
    is_short: bool,
}

/// Reads the data of a cross-reference stream; `None` when its dictionary makes no sense.
fn stream_entries(
    dictionary: &Dictionary,
    data: &[u8],
    budget: &mut Budget<'_>,
) -> Result<Option<StreamEntries>, PdfError> {
    let integers = |key: &[u8]| -> Option<Vec<u64>> {
        let items = dictionary.get(key).ok()?.as_array().ok()?;
        items
            .iter()
            .map(|item| {
                item.as_i64()
                    .ok()
                    .and_then(|value| u64::try_from(value).ok())
            })
            .collect()
    };
    let widths = integers(b"W").unwrap_or_default();
    let &[kind_width, second_width, third_width, ..] = widths.as_slice() else {
        return Ok(None);
    };
    if widths.iter().any(|width| *width > 8) {
        return Ok(None);
    }
    let width = (kind_width + second_width + third_width) as usize;
    let subsections = match integers(b"Index") {
        Some(index) => index,
        None => vec![0, values::unsigned_entry(dictionary, b"Size").unwrap_or(0)],
    };
    let mut records = match width {
        0 => return Ok(None),
        width => data.chunks_exact(width),
    };
    budget.count_entries((data.len() / width) as u64)?;
    let mut entries = Vec::new();
    for subsection in subsections.chunks_exact(2) {
        let &[first, count] = subsection else {
            continue;
        };
        for index in 0..count {
            // Data cut short is read as far as it goes; what is missing shows when it is needed.
            let Some(record) = records.next() else {
                return Ok(Some(StreamEntries {
                    entries,
                    is_short: true,
                }));
            };
            let (kind, rest) = record
                .split_at_checked(kind_width as usize)
                .unwrap_or_default();
            let (second, third) = rest
                .split_at_checked(second_width as usize)
                .unwrap_or_default();
            let kind = if kind.is_empty() { 1 } else { big_endian(kind) };
            let (second, third) = (big_endian(second), big_endian(third));
            let location = match kind {
                1 => match (usize::try_from(second), u16::try_from(third)) {
                    (Ok(offset), Ok(generation)) if offset > 0 => {
                        Location::Offset { offset, generation }
                    }
                    _ => Location::Free,
                },
                2 => match (u32::try_from(second), u32::try_from(third)) {
                    (Ok(container), Ok(index)) => Location::Member { container, index },
                    _ => Location::Free,
                },
                _ => Location::Free,
            };
            push(&mut entries, first.checked_add(index), location)?;
        }
    }
    Ok(Some(StreamEntries {
        entries,
        is_short: false,
    }))
}

fn big_endian(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0, |value, byte| value << 8 | u64::from(*byte))
}
