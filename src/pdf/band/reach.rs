//! Where a reader draws an annotation (ISO 32000-2, 12.5.5).

use lopdf::{Dictionary, Object, ObjectId};

use super::geometry::{Area, Matrix, Sheet};
use crate::pdf::Update;
use crate::pdf::values::name_entry;

/// Side of the icons that readers draw for notes and attached files, points.
const ICON: f64 = 24.0;

/// Annotation flag (ISO 32000-2, table 167).
const NO_ROTATE: i64 = 1 << 4;

fn numbers(update: &Update<'_>, object: &Object) -> Vec<f64> {
    match update.resolve(object).1 {
        Object::Array(items) => items
            .iter()
            .flat_map(|item| match update.resolve(item).1 {
                Object::Integer(value) => vec![*value as f64],
                Object::Real(value) => decimal(*value).into_iter().collect(),
                // `/InkList` holds arrays of numbers.
                Object::Array(inner) => inner
                    .iter()
                    .filter_map(|item| decimal(update.resolve(item).1.as_float().ok()?))
                    .collect(),
                _ => Vec::new(),
            })
            .collect(),
        _ => Vec::new(),
    }
}

/// The number that was written: of the few digits that files have, single precision forgets some, and
/// appearances would come to stand a little beside their place.
fn decimal(value: f32) -> Option<f64> {
    value
        .to_string()
        .parse()
        .ok()
        .filter(|value: &f64| value.is_finite())
}

fn entry(update: &Update<'_>, dictionary: &Dictionary, key: &[u8]) -> Vec<f64> {
    dictionary
        .get(key)
        .map(|object| numbers(update, object))
        .unwrap_or_default()
}

/// A rectangle under `key`, whichever corners it gives.
pub(super) fn rectangle(update: &Update<'_>, dictionary: &Dictionary, key: &[u8]) -> Option<Area> {
    match entry(update, dictionary, key).as_slice() {
        [a, b, c, d] => Some(Area::around([(*a, *b), (*c, *d)])),
        _ => None,
    }
}

/// A rectangle as PDF writes it.
pub(super) fn to_array(area: Area) -> Vec<Object> {
    [area.left, area.bottom, area.right, area.top]
        .map(|value| Object::Real(value as f32))
        .to_vec()
}

/// The normal appearance in the annotation's state (12.5.5, table 170).
pub(super) fn normal_appearance(update: &Update<'_>, annotation: &Dictionary) -> Option<ObjectId> {
    let appearances = update.resolve(annotation.get(b"AP").ok()?).1;
    let normal = appearances.as_dict().ok()?.get(b"N").ok()?;
    match update.resolve(normal) {
        (Some(id), Object::Stream(_)) => Some(id),
        (_, Object::Dictionary(states)) => {
            let state = annotation.get(b"AS").and_then(Object::as_name).ok()?;
            match update.resolve(states.get(state).ok()?) {
                (Some(id), Object::Stream(_)) => Some(id),
                _ => None,
            }
        }
        _ => None,
    }
}

/// The area a reader draws in, user units. An appearance stays inside `/Rect`; without one, readers
/// go by other entries too.
pub(super) fn drawn(
    update: &Update<'_>,
    annotation: &Dictionary,
    has_appearance: bool,
    sheet: &Sheet,
) -> Option<Area> {
    let rectangle = rectangle(update, annotation, b"Rect");
    if stays_upright(annotation, sheet) {
        // It stays upright by turning around a corner of its rectangle.
        return rectangle.map(|area| area.inflated(area.width().max(area.height())));
    }
    if has_appearance {
        return rectangle;
    }
    let subtype = name_entry(annotation, b"Subtype");
    if subtype == Some(b"Widget") {
        return rectangle;
    }
    if matches!(subtype, Some(b"Text" | b"FileAttachment" | b"Sound")) {
        return rectangle.map(|area| area.inflated(ICON / sheet.unit));
    }
    let mut points: Vec<(f64, f64)> = Vec::new();
    for key in [
        b"QuadPoints".as_slice(),
        b"L",
        b"Vertices",
        b"InkList",
        b"CL",
        b"Path",
    ] {
        let numbers = entry(update, annotation, key);
        points.extend(numbers.chunks_exact(2).filter_map(|pair| match pair {
            [x, y] => Some((*x, *y)),
            _ => None,
        }));
    }
    let border = border_width(update, annotation);
    let is_empty = rectangle.is_none_or(|area| area.width() == 0.0 && area.height() == 0.0);
    if points.is_empty() && is_empty {
        return rectangle;
    }
    if let Some(area) = rectangle {
        points.extend([(area.left, area.bottom), (area.right, area.top)]);
    }
    // Arrow heads and other line endings are a few times as wide as the line.
    let around = if annotation.has(b"LE") { 10.0 } else { 0.5 };
    Some(Area::around(points).inflated(border * around))
}

/// Whether the annotation is drawn upright although the page is turned.
fn stays_upright(annotation: &Dictionary, sheet: &Sheet) -> bool {
    let flags = annotation.get(b"F").and_then(Object::as_i64).unwrap_or(0);
    flags & NO_ROTATE != 0 && sheet.turned
}

/// What turns an annotation that stays upright around the upper left corner of its rectangle (table 167,
/// `NoRotate`); `None` for all others.
pub(super) fn upright(annotation: &Dictionary, rectangle: Area, sheet: &Sheet) -> Option<Matrix> {
    stays_upright(annotation, sheet).then(|| sheet.upright_around(rectangle.left, rectangle.top))
}

/// Width of the border, user units.
fn border_width(update: &Update<'_>, annotation: &Dictionary) -> f64 {
    let style = annotation
        .get(b"BS")
        .ok()
        .and_then(|style| update.resolve(style).1.as_dict().ok())
        .and_then(|style| style.get(b"W").ok())
        .and_then(|width| update.resolve(width).1.as_float().ok());
    match style {
        Some(width) => f64::from(width).max(0.0),
        None => match entry(update, annotation, b"Border").get(2) {
            Some(width) => width.max(0.0),
            None => 1.0,
        },
    }
}

/// What puts the appearance `form` into `rectangle` (12.5.5, algorithm: appearance streams).
/// `None` where nothing would be seen.
pub(super) fn appearance_matrix(
    update: &Update<'_>,
    form: ObjectId,
    rectangle: Area,
) -> Option<Matrix> {
    let Some(Object::Stream(stream)) = update.current(form) else {
        return None;
    };
    let own = match entry(update, &stream.dict, b"Matrix").as_slice() {
        [a, b, c, d, e, f] => Matrix([*a, *b, *c, *d, *e, *f]),
        _ => Matrix::IDENTITY,
    };
    let bounds = own.bounds(self::rectangle(update, &stream.dict, b"BBox")?);
    let x = rectangle.width() / bounds.width();
    let y = rectangle.height() / bounds.height();
    let seen = x.is_finite() && y.is_finite() && x != 0.0 && y != 0.0;
    seen.then_some(Matrix([
        x,
        0.0,
        0.0,
        y,
        rectangle.left - bounds.left * x,
        rectangle.bottom - bounds.bottom * y,
    ]))
}
