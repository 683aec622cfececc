//! The resources of a page with what the band needs added (ISO 32000-2, 7.8.3).

use std::sync::Arc;

use lopdf::{Dictionary, Object, ObjectId};

use crate::pdf::{SourcePdf, Update};

/// What our part of a page's contents uses.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Needs {
    /// The band, if the page has one.
    pub(super) banding: Option<Banding>,
    /// Forms to be drawn under the band, and the layers they belong to.
    pub(super) under: Vec<(ObjectId, Option<Object>)>,
}

/// What the band uses.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Banding {
    /// The band's form.
    pub(super) band: ObjectId,
    /// The hatching of test copies.
    pub(super) ground: Option<ObjectId>,
    /// The font of the page number.
    pub(super) font: ObjectId,
    /// The colour space, where device colours may not be used.
    pub(super) gray: Option<Object>,
}

/// The names under which the page's resources now hold it; empty where there is nothing to name.
#[derive(Clone, Debug, Default)]
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
    let mut names = Names::default();

    let mut forms = entry(source, &resources, b"XObject");
    if let Some(banding) = &needs.banding {
        names.band = insert(&mut forms, "SgBand", Object::Reference(banding.band));
        if let Some(ground) = banding.ground {
            names.ground = insert(&mut forms, "SgTest", Object::Reference(ground));
        }
    }
    let mut layers = entry(source, &resources, b"Properties");
    for (form, layer) in &needs.under {
        let layer = layer
            .as_ref()
            .map(|layer| insert(&mut layers, "SgLayer", layer.clone()));
        let form = insert(&mut forms, "SgUnder", Object::Reference(*form));
        names.under.push((form, layer));
    }
    resources.set("XObject", forms);
    if names.under.iter().any(|(_, layer)| layer.is_some()) {
        resources.set("Properties", layers);
    }

    if let Some(banding) = &needs.banding {
        let mut fonts = entry(source, &resources, b"Font");
        names.font = insert(&mut fonts, "SgText", Object::Reference(banding.font));
        resources.set("Font", fonts);
        if let Some(space) = &banding.gray {
            let mut spaces = entry(source, &resources, b"ColorSpace");
            names.gray = insert(&mut spaces, "SgGray", space.clone());
            resources.set("ColorSpace", spaces);
        }
    }
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
