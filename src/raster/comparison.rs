//! Two documents, page by page: what is equal, what differs and where, and what was not compared.

use std::io::Read;

use super::difference::{self, Region};
use super::wire::Leaves;
use super::{Grain, Leaf, Raster, png};

/// Two documents that were compared: a copy as it was issued, and a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// Pages of the file; `None` when it could not be opened.
    pub file_pages: Option<u32>,
    /// What became of every page number that either of them has, from the first.
    pub pages: Vec<Outcome>,
}

/// What became of a page number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The two pages look the same to the last pixel.
    Equal,
    /// They do not.
    Different(Difference),
    /// The file ends before; the page of the copy, if it could be drawn.
    OnlyInCopy(Option<Picture>),
    /// The copy ends before; the page of the file, if it could be drawn.
    OnlyInFile(Option<Picture>),
    /// Nobody looked at it, so nothing is said.
    NotCompared(Cause),
}

/// How two pages differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Where, on both pages; empty when they have not the same size.
    pub regions: Vec<Region>,
    /// The page of the copy and that of the file, as long as there is room for pictures.
    pub pictures: Option<(Picture, Picture)>,
}

/// Why a page was not compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The time was up.
    Time,
    /// One of the two could not be drawn, or not wholly.
    Undrawn,
}

/// A page as a picture.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    /// Pixels from left to right.
    pub width: u16,
    /// Pixels from top to bottom.
    pub height: u16,
    /// The PNG file.
    pub png: Vec<u8>,
}

impl std::fmt::Debug for Picture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Picture({} × {})", self.width, self.height)
    }
}

impl Comparison {
    /// Nothing was compared of a copy with so many pages.
    pub fn none(copy_pages: u32, cause: Cause) -> Self {
        Self {
            file_pages: None,
            pages: (0..copy_pages)
                .map(|_| Outcome::NotCompared(cause))
                .collect(),
        }
    }

    /// A copy with so many pages, and a file that is the copy, byte for byte.
    pub fn same(copy_pages: u32) -> Self {
        Self {
            file_pages: Some(copy_pages),
            pages: (0..copy_pages).map(|_| Outcome::Equal).collect(),
        }
    }

    /// Whether every page was compared and none differs.
    pub fn is_equal(&self) -> bool {
        !self.pages.is_empty() && self.pages.iter().all(|page| *page == Outcome::Equal)
    }

    /// Page numbers in which the two differ.
    pub fn different(&self) -> usize {
        let differs = |page: &&Outcome| !matches!(page, Outcome::Equal | Outcome::NotCompared(_));
        self.pages.iter().filter(differs).count()
    }

    /// Page numbers that were not compared.
    pub fn not_compared(&self) -> usize {
        let unseen = |page: &&Outcome| matches!(page, Outcome::NotCompared(_));
        self.pages.iter().filter(unseen).count()
    }
}

/// Bytes that a page takes beside its picture, wherever it is shown.
const AROUND: usize = 4 << 10;

/// Bytes that are left for pictures.
struct Album(usize);

impl Album {
    fn picture(&mut self, raster: &Raster) -> Option<Picture> {
        let png = png::encode(raster).ok()?;
        self.0 = self.0.checked_sub(png.len().saturating_add(AROUND))?;
        Some(Picture {
            width: raster.width,
            height: raster.height,
            png,
        })
    }

    fn pair(&mut self, copy: &Raster, file: &Raster) -> Option<(Picture, Picture)> {
        // Once a picture did not fit, smaller ones behind it would only look like a choice.
        let pair = self.picture(copy).zip(self.picture(file));
        if pair.is_none() {
            self.0 = 0;
        }
        pair
    }
}

