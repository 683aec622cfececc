//! Where a source acts by itself (ISO 32000-2, 12.6 and 13).

use std::collections::{BTreeMap, BTreeSet};

use lopdf::{Dictionary, Object, ObjectId};

use super::reachability::{Reached, each_dictionary};
use super::{annotations, steps};
use crate::pdf::facts::ActiveContent;
use crate::pdf::{PdfError, SourcePdf, values};

/// Actions that run code, reach out of the document, or play something. Going to another place and
/// opening an address are what links are for; they are not among them.
const ACTIVE_ACTIONS: [&[u8]; 9] = [
    b"JavaScript",
    b"Launch",
    b"SubmitForm",
    b"ImportData",
    b"GoToE",
    b"Rendition",
    b"Movie",
    b"Sound",
    b"RichMediaExecute",
];

/// Annotations that play something.
const ACTIVE_ANNOTATIONS: [&[u8]; 4] = [b"RichMedia", b"3D", b"Movie", b"Sound"];

/// Every kind of active content once for each page it hangs from, and once for the document.
///
/// # Errors
/// [`PdfError::LimitPassed`], [`PdfError::OutOfTime`].
pub(super) fn survey(
    source: &SourcePdf,
    reached: &Reached,
) -> Result<Vec<ActiveContent>, PdfError> {
    let mut found: Vec<(ObjectId, &[u8])> = Vec::new();
    each_dictionary(source, reached, |id, dictionary| {
        if let Some(action) = active(dictionary) {
            found.push((id, action));
        }
    });
    if found.is_empty() {
        return Ok(Vec::new());
    }
    let pages = pages_of(source)?;
    let places: BTreeSet<(Option<u32>, &[u8])> = found
        .into_iter()
        .map(|(id, action)| (pages.get(&id).copied(), action))
        .collect();
    Ok(places
        .into_iter()
        .map(|(page, action)| ActiveContent {
            action: String::from_utf8_lossy(action).into_owned(),
            page,
        })
        .collect())
}

/// The name of what `dictionary` does, if it is an active action or annotation.
fn active(dictionary: &Dictionary) -> Option<&'static [u8]> {
    let named = |key: &[u8], names: &[&'static [u8]]| {
        let name = values::name_entry(dictionary, key)?;
        names.iter().copied().find(|known| *known == name)
    };
    named(b"S", &ACTIVE_ACTIONS).or_else(|| {
        // A sound or movie object has no place on a page; the annotation that plays it has.
        dictionary.get(b"Rect").ok()?;
        named(b"Subtype", &ACTIVE_ANNOTATIONS)
    })
}

/// The pages (1-based) that objects hang from: the page itself, its annotations, their actions.
fn pages_of(source: &SourcePdf) -> Result<BTreeMap<ObjectId, u32>, PdfError> {
    let mut pages = BTreeMap::new();
    let mut steps = steps(source);
    for (number, page) in (1..).zip(&source.pages) {
        pages.entry(page.id).or_insert(number);
        let mut ahead: Vec<&Object> = triggers(&page.dictionary).collect();
        for annotation in annotations::of_page(source, page) {
            steps.take()?;
            if let Ok(id) = annotation.as_reference() {
                pages.entry(id).or_insert(number);
            }
            if let Object::Dictionary(annotation) = source.resolve(annotation) {
                ahead.extend(triggers(annotation));
            }
        }
        while let Some(action) = ahead.pop() {
            steps.take()?;
            if let Ok(id) = action.as_reference()
                && pages.insert(id, number).is_some()
            {
                continue;
            }
            match source.resolve(action) {
                Object::Array(actions) => ahead.extend(actions),
                Object::Dictionary(action) => {
                    // Either an action, or `/AA` with an action for each event.
                    let is_action = action.has(b"S");
                    let inner = action
                        .iter()
                        .filter(|(key, _)| !is_action || *key == b"Next");
                    ahead.extend(inner.map(|(_, value)| value));
                }
                _ => {}
            }
        }
    }
    Ok(pages)
}

/// What a page or an annotation does when something happens to it.
fn triggers(dictionary: &Dictionary) -> impl Iterator<Item = &Object> {
    [&b"A"[..], b"AA"]
        .into_iter()
        .filter_map(|key| dictionary.get(key).ok())
}
