//! The pages of a document with what they inherit (ISO 32000-2, 7.7.3).

use std::collections::BTreeSet;
use std::sync::Arc;

use lopdf::{Dictionary, Object, ObjectId};

use super::budget::Budget;
use super::loader::Objects;
use super::source::{Page, Rectangle, resolve};
use super::{PdfError, values};

/// US Letter, which readers fall back on for a page without a usable `/MediaBox`.
const LETTER: Rectangle = Rectangle {
    left: 0.0,
    bottom: 0.0,
    right: 612.0,
    top: 792.0,
};

/// What a page-tree node hands down (ISO 32000-2, 7.7.3.4).
#[derive(Clone)]
struct Inherited {
    media_box: Option<Rectangle>,
    crop_box: Option<Rectangle>,
    rotate: u16,
    resources: Arc<Object>,
}

impl Inherited {
    /// These entries, as far as `dictionary` does not replace them.
    fn with(&self, objects: &Objects, dictionary: &Dictionary) -> Self {
        let entry = |key: &[u8]| {
            dictionary
                .get(key)
                .ok()
                .map(|value| resolve(objects, value))
        };
        let resources = match dictionary.get(b"Resources") {
            Ok(own) if !resolve(objects, own).is_null() => Arc::new(own.clone()),
            _ => Arc::clone(&self.resources),
        };
        Self {
            media_box: rectangle(objects, entry(b"MediaBox")).or(self.media_box),
            crop_box: rectangle(objects, entry(b"CropBox")).or(self.crop_box),
            rotate: entry(b"Rotate").and_then(rotation).unwrap_or(self.rotate),
            resources,
        }
    }
}

/// A node on the way from the root to the page being read.
struct Level<'a> {
    id: ObjectId,
    kids: std::slice::Iter<'a, Object>,
    inherited: Inherited,
}

/// Refuses a page tree that does not say how many pages it has (ISO 32000-2, table 30): readers that
/// go by that number show none of them, and the copy's band would not be seen.
fn check_count(objects: &Objects, root: &Object) -> Result<(), PdfError> {
    let Object::Dictionary(root) = resolve(objects, root) else {
        return Ok(());
    };
    let count = root.get(b"Count").map(|count| resolve(objects, count));
    match count {
        Ok(Object::Integer(0..)) => Ok(()),
        _ if !root.has(b"Kids") => Ok(()),
        _ => Err(PdfError::Damaged(
            "a page tree that does not count its pages",
        )),
    }
}

/// The pages below the catalog's `/Pages`, in order.
///
/// # Errors
/// [`PdfError::NoPages`], limits, and [`PdfError::Damaged`] for a tree in which a page or a branch
/// stands twice. A kid that leads back to a node above it is passed over, as readers do.
pub(super) fn walk(
    objects: &Objects,
    catalog: &Dictionary,
    budget: &Budget<'_>,
) -> Result<Vec<Page>, PdfError> {
    let nothing = Inherited {
        media_box: None,
        crop_box: None,
        rotate: 0,
        resources: Arc::new(Object::Null),
    };
    let root = catalog.get(b"Pages").map_err(|_| PdfError::NoPages)?;
    check_count(objects, root)?;
    let above = [root.clone()];
    let mut levels = vec![Level {
        id: (0, 0),
        kids: above.iter(),
        inherited: nothing,
    }];
    let mut pages = Vec::new();
    let mut seen = BTreeSet::new();
    let mut steps = budget.steps();
    while let Some(level) = levels.last_mut() {
        let Some(kid) = level.kids.next() else {
            levels.pop();
            continue;
        };
        steps.take()?;
        let dictionary = match resolve(objects, kid) {
            Object::Dictionary(dictionary) => dictionary,
            Object::Stream(_) => return Err(PdfError::Damaged("a page that is a stream")),
            _ => continue,
        };
        let Ok(id) = kid.as_reference() else {
            return Err(PdfError::Damaged("a page that is not an indirect object"));
        };
        let inherited = level.inherited.with(objects, dictionary);
        if levels.iter().any(|level| level.id == id) {
            continue;
        }
        if !seen.insert(id) {
            return Err(PdfError::Damaged("a page stands twice in the page tree"));
        }
        match kids(objects, dictionary) {
            Some(kids) => {
                if levels.len() > budget.limits.nesting as usize {
                    return Err(values::too_deep(budget.limits));
                }
                levels.push(Level {
                    id,
                    kids: kids.iter(),
                    inherited,
                });
            }
            None if values::name_entry(dictionary, b"Type") == Some(b"Pages") => {}
            None => {
                if pages.len() == budget.limits.pages as usize {
                    return Err(PdfError::LimitPassed {
                        limit: "pages",
                        allowed: u64::from(budget.limits.pages),
                    });
                }
                pages.push(page(objects, id, dictionary, inherited));
            }
        }
    }
    if pages.is_empty() {
        return Err(PdfError::NoPages);
    }
    Ok(pages)
}

/// The kids of a node; `None` for a page, which may lack a `/Type` or have a wrong one.
fn kids<'a>(objects: &'a Objects, dictionary: &'a Dictionary) -> Option<&'a Vec<Object>> {
    if values::name_entry(dictionary, b"Type") == Some(b"Page") {
        return None;
    }
    let kids = resolve(objects, dictionary.get(b"Kids").ok()?);
    kids.as_array().ok()
}

fn page(objects: &Objects, id: ObjectId, dictionary: &Dictionary, inherited: Inherited) -> Page {
    let media_box = inherited.media_box.unwrap_or(LETTER);
    let crop_box = inherited
        .crop_box
        .and_then(|crop_box| crop_box.intersection(&media_box))
        .unwrap_or(media_box);
    let user_unit = dictionary
        .get(b"UserUnit")
        .ok()
        .and_then(|unit| values::number(resolve(objects, unit)))
        .filter(|unit| *unit > 0.0)
        .unwrap_or(1.0);
    Page {
        id,
        dictionary: dictionary.clone(),
        media_box,
        crop_box,
        rotate: inherited.rotate,
        user_unit,
        resources: inherited.resources,
    }
}

/// A rectangle with an area, its corners in any order; anything else is as good as none.
pub(super) fn rectangle(objects: &Objects, object: Option<&Object>) -> Option<Rectangle> {
    rectangle_of(object?, |number| resolve(objects, number))
}

/// The same for objects that `resolve` finds.
pub(super) fn rectangle_of<'a>(
    object: &'a Object,
    resolve: impl Fn(&'a Object) -> &'a Object,
) -> Option<Rectangle> {
    let numbers: Vec<f32> = object
        .as_array()
        .ok()?
        .iter()
        .take(4)
        .map_while(|number| values::number(resolve(number)))
        .collect();
    let &[x0, y0, x1, y1] = numbers.as_slice() else {
        return None;
    };
    let rectangle = Rectangle {
        left: x0.min(x1),
        bottom: y0.min(y1),
        right: x0.max(x1),
        top: y0.max(y1),
    };
    let has_area = rectangle.right > rectangle.left && rectangle.top > rectangle.bottom;
    has_area.then_some(rectangle)
}

/// A multiple of 90 degrees, normalised.
fn rotation(object: &Object) -> Option<u16> {
    let degrees = match object {
        Object::Integer(degrees) => *degrees,
        Object::Real(degrees) if degrees.fract() == 0.0 => *degrees as i64,
        _ => return None,
    };
    match degrees.rem_euclid(360) {
        90 => Some(90),
        180 => Some(180),
        270 => Some(270),
        _ => Some(0),
    }
}
