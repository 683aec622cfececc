//! Annotations and where they stand (ISO 32000-2, 12.5).

use lopdf::Object;

use super::{count, steps};
use crate::pdf::page_tree::rectangle;
use crate::pdf::source::Page;
use crate::pdf::{PdfError, SourcePdf, values};

/// The `Hidden` flag: neither shown nor printed (ISO 32000-2, table 167).
const HIDDEN: i64 = 1 << 1;

/// The annotations of a page as they stand in its array.
pub(super) fn of_page<'a>(source: &'a SourcePdf, page: &'a Page) -> &'a [Object] {
    match page
        .dictionary
        .get(b"Annots")
        .map(|place| source.resolve(place))
    {
        Ok(Object::Array(annotations)) => annotations,
        _ => &[],
    }
}

/// Pages (1-based) with an annotation that reaches outside the crop box, where the band will stand.
/// Hidden ones and pop-up windows, which stand beside the page by nature, do not count; links do,
/// because they answer to clicks and may have a border.
///
/// # Errors
/// [`PdfError::LimitPassed`], [`PdfError::OutOfTime`].
pub(super) fn outside(source: &SourcePdf) -> Result<Vec<u32>, PdfError> {
    let mut steps = steps(source);
    let mut pages = Vec::new();
    for (index, page) in source.pages.iter().enumerate() {
        for annotation in of_page(source, page) {
            steps.take()?;
            if reaches_outside(source, page, source.resolve(annotation)) {
                pages.push(count(index + 1));
                break;
            }
        }
    }
    Ok(pages)
}

fn reaches_outside(source: &SourcePdf, page: &Page, annotation: &Object) -> bool {
    let Object::Dictionary(annotation) = annotation else {
        return false;
    };
    let flags = annotation.get(b"F").ok().map(|flags| source.resolve(flags));
    let is_hidden = flags.is_some_and(|flags| flags.as_i64().unwrap_or(0) & HIDDEN != 0);
    let is_popup = values::name_entry(annotation, b"Subtype") == Some(b"Popup");
    let place = annotation
        .get(b"Rect")
        .ok()
        .map(|rect| source.resolve(rect));
    match rectangle(&source.objects, place) {
        Some(place) => !is_hidden && !is_popup && !page.crop_box.encloses(&place),
        None => false,
    }
}
