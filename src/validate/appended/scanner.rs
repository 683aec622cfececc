//! Bytes into tokens and values (ISO 32000-2, 7.2 and 7.3), strictly: one spelling, one reading.
//!
//! Every byte is looked at a bounded number of times, and nesting is bounded, so hostile input costs no
//! more than its length.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::opaque;
use super::value::{Dictionary, Kind, Reference, Value};
use super::violation::{Rule, Violation};

/// How deep arrays and dictionaries may stand in each other (S6).
const MAX_DEPTH: u32 = 8;

/// Values read from one input; a token of two bytes becomes forty in memory.
const MAX_VALUES: u32 = 500_000;

/// The longest spelling of a number that is read.
const MAX_NUMBER_LEN: usize = 32;

/// The highest object number (ISO 32000-1, annex C: what interoperable files stay under).
pub(super) const MAX_OBJECT_NUMBER: u32 = 8_388_607;

/// A place in an input, and what may still be read from it.
pub(super) struct Scanner<'a> {
    bytes: &'a [u8],
    /// Offset of `bytes` in the whole file.
    origin: u64,
    position: usize,
    values_left: u32,
}

impl<'a> Scanner<'a> {
    /// At the beginning of `bytes`, which stand at `origin` in the whole file.
    pub(super) fn new(bytes: &'a [u8], origin: u64) -> Self {
        Self {
            bytes,
            origin,
            position: 0,
            values_left: MAX_VALUES,
        }
    }

    /// Offset in the whole file.
    pub(super) fn offset(&self) -> u64 {
        self.origin + self.position as u64
    }

    /// How many bytes follow.
    pub(super) fn bytes_left(&self) -> usize {
        self.rest().len()
    }

    pub(super) fn at_end(&self) -> bool {
        self.position >= self.bytes.len()
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.bytes.get(self.position).copied()
    }

    fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.position..).unwrap_or_default()
    }

    fn since(&self, start: usize) -> &'a [u8] {
        self.bytes.get(start..self.position).unwrap_or_default()
    }

    fn skip_while(&mut self, test: impl Fn(u8) -> bool) {
        let count = self.rest().iter().take_while(|byte| test(**byte)).count();
        self.position += count;
    }

    /// Skips white space. Comments are none: they are bytes that say nothing.
    pub(super) fn skip_whitespace(&mut self) {
        self.skip_while(is_whitespace);
    }

    /// Takes exactly these bytes, if they come next.
    pub(super) fn take(&mut self, expected: &[u8]) -> bool {
        let found = self.rest().starts_with(expected);
        if found {
            self.position += expected.len();
        }
        found
    }

    /// Takes a keyword, if it comes next and ends there.
    pub(super) fn take_keyword(&mut self, keyword: &[u8]) -> bool {
        let ends = self
            .rest()
            .strip_prefix(keyword)
            .is_some_and(|after| after.first().is_none_or(|byte| !is_regular(*byte)));
        if ends {
            self.position += keyword.len();
        }
        ends
    }

    /// Takes one end of line: CR LF, LF or CR.
    pub(super) fn take_end_of_line(&mut self) -> bool {
        self.take(b"\r\n") || self.take(b"\n") || self.take(b"\r")
    }

    /// Takes `count` bytes.
    pub(super) fn take_bytes(&mut self, count: usize) -> Option<&'a [u8]> {
        let taken = self.rest().get(..count)?;
        self.position += count;
        Some(taken)
    }

    /// Takes an unsigned integer as it stands in headers and cross-references: digits only.
    pub(super) fn take_digits(&mut self) -> Option<u64> {
        let mut number = 0_u64;
        let mut len = 0;
        for digit in self.rest().iter().take_while(|byte| byte.is_ascii_digit()) {
            let ones = u64::from(digit - b'0');
            number = number.checked_mul(10)?.checked_add(ones)?;
            len += 1;
        }
        if !(1..=MAX_NUMBER_LEN).contains(&len) {
            return None;
        }
        self.position += len;
        Some(number)
    }

    /// Takes an object number, without leading zeros.
    pub(super) fn take_object_number(&mut self) -> Option<u32> {
        let start = self.position;
        let number = self
            .peek()
            .filter(|byte| *byte != b'0')
            .and_then(|_| self.take_digits())
            .and_then(|number| u32::try_from(number).ok())
            .filter(|number| *number <= MAX_OBJECT_NUMBER);
        if number.is_none() {
            self.position = start;
        }
        number
    }

    /// Reads one value.
    pub(super) fn read_value(&mut self) -> Result<Value<'a>, Violation> {
        self.read_nested(0)
    }

    /// Recursion ends at [`MAX_DEPTH`], whatever the input.
    fn read_nested(&mut self, depth: u32) -> Result<Value<'a>, Violation> {
        let (start, at) = (self.position, self.offset());
        self.values_left = self
            .values_left
            .checked_sub(1)
            .ok_or_else(|| Rule::S1.broken(at, "more values than are read"))?;
        let kind = match self.peek() {
            Some(b'/') => Kind::Name(self.read_name()?),
            Some(b'(') => self.read_literal_string()?,
            Some(b'<') if self.rest().starts_with(b"<<") => {
                Kind::Dictionary(self.read_dictionary(depth)?)
            }
            Some(b'<') => self.read_hexadecimal_string()?,
            Some(b'[') => Kind::Array(self.read_array(depth)?),
            Some(b'+' | b'-' | b'.' | b'0'..=b'9') => self.read_number()?,
            Some(b'%') => return Err(Rule::S1.broken(at, "a comment")),
            _ if self.take_keyword(b"true")
                || self.take_keyword(b"false")
                || self.take_keyword(b"null") =>
            {
                Kind::Keyword
            }
            _ => return Err(Rule::S16.broken(at, "no value can be read here")),
        };
        let raw = self.since(start);
        Ok(Value { at, raw, kind })
    }

    fn deeper(&self, depth: u32) -> Result<u32, Violation> {
        if depth >= MAX_DEPTH {
            return Err(Rule::S6.broken(self.offset(), "nested deeper than 8"));
        }
        Ok(depth + 1)
    }

    fn read_dictionary(&mut self, depth: u32) -> Result<Dictionary<'a>, Violation> {
        let depth = self.deeper(depth)?;
        let at = self.offset();
        self.take(b"<<");
        let mut entries = BTreeMap::new();
        loop {
            self.skip_whitespace();
            if self.take(b">>") {
                return Ok(Dictionary { at, entries });
            }
            let key_at = self.offset();
            if self.peek() != Some(b'/') {
                return Err(Rule::S16.broken(key_at, "a dictionary key was expected"));
            }
            let key = self.read_name()?;
            self.skip_whitespace();
            let value = self.read_nested(depth)?;
            if entries.insert(key, value).is_some() {
                return Err(Rule::S6.broken(key_at, "a key that stands twice in its dictionary"));
            }
        }
    }

    fn read_array(&mut self, depth: u32) -> Result<Vec<Value<'a>>, Violation> {
        let depth = self.deeper(depth)?;
        self.take(b"[");
        let mut items = Vec::new();
        loop {
            self.skip_whitespace();
            if self.take(b"]") {
                return Ok(items);
            }
            items.push(self.read_nested(depth)?);
        }
    }

    /// A name, decoded. `#xx` may stand for what cannot be written otherwise, never for a letter or a
    /// digit: a reader that does not decode it would see another key (S6).
    fn read_name(&mut self) -> Result<Cow<'a, [u8]>, Violation> {
        let at = self.offset();
        self.take(b"/");
        let start = self.position;
        self.skip_while(is_regular);
        let raw = self.since(start);
        let name: Cow<'a, [u8]> = if raw.contains(&b'#') {
            let decoded = decode_name(raw)
                .ok_or_else(|| Rule::S6.broken(at, "a name with a wrong or needless escape"))?;
            Cow::Owned(decoded)
        } else {
            Cow::Borrowed(raw)
        };
        if name.is_empty() || !name.iter().all(|byte| matches!(byte, b' '..=b'~')) {
            return Err(Rule::S6.broken(at, "a name that is not printable ASCII"));
        }
        Ok(name)
    }

    /// An integer, a real, or a reference when generation and `R` follow.
    fn read_number(&mut self) -> Result<Kind<'a>, Violation> {
        let (start, at) = (self.position, self.offset());
        if let Some(reference) = self.take_reference() {
            return Ok(Kind::Reference(reference));
        }
        self.position = start;
        self.skip_while(is_regular);
        let raw = self.since(start);
        if raw.len() > MAX_NUMBER_LEN {
            return Err(Rule::S6.broken(at, "a number longer than any number needs"));
        }
        let digits = match raw {
            [b'+' | b'-', digits @ ..] => digits,
            digits => digits,
        };
        let points = digits.iter().filter(|byte| **byte == b'.').count();
        let all_digits = digits
            .iter()
            .all(|byte| byte.is_ascii_digit() || *byte == b'.');
        if !all_digits || points > 1 || digits.len() == points {
            return Err(Rule::S16.broken(at, "neither a number nor a keyword"));
        }
        if points == 1 {
            return Ok(Kind::Real);
        }
        std::str::from_utf8(raw)
            .ok()
            .and_then(|raw| raw.parse().ok())
            .map(Kind::Integer)
            .ok_or_else(|| Rule::S6.broken(at, "an integer that does not fit 64 bits"))
    }

    fn take_reference(&mut self) -> Option<Reference> {
        let number = self.take_object_number()?;
        self.take_separator()?;
        let generation = u16::try_from(self.take_digits()?).ok()?;
        self.take_separator()?;
        self.take_keyword(b"R")
            .then_some(Reference { number, generation })
    }

    /// White space, at least one byte of it.
    pub(super) fn take_separator(&mut self) -> Option<()> {
        let start = self.position;
        self.skip_whitespace();
        (self.position > start).then_some(())
    }

    fn read_literal_string(&mut self) -> Result<Kind<'a>, Violation> {
        let at = self.offset();
        let start = self.position;
        let mut open = 0_u64;
        let mut escaped = false;
        let mut closed = None;
        for (index, byte) in self.rest().iter().enumerate() {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'(' => open += 1,
                b')' if open == 1 => {
                    closed = Some(index + 1);
                    break;
                }
                b')' => open -= 1,
                _ => {}
            }
        }
        let len = closed.ok_or_else(|| Rule::S16.broken(at, "a string without an end"))?;
        self.position += len;
        opaque::check(self.since(start), at)?;
        Ok(Kind::LiteralString)
    }

    fn read_hexadecimal_string(&mut self) -> Result<Kind<'a>, Violation> {
        let at = self.offset();
        self.take(b"<");
        // The hole of a timestamp is the longest thing in most files: where digits are all there is, they are
        // looked at many at once.
        let rest = self.rest();
        let inside = rest
            .get(..memchr::memchr(b'>', rest).unwrap_or(rest.len()))
            .unwrap_or_default();
        let digits = if are_digits(inside) {
            self.position += inside.len();
            inside.len()
        } else {
            let start = self.position;
            self.skip_while(|byte| byte.is_ascii_hexdigit() || is_whitespace(byte));
            let blanks = self
                .since(start)
                .iter()
                .filter(|byte| is_whitespace(**byte));
            self.position - start - blanks.count()
        };
        if !self.take(b">") {
            return Err(Rule::S16.broken(
                self.offset(),
                "a hexadecimal string with something else inside",
            ));
        }
        if !digits.is_multiple_of(2) {
            return Err(Rule::S16.broken(at, "a hexadecimal string of half bytes"));
        }
        Ok(Kind::HexadecimalString)
    }
}

