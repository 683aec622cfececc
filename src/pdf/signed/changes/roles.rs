//! What the objects of a revision are used for. An object that several things use has several roles.

use std::cell::OnceCell;
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
    /// Whether the catalog's metadata is an XMP packet, once somebody has asked.
    pub(super) has_metadata: OnceCell<bool>,
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
    let mut pages: BTreeSet<ObjectId> = skeleton.tree.iter().copied().collect();
    pages.extend(&skeleton.pages);
    pages.extend(view.catalog().map(|(id, _)| id));
    let mut fields: BTreeSet<ObjectId> = skeleton.annotations.keys().copied().collect();
    fields.extend(skeleton.field_of.keys());
    let mut walk = Walk {
        view,
        touched,
        pages,
        fields,
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

/// A value to be looked at.
struct Ahead<'a> {
    value: &'a Object,
    role: Role,
    /// It stands under a key by which annotations are pointed at.
    points: bool,
}

struct Walk<'a, 's> {
    view: View<'a>,
    touched: &'s BTreeSet<ObjectId>,
    /// The catalog and the page tree: they have a place of their own, and most references to them only
    /// point there.
    pages: BTreeSet<ObjectId>,
    /// Annotations and fields, which have such a place too.
    fields: BTreeSet<ObjectId>,
    /// Objects from which one that is touched can be reached.
    leading: BTreeSet<ObjectId>,
    seen: BTreeSet<(ObjectId, Role)>,
    roles: Roles,
    ahead: Vec<Ahead<'a>>,
    steps: Steps<'s>,
}

impl<'a> Walk<'a, '_> {
    /// Goes back from what is touched, so that the walk can pass over everything else.
    fn find_leading(&mut self, budget: &Budget<'_>) -> Result<(), PdfError> {
        const EDGES_BETWEEN_LOOKS: usize = 1 << 16;
        let mut edges: Vec<(ObjectId, ObjectId)> = Vec::new();
        let mut inside: Vec<&Object> = Vec::new();
        for (id, object) in self.view.objects() {
            inside.push(object);
            while let Some(object) = inside.pop() {
                match object {
                    Object::Reference(to) => {
                        edges.push((*to, id));
                        if edges.len().is_multiple_of(EDGES_BETWEEN_LOOKS) {
                            budget.check_time()?;
                        }
                    }
                    other => inside.extend(children(other).map(|(_, child)| child)),
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
                let points = is_pointer(key);
                self.ahead.push(Ahead {
                    value,
                    role,
                    points,
                });
            }
        }
    }

    /// Whether a reference only points at what has a place of its own. What is used as content, in
    /// whatever form, does more than that, or a field could serve as the resources of a page.
    fn only_points(&self, id: ObjectId, role: Role, points: bool) -> bool {
        let may_point = matches!(
            role,
            Role::Document | Role::Annotation | Role::SignatureValue(_)
        );
        may_point && (self.pages.contains(&id) || (points && self.fields.contains(&id)))
    }

    fn trailer(&mut self) {
        let trailer = &self.view.snapshot.trailer;
        self.entries(trailer, |key| match key {
            b"Root" | b"AdditionalStreams" => None,
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
                self.ahead.extend(items.iter().map(|value| Ahead {
                    value,
                    role: Role::Annotation,
                    points: true,
                }));
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
        while let Some(Ahead {
            value,
            role,
            points,
        }) = self.ahead.pop()
        {
            match value {
                Object::Reference(id) => {
                    if self.only_points(*id, role, points)
                        || !self.leading.contains(id)
                        || !self.seen.insert((*id, role))
                    {
                        continue;
                    }
                    self.steps.take()?;
                    self.note(*id, role);
                    self.ahead.extend(self.view.object(*id).map(|value| Ahead {
                        value,
                        role,
                        points: false,
                    }));
                }
                other => self.ahead.extend(children(other).map(|(key, value)| Ahead {
                    value,
                    role,
                    points: key.map_or(points, is_pointer),
                })),
            }
        }
        Ok(())
    }
}

/// The keys by which annotations and fields are pointed at: `/P`, `/Parent`, `/Popup`, `/IRT` of
/// annotations (ISO 32000-2, 12.5), `/Obj` of structure elements (14.7.5.3), `/T`, `/Fields`, `/AN` of
/// actions (12.6.4), `/CO` of forms (12.7.3).
fn is_pointer(key: &[u8]) -> bool {
    matches!(
        key,
        b"P" | b"Parent" | b"Popup" | b"IRT" | b"Obj" | b"T" | b"Fields" | b"AN" | b"CO"
    )
}

/// What an array, a dictionary or a stream holds, with the keys if there are any.
fn children(object: &Object) -> impl Iterator<Item = (Option<&[u8]>, &Object)> {
    let items = match object {
        Object::Array(items) => items.as_slice(),
        _ => &[],
    };
    let dictionary = match object {
        Object::Dictionary(dictionary) => Some(dictionary),
        Object::Stream(stream) => Some(&stream.dict),
        _ => None,
    };
    let entries = dictionary
        .into_iter()
        .flat_map(|dictionary| dictionary.iter());
    let entries = entries.map(|(key, value)| (Some(key.as_slice()), value));
    items.iter().map(|item| (None, item)).chain(entries)
}
