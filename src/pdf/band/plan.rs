//! How much a page has to grow, and how large the band is on it.
//!
//! - On a page at least 120 mm wide and high the band is made for paper of the old size: printed
//!   "fit to page" on it, an A4 source gets a band of 22 mm with type of 8 pt. Larger formats get a
//!   larger band in proportion, so that an A3 plan printed on A4 is as legible as an A4 page.
//! - Smaller pages are printed on larger paper at their own size: there the compact band has its 8 pt
//!   at actual size, and the page grows as much as that needs.

use std::collections::HashMap;
use std::rc::Rc;

use super::geometry::{Grown, Matrix, Sheet};
use super::layout::{Form, Layout, MM, Setter};
use crate::model::Placement;
use crate::pdf::PdfError;

/// Pages with a shorter side than this get the compact band.
const COMPACT_BELOW: f64 = 120.0 * MM - 0.5;

/// ISO 216 A4.
const A4: (f64, f64) = (210.0 * MM, 297.0 * MM);

/// Less of the page than this is never given to the old contents under the full band.
const LEAST_SCALE: f64 = 0.6;

/// A band for sheets of one size.
#[derive(Clone)]
pub(super) struct Plan {
    pub(super) layout: Rc<Layout>,
    pub(super) compact: bool,
    /// Points on the sheet for a point of the layout.
    pub(super) scale: f64,
    /// Added to the left and to the right, points.
    side: f64,
    /// Added at the bottom, points.
    bottom: f64,
    /// Scale at which the old page comes out on paper of the old size.
    pub(super) printed: f64,
}

impl Plan {
    /// The page grown for this band; `None` where a side would be too long.
    pub(super) fn grow(&self, sheet: &Sheet) -> Option<Grown> {
        sheet.grown(self.side, self.bottom)
    }

    /// From the layout to user space.
    pub(super) fn to_user(&self, grown: &Grown) -> Matrix {
        // A band higher than its layout keeps the layout under the rule.
        let above = self.bottom - self.layout.height * self.scale;
        grown
            .to_user()
            .after(Matrix([self.scale, 0.0, 0.0, self.scale, 0.0, above]))
    }
}

/// Plans bands, sheets of the same size only once.
pub(super) struct Planner<'a> {
    pub(super) setter: Setter<'a>,
    placement: Placement,
    plans: HashMap<[u64; 2], Option<Plan>>,
}

impl<'a> Planner<'a> {
    pub(super) fn new(setter: Setter<'a>, placement: Placement) -> Self {
        Self {
            setter,
            placement,
            plans: HashMap::new(),
        }
    }

    /// The band for `sheet`; `None` where none fits.
    ///
    /// # Errors
    /// [`PdfError::NoGlyph`].
    pub(super) fn plan(&mut self, sheet: &Sheet) -> Result<Option<Plan>, PdfError> {
        let key = [sheet.width.to_bits(), sheet.height.to_bits()];
        if let Some(known) = self.plans.get(&key) {
            return Ok(known.clone());
        }
        let plan = match self.full(sheet)? {
            Some(plan) => Some(plan),
            None => self.compact(sheet)?,
        };
        self.plans.insert(key, plan.clone());
        Ok(plan)
    }

    fn full(&self, sheet: &Sheet) -> Result<Option<Plan>, PdfError> {
        let (width, height) = (sheet.width, sheet.height);
        let (short, long) = (width.min(height), width.max(height));
        if short < COMPACT_BELOW {
            return Ok(None);
        }
        // Letter, Folio and their like are A4 for this purpose.
        let format = (short / A4.0).min(long / A4.1);
        let format = if format < 1.1 { 1.0 } else { format };
        let fit = self.placement != Placement::Extend;
        let mut printed = 1.0;
        // Under `extend` the band is as wide as the page but printed smaller; the line breaks and the
        // height depend on each other, and settle at once or nearly so.
        for _ in 0..6 {
            let column = if fit { width } else { width * printed };
            let layout = self.setter.set(Form::Full, column / format)?;
            let settled = 1.0 - layout.height * format / height;
            if settled < LEAST_SCALE {
                return Ok(None);
            }
            if fit || settled >= printed - 1e-9 {
                let printed = if fit { settled } else { printed };
                let side = if fit {
                    (width / printed - width) / 2.0
                } else {
                    0.0
                };
                let scale = format / printed;
                return Ok(Some(Plan {
                    bottom: layout.height * scale,
                    layout: Rc::new(layout),
                    compact: false,
                    scale,
                    side,
                    printed: if fit { printed } else { settled.min(printed) },
                }));
            }
            printed = settled;
        }
        Ok(None)
    }

    fn compact(&self, sheet: &Sheet) -> Result<Option<Plan>, PdfError> {
        let mut best: Option<Plan> = None;
        for form in [Form::Beside, Form::Below] {
            let plan = self.compact_form(sheet, form)?;
            // The old contents stay as large as they can.
            if let Some(plan) = plan
                && best.as_ref().is_none_or(|best| plan.printed > best.printed)
            {
                best = Some(plan);
            }
        }
        Ok(best)
    }

    fn compact_form(&self, sheet: &Sheet, form: Form) -> Result<Option<Plan>, PdfError> {
        let (width, height) = (sheet.width, sheet.height);
        if self.placement == Placement::Extend {
            if width < self.setter.narrowest(form)? {
                return Ok(None);
            }
            let layout = self.setter.set(form, width)?;
            return Ok(Some(Plan {
                compact: true,
                scale: 1.0,
                side: 0.0,
                bottom: layout.height,
                printed: height / (height + layout.height),
                layout: Rc::new(layout),
            }));
        }
        let comfortable = self.setter.comfortable(form)?;
        let at_least = self.setter.set(form, width.max(comfortable))?;
        let growth = ((height + at_least.height) / height).max(comfortable / width);
        let bottom = height * (growth - 1.0);
        // On the wider page that comes out, the lines may have more room.
        let wider = self.setter.set(form, width * growth)?;
        let layout = if wider.height <= bottom {
            wider
        } else {
            at_least
        };
        Ok(Some(Plan {
            layout: Rc::new(layout),
            compact: true,
            scale: 1.0,
            side: width * (growth - 1.0) / 2.0,
            bottom,
            printed: 1.0 / growth,
        }))
    }
}
