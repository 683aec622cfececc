//! The verification code (CSV, *codi segur de verificació*).
//!
//! 24 symbols of Crockford's base 32, printed in six groups of four: `K7Q2-9FHM-3XTD-W8RA-5CZN-J4PE`.
//! The first 21 carry 105 bits; the last three are Reed–Solomon checks over GF(32). They locate any
//! one wrong symbol and never miss two wrong symbols or a swap, so that a page can say which group is
//! mistyped without asking the archive.
//!
//! Whoever holds a code gets the copy: it is a bearer secret. That is why a [`Code`] has neither
//! `Display` nor `Serialize`, and why its `Debug` shows the first group only.

mod checks;
mod reading;
mod symbol;

use std::fmt;

use self::checks::{Verdict, check_symbols, examine};
use self::symbol::Symbol;
use super::organ::Environment;

/// Symbols in a code.
pub(crate) const LENGTH: usize = 24;
/// Symbols that carry data; the others are checks.
const DATA: usize = 21;
/// Symbols in a group.
const GROUP: usize = 4;
/// The first group of every code of the test environment.
const TEST_GROUP: &[u8; GROUP] = b"PR0V";

/// A verification code whose checks are right.
#[derive(Clone, PartialEq, Eq)]
pub struct Code([Symbol; LENGTH]);

impl Code {
    /// The code of a real copy: the first 105 of these bits and their checks. `None` when it would
    /// begin with `PR0V`, the mark of the test environment (once in a million): derive other bits.
    pub fn from_bits(bits: &[u8; 32]) -> Option<Self> {
        let code = Self::of_data(leading_symbols(bits));
        (code.environment() == Environment::Pro).then_some(code)
    }

    /// The code of a copy of the test environment: `PR0V`, then the first 85 of these bits, then the
    /// checks.
    pub fn for_test(bits: &[u8; 32]) -> Self {
        let mut data = leading_symbols(bits);
        data.rotate_right(GROUP);
        for (symbol, letter) in data.iter_mut().zip(TEST_GROUP) {
            *symbol = Symbol::of_letter(*letter);
        }
        Self::of_data(data)
    }

    fn of_data(data: [Symbol; DATA]) -> Self {
        let checks = check_symbols(&data);
        let mut symbols = [Symbol::ZERO; LENGTH];
        for (place, symbol) in symbols.iter_mut().zip(data.into_iter().chain(checks)) {
            *place = symbol;
        }
        Self(symbols)
    }

    /// Accepts symbols whose checks are right; says where the wrong one is when there is only one.
    fn of_symbols(symbols: [Symbol; LENGTH]) -> Result<Self, CodeError> {
        match examine(&symbols) {
            Verdict::Sound => Ok(Self(symbols)),
            Verdict::OneWrong { index } => Err(CodeError::Mistyped {
                place: Place::of_index(index),
            }),
            Verdict::SeveralWrong => Err(CodeError::Mistyped { place: None }),
        }
    }

    /// Finds the one code in what a person typed, pasted or scanned: any case; spaces, dots, hyphens
    /// and dashes of every kind, line breaks; an address that contains it; the whole legend of a copy.
    /// `I` and `L` are read as `1`, `O` as `0`. Nothing is corrected beyond that.
    ///
    /// # Errors
    /// [`CodeError`] says what is wrong in terms of what the person typed.
    pub fn read(text: &str) -> Result<Self, CodeError> {
        reading::read(text)
    }

    /// The environment the code belongs to, which its first group tells.
    pub fn environment(&self) -> Environment {
        if self.letters().take(GROUP).eq(TEST_GROUP.iter().copied()) {
            Environment::Pre
        } else {
            Environment::Pro
        }
    }

    /// As printed: `K7Q2-9FHM-3XTD-W8RA-5CZN-J4PE`.
    pub fn grouped(&self) -> String {
        let mut text = String::with_capacity(LENGTH + LENGTH / GROUP);
        for (index, letter) in self.letters().enumerate() {
            if index > 0 && index % GROUP == 0 {
                text.push('-');
            }
            text.push(char::from(letter));
        }
        text
    }

    /// The 24 symbols without hyphens, as in addresses and in the QR.
    pub fn compact(&self) -> String {
        self.letters().map(char::from).collect()
    }

    fn letters(&self) -> impl Iterator<Item = u8> {
        self.0.iter().map(|symbol| symbol.letter())
    }
}

/// The first 21 symbols of five bits each, most significant first.
fn leading_symbols(bits: &[u8; 32]) -> [Symbol; DATA] {
    let (first, _) = bits.as_chunks::<16>();
    let mut rest = first.first().map_or(0, |bytes| u128::from_be_bytes(*bytes));
    [(); DATA].map(|()| {
        rest = rest.rotate_left(5);
        Symbol::of_low_bits(rest.to_le_bytes()[0])
    })
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let group: String = self.letters().take(GROUP).map(char::from).collect();
        write!(f, "Code({group}-…)")
    }
}

/// A place in a printed code, both counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The group, 1 to 6.
    pub group: u8,
    /// The symbol in its group, 1 to 4.
    pub symbol: u8,
}

impl Place {
    fn of_index(index: usize) -> Option<Self> {
        Some(Self {
            group: u8::try_from(index / GROUP + 1).ok()?,
            symbol: u8::try_from(index % GROUP + 1).ok()?,
        })
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "symbol {} of group {}", self.symbol, self.group)
    }
}

/// Why a text is not read as a code. Says where, never what: the rest of the text may be a valid code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CodeError {
    /// Nothing was typed.
    #[error("no code was given")]
    Empty,
    /// A text in which nothing looks like a code.
    #[error("the text contains no code: six groups of four letters and digits")]
    NoCode,
    /// Something like a code, too short or too long.
    #[error("a code has 24 letters and digits, and this has {found}")]
    WrongLength {
        /// Letters and digits found.
        found: usize,
    },
    /// 24 symbols whose checks are wrong.
    #[error("the code is mistyped{}", .place.map(|place| format!(": {place}")).unwrap_or_default())]
    Mistyped {
        /// Where, when exactly one symbol can be wrong.
        place: Option<Place>,
    },
    /// 24 letters and digits, one of which no code contains, such as `U`.
    #[error("no code contains {symbol:?} ({place})")]
    InvalidSymbol {
        /// The first such letter.
        symbol: char,
        /// Where it stands.
        place: Place,
    },
    /// The text contains more than one code: a copy of a copy carries two bands.
    #[error("the text contains more than one code")]
    Several,
}

#[cfg(test)]
mod tests;
