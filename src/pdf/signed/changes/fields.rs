//! The fields of the form.

use std::collections::BTreeSet;

use lopdf::{Dictionary, Object};

use super::super::ChangeClass;
use super::super::skeleton::Field;
use super::super::value::{changed_keys, is_same};
use super::Findings;
use super::pair::Pair;
use super::roles::{Role, Scene};
use crate::pdf::values;

impl<'a> Pair<'_, 'a> {
    /// Compares every field with what it was, and judges those that are new.
    pub(super) fn compare_fields(&self, found: &mut Findings) {
        let in_form = |id| {
            let field = self.new.skeleton.field(id);
            field.is_some_and(|(_, field)| !field.is_stray)
        };
        let old_fields = self.old.skeleton.fields.iter();
        for field in old_fields.filter(|field| !field.is_stray) {
            if field.id.is_some_and(|id| !in_form(id)) {
                let object = field.id.map(|id| id.0);
                let text = "a field is gone";
                found.add(ChangeClass::Structure, object, Some(&*field.name), text);
            }
        }
        let mut names: Option<BTreeSet<&str>> = None;
        for (index, field) in self.new.skeleton.fields.iter().enumerate() {
            // One inside another object is compared with that.
            let Some(id) = field.id.filter(|_| !field.is_stray) else {
                continue;
            };
            match self.old.skeleton.field(id) {
                Some((_, old)) if !old.is_stray => {
                    if !is_same_dictionary(old.dictionary, field.dictionary) {
                        self.compare_field(old, index, field, found);
                    }
                }
                _ => {
                    let old = &self.old.skeleton.fields;
                    let names =
                        names.get_or_insert_with(|| old.iter().map(|old| &*old.name).collect());
                    self.judge_new(index, field, names, found);
                }
            }
        }
    }

    /// A list of fields may grow; what stands in it and is no reference stays.
    pub(super) fn compare_field_list(
        &self,
        before: Option<&Object>,
        after: Option<&Object>,
        found: &mut Findings,
    ) {
        let direct = |list: Option<&Object>| -> Vec<Object> {
            let items = match list {
                Some(Object::Array(items)) => items.as_slice(),
                _ => &[],
            };
            let direct = items.iter().filter(|item| item.as_reference().is_err());
            direct.cloned().collect()
        };
        if !is_same(&direct(before).into(), &direct(after).into()) {
            let text = "a field that is no object by itself";
            found.add(ChangeClass::Structure, None, None, text);
        }
    }

    fn compare_field(
        &self,
        old: &Field<'a>,
        index: usize,
        field: &Field<'a>,
        found: &mut Findings,
    ) {
        let object = field.id.map(|id| id.0);
        let name = Some(&*field.name);
        for key in changed_keys(old.dictionary, field.dictionary) {
            let is_allowed = match key {
                b"V" if field.is_signature => self.is_new_value(field.dictionary),
                b"AP" if self.is_shared(old) => false,
                b"Lock" | b"SV" | b"P" | b"DR" | b"MK" | b"BS" => field.is_signature,
                b"V" | b"AP" | b"AS" | b"F" | b"DA" | b"Q" | b"Ff" | b"Type" | b"I" | b"RV"
                | b"M" => true,
                b"Kids" => {
                    let list = |dictionary: &'a Dictionary| dictionary.get(b"Kids").ok();
                    self.compare_field_list(list(old.dictionary), list(field.dictionary), found);
                    continue;
                }
                _ => false,
            };
            if is_allowed {
                self.judge_part(self.new, index, object, found);
            } else {
                let key = String::from_utf8_lossy(key);
                let text = format!("an entry of a field that may not change: /{key}");
                found.add(ChangeClass::Structure, object, name, text);
            }
        }
    }

    /// Whether the appearance dictionary of a field was something else's too.
    fn is_shared(&self, old: &Field<'a>) -> bool {
        let Ok(Object::Reference(appearance)) = old.dictionary.get(b"AP") else {
            return false;
        };
        let roles = self.old.roles.get(appearance);
        let mut roles = roles.into_iter().flatten();
        roles.any(|role| !matches!(role, Role::FieldPart(_)))
    }

    /// A signature is a new object, or stands inside its field: an old one would lend its looks to it.
    fn is_new_value(&self, field: &Dictionary) -> bool {
        match field.get(b"V") {
            Ok(Object::Reference(id)) => self.old.view.object(*id).is_none(),
            _ => true,
        }
    }

    /// A field that was not there.
    fn judge_new(
        &self,
        index: usize,
        field: &Field<'a>,
        names: &BTreeSet<&str>,
        found: &mut Findings,
    ) {
        let object = field.id.map(|id| id.0);
        let name = Some(&*field.name);
        let mut structure = |text: &str| found.add(ChangeClass::Structure, object, name, text);
        if field
            .id
            .is_some_and(|id| self.old.view.object(id).is_some())
        {
            structure("an object that was no field has become one");
        } else if names.contains(&*field.name) {
            structure("a second field or widget of the name of an old one");
        } else if field.dictionary.has(b"A") || field.dictionary.has(b"AA") {
            structure("a new field with actions");
        } else if !self.is_new_value(field.dictionary) {
            structure("a new field with a signature that is not new");
        } else if field.is_signature {
            let (class, text) = self.new_field(index);
            found.add(class, object, name, text);
        } else if !is_branch(field.dictionary) {
            structure("a new field that is no signature field");
        }
    }

    /// The class of a new signature field.
    pub(super) fn new_field(&self, index: usize) -> (ChangeClass, String) {
        let class = self.class_of(self.new, index);
        let text = match (class, is_visible(self.new, index)) {
            (ChangeClass::ValidationData, _) => "a document timestamp was added",
            (_, true) => "a visible signature field was added",
            (_, false) => "a signature field was added",
        };
        (class, text.to_owned())
    }

    /// Judges what belongs to the field `index` of `scene`.
    pub(super) fn judge_part(
        &self,
        scene: &Scene<'a>,
        index: usize,
        object: Option<u32>,
        found: &mut Findings,
    ) {
        let Some(field) = scene.skeleton.fields.get(index) else {
            return;
        };
        let class = self.class_of(scene, index);
        let text = match class {
            ChangeClass::Structure => "a field that was signed, or that may not be there",
            ChangeClass::ValidationData => "a document timestamp was added",
            _ if field.is_signature => "a signature field was signed or prepared",
            _ => "a field was filled in",
        };
        found.add(class, object, Some(&*field.name), text);
    }

    /// What a change of the field `index` of `scene` amounts to.
    fn class_of(&self, scene: &Scene<'a>, index: usize) -> ChangeClass {
        let Some(field) = scene.skeleton.fields.get(index) else {
            return ChangeClass::Structure;
        };
        let counterpart = |other: &Scene<'a>| match field.id {
            Some(id) => other.skeleton.field(id).map(|(index, _)| index),
            None => {
                let fields = &other.skeleton.fields;
                fields.iter().position(|other| other.name == field.name)
            }
        };
        let old = counterpart(self.old);
        let new = counterpart(self.new);
        let was_signed = old.is_some_and(|old| signature(self.old, old).is_some());
        if was_signed || (old.is_none() && !field.is_signature && !is_branch(field.dictionary)) {
            return ChangeClass::Structure;
        }
        let value = new.and_then(|new| Some((new, signature(self.new, new)?)));
        let is_timestamp = value.is_some_and(|(new, value)| {
            values::name_entry(value, b"Type") == Some(b"DocTimeStamp")
                && !is_visible(self.new, new)
        });
        if is_timestamp {
            ChangeClass::ValidationData
        } else if self.lock.is_some_and(|lock| lock.locks(&field.name)) {
            ChangeClass::LockedField
        } else {
            ChangeClass::FormFill
        }
    }
}

