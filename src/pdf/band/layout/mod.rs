//! The band on a sheet of a given width: where each line and the QR stand.
//!
//! All lengths are points at the size in which the band is meant to be read; [`super::plan`] says
//! how large that is on a given page. The origin is the lower left corner of the sheet.

use super::Legend;
use super::flow::{self, Atom, Flow, Line, Piece, Segment, Sizes};
use super::qr::QUIET_ZONE;
use crate::pdf::PdfError;
use crate::pdf::typeface::{Style, Typeface};

/// Points in a millimetre.
pub(super) const MM: f64 = 72.0 / 25.4;

/// Height of the band in full, unless its text needs more: 22 mm.
pub(super) const BAND_HEIGHT: f64 = 22.0 * MM;

/// Side of the QR with its quiet zone: 18 mm survives a blurry copier two pages to a sheet.
const QR_SIDE: f64 = 18.0 * MM;

/// The smallest module that still reads from a screen or a raster at 150 dpi.
const MIN_MODULE: f64 = 0.42 * MM;

/// Type sizes in full; 8 pt is the least that is legible on a copy of a copy.
const FULL_SIZES: Sizes = Sizes {
    text: 8.0,
    code: 10.0,
};
const COMPACT_SIZES: Sizes = Sizes {
    text: 8.0,
    code: 8.0,
};

/// Thickness of the rule above the band, and its distance from the band's top.
pub(super) const RULE: f64 = 0.5;
const RULE_INSET: f64 = 1.1;

/// Between baselines: four lines beside the QR, five lines in 22 mm, and more.
const WIDE_LEADING: f64 = 11.4;
const TIGHT_LEADING: f64 = 9.6;
const LEADING: f64 = 10.2;

/// Distance of the QR and of the first line's capitals from the band's top.
const QR_HEAD: f64 = 1.4;
const TEXT_HEAD: f64 = 5.4;

/// How the band is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// Four lines beside the QR.
    Full,
    /// The one line of small pages, beside a small QR.
    Beside,
    /// The one line of small pages, broken, below a small QR.
    Below,
}

impl Form {
    /// Distance of ink from the edges of the paper: 7 mm is what printers cannot reach; small
    /// pages are printed on larger paper.
    const fn margin(self) -> f64 {
        match self {
            Self::Full => 7.0 * MM,
            Self::Beside | Self::Below => 3.0 * MM,
        }
    }

    /// Distance of the last baseline from the lower edge, at least.
    const fn foot(self) -> f64 {
        match self {
            Self::Full => 4.4 * MM,
            Self::Beside | Self::Below => 3.5 * MM,
        }
    }

    /// Distance of the QR's dark modules from the lower edge, at least.
    const fn qr_foot(self) -> f64 {
        match self {
            Self::Full => 5.4 * MM,
            Self::Beside | Self::Below => 3.0 * MM,
        }
    }

    const fn sizes(self) -> Sizes {
        match self {
            Self::Full => FULL_SIZES,
            Self::Beside | Self::Below => COMPACT_SIZES,
        }
    }
}

/// A text at its place.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Run {
    pub(super) x: f64,
    /// Baseline.
    pub(super) y: f64,
    pub(super) style: Style,
    pub(super) size: f64,
    pub(super) text: String,
}

/// The test mark at its place.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Mark {
    /// Left, bottom, width and height of its box.
    pub(super) area: [f64; 4],
    pub(super) run: Run,
}

/// A band, set.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Layout {
    /// Height of the band.
    pub(super) height: f64,
    /// Distance of ink from the left and right edges.
    pub(super) margin: f64,
    /// Texts in reading order.
    pub(super) runs: Vec<Run>,
    /// The page number; its text is the template.
    pub(super) page: Run,
    /// The test mark.
    pub(super) mark: Option<Mark>,
    /// Lower left corner and side of the QR with its quiet zone.
    pub(super) qr: [f64; 3],
    /// Left, bottom, width and height of all of it, with some air.
    pub(super) panel: [f64; 4],
}

