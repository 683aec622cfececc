//! The `/ByteRange` of a signature dictionary (ISO 32000-2, 12.8.1), and what can be said of a
//! file's signatures and revisions from its bytes alone.

use std::collections::BTreeSet;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::lexer::{Lexer, is_blank};

/// The four numbers of a `/ByteRange`, already checked: starts at zero, two ascending parts, one hole
/// between them, nothing beyond the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ByteRange {
    /// End of the first part: the offset of the `<` of `/Contents`.
    pub hole_start: u64,
    /// Start of the second part: just after the `>`.
    pub hole_end: u64,
    /// End of the second part.
    pub end: u64,
}

/// Why a `/ByteRange` does not cover what it should.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum ByteRangeDefect {
    /// Not four non-negative integers.
    #[error("not four non-negative integers")]
    NotFourNumbers,
    /// The first part does not start at byte 0, or is empty.
    #[error("the first part does not start at byte 0")]
    NotFromStart,
    /// The second part starts before the first one ends, or is empty.
    #[error("the parts are not ascending")]
    NotAscending,
    /// The second part ends behind the file.
    #[error("the second part ends behind the file")]
    BeyondFile,
    /// What lies between the parts is not exactly the `/Contents` beside it, a hexadecimal string of
    /// whole bytes.
    #[error("the hole is not exactly the hexadecimal string of /Contents")]
    HoleIsNotContents,
    /// The second part does not end where a revision ends.
    #[error("the second part does not end at the end of a revision")]
    NotAtRevisionEnd,
    /// The value of the signature field is no dictionary that can be read.
    #[error("there is no signature dictionary that can be read")]
    NoDictionary,
    /// The signature dictionary stands in an object stream, where no byte range can leave it out.
    #[error("the signature dictionary stands in an object stream")]
    InObjectStream,
    /// The signature dictionary has a key twice, so that readers may take either.
    #[error("the signature dictionary has a key twice")]
    RepeatedKey,
    /// `/Contents` is missing, null, empty or zeros only: there is nothing to verify.
    #[error("/Contents holds no signature")]
    NoContents,
    /// The same bytes stand in the byte range of another signature too.
    #[error("another signature has the same byte range")]
    Repeated,
}

/// A signature found by its `/ByteRange`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundSignature {
    /// Its byte range.
    pub byte_range: ByteRange,
    /// Where the hexadecimal digits of `/Contents` stand in the file, without their brackets.
    pub contents: Range<u64>,
}

impl ByteRange {
    /// Checks the four numbers against the file they stand in: the parts begin at 0, ascend and stay
    /// inside; between them lies exactly the value of `/Contents`, hexadecimal digits of whole bytes
    /// in their brackets; the end is the end of a revision.
    ///
    /// # Errors
    /// The first rule broken.
    pub fn check(numbers: [u64; 4], bytes: &[u8]) -> Result<Self, ByteRangeDefect> {
        Self::check_behind(0, numbers, bytes)
    }

    /// The same where only what stands behind byte `base` is at hand.
    fn check_behind(base: u64, numbers: [u64; 4], tail: &[u8]) -> Result<Self, ByteRangeDefect> {
        let [start, first_length, second_start, second_length] = numbers;
        if start != 0 || first_length == 0 {
            return Err(ByteRangeDefect::NotFromStart);
        }
        if second_start < first_length || second_length == 0 {
            return Err(ByteRangeDefect::NotAscending);
        }
        let end = second_start
            .checked_add(second_length)
            .filter(|end| *end <= base.saturating_add(tail.len() as u64))
            .ok_or(ByteRangeDefect::BeyondFile)?;
        let range = Self {
            hole_start: first_length,
            hole_end: second_start,
            end,
        };
        let hole = range
            .hole_behind(base)
            .filter(|hole| is_contents(tail, hole))
            .ok_or(ByteRangeDefect::HoleIsNotContents)?;
        let in_tail = (end - base) as usize;
        if hole.end > in_tail || !ends_revision(tail, in_tail) {
            return Err(ByteRangeDefect::NotAtRevisionEnd);
        }
        Ok(range)
    }

