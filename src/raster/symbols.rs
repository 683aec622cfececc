//! The QR symbols (ISO/IEC 18004) on a page.

use std::panic::{AssertUnwindSafe, catch_unwind};

use rqrr::PreparedImage;

use super::{CHANNELS, Raster};

/// What the symbols on a page say, those that can be read.
pub(super) fn read(page: &Raster) -> Vec<String> {
    let width = usize::from(page.width);
    let grey = |x: usize, y: usize| {
        let at = (y * width + x) * CHANNELS;
        let pixel = page.pixels.get(at..at + CHANNELS).unwrap_or_default();
        let sum: u16 = pixel.iter().copied().map(u16::from).sum();
        u8::try_from(sum / CHANNELS as u16).unwrap_or(u8::MAX)
    };
    // The reader promises nothing about odd pictures.
    let found = catch_unwind(AssertUnwindSafe(|| {
        let mut image = PreparedImage::prepare_from_greyscale(width, page.height.into(), grey);
        let symbols = image.detect_grids().into_iter();
        symbols
            .filter_map(|symbol| Some(symbol.decode().ok()?.1))
            .collect()
    }));
    found.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use qrcodegen::{QrCode, QrCodeEcc};

    use super::*;

    /// A page with a symbol whose modules are four pixels wide.
    fn page_with(text: &str) -> Raster {
        const MODULE: usize = 4;
        const MARGIN: usize = 40;
        let code = QrCode::encode_text(text, QrCodeEcc::Medium).unwrap();
        let side = code.size() as usize * MODULE + 2 * MARGIN;
        let module = |at: usize| (at as i32 - MARGIN as i32).div_euclid(MODULE as i32);
        let mut pixels = Vec::new();
        for y in 0..side {
            for x in 0..side {
                let dark = code.get_module(module(x), module(y));
                pixels.extend([if dark { 0 } else { 255 }; CHANNELS]);
            }
        }
        Raster::new(side as u16, side as u16, pixels).unwrap()
    }

    #[test]
    fn a_symbol_is_read_back_to_the_letter() {
        let address = "https://VERIFICA.EXEMPLE.CAT/PR0VK7Q29FHM3XTDW8RA5CZN";
        assert_eq!(read(&page_with(address)), [address]);
    }

    #[test]
    fn a_page_without_any_symbol_says_nothing() {
        let blank = Raster::new(50, 40, vec![255; Raster::bytes(50, 40)]).unwrap();
        assert!(read(&blank).is_empty());
    }
}
