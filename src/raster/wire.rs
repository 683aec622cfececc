//! What the drawing process says to the one that serves: how many pages there are, then every page in
//! its order. All numbers big endian.
//!
//! ```text
//! "segell1\n"  pages: u32
//! per page:    'D' | 'P'  width: u16  height: u16  width × height × (red, green, blue)
//!              'U'
//! ```
//!
//! `D` is drawn, `P` drawn in part, `U` not drawn. The reader believes nothing: the other side has read a
//! hostile file.

use std::io::{self, Read, Write};

use super::{Grain, Leaf, Raster};

const MAGIC: [u8; 8] = *b"segell1\n";

/// More pages than any copy has; so many are not listed.
const MOST_PAGES: u32 = 100_000;

const DRAWN: u8 = b'D';
const IN_PART: u8 = b'P';
const UNDRAWN: u8 = b'U';

/// Says how many pages follow.
pub(super) fn begin(out: &mut impl Write, pages: u32) -> io::Result<()> {
    out.write_all(&MAGIC)?;
    out.write_all(&pages.to_be_bytes())
}

/// Sends a page at once: the other side may be waiting for it.
pub(super) fn send(out: &mut impl Write, leaf: &Leaf) -> io::Result<()> {
    match leaf {
        Leaf::Drawn { raster, whole } => {
            out.write_all(&[if *whole { DRAWN } else { IN_PART }])?;
            out.write_all(&raster.width.to_be_bytes())?;
            out.write_all(&raster.height.to_be_bytes())?;
            out.write_all(&raster.pixels)?;
        }
        Leaf::Undrawn => out.write_all(&[UNDRAWN])?,
    }
    out.flush()
}

/// Reads pages in their order.
#[derive(Debug)]
pub(super) struct Leaves<R> {
    from: R,
    grain: Grain,
    pages: u32,
}

impl<R: Read> Leaves<R> {
    /// Waits until the document is opened. `None` when it cannot be, or the other side died over it. No page
    /// larger than `grain` allows is believed.
    pub(super) fn open(mut from: R, grain: Grain) -> Option<Self> {
        let mut head = [0; MAGIC.len()];
        from.read_exact(&mut head).ok()?;
        let mut count = [0; 4];
        from.read_exact(&mut count).ok()?;
        let pages = u32::from_be_bytes(count);
        (head == MAGIC && pages <= MOST_PAGES).then_some(Self { from, grain, pages })
    }

    /// How many pages the document has.
    pub(super) const fn pages(&self) -> u32 {
        self.pages
    }

    /// The next page. `None` when the other side is gone, or talks nonsense: then nothing that follows
    /// can be believed.
    pub(super) fn next(&mut self) -> Option<Leaf> {
        let mut kind = [0];
        self.from.read_exact(&mut kind).ok()?;
        let whole = match kind {
            [DRAWN] => true,
            [IN_PART] => false,
            [UNDRAWN] => return Some(Leaf::Undrawn),
            _ => return None,
        };
        let (width, height) = (self.number()?, self.number()?);
        let Grain {
            widest, highest, ..
        } = self.grain;
        if !(1..=widest).contains(&width) || !(1..=highest).contains(&height) {
            return None;
        }
        let mut pixels = vec![0; Raster::bytes(width, height)];
        self.from.read_exact(&mut pixels).ok()?;
        let raster = Raster::new(width, height, pixels)?;
        Some(Leaf::Drawn { raster, whole })
    }

    fn number(&mut self) -> Option<u16> {
        let mut bytes = [0; 2];
        self.from.read_exact(&mut bytes).ok()?;
        Some(u16::from_be_bytes(bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GRAIN: Grain = Grain::SEEN;

    fn leaf(width: u16, height: u16) -> Leaf {
        let pixels = (0..Raster::bytes(width, height)).map(|index| index as u8);
        let raster = Raster::new(width, height, pixels.collect()).unwrap();
        Leaf::Drawn {
            raster,
            whole: true,
        }
    }

    fn sent(pages: u32, leaves: &[Leaf]) -> Vec<u8> {
        let mut bytes = Vec::new();
        begin(&mut bytes, pages).unwrap();
        for leaf in leaves {
            send(&mut bytes, leaf).unwrap();
        }
        bytes
    }

    #[test]
    fn pages_arrive_as_they_were_sent() {
        let pages = [leaf(3, 2), Leaf::Undrawn, leaf(GRAIN.widest, GRAIN.highest)];
        let bytes = sent(3, &pages);
        let mut leaves = Leaves::open(&bytes[..], GRAIN).unwrap();
        assert_eq!(leaves.pages(), 3);
        for page in pages {
            assert_eq!(leaves.next(), Some(page));
        }
        assert_eq!(leaves.next(), None);
    }

    #[test]
    fn a_process_that_died_inside_a_page_sent_no_page() {
        let bytes = sent(1, &[leaf(3, 2)]);
        for length in 0..bytes.len() {
            let page = Leaves::open(&bytes[..length], GRAIN).and_then(|mut leaves| leaves.next());
            assert_eq!(page, None, "{length}");
        }
    }

    #[test]
    fn nothing_impossible_is_believed_nor_room_made_for_it() {
        let page = |kind: u8, width: u16, height: u16| {
            let mut bytes = sent(1, &[]);
            bytes.push(kind);
            bytes.extend(width.to_be_bytes());
            bytes.extend(height.to_be_bytes());
            bytes.extend(vec![0; 64]);
            Leaves::open(&bytes[..], GRAIN).unwrap().next()
        };
        assert!(page(DRAWN, 4, 4).is_some());
        assert_eq!(page(b'X', 4, 4), None);
        assert_eq!(page(DRAWN, 0, 4), None);
        assert_eq!(page(DRAWN, u16::MAX, 1), None);
        assert_eq!(page(DRAWN, 1, GRAIN.highest + 1), None);
        assert!(Leaves::open(&sent(MOST_PAGES + 1, &[])[..], GRAIN).is_none());
        assert!(Leaves::open(&b"%PDF-1.7\n\0\0\0\x01"[..], GRAIN).is_none());
    }
}
