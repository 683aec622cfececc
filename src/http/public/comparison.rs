//! How a file compares with a copy, in a word and as JSON.

use serde::Serialize;
use utoipa::ToSchema;

use crate::raster::{Cause, Comparison, Outcome, RESOLUTION, Region};

/// How a file compares with a copy.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ComparisonAnswer {
    /// `identical` (the very file, byte for byte), `equal` (every page looks the same), `different`, or
    /// `not_compared` (no difference was found, and not every page was compared).
    #[schema(example = "different")]
    result: &'static str,
    /// Pages of the copy.
    copy_pages: u32,
    /// Pages of the file; absent when it could not be opened.
    #[serde(skip_serializing_if = "Option::is_none")]
    file_pages: Option<u32>,
    /// Dots per inch of the boxes.
    resolution: u16,
    /// Every page, from the first.
    pages: Vec<PageAnswer>,
}

/// How a page compares.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PageAnswer {
    /// Its number.
    page: usize,
    /// `equal`, `different`, `only_in_copy`, `only_in_file` or `not_compared`.
    result: &'static str,
    /// Why it was not compared: `time` (there was none left) or `undrawn` (it could not be drawn).
    #[serde(skip_serializing_if = "Option::is_none")]
    cause: Option<&'static str>,
    /// Where it differs; nothing when the two pages have not the same size.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    boxes: Vec<BoxAnswer>,
}

/// A box on a page, in dots from its top left corner.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BoxAnswer {
    x: u16,
    y: u16,
    width: u16,
    height: u16,
}

/// How a file compares with a copy, in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Likeness {
    /// It is the copy, byte for byte.
    Identical,
    /// Every page looks the same.
    Equal,
    /// Some page does not.
    Different,
    /// No page differs, and not every one was compared.
    NotCompared,
}

impl Likeness {
    /// `is_the_copy`: its bytes are.
    pub(super) fn of(comparison: &Comparison, is_the_copy: bool) -> Self {
        if is_the_copy {
            Self::Identical
        } else if comparison.different() > 0 {
            Self::Different
        } else if comparison.is_equal() {
            Self::Equal
        } else {
            Self::NotCompared
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Identical => "identical",
            Self::Equal => "equal",
            Self::Different => "different",
            Self::NotCompared => "not_compared",
        }
    }
}

impl ComparisonAnswer {
    /// Of a copy with so many pages.
    pub(super) fn new(likeness: Likeness, copy_pages: u32, comparison: &Comparison) -> Self {
        let pages = comparison.pages.iter().zip(1..);
        Self {
            result: likeness.word(),
            copy_pages,
            file_pages: comparison.file_pages,
            resolution: RESOLUTION,
            pages: pages
                .map(|(outcome, number)| PageAnswer::new(number, outcome))
                .collect(),
        }
    }
}

impl PageAnswer {
    fn new(page: usize, outcome: &Outcome) -> Self {
        let (result, cause, regions): (_, _, &[Region]) = match outcome {
            Outcome::Equal => ("equal", None, &[]),
            Outcome::Different(difference) => ("different", None, &difference.regions),
            Outcome::OnlyInCopy(_) => ("only_in_copy", None, &[]),
            Outcome::OnlyInFile(_) => ("only_in_file", None, &[]),
            Outcome::NotCompared(Cause::Time) => ("not_compared", Some("time"), &[]),
            Outcome::NotCompared(Cause::Undrawn) => ("not_compared", Some("undrawn"), &[]),
        };
        let boxes = regions.iter().map(|region| BoxAnswer {
            x: region.x,
            y: region.y,
            width: region.width,
            height: region.height,
        });
        Self {
            page,
            result,
            cause,
            boxes: boxes.collect(),
        }
    }
}
