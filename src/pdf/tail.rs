//! What is appended to a file, as bytes: objects, a signature dictionary with its hole, cross-reference
//! section and trailer (ISO 32000-2, 7.5.4, 7.5.5, 7.5.6, 7.5.8, 12.8.1).

use std::collections::BTreeMap;
use std::io::Write;
use std::ops::Range;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use lopdf::{Dictionary, Object, ObjectId, StringFormat};
use sha2::{Digest, Sha256};

use super::cross_reference::Location;
use super::serialize::{write_entries, write_integer, write_object, write_stream_content};
use super::template::{Links, Template};
use super::{ByteRange, PdfError};

/// Offsets are written with four bytes or ten digits; four bytes are fewer.
const LONGEST_FILE: u64 = u32::MAX as u64;

/// Entries of a trailer that describe the section they stand in, not the document.
const OF_THE_SECTION: [&[u8]; 13] = [
    b"Size",
    b"Prev",
    b"XRefStm",
    b"Type",
    b"W",
    b"Index",
    b"Length",
    b"Filter",
    b"DecodeParms",
    b"F",
    b"FFilter",
    b"FDecodeParms",
    b"DL",
];

/// What stands in the byte range until the offsets are known; as long as they can get.
const UNKNOWN_RANGE: &[u8] = b"[0 4294967295 4294967295 4294967295]";

/// The file to which something is appended.
pub(super) struct Base<'b> {
    /// Its length in bytes.
    pub(super) len: usize,
    /// It ends with a line end.
    pub(super) ends_line: bool,
    /// Its newest trailer.
    pub(super) trailer: &'b Dictionary,
    /// The permanent part of its file identifier.
    pub(super) identifier: Option<Vec<u8>>,
    /// Offset of its newest cross-reference section.
    pub(super) start: usize,
    /// That section is a stream.
    pub(super) is_stream: bool,
    /// Every entry there is, when its own sections must not be pointed to.
    pub(super) carried: Option<BTreeMap<u32, Location>>,
}

/// Where the byte range and the hole of a signature stand in the tail.
pub(super) struct Hole {
    byte_range: usize,
    start: usize,
    end: usize,
}

impl Hole {
    /// Where the value of `/Contents` stands in the tail, its brackets included.
    pub(super) const fn extent(&self) -> Range<usize> {
        self.start..self.end
    }
}

/// The bytes appended so far, and what they hold.
pub(super) struct Tail<'b> {
    base: &'b Base<'b>,
    bytes: Vec<u8>,
    written: BTreeMap<u32, Location>,
}

impl<'b> Tail<'b> {
    /// Nothing yet but the line end that `base` may lack; about `capacity` bytes will come.
    pub(super) fn new(base: &'b Base<'b>, capacity: usize) -> Self {
        let mut bytes = Vec::with_capacity(capacity);
        if !base.ends_line {
            bytes.push(b'\n');
        }
        Self {
            base,
            bytes,
            written: BTreeMap::new(),
        }
    }

    /// The offset in the file at which the next byte is written.
    fn offset(&self) -> usize {
        self.base.len.saturating_add(self.bytes.len())
    }

    fn begin(&mut self, (number, generation): ObjectId) {
        let location = Location::Offset {
            offset: self.offset(),
            generation,
        };
        self.written.insert(number, location);
        write_integer(&mut self.bytes, i64::from(number));
        self.bytes.push(b' ');
        write_integer(&mut self.bytes, i64::from(generation));
        self.bytes.extend_from_slice(b" obj\n");
    }

    fn end(&mut self) {
        self.bytes.extend_from_slice(b"\nendobj\n");
    }

    /// Writes an object as it is: in an encrypted file it must be encrypted already.
    pub(super) fn write(&mut self, id: ObjectId, object: &Object) {
        self.begin(id);
        write_object(&mut self.bytes, object);
        self.end();
    }

    /// Writes a stream with these bytes, as they are: in an encrypted file they must be encrypted already.
    pub(super) fn write_data(&mut self, id: ObjectId, entries: &Dictionary, data: &[u8]) {
        self.begin(id);
        self.bytes.extend_from_slice(b"<<");
        write_entries(&mut self.bytes, entries);
        write_stream_content(&mut self.bytes, data);
        self.end();
    }

