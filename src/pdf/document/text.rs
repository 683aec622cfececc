//! Text broken into lines.

use crate::pdf::PdfError;
use crate::pdf::typeface::{Style, Typeface};

/// How a text is set.
#[derive(Clone, Copy, Debug)]
pub(super) struct Setting {
    pub(super) style: Style,
    /// Type size, points.
    pub(super) size: f64,
    /// Distance of baselines, points.
    pub(super) leading: f64,
    /// 0 is black, 1 white.
    pub(super) gray: f64,
}

impl Setting {
    /// The width of a text, points.
    pub(super) fn width(&self, typeface: &Typeface, text: &str) -> Result<f64, PdfError> {
        Ok(typeface.width(self.style, text)? * self.size)
    }

    /// The lines of a text in a column `measure` wide. A line that goes on ends in its space, so that the
    /// words stay apart for who copies them. A word that is wider than the column is broken.
    pub(super) fn lines(
        &self,
        typeface: &Typeface,
        text: &str,
        measure: f64,
    ) -> Result<Vec<String>, PdfError> {
        let mut lines = Vec::new();
        for paragraph in text.lines() {
            let mut line = String::new();
            let mut width = 0.0;
            for word in paragraph.split_whitespace() {
                let space = if line.is_empty() { "" } else { " " };
                let gap = self.width(typeface, space)?;
                let wide = self.width(typeface, word)?;
                if width + gap + wide <= measure {
                    line.push_str(space);
                    line.push_str(word);
                    width += gap + wide;
                    continue;
                }
                if !line.is_empty() {
                    line.push(' ');
                    lines.push(std::mem::take(&mut line));
                }
                width = 0.0;
                for letter in word.chars() {
                    let advance = self.width(typeface, letter.encode_utf8(&mut [0; 4]))?;
                    if width + advance > measure && !line.is_empty() {
                        lines.push(std::mem::take(&mut line));
                        width = 0.0;
                    }
                    line.push(letter);
                    width += advance;
                }
            }
            if !line.is_empty() {
                lines.push(line);
            }
        }
        Ok(lines)
    }
}
