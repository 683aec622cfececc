//! The form XObjects that pages share (ISO 32000-2, 8.10): one for the QR, one for each layout.

use std::rc::Rc;

use lopdf::{Dictionary, Object, ObjectId, dictionary};

use super::deflate::Deflater;
use super::geometry::{Area, Matrix};
use super::ink::{Content, Ink};
use super::layout::Layout;
use super::qr::QrSymbol;
use crate::pdf::typeface::{EmbeddedFonts, Typeface};
use crate::pdf::{PdfError, Update};

/// Resource names inside the forms.
const SYMBOL: &str = "Q";
const GRAY: &str = "G";

/// The dictionary of a form XObject.
pub(super) fn form_dictionary(area: Area, resources: impl Into<Object>) -> Dictionary {
    let side = |value: f64| Object::Real(value as f32);
    dictionary! {
        "Type" => "XObject",
        "Subtype" => "Form",
        "BBox" => vec![
            side(area.left), side(area.bottom), side(area.right), side(area.top),
        ],
        "Resources" => resources.into(),
    }
}

/// The bands drawn so far.
pub(super) struct Forms<'a> {
    typeface: &'a Typeface,
    pub(super) ink: Ink,
    pub(super) fonts: EmbeddedFonts,
    qr: ObjectId,
    modules: usize,
    bands: Vec<(Rc<Layout>, ObjectId)>,
}

impl<'a> Forms<'a> {
    /// Embeds the fonts and the QR.
    pub(super) fn new(
        update: &mut Update<'_>,
        deflater: &mut Deflater,
        typeface: &'a Typeface,
        symbol: &QrSymbol,
        ink: Ink,
    ) -> Self {
        let modules = symbol.modules_with_quiet_zone();
        let area = Area {
            left: 0.0,
            bottom: 0.0,
            right: modules as f64,
            top: modules as f64,
        };
        let mut resources = Dictionary::new();
        ink.add_to(&mut resources, GRAY);
        let mut content = Content::default();
        ink.fill(&mut content, GRAY, 1);
        content.rectangle(area);
        content.raw("f\n");
        ink.fill(&mut content, GRAY, 0);
        content.0.extend(symbol.path());
        let qr = deflater.add(update, form_dictionary(area, resources), &content.0);
        Self {
            typeface,
            ink,
            fonts: typeface.embed(update),
            qr,
            modules,
            bands: Vec::new(),
        }
    }

    /// The form that draws `layout`, without ground, rule and page number.
    ///
    /// # Errors
    /// [`PdfError::NoGlyph`].
    pub(super) fn band(
        &mut self,
        update: &mut Update<'_>,
        deflater: &mut Deflater,
        layout: &Rc<Layout>,
    ) -> Result<ObjectId, PdfError> {
        let known = self
            .bands
            .iter()
            .find(|(known, _)| Rc::ptr_eq(known, layout) || known == layout);
        if let Some((_, id)) = known {
            return Ok(*id);
        }
        let content = self.content(layout)?;
        let [left, bottom, width, _] = layout.panel;
        let area = Area {
            left: left.min(0.0),
            bottom: bottom.min(0.0),
            right: left + width,
            top: layout.height,
        };
        let mut resources = dictionary! {
            "Font" => self.fonts.resources(),
            "XObject" => dictionary! { SYMBOL => Object::Reference(self.qr) },
        };
        self.ink.add_to(&mut resources, GRAY);
        let id = deflater.add(update, form_dictionary(area, resources), &content);
        self.bands.push((Rc::clone(layout), id));
        Ok(id)
    }

    fn content(&self, layout: &Layout) -> Result<Vec<u8>, PdfError> {
        let mut content = Content::default();
        if let Some(mark) = &layout.mark {
            // White ground for the text, for test copies have a hatched one.
            self.ink.fill(&mut content, GRAY, 1);
            content.op(&layout.panel, "re");
            content.raw("f\n");
            self.ink.fill(&mut content, GRAY, 0);
            content.op(&mark.area, "re");
            content.raw("f\n");
            self.ink.fill(&mut content, GRAY, 1);
            content.text(self.typeface, mark.run.style.resource_name(), &mark.run)?;
        }
        self.ink.fill(&mut content, GRAY, 0);
        for run in &layout.runs {
            content.text(self.typeface, run.style.resource_name(), run)?;
        }
        let [x, y, side] = layout.qr;
        let module = side / self.modules as f64;
        content.raw("q ");
        content.concatenate(Matrix([module, 0.0, 0.0, module, x, y]));
        content.raw(&format!("/{SYMBOL} Do Q\n"));
        Ok(content.0)
    }
}