    /// Writes an object that was serialised beforehand. Never in an encrypted file.
    pub(super) fn write_template(&mut self, id: ObjectId, template: &Template, links: &Links) {
        self.begin(id);
        template.write(&mut self.bytes, links);
        self.end();
    }

    /// Writes a signature dictionary, its `/Contents` all zeros; its other entries as they are.
    pub(super) fn write_signature(
        &mut self,
        id: ObjectId,
        entries: &Dictionary,
        reserved: usize,
    ) -> Hole {
        self.begin(id);
        self.bytes.extend_from_slice(b"<<");
        write_entries(&mut self.bytes, entries);
        self.bytes.extend_from_slice(b"/ByteRange");
        let byte_range = self.bytes.len();
        self.bytes.extend_from_slice(UNKNOWN_RANGE);
        self.bytes.extend_from_slice(b"/Contents");
        let start = self.bytes.len();
        self.bytes.push(b'<');
        let digits = reserved.saturating_mul(2);
        self.bytes
            .resize(self.bytes.len().saturating_add(digits), b'0');
        self.bytes.push(b'>');
        let end = self.bytes.len();
        self.bytes.extend_from_slice(b">>");
        self.end();
        Hole {
            byte_range,
            start,
            end,
        }
    }

    /// Writes cross-reference section and trailer in the base's own form: what was appended, or
    /// everything there is. Numbers from `next` on are free.
    ///
    /// # Errors
    /// [`PdfError::LimitPassed`] when the file would pass 4 GiB.
    pub(super) fn write_section(&mut self, next: u32, hole: Option<&Hole>) -> Result<(), PdfError> {
        let base = self.base;
        let mut entries = base.carried.clone().unwrap_or_default();
        entries.append(&mut self.written);
        let has_members = entries
            .values()
            .any(|location| matches!(location, Location::Member { .. }));
        let start = self.offset();
        if start as u64 > LONGEST_FILE {
            return Err(too_long());
        }
        let mut trailer = self.trailer(hole);
        if base.carried.is_none() {
            trailer.set("Prev", base.start as i64);
        }
        if base.is_stream || has_members {
            let id = (next, 0);
            let location = Location::Offset {
                offset: start,
                generation: 0,
            };
            entries.insert(next, location);
            trailer.set("Size", i64::from(next) + 1);
            self.write_stream(id, &entries, trailer);
        } else {
            trailer.set("Size", i64::from(next));
            self.write_table(&entries, trailer);
        }
        let end = format!("startxref\n{start}\n%%EOF\n");
        self.bytes.extend_from_slice(end.as_bytes());
        if self.offset() as u64 > LONGEST_FILE {
            return Err(too_long());
        }
        Ok(())
    }

    /// The trailer of the base, as far as it speaks of the document, with a renewed identifier.
    fn trailer(&self, hole: Option<&Hole>) -> Dictionary {
        let mut trailer: Dictionary = self
            .base
            .trailer
            .iter()
            .filter(|(key, _)| !OF_THE_SECTION.contains(&key.as_slice()))
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect();
        let changing = self.identifier(hole);
        let permanent = match &self.base.identifier {
            Some(bytes) => Object::String(bytes.clone(), StringFormat::Hexadecimal),
            None => changing.clone(),
        };
        trailer.set("ID", vec![permanent, changing]);
        trailer
    }

    /// The changing part of the file identifier (ISO 32000-2, 14.4): a digest of what is appended,
    /// time of sealing included, so that the same copy gets the same one.
    fn identifier(&self, hole: Option<&Hole>) -> Object {
        let len = self.bytes.len();
        let (before, after) = match hole {
            Some(hole) => (0..hole.start, hole.end..len),
            None => (0..len, len..len),
        };
        let part = |range: Range<usize>| self.bytes.get(range).unwrap_or_default();
        let digest = Sha256::new()
            .chain_update(b"segell/file-identifier/v1")
            .chain_update((self.base.len as u64).to_be_bytes())
            .chain_update(part(before))
            .chain_update(part(after))
            .finalize();
        let half = digest.iter().copied().take(16).collect();
        Object::String(half, StringFormat::Hexadecimal)
    }

