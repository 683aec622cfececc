//! Cross-reference data as it is written (ISO 32000-2, 7.5.4 and 7.5.8): its sections merged, newest
//! first.

mod section;

use std::collections::{BTreeMap, BTreeSet};

use lopdf::{Dictionary, Object};

use super::PdfError;
use super::budget::Budget;
use super::facts::CrossReference;
use super::lexer::Lexer;
pub(super) use section::Section;

/// The highest object number that readers have to know (ISO 32000-1, annex C).
pub(super) const HIGHEST_NUMBER: u32 = 8_388_607;

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
    /// Sections that are hybrid: they hide objects from readers that know tables only.
    pub(super) hybrid_sections: u32,
    /// One of them has an entry of a generation that no object can have.
    pub(super) has_impossible_generation: bool,
    pub(super) basis: Basis,
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

    /// Whether the object that the trailer calls the catalog is stated to be free, or to stand at byte 0,
    /// where the header is.
    pub(super) fn denies_catalog(&self) -> bool {
        match self.trailer.get(b"Root") {
            Ok(Object::Reference((number, _))) => self.entries.get(number) == Some(&Location::Free),
            _ => false,
        }
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
            hybrid_sections: 0,
            has_impossible_generation: false,
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
        self.has_impossible_generation |= section.has_impossible_generation;
        let hidden = match section.trailer.get(b"XRefStm") {
            Ok(Object::Integer(offset)) if !section.is_stream => {
                self.hybrid_sections = self.hybrid_sections.saturating_add(1);
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
