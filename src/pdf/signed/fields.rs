//! The signatures that the forms of all revisions lead to, each signature dictionary once.

use std::collections::{BTreeMap, BTreeSet};

use lopdf::{Dictionary, Object, ObjectId};

use super::dictionary::{self, Written};
use super::history::{History, View};
use super::skeleton::{Field, Skeleton};
use super::value::is_same;
use crate::pdf::PdfError;
use crate::pdf::byte_range::ByteRangeDefect;

/// What tells one signature from others.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Key {
    /// Where its dictionary stands in the file.
    At(usize),
    /// A value that is no dictionary in the file: its object and field, in the revision given.
    Odd(Option<ObjectId>, String, usize),
}

/// A field, in one revision, that has this signature.
pub(super) struct Occurrence {
    pub(super) key: Key,
    /// Fully qualified name of the field, empty when only the catalog's permissions name it.
    pub(super) field: String,
    /// The field's object.
    pub(super) field_id: Option<ObjectId>,
    /// The dictionary's object.
    pub(super) id: Option<ObjectId>,
    /// The field is a widget of a page that the form does not have.
    pub(super) is_stray: bool,
    defect: Option<ByteRangeDefect>,
}

/// Every signature of every revision.
#[derive(Default)]
pub(super) struct Found {
    /// By revision: what its form has.
    pub(super) occurrences: BTreeMap<usize, Vec<Occurrence>>,
    /// By signature, the first revision that has it and what is written.
    pub(super) signatures: BTreeMap<Key, (usize, Written)>,
    /// Dictionaries of usage rights.
    pub(super) usage_rights: BTreeSet<Key>,
    /// `/ByteRange` keys that belong to them.
    pub(super) usage_rights_keys: Vec<usize>,
}

impl Found {
    /// Adds what the form and the permissions of one revision have.
    ///
    /// # Errors
    /// [`PdfError::LimitPassed`] when there are more signatures than anybody makes.
    pub(super) fn add(
        &mut self,
        bytes: &[u8],
        view: View<'_>,
        skeleton: &Skeleton<'_>,
        ends: &[usize],
    ) -> Result<(), PdfError> {
        const MOST_SIGNATURES: usize = 256;
        let mut occurrences: Vec<Occurrence> = skeleton
            .fields
            .iter()
            .filter(|field| field.is_signature)
            .filter_map(|field| of_field(bytes, view, field))
            .collect();
        if let Some((_, catalog)) = view.catalog()
            && let Some(permissions) = view.dictionary(catalog, b"Perms")
        {
            for kind in [&b"UR3"[..], b"UR"] {
                if let Some(usage) = of_permission(bytes, view, permissions, kind) {
                    self.add_usage_rights(bytes, usage, ends);
                }
            }
            let certification = of_permission(bytes, view, permissions, b"DocMDP");
            let is_known = |one: &Occurrence| occurrences.iter().any(|known| known.key == one.key);
            occurrences.extend(certification.filter(|one| !is_known(one)));
        }
        if occurrences.len() > MOST_SIGNATURES {
            return Err(PdfError::LimitPassed {
                limit: "signatures",
                allowed: MOST_SIGNATURES as u64,
            });
        }
        for one in &occurrences {
            if !self.signatures.contains_key(&one.key) {
                let written = written(bytes, one, ends);
                self.signatures
                    .insert(one.key.clone(), (view.revision, written));
            }
        }
        self.occurrences.insert(view.revision, occurrences);
        Ok(())
    }

    fn add_usage_rights(&mut self, bytes: &[u8], usage: Occurrence, ends: &[usize]) {
        if !self.usage_rights.contains(&usage.key) {
            self.usage_rights_keys
                .extend(written(bytes, &usage, ends).keys);
            self.usage_rights.insert(usage.key);
        }
    }

    /// The dictionary of `key` in `revision`, with a field that has it there.
    pub(super) fn in_revision<'a>(
        &self,
        history: &'a History,
        key: &Key,
        revision: usize,
    ) -> Option<(&Occurrence, Option<&'a Dictionary>)> {
        let occurrences = self.occurrences.get(&revision)?;
        let one = occurrences.iter().find(|one| one.key == *key)?;
        Some((one, value(history.view(revision)?, one)))
    }

    /// Whether a later rewriting left the dictionary as it was: then it is no other signature.
    pub(super) fn repeats_an_older_one(&self, history: &History, key: &Key) -> bool {
        let Some((first, _)) = self.signatures.get(key) else {
            return false;
        };
        let Some((one, Some(own))) = self.in_revision(history, key, *first) else {
            return false;
        };
        let own = Object::Dictionary(own.clone());
        self.occurrences
            .range(..first)
            .any(|(revision, occurrences)| {
                let older = occurrences
                    .iter()
                    .filter(|older| one.id.is_some() && older.id == one.id);
                let mut values = older.filter_map(|older| value(history.view(*revision)?, older));
                values.any(|older| is_same(&own, &Object::Dictionary(older.clone())))
            })
    }
}

/// The dictionary of a signature in the revision that `one` is of.
pub(super) fn value<'a>(view: View<'a>, one: &Occurrence) -> Option<&'a Dictionary> {
    let object = match (one.id, one.field_id) {
        (Some(id), _) => view.object(id)?,
        (None, Some(field)) => view.object(field)?.as_dict().ok()?.get(b"V").ok()?,
        (None, None) => return None,
    };
    object.as_dict().ok()
}

fn of_field(bytes: &[u8], view: View<'_>, field: &Field<'_>) -> Option<Occurrence> {
    let value = field.dictionary.get(b"V").ok()?;
    if value.is_null() {
        return None;
    }
    let (id, object) = view.follow(value);
    let place = match object {
        Object::Dictionary(_) => dictionary::locate(bytes, view, id, field.id),
        _ => Err(ByteRangeDefect::NoDictionary),
    };
    Some(Occurrence {
        key: key(&place, id, &field.name, view),
        field: field.name.to_string(),
        field_id: field.id,
        id,
        is_stray: field.is_stray,
        defect: place.err(),
    })
}

fn of_permission(
    bytes: &[u8],
    view: View<'_>,
    permissions: &Dictionary,
    kind: &[u8],
) -> Option<Occurrence> {
    let (id, object) = view.follow(permissions.get(kind).ok()?);
    object.as_dict().ok()?;
    let place = match id {
        Some(_) => dictionary::locate(bytes, view, id, None),
        None => Err(ByteRangeDefect::NoDictionary),
    };
    Some(Occurrence {
        key: key(&place, id, "", view),
        field: String::new(),
        field_id: None,
        id,
        is_stray: false,
        defect: place.err(),
    })
}

fn key(
    place: &Result<usize, ByteRangeDefect>,
    id: Option<ObjectId>,
    field: &str,
    view: View<'_>,
) -> Key {
    match place {
        Ok(at) => Key::At(*at),
        Err(_) => Key::Odd(id, field.to_owned(), id.map_or(0, |id| view.since(id))),
    }
}

fn written(bytes: &[u8], one: &Occurrence, ends: &[usize]) -> Written {
    match (&one.key, one.defect) {
        (Key::At(at), None) => dictionary::read(bytes, *at, ends),
        (_, defect) => Written {
            offset: 0,
            keys: Vec::new(),
            contents: Vec::new(),
            byte_range: Err(defect.unwrap_or(ByteRangeDefect::NoDictionary)),
        },
    }
}