    /// The hole, brackets included, counted from byte `base`.
    fn hole_behind(&self, base: u64) -> Option<Range<usize>> {
        let start = usize::try_from(self.hole_start.checked_sub(base)?).ok()?;
        let end = usize::try_from(self.hole_end.checked_sub(base)?).ok()?;
        Some(start..end)
    }

    /// Whether nothing stands behind it in a file of `length` bytes.
    pub const fn covers_whole_file(&self, length: u64) -> bool {
        self.end == length
    }
}

/// Whether `hole` is `<`, hexadecimal digits of whole bytes, `>`, and the value of `/Contents`.
fn is_contents(bytes: &[u8], hole: &Range<usize>) -> bool {
    let digits = bytes
        .get(hole.clone())
        .and_then(|hole| hole.strip_prefix(b"<"))
        .and_then(|hole| hole.strip_suffix(b">"));
    let before = bytes.get(..hole.start).unwrap_or_default();
    let blanks = before
        .iter()
        .rev()
        .take(16)
        .take_while(|byte| is_blank(**byte));
    let key = before
        .get(..before.len() - blanks.count())
        .unwrap_or_default();
    key.ends_with(CONTENTS)
        && digits.is_some_and(|digits| digits.len() % 2 == 0 && all_hexadecimal(digits))
}

/// In blocks without an early end, which the compiler turns into wide instructions: holes are long.
fn all_hexadecimal(digits: &[u8]) -> bool {
    digits.chunks(256).all(|block| {
        block
            .iter()
            .fold(true, |all, byte| all & byte.is_ascii_hexdigit())
    })
}

const CONTENTS: &[u8] = b"/Contents";
const BYTE_RANGE: &[u8] = b"/ByteRange";

/// Every signature of a file, in the order of their `/ByteRange` keys, found without reading the
/// file's structure: a signature that no reader would find is found here too. A `/ByteRange` inside
/// a compressed object is not seen, and must not be: a signature dictionary stands by itself.
pub fn signatures_in(bytes: &[u8]) -> Vec<Result<FoundSignature, ByteRangeDefect>> {
    signatures_behind(0, bytes)
}

/// Every signature in the `tail` of a file, which stands behind its first `base` bytes. Offsets
/// count from the beginning of the file.
pub fn signatures_behind(base: u64, tail: &[u8]) -> Vec<Result<FoundSignature, ByteRangeDefect>> {
    let mut seen = BTreeSet::new();
    let signature = |key: usize| {
        let (numbers, value_end) = numbers_at(tail, key + BYTE_RANGE.len())?;
        let byte_range = ByteRange::check_behind(base, numbers, tail)?;
        let hole = byte_range
            .hole_behind(base)
            .filter(|hole| are_siblings(tail, key..value_end, hole))
            .ok_or(ByteRangeDefect::HoleIsNotContents)?;
        if !seen.insert(hole.start) {
            return Err(ByteRangeDefect::Repeated);
        }
        let digits = byte_range.hole_start + 1..byte_range.hole_end - 1;
        Ok(FoundSignature {
            byte_range,
            contents: digits,
        })
    };
    memchr::memmem::find_iter(tail, BYTE_RANGE)
        .map(signature)
        .collect()
}

/// Whether between `/ByteRange` with its value and `/Contents` with its hole, in either order, stand
/// whole values only: then they are entries of the same dictionary.
fn are_siblings(bytes: &[u8], byte_range: Range<usize>, hole: &Range<usize>) -> bool {
    const DEPTH: usize = 32;
    let (from, to) = if byte_range.end <= hole.start {
        (byte_range.end, hole.start)
    } else if hole.end <= byte_range.start {
        (hole.end, byte_range.start)
    } else {
        return false;
    };
    let mut lexer = Lexer::new(bytes.get(..to).unwrap_or_default(), from);
    loop {
        lexer.skip_blanks();
        if lexer.position() >= to {
            return true;
        }
        match lexer.object(DEPTH) {
            Ok(value) if bytes.get(value.clone()) != Some(b"endobj") => {}
            _ => return false,
        }
    }
}

