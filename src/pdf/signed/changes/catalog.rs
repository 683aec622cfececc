//! Trailer, catalog and form, entry by entry.

use lopdf::{Dictionary, Object};

use super::super::ChangeClass;
use super::super::value::{changed_keys, is_same};
use super::Findings;
use super::pair::Pair;
use super::roles::Scene;

impl<'a> Pair<'_, 'a> {
    pub(super) fn compare_trailer(&self, found: &mut Findings) {
        let old = &self.old.view.snapshot.trailer;
        for key in changed_keys(old, &self.new.view.snapshot.trailer) {
            match key {
                // How the section is written, names of the file, and the source that LibreOffice puts
                // beside a document, which no reader of PDF looks at.
                b"Size" | b"Prev" | b"XRefStm" | b"ID" | b"Type" | b"W" | b"Index" | b"Length"
                | b"Filter" | b"DecodeParms" | b"DocChecksum" | b"AdditionalStreams" => {}
                b"Info" => {
                    let text = "document information";
                    found.add(ChangeClass::ValidationData, None, None, text);
                }
                _ => structure(found, "the trailer", key),
            }
        }
    }

    pub(super) fn compare_catalog(&self, found: &mut Findings) {
        let (Some((_, old)), Some((_, new))) = (self.old.view.catalog(), self.new.view.catalog())
        else {
            let text = "there is no catalog";
            found.add(ChangeClass::Structure, None, None, text);
            return;
        };
        for key in changed_keys(old, new) {
            match key {
                // Compared as wholes.
                b"AcroForm" | b"DSS" | b"Metadata" => {}
                b"Version" if is_later(old, new) => {
                    let text = "a later version of PDF declared";
                    found.add(ChangeClass::ValidationData, None, None, text);
                }
                b"Extensions" | b"MarkInfo" => {
                    let text = "extensions declared";
                    found.add(ChangeClass::ValidationData, None, None, text);
                }
                b"Pages" => found.add(ChangeClass::PageContent, None, None, "the page tree"),
                _ => structure(found, "the catalog", key),
            }
        }
        let form = |scene: &Scene<'a>, catalog| scene.view.dictionary(catalog, b"AcroForm");
        match (form(self.old, old), form(self.new, new)) {
            (Some(old), Some(new)) => self.compare_form(old, new, found),
            (None, Some(new)) => self.compare_form(&Dictionary::new(), new, found),
            (Some(_), None) => found.add(ChangeClass::Structure, None, None, "the form is gone"),
            (None, None) => {}
        }
    }

    fn compare_form(&self, old: &Dictionary, new: &Dictionary, found: &mut Findings) {
        for key in changed_keys(old, new) {
            let is_new = !old.has(key);
            match key {
                b"Fields" => self.compare_field_list(
                    Some(self.old.view.entry(old, key)),
                    Some(self.new.view.entry(new, key)),
                    found,
                ),
                b"SigFlags" if keeps_flags(old, new) => {}
                b"DR" => self.compare_resources(old, new, found),
                b"DA" | b"Q" if is_new => {
                    let text = "a default appearance of the form";
                    found.add(ChangeClass::ValidationData, None, None, text);
                }
                b"DA" | b"Q" | b"NeedAppearances" => {
                    let text = "how the form draws its fields";
                    found.add(ChangeClass::FormFill, None, None, text);
                }
                _ => structure(found, "the form", key),
            }
        }
    }

    /// Resources may be added to the form; those that are there may be in use.
    fn compare_resources(&self, old: &Dictionary, new: &Dictionary, found: &mut Findings) {
        let (old_view, new_view) = (&self.old.view, &self.new.view);
        let empty = Dictionary::new();
        let old = old_view.dictionary(old, b"DR").unwrap_or(&empty);
        let new = new_view.dictionary(new, b"DR").unwrap_or(&empty);
        let mut class = ChangeClass::ValidationData;
        for key in changed_keys(old, new) {
            let before = old_view.dictionary(old, key);
            let after = new_view.dictionary(new, key);
            let is_kept = match (before, after) {
                (None, _) => !old.has(key),
                (Some(before), Some(after)) => before.iter().all(|(name, resource)| {
                    after.get(name).is_ok_and(|same| is_same(resource, same))
                }),
                (Some(_), None) => false,
            };
            if !is_kept {
                class = ChangeClass::FormFill;
            }
        }
        found.add(class, None, None, "resources of the form");
    }

    pub(super) fn differs_in_catalog(&self, key: &[u8]) -> bool {
        let value = |scene: &Scene<'a>| {
            let (_, catalog) = scene.view.catalog()?;
            catalog.get(key).ok()
        };
        match (value(self.old), value(self.new)) {
            (Some(old), Some(new)) => !is_same(old, new),
            (None, None) => false,
            _ => true,
        }
    }
}

fn structure(found: &mut Findings, place: &str, key: &[u8]) {
    let text = format!("an entry of {place}: /{}", String::from_utf8_lossy(key));
    found.add(ChangeClass::Structure, None, None, text);
}

/// Flags may be set and not taken back (ISO 32000-2, table 225).
fn keeps_flags(old: &Dictionary, new: &Dictionary) -> bool {
    const SIGNATURES_EXIST: i64 = 1;
    const APPEND_ONLY: i64 = 2;
    let flags = |form: &Dictionary| form.get(b"SigFlags").and_then(Object::as_i64).ok();
    let (before, after) = (flags(old).unwrap_or(0), flags(new).unwrap_or(0));
    before & !after == 0 && after & !(SIGNATURES_EXIST | APPEND_ONLY) == 0
}

fn is_later(old: &Dictionary, new: &Dictionary) -> bool {
    let version = |catalog: &Dictionary| -> Option<Vec<u8>> {
        Some(catalog.get(b"Version").ok()?.as_name().ok()?.to_vec())
    };
    match (version(old), version(new)) {
        (Some(old), Some(new)) => old <= new,
        (None, Some(_)) => true,
        _ => false,
    }
}
