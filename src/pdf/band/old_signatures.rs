//! The signatures that a source brings with it leave the form of the copy, whose only signature is
//! the seal (DESIGN §10). What their widgets show becomes page content where it stood
//! ([`super::annotations`]); the source inside the copy keeps the originals as they are.
//!
//! - Signed fields go, document timestamps among them, and parents that have no other kid. Fields of
//!   other kinds stay, and so do signature fields that nobody signed: they are part of the form that was
//!   copied, and DocMDP P=1 leaves nobody anything to sign there.
//! - With the fields go their `/Lock`s; `/NeedAppearances` goes too, since it would have readers draw
//!   anew what the signers saw.
//! - `/DSS` goes: its validation data are about signatures that the copy does not have. `/Perms`, whether
//!   certification or usage rights, is replaced by that of the seal when the update is finished.
//! - In tagged documents the structure tree is left alone. An `/OBJR` of a widget that is on no page any
//!   more points at an object that is still there, and has nothing to show.

use std::collections::HashMap;

use lopdf::{Dictionary, Object, ObjectId};

use crate::pdf::budget::Steps;
use crate::pdf::field::{self, Inherited};
use crate::pdf::{PdfError, Update, values};

/// Signed fields that were taken out of the form.
#[derive(Debug, Default)]
pub(super) struct OldSignatures {
    /// There are some at all.
    any: bool,
    /// Fields and widgets of the form, and what is none for certain: whether they went.
    visited: HashMap<ObjectId, bool>,
}

impl OldSignatures {
    /// Takes the signed fields of the update's source out of its form.
    ///
    /// # Errors
    /// [`PdfError::LimitPassed`], [`PdfError::OutOfTime`].
    pub(super) fn take_out(update: &mut Update<'_>) -> Result<Self, PdfError> {
        if update.source().catalog().has(b"DSS") {
            update.catalog_mut()?.remove(b"DSS");
        }
        let mut taken = Self {
            any: update.source().facts().signatures > 0,
            visited: HashMap::new(),
        };
        if taken.any {
            taken.prune_form(update)?;
        }
        Ok(taken)
    }

    /// There are none.
    pub(super) const fn is_empty(&self) -> bool {
        !self.any
    }

    /// Whether an annotation of a page belongs to a signed field, whichever way it is known to be one.
    pub(super) fn has_widget(
        &self,
        update: &Update<'_>,
        id: Option<ObjectId>,
        annotation: &Dictionary,
    ) -> bool {
        self.any
            && (id.is_some_and(|id| self.visited.get(&id) == Some(&true))
                || is_signed(
                    update,
                    field::inherited(annotation, |object| update.resolve(object).1),
                ))
    }

    fn prune_form(&mut self, update: &mut Update<'_>) -> Result<(), PdfError> {
        let source = update.source();
        let Ok(place) = source.catalog().get(b"AcroForm") else {
            return Ok(());
        };
        let (id, Object::Dictionary(form)) = update.resolve(place) else {
            return Ok(());
        };
        let mut form = form.clone();
        let mut steps = Steps::new(source.limits(), source.deadline());
        self.spare_page_tree(update, &mut steps)?;
        let fields = entries(update, &form, b"Fields");
        let kept = self.prune(update, &mut steps, &fields, Inherited::default(), 1)?;
        form.set("Fields", kept);
        form.remove(b"NeedAppearances");
        match id {
            Some(id) => update.set(id, form),
            None => update.catalog_mut()?.set("AcroForm", form),
        }
        Ok(())
    }

    /// Marks pages and the nodes above them as what stays: a field that is one of them too was made up to
    /// take pages out of the copy.
    fn spare_page_tree(
        &mut self,
        update: &Update<'_>,
        steps: &mut Steps<'_>,
    ) -> Result<(), PdfError> {
        let mut ahead: Vec<Object> = update
            .source()
            .catalog()
            .get(b"Pages")
            .cloned()
            .into_iter()
            .collect();
        while let Some(node) = ahead.pop() {
            steps.take()?;
            let (Some(id), Object::Dictionary(node)) = update.resolve(&node) else {
                continue;
            };
            if self.visited.insert(id, false).is_none() {
                ahead.extend(entries(update, node, b"Kids"));
            }
        }
        Ok(())
    }

    /// What stays of `fields`, which inherit this.
    fn prune(
        &mut self,
        update: &mut Update<'_>,
        steps: &mut Steps<'_>,
        fields: &[Object],
        above: Inherited<'_>,
        depth: usize,
    ) -> Result<Vec<Object>, PdfError> {
        let limits = update.source().limits();
        if depth > values::depth(limits) {
            return Err(values::too_deep(limits));
        }
        let mut kept = Vec::with_capacity(fields.len());
        for item in fields {
            steps.take()?;
            let (id, object) = update.resolve(item);
            let Object::Dictionary(field) = object else {
                kept.push(item.clone());
                continue;
            };
            match id.and_then(|id| self.visited.get(&id)) {
                Some(true) => continue,
                Some(false) => {
                    kept.push(item.clone());
                    continue;
                }
                None => {}
            }
            if let Some(id) = id {
                // Whoever meets it again on the way down leaves it where it is.
                self.visited.insert(id, false);
            }
            let field = field.clone();
            let inherited = above.of(&field, |object| update.source().resolve(object));
            let kids = entries(update, &field, b"Kids");
            let left = self.prune(update, steps, &kids, inherited, depth + 1)?;
            let goes = is_signed(update, inherited) || (left.is_empty() && !kids.is_empty());
            if goes {
                self.visited.extend(id.map(|id| (id, true)));
                continue;
            }
            kept.push(match id {
                _ if left == kids => item.clone(),
                Some(id) => {
                    update.dictionary_mut(id)?.set("Kids", left);
                    item.clone()
                }
                None => {
                    let mut field = field;
                    field.set("Kids", left);
                    Object::Dictionary(field)
                }
            });
        }
        Ok(kept)
    }
}

fn is_signed(update: &Update<'_>, field: Inherited<'_>) -> bool {
    field
        .signature(|object| update.source().resolve(object))
        .is_some()
}

/// The array under `key`; empty when there is none.
fn entries(update: &Update<'_>, owner: &Dictionary, key: &[u8]) -> Vec<Object> {
    match owner.get(key).map(|place| update.resolve(place).1) {
        Ok(Object::Array(items)) => items.clone(),
        _ => Vec::new(),
    }
}
