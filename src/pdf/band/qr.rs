//! The QR symbol (ISO/IEC 18004) as a PDF path.
//!
//! Level M and no more: at a given size, larger modules survive a copier better than stronger error
//! correction. `https` goes in bytes, so that readers see a scheme they know, and the rest in the
//! denser alphanumeric mode.

use qrcodegen::{Mask, QrCode, QrCodeEcc, QrSegment, Version};

use crate::pdf::PdfError;

/// Light modules around the symbol, required by the standard.
pub(super) const QUIET_ZONE: usize = 4;

/// What is in the QR besides the address.
const SCHEME: &[u8] = b"https";

/// A QR symbol.
pub(super) struct QrSymbol {
    code: QrCode,
}

impl QrSymbol {
    /// The smallest symbol that says `https` and `rest`.
    ///
    /// # Errors
    /// [`PdfError::LimitPassed`] when the address is longer than any symbol.
    pub(super) fn encode(rest: &str) -> Result<Self, PdfError> {
        let rest = if QrSegment::is_alphanumeric(rest) {
            QrSegment::make_alphanumeric(rest)
        } else {
            QrSegment::make_bytes(rest.as_bytes())
        };
        // Choosing the mask by its penalty costs ten times the encoding. The standard's penalties
        // look for patterns that even data show; a code is as good as random.
        let mask = Some(Mask::new(0));
        QrCode::encode_segments_advanced(
            &[QrSegment::make_bytes(SCHEME), rest],
            QrCodeEcc::Medium,
            Version::MIN,
            Version::MAX,
            mask,
            false,
        )
        .map(|code| Self { code })
        .map_err(|_| PdfError::LimitPassed {
            limit: "verification address",
            allowed: 2_300,
        })
    }

    /// Modules on a side, without the quiet zone.
    pub(super) fn modules(&self) -> usize {
        self.code.size().unsigned_abs() as usize
    }

    /// Modules on a side, with the quiet zone.
    pub(super) fn modules_with_quiet_zone(&self) -> usize {
        self.modules() + 2 * QUIET_ZONE
    }

    /// A path of all dark modules, filled with the current colour: one unit a module, the quiet
    /// zone's lower left corner at the origin. Neighbours in a row are one rectangle, and all of
    /// it is one path, so that no renderer leaves a seam.
    pub(super) fn path(&self) -> Vec<u8> {
        let size = self.code.size();
        let quiet = QUIET_ZONE as i32;
        let mut path = Vec::with_capacity(4096);
        for y in 0..size {
            let mut x = 0;
            while x < size {
                let start = x;
                while self.code.get_module(x, y) {
                    x += 1;
                }
                if x > start {
                    let left = start + quiet;
                    let bottom = size - 1 - y + quiet;
                    for number in [left, bottom, x - start] {
                        push_number(&mut path, number);
                        path.push(b' ');
                    }
                    path.extend(b"1 re ");
                }
                x += 1;
            }
        }
        path.extend(b"f\n");
        path
    }
}

/// The decimal digits of a small positive number; there are hundreds in a symbol.
fn push_number(out: &mut Vec<u8>, number: i32) {
    let number = number.unsigned_abs();
    for unit in [100, 10] {
        if number >= unit {
            out.push(b'0' + (number / unit % 10) as u8);
        }
    }
    out.push(b'0' + (number % 10) as u8);
}

#[cfg(test)]
mod tests {
    use super::*;

    const REST: &str = "://VERIFICA.EXEMPLE.CAT/K7Q29FHM3XTDW8RA5CZNJ4PE";

    #[test]
    fn an_address_of_twenty_characters_fits_in_twenty_nine_modules() {
        assert_eq!(QrSymbol::encode(REST).unwrap().modules(), 29);
    }

    #[test]
    fn the_path_covers_every_dark_module_once() {
        let symbol = QrSymbol::encode(REST).unwrap();
        let path = String::from_utf8(symbol.path()).unwrap();
        let numbers: Vec<i32> = path
            .split_whitespace()
            .filter_map(|word| word.parse().ok())
            .collect();
        let mut drawn = std::collections::BTreeSet::new();
        for run in numbers.chunks_exact(4) {
            for x in run[0]..run[0] + run[2] {
                assert!(drawn.insert((x - 4, 28 - (run[1] - 4))));
            }
        }
        for y in 0..29 {
            for x in 0..29 {
                let dark = symbol.code.get_module(x, y);
                assert_eq!(drawn.contains(&(x, y)), dark, "{x} {y}");
            }
        }
    }

    #[test]
    fn an_address_that_is_not_alphanumeric_is_written_in_bytes() {
        assert!(QrSymbol::encode("://exemple.cat/K7Q2").is_ok());
    }

    #[test]
    fn an_address_beyond_every_symbol_is_refused() {
        assert!(QrSymbol::encode(&"A".repeat(5000)).is_err());
    }
}
