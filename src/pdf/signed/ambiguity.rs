//! Objects that two readers read differently: one follows the cross-reference data and takes the last of
//! two keys, another looks for objects itself and takes the first.

use std::collections::BTreeSet;
use std::ops::Range;

use lopdf::ObjectId;

use super::dictionary::decoded_name;
use super::history::View;
use super::revisions::is_inside;
use crate::pdf::cross_reference::Location;
use crate::pdf::lexer::{Lexer, header_at, header_start, is_blank};

/// Values that nest deeper are refused before they come here.
const DEPTH: usize = 256;

/// How many of the objects that stand in `part`, the bytes of one revision, can be read in two ways: the
/// cross-reference data does not lead to them, or a dictionary in them has a key twice. `data` is where
/// the data of streams stands.
pub(super) fn count(
    bytes: &[u8],
    view: View<'_>,
    part: Range<usize>,
    data: &[Range<usize>],
) -> u32 {
    const WORD: &[u8] = b"obj";
    let origin = part.start;
    let value_bytes = bytes.get(..part.end).unwrap_or_default();
    let written = bytes.get(part).unwrap_or_default();
    let mut ambiguous = 0;
    // What was read as part of a value is not read again, so that the work stays in proportion.
    let mut read_to = origin;
    for at in memchr::memmem::find_iter(written, WORD) {
        let at = origin + at;
        if at < read_to || is_inside(data, at) {
            continue;
        }
        let start = header_start(bytes, at).filter(|start| *start >= origin);
        let Some((start, (id, body))) =
            start.and_then(|start| Some((start, header_at(bytes, start)?)))
        else {
            continue;
        };
        let keys = Keys::read(value_bytes, body);
        read_to = keys.end;
        // A cross-reference stream need not list itself (ISO 32000-2, 7.5.8.1).
        let explained = leads_to(bytes, view, id, start) || keys.is_cross_reference;
        ambiguous += u32::from(keys.repeated || !keys.closed || !explained);
    }
    ambiguous
}

/// Whether the cross-reference data says that the object stands at `start`, blanks aside.
fn leads_to(bytes: &[u8], view: View<'_>, id: ObjectId, start: usize) -> bool {
    match view.place(id) {
        Some(Location::Offset { offset, .. }) => bytes
            .get(offset..start)
            .is_some_and(|between| between.iter().all(|byte| is_blank(*byte))),
        _ => false,
    }
}

/// What the keys of a value tell.
#[derive(Default)]
struct Keys {
    /// A dictionary has a key twice, in whatever spelling.
    repeated: bool,
    /// It is the dictionary of a cross-reference stream.
    is_cross_reference: bool,
    /// It ends.
    closed: bool,
    /// Where it ends, or where reading it ended.
    end: usize,
}

/// An array or dictionary that is not closed yet.
enum Open {
    Array,
    Dictionary {
        keys: BTreeSet<Vec<u8>>,
        /// The key whose value comes next.
        key: Option<Vec<u8>>,
    },
}

impl Keys {
    /// Reads the value at `start` in one pass.
    fn read(bytes: &[u8], start: usize) -> Self {
        let mut told = Self::default();
        let mut lexer = Lexer::new(bytes, start);
        let mut open: Vec<Open> = Vec::new();
        loop {
            lexer.skip_blanks();
            let token = if lexer.literal(b"]") || lexer.literal(b">>") {
                open.pop();
                None
            } else if lexer.literal(b"[") {
                told.take(&mut open, None);
                open.push(Open::Array);
                None
            } else if lexer.literal(b"<<") {
                told.take(&mut open, None);
                open.push(Open::Dictionary {
                    keys: BTreeSet::new(),
                    key: None,
                });
                None
            } else {
                match lexer.object(1) {
                    Ok(token) => Some(token),
                    Err(_) => {
                        told.end = lexer.position();
                        return told;
                    }
                }
            };
            if let Some(token) = token {
                told.take(&mut open, bytes.get(token));
            }
            if open.is_empty() || open.len() > DEPTH {
                told.closed = open.is_empty();
                told.end = lexer.position();
                return told;
            }
        }
    }

    /// Takes a key or a value; the token when it is a scalar.
    fn take(&mut self, open: &mut [Open], token: Option<&[u8]>) {
        let depth = open.len();
        let Some(Open::Dictionary { keys, key }) = open.last_mut() else {
            return;
        };
        let name = token.and_then(|token| token.strip_prefix(b"/"));
        match (key.take(), name.map(decoded_name)) {
            (None, Some(name)) => {
                self.repeated |= !keys.insert(name.clone());
                *key = Some(name);
            }
            (Some(of), Some(name)) if depth == 1 && of == b"Type" && name == b"XRef" => {
                self.is_cross_reference = true;
            }
            // A value, or the rest of a reference.
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn repeated(value: &str) -> bool {
        Keys::read(value.as_bytes(), 0).repeated
    }

    #[test]
    fn a_key_that_stands_twice_is_found_at_any_depth_and_in_any_spelling() {
        assert!(repeated("<</A 1/A 2>>"));
        assert!(repeated("<</A 1/#41 2>>"));
        assert!(repeated("[<</B<</A 5 0 R/C[/A/A]/A/A>>>>]"));
        assert!(!repeated("<</A/A/B 5 0 R/C<</A 1>>/D[<</A 1>><</A 1>>]>>"));
        assert!(!repeated("<</A(/A/A)/B</A>/C/A>>/A 1"));
        assert!(!repeated("<</A"));
        assert!(!repeated("<</A >B>>"));
        assert!(!repeated(&"[".repeat(100_000)));
    }

    #[test]
    fn a_cross_reference_stream_is_known_by_its_own_type() {
        assert!(Keys::read(b"<</Size 3/Type/XRef>>", 0).is_cross_reference);
        assert!(!Keys::read(b"<</A<</Type/XRef>>>>", 0).is_cross_reference);
    }
}