/// The signature dictionary of a signature field, its own or that of the field above a widget. A value
/// that is no dictionary counts as an empty one.
fn signature<'a>(scene: &Scene<'a>, index: usize) -> Option<&'a Dictionary> {
    static NONE: std::sync::LazyLock<Dictionary> = std::sync::LazyLock::new(Dictionary::new);
    let mut field = scene.skeleton.fields.get(index)?;
    if !field.is_signature {
        return None;
    }
    loop {
        let value = scene.view.entry(field.dictionary, b"V");
        match value {
            Object::Null => {}
            Object::Dictionary(value) => return Some(value),
            _ => return Some(&NONE),
        }
        // Parents come before their kids, so this ends.
        field = scene.skeleton.fields.get(field.parent?)?;
    }
}

/// Whether a widget of the field has an area.
fn is_visible(scene: &Scene<'_>, index: usize) -> bool {
    let field = scene.skeleton.fields.get(index);
    field.is_some_and(|field| scene.skeleton.visible.contains(&field.name))
}

/// A field that only holds others together.
fn is_branch(field: &Dictionary) -> bool {
    field.has(b"Kids")
        && !["FT", "V", "AP", "Subtype"]
            .iter()
            .any(|key| field.has(key.as_bytes()))
}

fn is_same_dictionary(one: &Dictionary, other: &Dictionary) -> bool {
    std::ptr::eq(one, other) || changed_keys(one, other).next().is_none()
}
