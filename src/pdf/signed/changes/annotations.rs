//! The annotations of a page.

use lopdf::{Dictionary, Object};

use super::super::history::View;
use super::super::{ChangeClass, value::is_same};
use super::Findings;
use super::pair::Pair;
use crate::pdf::page_tree::rectangle_of;
use crate::pdf::source::Rectangle;

impl<'a> Pair<'_, 'a> {
    /// Annotations may be appended; a new widget is judged with its field.
    pub(super) fn compare_annotations(
        &self,
        page: lopdf::ObjectId,
        old: &'a Dictionary,
        new: &'a Dictionary,
        found: &mut Findings,
    ) {
        let (old_view, new_view) = (self.old.view, self.new.view);
        let before = old_view.items(old, b"Annots");
        let after = new_view.items(new, b"Annots");
        let mut left = before.iter().peekable();
        let mut added = Vec::new();
        for annotation in after {
            match left.peek() {
                Some(known) if is_same(known, annotation) => {
                    left.next();
                }
                _ => added.push(annotation),
            }
        }
        let object = Some(page.0);
        if left.peek().is_some() {
            let text = "annotations of a page were taken away or put in another order";
            found.add(ChangeClass::Annotations, object, None, text);
        }
        for annotation in added {
            let id = annotation.as_reference().ok();
            let field = id.and_then(|id| self.new.skeleton.field(id));
            let is_known = id.is_some_and(|id| self.old.view.object(id).is_some());
            match field {
                Some((index, field)) if !field.is_stray && !is_known => {
                    let (class, mut text) = self.new_field(index);
                    if covers_another(new_view, annotation, before, old_view) {
                        text.push_str(", over another annotation");
                    }
                    let object = id.map(|id| id.0);
                    found.add(class, object, Some(&*field.name), text);
                }
                _ => {
                    let text = "an annotation was added";
                    found.add(ChangeClass::Annotations, object, None, text);
                }
            }
        }
    }
}

/// Whether an annotation lies over one of `others`.
fn covers_another<'a>(
    view: View<'a>,
    annotation: &'a Object,
    others: &'a [Object],
    other_view: View<'a>,
) -> bool {
    let Some(own) = place(view, annotation) else {
        return false;
    };
    let mut places = others.iter().filter_map(|other| place(other_view, other));
    places.any(|place| own.intersection(&place).is_some())
}

fn place<'a>(view: View<'a>, annotation: &'a Object) -> Option<Rectangle> {
    let dictionary = view.resolve(annotation).as_dict().ok()?;
    rectangle_of(view.entry(dictionary, b"Rect"), |number| {
        view.resolve(number)
    })
}