/// The four numbers of the array at `at`, and where it ends.
fn numbers_at(bytes: &[u8], at: usize) -> Result<([u64; 4], usize), ByteRangeDefect> {
    let mut lexer = Lexer::new(bytes, at);
    lexer.skip_blanks();
    let mut number = |opens: bool| {
        let opened = !opens || lexer.literal(b"[");
        lexer.unsigned().filter(|_| opened)
    };
    let numbers = [number(true), number(false), number(false), number(false)];
    lexer.skip_blanks();
    match numbers {
        [Some(a), Some(b), Some(c), Some(d)] if lexer.literal(b"]") => {
            Ok(([a, b, c, d], lexer.position()))
        }
        _ => Err(ByteRangeDefect::NotFourNumbers),
    }
}

const END_MARK: &[u8] = b"%%EOF";

/// Where a line ends that `at` follows: behind CR LF, LF or CR, or at the end of the bytes.
fn behind_line_end(bytes: &[u8], at: usize) -> Option<usize> {
    match (bytes.get(at), bytes.get(at.saturating_add(1))) {
        (Some(b'\r'), Some(b'\n')) => Some(at + 2),
        (Some(b'\r' | b'\n'), _) => Some(at + 1),
        (None, _) => Some(at),
        _ => None,
    }
}

/// Whether `end` stands behind an end mark, its line end in or out.
fn ends_revision(bytes: &[u8], end: usize) -> bool {
    let mut before = bytes.get(..end).unwrap_or_default();
    // Writers end the file with the mark, one line end, or a few blanks.
    const MOST_BLANKS: usize = 4;
    for _ in 0..MOST_BLANKS {
        match before.split_last() {
            Some((last, rest)) if is_blank(*last) => before = rest,
            _ => break,
        }
    }
    before.ends_with(END_MARK)
}

/// The offsets just after each `%%EOF` and its line end: the ends of the revisions, ascending. Of
/// more than `most` the first and the last half are told.
pub fn revision_ends(bytes: &[u8], most: usize) -> Vec<u64> {
    let end_of = |at: usize| behind_line_end(bytes, at + END_MARK.len());
    let first: Vec<u64> = memchr::memmem::find_iter(bytes, END_MARK)
        .filter_map(end_of)
        .map(|end| end as u64)
        .take(most.div_ceil(2))
        .collect();
    let known = first.last().copied().unwrap_or(0);
    let mut last: Vec<u64> = memchr::memmem::rfind_iter(bytes, END_MARK)
        .filter_map(end_of)
        .map(|end| end as u64)
        .take_while(|end| *end > known)
        .take(most / 2)
        .collect();
    last.reverse();
    first.into_iter().chain(last).collect()
}

