//! Where the revisions of a file end, and the file read as it was at each of these places.

use std::collections::BTreeMap;
use std::ops::Range;

use super::history::History;
use crate::model::Deadline;
use crate::pdf::PdfError;
use crate::pdf::budget::Budget;
use crate::pdf::cross_reference::{CrossReferences, revisions_passed};
use crate::pdf::lexer::{Lexer, header_at, is_blank};
use crate::pdf::{Limits, rebuild};

const END_MARK: &[u8] = b"%%EOF";

/// A place where a revision may end.
#[derive(Clone, Copy)]
struct Candidate {
    /// Behind the mark and the line end.
    end: usize,
    /// Where the cross-reference section should be.
    section: usize,
}

/// The revisions of a file.
pub(super) struct Revisions {
    /// Where they end, ascending, whether they can be read or not.
    pub(super) ends: Vec<usize>,
    pub(super) history: History,
    /// Bytes behind the last one, white space aside.
    pub(super) trailing: u64,
}

impl Revisions {
    /// Reads the revisions of `bytes`: every beginning of the file that opens by its own `startxref`, and
    /// the file as a whole when that is damaged and readers would repair it.
    ///
    /// # Errors
    /// Limits and the refusals of encryption, and [`PdfError::Damaged`] when nothing can be read.
    pub(super) fn read(
        bytes: &[u8],
        limits: &Limits,
        deadline: &Deadline,
    ) -> Result<Self, PdfError> {
        /// Places at which a cross-reference section is looked for around where it should be.
        const MOST_SEARCHED: usize = 32;
        let mut objects = Budget::new(limits, deadline);
        let mut history = History::default();
        let mut unread = Vec::new();
        let mut ends = BTreeMap::new();
        let mut last_start = None;
        for (number, candidate) in candidates(bytes).enumerate() {
            objects.check_time()?;
            let prefix = bytes.get(..candidate.end).unwrap_or_default();
            let references = if unread.len() < MOST_SEARCHED || candidate.is_exact(prefix) {
                CrossReferences::read(prefix, &mut Budget::new(limits, deadline))?
            } else {
                None
            };
            match references.filter(|references| !references.denies_catalog()) {
                Some(references) => {
                    // The same section again makes no other document: what stands in between is not
                    // explained by it.
                    if last_start.replace(references.start) == Some(references.start) {
                        continue;
                    }
                    if ends.len() == limits.revisions as usize {
                        return Err(revisions_passed(&objects));
                    }
                    history.add(number, prefix, references, &mut objects)?;
                    ends.insert(number, candidate.end);
                }
                None => unread.push((number, candidate.end)),
            }
        }
        let whole = read_whole(bytes, last_start, limits, deadline)?;
        if let Some(references) = whole {
            history.add(usize::MAX, bytes, references, &mut objects)?;
            ends.insert(usize::MAX, bytes.len());
        }
        let Some(last) = ends.values().next_back().copied() else {
            return Err(PdfError::Damaged("no cross-reference data and no catalog"));
        };
        add_unreadable(&mut ends, unread, &history, limits)?;
        let numbers = ends.keys().enumerate();
        history.renumber(&numbers.map(|(new, old)| (*old, new)).collect());
        let mut ends: Vec<usize> = ends.into_values().collect();
        let behind = bytes.get(last..).unwrap_or_default();
        let is_blank_space = behind.iter().all(|byte| is_blank(*byte));
        if let (true, Some(end)) = (is_blank_space, ends.last_mut()) {
            *end = (*end).max(bytes.len());
        }
        let trailing = if is_blank_space {
            0
        } else {
            behind.len() as u64
        };
        Ok(Self {
            ends,
            history,
            trailing,
        })
    }
}

/// The file as readers see it who begin at its end, when that is another document than the one whose
/// cross-reference section starts at `known`.
fn read_whole(
    bytes: &[u8],
    known: Option<usize>,
    limits: &Limits,
    deadline: &Deadline,
) -> Result<Option<CrossReferences>, PdfError> {
    let mut budget = Budget::new(limits, deadline);
    match CrossReferences::read(bytes, &mut budget)? {
        Some(references) if Some(references.start) == known => Ok(None),
        Some(references) if !references.denies_catalog() => Ok(Some(references)),
        _ => rebuild::rebuild(bytes, &mut budget),
    }
}

/// Adds the ends of revisions that cannot be read, save what stands inside a stream (an embedded
/// document) or in front of everything readable (the first part of a linearized file).
fn add_unreadable(
    ends: &mut BTreeMap<usize, usize>,
    unread: Vec<(usize, usize)>,
    history: &History,
    limits: &Limits,
) -> Result<(), PdfError> {
    let data = history.stream_data();
    let first = ends.keys().next().copied();
    let known: Vec<usize> = ends.values().copied().collect();
    for (number, end) in unread {
        let is_known = known.contains(&end);
        if is_known || Some(number) < first || is_inside(&data, end) {
            continue;
        }
        ends.insert(number, end);
        if ends.len() > limits.revisions as usize {
            return Err(PdfError::LimitPassed {
                limit: "revisions",
                allowed: u64::from(limits.revisions),
            });
        }
    }
    Ok(())
}

/// Whether `at` lies inside one of `ranges`, which ascend.
pub(super) fn is_inside(ranges: &[Range<usize>], at: usize) -> bool {
    let before = ranges.partition_point(|range| range.start <= at);
    // Ranges of different revisions may overlap, so more than the nearest one is looked at.
    const NEAREST: usize = 64;
    let nearest = ranges.get(before.saturating_sub(NEAREST)..before);
    nearest.is_some_and(|ranges| ranges.iter().any(|range| range.contains(&at)))
}

impl Candidate {
    /// Whether a section stands where `startxref` says.
    fn is_exact(&self, bytes: &[u8]) -> bool {
        Lexer::new(bytes, self.section).keyword(b"xref") || header_at(bytes, self.section).is_some()
    }
}

/// The end marks that directly follow a `startxref` of their own, ascending. One that points at byte 0
/// only closes the first part of a linearized file (ISO 32000-2, annex F.3.3).
fn candidates(bytes: &[u8]) -> impl Iterator<Item = Candidate> {
    memchr::memmem::find_iter(bytes, END_MARK).filter_map(move |mark| {
        const LONGEST: usize = 64;
        const WORD: &[u8] = b"startxref";
        let from = mark.saturating_sub(LONGEST);
        let before = bytes.get(from..mark)?;
        let word = memchr::memmem::rfind(before, WORD)?;
        let mut lexer = Lexer::new(before, word + WORD.len());
        let section = usize::try_from(lexer.unsigned()?).ok()?;
        let blanks = before.get(lexer.position()..)?;
        if section == 0 || !blanks.iter().all(|byte| is_blank(*byte)) {
            return None;
        }
        Some(Candidate {
            end: line_end(bytes, mark + END_MARK.len()),
            section,
        })
    })
}

/// Behind the line end that follows `at`, blanks before it included; `at` when none follows.
fn line_end(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    let blanks = rest
        .iter()
        .take_while(|byte| matches!(byte, b' ' | b'\t' | b'\0'))
        .count();
    match rest.get(blanks..).unwrap_or_default() {
        [b'\r', b'\n', ..] => at + blanks + 2,
        [b'\r' | b'\n', ..] => at + blanks + 1,
        [] => at + blanks,
        _ => at,
    }
}
