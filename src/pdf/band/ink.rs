//! Content stream operators as they are written.

use lopdf::{Dictionary, Object, dictionary};

use super::geometry::{Area, Matrix};
use super::layout::Run;
use crate::pdf::typeface::Typeface;
use crate::pdf::{PdfError, SourcePdf};

/// Black and white, in a colour space that the file may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ink {
    /// DeviceGray, which printers take for black and nothing but black.
    Device,
    /// CalGray: a PDF/A without output intent may not use device colours (ISO 19005-2, 6.2.4).
    Calibrated,
}

impl Ink {
    /// The one that `source` allows.
    pub(super) fn of(source: &SourcePdf) -> Self {
        if source.facts().pdfa.is_some() && !source.catalog().has(b"OutputIntents") {
            Self::Calibrated
        } else {
            Self::Device
        }
    }

    /// The operators that choose a grey for filling, `space` being the resource name of
    /// [`Self::color_space`].
    pub(super) fn fill(self, content: &mut Content, space: &str, gray: u8) {
        match self {
            Self::Device => content.op(&[f64::from(gray)], "g"),
            Self::Calibrated => {
                content.raw(&format!("/{space} cs "));
                content.op(&[f64::from(gray)], "sc");
            }
        }
    }

    /// The colour space to be named in the resources, if there is one.
    pub(super) fn color_space(self) -> Option<Object> {
        match self {
            Self::Device => None,
            // The white of D65; of greys only black and white are used.
            Self::Calibrated => Some(Object::Array(vec![
                "CalGray".into(),
                dictionary! {
                    "WhitePoint" => vec![
                        Object::Real(0.9505), Object::Integer(1), Object::Real(1.089),
                    ],
                }
                .into(),
            ])),
        }
    }

    /// Adds the colour space to `resources` of our own, under `name`.
    pub(super) fn add_to(self, resources: &mut Dictionary, name: &str) {
        if let Some(space) = self.color_space() {
            let mut spaces = Dictionary::new();
            spaces.set(name, space);
            resources.set("ColorSpace", spaces);
        }
    }
}

/// A content stream in the making.
#[derive(Default)]
pub(super) struct Content(pub(super) Vec<u8>);

impl Content {
    /// Text as it stands.
    pub(super) fn raw(&mut self, text: &str) {
        self.0.extend(text.as_bytes());
    }

    /// Operands with at most four decimals, and their operator.
    pub(super) fn op(&mut self, operands: &[f64], operator: &str) {
        for operand in operands {
            self.number(*operand, 4);
            self.0.push(b' ');
        }
        self.raw(operator);
        self.0.push(b'\n');
    }

    /// `cm`
    pub(super) fn concatenate(&mut self, matrix: Matrix) {
        // Scales are small numbers where a user unit is large.
        self.matrix(matrix, 7, 4);
    }

    /// `cm` for what a reader has drawn by itself so far, to the last subpixel where it did.
    pub(super) fn concatenate_exactly(&mut self, matrix: Matrix) {
        self.matrix(matrix, 12, 9);
    }

    fn matrix(&mut self, matrix: Matrix, scale_decimals: usize, shift_decimals: usize) {
        for (index, number) in matrix.0.iter().enumerate() {
            let decimals = if index < 4 {
                scale_decimals
            } else {
                shift_decimals
            };
            self.number(*number, decimals);
            self.0.push(b' ');
        }
        self.raw("cm\n");
    }

    /// `re`
    pub(super) fn rectangle(&mut self, area: Area) {
        self.op(&[area.left, area.bottom, area.width(), area.height()], "re");
    }

    /// A text object with one run.
    ///
    /// # Errors
    /// [`PdfError::NoGlyph`].
    pub(super) fn text(
        &mut self,
        typeface: &Typeface,
        font: &str,
        run: &Run,
    ) -> Result<(), PdfError> {
        self.raw("BT /");
        self.raw(font);
        self.0.push(b' ');
        self.number(run.size, 4);
        self.raw(" Tf ");
        self.number(run.x, 3);
        self.0.push(b' ');
        self.number(run.y, 3);
        self.raw(" Td ");
        typeface.show(run.style, &run.text, &mut self.0)?;
        self.raw(" Tj ET\n");
        Ok(())
    }

    /// Writes a number, rounded to `decimals`, without zeros that say nothing.
    fn number(&mut self, value: f64, decimals: usize) {
        let one = 10i64.pow(decimals as u32);
        // Out of range only where no reader could draw anything either: the cast saturates.
        let scaled = (value * one as f64).round() as i64;
        if scaled < 0 {
            self.0.push(b'-');
        }
        let (whole, mut fraction) = ((scaled / one).unsigned_abs(), (scaled % one).unsigned_abs());
        let mut buffer = itoa::Buffer::new();
        self.raw(buffer.format(whole));
        if fraction > 0 {
            let mut digits = decimals;
            while fraction % 10 == 0 {
                fraction /= 10;
                digits -= 1;
            }
            let fraction = buffer.format(fraction);
            self.0.push(b'.');
            self.0.resize(self.0.len() + digits - fraction.len(), b'0');
            self.raw(fraction);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short_and_have_no_exponent() {
        let mut content = Content::default();
        content.op(&[0.0, -0.00001, 1e-3, 22.5, -0.0501, -14400.0], "re");
        assert_eq!(content.0, b"0 0 0.001 22.5 -0.0501 -14400 re\n");
    }
}
