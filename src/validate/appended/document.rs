//! The file as the revisions judged so far leave it, and the judgement of the next one (S4 to S13, S15).

use std::collections::{BTreeMap, BTreeSet};

use super::base::{BaseFacts, read_kept};
use super::form::TakenNames;
use super::item::ItemKind;
use super::object::IndirectObject;
use super::revision::Revision;
use super::signatures::Signatures;
use super::trailer::Trailer;
use super::value::{Dictionary, Value};
use super::view::{Reached, Role, View};
use super::violation::{Rule, Violation};
use super::{AppendedRevision, catalog, dss, form, timestamp};

/// How far beyond those in use an object number may lie: writers skip a few, but a reader makes room for
/// every number up to the highest.
const MAX_NUMBER_GAP: u32 = 4_000;

/// Bytes that all appended validation data may inflate to.
const MAX_INFLATED_BYTES: usize = 32 << 20;

/// A base and the revisions after it that were accepted.
pub(super) struct Document<'a> {
    trailer: Trailer,
    startxref: u64,
    /// Objects that may be written again, as they stand now.
    known: BTreeMap<u32, Value<'a>>,
    /// Streams of validation data.
    items: BTreeMap<u32, ItemKind>,
    field_names: BTreeSet<String>,
    all_names_known: bool,
    signatures: Signatures,
    inflated_left: usize,
}

impl<'a> Document<'a> {
    /// Nothing appended yet.
    pub(super) fn new(facts: &'a BaseFacts) -> Self {
        let known = facts
            .overridable
            .iter()
            .filter_map(|(number, raw)| Some((*number, read_kept(raw)?)))
            .collect();
        Self {
            trailer: facts.trailer.clone(),
            startxref: facts.startxref,
            known,
            items: facts.items.clone(),
            field_names: facts.field_names.clone(),
            all_names_known: facts.all_names_known,
            signatures: facts.signatures.clone(),
            inflated_left: MAX_INFLATED_BYTES,
        }
    }

    /// Judges the next revision and takes it in.
    pub(super) fn append(&mut self, revision: Revision<'a>) -> Result<AppendedRevision, Violation> {
        let size = self
            .trailer
            .size
            .max(revision.highest_number().saturating_add(1));
        self.trailer
            .check_successor(&revision.section, self.startxref, size)?;
        self.check_numbers(&revision)?;

        let view = View {
            known: &self.known,
            revision: &revision,
            first_new: self.trailer.size,
        };
        let mut reached = Reached::default();
        let (before, after) = catalogs(&view, self.trailer.root)?;
        reached.claim(self.trailer.root, Role::Catalog, after.at)?;

        let added = form::check(&view, &mut reached, before, after)?;
        let taken = TakenNames {
            names: &self.field_names,
            complete: self.all_names_known,
        };
        let covering = added
            .map(|reference| form::check_field(&view, &mut reached, reference, &taken))
            .transpose()?
            .map(|field| timestamp::check(field, &revision))
            .transpose()?;
        if let Some(covering) = &covering {
            self.field_names
                .insert(covering.timestamp.field_name.clone());
            self.signatures.add(covering.spelt);
        }
        let known = dss::Known {
            items: &self.items,
            signatures: &self.signatures,
            inflated_left: &mut self.inflated_left,
        };
        let dss = dss::check(&view, &mut reached, before, after, known)?;
        check_purposes(&revision, &reached)?;

        let end_offset = revision.end;
        self.trailer.size = size;
        self.startxref = revision.section.at;
        self.take_in(revision, &reached);
        Ok(AppendedRevision {
            dss,
            timestamp: covering.map(|covering| covering.timestamp),
            end_offset,
        })
    }

    /// S5, S12, S15: each object is new or may be written again, and is of a kind that may be appended.
    fn check_numbers(&self, revision: &Revision<'a>) -> Result<(), Violation> {
        if revision
            .cross_reference_stream
            .is_some_and(|number| number < self.trailer.size)
        {
            let at = revision.section.at;
            return Err(Rule::S5.broken(at, "a cross-reference stream in place of another object"));
        }
        let highest = self.trailer.size.saturating_add(MAX_NUMBER_GAP);
        if revision.highest_number() > highest {
            let at = revision.section.at;
            return Err(Rule::S5.broken(at, "an object number far beyond those in use"));
        }
        for object in revision.objects.values() {
            let existed = object.number < self.trailer.size;
            if existed && (object.stream.is_some() || self.items.contains_key(&object.number)) {
                return Err(Rule::S15.broken(object.at, "a stream is written again"));
            }
            check_kind(object, self.trailer.root)?;
            if existed && !self.known.contains_key(&object.number) {
                return Err(Rule::S5.broken(object.at, "an object that may not be written again"));
            }
        }
        Ok(())
    }

    /// What the next revision may write again is what serves a purpose now.
    fn take_in(&mut self, mut revision: Revision<'a>, reached: &Reached) {
        let mut known = BTreeMap::new();
        for (number, role) in &reached.0 {
            if let Role::Item(kind) = role {
                self.items.insert(*number, *kind);
            }
            let value = revision
                .objects
                .remove(number)
                .map(|object| object.value)
                .or_else(|| self.known.remove(number));
            if let Some(value) = value.filter(|_| role.is_overridable()) {
                known.insert(*number, value);
            }
        }
        self.known = known;
    }
}

/// The catalog before and after the revision, S7 checked.
fn catalogs<'d, 'a>(
    view: &View<'d, 'a>,
    root: u32,
) -> Result<(&'d Dictionary<'a>, &'d Dictionary<'a>), Violation> {
    let unknown = || Rule::S7.broken(view.revision.section.at, "the catalog is no dictionary");
    let before = view.known.get(&root).ok_or_else(unknown)?;
    let after = match view.revision.objects.get(&root) {
        Some(object) => &object.value,
        None => before,
    };
    catalog::check(before, after)?;
    before
        .as_dictionary()
        .zip(after.as_dictionary())
        .ok_or_else(unknown)
}

/// S12: a dictionary that says what it is says one of the few things that may be appended.
fn check_kind(object: &IndirectObject<'_>, root: u32) -> Result<(), Violation> {
    let Some(entries) = object.value.as_dictionary() else {
        return Ok(());
    };
    let is_any = |value: &Value<'_>, names: &[&[u8]]| names.iter().any(|name| value.is_name(name));
    let widget = |value: &Value<'_>| value.is_name(b"Widget");
    let allowed_type = entries.get(b"Type").is_none_or(|kind| {
        is_any(kind, &[b"DSS", b"VRI", b"DocTimeStamp", b"Sig"])
            || (kind.is_name(b"Catalog") && object.number == root)
            || (kind.is_name(b"Annot") && entries.get(b"Subtype").is_some_and(widget))
    });
    if allowed_type && entries.get(b"Subtype").is_none_or(widget) {
        return Ok(());
    }
    Err(Rule::S12.broken(object.at, "an object of a kind that is never appended"))
}

/// S13: every object of the revision was found to serve a purpose.
fn check_purposes(revision: &Revision<'_>, reached: &Reached) -> Result<(), Violation> {
    let orphan = revision
        .objects
        .values()
        .find(|object| !reached.0.contains_key(&object.number));
    orphan.map_or(Ok(()), |object| {
        Err(Rule::S13.broken(object.at, "an object that nothing allowed leads to"))
    })
}
