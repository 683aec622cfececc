//! Objects of the base, found through its own cross-reference sections.
//!
//! The base is a version that is stored here, so it is not judged. It may still end in sections of a
//! source that this strict reader does not understand: what lies behind those is unknown, never guessed.

use std::collections::{BTreeMap, BTreeSet};

use super::cross_reference::{Place, Section, SectionLimits};
use super::object::IndirectObject;
use super::scanner::Scanner;
use super::violation::{Rule, Violation};

/// Sections that are looked through for one object.
const MAX_SECTIONS: usize = 64;

/// Entries of one section, and of all.
const MAX_ENTRIES: usize = 1_000_000;

/// Bytes one cross-reference stream may inflate to.
const MAX_CROSS_REFERENCE_BYTES: usize = 16 << 20;

/// Bytes of one object that are looked at.
const MAX_OBJECT_BYTES: usize = 1 << 20;

/// Bytes of all objects that are looked at: a hostile source may hold thousands of fields that all begin
/// at the same endless string.
const MAX_BYTES: usize = 64 << 20;

/// The bytes of a base where they stand, cut between revisions, so that no object lies in two parts.
#[derive(Clone, Copy)]
pub(super) struct Parts<'p, 'a>(pub(super) &'p [&'a [u8]]);

impl<'a> Parts<'_, 'a> {
    /// Length of them all.
    pub(super) fn len(self) -> usize {
        self.0.iter().map(|part| part.len()).sum()
    }

    /// What follows an offset, to the end of its part.
    fn from(self, offset: u64) -> Option<&'a [u8]> {
        let mut offset = usize::try_from(offset).ok()?;
        for part in self.0 {
            if offset < part.len() {
                return part.get(offset..);
            }
            offset -= part.len();
        }
        None
    }

    /// The last part that is not empty.
    pub(super) fn last(self) -> &'a [u8] {
        let parts = self.0.iter().rev();
        parts
            .copied()
            .find(|part| !part.is_empty())
            .unwrap_or_default()
    }
}

/// The cross-reference sections of a base, newest first, read as far as they are needed.
pub(super) struct Chain<'p, 'a> {
    base: Parts<'p, 'a>,
    bytes_left: usize,
    /// What each section read so far says of its objects.
    sections: Vec<BTreeMap<u32, Place>>,
    visited: BTreeSet<u64>,
    /// Where the next older section stands.
    older: Option<u64>,
    entries_left: usize,
}

impl<'p, 'a> Chain<'p, 'a> {
    /// The chain that begins with the section at `startxref`, and that section.
    pub(super) fn begin(
        base: Parts<'p, 'a>,
        startxref: u64,
    ) -> Result<(Self, Section<'a>), Violation> {
        let mut chain = Self {
            base,
            bytes_left: MAX_BYTES,
            sections: Vec::new(),
            visited: BTreeSet::new(),
            older: None,
            entries_left: MAX_ENTRIES,
        };
        let newest = chain.read_section(startxref)?;
        chain.visited.insert(startxref);
        chain.add(&newest);
        Ok((chain, newest))
    }

    /// The object of this number that is in force, when it stands by itself, in generation 0, where this
    /// reader can see it.
    pub(super) fn load(&mut self, number: u32) -> Option<IndirectObject<'a>> {
        let mut index = 0;
        let place = loop {
            match self.sections.get(index) {
                Some(section) => match section.get(&number) {
                    Some(place) => break *place,
                    None => index += 1,
                },
                None => self.read_older()?,
            }
        };
        let Place::InUse {
            offset,
            generation: 0,
        } = place
        else {
            return None;
        };
        let object = self.read_object(offset)?;
        (object.number == number).then_some(object)
    }

    /// The object at `offset`, what it costs to read it taken off what may still be read.
    fn read_object(&mut self, offset: u64) -> Option<IndirectObject<'a>> {
        let rest = self.base.from(offset)?;
        let window = rest.get(..MAX_OBJECT_BYTES).unwrap_or(rest);
        self.bytes_left = self.bytes_left.checked_sub(window.len())?;
        let mut scanner = Scanner::new(window, offset);
        let object = IndirectObject::read(&mut scanner).ok()?;
        self.bytes_left += scanner.bytes_left();
        Some(object)
    }

    fn read_older(&mut self) -> Option<()> {
        let at = self.older.take()?;
        let fresh = self.visited.insert(at) && self.visited.len() <= MAX_SECTIONS;
        let section = fresh.then(|| self.read_section(at).ok()).flatten()?;
        // Two views of one file, of which every reader chooses its own.
        section.trailer.get(b"XRefStm").is_none().then_some(())?;
        self.add(&section);
        Some(())
    }

    fn add(&mut self, section: &Section<'_>) {
        self.entries_left = self.entries_left.saturating_sub(section.entries.len());
        self.older = section
            .trailer
            .get(b"Prev")
            .and_then(|previous| u64::try_from(previous.as_integer()?).ok());
        let places = section
            .entries
            .iter()
            .map(|entry| (entry.number, entry.place))
            .collect();
        self.sections.push(places);
    }

    fn read_section(&mut self, at: u64) -> Result<Section<'a>, Violation> {
        let limits = SectionLimits {
            entries: self.entries_left,
            decoded: MAX_CROSS_REFERENCE_BYTES,
        };
        let section = self
            .base
            .from(at)
            .ok_or_else(|| Rule::S1.broken(at, "startxref leads out of the file"))?;
        let mut scanner = Scanner::new(section, at);
        if scanner.take_keyword(b"xref") {
            return Section::read_table(&mut scanner, at, limits);
        }
        Section::from_stream(&IndirectObject::read(&mut scanner)?, limits)
    }
}
