//! Where tokens and objects begin and end (ISO 32000-2, 7.2 and 7.3). Values are not built here:
//! that is lopdf's work, on the ranges found.

use std::ops::Range;

/// The kinds of `(`, `<`, `[` and friends, white-space characters included in neither.
const DELIMITERS: &[u8] = b"()<>[]{}/%";

/// A white-space character (ISO 32000-2, table 1).
pub(super) const fn is_blank(byte: u8) -> bool {
    matches!(byte, b'\0' | b'\t' | b'\n' | 0x0C | b'\r' | b' ')
}

fn is_regular(byte: u8) -> bool {
    !is_blank(byte) && !DELIMITERS.contains(&byte)
}

/// Why an object has no end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LexError {
    /// Unbalanced delimiters, an unterminated string, or the end of the bytes.
    Malformed,
    /// Values nested deeper than allowed.
    TooDeep,
}

/// A place in bytes, moved forward by what is read.
#[derive(Clone)]
pub(super) struct Lexer<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Lexer<'a> {
    /// A lexer at offset `at` of `bytes`.
    pub(super) const fn new(bytes: &'a [u8], at: usize) -> Self {
        Self { bytes, at }
    }

    /// The offset reached.
    pub(super) const fn position(&self) -> usize {
        self.at
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    /// Passes white space and comments.
    pub(super) fn skip_blanks(&mut self) {
        while let Some(byte) = self.peek() {
            if is_blank(byte) {
                self.at += 1;
            } else if byte == b'%' {
                let line = memchr::memchr2(b'\r', b'\n', self.rest());
                self.at = line.map_or(self.bytes.len(), |length| self.at + length);
            } else {
                break;
            }
        }
    }

    /// Passes `word` if it stands here, whatever follows it.
    pub(super) fn literal(&mut self, word: &[u8]) -> bool {
        let found = self.rest().starts_with(word);
        if found {
            self.at += word.len();
        }
        found
    }

    /// Passes blanks and `word`, which must end where another token can begin.
    pub(super) fn keyword(&mut self, word: &[u8]) -> bool {
        let mut ahead = self.clone();
        ahead.skip_blanks();
        if ahead.literal(word) && !ahead.peek().is_some_and(is_regular) {
            *self = ahead;
            return true;
        }
        false
    }

    /// Passes blanks and an unsigned decimal number of at most 18 digits.
    pub(super) fn unsigned(&mut self) -> Option<u64> {
        let mut ahead = self.clone();
        ahead.skip_blanks();
        let mut value: u64 = 0;
        let mut digits = 0;
        while let Some(byte @ b'0'..=b'9') = ahead.peek() {
            value = value * 10 + u64::from(byte - b'0');
            digits += 1;
            if digits > 18 {
                return None;
            }
            ahead.at += 1;
        }
        if digits == 0 {
            return None;
        }
        *self = ahead;
        Some(value)
    }

    /// Passes the header of an indirect object, `12 0 obj`, and returns its number and generation.
    pub(super) fn object_header(&mut self) -> Option<(u32, u16)> {
        let mut ahead = self.clone();
        let number = u32::try_from(ahead.unsigned()?).ok()?;
        if !ahead.peek().is_some_and(is_blank) {
            return None;
        }
        let generation = u16::try_from(ahead.unsigned()?).ok()?;
        ahead.skip_blanks();
        if !ahead.literal(b"obj")
            || ahead
                .peek()
                .is_some_and(|byte| byte.is_ascii_alphanumeric())
        {
            return None;
        }
        *self = ahead;
        Some((number, generation))
    }

    /// Passes blanks and one direct object or reference, and returns where it stands.
    /// A value inside `n` arrays or dictionaries is at depth `n + 1`; none may be deeper than `depth`.
    pub(super) fn object(&mut self, depth: usize) -> Result<Range<usize>, LexError> {
        self.skip_blanks();
        let start = self.at;
        let mut open: Vec<u8> = Vec::new();
        loop {
            self.skip_blanks();
            match self.peek().ok_or(LexError::Malformed)? {
                closing @ (b']' | b'>') => {
                    if open.pop() != Some(closing) {
                        return Err(LexError::Malformed);
                    }
                    let token: &[u8] = if closing == b']' { b"]" } else { b">>" };
                    if !self.literal(token) {
                        return Err(LexError::Malformed);
                    }
                }
                _ if open.len() >= depth => return Err(LexError::TooDeep),
                b'[' => {
                    self.at += 1;
                    open.push(b']');
                }
                b'<' if self.literal(b"<<") => open.push(b'>'),
                _ if open.is_empty() => self.scalar()?,
                _ => self.token()?,
            }
            if open.is_empty() {
                return Ok(start..self.at);
            }
        }
    }

    /// Passes a scalar that is not inside anything, where `1 0 R` is one value.
    fn scalar(&mut self) -> Result<(), LexError> {
        let mut reference = self.clone();
        if reference.unsigned().is_some()
            && reference.peek().is_some_and(is_blank)
            && reference.unsigned().is_some()
            && reference.keyword(b"R")
        {
            *self = reference;
            return Ok(());
        }
        self.token()
    }

    /// Passes one token that is not a bracket.
    fn token(&mut self) -> Result<(), LexError> {
        match self.peek() {
            Some(b'(') => self.literal_string(),
            Some(b'<') => self.hexadecimal_string(),
            Some(b'/') => {
                self.at += 1;
                self.skip_regular();
                Ok(())
            }
            Some(byte) if is_regular(byte) => {
                self.skip_regular();
                Ok(())
            }
            _ => Err(LexError::Malformed),
        }
    }

    fn skip_regular(&mut self) {
        while self.peek().is_some_and(is_regular) {
            self.at += 1;
        }
    }

    fn literal_string(&mut self) -> Result<(), LexError> {
        let mut open = 0_usize;
        loop {
            let Some(next) = memchr::memchr3(b'(', b')', b'\\', self.rest()) else {
                return self.unterminated();
            };
            self.at += next;
            match self.peek() {
                Some(b'\\') => self.at += 2,
                Some(b'(') => {
                    open += 1;
                    self.at += 1;
                }
                _ => {
                    open -= 1;
                    self.at += 1;
                    if open == 0 {
                        return Ok(());
                    }
                }
            }
        }
    }

    fn hexadecimal_string(&mut self) -> Result<(), LexError> {
        let Some(length) = memchr::memchr(b'>', self.rest()) else {
            return self.unterminated();
        };
        self.at += length + 1;
        Ok(())
    }

    /// Moves to the end, so that the position tells how much was read in vain.
    const fn unterminated(&mut self) -> Result<(), LexError> {
        self.at = self.bytes.len();
        Err(LexError::Malformed)
    }
}

