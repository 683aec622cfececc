//! Annotations that would show in the grown area, and the widgets of old signatures (ISO 32000-2, 12.5).
//!
//! Readers draw annotations over the contents of a page, so none may reach where the band is. Those
//! with an appearance become part of the old contents, inside their clip; the others, of which a
//! reader draws what it likes, are moved inside or go. The widgets of the source's signatures go wherever
//! they stand, and their appearance stays.

use lopdf::{Dictionary, Object, ObjectId};

use super::geometry::{Grown, Matrix};
use super::old_signatures::OldSignatures;
use super::reach;
use crate::pdf::values::name_entry;
use crate::pdf::{PdfError, Update};

/// Annotation flags (ISO 32000-2, table 167).
const HIDDEN: i64 = 1 << 1;
const NO_VIEW: i64 = 1 << 5;

/// An appearance to be drawn as part of the old contents.
#[derive(Clone, Debug)]
pub(super) struct Flattened {
    /// The appearance stream.
    pub(super) form: ObjectId,
    /// Puts it at its place (12.5.5, algorithm 8.1).
    pub(super) matrix: Matrix,
    /// The layer it belongs to.
    pub(super) layer: Option<Object>,
}

/// What became of a page's annotations.
#[derive(Clone, Debug, Default)]
pub(super) struct Settled {
    /// The new `/Annots`, if it changes.
    pub(super) annotations: Option<Vec<Object>>,
    /// Appearances that became part of the contents.
    pub(super) flattened: Vec<Flattened>,
    /// Something that a reader would have drawn is gone or elsewhere.
    pub(super) changed: bool,
}

/// What becomes of one annotation.
enum Fate {
    Stays,
    Goes,
    Becomes(Dictionary),
    Flattens(Option<Flattened>),
    /// The widget of an old signature, with what it shows.
    Retires(Option<Flattened>),
}

/// Settles the annotations of `page` (its dictionary), 1-based `number`.
///
/// # Errors
/// [`PdfError::AnnotationOutsidePage`] unless `flatten`; [`PdfError::LimitPassed`].
pub(super) fn settle(
    update: &mut Update<'_>,
    page: &Dictionary,
    grown: &Grown,
    number: u32,
    flatten: bool,
    old_signatures: &OldSignatures,
) -> Result<Settled, PdfError> {
    let Ok(annots) = page.get(b"Annots") else {
        return Ok(Settled::default());
    };
    let Object::Array(items) = update.resolve(annots).1 else {
        return Ok(Settled::default());
    };
    let items = items.clone();
    let mut settled = Settled::default();
    let mut kept = Vec::with_capacity(items.len());
    let mut popups_of_gone = Vec::new();
    let mut any = false;
    for item in items {
        let (id, Object::Dictionary(annotation)) = update.resolve(&item) else {
            kept.push(item);
            continue;
        };
        let fate = if old_signatures.has_widget(update, id, annotation) {
            Fate::Retires(retired(update, annotation, grown))
        } else {
            fate(update, annotation, grown)
        };
        any |= !matches!(fate, Fate::Stays);
        match fate {
            Fate::Stays => kept.push(item),
            Fate::Retires(shown) => {
                settled.changed |= shown.is_some();
                settled.flattened.extend(shown);
            }
            Fate::Goes | Fate::Flattens(_) => {
                if !is_invisible(annotation) {
                    if !flatten {
                        return Err(PdfError::AnnotationOutsidePage { page: number });
                    }
                    settled.changed = true;
                }
                popups_of_gone.extend(annotation.get(b"Popup").and_then(Object::as_reference).ok());
                if let Fate::Flattens(Some(flattened)) = fate {
                    settled.flattened.push(flattened);
                }
            }
            Fate::Becomes(changed) => {
                let visible = !is_invisible(annotation);
                if visible && !flatten {
                    return Err(PdfError::AnnotationOutsidePage { page: number });
                }
                settled.changed |= visible;
                match id {
                    Some(id) => {
                        update.set(id, changed);
                        kept.push(item);
                    }
                    None => kept.push(Object::Dictionary(changed)),
                }
            }
        }
    }
    if any {
        kept.retain(|item| {
            item.as_reference()
                .map_or(true, |id| !popups_of_gone.contains(&id))
        });
        settled.annotations = Some(kept);
    }
    for flattened in &mut settled.flattened {
        flattened.form = as_form(update, flattened.form)?;
    }
    Ok(settled)
}

