//! The `/ByteRange` of a signature dictionary (ISO 32000-2, 12.8.1), read from the bytes of a file.
//!
//! No parser is trusted here: the token is searched for, and the four numbers are held against the
//! bytes they point at. Whatever has the look of a signature and does not hold is a defect, never
//! skipped.

use memchr::memmem;
use serde::{Deserialize, Serialize};

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

/// A signature found in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FoundSignature {
    /// Offset of its `/ByteRange` token.
    pub token: u64,
    /// What it covers.
    pub byte_range: ByteRange,
}

/// What is wrong with a `/ByteRange`; the number is the offset of its token. Each is named by the rule
/// that it breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ByteRangeDefect {
    /// Not an array of four direct numbers.
    #[error("/ByteRange is not an array of four direct non-negative integers")]
    NotFourNumbers(u64),
    /// The numbers do not make two ascending parts from zero within the file.
    #[error("/ByteRange does not describe two ascending parts of this file")]
    Shape(u64),
    /// The hole holds something else than one hexadecimal string.
    #[error("the hole of /ByteRange is not exactly one hexadecimal string")]
    Hole(u64),
    /// The hole is not the value of `/Contents`.
    #[error("the hole of /ByteRange is not the value of /Contents")]
    NotContents(u64),
    /// The signature's own dictionary stands outside what it covers.
    #[error("/ByteRange does not cover its own dictionary")]
    Uncovered(u64),
}

impl ByteRangeDefect {
    /// The rule that is broken.
    pub fn rule(&self) -> &'static str {
        match self {
            Self::NotFourNumbers(_) => "B1",
            Self::Shape(_) => "B2",
            Self::Hole(_) => "B3",
            Self::NotContents(_) => "B4",
            Self::Uncovered(_) => "B6",
        }
    }

    /// Offset of the `/ByteRange` token.
    pub fn offset(&self) -> u64 {
        match *self {
            Self::NotFourNumbers(at)
            | Self::Shape(at)
            | Self::Hole(at)
            | Self::NotContents(at)
            | Self::Uncovered(at) => at,
        }
    }
}

/// Every `/ByteRange` of a file, in the order in which they stand.
pub fn signatures_in(bytes: &[u8]) -> Vec<Result<FoundSignature, ByteRangeDefect>> {
    signatures_in_tail(bytes, 0)
}

/// Every `/ByteRange` in the last part of a file, which begins at offset `base`.
pub fn signatures_in_tail(tail: &[u8], base: u64) -> Vec<Result<FoundSignature, ByteRangeDefect>> {
    const TOKEN: &[u8] = b"/ByteRange";
    memmem::find_iter(tail, TOKEN)
        .filter(|at| {
            // `/ByteRangeX` is another name.
            tail.get(at + TOKEN.len())
                .is_none_or(|byte| !is_regular(*byte))
        })
        .map(|at| read(tail, base, at, at + TOKEN.len()))
        .collect()
}

/// The bytes that a hole `<…>` writes in hexadecimal. `None` when it is anything else.
pub fn decode_hole(hole: &[u8]) -> Option<Vec<u8>> {
    let digits = hole.strip_prefix(b"<")?.strip_suffix(b">")?;
    if digits.len() % 2 != 0 {
        return None;
    }
    digits
        .chunks_exact(2)
        .map(|pair| match pair {
            [high, low] => Some(nibble(*high)? << 4 | nibble(*low)?),
            _ => None,
        })
        .collect()
}

/// Offsets just after each `%%EOF` and its line end: where revisions may end. When there are more than
/// `max`, the first and the last half of them.
pub fn revision_ends(bytes: &[u8], max: usize) -> Vec<usize> {
    const MARK: &[u8] = b"%%EOF";
    let after = |at: usize| {
        let end = at + MARK.len();
        match bytes.get(end..) {
            Some([b'\r', b'\n', ..]) => end + 2,
            Some([b'\r' | b'\n', ..]) => end + 1,
            _ => end,
        }
    };
    let half = max / 2;
    let first: Vec<usize> = memmem::find_iter(bytes, MARK)
        .map(after)
        .take(max)
        .collect();
    if first.len() < max {
        return first;
    }
    let mut last: Vec<usize> = memmem::rfind_iter(bytes, MARK)
        .map(after)
        .take(max - half)
        .collect();
    last.reverse();
    let mut ends = first;
    ends.truncate(half);
    ends.extend(last);
    ends.dedup();
    ends
}

fn read(
    tail: &[u8],
    base: u64,
    at: usize,
    after: usize,
) -> Result<FoundSignature, ByteRangeDefect> {
    let token = base + at as u64;
    let len = base + tail.len() as u64;
    let [start, first, second_start, second] =
        four_numbers(tail.get(after..).unwrap_or_default())
            .ok_or(ByteRangeDefect::NotFourNumbers(token))?;
    let end = second_start
        .checked_add(second)
        .filter(|end| *end <= len)
        .ok_or(ByteRangeDefect::Shape(token))?;
    if start != 0 || first == 0 || second == 0 || second_start <= first {
        return Err(ByteRangeDefect::Shape(token));
    }
    let within = |offset: u64| usize::try_from(offset.checked_sub(base)?).ok();
    let (hole_start, hole_end) = within(first)
        .zip(within(second_start))
        .ok_or(ByteRangeDefect::Shape(token))?;
    let hole = tail
        .get(hole_start..hole_end)
        .ok_or(ByteRangeDefect::Shape(token))?;
    if !is_hexadecimal_string(hole) {
        return Err(ByteRangeDefect::Hole(token));
    }
    let before = tail.get(..hole_start).unwrap_or_default().trim_ascii_end();
    if !before.ends_with(b"/Contents") {
        return Err(ByteRangeDefect::NotContents(token));
    }
    if token >= end || (first..second_start).contains(&token) {
        return Err(ByteRangeDefect::Uncovered(token));
    }
    Ok(FoundSignature {
        token,
        byte_range: ByteRange {
            hole_start: first,
            hole_end: second_start,
            end,
        },
    })
}

