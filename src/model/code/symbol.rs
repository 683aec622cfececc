//! The symbols of a code, which are also the elements of GF(32).

use std::ops::{Add, Mul};

/// Crockford's base 32: the digits and the letters without I, L, O and U.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// x⁵ + x² + 1, primitive over GF(2): its root α = 2 generates every element but zero.
const MODULUS: u8 = 0b10_0101;

/// A symbol: five bits, an element of GF(32).
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Symbol(u8);

impl Symbol {
    /// The zero of the field, written `0`.
    pub(super) const ZERO: Self = Self(0);
    /// The one of the field.
    pub(super) const ONE: Self = Self(1);
    /// The primitive element.
    pub(super) const ALPHA: Self = Self(2);

    /// The five low bits of `byte`.
    pub(super) const fn of_low_bits(byte: u8) -> Self {
        Self(byte & 0b1_1111)
    }

    /// The symbol as a person writes it, in any case; `I` and `L` are `1`, `O` is `0`.
    pub(super) fn of_char(written: char) -> Option<Self> {
        let letter = match written.to_ascii_uppercase() {
            'I' | 'L' => '1',
            'O' => '0',
            other => other,
        };
        let place = ALPHABET
            .iter()
            .position(|known| char::from(*known) == letter)?;
        u8::try_from(place).ok().map(Self)
    }

    /// The symbol of a letter known to be in the alphabet; any other stands for zero.
    pub(super) fn of_letter(letter: u8) -> Self {
        Self::of_char(char::from(letter)).unwrap_or(Self::ZERO)
    }

    /// Its letter in capitals.
    pub(super) fn letter(self) -> u8 {
        ALPHABET[usize::from(self.0 % 32)]
    }

    /// The product in the field, usable in constants.
    pub(super) const fn times(self, other: Self) -> Self {
        let mut product = 0;
        let mut shifted = self.0;
        let mut factor = other.0;
        while factor != 0 {
            if factor & 1 == 1 {
                product ^= shifted;
            }
            shifted <<= 1;
            if shifted & 0b10_0000 != 0 {
                shifted ^= MODULUS;
            }
            factor >>= 1;
        }
        Self(product)
    }

    /// The sum in the field (and the difference: the characteristic is two), usable in constants.
    pub(super) const fn plus(self, other: Self) -> Self {
        Self(self.0 ^ other.0)
    }
}

impl Add for Symbol {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        self.plus(other)
    }
}

impl Mul for Symbol {
    type Output = Self;

    fn mul(self, other: Self) -> Self {
        self.times(other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alpha_generates_every_element_but_zero() {
        let mut power = Symbol::ONE;
        let mut seen = [false; 32];
        for _ in 0..31 {
            seen[usize::from(power.0)] = true;
            power = power * Symbol::ALPHA;
        }
        assert!(power == Symbol::ONE);
        assert!(seen[1..].iter().all(|seen| *seen) && !seen[0]);
    }

    #[test]
    fn every_letter_reads_back_in_both_cases_and_u_is_none() {
        for value in 0..32 {
            let symbol = Symbol::of_low_bits(value);
            let letter = char::from(symbol.letter());
            assert!(Symbol::of_char(letter) == Some(symbol));
            assert!(Symbol::of_char(letter.to_ascii_lowercase()) == Some(symbol));
        }
        assert!(Symbol::of_char('u').is_none());
        assert!(Symbol::of_char('é').is_none());
    }
}