    fn write_table(&mut self, entries: &BTreeMap<u32, Location>, trailer: Dictionary) {
        self.bytes.extend_from_slice(b"xref\n");
        for (first, run) in runs(entries) {
            let header = format!("{first} {}\n", run.len());
            self.bytes.extend_from_slice(header.as_bytes());
            for location in run {
                let entry = match location {
                    Location::Offset { offset, generation } => {
                        format!("{offset:010} {generation:05} n \n")
                    }
                    Location::Free | Location::Member { .. } => "0000000000 65535 f \n".to_owned(),
                };
                self.bytes.extend_from_slice(entry.as_bytes());
            }
        }
        self.bytes.extend_from_slice(b"trailer\n");
        write_object(&mut self.bytes, &Object::Dictionary(trailer));
        self.bytes.push(b'\n');
    }

    fn write_stream(
        &mut self,
        (number, generation): ObjectId,
        entries: &BTreeMap<u32, Location>,
        mut trailer: Dictionary,
    ) {
        let mut index = Vec::new();
        let mut data = Vec::with_capacity(entries.len() * 9);
        for (first, run) in runs(entries) {
            index.push(Object::Integer(i64::from(first)));
            index.push(Object::Integer(run.len() as i64));
            for location in run {
                let (kind, second, third) = match location {
                    Location::Free => (0, 0, 65_535),
                    Location::Offset { offset, generation } => {
                        (1, offset as u32, u32::from(generation))
                    }
                    Location::Member { container, index } => (2, container, index),
                };
                data.push(kind);
                data.extend_from_slice(&second.to_be_bytes());
                data.extend_from_slice(&third.to_be_bytes());
            }
        }
        trailer.set("Type", "XRef");
        trailer.set("W", vec![1.into(), 4.into(), 4.into()]);
        trailer.set("Index", index);
        if let Some(smaller) = deflated(&data).filter(|deflated| deflated.len() + 20 < data.len()) {
            trailer.set("Filter", "FlateDecode");
            data = smaller;
        }
        let header = format!("{number} {generation} obj\n");
        self.bytes.extend_from_slice(header.as_bytes());
        let stream = Object::Stream(lopdf::Stream::new(trailer, data));
        write_object(&mut self.bytes, &stream);
        self.end();
    }

    /// Writes the byte range into its place, now that the file has its length.
    ///
    /// # Errors
    /// [`PdfError::LimitPassed`] when the file passes 4 GiB.
    pub(super) fn fill_byte_range(&mut self, hole: &Hole) -> Result<ByteRange, PdfError> {
        let before = self.base.len as u64;
        let byte_range = ByteRange {
            hole_start: before + hole.start as u64,
            hole_end: before + hole.end as u64,
            end: before + self.bytes.len() as u64,
        };
        if byte_range.end > LONGEST_FILE {
            return Err(too_long());
        }
        let known = format!(
            "[0 {} {} {}",
            byte_range.hole_start,
            byte_range.hole_end,
            byte_range.end - byte_range.hole_end,
        );
        let known = format!("{known:<width$}]", width = UNKNOWN_RANGE.len() - 1);
        let place = hole.byte_range..hole.byte_range + UNKNOWN_RANGE.len();
        match self.bytes.get_mut(place) {
            Some(place) if place.len() == known.len() => place.copy_from_slice(known.as_bytes()),
            _ => return Err(too_long()),
        }
        Ok(byte_range)
    }

    /// All that was written.
    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
}

fn too_long() -> PdfError {
    PdfError::LimitPassed {
        limit: "bytes",
        allowed: LONGEST_FILE,
    }
}

/// Deflated; `None` when that fails, which it does not.
pub(super) fn deflated(data: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(data).ok()?;
    encoder.finish().ok()
}

/// Runs of consecutive numbers.
fn runs(entries: &BTreeMap<u32, Location>) -> Vec<(u32, Vec<Location>)> {
    let mut runs: Vec<(u32, Vec<Location>)> = Vec::new();
    for (&number, &location) in entries {
        match runs.last_mut() {
            Some((first, run)) if *first as usize + run.len() == number as usize => {
                run.push(location);
            }
            _ => runs.push((number, vec![location])),
        }
    }
    runs
}