impl Layout {
    /// Bottom of the rule above the band.
    pub(super) fn rule(&self) -> f64 {
        self.height - RULE_INSET
    }
}

/// Sets bands of one legend.
pub(super) struct Setter<'a> {
    pub(super) legend: &'a Legend,
    pub(super) typeface: &'a Typeface,
    /// Modules on a side of the QR, with the quiet zone.
    pub(super) modules: usize,
    /// Number of pages of the copy.
    pub(super) pages: u32,
}

impl Setter<'_> {
    /// The narrowest sheet on which `form` can be set: nothing is as wide as the code.
    ///
    /// # Errors
    /// [`PdfError::NoGlyph`].
    pub(super) fn narrowest(&self, form: Form) -> Result<f64, PdfError> {
        let code = Atom::Word(Style::Code, self.legend.code.clone());
        self.sheet_for(form, vec![code])
    }

    /// The narrowest sheet on which the code and the words before it stay together.
    ///
    /// # Errors
    /// [`PdfError::NoGlyph`].
    pub(super) fn comfortable(&self, form: Form) -> Result<f64, PdfError> {
        let is_code = |atom: &Atom| matches!(atom, Atom::Word(Style::Code, _));
        let mut segments = paragraphs(form, self.legend).into_iter().flatten();
        let with_code = segments.find(|segment| segment.iter().any(is_code));
        self.sheet_for(form, with_code.unwrap_or_default())
    }

    /// Width of a sheet on which `segment` stays on one line.
    fn sheet_for(&self, form: Form, segment: Segment) -> Result<f64, PdfError> {
        let mut flow = Flow::new(self.typeface, form.sizes(), f64::INFINITY, 1);
        flow.paragraph(&[segment])?;
        let last = flow.into_lines().pop().and_then(|mut line| line.pop());
        let width = last.map_or(0.0, |piece| piece.x + piece.width);
        // A hair more, for sums are rounded.
        Ok(self.column_start(form) + width + form.margin() + 0.01)
    }

    fn qr_side(&self, form: Form) -> f64 {
        let least = self.modules as f64 * MIN_MODULE;
        match form {
            Form::Full => least.max(QR_SIDE),
            Form::Beside | Form::Below => least,
        }
    }

    fn quiet(&self, form: Form) -> f64 {
        self.qr_side(form) * QUIET_ZONE as f64 / self.modules as f64
    }

    fn column_start(&self, form: Form) -> f64 {
        let dark = self.qr_side(form) - 2.0 * self.quiet(form);
        match form {
            Form::Full => form.margin() + dark + 4.0 * MM,
            Form::Beside => form.margin() + dark + 2.5 * MM,
            Form::Below => form.margin(),
        }
    }

    /// Sets the band on a sheet of `width`.
    ///
    /// # Errors
    /// [`PdfError::NoGlyph`].
    pub(super) fn set(&self, form: Form, width: f64) -> Result<Layout, PdfError> {
        let lines = self.lines(form, width, &paragraphs(form, self.legend))?;
        let sizes = form.sizes();
        let cap = self.typeface.cap_height(Style::Text) * sizes.text;
        let side = self.qr_side(form);
        let quiet = self.quiet(form);
        let gaps = lines.len().saturating_sub(1) as f64;
        let wide = gaps * WIDE_LEADING + cap <= side - 2.0 * quiet + 0.5;
        let leading = match lines.len() {
            _ if wide => WIDE_LEADING,
            ..=5 => TIGHT_LEADING,
            _ => LEADING,
        };
        let text_height = cap + gaps * leading;

        // QR and text stand beside each other on one middle line, or the text below the QR.
        let (height, qr_bottom, first_baseline) = if form == Form::Below {
            let height = QR_HEAD + side + text_height + form.foot();
            let qr_bottom = height - QR_HEAD - side;
            (height, qr_bottom, qr_bottom - cap)
        } else {
            let qr_needs = QR_HEAD + side + form.qr_foot() - quiet;
            let text_needs = TEXT_HEAD + text_height + form.foot();
            let least = if form == Form::Full { BAND_HEIGHT } else { 0.0 };
            let height = least.max(qr_needs).max(text_needs);
            let qr_middle = height - QR_HEAD - side / 2.0;
            let fits = qr_middle + text_height / 2.0 <= height - TEXT_HEAD
                && qr_middle - text_height / 2.0 >= form.foot();
            let middle = if fits {
                qr_middle
            } else {
                (form.foot() + height - TEXT_HEAD) / 2.0
            };
            // The text may sit a little higher than the QR, which never leaves the band.
            let qr_bottom = middle.min(qr_middle) - side / 2.0;
            (height, qr_bottom, middle + text_height / 2.0 - cap)
        };

        let x = self.column_start(form);
        let qr = [form.margin() - quiet, qr_bottom, side];
        let mut placed = Placed::default();
        for (index, line) in lines.iter().enumerate() {
            placed.line(line, x, first_baseline - index as f64 * leading, sizes);
        }
        let right = placed.right.max(qr[0] + side);
        let last_baseline = first_baseline - gaps * leading;
        let bottom = qr_bottom.min(last_baseline - 0.3 * sizes.text);
        let top = height - RULE_INSET;
        Ok(Layout {
            height,
            margin: form.margin(),
            runs: placed.runs,
            page: placed.page.unwrap_or_else(|| Run {
                x,
                y: last_baseline,
                style: Style::Text,
                size: sizes.text,
                text: String::new(),
            }),
            mark: placed.mark,
            qr,
            panel: [qr[0], bottom, right + quiet - qr[0], top - bottom],
        })
    }

    fn lines(
        &self,
        form: Form,
        width: f64,
        paragraphs: &[Vec<Segment>],
    ) -> Result<Vec<Line>, PdfError> {
        let column = width - self.column_start(form) - form.margin();
        let digits = self.pages.max(1).ilog10() as usize + 1;
        let mut flow = Flow::new(self.typeface, form.sizes(), column, digits);
        for paragraph in paragraphs {
            flow.paragraph(paragraph)?;
        }
        Ok(flow.into_lines())
    }
}

