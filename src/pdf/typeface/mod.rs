//! The typefaces of the band, subset once at start-up: Noto Sans for text, Hack for codes, because
//! its zero cannot be taken for a letter.
//!
//! They are embedded as Type 0 fonts over a TrueType program (ISO 32000-2, 9.7), so that a sealed
//! PDF/A stays PDF/A: identity encoding, widths equal to the program's, a complete `/CIDSet`, and
//! a `/ToUnicode` map from which a code can be copied byte for byte.

mod face;
mod truetype;

use std::sync::Arc;

use lopdf::{Dictionary, Object, ObjectId};

use self::face::Face;
use super::template::{Links, Template};
use super::{PdfError, Update};

/// What every subset can draw besides the text asked for: digits and the punctuation of a legend.
const ALWAYS: &str = "0123456789 -–·.,:;/()'’…";

/// The alphabet of codes and the hyphen between their groups.
const CODE_ALPHABET: &str = "0123456789ABCDEFGHJKMNPQRSTVWXYZ- ";

/// The styles of the band's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Style {
    /// Noto Sans Regular.
    Text,
    /// Noto Sans Bold.
    Bold,
    /// Hack Regular, in which all glyphs are equally wide.
    Code,
}

impl Style {
    /// Its resource name in the band's content.
    pub(super) const fn resource_name(self) -> &'static str {
        match self {
            Self::Text => "T",
            Self::Bold => "B",
            Self::Code => "C",
        }
    }
}

/// Subsets ready to be embedded: text, bold and a monospace for the code. Cheap to clone.
#[derive(Clone)]
pub struct Typeface {
    faces: Arc<Faces>,
}

struct Faces {
    text: Face,
    bold: Face,
    code: Face,
}

/// Where new objects go: into an update, or into a document of our own.
pub(super) trait NewObjects {
    /// Takes an object in and numbers it.
    fn place(&mut self, object: Object) -> ObjectId;

    /// Takes in what was serialised beforehand.
    fn place_template(&mut self, template: &Arc<Template>, links: Links) -> ObjectId {
        self.place(template.object(&links))
    }
}

impl NewObjects for Update<'_> {
    fn place(&mut self, object: Object) -> ObjectId {
        self.add(object)
    }

    fn place_template(&mut self, template: &Arc<Template>, links: Links) -> ObjectId {
        self.add_template(template, links)
    }
}

/// The fonts of one update.
#[derive(Clone, Copy, Debug)]
pub(super) struct EmbeddedFonts {
    /// The font of [`Style::Text`].
    pub(super) text: ObjectId,
    bold: ObjectId,
    code: ObjectId,
}

impl EmbeddedFonts {
    /// A `/Font` resource dictionary with all of them.
    pub(super) fn resources(&self) -> Dictionary {
        let mut fonts = Dictionary::new();
        fonts.set(Style::Text.resource_name(), Object::Reference(self.text));
        fonts.set(Style::Bold.resource_name(), Object::Reference(self.bold));
        fonts.set(Style::Code.resource_name(), Object::Reference(self.code));
        fonts
    }
}

impl Typeface {
    /// Subsets that can draw `text` in the text and bold faces, and codes in the monospace.
    ///
    /// Call it once per organ, with every text that may be printed: whatever is not covered here
    /// fails when it is drawn.
    ///
    /// # Errors
    /// [`PdfError::NoGlyph`] names the first character that the typeface cannot draw.
    pub fn covering(text: &str) -> Result<Self, PdfError> {
        Self::covering_also(text, "")
    }

    /// The same, with more than codes in the monospace.
    ///
    /// # Errors
    /// As [`Self::covering`].
    pub(super) fn covering_also(text: &str, literals: &str) -> Result<Self, PdfError> {
        let text: String = text.chars().chain(ALWAYS.chars()).collect();
        let literals: String = literals.chars().chain(CODE_ALPHABET.chars()).collect();
        Ok(Self {
            faces: Arc::new(Faces {
                text: Face::subset("NotoSans-Regular", notosans::REGULAR_TTF, &text)?,
                bold: Face::subset("NotoSans-Bold", notosans::BOLD_TTF, &text)?,
                code: Face::subset(
                    "Hack-Regular",
                    epaint_default_fonts::HACK_REGULAR,
                    &literals,
                )?,
            }),
        })
    }

    fn face(&self, style: Style) -> &Face {
        match style {
            Style::Text => &self.faces.text,
            Style::Bold => &self.faces.bold,
            Style::Code => &self.faces.code,
        }
    }

