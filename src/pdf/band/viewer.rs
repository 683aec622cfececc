//! Viewer preferences that would hide or cut off the band (ISO 32000-2, 12.2, table 147).

use lopdf::Object;

use crate::pdf::values::name_entry;
use crate::pdf::{PdfError, Update};

/// Parts of the page to be shown or printed, by the name of a box: the trim box, for one, is the old
/// page. They are deprecated in PDF 2.0.
const AREAS: [&[u8]; 4] = [b"ViewArea", b"ViewClip", b"PrintArea", b"PrintClip"];

/// Leaves the choice of area and scale to the reader: whole pages, fitted to the paper.
pub(super) fn show_whole_pages(update: &mut Update<'_>) -> Result<(), PdfError> {
    let Ok(preferences) = update.source().catalog().get(b"ViewerPreferences") else {
        return Ok(());
    };
    let (id, Object::Dictionary(preferences)) = update.resolve(preferences) else {
        return Ok(());
    };
    let unscaled = name_entry(preferences, b"PrintScaling") == Some(b"None");
    if !unscaled && !AREAS.iter().any(|key| preferences.has(key)) {
        return Ok(());
    }
    let mut preferences = preferences.clone();
    for key in AREAS {
        preferences.remove(key);
    }
    if unscaled {
        preferences.remove(b"PrintScaling");
    }
    match id {
        Some(id) => update.set(id, preferences),
        None => update.catalog_mut()?.set("ViewerPreferences", preferences),
    }
    Ok(())
}