/// The header of an object at `offset`, and where its value begins. Only as much is looked at as any
/// header takes: `4294967295 65535 obj` and blanks around it.
pub(super) fn header_at(bytes: &[u8], offset: usize) -> Option<((u32, u16), usize)> {
    const LONGEST: usize = 64;
    let window = bytes.get(..offset.saturating_add(LONGEST)).unwrap_or(bytes);
    let mut lexer = Lexer::new(window, offset);
    let id = lexer.object_header()?;
    Some((id, lexer.position()))
}

/// The start of `12 0 obj`, given the offset of the blank before `obj`.
pub(super) fn header_start(bytes: &[u8], before_obj: usize) -> Option<usize> {
    let mut at = before_obj;
    for _ in 0..2 {
        while at > 0 && bytes.get(at - 1).copied().is_some_and(is_blank) {
            at -= 1;
        }
        let end = at;
        while at > 0 && bytes.get(at - 1).is_some_and(u8::is_ascii_digit) {
            at -= 1;
        }
        if at == end {
            return None;
        }
    }
    Some(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(bytes: &[u8], depth: usize) -> Result<&[u8], LexError> {
        Lexer::new(bytes, 0)
            .object(depth)
            .map(|range| &bytes[range])
    }

    #[test]
    fn an_object_ends_at_its_own_closing_bracket() {
        let nested = b" <</A[1 2 R(\\)()>>)]/B<3E>>>stream";
        assert_eq!(object(nested, 9), Ok(&nested[1..28]));
        assert_eq!(object(b"12 0 R endobj", 9), Ok(&b"12 0 R"[..]));
        assert_eq!(object(b"12 0 Rx", 9), Ok(&b"12"[..]));
        assert_eq!(object(b"/Name/Other", 9), Ok(&b"/Name"[..]));
    }

    #[test]
    fn what_never_closes_is_malformed() {
        for bytes in [
            &b"<< /A ("[..],
            b"[ 1 >>",
            b"<41",
            b"(a\\",
            b"",
            b"<< /A 1 >",
        ] {
            assert_eq!(object(bytes, 9), Err(LexError::Malformed));
        }
    }

    #[test]
    fn depth_is_allowed_up_to_the_limit_and_not_one_further() {
        assert!(object(b"[[[1]]]", 4).is_ok());
        assert!(object(b"[[[]]]", 3).is_ok());
        assert_eq!(object(b"[[[1]]]", 3), Err(LexError::TooDeep));
    }

    #[test]
    fn a_header_needs_its_three_parts() {
        assert_eq!(Lexer::new(b"7 0 obj<<", 0).object_header(), Some((7, 0)));
        assert_eq!(
            Lexer::new(b" 7 % c\n 1 obj", 0).object_header(),
            Some((7, 1))
        );
        assert_eq!(Lexer::new(b"7 0 objx", 0).object_header(), None);
        assert_eq!(Lexer::new(b"70 obj", 0).object_header(), None);
    }
}
