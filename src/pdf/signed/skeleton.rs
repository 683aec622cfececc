//! The objects that give a revision its shape: page tree, pages, annotations, fields.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use lopdf::{Dictionary, Object, ObjectId};

use super::history::View;
use super::value::text;
use crate::pdf::budget::Steps;
use crate::pdf::page_tree::rectangle_of;
use crate::pdf::{Limits, PdfError, values};

/// The shape of one revision.
pub(super) struct Skeleton<'a> {
    /// Nodes of the page tree that are no pages.
    pub(super) tree: BTreeSet<ObjectId>,
    /// The pages in order.
    pub(super) pages: Vec<ObjectId>,
    /// The annotations of pages that are objects, and the page (an index into `pages`) of each.
    pub(super) annotations: BTreeMap<ObjectId, usize>,
    /// Fields and their widgets, each after the one above it.
    pub(super) fields: Vec<Field<'a>>,
    /// Which of `fields` an object is.
    pub(super) field_of: BTreeMap<ObjectId, usize>,
    /// The names of the fields with a widget that has an area.
    pub(super) visible: BTreeSet<Arc<str>>,
    /// Pages in the tree twice, deeper than allowed, or no objects: a shape that readers may take
    /// differently.
    pub(super) is_odd: bool,
}

/// A form field or a widget of one (ISO 32000-2, 12.7.4).
pub(super) struct Field<'a> {
    /// Its object; `None` when it stands inside the one above it.
    pub(super) id: Option<ObjectId>,
    pub(super) dictionary: &'a Dictionary,
    /// Fully qualified name.
    pub(super) name: Arc<str>,
    /// The field above, an index.
    pub(super) parent: Option<usize>,
    /// `/FT /Sig`, inherited.
    pub(super) is_signature: bool,
    /// Found among the annotations of a page only, not in the form.
    pub(super) is_stray: bool,
}

/// Reads the shape of `view`. Steps are counted over all revisions together.
///
/// # Errors
/// [`PdfError::LimitPassed`], [`PdfError::OutOfTime`].
pub(super) fn read<'a>(
    view: View<'a>,
    limits: &Limits,
    steps: &mut Steps<'_>,
) -> Result<Skeleton<'a>, PdfError> {
    let mut skeleton = Skeleton {
        tree: BTreeSet::new(),
        pages: Vec::new(),
        annotations: BTreeMap::new(),
        fields: Vec::new(),
        field_of: BTreeMap::new(),
        visible: BTreeSet::new(),
        is_odd: false,
    };
    let Some((_, catalog)) = view.catalog() else {
        skeleton.is_odd = true;
        return Ok(skeleton);
    };
    skeleton.walk_pages(view, catalog, limits, steps)?;
    skeleton.walk_fields(view, catalog, limits, steps)?;
    skeleton.walk_annotations(view, steps)?;
    Ok(skeleton)
}

