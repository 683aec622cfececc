//! The boxes of a page that has grown (ISO 32000-2, 14.11.2).

use lopdf::{Dictionary, Object};

use super::geometry::{Area, Grown};
use super::reach;
use crate::pdf::source::{Page, Rectangle};

/// Sets all five: media and crop box are the grown page, for readers differ in
/// which of them they show; the others stay where the old page is, as far as they are inside.
pub(super) fn set(dictionary: &mut Dictionary, page: &Page, grown: &Grown) {
    let user = reach::to_array(grown.user);
    dictionary.set("MediaBox", user.clone());
    dictionary.set("CropBox", user);
    for key in ["BleedBox", "TrimBox", "ArtBox"] {
        let Ok(value) = page.dictionary.get(key.as_bytes()) else {
            continue;
        };
        let area = match value {
            Object::Array(items) => rectangle(items),
            _ => None,
        };
        match area {
            Some(area) if grown.user.contains(area) => {}
            Some(area) => match area.intersection(grown.user) {
                Some(inside) => dictionary.set(key, reach::to_array(inside)),
                None => {
                    dictionary.remove(key.as_bytes());
                }
            },
            // A reference: what it means without the band is the old page.
            None => dictionary.set(key, reach::to_array(grown.sheet.crop)),
        }
    }
}

fn rectangle(items: &[Object]) -> Option<Area> {
    let [a, b, c, d] = items else { return None };
    let corner = |x: &Object, y: &Object| Some((x.as_float().ok()?, y.as_float().ok()?));
    let ((a, b), (c, d)) = (corner(a, b)?, corner(c, d)?);
    Some(Area::from(Rectangle {
        left: a.min(c),
        bottom: b.min(d),
        right: a.max(c),
        top: b.max(d),
    }))
}
