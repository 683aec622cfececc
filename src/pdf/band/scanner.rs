//! The tokens of a content stream (ISO 32000-2, 7.2 and 7.3), in one pass and without copying.

use super::inline_image;

/// What a token is, as far as the structure of contents needs to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token<'c> {
    /// A number, name or string.
    Operand,
    /// `[` or `<<`, as `[` or `<`.
    Open(u8),
    /// `]` or `>>`, named by what they close.
    Close(u8),
    /// An operator, or what stands where an operator should.
    Keyword(&'c [u8]),
    /// Something that readers read differently.
    Odd,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    White,
    Delimiter,
    Regular,
}

const CLASSES: [Class; 256] = {
    let mut classes = [Class::Regular; 256];
    let white = b"\0\t\n\x0C\r ";
    let mut i = 0;
    while i < white.len() {
        classes[white[i] as usize] = Class::White;
        i += 1;
    }
    let delimiters = b"()<>[]{}/%";
    let mut i = 0;
    while i < delimiters.len() {
        classes[delimiters[i] as usize] = Class::Delimiter;
        i += 1;
    }
    classes
};

fn class(byte: u8) -> Class {
    CLASSES[usize::from(byte)]
}

/// Whether `byte` is white space.
pub(super) fn is_white(byte: u8) -> bool {
    class(byte) == Class::White
}

/// Whether `byte` ends a name, number or keyword.
pub(super) fn is_boundary(byte: u8) -> bool {
    class(byte) != Class::Regular
}

/// A position in contents.
pub(super) struct Scanner<'c> {
    content: &'c [u8],
    at: usize,
    /// What would end the token in which the contents end.
    unfinished: Vec<u8>,
}

impl<'c> Scanner<'c> {
    /// At the start of `content`.
    pub(super) fn new(content: &'c [u8]) -> Self {
        Self {
            content,
            at: 0,
            unfinished: Vec::new(),
        }
    }

    /// What would end the token in which the contents end, once they are read to the end.
    pub(super) fn closing(&self) -> Vec<u8> {
        self.unfinished.clone()
    }

    fn rest(&self) -> &'c [u8] {
        self.content.get(self.at..).unwrap_or_default()
    }

    fn skip_while(&mut self, accepted: impl Fn(u8) -> bool) {
        let rest = self.rest();
        self.at += rest
            .iter()
            .position(|byte| !accepted(*byte))
            .unwrap_or(rest.len());
    }

    /// The next token, or `None` at the end.
    pub(super) fn next_token(&mut self) -> Option<Token<'c>> {
        loop {
            self.skip_while(is_white);
            let rest = self.rest();
            let (&first, after) = rest.split_first()?;
            if first == b'%' {
                self.skip_while(|byte| byte != b'\n' && byte != b'\r');
                continue;
            }
            return Some(match first {
                b'(' => self.string(),
                b'<' if after.first() == Some(&b'<') => self.advance(2, Token::Open(b'<')),
                b'<' => self.hexadecimal_string(),
                b'>' if after.first() == Some(&b'>') => self.advance(2, Token::Close(b'<')),
                b'[' => self.advance(1, Token::Open(b'[')),
                b']' => self.advance(1, Token::Close(b'[')),
                b'/' => {
                    self.at += 1;
                    self.skip_while(|byte| !is_boundary(byte));
                    Token::Operand
                }
                b')' | b'>' | b'{' | b'}' => self.advance(1, Token::Odd),
                _ => self.number_or_keyword(),
            });
        }
    }

    /// The name that was just read, without its solidus: used between `BI` and `ID`.
    pub(super) fn token_text(&mut self) -> Option<(&'c [u8], Token<'c>)> {
        self.skip_while(is_white);
        let start = self.at;
        let token = self.next_token()?;
        let text = self.content.get(start..self.at).unwrap_or_default();
        Some((text, token))
    }

    fn advance(&mut self, count: usize, token: Token<'c>) -> Token<'c> {
        self.at += count;
        token
    }

    fn number_or_keyword(&mut self) -> Token<'c> {
        let rest = self.rest();
        self.skip_while(|byte| !is_boundary(byte));
        let word = rest
            .get(..rest.len() - self.rest().len())
            .unwrap_or_default();
        // Signs and points where none should be do not make an operator out of a number.
        if word
            .iter()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.'))
        {
            Token::Operand
        } else {
            Token::Keyword(word)
        }
    }

    fn string(&mut self) -> Token<'c> {
        let mut depth = 0usize;
        let mut escaped = false;
        for (index, byte) in self.rest().iter().enumerate() {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'(' => depth += 1,
                b')' => {
                    depth -= 1;
                    if depth == 0 {
                        return self.advance(index + 1, Token::Operand);
                    }
                }
                _ => {}
            }
        }
        self.at = self.content.len();
        if escaped {
            self.unfinished.push(b' ');
        }
        self.unfinished.resize(self.unfinished.len() + depth, b')');
        Token::Odd
    }

    fn hexadecimal_string(&mut self) -> Token<'c> {
        let mut odd = false;
        for (index, byte) in self.rest().iter().enumerate().skip(1) {
            match byte {
                b'>' if odd => return self.advance(index + 1, Token::Odd),
                b'>' => return self.advance(index + 1, Token::Operand),
                _ => odd |= !byte.is_ascii_hexdigit() && !is_white(*byte),
            }
        }
        self.at = self.content.len();
        self.unfinished.push(b'>');
        Token::Odd
    }

    /// Skips an inline image (ISO 32000-2, 8.9.7) of which `BI` was just read. Says whether every
    /// reader must find its end at the same place.
    pub(super) fn skip_inline_image(&mut self) -> bool {
        let Some(expected) = inline_image::read_dictionary(self) else {
            return self.skip_to_image_end(false);
        };
        // One white-space character stands between `ID` and the data.
        self.at += 1;
        let sure = inline_image::is_exactly(expected, self.rest());
        self.skip_to_image_end(sure)
    }

    /// Goes on after the first `EI` that stands alone.
    fn skip_to_image_end(&mut self, sure: bool) -> bool {
        let rest = self.rest();
        let mut from = 0;
        while let Some(found) = rest
            .get(from..)
            .and_then(|tail| tail.windows(2).position(|pair| pair == b"EI"))
        {
            let at = from + found;
            let before = at.checked_sub(1).and_then(|before| rest.get(before));
            let after = rest.get(at + 2);
            if before.is_none_or(|byte| is_white(*byte)) && after.is_none_or(|b| is_boundary(*b)) {
                self.at += at + 2;
                return sure;
            }
            from = at + 1;
        }
        self.at = self.content.len();
        self.unfinished.extend(b"\nEI");
        false
    }
}
