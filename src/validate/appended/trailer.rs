//! The trailer: what every revision must repeat (S4).

use std::collections::BTreeMap;

use super::base::read_kept;
use super::cross_reference::{Form, Section};
use super::value::{Reference, Value};
use super::violation::{Rule, Violation};

/// What a trailer says, as far as the next one must agree with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Trailer {
    /// One more than the highest object number.
    pub(super) size: u32,
    /// Number of the catalog.
    pub(super) root: u32,
    /// First part of the file identifier.
    id: Option<Vec<u8>>,
    /// All that speaks of the document otherwise, as written: `/Info`, `/Encrypt`, and what writers add.
    document: BTreeMap<Vec<u8>, Vec<u8>>,
}

/// Entries of every trailer, judged one by one.
const JUDGED: [&[u8]; 4] = [b"Size", b"Prev", b"Root", b"ID"];

/// Entries that describe a cross-reference stream itself.
const OF_THE_STREAM: [&[u8]; 5] = [b"Type", b"W", b"Index", b"Length", b"Filter"];

impl Trailer {
    /// Reads the trailer of a section.
    pub(super) fn read(section: &Section<'_>) -> Result<Self, Violation> {
        let trailer = &section.trailer;
        if let Some(hybrid) = trailer.get(b"XRefStm") {
            return Err(Rule::S4.broken(hybrid.at, "a second cross-reference for other readers"));
        }
        let size = trailer
            .integer(b"Size")?
            .and_then(|size| u32::try_from(size).ok())
            .ok_or_else(|| Rule::S4.broken(trailer.at, "a trailer without a /Size"))?;
        let root = trailer.require(b"Root", Rule::S4, "a trailer without a /Root")?;
        let Some(Reference {
            number: root,
            generation: 0,
        }) = root.as_reference()
        else {
            return Err(Rule::S4.broken(root.at, "/Root is no reference of generation 0"));
        };
        let is_stream = section.form == Form::Stream;
        let says_otherwise = |key: &[u8]| {
            let of_the_section = is_stream && OF_THE_STREAM.contains(&key);
            !of_the_section && !JUDGED.contains(&key)
        };
        Ok(Self {
            size,
            root,
            id: trailer.get(b"ID").map(first_identifier).transpose()?,
            document: trailer
                .entries
                .iter()
                .filter(|(key, _)| says_otherwise(key))
                .map(|(key, value)| (key.to_vec(), value.raw.to_vec()))
                .collect(),
        })
    }

    /// Whether strings and streams are encrypted.
    pub(super) fn is_encrypted(&self) -> bool {
        self.document.contains_key(b"Encrypt".as_slice())
    }

    /// S4: an appended section goes on where this trailer left off; `size` is one more than the highest
    /// number in use.
    pub(super) fn check_successor(
        &self,
        section: &Section<'_>,
        startxref: u64,
        size: u32,
    ) -> Result<(), Violation> {
        let trailer = &section.trailer;
        let next = Self::read(section)?;
        let at = |key: &[u8]| trailer.get(key).map_or(trailer.at, |value| value.at);
        let broken = |key: &[u8], text| Err(Rule::S4.broken(at(key), text));
        if trailer.integer(b"Prev")? != i64::try_from(startxref).ok() {
            return broken(b"Prev", "/Prev is not the cross-reference before this one");
        }
        if next.root != self.root {
            return broken(b"Root", "another catalog");
        }
        if next.id != self.id {
            return broken(b"ID", "another file identifier");
        }
        if next.size != size {
            return broken(
                b"Size",
                "/Size is not one more than the highest object number",
            );
        }
        // Without it, every string and stream of an encrypted base would be noise.
        if self.is_encrypted() && !next.is_encrypted() {
            return broken(b"Encrypt", "the encryption is gone");
        }
        for key in next.document.keys() {
            let same = trailer
                .get(key)
                .is_some_and(|value| self.says_the_same(key, value));
            if !same {
                return broken(key, "a trailer entry that was added or changed");
            }
        }
        Ok(())
    }

    fn says_the_same(&self, key: &[u8], value: &Value<'_>) -> bool {
        let before = self.document.get(key).and_then(|raw| read_kept(raw));
        before.is_some_and(|before| before.same_tokens(value))
    }
}

fn first_identifier(id: &Value<'_>) -> Result<Vec<u8>, Violation> {
    id.as_array()
        .filter(|parts| parts.len() == 2)
        .and_then(|parts| {
            parts
                .iter()
                .map(Value::string_bytes)
                .collect::<Option<Vec<_>>>()
        })
        .and_then(|parts| parts.into_iter().next())
        .ok_or_else(|| Rule::S4.broken(id.at, "/ID is not two strings"))
}
