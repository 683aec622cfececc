//! The trailer: what every revision must repeat (S4).

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
    pub(super) info: Option<Reference>,
    pub(super) encrypt: Option<Reference>,
    /// First part of the file identifier.
    pub(super) id: Option<Vec<u8>>,
}

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
        let reference = |key: &[u8], text| match trailer.get(key) {
            None => Ok(None),
            Some(value) => match value.as_reference() {
                Some(reference) => Ok(Some(reference)),
                None => Err(Rule::S4.broken(value.at, text)),
            },
        };
        Ok(Self {
            size,
            root,
            info: reference(b"Info", "/Info is no reference")?,
            encrypt: reference(b"Encrypt", "/Encrypt is no reference")?,
            id: trailer.get(b"ID").map(first_identifier).transpose()?,
        })
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
        let keys: &[&[u8]] = match section.form {
            Form::Table => &TABLE_KEYS,
            Form::Stream => &STREAM_KEYS,
        };
        trailer.only(keys, Rule::S4, "a trailer entry that has no place here")?;
        let next = Self::read(section)?;
        let at = |key: &[u8]| trailer.get(key).map_or(trailer.at, |value| value.at);
        let broken = |key: &[u8], text| Err(Rule::S4.broken(at(key), text));
        if trailer.integer(b"Prev")? != i64::try_from(startxref).ok() {
            return broken(b"Prev", "/Prev is not the cross-reference before this one");
        }
        if next.root != self.root {
            return broken(b"Root", "another catalog");
        }
        if next.info.is_some() && next.info != self.info {
            return broken(b"Info", "another information dictionary");
        }
        // Leaving it out would turn every string and stream of an encrypted base into noise.
        if next.encrypt != self.encrypt {
            return broken(b"Encrypt", "another encryption");
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
        Ok(())
    }
}

const TABLE_KEYS: [&[u8]; 6] = [b"Size", b"Root", b"Prev", b"ID", b"Info", b"Encrypt"];

const STREAM_KEYS: [&[u8]; 11] = [
    b"Size", b"Root", b"Prev", b"ID", b"Info", b"Encrypt", b"Type", b"W", b"Index", b"Length",
    b"Filter",
];

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
