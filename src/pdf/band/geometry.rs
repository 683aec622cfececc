//! Where the grown area of a page is, in reading orientation and in user space.
//!
//! Lengths are points of 1/72 inch on paper unless they are said to be user units: `/UserUnit` is
//! the number of points in a unit (ISO 32000-2, 7.7.3.3, table 31).

use crate::pdf::source::{Page, Rectangle};

/// The largest side of a page box, user units (ISO 32000-1, annex C.2; later readers keep to it).
const MAX_SIDE: f64 = 14_400.0;

/// How far around the old page its contents may still be drawn, points. Pages are rasterised to
/// whole pixels: without this rim, the last row and column of the old page would be half covered
/// by the new ground.
pub(super) const RIM: f64 = 0.5;

/// An affine map as PDF writes it: `[a b c d e f]`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Matrix(pub(super) [f64; 6]);

impl Matrix {
    /// Leaves everything where it is.
    pub(super) const IDENTITY: Self = Self([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);

    /// This map after `first`.
    pub(super) fn after(self, first: Self) -> Self {
        let [a, b, c, d, e, f] = first.0;
        let (i, j) = self.apply_vector(a, b);
        let (k, l) = self.apply_vector(c, d);
        let (m, n) = self.apply(e, f);
        Self([i, j, k, l, m, n])
    }

    /// Where a point goes.
    pub(super) fn apply(self, x: f64, y: f64) -> (f64, f64) {
        let (dx, dy) = self.apply_vector(x, y);
        (dx + self.0[4], dy + self.0[5])
    }

    fn apply_vector(self, x: f64, y: f64) -> (f64, f64) {
        let [a, b, c, d, ..] = self.0;
        (a * x + c * y, b * x + d * y)
    }

    /// The smallest upright rectangle around the image of `area`.
    pub(super) fn bounds(self, area: Area) -> Area {
        let corners = [
            self.apply(area.left, area.bottom),
            self.apply(area.right, area.bottom),
            self.apply(area.left, area.top),
            self.apply(area.right, area.top),
        ];
        Area::around(corners)
    }
}

/// An upright rectangle in double precision.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Area {
    pub(super) left: f64,
    pub(super) bottom: f64,
    pub(super) right: f64,
    pub(super) top: f64,
}

impl Area {
    /// The smallest one around `points`.
    pub(super) fn around(points: impl IntoIterator<Item = (f64, f64)>) -> Self {
        let empty = Self {
            left: f64::INFINITY,
            bottom: f64::INFINITY,
            right: f64::NEG_INFINITY,
            top: f64::NEG_INFINITY,
        };
        points.into_iter().fold(empty, |area, (x, y)| Self {
            left: area.left.min(x),
            bottom: area.bottom.min(y),
            right: area.right.max(x),
            top: area.top.max(y),
        })
    }

    pub(super) fn width(self) -> f64 {
        self.right - self.left
    }

    pub(super) fn height(self) -> f64 {
        self.top - self.bottom
    }

    /// Larger by `margin` on every side.
    pub(super) fn inflated(self, margin: f64) -> Self {
        Self {
            left: self.left - margin,
            bottom: self.bottom - margin,
            right: self.right + margin,
            top: self.top + margin,
        }
    }

    /// What both have in common; `None` where that has no inside.
    pub(super) fn intersection(self, other: Self) -> Option<Self> {
        let common = Self {
            left: self.left.max(other.left),
            bottom: self.bottom.max(other.bottom),
            right: self.right.min(other.right),
            top: self.top.min(other.top),
        };
        (common.width() > 0.0 && common.height() > 0.0).then_some(common)
    }

    /// Whether `other` lies in it.
    pub(super) fn contains(self, other: Self) -> bool {
        self.left <= other.left
            && self.bottom <= other.bottom
            && self.right >= other.right
            && self.top >= other.top
    }
}

impl From<Rectangle> for Area {
    fn from(rectangle: Rectangle) -> Self {
        Self {
            left: rectangle.left.into(),
            bottom: rectangle.bottom.into(),
            right: rectangle.right.into(),
            top: rectangle.top.into(),
        }
    }
}

/// The old page as a person holds it: its crop box after `/Rotate`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Sheet {
    /// From left to right as read, points.
    pub(super) width: f64,
    /// From bottom to top as read, points.
    pub(super) height: f64,
    /// From points, with the origin at the lower left corner as read, to user space.
    to_user: Matrix,
    /// The crop box, user units.
    pub(super) crop: Area,
    /// Points in a user unit.
    pub(super) unit: f64,
    /// `/Rotate` is not 0.
    pub(super) turned: bool,
}