/// The end of the last revision; its mark may be followed by something else than a line end.
pub(super) fn last_revision_end(bytes: &[u8]) -> Option<u64> {
    let at = memchr::memmem::rfind(bytes, END_MARK)? + END_MARK.len();
    Some(behind_line_end(bytes, at).unwrap_or(at) as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file with one signature whose `/ByteRange` is made from the right numbers.
    fn signed(numbers: impl Fn(u64, u64, u64) -> String) -> Vec<u8> {
        let text = |range: &str| {
            format!(
                "%PDF-1.4\n1 0 obj <</Type/Sig/ByteRange{range:<40}/Filter/X/Contents <0aFF>>> endobj\n%%EOF\n"
            )
        };
        let template = text("");
        let start = template.find("<0a").unwrap() as u64;
        let length = template.len() as u64;
        text(&numbers(start, start + 6, length - start - 6)).into_bytes()
    }

    fn only(bytes: &[u8]) -> Result<FoundSignature, ByteRangeDefect> {
        let mut found = signatures_in(bytes);
        assert_eq!(found.len(), 1);
        found.remove(0)
    }

    #[test]
    fn a_sound_byte_range_is_found_with_its_hole() {
        let bytes = signed(|a, b, c| format!("[0 {a} {b} {c}]"));
        let found = only(&bytes).unwrap();
        let digits = found.contents.start as usize..found.contents.end as usize;
        assert_eq!(&bytes[digits], b"0aFF");
        assert!(found.byte_range.covers_whole_file(bytes.len() as u64));
        let tail = signatures_behind(9, &bytes[9..]);
        assert_eq!(tail, [Ok(found)]);
    }

    #[test]
    fn every_rule_has_its_defect() {
        use ByteRangeDefect as Defect;
        type Numbers = fn(u64, u64, u64) -> String;
        let cases: [(Numbers, Defect); 12] = [
            (|_, _, _| "null".into(), Defect::NotFourNumbers),
            (|a, b, _| format!("[0 {a} {b}]"), Defect::NotFourNumbers),
            (
                |a, b, c| format!("[0 {a} {b} {c} 0 0]"),
                Defect::NotFourNumbers,
            ),
            (
                |a, b, c| format!("[0 -{a} {b} {c}]"),
                Defect::NotFourNumbers,
            ),
            (|a, b, c| format!("[1 {a} {b} {c}]"), Defect::NotFromStart),
            (|_, b, c| format!("[0 0 {b} {c}]"), Defect::NotFromStart),
            (|a, _, c| format!("[0 {a} 5 {c}]"), Defect::NotAscending),
            (
                |a, b, c| format!("[0 {a} {b} {}]", c + 1),
                Defect::BeyondFile,
            ),
            (
                |a, b, _| format!("[0 {a} {b} 999999999999999999]"),
                Defect::BeyondFile,
            ),
            (
                |a, b, c| format!("[0 {} {b} {c}]", a - 1),
                Defect::HoleIsNotContents,
            ),
            (
                |a, b, c| format!("[0 {a} {} {}]", b + 1, c - 1),
                Defect::HoleIsNotContents,
            ),
            (
                |a, b, c| format!("[0 {a} {b} {}]", c - 3),
                Defect::NotAtRevisionEnd,
            ),
        ];
        for (index, (numbers, defect)) in cases.into_iter().enumerate() {
            assert_eq!(only(&signed(numbers)), Err(defect), "case {index}");
        }
    }

    #[test]
    fn a_hole_in_another_dictionary_is_not_that_of_the_signature() {
        let bytes = signed(|a, b, c| format!("[0 {a} {b} {c}]"));
        let text = String::from_utf8(bytes).unwrap();
        let moved = text.replace("/Filter/X", ">> <</F/X");
        assert_eq!(
            only(moved.as_bytes()),
            Err(ByteRangeDefect::HoleIsNotContents)
        );
        let odd = text.replace("0aFF", "0aF ");
        assert_eq!(
            only(odd.as_bytes()),
            Err(ByteRangeDefect::HoleIsNotContents)
        );
    }

    #[test]
    fn two_signatures_cannot_share_a_hole() {
        let bytes = signed(|a, b, c| format!("[0 {a} {b} {c}]"));
        let text = String::from_utf8(bytes).unwrap();
        let range = &text[text.find("/ByteRange").unwrap()..text.find("/Filter").unwrap()];
        let twice = text.replace("/Type/Sig", range.trim_end());
        let found = signatures_in(twice.as_bytes());
        assert_eq!(found.len(), 2);
        assert!(found.iter().all(Result::is_err));
    }

    #[test]
    fn revisions_end_behind_their_line_end() {
        let bytes = b"a%%EOF\r\nb%%EOF\rc%%EOF\nd%%EOF e%%EOF";
        assert_eq!(revision_ends(bytes, 128), [8, 15, 22, 35]);
        assert_eq!(revision_ends(bytes, 2), [8, 35]);
        assert_eq!(revision_ends(&bytes[..6], 128), [6]);
        assert_eq!(revision_ends(b"", 128), [] as [u64; 0]);
        let many = b"%%EOF\n".repeat(300);
        let ends = revision_ends(&many, 128);
        assert_eq!((ends.len(), ends[63], ends[64]), (128, 64 * 6, 237 * 6));
    }
}