fn paragraphs(form: Form, legend: &Legend) -> Vec<Vec<Segment>> {
    match form {
        Form::Full => flow::full(legend),
        Form::Beside | Form::Below => flow::compact(legend),
    }
}

/// Pieces at their places; words of one style that follow each other are one run, so that a text is
/// drawn, searched and copied as a whole.
#[derive(Default)]
struct Placed {
    runs: Vec<Run>,
    page: Option<Run>,
    mark: Option<Mark>,
    right: f64,
}

impl Placed {
    fn line(&mut self, line: &Line, left: f64, y: f64, sizes: Sizes) {
        let mut last_style = None;
        for Piece { x, width, atom } in line {
            self.right = self.right.max(left + x + width);
            let run = |style, size, text: &str| Run {
                x: left + x,
                y,
                style,
                size,
                text: text.to_owned(),
            };
            match atom {
                Atom::Word(style, word) => {
                    match self.runs.last_mut() {
                        Some(open) if last_style == Some(*style) => {
                            open.text.push(' ');
                            open.text.push_str(word);
                        }
                        _ => {
                            let size = if *style == Style::Code {
                                sizes.code
                            } else {
                                sizes.text
                            };
                            self.runs.push(run(*style, size, word));
                        }
                    }
                    last_style = Some(*style);
                }
                Atom::PageNumber(template) => {
                    self.page = Some(run(Style::Text, sizes.text, template));
                    last_style = None;
                }
                Atom::Mark(words) => {
                    let mut run = run(Style::Bold, sizes.text, words);
                    run.x += flow::MARK_PADDING;
                    self.mark = Some(Mark {
                        area: [left + x, y - 1.9, *width, 9.5],
                        run,
                    });
                    last_style = None;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
