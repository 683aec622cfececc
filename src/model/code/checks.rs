//! The checks: a Reed–Solomon code over GF(32), shortened to 24 symbols.
//!
//! The code is the polynomial c₀x²³ + … + c₂₃, a multiple of (x − α)(x − α²)(x − α³). Two such
//! polynomials differ in at least four places, hence: one wrong symbol is located, and two wrong
//! symbols (a swap is at most that) are noticed and never taken for one in another place.

use super::symbol::Symbol;
use super::{DATA, LENGTH};

/// Number of checks, and of roots of the generator.
const CHECKS: usize = LENGTH - DATA;

/// α, α², α³.
const ROOTS: [Symbol; CHECKS] = {
    let alpha = Symbol::ALPHA;
    let square = alpha.times(alpha);
    [alpha, square, square.times(alpha)]
};

/// The coefficients of x², x and 1 in (x − α)(x − α²)(x − α³).
const GENERATOR: [Symbol; CHECKS] = {
    let [a, b, c] = ROOTS;
    [
        a.plus(b).plus(c),
        a.times(b).plus(a.times(c)).plus(b.times(c)),
        a.times(b).times(c),
    ]
};

/// What the checks say about 24 symbols.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// They are a code.
    Sound,
    /// One symbol, and only that one, can be wrong.
    OneWrong {
        /// Its index, from 0.
        index: usize,
    },
    /// More than one is wrong.
    SeveralWrong,
}

/// The checks of `data`: the remainder of its polynomial, times x³, by the generator.
pub(super) fn check_symbols(data: &[Symbol; DATA]) -> [Symbol; CHECKS] {
    let [g2, g1, g0] = GENERATOR;
    data.iter()
        .fold([Symbol::ZERO; CHECKS], |[r2, r1, r0], &symbol| {
            let factor = symbol + r2;
            [r1 + factor * g2, r0 + factor * g1, factor * g0]
        })
}

/// Judges 24 symbols by their syndromes, the values of the polynomial at the three roots.
pub(super) fn examine(symbols: &[Symbol; LENGTH]) -> Verdict {
    let [s1, s2, s3] = ROOTS.map(|root| {
        symbols
            .iter()
            .fold(Symbol::ZERO, |value, &symbol| value * root + symbol)
    });
    if [s1, s2, s3] == [Symbol::ZERO; CHECKS] {
        return Verdict::Sound;
    }
    if s1 == Symbol::ZERO {
        return Verdict::SeveralWrong;
    }
    // An error e in the symbol of xᵖ alone gives the syndromes eαᵖ, eα²ᵖ, eα³ᵖ.
    let mut power = Symbol::ONE;
    for index in (0..LENGTH).rev() {
        if s1 * power == s2 && s2 * power == s3 {
            return Verdict::OneWrong { index };
        }
        power = power * Symbol::ALPHA;
    }
    Verdict::SeveralWrong
}
