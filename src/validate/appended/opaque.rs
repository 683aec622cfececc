//! Bytes that this reader does not look into, and that another reader might.
//!
//! A reader that gives up on a cross-reference searches the file for whatever looks like an object. The
//! payload of a stream, or a string, in which it finds one would be a second document that only such
//! readers see. Genuine validation data never spells these words.

use super::violation::{Rule, Violation};

/// Words by which repairing readers find their way.
const STRUCTURAL: [&[u8]; 7] = [
    b"endobj",
    b"endstream",
    b"trailer",
    b"startxref",
    b"%%EOF",
    b"%PDF-",
    b"/ByteRange",
];

/// The word in the header of an object.
const HEADER: &[u8] = b"obj";

/// For each of the first two letters of a word, of which words it is one: a bit a word.
const BEGINNINGS: [[u8; 256]; 2] = {
    let mut tables = [[0; 256]; 2];
    let mut word = 0;
    while word <= STRUCTURAL.len() {
        let letters = if word < STRUCTURAL.len() {
            STRUCTURAL[word]
        } else {
            HEADER
        };
        tables[0][letters[0] as usize] |= 1 << word;
        tables[1][letters[1] as usize] |= 1 << word;
        word += 1;
    }
    tables
};

/// Refuses opaque bytes, which stand at `origin` in the whole file, that spell a structure of their own.
pub(super) fn check(bytes: &[u8], origin: u64) -> Result<(), Violation> {
    for (index, (&first, &second)) in bytes.iter().zip(bytes.iter().skip(1)).enumerate() {
        // Two letters tell nearly everything from every word.
        if BEGINNINGS[0][usize::from(first)] & BEGINNINGS[1][usize::from(second)] == 0 {
            continue;
        }
        let rest = bytes.get(index..).unwrap_or_default();
        let header =
            rest.starts_with(HEADER) && ends_like_a_header(bytes.get(..index).unwrap_or_default());
        if header || STRUCTURAL.iter().any(|word| rest.starts_with(word)) {
            return Err(Rule::S16.broken(
                origin + index as u64,
                "a stream or string that spells a PDF structure of its own",
            ));
        }
    }
    Ok(())
}

/// Whether the bytes before `obj` end with an object number and a generation. The bytes looked at here
/// hold no `obj`, so those of one header are never looked at again for the next.
fn ends_like_a_header(before: &[u8]) -> bool {
    let before = trim_end(before, |byte| byte.is_ascii_whitespace() || byte == 0);
    let generation = trim_end(before, |byte| byte.is_ascii_digit());
    let gap = trim_end(generation, |byte| byte.is_ascii_whitespace() || byte == 0);
    generation.len() < before.len()
        && gap.len() < generation.len()
        && gap.last().is_some_and(u8::is_ascii_digit)
}

fn trim_end(bytes: &[u8], test: impl Fn(u8) -> bool) -> &[u8] {
    let kept = bytes
        .iter()
        .rposition(|byte| !test(*byte))
        .map_or(0, |last| last + 1);
    bytes.get(..kept).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_found_wherever_it_stands() {
        for word in STRUCTURAL.into_iter().chain([b"12 0 obj".as_slice()]) {
            for before in [b"".as_slice(), b"\x90e\0", b"o", b"%"] {
                let bytes = [before, word, b"\0"].concat();
                assert!(check(&bytes, 0).is_err(), "{word:?} behind {before:?}");
            }
        }
        assert!(check(b"an object, 12 of them; streams, and 100% /By trail", 7).is_ok());
    }
}
