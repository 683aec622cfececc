//! The band on a page of its own, after the last.

use lopdf::{Object, dictionary};

use super::deflate::Deflater;
use super::forms::Forms;
use super::geometry::{Matrix, Sheet};
use super::ink::Content;
use super::layout::{Form, MM, RULE, Run, Setter};
use super::test_ground::{Paper, TestGrounds};
use crate::pdf::{PdfError, Update};

/// A page of its own is at least this wide and high, points; or else it is A4.
const LEAST_SIDE: f64 = 148.0 * MM - 0.5;
const A4: (f64, f64) = (595.276, 841.89);

/// Distance of the band from the upper edge, points.
const HEAD: f64 = 20.0 * MM;

/// Appends the page.
///
/// # Errors
/// [`PdfError::NoGlyph`], [`PdfError::Damaged`] when the page tree takes no page.
pub(super) fn append(
    update: &mut Update<'_>,
    setter: &Setter<'_>,
    forms: &mut Forms<'_>,
    deflater: &mut Deflater,
) -> Result<(), PdfError> {
    let (width, height) = update
        .source()
        .pages()
        .last()
        .and_then(Sheet::of)
        .map(|sheet| (sheet.width, sheet.height))
        .filter(|(width, height)| width.min(*height) >= LEAST_SIDE && width.max(*height) < 14_400.0)
        .unwrap_or(A4);
    let layout = std::rc::Rc::new(setter.set(Form::Full, width)?);
    let band = forms.band(update, deflater, &layout)?;
    let ink = forms.ink;

    let mut content = Content::default();
    let mut xobjects = dictionary! { "SgBand" => Object::Reference(band) };
    if update.source().facts().tagged {
        content.raw("/Artifact BMC\n");
    }
    if layout.mark.is_some() {
        let paper = Paper {
            width,
            height,
            old: None,
            scale: 1.0,
        };
        let ground = TestGrounds::default().form(update, deflater, paper, ink);
        xobjects.set("SgTest", Object::Reference(ground));
        content.raw("/SgTest Do\n");
    }
    content.raw("q ");
    let bottom = height - HEAD - layout.height;
    content.concatenate(Matrix([1.0, 0.0, 0.0, 1.0, 0.0, bottom]));
    ink.fill(&mut content, "SgGray", 0);
    let rule = width - 2.0 * layout.margin;
    for y in [layout.rule(), 0.0] {
        content.op(&[layout.margin, y, rule, RULE], "re");
    }
    content.raw("f\n/SgBand Do\n");
    let pages = setter.pages.to_string();
    let run = Run {
        text: layout
            .page
            .text
            .replace("{n}", &pages)
            .replace("{m}", &pages),
        ..layout.page.clone()
    };
    content.text(setter.typeface, "SgText", &run)?;
    content.raw("Q\n");
    if update.source().facts().tagged {
        content.raw("EMC\n");
    }

    let mut resources = dictionary! {
        "XObject" => xobjects,
        "Font" => dictionary! { "SgText" => Object::Reference(forms.fonts.text) },
    };
    ink.add_to(&mut resources, "SgGray");
    let contents = update.add_stream(lopdf::Dictionary::new(), content.0);
    let media_box = vec![
        0.into(),
        0.into(),
        Object::Real(width as f32),
        Object::Real(height as f32),
    ];
    add_to_tree(
        update,
        dictionary! {
            "Type" => "Page",
            "MediaBox" => media_box.clone(),
            "CropBox" => media_box,
            "Rotate" => 0,
            "Resources" => resources,
            "Contents" => Object::Reference(contents),
        },
    )
}

/// Makes `page` the last kid of the root of the page tree (ISO 32000-2, 7.7.3).
fn add_to_tree(update: &mut Update<'_>, mut page: lopdf::Dictionary) -> Result<(), PdfError> {
    const DAMAGED: PdfError = PdfError::Damaged("the root of the page tree");
    let root = update
        .source()
        .catalog()
        .get(b"Pages")
        .map_err(|_| DAMAGED)?;
    let (root, object) = update.resolve(root);
    let (Some(root), Object::Dictionary(node)) = (root, object) else {
        return Err(DAMAGED);
    };
    let kids = node.get(b"Kids").map_err(|_| DAMAGED)?;
    let Object::Array(kids) = update.resolve(kids).1 else {
        return Err(DAMAGED);
    };
    let mut kids = kids.clone();
    let count = update.source().pages().len() as i64 + 1;
    page.set("Parent", Object::Reference(root));
    kids.push(Object::Reference(update.add(page)));
    let node = update.dictionary_mut(root)?;
    node.set("Kids", kids);
    node.set("Count", count);
    Ok(())
}
