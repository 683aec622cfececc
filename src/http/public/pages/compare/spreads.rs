//! The pages that are shown: the copy's beside the file's, with what differs marked.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::runs::{anchor, difference_of};
use crate::http::public::texts::Words;
use crate::raster::{Comparison, Outcome, Picture, Region};

/// Pixels around a box, so that it stands beside what it marks.
const MARGIN: u16 = 5;

/// Half the room that a number takes, in pixels.
const BADGE: u16 = 12;

/// A page of the copy beside that of the file.
pub(super) struct Spread {
    pub(super) anchor: String,
    pub(super) title: String,
    pub(super) said: String,
    pub(super) sides: [Side; 2],
}

/// One of the two.
pub(super) struct Side {
    /// Whose page it is.
    pub(super) name: String,
    /// The picture, if there is such a page.
    pub(super) leaf: Option<LeafView>,
}

/// A picture with its boxes.
pub(super) struct LeafView {
    pub(super) alternative: String,
    pub(super) data: String,
    pub(super) width: u16,
    pub(super) height: u16,
    pub(super) marks: Vec<Mark>,
}

/// A box on a page, with its number in the margin, as in a proof: there it hides no text.
pub(super) struct Mark {
    /// Where the number stands.
    pub(super) aside: u16,
    pub(super) middle: u16,
    pub(super) number: usize,
    pub(super) x: u16,
    pub(super) y: u16,
    pub(super) width: u16,
    pub(super) height: u16,
}

/// Every page that is shown.
pub(super) fn spreads(words: Words<'_>, comparison: &Comparison) -> Vec<Spread> {
    let pages = comparison.pages.iter().enumerate();
    pages
        .filter_map(|(index, outcome)| {
            let (copy, file, regions): (_, _, &[Region]) = match outcome {
                Outcome::Different(difference) => {
                    let (copy, file) = difference.pictures.as_ref()?;
                    (Some(copy), Some(file), &difference.regions)
                }
                Outcome::OnlyInCopy(Some(copy)) => (Some(copy), None, &[]),
                Outcome::OnlyInFile(Some(file)) => (None, Some(file), &[]),
                _ => return None,
            };
            let side = |name: String, alternative: String, picture: Option<&Picture>| Side {
                name,
                leaf: picture.map(|picture| LeafView {
                    alternative,
                    data: STANDARD.encode(&picture.png),
                    width: picture.width,
                    height: picture.height,
                    marks: marks(regions, picture),
                }),
            };
            let page = index + 1;
            Some(Spread {
                anchor: anchor(index),
                title: words.with("compare-page", "page", page),
                said: difference_of(words, outcome),
                sides: [
                    side(
                        words.say("compare-copy"),
                        words.with("compare-copy-alt", "page", page),
                        copy,
                    ),
                    side(
                        words.say("compare-file"),
                        words.with("compare-file-alt", "page", page),
                        file,
                    ),
                ],
            })
        })
        .collect()
}

fn marks(regions: &[Region], picture: &Picture) -> Vec<Mark> {
    let mut marks: Vec<Mark> = Vec::new();
    for (region, number) in regions.iter().zip(1..) {
        let x = region.x.saturating_sub(MARGIN);
        let y = region.y.saturating_sub(MARGIN);
        let right = region.x.saturating_add(region.width).saturating_add(MARGIN);
        let bottom = region
            .y
            .saturating_add(region.height)
            .saturating_add(MARGIN);
        let width = right.min(picture.width).saturating_sub(x);
        let height = bottom.min(picture.height).saturating_sub(y);
        let middle = y.saturating_add(height / 2).max(BADGE);
        let beside = marks
            .iter()
            .filter(|mark| mark.middle.abs_diff(middle) < 2 * BADGE)
            .map(|mark| mark.aside.saturating_add(2 * BADGE))
            .max();
        marks.push(Mark {
            aside: beside.unwrap_or(BADGE),
            middle,
            number,
            x,
            y,
            width,
            height,
        });
    }
    marks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_stay_on_the_page_and_no_number_covers_another() {
        let region = |x, y| Region {
            x,
            y,
            width: 20,
            height: 10,
        };
        let picture = Picture {
            width: 100,
            height: 200,
            png: Vec::new(),
        };
        let regions = [region(0, 0), region(80, 2), region(40, 8), region(10, 190)];
        let marks = marks(&regions, &picture);
        for mark in &marks {
            assert!(mark.x + mark.width <= picture.width);
            assert!(mark.y + mark.height <= picture.height);
        }
        let places: Vec<_> = marks.iter().map(|mark| mark.aside).collect();
        assert_eq!(places, [BADGE, 3 * BADGE, 5 * BADGE, BADGE]);
    }
}
