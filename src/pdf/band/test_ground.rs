//! The ground of test copies: a hatching and a frame in the grown area, so that nobody takes one for
//! a copy that is worth something. Nothing is drawn over the old page.

use std::collections::HashMap;

use lopdf::{Dictionary, ObjectId};

use super::deflate::Deflater;
use super::forms::form_dictionary;
use super::geometry::{Area, Grown, RIM};
use super::ink::{Content, Ink};
use crate::pdf::Update;

/// Distance between the lines of the hatching and their width, points of the layout.
const PITCH: f64 = 7.0;
const LINE: f64 = 0.45;

/// Width of the frame.
const FRAME: f64 = 1.0;

/// Lines that one hatching may have; on larger pages they stand further apart.
const MOST_LINES: f64 = 400.0;

/// A sheet of paper and what must not be drawn on, points with the origin at the lower left corner as
/// read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Paper {
    pub(super) width: f64,
    pub(super) height: f64,
    /// The old page, if there is one.
    pub(super) old: Option<Area>,
    /// Points in a point of the layout.
    pub(super) scale: f64,
}

impl Paper {
    /// A grown page.
    pub(super) fn of(grown: &Grown, scale: f64) -> Self {
        Self {
            width: grown.width(),
            height: grown.height(),
            old: Some(Area {
                left: grown.side - RIM,
                bottom: grown.bottom - RIM,
                right: grown.side + grown.sheet.width + RIM,
                top: grown.height(),
            }),
            scale,
        }
    }
}

/// The hatchings drawn so far, by the paper.
#[derive(Default)]
pub(super) struct TestGrounds {
    known: HashMap<[i64; 5], ObjectId>,
}

impl TestGrounds {
    /// The form that hatches `paper`.
    pub(super) fn form(
        &mut self,
        update: &mut Update<'_>,
        deflater: &mut Deflater,
        paper: Paper,
        ink: Ink,
    ) -> ObjectId {
        // To a hundredth of a point.
        let (left, bottom) = paper.old.map_or((-1.0, -1.0), |old| (old.left, old.bottom));
        let key = [paper.width, paper.height, left, bottom, paper.scale * 100.0]
            .map(|value| (value * 100.0).round() as i64);
        *self
            .known
            .entry(key)
            .or_insert_with(|| draw(update, deflater, paper, ink))
    }
}

/// The sheet without the old page: what is left of it, right of it and below it. The page is not cut
/// out of the sheet, because along the top edge, which both have, readers would let a trace through.
fn free_areas(sheet: Area, old: Option<Area>) -> Vec<Area> {
    let Some(old) = old else {
        return vec![sheet];
    };
    let left = Area {
        right: old.left,
        ..sheet
    };
    let right = Area {
        left: old.right,
        ..sheet
    };
    let below = Area {
        left: old.left,
        right: old.right,
        top: old.bottom,
        ..sheet
    };
    [left, right, below]
        .into_iter()
        .filter_map(|area| area.intersection(sheet))
        .collect()
}

fn draw(update: &mut Update<'_>, deflater: &mut Deflater, paper: Paper, ink: Ink) -> ObjectId {
    let Paper {
        width,
        height,
        old,
        scale,
    } = paper;
    let sheet = Area {
        left: 0.0,
        bottom: 0.0,
        right: width,
        top: height,
    };
    let mut content = Content::default();
    ink_stroke(ink, &mut content);

    // Clip to what is free. One line across the whole sheet, as wide as the sheet is long and dashed:
    // every dash is a line of the hatching, and the content is as short for a plan as for a receipt.
    content.raw("q\n");
    for free in free_areas(sheet, old) {
        content.rectangle(free);
    }
    content.raw("W n\n");
    let across = (width + height) * std::f64::consts::FRAC_1_SQRT_2;
    let pitch = (PITCH * scale).max(across / MOST_LINES);
    let line = LINE * scale;
    content.raw("0 J [");
    content.op(&[line, pitch - line], "] 0 d");
    content.op(&[across], "w");
    let (x, y) = (width / 2.0, height / 2.0);
    let reach = f64::midpoint(x, y);
    content.op(&[x - reach, y + reach], "m");
    content.op(&[x + reach, y - reach], "l");
    content.raw("S Q\n");

    // The frame runs around the old page, just outside, open at the top.
    content.op(&[FRAME * scale], "w");
    let half = FRAME * scale / 2.0;
    match old {
        Some(old) => {
            let (left, right) = (old.left - half, old.right + half);
            let bottom = old.bottom - half;
            content.op(&[left, height], "m");
            content.op(&[left, bottom], "l");
            content.op(&[right, bottom], "l");
            content.op(&[right, height], "l");
        }
        None => content.rectangle(sheet.inflated(-half)),
    }
    content.raw("S\n");
    let mut resources = Dictionary::new();
    ink.add_to(&mut resources, "G");
    deflater.add(update, form_dictionary(sheet, resources), &content.0)
}

fn ink_stroke(ink: Ink, content: &mut Content) {
    match ink {
        Ink::Device => content.raw("0 G\n"),
        Ink::Calibrated => content.raw("/G CS 0 SC\n"),
    }
}
