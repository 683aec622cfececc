//! What the objects of a revision are used for. An object that several things use has several roles.

use std::collections::{BTreeMap, BTreeSet};

use lopdf::{Dictionary, Object, ObjectId};

use super::super::history::View;
use super::super::skeleton::Skeleton;
use crate::pdf::PdfError;
use crate::pdf::budget::{Budget, Steps};

/// A use of an object. Numbers are indices into the skeleton of the same revision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Role {
    /// The catalog.
    Catalog,
    /// `/AcroForm`.
    Form,
    /// `/Fields` or `/Kids` of the form.
    FieldList,
    /// `/DR` of the form, and below.
    FormResources,
    /// A field or widget.
    Field(usize),
    /// Value, appearance, lock of a field, and below.
    FieldPart(usize),
    /// The signature dictionary of a field, and below.
    SignatureValue(usize),
    /// `/Info` of the trailer.
    Info,
    /// `/DSS`, and below.
    Store,
    /// `/Metadata` of the catalog.
    Metadata,
    /// `/Extensions` of the catalog.
    Extensions,
    /// A node of the page tree.
    PageTree,
    /// A page.
    Page(usize),
    /// `/Annots` of a page.
    AnnotationList(usize),
    /// An annotation that is no form field, and below.
    Annotation,
    /// Everything else of a page, and below.
    PageContent,
    /// Everything else that the catalog or the trailer leads to.
    Document,
}

/// The roles of some objects.
pub(super) type Roles = BTreeMap<ObjectId, BTreeSet<Role>>;

/// A revision with the roles of the objects that differ among revisions.
pub(super) struct Scene<'a> {
    pub(super) view: View<'a>,
    pub(super) skeleton: &'a Skeleton<'a>,
    pub(super) roles: Roles,
}

/// The roles of the objects `touched`.
///
/// # Errors
/// [`PdfError::LimitPassed`], [`PdfError::OutOfTime`].
pub(super) fn of<'a>(
    view: View<'a>,
    skeleton: &'a Skeleton<'a>,
    touched: &BTreeSet<ObjectId>,
    budget: &Budget<'_>,
) -> Result<Roles, PdfError> {
    if touched.is_empty() {
        return Ok(Roles::new());
    }
    let mut hubs: BTreeSet<ObjectId> = skeleton.tree.iter().copied().collect();
    hubs.extend(&skeleton.pages);
    hubs.extend(skeleton.annotations.keys());
    hubs.extend(skeleton.field_of.keys());
    hubs.extend(view.catalog().map(|(id, _)| id));
    let mut walk = Walk {
        view,
        touched,
        hubs,
        leading: BTreeSet::new(),
        seen: BTreeSet::new(),
        roles: Roles::new(),
        ahead: Vec::new(),
        steps: budget.steps(),
    };
    walk.find_leading(budget)?;
    walk.trailer();
    walk.pages(skeleton);
    walk.annotations(skeleton);
    walk.fields(skeleton);
    walk.run()?;
    Ok(walk.roles)
}

struct Walk<'a, 's> {
    view: View<'a>,
    touched: &'s BTreeSet<ObjectId>,
    /// What has a place of its own in the document: a reference to it is only a pointer.
    hubs: BTreeSet<ObjectId>,
    /// Objects from which one that is touched can be reached without passing a hub.
    leading: BTreeSet<ObjectId>,
    seen: BTreeSet<(ObjectId, Role)>,
    roles: Roles,
    ahead: Vec<(&'a Object, Role)>,
    steps: Steps<'s>,
}

impl<'a> Walk<'a, '_> {
    /// Goes back from what is touched, so that the walk can pass over everything else.
    fn find_leading(&mut self, budget: &Budget<'_>) -> Result<(), PdfError> {
        const EDGES_BETWEEN_LOOKS: usize = 1 << 16;
        let mut edges: Vec<(ObjectId, ObjectId)> = Vec::new();
        let mut inside: Vec<&Object> = Vec::new();
        for (id, object) in self.view.objects() {
            if self.hubs.contains(&id) {
                continue;
            }
            inside.push(object);
            while let Some(object) = inside.pop() {
                match object {
                    Object::Reference(to) if !self.hubs.contains(to) => {
                        edges.push((*to, id));
                        if edges.len().is_multiple_of(EDGES_BETWEEN_LOOKS) {
                            budget.check_time()?;
                        }
                    }
                    other => inside.extend(children(other)),
                }
            }
        }
        edges.sort_unstable();
        let mut ahead: Vec<ObjectId> = self.touched.iter().copied().collect();
        while let Some(id) = ahead.pop() {
            if !self.leading.insert(id) {
                continue;
            }
            let from = edges.partition_point(|(to, _)| *to < id);
            let users = edges.get(from..).unwrap_or_default().iter();
            ahead.extend(users.take_while(|(to, _)| *to == id).map(|(_, user)| *user));
        }
        Ok(())
    }

    fn note(&mut self, id: ObjectId, role: Role) {
        if self.touched.contains(&id) {
            self.roles.entry(id).or_default().insert(role);
        }
    }

