//! Cross-reference sections as they are written (ISO 32000-2, 7.5.4 and 7.5.8), newest first.

use std::collections::{BTreeMap, BTreeSet};

use lopdf::{Dictionary, Object};

use super::budget::Budget;
use super::facts::CrossReference;
use super::filters::{self, FilterError};
use super::lexer::Lexer;
use super::{PdfError, stream_data, values};

/// The highest object number that readers have to know (ISO 32000-1, annex C).
pub(super) const HIGHEST_NUMBER: u32 = 8_388_607;

/// How far around a wrong offset a section is looked for.
const NEARBY: usize = 1024;

/// Where an object stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Location {
    /// Nowhere.
    Free,
    /// At an offset of the file.
    Offset { offset: usize, generation: u16 },
    /// In an object stream.
    Member { container: u32, index: u32 },
}

/// What the cross-reference data is worth as the base of an update.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Basis {
    /// Read as written.
    Sound,
    /// `startxref` is a little off; the section it means is sound, so an update can point to it.
    StartCorrected,
    /// A link between sections is wrong: the entries hold, the chain must not be pointed to.
    ChainBroken,
    /// Rebuilt by scanning for objects.
    Rebuilt,
}

/// The merged entries of all sections.
#[derive(Debug)]
pub(super) struct CrossReferences {
    pub(super) entries: BTreeMap<u32, Location>,
    /// The newest trailer.
    pub(super) trailer: Dictionary,
    /// Form of the newest section.
    pub(super) form: CrossReference,
    /// Offset of the newest section, 0 when rebuilt.
    pub(super) start: usize,
    /// Sections in the chain.
    pub(super) sections: u32,
    /// Some section is hybrid: it hides objects from readers that know tables only.
    pub(super) is_hybrid: bool,
    pub(super) basis: Basis,
}

struct Section {
    entries: Vec<(u32, Location)>,
    trailer: Dictionary,
    is_stream: bool,
    /// Read in spite of a defect that other readers may stumble over.
    is_defective: bool,
}

impl CrossReferences {
    /// Follows the chain from `startxref`; `None` when it cannot be followed to its end.
    ///
    /// # Errors
    /// Limits only.
    pub(super) fn read(bytes: &[u8], budget: &mut Budget<'_>) -> Result<Option<Self>, PdfError> {
        let Some(stated) = startxref(bytes) else {
            return Ok(None);
        };
        let mut merged: Option<Self> = None;
        let mut seen = BTreeSet::new();
        let mut next = stated;
        loop {
            let sections = merged.as_ref().map_or(0, |merged| merged.sections) + 1;
            // A linearized file has one section more than revisions.
            if sections > budget.limits.revisions.saturating_add(1) {
                return Err(revisions_passed(budget));
            }
            let (at, section) = match Section::read(bytes, next, budget)? {
                Some(section) => (next, section),
                None => match Section::nearby(bytes, next, budget)? {
                    Some(found) => found,
                    None => return Ok(None),
                },
            };
            let merged = merged.get_or_insert_with(|| Self::starting_with(&section, at));
            if at != next {
                merged.basis = match merged.basis {
                    Basis::Sound if sections == 1 => Basis::StartCorrected,
                    _ => Basis::ChainBroken,
                };
            }
            merged.sections = sections;
            seen.extend([next, at]);
            let previous = section.trailer.get(b"Prev").ok().cloned();
            merged.merge(bytes, section, budget)?;
            match previous {
                None => break,
                Some(Object::Integer(offset)) => match usize::try_from(offset) {
                    Ok(offset) if offset > 0 && !seen.contains(&offset) => next = offset,
                    _ => {
                        merged.basis = Basis::ChainBroken;
                        break;
                    }
                },
                Some(_) => {
                    merged.basis = Basis::ChainBroken;
                    break;
                }
            }
        }
        Ok(merged)
    }

    fn starting_with(newest: &Section, at: usize) -> Self {
        let form = if newest.is_stream {
            CrossReference::Stream
        } else if newest.trailer.has(b"XRefStm") {
            CrossReference::Hybrid
        } else {
            CrossReference::Table
        };
        Self {
            entries: BTreeMap::new(),
            trailer: newest.trailer.clone(),
            form,
            start: at,
            sections: 1,
            is_hybrid: false,
            basis: Basis::Sound,
        }
    }