/// `[ a b c d ]`: direct, non-negative, nothing else between them than white space.
fn four_numbers(bytes: &[u8]) -> Option<[u64; 4]> {
    let array = bytes.trim_ascii_start().strip_prefix(b"[")?;
    let close = array.iter().take(200).position(|byte| *byte == b']')?;
    let text = std::str::from_utf8(array.get(..close)?).ok()?;
    let mut numbers = text.split_ascii_whitespace().map(|number| {
        let digits = number.bytes().all(|byte| byte.is_ascii_digit());
        number.parse::<u64>().ok().filter(|_| digits)
    });
    let found = [
        numbers.next()??,
        numbers.next()??,
        numbers.next()??,
        numbers.next()??,
    ];
    numbers.next().is_none().then_some(found)
}

fn is_hexadecimal_string(hole: &[u8]) -> bool {
    hole.strip_prefix(b"<")
        .and_then(|rest| rest.strip_suffix(b">"))
        .is_some_and(|digits| digits.len() % 2 == 0 && digits.iter().all(u8::is_ascii_hexdigit))
}

fn nibble(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

/// A character that may continue a name (ISO 32000-2, 7.2.3).
fn is_regular(byte: u8) -> bool {
    !byte.is_ascii_whitespace() && byte != 0 && !b"()<>[]{}/%".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &[u8] = b"%PDF-1.4\n<< /ByteRange [0 45 51 20] /Contents <0aFf> >> and the rest of it\n";

    fn with(from: &str, to: &str) -> Vec<Result<FoundSignature, ByteRangeDefect>> {
        let text = String::from_utf8_lossy(FILE).replace(from, to);
        signatures_in(text.as_bytes())
    }

    fn rule(found: &[Result<FoundSignature, ByteRangeDefect>]) -> Option<&'static str> {
        found
            .first()
            .and_then(|found| found.err())
            .map(|defect| defect.rule())
    }

    #[test]
    fn a_byte_range_around_its_contents_is_found() {
        let found = signatures_in(FILE);
        let Some(Ok(found)) = found.first() else {
            panic!("{found:?}");
        };
        let (from, to) = (found.byte_range.hole_start, found.byte_range.hole_end);
        assert_eq!(&FILE[from as usize..to as usize], b"<0aFf>");
    }

    #[test]
    fn the_tail_of_a_file_is_read_with_the_offsets_of_the_whole() {
        let found = signatures_in_tail(&FILE[9..], 9);
        assert_eq!(found, signatures_in(FILE));
    }

    #[test]
    fn each_defect_is_named_by_its_rule() {
        assert_eq!(rule(&with("[0 45 51 20]", "null")), Some("B1"));
        assert_eq!(rule(&with("[0 45 51 20]", "[0 45 51]")), Some("B1"));
        assert_eq!(rule(&with("[0 45 51 20]", "[0 45 51 -2]")), Some("B1"));
        assert_eq!(rule(&with("[0 45 51 20]", "[0 45 51 99]")), Some("B2"));
        assert_eq!(rule(&with("[0 45 51 20]", "[1 45 51 20]")), Some("B2"));
        assert_eq!(rule(&with("[0 45 51 20]", "[0 45 53 20]")), Some("B3"));
        assert_eq!(rule(&with("/Contents", "/Kontents")), Some("B4"));
        assert_eq!(rule(&with("[0 45 51 20]", "[0 9 51 20]")), Some("B3"));
    }

    #[test]
    fn numbers_that_overflow_are_a_defect() {
        let huge = u64::MAX.to_string();
        assert_eq!(rule(&with("51 20", &format!("51 {huge}"))), Some("B2"));
        assert_eq!(rule(&with("51 20", &format!("51 {huge}0"))), Some("B1"));
    }

    #[test]
    fn another_name_that_begins_the_same_is_not_a_byte_range() {
        assert!(signatures_in(b"/ByteRangeMark [0 1 2 3]").is_empty());
    }

    #[test]
    fn revisions_end_after_the_line_end_of_their_mark() {
        let bytes = b"a%%EOF\r\nb%%EOF\nc%%EOF";
        assert_eq!(revision_ends(bytes, 128), [8, 15, 21]);
        assert_eq!(revision_ends(bytes, 2), [8, 21]);
    }

    #[test]
    fn a_hole_that_is_not_even_hexadecimal_is_not_decoded() {
        assert_eq!(decode_hole(b"<0aFf>"), Some(vec![0x0a, 0xff]));
        assert_eq!(decode_hole(b"<0aF>"), None);
        assert_eq!(decode_hole(b"<0 aF>"), None);
    }
}