impl Sheet {
    /// `None` where the page has no inside.
    pub(super) fn of(page: &Page) -> Option<Self> {
        let crop = Area::from(page.crop_box);
        let unit = f64::from(page.user_unit);
        let usable = crop.width() > 0.0
            && crop.height() > 0.0
            && crop.width().is_finite()
            && crop.height().is_finite()
            && unit > 0.0
            && unit.is_finite();
        if !usable {
            return None;
        }
        // `/Rotate` turns the page clockwise: at 90, what is right in user space is read at the
        // bottom, and one reads along it upwards.
        let s = 1.0 / unit;
        let (upright, to_user) = match page.rotate {
            90 => (false, [0.0, s, -s, 0.0, crop.right, crop.bottom]),
            180 => (true, [-s, 0.0, 0.0, -s, crop.right, crop.top]),
            270 => (false, [0.0, -s, s, 0.0, crop.left, crop.top]),
            _ => (true, [s, 0.0, 0.0, s, crop.left, crop.bottom]),
        };
        let (width, height) = if upright {
            (crop.width(), crop.height())
        } else {
            (crop.height(), crop.width())
        };
        Some(Self {
            width: width * unit,
            height: height * unit,
            to_user: Matrix(to_user),
            crop,
            unit,
            turned: page.rotate != 0,
        })
    }

    /// Turns what is upright in user space to what is upright as read, around a point in user space.
    pub(super) fn upright_around(&self, x: f64, y: f64) -> Matrix {
        let [a, b, c, d, ..] = self.to_user.0.map(|value| value * self.unit);
        Matrix([a, b, c, d, x - a * x - c * y, y - b * x - d * y])
    }

    /// The page grown by `side` to the left and to the right and by `bottom` downwards, points.
    /// `None` where a side would become too long.
    pub(super) fn grown(&self, side: f64, bottom: f64) -> Option<Grown> {
        let read = Area {
            left: -side,
            bottom: -bottom,
            right: self.width + side,
            top: self.height,
        };
        let user = self.to_user.bounds(read);
        // The edges that do not move keep their exact number.
        let keep = |new: f64, old: f64| if (new - old).abs() < 1e-6 { old } else { new };
        let user = Area {
            left: keep(user.left, self.crop.left),
            bottom: keep(user.bottom, self.crop.bottom),
            right: keep(user.right, self.crop.right),
            top: keep(user.top, self.crop.top),
        };
        // A page that was too long before is no worse for its band.
        let fits = |new: f64, old: f64| new <= MAX_SIDE || old > MAX_SIDE;
        let fits = fits(user.width(), self.crop.width()) && fits(user.height(), self.crop.height());
        fits.then_some(Grown {
            sheet: *self,
            side,
            bottom,
            user,
        })
    }
}

/// A page with the area it has grown by.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Grown {
    /// The page before.
    pub(super) sheet: Sheet,
    /// What was added to the left and to the right, points.
    pub(super) side: f64,
    /// What was added at the bottom, points.
    pub(super) bottom: f64,
    /// The new crop box, user units.
    pub(super) user: Area,
}

impl Grown {
    /// From points with the origin at the new lower left corner as read to user space.
    pub(super) fn to_user(self) -> Matrix {
        self.sheet
            .to_user
            .after(Matrix([1.0, 0.0, 0.0, 1.0, -self.side, -self.bottom]))
    }

    /// Width after growing, points.
    pub(super) fn width(self) -> f64 {
        self.sheet.width + 2.0 * self.side
    }

    /// Height after growing, points.
    pub(super) fn height(self) -> f64 {
        self.sheet.height + self.bottom
    }

    /// Whether anything was added at all.
    pub(super) fn is_larger(&self) -> bool {
        self.user != self.sheet.crop
    }

    /// Where the old contents may be drawn, user units.
    pub(super) fn clip(self) -> Area {
        self.sheet.crop.inflated(RIM / self.sheet.unit)
    }

