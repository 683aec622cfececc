//! What may always be added: validation data and metadata.

use lopdf::{Dictionary, Object};

use super::super::dss::decoded;
use super::super::{ChangeClass, history::View};
use super::Findings;
use super::pair::Pair;
use crate::pdf::PdfError;
use crate::pdf::budget::Budget;

impl Pair<'_, '_> {
    /// A store may grow and shrink, and holds nothing but validation data.
    pub(super) fn compare_store(&self, found: &mut Findings) {
        let view = self.new.view;
        let store = view
            .catalog()
            .and_then(|(_, catalog)| view.dictionary(catalog, b"DSS"));
        match store {
            Some(store) if is_store(view, store) => {
                let text = "validation data";
                found.add(ChangeClass::ValidationData, None, None, text);
            }
            Some(_) => {
                let text = "a document security store that holds something else";
                found.add(ChangeClass::Structure, None, None, text);
            }
            None => {
                let text = "the document security store is gone";
                found.add(ChangeClass::Structure, None, None, text);
            }
        }
    }

    /// Metadata may be replaced by other metadata.
    pub(super) fn compare_metadata(
        &self,
        found: &mut Findings,
        budget: &mut Budget<'_>,
    ) -> Result<(), PdfError> {
        let is_sound = match self.new.has_metadata.get() {
            Some(is_sound) => *is_sound,
            None => {
                let is_sound = has_metadata(self.bytes, self.new.view, budget)?;
                *self.new.has_metadata.get_or_init(|| is_sound)
            }
        };
        if is_sound {
            found.add(ChangeClass::ValidationData, None, None, "metadata");
        } else {
            let text = "metadata that is no XMP packet";
            found.add(ChangeClass::Structure, None, None, text);
        }
        Ok(())
    }
}

/// Whether the catalog's metadata is an XMP packet.
fn has_metadata(bytes: &[u8], view: View<'_>, budget: &mut Budget<'_>) -> Result<bool, PdfError> {
    let metadata = view
        .catalog()
        .and_then(|(_, catalog)| view.follow(catalog.get(b"Metadata").ok()?).0);
    let xmp = match metadata {
        Some(id) => decoded(bytes, view, id, budget)?,
        None => None,
    };
    Ok(xmp.as_deref().is_some_and(is_xmp))
}

/// The shape of ISO 32000-2, 12.8.4.3, tables 261 and 262, and nothing beside it.
fn is_store(view: View<'_>, store: &Dictionary) -> bool {
    store.iter().all(|(key, value)| match key.as_slice() {
        b"Type" => true,
        b"Certs" | b"OCSPs" | b"CRLs" => is_stream_list(view, view.resolve(value)),
        b"VRI" => match view.resolve(value) {
            Object::Dictionary(entries) => entries.iter().all(|(key, entry)| {
                key.as_slice() == b"Type"
                    || (key.iter().all(u8::is_ascii_alphanumeric)
                        && matches!(view.resolve(entry), Object::Dictionary(entry)
                            if is_related_information(view, entry)))
            }),
            other => other.is_null(),
        },
        _ => false,
    })
}

fn is_related_information(view: View<'_>, entry: &Dictionary) -> bool {
    entry.iter().all(|(key, value)| match key.as_slice() {
        b"Type" | b"TU" => !matches!(view.resolve(value), Object::Stream(_)),
        b"TS" => matches!(view.resolve(value), Object::Stream(_)),
        b"Cert" | b"OCSP" | b"CRL" => is_stream_list(view, view.resolve(value)),
        _ => false,
    })
}

fn is_stream_list(view: View<'_>, list: &Object) -> bool {
    match list {
        Object::Array(items) => items
            .iter()
            .all(|item| matches!(view.resolve(item), Object::Stream(_))),
        other => other.is_null(),
    }
}

/// Well-formed XML without a document type, whose root is that of an XMP packet (ISO 16684-1, 7.3).
fn is_xmp(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return false;
    };
    let text = text
        .trim_start_matches('\u{feff}')
        .trim_matches(['\0', ' ', '\r', '\n', '\t']);
    roxmltree::Document::parse(text)
        .is_ok_and(|packet| matches!(packet.root_element().tag_name().name(), "xmpmeta" | "RDF"))
}