    /// Width of `text` at a size of one point, in points.
    ///
    /// # Errors
    /// [`PdfError::NoGlyph`].
    pub(super) fn width(&self, style: Style, text: &str) -> Result<f64, PdfError> {
        self.face(style).width(text)
    }

    /// Height of a capital at a size of one point, in points.
    pub(super) fn cap_height(&self, style: Style) -> f64 {
        self.face(style).cap_height()
    }

    /// Appends `text` to `content` as a hexadecimal string in the font's own encoding.
    ///
    /// # Errors
    /// [`PdfError::NoGlyph`].
    pub(super) fn show(
        &self,
        style: Style,
        text: &str,
        content: &mut Vec<u8>,
    ) -> Result<(), PdfError> {
        self.face(style).show(text, content)
    }

    /// Adds the fonts to an update.
    pub(super) fn embed(&self, update: &mut Update<'_>) -> EmbeddedFonts {
        let facts = update.source().facts();
        let is_pdfa_1 = matches!(&facts.pdfa, Some(part) if part.starts_with('1'));
        self.embed_into(update, is_pdfa_1)
    }

    /// Adds the fonts to new objects, with what only PDF/A-1 asks for if `is_pdfa_1`.
    pub(super) fn embed_into(
        &self,
        objects: &mut impl NewObjects,
        is_pdfa_1: bool,
    ) -> EmbeddedFonts {
        let Faces { text, bold, code } = self.faces.as_ref();
        let text_map = objects.place_template(text.to_unicode(), Links::new());
        let bold_map = if bold.to_unicode() == text.to_unicode() {
            text_map
        } else {
            objects.place_template(bold.to_unicode(), Links::new())
        };
        let code_map = objects.place_template(code.to_unicode(), Links::new());
        EmbeddedFonts {
            text: text.embed(objects, text_map, is_pdfa_1),
            bold: bold.embed(objects, bold_map, is_pdfa_1),
            code: code.embed(objects, code_map, is_pdfa_1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEGEND: &str = "Còpia electrònica autèntica amb canvi de format d'un document en paper \
        Ajuntament de Sant Martí de l'Estany (NIF P0800000A) Codi segur de verificació (CSV): \
        Comproveu-la a https://verifica.exemple.cat amb aquest codi, o llegint el QR, i compareu \
        els dos documents. Expedida el 21/11/2026 Article 27 de la Llei 39/2015 Pàgina 1 de 2 \
        PROVA · SENSE VALIDESA Código seguro Compruébela Artículo ñ ç ü Issued by";

    #[test]
    fn all_three_subsets_together_take_less_than_fourteen_kilobytes() {
        let typeface = Typeface::covering(LEGEND).unwrap();
        let faces = [Style::Text, Style::Bold, Style::Code];
        let sizes = faces.map(|style| typeface.face(style).program_len());
        assert!(sizes.iter().sum::<usize>() < 14_000, "{sizes:?}");
    }

    #[test]
    fn a_character_without_a_glyph_is_named() {
        let refused = Typeface::covering("Ajuntament 🏛").err();
        assert_eq!(refused, Some(PdfError::NoGlyph(0x1F3DB)));
    }

    #[test]
    fn a_text_that_was_not_covered_cannot_be_drawn() {
        let typeface = Typeface::covering("abc").unwrap();
        assert_eq!(
            typeface.width(Style::Text, "abz"),
            Err(PdfError::NoGlyph(u32::from('z')))
        );
    }

    #[test]
    fn codes_are_equally_wide() {
        let typeface = Typeface::covering("").unwrap();
        let narrow = typeface.width(Style::Code, "1111-1111").unwrap();
        let wide = typeface.width(Style::Code, "WWWW-WWWW").unwrap();
        assert!((narrow - wide).abs() < 1e-9);
    }

    #[test]
    fn a_soft_hyphen_is_refused_and_a_hard_space_is_a_space() {
        assert_eq!(
            Typeface::covering("a\u{AD}b").err(),
            Some(PdfError::NoGlyph(0xAD))
        );
        let typeface = Typeface::covering("a\u{A0}b").unwrap();
        let (mut hard, mut soft) = (Vec::new(), Vec::new());
        typeface.show(Style::Text, "a\u{A0}b", &mut hard).unwrap();
        typeface.show(Style::Text, "a b", &mut soft).unwrap();
        assert_eq!(hard, soft);
    }
}
