//! Cross-reference data rebuilt by scanning a damaged file for its objects, as readers do.

use std::collections::BTreeMap;

use lopdf::{Dictionary, Object};

use super::budget::{Budget, objects_passed};
use super::cross_reference::{Basis, CrossReferences, HIGHEST_NUMBER, Location};
use super::facts::CrossReference;
use super::lexer::{LexError, Lexer, header_start};
use super::{PdfError, stream_data, values};

/// Scans `bytes` from the first object to the last; of objects with the same number the last one
/// counts. `None` when nothing is found that could be a document.
///
/// # Errors
/// Limits, and [`PdfError::Damaged`] for an encrypted file that lost its trailer.
pub(super) fn rebuild(
    bytes: &[u8],
    budget: &mut Budget<'_>,
) -> Result<Option<CrossReferences>, PdfError> {
    let mut scan = Scan {
        bytes,
        entries: BTreeMap::new(),
        stream_trailer: None,
        end_of_stream: NextPlace::of(b"endstream"),
        end_of_object: NextPlace::of(b"endobj"),
        catalog: None,
    };
    scan.run(budget)?;
    let Some(trailer) = scan.trailer(budget)? else {
        return Ok(None);
    };
    Ok(Some(CrossReferences {
        entries: scan.entries,
        trailer,
        form: CrossReference::Table,
        start: 0,
        sections: 1,
        hybrid_sections: 0,
        has_impossible_generation: false,
        basis: Basis::Rebuilt,
    }))
}

struct Scan<'a> {
    bytes: &'a [u8],
    entries: BTreeMap<u32, Location>,
    /// Dictionary of the last cross-reference stream that names a catalog, and where it stands.
    stream_trailer: Option<(usize, Dictionary)>,
    end_of_stream: NextPlace,
    end_of_object: NextPlace,
    /// The last catalog.
    catalog: Option<(u32, u16)>,
}

/// The next place of a word, remembered so that bytes without it are searched once.
struct NextPlace {
    word: &'static [u8],
    /// The word stands nowhere between the start of the last search and here.
    at: Option<usize>,
}

impl NextPlace {
    const fn of(word: &'static [u8]) -> Self {
        Self { word, at: Some(0) }
    }

    /// The first place at or behind `start`, which may only grow from call to call.
    fn from(&mut self, bytes: &[u8], start: usize) -> Option<usize> {
        if self.at? < start {
            let found = memchr::memmem::find(bytes.get(start..)?, self.word);
            self.at = found.map(|found| start + found);
        }
        self.at
    }
}

impl Scan<'_> {
    fn run(&mut self, budget: &Budget<'_>) -> Result<(), PdfError> {
        /// Bytes that may be read again and again by objects that never end.
        const PASSES: usize = 4;
        let bytes = self.bytes;
        let depth = values::depth(budget.limits);
        let mut wasted = 0_usize;
        let mut at = 0;
        while let Some(found) = memchr::memmem::find(bytes.get(at..).unwrap_or_default(), b"obj") {
            let keyword = at + found;
            at = keyword + 3;
            let Some(start) = header_start(bytes, keyword) else {
                continue;
            };
            let mut lexer = Lexer::new(bytes, start);
            let Some((number, generation)) = lexer.object_header() else {
                continue;
            };
            if number == 0 || number > HIGHEST_NUMBER {
                continue;
            }
            budget.check_time()?;
            let body = match lexer.object(depth) {
                Ok(body) => body,
                Err(LexError::TooDeep) => return Err(values::too_deep(budget.limits)),
                Err(LexError::Malformed) => {
                    wasted = wasted.saturating_add(lexer.position().saturating_sub(at));
                    if wasted > bytes.len().saturating_mul(PASSES) {
                        return Err(PdfError::Damaged("objects without an end"));
                    }
                    continue;
                }
            };
            at = lexer.position();
            let location = Location::Offset {
                offset: start,
                generation,
            };
            self.entries.insert(number, location);
            if self.entries.len() > budget.limits.objects as usize {
                return Err(objects_passed(budget.limits));
            }
            self.note(start, (number, generation), body.clone());
            if let Some(data) = stream_data::start(&lexer) {
                let length = self
                    .dictionary(body)
                    .and_then(|dictionary| values::unsigned_entry(&dictionary, b"Length"));
                at = self.data_end(data, length).unwrap_or(data);
            }
        }
        Ok(())
    }

    /// The end of the data of a stream, if anything ends it.
    fn data_end(&mut self, start: usize, length: Option<u64>) -> Option<usize> {
        if let Some(stated) = stream_data::stated_extent(self.bytes, start, length) {
            return Some(stated.end);
        }
        let end = self.end_of_stream.from(self.bytes, start);
        end.or_else(|| self.end_of_object.from(self.bytes, start))
    }

    fn dictionary(&self, range: std::ops::Range<usize>) -> Option<Dictionary> {
        match values::parse_values(self.bytes, &[range]).pop().flatten() {
            Some(Object::Dictionary(dictionary)) => Some(dictionary),
            _ => None,
        }
    }

    /// Remembers an object that may stand in for a lost trailer.
    fn note(&mut self, start: usize, id: (u32, u16), body: std::ops::Range<usize>) {
        let raw = self.bytes.get(body.clone()).unwrap_or_default();
        let names = |name: &[u8]| memchr::memmem::find(raw, name).is_some();
        if raw.starts_with(b"<<") && (names(b"/XRef") || names(b"/Catalog")) {
            let Some(dictionary) = self.dictionary(body) else {
                return;
            };
            match values::name_entry(&dictionary, b"Type") {
                Some(b"XRef") if dictionary.has(b"Root") => {
                    self.stream_trailer = Some((start, dictionary));
                }
                Some(b"Catalog") if dictionary.has(b"Pages") => self.catalog = Some(id),
                _ => {}
            }
        }
    }

    /// The newest trailer that names a catalog, or else one that names the last catalog found.
    fn trailer(&mut self, budget: &Budget<'_>) -> Result<Option<Dictionary>, PdfError> {
        const MOST_TRIED: usize = 64;
        let mut before = self.bytes.len();
        for _ in 0..MOST_TRIED {
            let part = self.bytes.get(..before).unwrap_or_default();
            let Some(at) = memchr::memmem::rfind(part, b"trailer") else {
                break;
            };
            before = at;
            if self
                .stream_trailer
                .as_ref()
                .is_some_and(|(start, _)| *start > at)
            {
                break;
            }
            let mut lexer = Lexer::new(self.bytes, at + b"trailer".len());
            if let Some(trailer) = values::dictionary_at(self.bytes, &mut lexer, budget.limits)?
                && trailer
                    .get(b"Root")
                    .is_ok_and(|root| root.as_reference().is_ok())
            {
                return Ok(Some(trailer));
            }
        }
        if let Some((_, dictionary)) = self.stream_trailer.take() {
            return Ok(Some(dictionary));
        }
        if self.catalog.is_some() && memchr::memmem::find(self.bytes, b"/Encrypt").is_some() {
            return Err(PdfError::Damaged("encrypted, and its trailer is lost"));
        }
        Ok(self.catalog.map(|catalog| {
            let mut trailer = Dictionary::new();
            trailer.set("Root", Object::Reference(catalog));
            trailer
        }))
    }
}