/// Compares what two drawing processes send. `copy_pages` is what the record of the copy says: a renderer
/// that counts otherwise did not understand the copy. `expired` says whether a process that ended was
/// stopped because the time was up.
pub(super) fn compare(
    copy: impl Read,
    file: impl Read,
    copy_pages: u32,
    picture_bytes: usize,
    expired: impl Fn() -> bool,
) -> Comparison {
    let cause = || {
        if expired() {
            Cause::Time
        } else {
            Cause::Undrawn
        }
    };
    let file = Leaves::open(file, Grain::SEEN);
    let file_pages = file.as_ref().map(Leaves::pages);
    let copy = Leaves::open(copy, Grain::SEEN).filter(|copy| copy.pages() == copy_pages);
    let (Some(mut copy), Some(mut file), Some(count)) = (copy, file, file_pages) else {
        return Comparison {
            file_pages,
            ..Comparison::none(copy_pages, cause())
        };
    };
    let mut album = Album(picture_bytes);
    let mut pages = Vec::new();
    for number in 0..copy_pages.max(count) {
        let in_copy = (number < copy_pages).then(|| copy.next());
        let in_file = (number < count).then(|| file.next());
        pages.push(match (in_copy, in_file) {
            (Some(copy), Some(file)) => match copy.zip(file) {
                Some((copy, file)) => compare_leaves(&copy, &file, &mut album),
                None => Outcome::NotCompared(cause()),
            },
            (Some(copy), None) => Outcome::OnlyInCopy(alone(copy, &mut album)),
            (None, file) => Outcome::OnlyInFile(alone(file.flatten(), &mut album)),
        });
    }
    Comparison { file_pages, pages }
}

fn compare_leaves(copy: &Leaf, file: &Leaf, album: &mut Album) -> Outcome {
    let (
        Leaf::Drawn {
            raster: copy,
            whole: copy_whole,
        },
        Leaf::Drawn {
            raster: file,
            whole: file_whole,
        },
    ) = (copy, file)
    else {
        return Outcome::NotCompared(Cause::Undrawn);
    };
    let mut regions = difference::regions(copy, file);
    if regions.is_empty() {
        // What neither shows may differ.
        return if *copy_whole && *file_whole {
            Outcome::Equal
        } else {
            Outcome::NotCompared(Cause::Undrawn)
        };
    }
    if (copy.width, copy.height) != (file.width, file.height) {
        regions.clear();
    }
    Outcome::Different(Difference {
        regions,
        pictures: album.pair(copy, file),
    })
}

