//! The typefaces of the band, subset once at start-up.

use super::PdfError;

/// Subsets ready to be embedded: text, bold and a monospace for the code.
pub struct Typeface {}

impl Typeface {
    /// Subsets that can draw `text` in the text and bold faces, and codes in the monospace.
    pub fn covering(text: &str) -> Result<Self, PdfError> {
        let _ = text;
        todo!()
    }
}
