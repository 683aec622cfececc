//! The band: the strip outside the old page that carries legend, verification code and QR.

mod annotations;
mod band_page;
mod content;
mod deflate;
mod enclosure;
mod flow;
mod forms;
mod geometry;
mod ink;
mod inline_image;
mod layout;
mod old_signatures;
mod operators;
mod page_boxes;
mod pages;
mod plan;
mod qr;
mod reach;
mod resources;
mod scanner;
mod test_ground;
mod viewer;

use serde::{Deserialize, Serialize};

use self::deflate::Deflater;
use self::forms::Forms;
use self::ink::Ink;
use self::layout::Setter;
use self::old_signatures::OldSignatures;
use self::pages::PagePainter;
use self::qr::QrSymbol;
use super::typeface::Typeface;
use super::{PdfError, Update};
use crate::model::Placement;

/// The words of the band. All of it is plain text; `{n}` and `{m}` in `page` and `compact` stand for
/// the page number and the number of pages.
#[derive(Clone, Debug)]
pub struct Legend {
    /// First line: kind of copy, organ, NIF. Bold.
    pub title: String,
    /// What stands before the code on the second line: `Codi segur de verificació (CSV): `.
    pub code_label: String,
    /// The code, grouped by hyphens.
    pub code: String,
    /// Third line: how to check.
    pub check: String,
    /// Fourth line up to the page number: `Expedida el 21/11/2026 · Article 27 de la Llei 39/2015 · `.
    pub issued: String,
    /// The page number: `Pàgina {n} de {m}`.
    pub page: String,
    /// The one-line form for small pages: `Còpia autèntica · CSV … · host · Pàg. {n}/{m}`.
    pub compact: String,
    /// `PROVA · SENSE VALIDESA` on test copies; they get a hatched ground and a frame too.
    pub test_mark: Option<String>,
    /// What the QR says after `https`: `://HOST/CODE`, upper case, no hyphens in the code.
    pub qr_rest: String,
    /// BCP 47 tag of the language.
    pub language: &'static str,
}

/// How a band is to be drawn.
#[derive(Clone, Copy, Debug)]
pub struct BandOptions {
    /// Where it goes.
    pub placement: Placement,
    /// Flatten annotations that reach outside the old page instead of refusing them.
    pub flatten_outside: bool,
}

/// What drawing the band did, for record and preflight.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct BandReport {
    /// Pages of the copy (one more than the source under `last`).
    pub pages: u32,
    /// The smallest scale at which an original page comes out when the copy is printed "fit to page"
    /// on the paper of the original, in per mille (926 on A4 under `fit`).
    pub printed_scale_per_mille: u32,
    /// Pages (1-based) that got the compact one-line form.
    pub compact_pages: Vec<u32>,
    /// Pages (1-based) whose contents had to be enclosed in a form of their own.
    pub isolated_pages: Vec<u32>,
    /// Pages (1-based) where annotations were flattened, visible signatures of the source among them.
    pub flattened_pages: Vec<u32>,
}

/// Draws the band on every page of the update's source, and makes page content of the signatures that the
/// source brings with it.
///
/// # Errors
/// [`PdfError::PageNoRoom`], [`PdfError::AnnotationOutsidePage`], [`PdfError::NoGlyph`], limits.
pub fn draw(
    update: &mut Update<'_>,
    legend: &Legend,
    typeface: &Typeface,
    options: BandOptions,
) -> Result<BandReport, PdfError> {
    let symbol = QrSymbol::encode(&legend.qr_rest)?;
    let old_signatures = OldSignatures::take_out(update)?;
    let mut deflater = Deflater::new();
    let mut forms = Forms::new(
        update,
        &mut deflater,
        typeface,
        &symbol,
        Ink::of(update.source()),
    );
    let source_pages = update.source().pages();
    let last = options.placement == Placement::Last;
    let pages = source_pages.len() as u32 + u32::from(last);
    let setter = Setter {
        legend,
        typeface,
        modules: symbol.modules_with_quiet_zone(),
        pages,
    };
    if last {
        band_page::append(update, &setter, &mut forms, &mut deflater)?;
    } else {
        viewer::show_whole_pages(update)?;
    }
    let mut painter = PagePainter::new(update, setter, forms, deflater, options, old_signatures);
    for (number, page) in (1..).zip(source_pages) {
        if last {
            painter.keep(page, number)?;
        } else {
            painter.paint(page, number)?;
        }
    }
    Ok(painter.into_report())
}
