//! Two revisions compared: the one signed, and a later one.

use std::collections::BTreeSet;

use lopdf::{Object, ObjectId};

use super::super::value::{changed_keys, is_same};
use super::super::{ChangeClass, FieldLock};
use super::Findings;
use super::roles::{Role, Scene};
use crate::pdf::PdfError;
use crate::pdf::budget::Budget;
use crate::pdf::cross_reference::Basis;
use crate::pdf::values;

/// The revision signed and a later one.
pub(super) struct Pair<'p, 'a> {
    pub(super) bytes: &'p [u8],
    pub(super) old: &'p Scene<'a>,
    pub(super) new: &'p Scene<'a>,
    /// The fields that the signature locks.
    pub(super) lock: Option<&'p FieldLock>,
}

/// An object that differs.
struct Changed<'a> {
    id: ObjectId,
    before: Option<&'a Object>,
    after: Option<&'a Object>,
}

impl<'a> Pair<'_, 'a> {
    /// Finds every change.
    ///
    /// # Errors
    /// [`PdfError::OutOfTime`], and limits on the metadata that has to be read.
    pub(super) fn compare(
        &self,
        found: &mut Findings,
        budget: &mut Budget<'_>,
    ) -> Result<(), PdfError> {
        budget.check_time()?;
        self.compare_reading(found);
        self.compare_trailer(found);
        self.compare_catalog(found);
        self.compare_fields(found);
        let mut pages = BTreeSet::new();
        let mut whole = Whole::default();
        let touched = self.new.view.touched_since(&self.old.view);
        for (count, id) in touched.enumerate() {
            const OBJECTS_BETWEEN_LOOKS: usize = 4096;
            if count.is_multiple_of(OBJECTS_BETWEEN_LOOKS) {
                budget.check_time()?;
            }
            if self.is_unchanged(id) {
                continue;
            }
            let changed = Changed {
                id,
                before: self.old.view.object(id),
                after: self.new.view.object(id),
            };
            self.judge(&changed, found, &mut pages, &mut whole);
        }
        for page in pages {
            self.compare_page(page, found);
        }
        if whole.store || self.differs_in_catalog(b"DSS") {
            self.compare_store(found);
        }
        if whole.metadata || self.differs_in_catalog(b"Metadata") {
            self.compare_metadata(found, budget)?;
        }
        Ok(())
    }

    /// Whether an object has the same value and, if it is a stream, the same data.
    fn is_unchanged(&self, id: ObjectId) -> bool {
        let (old, new) = (&self.old.view, &self.new.view);
        if old.shares(id, new) {
            return true;
        }
        let data = |view: &super::super::history::View<'_>| {
            view.data(id).and_then(|range| self.bytes.get(range))
        };
        match (old.object(id), new.object(id)) {
            (None, None) => true,
            (Some(before), Some(after)) => is_same(before, after) && data(old) == data(new),
            _ => false,
        }
    }

    /// What makes the later revision doubtful as a whole.
    fn compare_reading(&self, found: &mut Findings) {
        let (old, new) = (self.old.view.snapshot, self.new.view.snapshot);
        let mut structure = |text: &str| found.add(ChangeClass::Structure, None, None, text);
        if new.basis == Basis::Rebuilt && old.basis != Basis::Rebuilt {
            structure("the later revision can only be read by repairing its cross-reference data");
        }
        if new.hybrid_sections > old.hybrid_sections {
            structure("the later revision hides objects from readers of cross-reference tables");
        }
        if !new.lost.is_empty() {
            structure("cross-reference entries of the later revision lead to no such object");
        }
        if self.new.skeleton.is_odd && !self.old.skeleton.is_odd {
            structure("the page tree of the later revision is malformed");
        }
    }

    /// Classes an object by each of its uses, in either revision.
    fn judge(
        &self,
        changed: &Changed<'a>,
        found: &mut Findings,
        pages: &mut BTreeSet<ObjectId>,
        whole: &mut Whole,
    ) {
        let object = Some(changed.id.0);
        if changed.after.is_none() {
            found.add(ChangeClass::Structure, object, None, "an object is gone");
            return;
        }
        let roles = |scene: &'_ Scene<'a>| -> Vec<Role> {
            let roles = scene.roles.get(&changed.id);
            roles.into_iter().flatten().copied().collect()
        };
        let (old, new) = (roles(self.old), roles(self.new));
        if old.is_empty() && new.is_empty() {
            if !is_container(changed.after) {
                let text = "objects that nothing uses";
                found.add(ChangeClass::ValidationData, object, None, text);
            }
            return;
        }
        for (scene, roles) in [(self.old, old), (self.new, new)] {
            for role in roles {
                self.judge_use(changed, scene, role, found, pages, whole);
            }
        }
    }

    fn judge_use(
        &self,
        changed: &Changed<'a>,
        scene: &Scene<'a>,
        role: Role,
        found: &mut Findings,
        pages: &mut BTreeSet<ObjectId>,
        whole: &mut Whole,
    ) {
        let object = Some(changed.id.0);
        let is_stream = matches!(changed.after, Some(Object::Stream(_)));
        let mut add = |class, text: &str| found.add(class, object, None, text);
        match role {
            // Compared as wholes.
            Role::Catalog | Role::Form | Role::Field(_) => {}
            Role::FieldList => self.compare_field_list(changed.before, changed.after, found),
            Role::FormResources if changed.before.is_some() => {
                add(ChangeClass::FormFill, "resources that fields use");
            }
            Role::FormResources => add(ChangeClass::ValidationData, "resources added to the form"),
            Role::FieldPart(index) => self.judge_part(scene, index, object, found),
            Role::SignatureValue(index) if changed.before.is_none() => {
                self.judge_part(scene, index, object, found);
            }
            Role::SignatureValue(_) => add(ChangeClass::Structure, "a signature was rewritten"),
            Role::Info if !is_stream => {
                add(ChangeClass::ValidationData, "document information");
            }
            Role::Info => add(
                ChangeClass::Structure,
                "document information that is a stream",
            ),
            Role::Store => {
                whole.store = true;
                if changed.before.is_some() && is_stream {
                    add(ChangeClass::Structure, "validation data was overwritten");
                }
            }
            Role::Metadata => whole.metadata = true,
            Role::Extensions => add(ChangeClass::ValidationData, "extensions declared"),
            Role::PageTree => add(ChangeClass::PageContent, "the page tree"),
            Role::Page(index) | Role::AnnotationList(index) => {
                pages.extend(scene.skeleton.pages.get(index));
            }
            Role::Annotation => add(ChangeClass::Annotations, "an annotation"),
            Role::PageContent => add(ChangeClass::PageContent, "what pages show"),
            Role::Document => add(
                ChangeClass::Structure,
                "an object of the document that no rule allows to change",
            ),
        }
    }

    fn compare_page(&self, page: ObjectId, found: &mut Findings) {
        let object = Some(page.0);
        let dictionary = |scene: &Scene<'a>| {
            let object = scene.view.object(page)?;
            object.as_dict().ok()
        };
        let (Some(old), Some(new)) = (dictionary(self.old), dictionary(self.new)) else {
            found.add(ChangeClass::PageContent, object, None, "a page was added");
            return;
        };
        for key in changed_keys(old, new) {
            let (class, text) = match key {
                b"Annots" => continue,
                b"AA" | b"B" => (ChangeClass::Structure, "actions of a page"),
                // The order in which the tabulator visits annotations shows nothing.
                b"Tabs" => (ChangeClass::ValidationData, "the tabulator order of a page"),
                _ => (ChangeClass::PageContent, "an entry of a page"),
            };
            let text = format!("{text}: /{}", String::from_utf8_lossy(key));
            found.add(class, object, None, text);
        }
        self.compare_annotations(page, old, new, found);
    }
}

/// What is compared once, as soon as one object of it differs.
#[derive(Default)]
struct Whole {
    store: bool,
    metadata: bool,
}

/// Whether an object only holds the file together (ISO 32000-2, 7.5.7 and 7.5.8).
fn is_container(object: Option<&Object>) -> bool {
    matches!(object, Some(Object::Stream(stream))
        if matches!(values::name_entry(&stream.dict, b"Type"), Some(b"XRef" | b"ObjStm")))
}
