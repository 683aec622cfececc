//! A page with an organ's band on it, which is no copy: nothing is sealed, stored or issued. It is for looking
//! at what copies will look like, by eye or by machine.

use bytes::Bytes;
use jiff::Timestamp;

use super::legend;
use crate::model::{Code, CopyKind, Deadline, Language, Organ, Placement};
use crate::pdf::band::{self, BandOptions};
use crate::pdf::document::{Block, Document, Letterhead};
use crate::pdf::typeface::Typeface;
use crate::pdf::{Limits, PdfError, SignatureFields, SourcePdf, Update};

/// Bytes left for a signature that never comes.
const UNSIGNED: usize = 64;

/// A page with a band.
pub struct Specimen {
    /// The file.
    pub pdf: Vec<u8>,
    /// What the QR symbol of its band says.
    pub address: String,
}

/// Draws it, with a code that names nothing.
///
/// # Errors
/// [`PdfError::NoGlyph`] and the others with which the band of a copy could not be drawn either.
pub fn specimen(
    organ: &Organ,
    typeface: &Typeface,
    language: Language,
    code: &Code,
    now: Timestamp,
) -> Result<Specimen, PdfError> {
    let page = Document {
        title: "Specimen".to_owned(),
        language: Language::En.tag(),
        letterhead: Letterhead {
            name: "Specimen".to_owned(),
            identifier: String::new(),
            service: "segell".to_owned(),
        },
        blocks: vec![Block::Title("Specimen".to_owned())],
    };
    let source = Bytes::from(page.to_pdf()?);
    let source = SourcePdf::open(source, &Limits::default(), &Deadline::never())?;
    let legend = legend::legend(organ, CopyKind::Electronic, language, code, now);
    let mut update = Update::new(&source);
    let options = BandOptions {
        placement: Placement::Fit,
        flatten_outside: false,
    };
    band::draw(&mut update, &legend, typeface, options)?;
    let unsigned = SignatureFields {
        name: String::new(),
        reason: String::new(),
        location: String::new(),
        contact: String::new(),
        time: now,
    };
    let drawn = update.finish(&unsigned, UNSIGNED)?.embed(&[])?;
    Ok(Specimen {
        pdf: drawn.parts().concat(),
        address: format!("https{}", legend.qr_rest),
    })
}
