//! Pages as pictures: a stranger room that knows hayro, the renderer, rqrr, a reader of QR symbols, and
//! nobody else.
//!
//! The renderer knows no limits and cannot be interrupted inside a page: a file of two megabytes can make
//! it ask for two gigabytes. So no page is ever drawn in the process that serves. [`Renderer`] starts this
//! program again, once per document, in a process that limits its own memory and processor time, may open
//! no file and is killed when the time is up ([`draw()`] is what runs there); the two talk in the frames of
//! `wire`. What dies, is killed or cannot be read was *not compared*: that is never an error, and never
//! *equal*.
//!
//! [`Renderer::compare`] looks at two documents page by page and keeps pictures only of the pages that differ.
//! [`Renderer::read_symbols`] looks at the first page of one as a telephone does.

mod comparison;
mod confine;
mod difference;
mod draw;
mod png;
mod renderer;
mod symbols;
mod wire;

pub use self::comparison::{Cause, Comparison, Difference, Outcome, Picture};
pub use self::confine::{Confinement, confine};
pub use self::difference::Region;
pub use self::draw::draw;
pub use self::renderer::{Renderer, SUBCOMMAND};

/// Dots per inch at which pages are compared: type of 8 pt can be read, and a page of A4 is 660 wide.
pub const RESOLUTION: u16 = Grain::SEEN.resolution;

/// How finely pages are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grain {
    /// Dots per inch.
    resolution: u16,
    /// The widest and the highest picture, in pixels. Larger pages are drawn at a smaller scale.
    widest: u16,
    highest: u16,
}

impl Grain {
    /// For people, on a screen.
    pub const SEEN: Self = Self {
        resolution: 80,
        widest: 900,
        highest: 1300,
    };
    /// As an office scanner sees a page: the modules of a QR symbol are four dots wide.
    pub const SCANNED: Self = Self {
        resolution: 200,
        widest: 2250,
        highest: 3250,
    };

    /// The grain with so many dots per inch.
    pub fn of_resolution(resolution: u16) -> Option<Self> {
        [Self::SEEN, Self::SCANNED]
            .into_iter()
            .find(|grain| grain.resolution == resolution)
    }
}

/// Bytes of a pixel: red, green, blue.
const CHANNELS: usize = 3;

/// A page as pixels, row by row from the top, on white.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Raster {
    width: u16,
    height: u16,
    /// Red, green and blue of every pixel.
    pixels: Vec<u8>,
}

impl Raster {
    /// `None` when there are not as many pixels as the size says.
    fn new(width: u16, height: u16, pixels: Vec<u8>) -> Option<Self> {
        (pixels.len() == Self::bytes(width, height)).then_some(Self {
            width,
            height,
            pixels,
        })
    }

    /// Bytes of the pixels of a page of this size.
    fn bytes(width: u16, height: u16) -> usize {
        usize::from(width) * usize::from(height) * CHANNELS
    }

    /// The rows of pixels.
    fn rows(&self) -> impl Iterator<Item = &[u8]> {
        self.pixels
            .chunks_exact((usize::from(self.width) * CHANNELS).max(1))
    }
}

/// A page as the renderer gave it.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Leaf {
    /// Drawn; `whole` unless something on it could not be read (a font, an image).
    Drawn { raster: Raster, whole: bool },
    /// The renderer failed on it.
    Undrawn,
}