    /// Whether something that covers `area` (user units) would show in the grown area.
    pub(super) fn is_touched_by(self, area: Area) -> bool {
        area.intersection(self.user)
            .is_some_and(|seen| !self.clip().contains(seen))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use lopdf::{Dictionary, Object};
    use proptest::prelude::*;

    fn page(crop_box: Rectangle, rotate: u16, user_unit: f32) -> Page {
        Page {
            id: (1, 0),
            dictionary: Dictionary::new(),
            media_box: crop_box,
            crop_box,
            rotate,
            user_unit,
            resources: Object::Null.into(),
        }
    }

    const BOX: Rectangle = Rectangle {
        left: -10.0,
        bottom: 20.0,
        right: 90.0,
        top: 70.0,
    };

    fn grown(rotate: u16) -> Area {
        let sheet = Sheet::of(&page(BOX, rotate, 1.0)).unwrap();
        sheet.grown(2.0, 7.0).unwrap().user
    }

    fn area(left: f64, bottom: f64, right: f64, top: f64) -> Area {
        Area {
            left,
            bottom,
            right,
            top,
        }
    }

    #[test]
    fn the_page_grows_at_the_edge_that_is_read_at_the_bottom() {
        assert_eq!(grown(0), area(-12.0, 13.0, 92.0, 70.0));
        assert_eq!(grown(90), area(-10.0, 18.0, 97.0, 72.0));
        assert_eq!(grown(180), area(-12.0, 20.0, 92.0, 77.0));
        assert_eq!(grown(270), area(-17.0, 18.0, 90.0, 72.0));
    }

    #[test]
    fn a_user_unit_makes_the_band_smaller_in_units() {
        let sheet = Sheet::of(&page(BOX, 0, 10.0)).unwrap();
        assert_eq!((sheet.width, sheet.height), (1000.0, 500.0));
        let user = sheet.grown(0.0, 60.0).unwrap().user;
        assert_eq!(user, area(-10.0, 14.0, 90.0, 70.0));
    }

    #[test]
    fn a_side_beyond_14_400_units_is_refused() {
        let long = Rectangle {
            left: 0.0,
            bottom: 0.0,
            right: 100.0,
            top: 14_390.0,
        };
        let sheet = Sheet::of(&page(long, 0, 1.0)).unwrap();
        assert!(sheet.grown(0.0, 10.0).is_some());
        assert_eq!(sheet.grown(0.0, 10.1), None);
        let longer = Rectangle {
            top: 14_401.0,
            ..long
        };
        let sheet = Sheet::of(&page(longer, 0, 1.0)).unwrap();
        assert!(sheet.grown(0.0, 10.0).is_some());
    }

    #[test]
    fn a_page_without_an_inside_is_no_sheet() {
        let flat = Rectangle { top: 20.0, ..BOX };
        assert_eq!(Sheet::of(&page(flat, 0, 1.0)), None);
        assert_eq!(Sheet::of(&page(BOX, 0, 0.0)), None);
        assert_eq!(Sheet::of(&page(BOX, 0, f32::NAN)), None);
    }

    proptest! {
        #[test]
        fn whatever_the_page_the_old_area_stays_at_its_place_and_upright(
            left in -5000.0f32..5000.0,
            bottom in -5000.0f32..5000.0,
            width in 1.0f32..5000.0,
            height in 1.0f32..5000.0,
            quarter in 0u16..4,
            unit in 0.1f32..20.0,
            side in 0.0f64..200.0,
            below in 1.0f64..400.0,
        ) {
            let crop = Rectangle { left, bottom, right: left + width, top: bottom + height };
            let sheet = Sheet::of(&page(crop, quarter * 90, unit)).unwrap();
            if let Some(grown) = sheet.grown(side, below) {
                // The new box holds the old one and is as large as it should be.
                prop_assert!(grown.user.contains(sheet.crop));
                let area = grown.user.width() * grown.user.height();
                let points = grown.width() * grown.height() / (sheet.unit * sheet.unit);
                prop_assert!((area / points - 1.0).abs() < 1e-6);
                // The old page, as read, stands above the band and between the sides.
                let old = Area {
                    left: side,
                    bottom: below,
                    right: side + sheet.width,
                    top: below + sheet.height,
                };
                let back = grown.to_user().bounds(old);
                for (found, expected) in [
                    (back.left, sheet.crop.left),
                    (back.bottom, sheet.crop.bottom),
                    (back.right, sheet.crop.right),
                    (back.top, sheet.crop.top),
                ] {
                    prop_assert!((found - expected).abs() < 1e-6);
                }
                // The old area is untouched, the band is not.
                prop_assert!(!grown.is_touched_by(sheet.crop));
                let band = grown.to_user().bounds(Area { top: below - 1.0, ..old });
                let touched = grown.is_touched_by(band);
                prop_assert!(below < 2.0 || touched);
            }
        }
    }
}
