//! The resources of a page with what the band needs added (ISO 32000-2, 7.8.3).

use std::sync::Arc;

use lopdf::{Dictionary, Object, ObjectId};

use crate::pdf::{SourcePdf, Update};

/// What the band's part of a page's contents uses.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Needs {
    /// The band's form.
    pub(super) band: ObjectId,
    /// The hatching of test copies.
    pub(super) ground: Option<ObjectId>,
    /// The font of the page number.
    pub(super) font: ObjectId,
    /// The colour space, where device colours may not be used.
    pub(super) gray: Option<Object>,
    /// Forms to be drawn under the band, and the layers they belong to.
    pub(super) under: Vec<(ObjectId, Option<Object>)>,
}

/// The names under which the page's resources now hold it.
#[derive(Clone, Debug)]
pub(super) struct Names {
    pub(super) band: String,
    pub(super) ground: String,
    pub(super) font: String,
    pub(super) gray: String,
    pub(super) under: Vec<(String, Option<String>)>,
}

/// The resources of one page: the object that goes into its dictionary, and the names.
pub(super) type Extended = (Object, Names);

/// Extends resources, and those that pages share only once.
#[derive(Default)]
pub(super) struct ResourcePool {
    /// By the original and the needs, the latest last.
    known: Vec<(Arc<Object>, Needs, Extended)>,
}

/// How many of the latest are looked at: pages that share come together.
const LATEST: usize = 16;

impl ResourcePool {
    /// `original` (a reference, a dictionary or null) with `needs` added. `inline`: the page has a
    /// dictionary of its own, which stays one.
    pub(super) fn extend(
        &mut self,
        update: &mut Update<'_>,
        original: &Arc<Object>,
        inline: bool,
        needs: &Needs,
    ) -> Extended {
        let mut latest = self.known.iter().rev().take(LATEST);
        let known = latest.find(|(known, served, _)| known == original && served == needs);
        if let Some((.., extended)) = known {
            return extended.clone();
        }
        let source = update.source();
        let (dictionary, names) = extended(source, original, needs);
        if inline {
            return (Object::Dictionary(dictionary), names);
        }
        let extended = (Object::Reference(update.add(dictionary)), names);
        self.known
            .push((Arc::clone(original), needs.clone(), extended.clone()));
        extended
    }
}

/// Whether contents that use `resources` get another colour than they ask for with `g`
/// (ISO 32000-2, 8.6.5.6).
pub(super) fn redefine_gray(source: &SourcePdf, resources: &Object) -> bool {
    let entry = |object, key| match source.resolve(object) {
        Object::Dictionary(dictionary) => dictionary.get(key).ok(),
        _ => None,
    };
    entry(resources, b"ColorSpace".as_slice())
        .and_then(|spaces| entry(spaces, b"DefaultGray"))
        .is_some()
}

fn dictionary(source: &SourcePdf, object: &Object) -> Dictionary {
    match source.resolve(object) {
        Object::Dictionary(dictionary) => dictionary.clone(),
        _ => Dictionary::new(),
    }
}

fn entry(source: &SourcePdf, resources: &Dictionary, category: &[u8]) -> Dictionary {
    match resources.get(category) {
        Ok(object) => dictionary(source, object),
        Err(_) => Dictionary::new(),
    }
}

fn extended(source: &SourcePdf, original: &Object, needs: &Needs) -> (Dictionary, Names) {
    let mut resources = dictionary(source, original);

    let mut forms = entry(source, &resources, b"XObject");
    let band = insert(&mut forms, "SgBand", Object::Reference(needs.band));
    let ground = needs.ground.map_or_else(String::new, |ground| {
        insert(&mut forms, "SgTest", Object::Reference(ground))
    });
    let mut layers = entry(source, &resources, b"Properties");
    let mut has_layers = false;
    let under = needs
        .under
        .iter()
        .map(|(form, layer)| {
            let layer = layer.as_ref().map(|layer| {
                has_layers = true;
                insert(&mut layers, "SgLayer", layer.clone())
            });
            (
                insert(&mut forms, "SgUnder", Object::Reference(*form)),
                layer,
            )
        })
        .collect();
    resources.set("XObject", forms);
    if has_layers {
        resources.set("Properties", layers);
    }

    let mut fonts = entry(source, &resources, b"Font");
    let font = insert(&mut fonts, "SgText", Object::Reference(needs.font));
    resources.set("Font", fonts);

    let gray = needs.gray.as_ref().map_or_else(String::new, |space| {
        let mut spaces = entry(source, &resources, b"ColorSpace");
        let name = insert(&mut spaces, "SgGray", space.clone());
        resources.set("ColorSpace", spaces);
        name
    });

    let names = Names {
        band,
        ground,
        font,
        gray,
        under,
    };
    (resources, names)
}

/// Adds `object` under `name`, with a number behind it if the source uses that name already.
fn insert(category: &mut Dictionary, name: &str, object: Object) -> String {
    let mut free = name.to_owned();
    let mut number = 1u32;
    while category.has(free.as_bytes()) {
        number += 1;
        free = format!("{name}{number}");
    }
    category.set(free.as_str(), object);
    free
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_of_the_source_is_never_taken() {
        let mut category = Dictionary::new();
        category.set("SgBand", 1);
        category.set("SgBand2", 2);
        assert_eq!(insert(&mut category, "SgBand", 3.into()), "SgBand3");
        assert!(matches!(category.get(b"SgBand"), Ok(Object::Integer(1))));
    }
}
