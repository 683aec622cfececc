//! Values as they were read, each with the place where it stands.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::scanner::hexadecimal_digit;
use super::violation::{Rule, Violation};
use crate::validate::ranges::decode_hole;

/// A reference to an indirect object (ISO 32000-2, 7.3.10).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Reference {
    pub(super) number: u32,
    pub(super) generation: u16,
}

/// A value.
#[derive(Clone, Debug)]
pub(super) struct Value<'a> {
    /// Offset of its first byte in the whole file.
    pub(super) at: u64,
    /// Its bytes, as written.
    pub(super) raw: &'a [u8],
    pub(super) kind: Kind<'a>,
}

/// What a value is.
#[derive(Clone, Debug)]
pub(super) enum Kind<'a> {
    Dictionary(Dictionary<'a>),
    Array(Vec<Value<'a>>),
    /// Decoded.
    Name(Cow<'a, [u8]>),
    Integer(i64),
    Reference(Reference),
    LiteralString,
    HexadecimalString,
    /// No rule needs its value, only that it stays the same.
    Real,
    /// `true`, `false` or `null`.
    Keyword,
}

impl<'a> Value<'a> {
    /// Whether both are the same tokens. The order of dictionary keys and the white space between tokens
    /// have no meaning and are not compared; the spelling of strings and numbers is.
    pub(super) fn same_tokens(&self, other: &Value<'_>) -> bool {
        match (&self.kind, &other.kind) {
            (Kind::Dictionary(one), Kind::Dictionary(two)) => {
                one.entries.len() == two.entries.len()
                    && one.entries.iter().zip(&two.entries).all(
                        |((key, value), (other_key, other))| {
                            key == other_key && value.same_tokens(other)
                        },
                    )
            }
            (Kind::Array(one), Kind::Array(two)) => {
                one.len() == two.len()
                    && one
                        .iter()
                        .zip(two)
                        .all(|(value, other)| value.same_tokens(other))
            }
            (Kind::Name(one), Kind::Name(two)) => one == two,
            (Kind::Reference(one), Kind::Reference(two)) => one == two,
            (Kind::Dictionary(_) | Kind::Array(_) | Kind::Name(_) | Kind::Reference(_), _)
            | (_, Kind::Dictionary(_) | Kind::Array(_) | Kind::Name(_) | Kind::Reference(_)) => {
                false
            }
            _ => self.raw == other.raw,
        }
    }

    pub(super) fn as_dictionary(&self) -> Option<&Dictionary<'a>> {
        match &self.kind {
            Kind::Dictionary(dictionary) => Some(dictionary),
            _ => None,
        }
    }

    pub(super) fn as_array(&self) -> Option<&[Self]> {
        match &self.kind {
            Kind::Array(items) => Some(items),
            _ => None,
        }
    }

    pub(super) fn as_integer(&self) -> Option<i64> {
        match self.kind {
            Kind::Integer(integer) => Some(integer),
            _ => None,
        }
    }

    pub(super) fn as_reference(&self) -> Option<Reference> {
        match self.kind {
            Kind::Reference(reference) => Some(reference),
            _ => None,
        }
    }

    pub(super) fn is_name(&self, expected: &[u8]) -> bool {
        matches!(&self.kind, Kind::Name(name) if name.as_ref() == expected)
    }

    /// The bytes of a string, decoded (ISO 32000-2, 7.3.4).
    pub(super) fn string_bytes(&self) -> Option<Vec<u8>> {
        let inside = self.raw.get(1..self.raw.len().checked_sub(1)?)?;
        match self.kind {
            Kind::LiteralString => Some(decode_literal(inside)),
            // Few have white space inside.
            Kind::HexadecimalString => decode_hole(self.raw).or_else(|| decode_hexadecimal(inside)),
            _ => None,
        }
    }

    /// Whether a reference stands anywhere in it.
    pub(super) fn has_reference(&self) -> bool {
        match &self.kind {
            Kind::Reference(_) => true,
            Kind::Array(items) => items.iter().any(Value::has_reference),
            Kind::Dictionary(dictionary) => dictionary.entries.values().any(Value::has_reference),
            _ => false,
        }
    }
}

/// A dictionary: no key twice, every key printable ASCII.
#[derive(Clone, Debug)]
pub(super) struct Dictionary<'a> {
    /// Offset of its `<<` in the whole file.
    pub(super) at: u64,
    pub(super) entries: BTreeMap<Cow<'a, [u8]>, Value<'a>>,
}

impl<'a> Dictionary<'a> {
    pub(super) fn get(&self, key: &[u8]) -> Option<&Value<'a>> {
        self.entries.get(key)
    }

    /// The value of a key that `rule` demands.
    pub(super) fn require(
        &self,
        key: &[u8],
        rule: Rule,
        text: &'static str,
    ) -> Result<&Value<'a>, Violation> {
        self.get(key).ok_or_else(|| rule.broken(self.at, text))
    }

    /// Nothing but these keys.
    pub(super) fn only(
        &self,
        keys: &[&[u8]],
        rule: Rule,
        text: &'static str,
    ) -> Result<(), Violation> {
        let other = self
            .entries
            .iter()
            .find(|(key, _)| !keys.contains(&key.as_ref()));
        other.map_or(Ok(()), |(_, value)| Err(rule.broken(value.at, text)))
    }

    /// An integer that must stand here itself, not behind a reference (S6).
    pub(super) fn integer(&self, key: &[u8]) -> Result<Option<i64>, Violation> {
        let Some(value) = self.get(key) else {
            return Ok(None);
        };
        let integer = value.as_integer();
        integer
            .map(Some)
            .ok_or_else(|| Rule::S6.broken(value.at, "an integer was expected here, directly"))
    }
}

fn decode_literal(inside: &[u8]) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(inside.len());
    let mut bytes = inside.iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        match byte {
            b'\r' => {
                bytes.next_if_eq(&b'\n');
                decoded.push(b'\n');
            }
            b'\\' => match bytes.next() {
                Some(b'n') => decoded.push(b'\n'),
                Some(b'r') => decoded.push(b'\r'),
                Some(b't') => decoded.push(b'\t'),
                Some(b'b') => decoded.push(0x08),
                Some(b'f') => decoded.push(0x0C),
                Some(b'\n') | None => {}
                Some(b'\r') => {
                    bytes.next_if_eq(&b'\n');
                }
                Some(first @ b'0'..=b'7') => {
                    let mut code = first - b'0';
                    for _ in 0..2 {
                        let Some(digit) = bytes.next_if(|byte| matches!(byte, b'0'..=b'7')) else {
                            break;
                        };
                        code = code.wrapping_mul(8).wrapping_add(digit - b'0');
                    }
                    decoded.push(code);
                }
                Some(other) => decoded.push(other),
            },
            other => decoded.push(other),
        }
    }
    decoded
}

fn decode_hexadecimal(inside: &[u8]) -> Option<Vec<u8>> {
    let mut digits = inside.iter().filter_map(|byte| hexadecimal_digit(*byte));
    let mut decoded = Vec::with_capacity(inside.len() / 2);
    while let Some(high) = digits.next() {
        decoded.push(high << 4 | digits.next()?);
    }
    Some(decoded)
}
