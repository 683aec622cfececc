//! One revision: its objects, its cross-reference, its end (S1 to S3).

use std::collections::BTreeMap;

use super::cross_reference::{Place, Section, SectionLimits};
use super::object::IndirectObject;
use super::scanner::Scanner;
use super::violation::{Rule, Violation};

/// Objects that may be appended, in all revisions together (S1).
pub(super) const MAX_OBJECTS: usize = 2_000;

/// Bytes that an appended cross-reference stream may inflate to (S3).
const MAX_CROSS_REFERENCE_BYTES: usize = 1 << 20;

/// One appended revision, every byte of it accounted for.
pub(super) struct Revision<'a> {
    /// By number; the cross-reference stream is not among them.
    pub(super) objects: BTreeMap<u32, IndirectObject<'a>>,
    /// Number of the cross-reference stream.
    pub(super) cross_reference_stream: Option<u32>,
    pub(super) section: Section<'a>,
    /// Offset just after `%%EOF`.
    pub(super) mark_end: u64,
    /// Offset after the line end that follows it, when one does.
    pub(super) end: u64,
}

impl<'a> Revision<'a> {
    /// Reads a revision that begins with an object; `objects_left` more may be read.
    pub(super) fn read(
        scanner: &mut Scanner<'a>,
        objects_left: &mut usize,
    ) -> Result<Self, Violation> {
        let mut objects = BTreeMap::new();
        let mut last = None;
        let limits = SectionLimits {
            entries: MAX_OBJECTS + 2,
            decoded: MAX_CROSS_REFERENCE_BYTES,
        };
        let (section, cross_reference_stream) = loop {
            scanner.skip_whitespace();
            let at = scanner.offset();
            if last.is_some() && scanner.take_keyword(b"xref") {
                break (Section::read_table(scanner, at, limits)?, None);
            }
            if scanner.peek() == Some(b's')
                && let Some(last) = last
                && let Some(object) = objects.remove(&last)
            {
                break (Section::from_stream(&object, limits)?, Some(last));
            }
            if scanner.peek() == Some(b'%') {
                return Err(Rule::S1.broken(at, "a comment"));
            }
            *objects_left = objects_left
                .checked_sub(1)
                .ok_or_else(|| Rule::S1.broken(at, "more objects than are read"))?;
            let object = IndirectObject::read(scanner)?;
            last = Some(object.number);
            if objects.insert(object.number, object).is_some() {
                return Err(Rule::S2.broken(at, "an object that stands twice in its revision"));
            }
        };
        let (mark_end, end) = read_end(scanner, section.at)?;
        let revision = Self {
            objects,
            cross_reference_stream,
            section,
            mark_end,
            end,
        };
        revision.check_containers()?;
        revision.check_entries()?;
        Ok(revision)
    }

    /// S3: no object stream, and no other cross-reference stream.
    fn check_containers(&self) -> Result<(), Violation> {
        for object in self.objects.values() {
            let kind = object
                .value
                .as_dictionary()
                .and_then(|dictionary| dictionary.get(b"Type"));
            if kind.is_some_and(|kind| kind.is_name(b"ObjStm")) {
                return Err(Rule::S3.broken(object.at, "an object stream"));
            }
            if kind.is_some_and(|kind| kind.is_name(b"XRef")) {
                return Err(Rule::S3.broken(
                    object.at,
                    "a cross-reference stream that is not its revision's own",
                ));
            }
        }
        Ok(())
    }

    /// S2: the entries are the objects of this revision, one for one.
    fn check_entries(&self) -> Result<(), Violation> {
        let mut highest = None;
        let mut listed = 0;
        for entry in &self.section.entries {
            let broken = |text| Err(Rule::S2.broken(entry.at, text));
            if highest.is_some_and(|highest| entry.number <= highest) {
                return broken("entries that are not ascending");
            }
            highest = Some(entry.number);
            let (offset, generation) = match entry.place {
                Place::Free if entry.number == 0 => continue,
                Place::Free => return broken("an object is freed"),
                Place::Compressed => {
                    return Err(
                        Rule::S3.broken(entry.at, "an entry for an object in an object stream")
                    );
                }
                Place::InUse { offset, generation } => (offset, generation),
            };
            if generation != 0 {
                return broken("an entry of another generation than 0");
            }
            match self.place_of(entry.number) {
                None => return broken("an entry for an object that is not in this revision"),
                Some(at) if at != offset => {
                    return broken("an entry that does not point to its object");
                }
                Some(_) => listed += 1,
            }
        }
        let present = self.objects.len() + usize::from(self.cross_reference_stream.is_some());
        if listed != present {
            return Err(Rule::S2.broken(self.section.at, "an object that is not listed"));
        }
        Ok(())
    }

    fn place_of(&self, number: u32) -> Option<u64> {
        match self.cross_reference_stream {
            Some(own) if own == number => Some(self.section.at),
            _ => self.objects.get(&number).map(|object| object.at),
        }
    }

    /// The highest object number in it.
    pub(super) fn highest_number(&self) -> u32 {
        let last = self.objects.last_key_value().map(|(number, _)| *number);
        last.max(self.cross_reference_stream).unwrap_or_default()
    }
}

/// `startxref`, the offset of the cross-reference, `%%EOF` and at most one line end.
fn read_end(scanner: &mut Scanner<'_>, section_at: u64) -> Result<(u64, u64), Violation> {
    scanner.skip_whitespace();
    let at = scanner.offset();
    let broken = |text| Err(Rule::S1.broken(at, text));
    if !scanner.take_keyword(b"startxref") || scanner.take_separator().is_none() {
        return broken("startxref was expected here");
    }
    let named = scanner.take_digits();
    if scanner.take_separator().is_none() || !scanner.take(b"%%EOF") {
        return broken("no %%EOF after startxref");
    }
    if named != Some(section_at) {
        return Err(Rule::S2.broken(
            at,
            "startxref does not name this revision's cross-reference",
        ));
    }
    let mark_end = scanner.offset();
    if !scanner.take_end_of_line() && !scanner.at_end() {
        return Err(Rule::S1.broken(mark_end, "bytes after %%EOF"));
    }
    Ok((mark_end, scanner.offset()))
}