    /// Follows references up to a value, all of which get `role`.
    fn chain(&mut self, mut value: &'a Object, role: Role) -> &'a Object {
        const LONGEST_CHAIN: usize = 32;
        for _ in 0..LONGEST_CHAIN {
            match value {
                Object::Reference(id) => {
                    self.note(*id, role);
                    value = self.view.object(*id).unwrap_or(&Object::Null);
                }
                direct => return direct,
            }
        }
        &Object::Null
    }

    /// Walks everything below the values of `dictionary`; `role_of` names their roles.
    fn entries(&mut self, dictionary: &'a Dictionary, role_of: impl Fn(&[u8]) -> Option<Role>) {
        for (key, value) in dictionary {
            if let Some(role) = role_of(key) {
                self.ahead.push((value, role));
            }
        }
    }

    fn trailer(&mut self) {
        let trailer = &self.view.snapshot.trailer;
        self.entries(trailer, |key| match key {
            b"Root" => None,
            b"Info" => Some(Role::Info),
            _ => Some(Role::Document),
        });
        let Some((id, catalog)) = self.view.catalog() else {
            return;
        };
        self.note(id, Role::Catalog);
        self.entries(catalog, |key| match key {
            b"Pages" | b"AcroForm" => None,
            b"DSS" => Some(Role::Store),
            b"Metadata" => Some(Role::Metadata),
            b"Extensions" => Some(Role::Extensions),
            _ => Some(Role::Document),
        });
        let Ok(form) = catalog.get(b"AcroForm") else {
            return;
        };
        if let Object::Dictionary(form) = self.chain(form, Role::Form) {
            if let Ok(fields) = form.get(b"Fields") {
                self.chain(fields, Role::FieldList);
            }
            self.entries(form, |key| match key {
                b"Fields" => None,
                b"DR" => Some(Role::FormResources),
                _ => Some(Role::Document),
            });
        }
    }

    fn pages(&mut self, skeleton: &Skeleton<'a>) {
        for id in &skeleton.tree {
            self.note(*id, Role::PageTree);
            if let Some(Object::Dictionary(node)) = self.view.object(*id) {
                if let Ok(kids) = node.get(b"Kids") {
                    self.chain(kids, Role::PageTree);
                }
                self.entries(node, |key| {
                    (key != b"Kids" && key != b"Parent").then_some(Role::PageContent)
                });
            }
        }
        for (index, id) in skeleton.pages.iter().enumerate() {
            self.note(*id, Role::Page(index));
            let Some(Object::Dictionary(page)) = self.view.object(*id) else {
                continue;
            };
            if let Ok(annotations) = page.get(b"Annots")
                && let Object::Array(items) = self.chain(annotations, Role::AnnotationList(index))
            {
                let items = items.iter().map(|item| (item, Role::Annotation));
                self.ahead.extend(items);
            }
            self.entries(page, |key| match key {
                b"Annots" | b"Parent" => None,
                b"AA" | b"B" => Some(Role::Document),
                _ => Some(Role::PageContent),
            });
        }
    }

    fn annotations(&mut self, skeleton: &Skeleton<'a>) {
        for id in skeleton.annotations.keys() {
            if skeleton
                .field(*id)
                .is_some_and(|(_, field)| !field.is_stray)
            {
                continue;
            }
            self.note(*id, Role::Annotation);
            if let Some(Object::Dictionary(annotation)) = self.view.object(*id) {
                self.entries(annotation, |_| Some(Role::Annotation));
            }
        }
    }

    fn fields(&mut self, skeleton: &Skeleton<'a>) {
        for (index, field) in skeleton.fields.iter().enumerate() {
            if field.is_stray {
                continue;
            }
            if let Some(id) = field.id {
                self.note(id, Role::Field(index));
            }
            if let Ok(kids) = field.dictionary.get(b"Kids") {
                self.chain(kids, Role::FieldList);
            }
            self.entries(field.dictionary, |key| match key {
                b"Kids" | b"Parent" | b"P" => None,
                b"V" if field.is_signature => Some(Role::SignatureValue(index)),
                b"DR" => Some(Role::FormResources),
                b"A" | b"AA" | b"OC" => Some(Role::Document),
                _ => Some(Role::FieldPart(index)),
            });
        }
    }

    fn run(&mut self) -> Result<(), PdfError> {
        while let Some((object, role)) = self.ahead.pop() {
            match object {
                Object::Reference(id) => {
                    if self.hubs.contains(id)
                        || !self.leading.contains(id)
                        || !self.seen.insert((*id, role))
                    {
                        continue;
                    }
                    self.steps.take()?;
                    self.note(*id, role);
                    self.ahead
                        .extend(self.view.object(*id).map(|object| (object, role)));
                }
                other => self
                    .ahead
                    .extend(children(other).map(|child| (child, role))),
            }
        }
        Ok(())
    }
}

/// What an array, a dictionary or a stream holds.
fn children(object: &Object) -> impl Iterator<Item = &Object> {
    let items = match object {
        Object::Array(items) => items.as_slice(),
        _ => &[],
    };
    let dictionary = match object {
        Object::Dictionary(dictionary) => Some(dictionary),
        Object::Stream(stream) => Some(&stream.dict),
        _ => None,
    };
    let values = dictionary
        .into_iter()
        .flat_map(|dictionary| dictionary.iter());
    items.iter().chain(values.map(|(_, value)| value))
}
