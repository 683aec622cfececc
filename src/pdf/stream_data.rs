//! Where the data of a stream begins and ends (ISO 32000-2, 7.3.8).

use std::ops::Range;

use super::lexer::{Lexer, is_blank};

/// The offset of the data, if `lexer` stands after a dictionary that `stream` follows.
pub(super) fn start(lexer: &Lexer<'_>) -> Option<usize> {
    let mut lexer = lexer.clone();
    lexer.skip_blanks();
    if !lexer.literal(b"stream") {
        return None;
    }
    while lexer.literal(b" ") {}
    // A carriage return alone is not allowed, and read all the same by every reader.
    let ends_line = lexer.literal(b"\r\n") || lexer.literal(b"\n") || lexer.literal(b"\r");
    ends_line.then(|| lexer.position())
}

/// The data that starts at `start`: `length` bytes if `endstream` follows them, or else what stands
/// before the first `endstream` (or `endobj`) within `bytes`.
pub(super) fn extent(bytes: &[u8], start: usize, length: Option<u64>) -> Option<Range<usize>> {
    stated_extent(bytes, start, length).or_else(|| searched_extent(bytes, start))
}

/// The `length` bytes from `start`, if `endstream` follows them.
pub(super) fn stated_extent(
    bytes: &[u8],
    start: usize,
    length: Option<u64>,
) -> Option<Range<usize>> {
    const MOST_BLANKS: usize = 4;
    let end = start.checked_add(usize::try_from(length?).ok()?)?;
    let after = bytes.get(end..)?;
    let blanks = after.iter().take(MOST_BLANKS);
    let blanks = blanks.take_while(|byte| is_blank(**byte)).count();
    after
        .get(blanks..)?
        .starts_with(b"endstream")
        .then_some(start..end)
}

/// What stands between `start` and the first `endstream`, or `endobj` where that is missing.
pub(super) fn searched_extent(bytes: &[u8], start: usize) -> Option<Range<usize>> {
    let data = bytes.get(start..)?;
    let length = memchr::memmem::find(data, b"endstream")
        .or_else(|| memchr::memmem::find(data, b"endobj"))?;
    let data = data.get(..length)?;
    let data = data.strip_suffix(b"\n").unwrap_or(data);
    let data = data.strip_suffix(b"\r").unwrap_or(data);
    Some(start..start + data.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_length_is_replaced_by_what_stands_before_endstream() {
        let bytes = b"stream\r\nBT ET\r\nendstream";
        let begin = start(&Lexer::new(bytes, 0)).unwrap();
        for length in [Some(5), Some(4), Some(900), Some(u64::MAX), None] {
            assert_eq!(&bytes[extent(bytes, begin, length).unwrap()], b"BT ET");
        }
        assert_eq!(extent(b"stream\nBT", 7, Some(2)), None);
    }
}
