//! The objects of all revisions, each value kept once.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use lopdf::{Dictionary, Object, ObjectId};

use crate::pdf::PdfError;
use crate::pdf::budget::{Budget, objects_passed};
use crate::pdf::cross_reference::{Basis, CrossReferences, Location};
use crate::pdf::encryption::Cipher;
use crate::pdf::loader;

/// What all revisions hold. A later revision is told by what differs from the one before, so that many
/// revisions of a big document cost little more than one.
#[derive(Default)]
pub(super) struct History {
    /// The revisions that could be read, by their number.
    snapshots: BTreeMap<usize, Snapshot>,
    /// The values that each object had, oldest first.
    objects: BTreeMap<ObjectId, Vec<Version>>,
    /// Values in all of `objects`.
    versions: usize,
    /// Where the newest revision says that its objects are.
    places: BTreeMap<u32, Location>,
}

/// What belongs to a revision as a whole.
pub(super) struct Snapshot {
    /// Its trailer.
    pub(super) trailer: Dictionary,
    /// What decrypts it.
    pub(super) cipher: Option<Cipher>,
    /// How its cross-reference data was read.
    pub(super) basis: Basis,
    /// Some of its objects are hidden from readers that know tables only.
    pub(super) hybrid_sections: u32,
    /// Entries that lead to no such object, this revision's own.
    pub(super) lost: BTreeSet<u32>,
}

/// The value of an object from some revision on.
pub(super) struct Version {
    /// The first revision that has it.
    since: usize,
    /// `None`: freed, or not to be found.
    value: Option<Object>,
    /// Where the data stands, if it is a stream.
    data: Option<Range<usize>>,
    place: Location,
}

impl History {
    /// Adds the revision `number`, which is the file `bytes`, read through `references`.
    ///
    /// # Errors
    /// Limits and the refusals of encryption.
    pub(super) fn add(
        &mut self,
        number: usize,
        bytes: &[u8],
        mut references: CrossReferences,
        budget: &mut Budget<'_>,
    ) -> Result<(), PdfError> {
        let before = self.newest();
        let mut loaded = if references.basis == Basis::Rebuilt {
            loader::load(bytes, &mut references, budget)?
        } else {
            let mut part = self.new_part(&references);
            let known = |id| self.view(before?)?.object(id);
            loader::load_beside(bytes, &mut part, &known, budget)?
        };
        let mut ids: BTreeMap<u32, (Option<ObjectId>, Location)> = BTreeMap::new();
        for (&object, &place) in &references.entries {
            if place != Location::Free && self.places.get(&object) != Some(&place) {
                ids.insert(object, (Some(id_at(object, place)), place));
            }
        }
        for (&object, place) in &self.places {
            let gone = references.entries.get(&object).unwrap_or(&Location::Free);
            if *place != Location::Free && *gone == Location::Free {
                ids.insert(object, (None, Location::Free));
            }
        }
        for (object, (id, place)) in ids {
            let older = self
                .places
                .get(&object)
                .filter(|place| **place != Location::Free);
            let older = older.map(|place| id_at(object, *place));
            if let Some(older) = older.filter(|older| Some(*older) != id) {
                self.push(older, Version::gone(number));
            }
            let Some(id) = id else { continue };
            let version = Version {
                since: number,
                value: loaded.objects.remove(&id),
                data: loaded.streams.remove(&id),
                place,
            };
            self.push(id, version);
        }
        if self.versions > (budget.limits.objects as usize).saturating_mul(2) {
            return Err(objects_passed(budget.limits));
        }
        let snapshot = Snapshot {
            trailer: references.trailer,
            cipher: loaded.cipher,
            basis: references.basis,
            hybrid_sections: references.hybrid_sections,
            lost: loaded.lost,
        };
        self.snapshots.insert(number, snapshot);
        self.places = references.entries;
        Ok(())
    }

    /// The entries of `references` that the newest revision does not have, and the object streams that
    /// they lead into.
    fn new_part(&self, references: &CrossReferences) -> CrossReferences {
        let mut entries: BTreeMap<u32, Location> = BTreeMap::new();
        for (&object, place) in &references.entries {
            if *place == Location::Free || self.places.get(&object) == Some(place) {
                continue;
            }
            entries.insert(object, *place);
            if let Location::Member { container, .. } = place
                && let Some(outer) = references.entries.get(container)
            {
                entries.insert(*container, *outer);
            }
        }
        CrossReferences {
            entries,
            trailer: references.trailer.clone(),
            form: references.form,
            start: references.start,
            sections: references.sections,
            hybrid_sections: references.hybrid_sections,
            has_impossible_generation: references.has_impossible_generation,
            basis: references.basis,
        }
    }

    fn push(&mut self, id: ObjectId, version: Version) {
        self.versions += 1;
        self.objects.entry(id).or_default().push(version);
    }

    /// Numbers the revisions anew; `numbers` keeps their order.
    pub(super) fn renumber(&mut self, numbers: &BTreeMap<usize, usize>) {
        let renumbered = |number: &usize| numbers.get(number).copied().unwrap_or(*number);
        self.snapshots = std::mem::take(&mut self.snapshots)
            .into_iter()
            .map(|(number, snapshot)| (renumbered(&number), snapshot))
            .collect();
        for version in self.objects.values_mut().flatten() {
            version.since = renumbered(&version.since);
        }
    }

    /// The newest revision that could be read.
    pub(super) fn newest(&self) -> Option<usize> {
        self.snapshots.keys().next_back().copied()
    }

