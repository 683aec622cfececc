//! Where two pictures of the same size differ: exactly, pixel by pixel, in a few boxes.
//!
//! Both pictures come from the same renderer at the same scale, so what is drawn alike is alike to the
//! last bit, and there is no tolerance to hide a changed digit in.

use super::{CHANNELS, Raster};

/// Pixels of a cell: differences are gathered on a grid of them.
const CELL: u16 = 8;

/// Cells up to which two differences are one: a word, or words of one line.
const REACH: usize = 2;

/// More boxes than people look at.
const MOST_REGIONS: usize = 20;

/// A box on a page, in pixels from its top left corner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Region {
    /// The left side.
    pub x: u16,
    /// The upper side.
    pub y: u16,
    /// How wide it is.
    pub width: u16,
    /// How high it is.
    pub height: u16,
}

/// A box while it grows: both corners belong to it.
#[derive(Clone, Copy, Debug)]
struct Extent {
    left: usize,
    top: usize,
    right: usize,
    bottom: usize,
}

impl Extent {
    const fn of_pixel(x: usize, y: usize) -> Self {
        Self {
            left: x,
            top: y,
            right: x,
            bottom: y,
        }
    }

    fn join(&mut self, other: &Self) {
        self.left = self.left.min(other.left);
        self.top = self.top.min(other.top);
        self.right = self.right.max(other.right);
        self.bottom = self.bottom.max(other.bottom);
    }

    /// Whether no more than `gap` pixels lie between the two.
    const fn is_near(&self, other: &Self, gap: usize) -> bool {
        self.left <= other.right + gap
            && other.left <= self.right + gap
            && self.top <= other.bottom + gap
            && other.top <= self.bottom + gap
    }

    fn region(&self) -> Region {
        let number = |number: usize| u16::try_from(number).unwrap_or(u16::MAX);
        Region {
            x: number(self.left),
            y: number(self.top),
            width: number(self.right - self.left + 1),
            height: number(self.bottom - self.top + 1),
        }
    }
}

/// The boxes in which the two differ, from the top; none when they are equal. The whole page when they
/// have not the same size.
pub(super) fn regions(one: &Raster, other: &Raster) -> Vec<Region> {
    if (one.width, one.height) != (other.width, other.height) {
        return vec![Region {
            x: 0,
            y: 0,
            width: one.width,
            height: one.height,
        }];
    }
    let cells = differing_cells(one, other);
    let mut reach = REACH;
    loop {
        let joined = joined(cells.clone(), reach * usize::from(CELL));
        if joined.len() <= MOST_REGIONS {
            return joined.iter().map(Extent::region).collect();
        }
        reach *= 2;
    }
}

/// What differs in each cell of the grid in which something does, row by row.
fn differing_cells(one: &Raster, other: &Raster) -> Vec<Extent> {
    let cell = usize::from(CELL);
    let columns = usize::from(one.width).div_ceil(cell);
    let mut found = Vec::new();
    let mut band: Vec<Option<Extent>> = vec![None; columns];
    for (y, (here, there)) in one.rows().zip(other.rows()).enumerate() {
        if y % cell == 0 {
            found.extend(band.iter_mut().filter_map(Option::take));
        }
        if here == there {
            continue;
        }
        let pixels = here
            .chunks_exact(CHANNELS)
            .zip(there.chunks_exact(CHANNELS));
        for (x, _) in pixels.enumerate().filter(|(_, (a, b))| a != b) {
            let pixel = Extent::of_pixel(x, y);
            match band.get_mut(x / cell) {
                Some(Some(extent)) => extent.join(&pixel),
                Some(empty) => *empty = Some(pixel),
                None => {}
            }
        }
    }
    found.extend(band.into_iter().flatten());
    found
}

/// The boxes that remain once all that are near are one.
fn joined(cells: Vec<Extent>, gap: usize) -> Vec<Extent> {
    let mut joined: Vec<Extent> = Vec::new();
    for mut extent in cells {
        // A box that grows may come near others that it was far from.
        while let Some(place) = joined.iter().position(|other| other.is_near(&extent, gap)) {
            extent.join(&joined.swap_remove(place));
        }
        joined.push(extent);
    }
    joined.sort_by_key(|extent| (extent.top, extent.left));
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    fn white(width: u16, height: u16) -> Raster {
        let pixels = vec![255; Raster::bytes(width, height)];
        Raster::new(width, height, pixels).unwrap()
    }

    fn with_dots(width: u16, height: u16, dots: &[(usize, usize)]) -> Raster {
        let mut raster = white(width, height);
        for (x, y) in dots {
            let at = (y * usize::from(width) + x) * CHANNELS;
            raster.pixels[at] = 254;
        }
        raster
    }

    const fn region(x: u16, y: u16, width: u16, height: u16) -> Region {
        Region {
            x,
            y,
            width,
            height,
        }
    }

    #[test]
    fn equal_pages_have_no_differences() {
        assert_eq!(regions(&white(50, 70), &white(50, 70)), []);
    }

    #[test]
    fn one_pixel_of_one_shade_is_a_difference() {
        for (x, y) in [(0, 0), (49, 69), (23, 8)] {
            let changed = with_dots(50, 70, &[(x, y)]);
            let expected = region(x as u16, y as u16, 1, 1);
            assert_eq!(regions(&white(50, 70), &changed), [expected]);
            assert_eq!(regions(&changed, &white(50, 70)), [expected]);
        }
    }

    #[test]
    fn what_is_near_is_one_box_and_what_is_far_another() {
        let changed = with_dots(
            200,
            200,
            &[(10, 10), (20, 14), (36, 10), (150, 12), (12, 160)],
        );
        let expected = [
            region(10, 10, 27, 5),
            region(150, 12, 1, 1),
            region(12, 160, 1, 1),
        ];
        assert_eq!(regions(&white(200, 200), &changed), expected);
    }

    #[test]
    fn a_box_that_grows_takes_in_the_boxes_that_it_reaches() {
        // The last dot joins the two before it, which are far from each other.
        let changed = with_dots(100, 100, &[(10, 10), (40, 10), (26, 22)]);
        assert_eq!(
            regions(&white(100, 100), &changed),
            [region(10, 10, 31, 13)]
        );
    }

    #[test]
    fn pages_full_of_differences_get_a_few_boxes_that_cover_all() {
        let dots: Vec<_> = (0..20)
            .flat_map(|x| (0..20).map(move |y| (x * 40 + 5, y * 40 + 5)))
            .collect();
        let found = regions(&white(800, 800), &with_dots(800, 800, &dots));
        assert!((1..=MOST_REGIONS).contains(&found.len()), "{}", found.len());
        for (x, y) in dots {
            let inside = |region: &Region| {
                let (left, top) = (usize::from(region.x), usize::from(region.y));
                (left..left + usize::from(region.width)).contains(&x)
                    && (top..top + usize::from(region.height)).contains(&y)
            };
            assert!(found.iter().any(inside), "{x}, {y}");
        }
    }

    #[test]
    fn pages_of_another_size_differ_as_a_whole() {
        let found = regions(&white(50, 70), &white(70, 50));
        assert_eq!(found, [region(0, 0, 50, 70)]);
    }
}