/// Whether all bytes are hexadecimal digits.
fn are_digits(bytes: &[u8]) -> bool {
    let (blocks, rest) = bytes.as_chunks::<32>();
    // Without a way out in between, a block is looked at as a whole.
    let all = |block: &[u8]| {
        let digits = block.iter().map(u8::is_ascii_hexdigit);
        digits.fold(true, |all, is_digit| all & is_digit)
    };
    blocks.iter().all(|block| all(block)) && all(rest)
}

/// White space (ISO 32000-2, table 1). NUL is white space there too; nobody writes it, so it is doubt.
fn is_whitespace(byte: u8) -> bool {
    matches!(byte, b'\t' | b'\n' | 0x0C | b'\r' | b' ')
}

/// Neither white space nor a delimiter (ISO 32000-2, table 2).
fn is_regular(byte: u8) -> bool {
    !is_whitespace(byte)
        && !matches!(
            byte,
            0 | b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%'
        )
}

fn decode_name(raw: &[u8]) -> Option<Vec<u8>> {
    let mut decoded = Vec::with_capacity(raw.len());
    let mut bytes = raw.iter().copied();
    while let Some(byte) = bytes.next() {
        if byte != b'#' {
            decoded.push(byte);
            continue;
        }
        let high = hexadecimal_digit(bytes.next()?)?;
        let low = hexadecimal_digit(bytes.next()?)?;
        let meant = high << 4 | low;
        if meant.is_ascii_alphanumeric() {
            return None;
        }
        decoded.push(meant);
    }
    Some(decoded)
}

/// The value of one hexadecimal digit.
pub(super) fn hexadecimal_digit(byte: u8) -> Option<u8> {
    char::from(byte)
        .to_digit(16)
        .and_then(|digit| u8::try_from(digit).ok())
}
