//! A file in parts, read backwards from its end as far as is needed.

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use lopdf::{Dictionary, Object, ObjectId};

use crate::pdf::budget::Budget;
use crate::pdf::cross_reference::{Location, Section};
use crate::pdf::lexer::{LexError, Lexer, header_at};
use crate::pdf::{PdfError, stream_data, values};

/// Sections that are looked through for one object.
const MOST_SECTIONS: usize = 64;

/// A file whose parts are cut between revisions.
pub(super) struct File<'p> {
    /// The parts, each with its offset in the file.
    parts: Vec<(usize, &'p Bytes)>,
    pub(super) len: usize,
}

impl<'p> File<'p> {
    pub(super) fn of(parts: &'p [Bytes]) -> Self {
        let mut len = 0_usize;
        let parts = parts
            .iter()
            .filter(|part| !part.is_empty())
            .map(|part| {
                let start = len;
                len = len.saturating_add(part.len());
                (start, part)
            })
            .collect();
        Self { parts, len }
    }

    /// The first bytes.
    pub(super) fn beginning(&self) -> &'p [u8] {
        self.parts.first().map_or(&[], |(_, part)| part)
    }

    /// The last part.
    pub(super) fn end(&self) -> &'p [u8] {
        self.parts.last().map_or(&[], |(_, part)| part)
    }

    /// The part in which `offset` lies, and where in it.
    fn at(&self, offset: usize) -> Option<(&'p [u8], usize)> {
        let (start, part) = self.parts.iter().rfind(|(start, _)| *start <= offset)?;
        let inside = offset - start;
        (inside < part.len()).then_some((part, inside))
    }
}

/// An object that stands by itself in the file.
pub(super) struct Loaded<'p> {
    pub(super) id: ObjectId,
    /// Strings as they stand: in an encrypted file, encrypted.
    pub(super) value: Object,
    /// What a stream holds, as it stands.
    pub(super) data: Option<&'p [u8]>,
}

/// The objects of a file, found through its cross-reference sections, newest first.
pub(super) struct Objects<'p, 'l> {
    file: &'p File<'p>,
    budget: Budget<'l>,
    sections: Vec<BTreeMap<u32, Location>>,
    visited: BTreeSet<usize>,
    /// Where the next older section stands.
    older: Option<usize>,
}

/// The newest section of a file.
pub(super) struct Newest {
    pub(super) start: usize,
    pub(super) trailer: Dictionary,
    pub(super) is_stream: bool,
}

impl<'p, 'l> Objects<'p, 'l> {
    /// Reads the newest section of `file`.
    ///
    /// # Errors
    /// [`PdfError::Damaged`] when the file does not end as one that was sealed here, and limits.
    pub(super) fn of(file: &'p File<'p>, budget: Budget<'l>) -> Result<(Self, Newest), PdfError> {
        let start = last_startxref(file.end())
            .ok_or(PdfError::Damaged("a copy that does not end with startxref"))?;
        let mut objects = Self {
            file,
            budget,
            sections: Vec::new(),
            visited: BTreeSet::new(),
            older: None,
        };
        let section = objects
            .section(start)?
            .ok_or(PdfError::Damaged("the last cross-reference of a copy"))?;
        let is_stream = section.is_stream;
        let newest = Newest {
            start,
            trailer: objects.add(section),
            is_stream,
        };
        Ok((objects, newest))
    }

    fn section(&mut self, at: usize) -> Result<Option<Section>, PdfError> {
        if !self.visited.insert(at) || self.visited.len() > MOST_SECTIONS {
            return Ok(None);
        }
        match self.file.at(at) {
            Some((part, inside)) => Section::read(part, inside, &mut self.budget),
            None => Ok(None),
        }
    }

    /// Adds the next older section; its trailer.
    fn add(&mut self, section: Section) -> Dictionary {
        self.older = values::unsigned_entry(&section.trailer, b"Prev")
            .and_then(|at| usize::try_from(at).ok());
        self.sections.push(section.entries.into_iter().collect());
        section.trailer
    }

    fn place(&mut self, number: u32) -> Result<Option<Location>, PdfError> {
        let mut index = 0;
        loop {
            match self.sections.get(index) {
                Some(section) => match section.get(&number) {
                    Some(place) => return Ok(Some(*place)),
                    None => index += 1,
                },
                None => {
                    let Some(at) = self.older.take() else {
                        return Ok(None);
                    };
                    match self.section(at)? {
                        Some(section) => drop(self.add(section)),
                        None => return Ok(None),
                    }
                }
            }
        }
    }

    /// The object `id`; `None` when it does not stand by itself in the file.
    ///
    /// # Errors
    /// Limits.
    pub(super) fn load(&mut self, id: ObjectId) -> Result<Option<Loaded<'p>>, PdfError> {
        self.budget.check_time()?;
        let Some(Location::Offset { offset, generation }) = self.place(id.0)? else {
            return Ok(None);
        };
        let Some((part, inside)) = self.file.at(offset).filter(|_| generation == id.1) else {
            return Ok(None);
        };
        let Some((found, body)) = header_at(part, inside).filter(|(found, _)| *found == id) else {
            return Ok(None);
        };
        let mut lexer = Lexer::new(part, body);
        let range = match lexer.object(values::depth(self.budget.limits)) {
            Ok(range) => range,
            Err(LexError::TooDeep) => return Err(values::too_deep(self.budget.limits)),
            Err(LexError::Malformed) => return Ok(None),
        };
        let Some(value) = values::parse_values(part, &[range]).pop().flatten() else {
            return Ok(None);
        };
        let data = match (&value, stream_data::start(&lexer)) {
            (Object::Dictionary(entries), Some(start)) => {
                let length = values::unsigned_entry(entries, b"Length");
                stream_data::stated_extent(part, start, length).and_then(|range| part.get(range))
            }
            _ => None,
        };
        Ok(Some(Loaded {
            id: found,
            value,
            data,
        }))
    }

    /// What `object` is, one reference followed: the object's own id if it has one, and its value.
    ///
    /// # Errors
    /// Limits.
    pub(super) fn resolve(
        &mut self,
        object: &Object,
    ) -> Result<Option<(Option<ObjectId>, Object)>, PdfError> {
        match object {
            Object::Reference(id) => Ok(self
                .load(*id)?
                .map(|loaded| (Some(loaded.id), loaded.value))),
            direct => Ok(Some((None, direct.clone()))),
        }
    }

    /// The budget, for what is decoded.
    pub(super) fn budget(&mut self) -> &mut Budget<'l> {
        &mut self.budget
    }
}

/// The offset between `startxref` and the `%%EOF` with which the last part ends.
fn last_startxref(end: &[u8]) -> Option<usize> {
    const USUAL_PLACE: usize = 64;
    let window = end.get(end.len().saturating_sub(USUAL_PLACE)..)?;
    let window = window.trim_ascii_end().strip_suffix(b"%%EOF")?;
    let at = memchr::memmem::rfind(window, b"startxref")?;
    let mut lexer = Lexer::new(window, at + b"startxref".len());
    usize::try_from(lexer.unsigned()?).ok()
}