impl<'a> Skeleton<'a> {
    fn walk_pages(
        &mut self,
        view: View<'a>,
        catalog: &'a Dictionary,
        limits: &Limits,
        steps: &mut Steps<'_>,
    ) -> Result<(), PdfError> {
        let mut seen = BTreeSet::new();
        let mut ahead: Vec<(&'a Object, u32)> = catalog
            .get(b"Pages")
            .map_or(Vec::new(), |root| vec![(root, 1)]);
        while let Some((node, depth)) = ahead.pop() {
            steps.take()?;
            let (id, object) = view.follow(node);
            let (Some(id), Object::Dictionary(dictionary)) = (id, object) else {
                self.is_odd = true;
                continue;
            };
            if !seen.insert(id) || depth > limits.nesting {
                self.is_odd = true;
                continue;
            }
            let is_page = values::name_entry(dictionary, b"Type") == Some(b"Page");
            match view.entry(dictionary, b"Kids") {
                Object::Array(kids) if !is_page => {
                    self.tree.insert(id);
                    ahead.extend(kids.iter().rev().map(|kid| (kid, depth + 1)));
                }
                _ if values::name_entry(dictionary, b"Type") == Some(b"Pages") => {
                    self.tree.insert(id);
                }
                _ if self.pages.len() == limits.pages as usize => {
                    return Err(PdfError::LimitPassed {
                        limit: "pages",
                        allowed: u64::from(limits.pages),
                    });
                }
                _ => self.pages.push(id),
            }
        }
        Ok(())
    }

    fn walk_fields(
        &mut self,
        view: View<'a>,
        catalog: &'a Dictionary,
        limits: &Limits,
        steps: &mut Steps<'_>,
    ) -> Result<(), PdfError> {
        let Some(form) = view.dictionary(catalog, b"AcroForm") else {
            return Ok(());
        };
        let roots = view.items(form, b"Fields").iter().rev();
        let mut ahead: Vec<(&'a Object, Option<usize>, u32)> =
            roots.map(|root| (root, None, 1)).collect();
        while let Some((node, parent, depth)) = ahead.pop() {
            steps.take()?;
            let (id, object) = view.follow(node);
            let Object::Dictionary(dictionary) = object else {
                continue;
            };
            if id.is_some_and(|id| self.field_of.contains_key(&id)) {
                continue;
            }
            if depth > limits.nesting {
                return Err(values::too_deep(limits));
            }
            let index = self.push(view, id, dictionary, parent);
            let kids = view.items(dictionary, b"Kids").iter().rev();
            ahead.extend(kids.map(|kid| (kid, Some(index), depth + 1)));
        }
        Ok(())
    }

    /// Annotations, and widgets of signature fields that no form lists.
    fn walk_annotations(&mut self, view: View<'a>, steps: &mut Steps<'_>) -> Result<(), PdfError> {
        for (index, page) in self.pages.clone().into_iter().enumerate() {
            let Some(Object::Dictionary(page)) = view.object(page) else {
                continue;
            };
            for annotation in view.items(page, b"Annots") {
                steps.take()?;
                let (id, object) = view.follow(annotation);
                let Object::Dictionary(dictionary) = object else {
                    continue;
                };
                if let Some(id) = id {
                    self.annotations.entry(id).or_insert(index);
                }
                let is_known = id.is_some_and(|id| self.field_of.contains_key(&id));
                if !is_known && holds_signature(view, dictionary) {
                    let index = self.push(view, id, dictionary, None);
                    if let Some(field) = self.fields.get_mut(index) {
                        field.is_stray = true;
                    }
                }
            }
        }
        Ok(())
    }

    fn push(
        &mut self,
        view: View<'a>,
        id: Option<ObjectId>,
        dictionary: &'a Dictionary,
        parent: Option<usize>,
    ) -> usize {
        let above = parent.and_then(|parent| self.fields.get(parent));
        let own = dictionary
            .get(b"T")
            .ok()
            .map(|name| text(view.resolve(name)));
        let name: Arc<str> = match (above, own) {
            (Some(above), Some(own)) if !above.name.is_empty() => {
                format!("{}.{own}", above.name).into()
            }
            (Some(above), None) => Arc::clone(&above.name),
            (_, own) => own.unwrap_or_default().into(),
        };
        let is_signature = match view.entry(dictionary, b"FT") {
            Object::Name(kind) => kind == b"Sig",
            _ => above.is_some_and(|above| above.is_signature) || holds_signature(view, dictionary),
        };
        if rectangle_of(view.entry(dictionary, b"Rect"), |side| view.resolve(side)).is_some() {
            self.visible.insert(Arc::clone(&name));
        }
        let index = self.fields.len();
        self.fields.push(Field {
            id,
            dictionary,
            name,
            parent,
            is_signature,
            is_stray: false,
        });
        if let Some(id) = id {
            self.field_of.insert(id, index);
        }
        index
    }

    /// The field of an object.
    pub(super) fn field(&self, id: ObjectId) -> Option<(usize, &Field<'a>)> {
        let index = *self.field_of.get(&id)?;
        Some((index, self.fields.get(index)?))
    }
}

/// Whether the value of a field is a signature dictionary, whatever the field calls itself.
fn holds_signature(view: View<'_>, field: &Dictionary) -> bool {
    let Ok(value) = field.get(b"V") else {
        return false;
    };
    let value = match value {
        Object::Reference(id) => view.object(*id),
        direct => Some(direct),
    };
    let is_named = values::name_entry(field, b"FT") == Some(b"Sig");
    match value {
        Some(Object::Dictionary(value)) => is_named || value.has(b"ByteRange"),
        _ => is_named,
    }
}