/// Links and pop-ups have no looks of their own to lose, nor has what is hidden.
fn is_invisible(annotation: &Dictionary) -> bool {
    let subtype = name_entry(annotation, b"Subtype");
    matches!(subtype, Some(b"Link" | b"Popup")) || flags(annotation) & HIDDEN != 0
}

/// What the widget of an old signature shows on the screen: its normal appearance, if it has an area.
fn retired(update: &Update<'_>, widget: &Dictionary, grown: &Grown) -> Option<Flattened> {
    if flags(widget) & (HIDDEN | NO_VIEW) != 0 {
        return None;
    }
    flattened(
        update,
        widget,
        reach::normal_appearance(update, widget)?,
        grown,
    )
}

fn flags(annotation: &Dictionary) -> i64 {
    annotation.get(b"F").and_then(Object::as_i64).unwrap_or(0)
}

/// The appearance `form` of an annotation, where a reader draws it.
fn flattened(
    update: &Update<'_>,
    annotation: &Dictionary,
    form: ObjectId,
    grown: &Grown,
) -> Option<Flattened> {
    let rectangle = reach::rectangle(update, annotation, b"Rect")?;
    let placed = reach::appearance_matrix(update, form, rectangle)?;
    let upright = reach::upright(annotation, rectangle, &grown.sheet);
    Some(Flattened {
        form,
        matrix: upright.map_or(placed, |upright| upright.after(placed)),
        layer: annotation.get(b"OC").ok().cloned(),
    })
}

fn fate(update: &Update<'_>, annotation: &Dictionary, grown: &Grown) -> Fate {
    let subtype = name_entry(annotation, b"Subtype");
    // A watermark with /FixedPrint is printed at a place on the paper, whatever its /Rect says.
    let fixed = annotation.has(b"FixedPrint");
    let appearance = reach::normal_appearance(update, annotation);
    let rectangle = reach::rectangle(update, annotation, b"Rect");
    let area = reach::drawn(update, annotation, appearance.is_some(), &grown.sheet);
    let touches = area.is_some_and(|area| grown.is_touched_by(area));
    let prints_elsewhere = fixed && grown.is_larger();
    if !touches && !prints_elsewhere {
        return Fate::Stays;
    }
    let confined = || {
        let rectangle = rectangle?.intersection(grown.sheet.crop)?;
        let mut confined = annotation.clone();
        confined.set("Rect", reach::to_array(rectangle));
        Some(confined)
    };
    let without_looks = |mut annotation: Dictionary| {
        for key in [b"AP".as_slice(), b"AS", b"Open"] {
            annotation.remove(key);
        }
        annotation
    };
    match (subtype, appearance) {
        (Some(b"Popup"), _) => confined().map_or(Fate::Goes, |confined| {
            Fate::Becomes(without_looks(confined))
        }),
        (Some(b"Link"), None) => {
            confined().map_or(Fate::Goes, |mut confined| {
                // A border is drawn half outside.
                confined.set("Border", vec![0.into(), 0.into(), 0.into()]);
                confined.remove(b"BS");
                confined.remove(b"QuadPoints");
                Fate::Becomes(confined)
            })
        }
        _ if flags(annotation) & HIDDEN != 0 => Fate::Goes,
        (_, Some(form)) => Fate::Flattens(flattened(update, annotation, form, grown)),
        // Drawn inside /Rect and nowhere else.
        (Some(b"Widget" | b"Square" | b"Circle" | b"FreeText" | b"Stamp"), None) => {
            confined().map_or(Fate::Goes, Fate::Becomes)
        }
        (_, None) => Fate::Goes,
    }
}

/// The appearance stream as a form XObject that `Do` draws: some lack the `/Subtype`.
fn as_form(update: &mut Update<'_>, id: ObjectId) -> Result<ObjectId, PdfError> {
    let Some(Object::Stream(stream)) = update.current(id) else {
        return Ok(id);
    };
    if name_entry(&stream.dict, b"Subtype") == Some(b"Form") {
        return Ok(id);
    }
    let encoded = update.source().stream_bytes(id);
    let encoded = encoded.ok_or(PdfError::Damaged("the appearance of an annotation"))?;
    let mut dictionary = encoded.dictionary.clone();
    dictionary.set("Subtype", "Form");
    Ok(update.add_stream(dictionary, encoded.bytes.into_owned()))
}
