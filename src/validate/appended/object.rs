//! Indirect objects and their streams (ISO 32000-2, 7.3.8 and 7.3.10).

use flate2::{Decompress, FlushDecompress, Status};

use super::opaque;
use super::scanner::Scanner;
use super::value::{Dictionary, Value};
use super::violation::{Rule, Violation};

/// An indirect object that stands in the file by itself.
#[derive(Clone, Debug)]
pub(super) struct IndirectObject<'a> {
    pub(super) number: u32,
    /// Offset of its number in the whole file: what a cross-reference points to.
    pub(super) at: u64,
    pub(super) value: Value<'a>,
    pub(super) stream: Option<StreamData<'a>>,
}

/// The bytes of a stream, as written.
#[derive(Clone, Copy, Debug)]
pub(super) struct StreamData<'a> {
    raw: &'a [u8],
}

impl<'a> IndirectObject<'a> {
    /// Reads `N 0 obj … endobj`, the scanner standing on the number.
    pub(super) fn read(scanner: &mut Scanner<'a>) -> Result<Self, Violation> {
        let at = scanner.offset();
        let number = scanner
            .take_object_number()
            .ok_or_else(|| Rule::S1.broken(at, "neither an object nor a cross-reference"))?;
        let generation_follows = scanner
            .take_separator()
            .and_then(|()| scanner.take_digits());
        match generation_follows {
            Some(0) => {}
            Some(_) => return Err(Rule::S2.broken(at, "an object of another generation than 0")),
            None => return Err(Rule::S1.broken(at, "an object without a generation")),
        }
        if scanner.take_separator().is_none() || !scanner.take_keyword(b"obj") {
            return Err(Rule::S1.broken(at, "an object without `obj`"));
        }
        scanner.skip_whitespace();
        let value = scanner.read_value()?;
        scanner.skip_whitespace();
        let stream = match value.as_dictionary() {
            Some(dictionary) if scanner.take(b"stream") => Some(read_stream(scanner, dictionary)?),
            _ => None,
        };
        scanner.skip_whitespace();
        if !scanner.take_keyword(b"endobj") {
            return Err(Rule::S1.broken(scanner.offset(), "bytes between an object and its end"));
        }
        Ok(Self {
            number,
            at,
            value,
            stream,
        })
    }

    /// Its value, when it is no stream.
    pub(super) fn plain(&self) -> Option<&Value<'a>> {
        self.stream.is_none().then_some(&self.value)
    }

    /// The same, taken out of it.
    pub(super) fn into_plain(self) -> Option<Value<'a>> {
        self.stream.is_none().then_some(self.value)
    }

    /// Its stream's dictionary and data.
    pub(super) fn as_stream(&self) -> Option<(&Dictionary<'a>, StreamData<'a>)> {
        self.value.as_dictionary().zip(self.stream)
    }
}

/// Exactly `/Length` bytes between `stream` and `endstream`.
fn read_stream<'a>(
    scanner: &mut Scanner<'a>,
    dictionary: &Dictionary<'a>,
) -> Result<StreamData<'a>, Violation> {
    if !scanner.take(b"\r\n") && !scanner.take(b"\n") {
        return Err(Rule::S16.broken(scanner.offset(), "`stream` without the end of its line"));
    }
    let at = scanner.offset();
    let length = dictionary
        .integer(b"Length")?
        .ok_or_else(|| Rule::S6.broken(dictionary.at, "a stream without /Length"))?;
    let raw = usize::try_from(length)
        .ok()
        .and_then(|length| scanner.take_bytes(length))
        .ok_or_else(|| Rule::S16.broken(at, "a stream longer than the file"))?;
    scanner.take_end_of_line();
    if !scanner.take_keyword(b"endstream") {
        return Err(Rule::S16.broken(at, "a stream that does not end where its /Length says"));
    }
    opaque::check(raw, at)?;
    Ok(StreamData { raw })
}

impl StreamData<'_> {
    /// Its data, decoded when `dictionary` names `/FlateDecode`; nothing else is understood.
    /// `None`: another filter, more than `limit` bytes, damaged, or not ending with the stream.
    pub(super) fn decode(&self, dictionary: &Dictionary<'_>, limit: usize) -> Option<Vec<u8>> {
        match dictionary.get(b"Filter") {
            None => (self.raw.len() <= limit).then(|| self.raw.to_vec()),
            Some(filter) if filter.is_name(b"FlateDecode") => inflate(self.raw, limit),
            Some(_) => None,
        }
    }
}

/// Inflates a whole zlib stream that ends with `raw`.
fn inflate(raw: &[u8], limit: usize) -> Option<Vec<u8>> {
    let mut decoder = Decompress::new(true);
    let mut decoded = Vec::new();
    let mut part = vec![0; 32 << 10];
    loop {
        let (consumed, produced) = (decoder.total_in(), decoder.total_out());
        let rest = raw.get(usize::try_from(consumed).ok()?..)?;
        let status = decoder
            .decompress(rest, &mut part, FlushDecompress::None)
            .ok()?;
        let count = usize::try_from(decoder.total_out() - produced).ok()?;
        if decoded.len() + count > limit {
            return None;
        }
        decoded.extend_from_slice(part.get(..count)?);
        if status == Status::StreamEnd {
            return (decoder.total_in() == raw.len() as u64).then_some(decoded);
        }
        if count == 0 && decoder.total_in() == consumed {
            return None;
        }
    }
}