    /// Adds an older section. In a hybrid one the stream of `/XRefStm` stands between the objects
    /// that the table shows and those that it hides as free.
    fn merge(
        &mut self,
        bytes: &[u8],
        section: Section,
        budget: &mut Budget<'_>,
    ) -> Result<(), PdfError> {
        if section.is_defective {
            self.basis = Basis::ChainBroken;
        }
        let hidden = match section.trailer.get(b"XRefStm") {
            Ok(Object::Integer(offset)) if !section.is_stream => {
                self.is_hybrid = true;
                let hidden = match usize::try_from(*offset) {
                    Ok(offset) => Section::read(bytes, offset, budget)?,
                    Err(_) => None,
                };
                if hidden.is_none() {
                    self.basis = Basis::ChainBroken;
                }
                hidden
            }
            _ => None,
        };
        let (free, used): (Vec<_>, Vec<_>) = section
            .entries
            .into_iter()
            .partition(|(_, location)| *location == Location::Free);
        let hidden = hidden.into_iter().flat_map(|hidden| hidden.entries);
        for (number, location) in used.into_iter().chain(hidden).chain(free) {
            self.entries.entry(number).or_insert(location);
        }
        Ok(())
    }
}

pub(super) fn revisions_passed(budget: &Budget<'_>) -> PdfError {
    PdfError::LimitPassed {
        limit: "revisions",
        allowed: u64::from(budget.limits.revisions),
    }
}

/// The offset after the last `startxref`.
fn startxref(bytes: &[u8]) -> Option<usize> {
    const USUAL_PLACE: usize = 2048;
    let tail = bytes.len().saturating_sub(USUAL_PLACE);
    let at = memchr::memmem::rfind(bytes.get(tail..)?, b"startxref")
        .map(|at| tail + at)
        .or_else(|| memchr::memmem::rfind(bytes, b"startxref"))?;
    let mut lexer = Lexer::new(bytes, at + b"startxref".len());
    usize::try_from(lexer.unsigned()?).ok()
}

impl Section {
    fn read(
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
                let location = match (usize::try_from(offset), u16::try_from(generation)) {
                    (Ok(offset), Ok(generation)) if used && offset > 0 => {
                        Location::Offset { offset, generation }
                    }
                    _ => Location::Free,
                };
                push(&mut entries, first.checked_add(index), location)?;
            }
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
        let Some((entries, is_short)) = stream_entries(&trailer, &data, budget)? else {
            return Ok(None);
        };
        let has_size = values::unsigned_entry(&trailer, b"Size").is_some();
        Ok(Some(Self {
            entries,
            trailer,
            is_stream: true,
            is_defective: is_cut || is_short || !has_size,
        }))
    }

    /// The section that a wrong `offset` most likely means: the nearest one around it, provided
    /// that it finds its own objects.
    fn nearby(
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
                let header = Lexer::new(bytes, offset).object_header();
                located += usize::from(header == Some((*number, generation)));
            }
        }
        placed == located || located * 2 > placed
    }
}

/// The start of `12 0 obj`, given the offset of the blank before `obj`.
pub(super) fn header_start(bytes: &[u8], before_obj: usize) -> Option<usize> {
    let mut at = before_obj;
    for _ in 0..2 {
        while at > 0
            && bytes
                .get(at - 1)
                .copied()
                .is_some_and(super::lexer::is_blank)
        {
            at -= 1;
        }
        let end = at;
        while at > 0 && bytes.get(at - 1).is_some_and(u8::is_ascii_digit) {
            at -= 1;
        }
        if at == end {
            return None;
        }
    }
    Some(at)
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

/// The entries of a cross-reference stream, and whether its data is shorter than it says; `None`
/// when its dictionary makes no sense.
fn stream_entries(
    dictionary: &Dictionary,
    data: &[u8],
    budget: &mut Budget<'_>,
) -> Result<Option<(Vec<(u32, Location)>, bool)>, PdfError> {
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
                return Ok(Some((entries, true)));
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
    Ok(Some((entries, false)))
}

fn big_endian(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0, |value, byte| value << 8 | u64::from(*byte))
}