    /// The numbers of the revisions that could be read, ascending.
    pub(super) fn readable(&self) -> impl DoubleEndedIterator<Item = usize> {
        self.snapshots.keys().copied()
    }

    /// The document as it was in `revision`; `None` when that cannot be read.
    pub(super) fn view(&self, revision: usize) -> Option<View<'_>> {
        let snapshot = self.snapshots.get(&revision)?;
        Some(View {
            history: self,
            revision,
            snapshot,
        })
    }

    /// The objects that some revision after `revision` writes, frees or leads elsewhere.
    pub(super) fn touched_after(&self, revision: usize) -> impl Iterator<Item = ObjectId> {
        self.objects.iter().filter_map(move |(id, versions)| {
            let last = versions.last()?;
            (last.since > revision).then_some(*id)
        })
    }

    /// Where the data of streams stands, in every revision: ascending, none beginning in another.
    pub(super) fn stream_data(&self) -> Vec<Range<usize>> {
        let versions = self.objects.values().flatten();
        let mut ranges: Vec<Range<usize>> = versions
            .filter_map(|version| version.data.clone())
            .collect();
        ranges.sort_unstable_by_key(|range| (range.start, range.end));
        ranges
    }
}

impl Version {
    const fn gone(since: usize) -> Self {
        Self {
            since,
            value: None,
            data: None,
            place: Location::Free,
        }
    }
}

const fn id_at(object: u32, place: Location) -> ObjectId {
    match place {
        Location::Offset { generation, .. } => (object, generation),
        Location::Member { .. } | Location::Free => (object, 0),
    }
}

/// The document as it was in one revision.
#[derive(Clone, Copy)]
pub(super) struct View<'a> {
    history: &'a History,
    pub(super) revision: usize,
    pub(super) snapshot: &'a Snapshot,
}

impl<'a> View<'a> {
    fn version(&self, id: ObjectId) -> Option<&'a Version> {
        let versions = self.history.objects.get(&id)?;
        let count = versions.partition_point(|version| version.since <= self.revision);
        versions.get(count.checked_sub(1)?)
    }

    /// The object with this number and generation. A stream has its dictionary only.
    pub(super) fn object(&self, id: ObjectId) -> Option<&'a Object> {
        self.version(id)?.value.as_ref()
    }

    /// The first revision in which the object has the value that it has here.
    pub(super) fn since(&self, id: ObjectId) -> usize {
        self.version(id).map_or(0, |version| version.since)
    }

    /// Where the object stands.
    pub(super) fn place(&self, id: ObjectId) -> Option<Location> {
        self.version(id).map(|version| version.place)
    }

    /// Where the data of a stream stands.
    pub(super) fn data(&self, id: ObjectId) -> Option<Range<usize>> {
        self.version(id)?.data.clone()
    }

    /// The objects that the revisions between `older` and this one write, free or lead elsewhere.
    pub(super) fn touched_since(&self, older: &Self) -> impl Iterator<Item = ObjectId> {
        let (history, from, to) = (self.history, older.revision, self.revision);
        history.objects.iter().filter_map(move |(id, versions)| {
            let is_between = |version: &Version| version.since > from && version.since <= to;
            versions.iter().any(is_between).then_some(*id)
        })
    }

    /// Whether both revisions share the value of `id`, so that it need not be compared.
    pub(super) fn shares(&self, id: ObjectId, other: &Self) -> bool {
        match (self.version(id), other.version(id)) {
            (Some(own), Some(others)) => std::ptr::eq(own, others),
            (None, None) => true,
            _ => false,
        }
    }

    /// Every object of this revision.
    pub(super) fn objects(&self) -> impl Iterator<Item = (ObjectId, &'a Object)> {
        let view = *self;
        let ids = self.history.objects.keys();
        ids.filter_map(move |id| Some((*id, view.object(*id)?)))
    }

    /// The object behind `object` and the id of the last reference on the way: null when there is none.
    pub(super) fn follow(&self, mut object: &'a Object) -> (Option<ObjectId>, &'a Object) {
        const LONGEST_CHAIN: usize = 32;
        let mut last = None;
        for _ in 0..LONGEST_CHAIN {
            match object {
                Object::Reference(id) => {
                    last = Some(*id);
                    object = self.object(*id).unwrap_or(&Object::Null);
                }
                direct => return (last, direct),
            }
        }
        (last, &Object::Null)
    }

    /// The object behind `object`, null when there is none.
    pub(super) fn resolve(&self, object: &'a Object) -> &'a Object {
        self.follow(object).1
    }

    /// The value under `key`, references followed; null when there is none.
    pub(super) fn entry(&self, dictionary: &'a Dictionary, key: &[u8]) -> &'a Object {
        match dictionary.get(key) {
            Ok(value) => self.resolve(value),
            Err(_) => &Object::Null,
        }
    }

    /// The dictionary under `key`, references followed.
    pub(super) fn dictionary(&self, owner: &'a Dictionary, key: &[u8]) -> Option<&'a Dictionary> {
        self.entry(owner, key).as_dict().ok()
    }

    /// The items of the array under `key`, references followed; none when there is no array.
    pub(super) fn items(&self, owner: &'a Dictionary, key: &[u8]) -> &'a [Object] {
        match self.entry(owner, key) {
            Object::Array(items) => items,
            _ => &[],
        }
    }

    /// The catalog, with its id.
    pub(super) fn catalog(&self) -> Option<(ObjectId, &'a Dictionary)> {
        let root = self.snapshot.trailer.get(b"Root").ok()?;
        let (id, catalog) = self.follow(root);
        Some((id?, catalog.as_dict().ok()?))
    }
}
