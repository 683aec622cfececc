//! What the drawing process does: a PDF in, its pages out, as long as it lives.

use std::io::{self, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_syntax::Pdf;
use hayro::hayro_syntax::page::Page;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings};

use super::{CHANNELS, Grain, Leaf, Raster, wire};

/// Points of an inch.
const POINTS: f32 = 72.0;

/// Draws every page of a PDF into `out`, in order, in the frames of `wire`. A page on which the renderer
/// fails is said to be undrawn, and the next one is drawn.
///
/// The renderer knows no limits: only for a process that is [confined](super::confine()).
///
/// # Errors
/// A file that is no PDF, or nobody who listens.
pub fn draw(pdf: Vec<u8>, grain: Grain, out: &mut impl Write) -> io::Result<()> {
    let pdf = Pdf::new(pdf).map_err(|_| io::Error::from(io::ErrorKind::InvalidData))?;
    let pages = pdf.pages();
    let count = u32::try_from(pages.len()).map_err(io::Error::other)?;
    wire::begin(out, count)?;
    let faults = Arc::new(AtomicBool::new(false));
    let sink = Arc::clone(&faults);
    let settings = InterpreterSettings {
        warning_sink: Arc::new(move |_| sink.store(true, Ordering::Relaxed)),
        ..InterpreterSettings::default()
    };
    let mut cache = RenderCache::new();
    for page in pages.iter() {
        faults.store(false, Ordering::Relaxed);
        let drawn = catch_unwind(AssertUnwindSafe(|| raster(page, grain, &cache, &settings)));
        let leaf = match drawn {
            Ok(Some(raster)) => Leaf::Drawn {
                raster,
                whole: !faults.load(Ordering::Relaxed),
            },
            Ok(None) => Leaf::Undrawn,
            Err(_) => {
                // Whatever it was in the middle of is thrown away with it.
                cache = RenderCache::new();
                Leaf::Undrawn
            }
        };
        wire::send(out, &leaf)?;
    }
    Ok(())
}

fn raster<'a>(
    page: &'a Page<'a>,
    grain: Grain,
    cache: &RenderCache<'a>,
    settings: &InterpreterSettings,
) -> Option<Raster> {
    let (width, height) = page.render_dimensions();
    let scale = scale(grain, width, height)?;
    let pixmap = hayro::render(
        page,
        cache,
        settings,
        &RenderSettings::default(),
        &PixmapSettings {
            x_scale: scale,
            y_scale: scale,
            bg_color: WHITE,
        },
    );
    let pixels = pixmap
        .data_as_u8_slice()
        .chunks_exact(CHANNELS + 1)
        .filter_map(|pixel| pixel.get(..CHANNELS))
        .flatten()
        .copied()
        .collect();
    Raster::new(pixmap.width(), pixmap.height(), pixels)
}

/// Pixels a point, so that a page of this size in points gives a picture that is not too large. `None`
/// for a page that would have no pixels.
fn scale(grain: Grain, width: f32, height: f32) -> Option<f32> {
    let scale = (f32::from(grain.resolution) / POINTS)
        .min(f32::from(grain.widest) / width)
        .min(f32::from(grain.highest) / height);
    let visible = |length: f32| length.is_finite() && length * scale >= 1.0;
    (visible(width) && visible(height)).then_some(scale)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_drawn_at_one_scale_unless_they_are_huge() {
        for grain in [Grain::SEEN, Grain::SCANNED] {
            let scale_of_a4 = scale(grain, 595.0, 842.0).unwrap();
            assert!((scale_of_a4 * POINTS - f32::from(grain.resolution)).abs() < 0.01);
            for (width, height) in [(14_400.0, 14_400.0), (1_000.0, 14_400.0), (5_000.0, 100.0)] {
                let scale = scale(grain, width, height).unwrap();
                assert!(width * scale <= f32::from(grain.widest) + 0.5, "{width}");
                assert!(height * scale <= f32::from(grain.highest) + 0.5, "{height}");
            }
        }
    }

    #[test]
    fn a_page_without_any_pixel_is_not_drawn() {
        for (width, height) in [
            (0.1, 800.0),
            (f32::NAN, 800.0),
            (f32::INFINITY, 800.0),
            (1e9, 3.0),
        ] {
            assert_eq!(
                scale(Grain::SEEN, width, height),
                None,
                "{width} × {height}"
            );
        }
    }
}
