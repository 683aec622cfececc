//! What later revisions changed, compared with the revision signed. Whatever no rule explains is
//! [`ChangeClass::Structure`]: values of objects are compared, not what a revision writes, so that one
//! which only leads an object number elsewhere is seen; and an object has to be harmless in all its uses.

mod annotations;
mod catalog;
mod fields;
mod pair;
mod roles;
mod store;

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use lopdf::Object;

use self::pair::Pair;
use self::roles::Scene;
use super::survey::Reader;
use super::{Change, ChangeClass, FieldLock, SignatureFacts};
use crate::pdf::PdfError;
use crate::pdf::budget::Budget;

/// The changes after each of `signatures`, in their order.
///
/// # Errors
/// [`PdfError::LimitPassed`], [`PdfError::OutOfTime`].
pub(super) fn of_signatures(
    reader: &Reader<'_>,
    signatures: &[SignatureFacts],
    budget: &mut Budget<'_>,
) -> Result<Vec<Vec<Change>>, PdfError> {
    let first = signatures.iter().filter_map(|one| one.revision).min();
    let scenes = match first {
        Some(first) if first + 1 < reader.skeletons.len() => scenes(reader, first, budget)?,
        _ => BTreeMap::new(),
    };
    let mut known: Vec<(usize, Option<&FieldLock>, Vec<Change>)> = Vec::new();
    let mut changes = Vec::new();
    for signature in signatures {
        let Some(signed) = signature.revision else {
            changes.push(Vec::new());
            continue;
        };
        let lock = signature.field_lock.as_ref();
        let alike = known
            .iter()
            .find(|(revision, locked, _)| *revision == signed && *locked == lock);
        let found = match alike {
            Some((_, _, found)) => found.clone(),
            None => after(reader, &scenes, signed, lock, budget)?,
        };
        known.push((signed, lock, found.clone()));
        changes.push(found);
    }
    Ok(changes)
}

/// The revisions from `first` on, with the uses of every object that differs among them.
fn scenes<'a>(
    reader: &Reader<'a>,
    first: usize,
    budget: &Budget<'_>,
) -> Result<BTreeMap<usize, Scene<'a>>, PdfError> {
    let mut touched: BTreeSet<_> = reader.history.touched_after(first).collect();
    // An appearance that a field gives up is looked at too: something else may have used it.
    for field in reader
        .skeletons
        .iter()
        .flatten()
        .flat_map(|one| &one.fields)
    {
        if field.id.is_some_and(|id| touched.contains(&id))
            && let Ok(Object::Reference(appearance)) = field.dictionary.get(b"AP")
        {
            touched.insert(*appearance);
        }
    }
    let mut scenes = BTreeMap::new();
    for (revision, skeleton) in reader.skeletons.iter().enumerate().skip(first) {
        let (Some(view), Some(skeleton)) = (reader.history.view(revision), skeleton) else {
            continue;
        };
        budget.check_time()?;
        let roles = roles::of(view, skeleton, &touched, budget)?;
        scenes.insert(
            revision,
            Scene {
                view,
                skeleton,
                roles,
                has_metadata: OnceCell::new(),
            },
        );
    }
    Ok(scenes)
}

/// The changes after `signed`, each later revision compared by itself; what several of them show is told
/// of the first.
fn after(
    reader: &Reader<'_>,
    scenes: &BTreeMap<usize, Scene<'_>>,
    signed: usize,
    lock: Option<&FieldLock>,
    budget: &mut Budget<'_>,
) -> Result<Vec<Change>, PdfError> {
    let mut changes: Vec<Change> = Vec::new();
    let mut told: BTreeSet<Told> = BTreeSet::new();
    for later in signed + 1..reader.skeletons.len() {
        let (Some(old), Some(new)) = (scenes.get(&signed), scenes.get(&later)) else {
            changes.push(Change {
                revision: later,
                class: ChangeClass::Structure,
                object: None,
                field: None,
                text: "a revision cannot be read, so nothing can be said of what it changes".into(),
            });
            continue;
        };
        let mut found = Findings::default();
        Pair {
            bytes: reader.bytes,
            old,
            new,
            lock,
        }
        .compare(&mut found, budget)?;
        let found = found.into_changes(later).into_iter();
        changes.extend(found.filter(|change| {
            let Change {
                class,
                object,
                field,
                text,
                ..
            } = change;
            told.insert((*class, *object, field.clone(), text.clone()))
        }));
    }
    Ok(changes)
}

/// What makes a change the same in another revision.
type Told = (ChangeClass, Option<u32>, Option<String>, String);

/// A class, the field concerned, and a sentence; the worst come first.
type Subject = (std::cmp::Reverse<ChangeClass>, Option<String>, String);

/// What one comparison found: each thing once, and of very many the worst.
#[derive(Default)]
struct Findings {
    subjects: BTreeMap<Subject, Option<u32>>,
    left_out: usize,
}

impl Findings {
    fn add(
        &mut self,
        class: ChangeClass,
        object: Option<u32>,
        field: Option<&str>,
        text: impl Into<String>,
    ) {
        const MOST: usize = 64;
        let subject = (
            std::cmp::Reverse(class),
            field.map(str::to_owned),
            text.into(),
        );
        self.subjects.entry(subject).or_insert(object);
        if self.subjects.len() > MOST {
            self.subjects.pop_last();
            self.left_out += 1;
        }
    }

    fn into_changes(self, revision: usize) -> Vec<Change> {
        let more = self.left_out;
        let mut changes: Vec<Change> = self
            .subjects
            .into_iter()
            .map(|((class, field, text), object)| Change {
                revision,
                class: class.0,
                object,
                field,
                text,
            })
            .collect();
        if let (Some(last), true) = (changes.last_mut(), more > 0) {
            last.text.push_str(", and more that is no worse");
        }
        changes
    }
}