fn alone(leaf: Option<Leaf>, album: &mut Album) -> Option<Picture> {
    match leaf? {
        Leaf::Drawn { raster, .. } => album.picture(&raster),
        Leaf::Undrawn => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::wire;
    use super::*;

    const ROOM: usize = 1 << 20;

    fn page(shade: u8) -> Leaf {
        sized(20, 30, shade)
    }

    fn sized(width: u16, height: u16, shade: u8) -> Leaf {
        let pixels = vec![shade; Raster::bytes(width, height)];
        Leaf::Drawn {
            raster: Raster::new(width, height, pixels).unwrap(),
            whole: true,
        }
    }

    fn sent(pages: u32, leaves: &[Leaf]) -> Vec<u8> {
        let mut bytes = Vec::new();
        wire::begin(&mut bytes, pages).unwrap();
        for leaf in leaves {
            wire::send(&mut bytes, leaf).unwrap();
        }
        bytes
    }

    fn whole(leaves: &[Leaf]) -> Vec<u8> {
        sent(leaves.len() as u32, leaves)
    }

    fn compared(copy: &[u8], file: &[u8], copy_pages: u32) -> Comparison {
        compare(copy, file, copy_pages, ROOM, || false)
    }

    #[test]
    fn equal_documents_are_equal_page_by_page() {
        let document = whole(&[page(255), page(250)]);
        let comparison = compared(&document, &document, 2);
        assert_eq!(comparison, Comparison::same(2));
        assert!(comparison.is_equal());
    }

    #[test]
    fn the_page_that_differs_is_named_and_both_are_shown() {
        let copy = whole(&[page(255), page(255), page(255)]);
        let file = whole(&[page(255), page(254), page(255)]);
        let comparison = compared(&copy, &file, 3);
        let [
            Outcome::Equal,
            Outcome::Different(difference),
            Outcome::Equal,
        ] = comparison.pages.as_slice()
        else {
            panic!("{comparison:?}");
        };
        assert_eq!(difference.regions.len(), 1);
        assert!(difference.pictures.is_some());
        assert_eq!((comparison.different(), comparison.not_compared()), (1, 0));
    }

    #[test]
    fn pages_that_only_one_of_them_has_are_differences() {
        let (short, long) = (whole(&[page(255)]), whole(&[page(255), page(255)]));
        let comparison = compared(&short, &long, 1);
        assert_eq!(comparison.file_pages, Some(2));
        assert!(matches!(
            comparison.pages[..],
            [Outcome::Equal, Outcome::OnlyInFile(Some(_))]
        ));
        let comparison = compared(&long, &short, 2);
        assert!(matches!(
            comparison.pages[..],
            [Outcome::Equal, Outcome::OnlyInCopy(Some(_))]
        ));
        assert!(!comparison.is_equal());
    }

    #[test]
    fn what_a_process_did_not_reach_before_it_ended_was_not_compared() {
        let copy = whole(&[page(255), page(255), page(255)]);
        let file = sent(3, &[page(255)]);
        for (expired, cause) in [(true, Cause::Time), (false, Cause::Undrawn)] {
            let comparison = compare(&copy[..], &file[..], 3, ROOM, || expired);
            let unseen = Outcome::NotCompared(cause);
            assert_eq!(comparison.pages, [Outcome::Equal, unseen.clone(), unseen]);
            assert!(!comparison.is_equal());
        }
    }

    #[test]
    fn what_cannot_be_opened_or_drawn_was_not_compared() {
        let copy = whole(&[page(255)]);
        let unseen = [Outcome::NotCompared(Cause::Undrawn)];
        assert_eq!(compared(&copy, b"", 1).pages, unseen);
        assert_eq!(compared(b"", &copy, 1).pages, unseen);
        assert_eq!(compared(&copy, b"", 1).file_pages, None);
        assert_eq!(compared(&copy, &whole(&[Leaf::Undrawn]), 1).pages, unseen);
        let Leaf::Drawn { raster, .. } = page(255) else {
            panic!("not drawn");
        };
        let in_part = whole(&[Leaf::Drawn {
            raster,
            whole: false,
        }]);
        let comparison = compared(&in_part, &in_part, 1);
        assert_eq!(comparison.pages, unseen, "what neither shows may differ");
    }

    #[test]
    fn a_copy_of_which_the_renderer_counts_other_pages_was_not_compared() {
        let document = whole(&[page(255)]);
        let comparison = compared(&document, &document, 2);
        assert_eq!(comparison.not_compared(), 2);
    }

    #[test]
    fn pages_of_another_size_differ_without_boxes() {
        let comparison = compared(&whole(&[page(255)]), &whole(&[sized(30, 20, 255)]), 1);
        let [Outcome::Different(difference)] = &comparison.pages[..] else {
            panic!("{comparison:?}");
        };
        assert!(difference.regions.is_empty() && difference.pictures.is_some());
    }

    #[test]
    fn differences_are_told_even_when_there_is_no_more_room_for_pictures() {
        let (copy, file) = (whole(&[page(0), page(0)]), whole(&[page(9), page(9)]));
        let comparison = compare(&copy[..], &file[..], 2, 2 * (AROUND + 200), || false);
        let shown: Vec<bool> = comparison
            .pages
            .iter()
            .map(|page| matches!(page, Outcome::Different(found) if found.pictures.is_some()))
            .collect();
        assert_eq!((comparison.different(), shown), (2, vec![true, false]));
    }
}
