//! Which objects a document leads to.

use std::collections::BTreeSet;

use lopdf::{Dictionary, Object, ObjectId};

use crate::pdf::budget::Budget;
use crate::pdf::loader::Objects;
use crate::pdf::{PdfError, SourcePdf};

/// The objects that the trailer leads to, over any number of references.
pub(in crate::pdf) struct Reached {
    /// Those that are there.
    pub(in crate::pdf) present: BTreeSet<ObjectId>,
    /// Those that are referred to and not there.
    pub(in crate::pdf) missing: BTreeSet<ObjectId>,
}

/// Follows every reference from the trailer, each object once.
///
/// # Errors
/// [`PdfError::OutOfTime`].
pub(in crate::pdf) fn reach(
    trailer: &Dictionary,
    objects: &Objects,
    budget: &Budget<'_>,
) -> Result<Reached, PdfError> {
    const OBJECTS_BETWEEN_LOOKS: usize = 4096;
    let mut reached = Reached {
        present: BTreeSet::new(),
        missing: BTreeSet::new(),
    };
    let mut ahead: Vec<ObjectId> = Vec::new();
    let mut inside: Vec<&Object> = trailer.iter().map(|(_, value)| value).collect();
    loop {
        while let Some(object) = inside.pop() {
            match object {
                Object::Reference(id) => ahead.push(*id),
                Object::Array(items) => inside.extend(items),
                Object::Dictionary(dictionary) => {
                    inside.extend(dictionary.iter().map(|(_, value)| value));
                }
                Object::Stream(stream) => {
                    inside.extend(stream.dict.iter().map(|(_, value)| value));
                }
                _ => {}
            }
        }
        let Some(id) = ahead.pop() else {
            return Ok(reached);
        };
        match objects.get(&id) {
            Some(object) => {
                if reached.present.insert(id) {
                    inside.push(object);
                    if reached.present.len().is_multiple_of(OBJECTS_BETWEEN_LOOKS) {
                        budget.check_time()?;
                    }
                }
            }
            None => {
                reached.missing.insert(id);
            }
        }
    }
}

/// Calls `look` with every dictionary that can be reached, stream dictionaries and nested ones
/// included, and the object it belongs to.
pub(super) fn each_dictionary<'a>(
    source: &'a SourcePdf,
    reached: &Reached,
    mut look: impl FnMut(ObjectId, &'a Dictionary),
) {
    let mut inside: Vec<&Object> = Vec::new();
    for id in &reached.present {
        inside.extend(source.objects.get(id));
        while let Some(object) = inside.pop() {
            let dictionary = match object {
                Object::Array(items) => {
                    inside.extend(items);
                    continue;
                }
                Object::Dictionary(dictionary) => dictionary,
                Object::Stream(stream) => &stream.dict,
                _ => continue,
            };
            look(*id, dictionary);
            inside.extend(dictionary.iter().map(|(_, value)| value));
        }
    }
}
