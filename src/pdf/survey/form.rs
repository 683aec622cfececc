//! The interactive form: its fields and signatures (ISO 32000-2, 12.7).

use std::collections::BTreeSet;

use lopdf::{Dictionary, Object, ObjectId};

use super::{annotations, count, dictionary, steps};
use crate::pdf::field::{self, Inherited};
use crate::pdf::{PdfError, SourcePdf, values};

/// What is known of a form.
#[derive(Default)]
pub(super) struct Form {
    /// Terminal fields.
    pub(super) fields: u32,
    /// Signature fields with a value, each signature once.
    pub(super) signatures: u32,
    pub(super) xfa: bool,
    pub(super) need_appearances: bool,
}

/// A field on the way down, with what it inherits.
struct Node<'a> {
    field: &'a Object,
    inherited: Inherited<'a>,
    depth: usize,
}

/// Walks the fields, and the widgets of pages that the form does not list.
///
/// # Errors
/// [`PdfError::LimitPassed`], [`PdfError::OutOfTime`].
pub(super) fn survey(source: &SourcePdf) -> Result<Form, PdfError> {
    let mut form = Form::default();
    let mut signed = BTreeSet::new();
    let mut steps = steps(source);
    let mut seen: BTreeSet<ObjectId> = BTreeSet::new();
    let acroform = dictionary(source, source.catalog(), b"AcroForm");
    let mut ahead: Vec<Node<'_>> = Vec::new();
    if let Some(acroform) = acroform {
        let entry = |key: &[u8]| {
            acroform
                .get(key)
                .map_or(&Object::Null, |at| source.resolve(at))
        };
        form.xfa = !entry(b"XFA").is_null();
        form.need_appearances = entry(b"NeedAppearances").as_bool().unwrap_or(false);
        ahead.extend(items(source, acroform, b"Fields").iter().map(root));
    }
    for page in &source.pages {
        for annotation in annotations::of_page(source, page) {
            steps.take()?;
            if let Object::Dictionary(widget) = source.resolve(annotation) {
                let inherited = field::inherited(widget, |object| source.resolve(object));
                signed.extend(identity(source, inherited));
            }
        }
    }
    while let Some(node) = ahead.pop() {
        steps.take()?;
        if let Ok(id) = node.field.as_reference()
            && !seen.insert(id)
        {
            continue;
        }
        let Object::Dictionary(field) = source.resolve(node.field) else {
            continue;
        };
        if node.depth > source.limits.nesting as usize {
            return Err(values::too_deep(&source.limits));
        }
        let inherited = node.inherited.of(field, |object| source.resolve(object));
        signed.extend(identity(source, inherited));
        let mut is_terminal = true;
        for kid in items(source, field, b"Kids") {
            steps.take()?;
            let is_field = matches!(source.resolve(kid), Object::Dictionary(kid) if kid.has(b"T"));
            is_terminal &= !is_field;
            ahead.push(Node {
                field: kid,
                inherited,
                depth: node.depth + 1,
            });
        }
        // A kid without a name is a widget of its parent.
        let is_field = node.depth == 1 || field.has(b"T");
        form.fields = form
            .fields
            .saturating_add(u32::from(is_field && is_terminal));
    }
    form.signatures = count(signed.len());
    Ok(form)
}

fn root(field: &Object) -> Node<'_> {
    Node {
        field,
        inherited: Inherited::default(),
        depth: 1,
    }
}

fn items<'a>(source: &'a SourcePdf, owner: &'a Dictionary, key: &[u8]) -> &'a [Object] {
    match owner.get(key).map(|place| source.resolve(place)) {
        Ok(Object::Array(items)) => items,
        _ => &[],
    }
}

/// What tells a signature from others: its object, or its hole when it stands inside the field.
fn identity<'a>(
    source: &'a SourcePdf,
    field: Inherited<'a>,
) -> Option<(Option<ObjectId>, &'a [u8])> {
    let (value, signature) = field.signature(|object| source.resolve(object))?;
    let contents = signature.get(b"Contents").ok();
    let contents = contents.and_then(|contents| source.resolve(contents).as_str().ok());
    match value {
        Object::Reference(id) => Some((Some(*id), &[])),
        _ => Some((None, contents.unwrap_or_default())),
    }
}
