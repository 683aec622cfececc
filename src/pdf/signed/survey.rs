//! The survey: revisions, their signatures, and what was changed after each.

use std::collections::BTreeSet;

use bytes::Bytes;
use lopdf::Dictionary;

use super::dictionary::{name_of, revision_ending_at};
use super::fields::{Found, Key, Occurrence};
use super::history::{History, View};
use super::revisions::{Revisions, is_inside};
use super::skeleton::{self, Skeleton};
use super::{
    Claims, Revision, SignatureFacts, SignatureKind, SignatureSurvey, ambiguity, changes, dss,
    permissions, value,
};
use crate::model::{Deadline, Octets};
use crate::pdf::budget::{Budget, Steps};
use crate::pdf::cross_reference::Basis;
use crate::pdf::open::check_header;
use crate::pdf::{Limits, PdfError};

impl SignatureSurvey {
    /// Reads the signatures of `bytes` in every revision.
    ///
    /// # Errors
    /// [`PdfError`] when the file cannot be read at all, needs a password, or is over a limit; what is
    /// wrong with one signature is a fact.
    pub fn of(bytes: &Bytes, limits: &Limits, deadline: &Deadline) -> Result<Self, PdfError> {
        check_header(bytes)?;
        let Revisions {
            ends,
            history,
            trailing,
        } = Revisions::read(bytes, limits, deadline)?;
        let mut steps = Steps::new(limits, deadline);
        let mut skeletons: Vec<Option<Skeleton<'_>>> = Vec::new();
        let mut found = Found::default();
        for number in 0..ends.len() {
            let Some(view) = history.view(number) else {
                skeletons.push(None);
                continue;
            };
            let skeleton = skeleton::read(view, limits, &mut steps)?;
            found.add(bytes, view, &skeleton, &ends)?;
            skeletons.push(Some(skeleton));
        }
        let mut budget = Budget::new(limits, deadline);
        let reader = Reader {
            bytes,
            ends: &ends,
            history: &history,
            skeletons: &skeletons,
            found: &found,
        };
        let mut signatures = reader.signatures();
        let changed = changes::of_signatures(&reader, &signatures, &mut budget)?;
        for (signature, changes) in signatures.iter_mut().zip(changed) {
            signature.changes = changes;
        }
        let newest = history.newest();
        Ok(Self {
            revisions: reader.revisions(),
            repaired: newest
                .and_then(|newest| history.view(newest))
                .and_then(|view| repaired(view.snapshot.basis)),
            encrypted: newest
                .and_then(|newest| history.view(newest))
                .is_some_and(|view| view.snapshot.cipher.is_some()),
            trailing_bytes: trailing,
            signatures,
            stray_byte_ranges: reader.stray_byte_ranges(),
            usage_rights: u32::try_from(found.usage_rights.len()).unwrap_or(u32::MAX),
            empty_fields: reader.empty_fields(),
            validation_data: dss::read(bytes, &history, &mut budget)?,
        })
    }
}

/// How the cross-reference data of a revision was mended, if it was.
fn repaired(basis: Basis) -> Option<String> {
    crate::pdf::survey::repaired(basis)
}

/// What was read of a file, for the facts that are drawn from it.
pub(super) struct Reader<'a> {
    pub(super) bytes: &'a [u8],
    ends: &'a [usize],
    pub(super) history: &'a History,
    pub(super) skeletons: &'a [Option<Skeleton<'a>>],
    found: &'a Found,
}

impl Reader<'_> {
    fn revisions(&self) -> Vec<Revision> {
        let data = self.history.stream_data();
        let revision = |(number, end): (usize, &usize)| {
            let view = self.history.view(number);
            let skeleton = self.skeletons.get(number).and_then(Option::as_ref);
            Revision {
                end: *end as u64,
                pages: skeleton.map_or(0, |skeleton| {
                    u32::try_from(skeleton.pages.len()).unwrap_or(u32::MAX)
                }),
                readable: view.is_some(),
                repaired: view.and_then(|view| repaired(view.snapshot.basis)),
                hybrid_sections: view.map_or(0, |view| view.snapshot.hybrid_sections),
                lost_objects: view.map_or(0, |view| {
                    u32::try_from(view.snapshot.lost.len()).unwrap_or(u32::MAX)
                }),
                ambiguous_objects: view
                    .zip(
                        number
                            .checked_sub(1)
                            .and_then(|before| self.ends.get(before)),
                    )
                    .map_or(0, |(view, before)| {
                        ambiguity::count(self.bytes, view, *before..*end, &data)
                    }),
            }
        };
        self.ends.iter().enumerate().map(revision).collect()
    }

    /// The signatures, in the order of what they cover.
    fn signatures(&self) -> Vec<SignatureFacts> {
        let mut signatures: Vec<(u64, &Key)> = self
            .found
            .signatures
            .iter()
            .filter(|(key, _)| !self.found.repeats_an_older_one(self.history, key))
            .map(|(key, (_, written))| {
                let covered = written
                    .byte_range
                    .map_or(written.offset as u64, |range| range.end);
                (covered, key)
            })
            .collect();
        signatures.sort();
        let mut facts: Vec<SignatureFacts> = Vec::new();
        for (_, key) in signatures {
            let is_first = facts.iter().all(|one| one.kind != SignatureKind::Signature);
            facts.extend(self.signature(key, is_first));
        }
        facts
    }

    fn signature(&self, key: &Key, is_first: bool) -> Option<SignatureFacts> {
        let (first, written) = self.found.signatures.get(key)?;
        let revision = written
            .byte_range
            .ok()
            .and_then(|range| revision_ending_at(self.bytes, range.end, self.ends));
        // As it was signed; or as it first appears, when what it signs does not have it.
        let signed = revision.unwrap_or(*first);
        let own = |at| Some((at, self.found.in_revision(self.history, key, at)?));
        let (at, (one, dictionary)) = own(signed).or_else(|| own(*first))?;
        let view = self.history.view(at)?;
        let nothing = Dictionary::new();
        let dictionary = dictionary.unwrap_or(&nothing);
        let field = one.field_id.and_then(|id| view.object(id)?.as_dict().ok());
        let sub_filter = name_of(view.entry(dictionary, b"SubFilter"));
        let kind = match name_of(view.entry(dictionary, b"Type")).as_deref() {
            Some("DocTimeStamp") => SignatureKind::DocumentTimestamp,
            None if sub_filter.as_deref() == Some("ETSI.RFC3161") => {
                SignatureKind::DocumentTimestamp
            }
            _ => SignatureKind::Signature,
        };
        let permissions = permissions::read(view, dictionary, field);
        let certifies = permissions::certifies(view, one.id, kind, is_first);
        let (removed_in, rewritten_in) = self.later(one, at);
        let occurrences = self.found.occurrences.get(&at)?;
        let others = occurrences.iter().filter(|other| other.key == *key);
        Some(SignatureFacts {
            field: one.field.clone(),
            other_fields: others
                .skip(1)
                .map(|other| other.field.clone())
                .filter(|other| *other != one.field)
                .collect(),
            kind,
            offset: written.offset as u64,
            sub_filter,
            byte_range: written.byte_range,
            contents: Octets(written.contents.clone()),
            cert: match view.entry(dictionary, b"Cert") {
                lopdf::Object::String(octets, _) => Some(Octets(octets.clone())),
                lopdf::Object::Array(items) => items
                    .first()
                    .and_then(|item| view.resolve(item).as_str().ok())
                    .map(|octets| Octets(octets.to_vec())),
                _ => None,
            },
            claims: claims(view, dictionary),
            revision,
            removed_in,
            rewritten_in,
            visible: self.is_visible(at, &one.field),
            doc_mdp: permissions.doc_mdp.filter(|_| certifies),
            field_lock: permissions.field_lock,
            changes: Vec::new(),
        })
    }

    /// The first revision after `signed` whose form does not have the signature, and the first in which
    /// its object or its field has another value.
    fn later(&self, own: &Occurrence, signed: usize) -> (Option<usize>, Option<usize>) {
        let (mut removed, mut rewritten) = (None, None);
        for (&revision, occurrences) in self.found.occurrences.range(signed + 1..) {
            let mut occurrences = occurrences
                .iter()
                .filter(|one| own.is_stray || !one.is_stray);
            if occurrences.clone().any(|one| one.key == own.key) {
                if self.parts_differ(own.id, signed, revision) {
                    rewritten = rewritten.or(Some(revision));
                }
                continue;
            }
            let heir = occurrences
                .find(|one| (own.id.is_some() && one.id == own.id) || one.field == own.field);
            match heir {
                None => removed = removed.or(Some(revision)),
                Some(heir) if self.found.repeats_an_older_one(self.history, &heir.key) => {}
                Some(_) => rewritten = rewritten.or(Some(revision)),
            }
        }
        (removed, rewritten)
    }

    /// Whether an entry of the dictionary `id` that is an object by itself has another value.
    fn parts_differ(&self, id: Option<lopdf::ObjectId>, signed: usize, later: usize) -> bool {
        let (Some(old), Some(new)) = (self.history.view(signed), self.history.view(later)) else {
            return false;
        };
        let dictionary = id.and_then(|id| old.object(id)?.as_dict().ok());
        let mut parts = dictionary
            .into_iter()
            .flat_map(|dictionary| dictionary.iter())
            .filter(|(_, part)| part.as_reference().is_ok());
        parts.any(|(_, part)| !value::is_same(old.resolve(part), new.resolve(part)))
    }

    /// Whether a widget of the field has an area.
    fn is_visible(&self, revision: usize, field: &str) -> bool {
        let skeleton = self.skeletons.get(revision).and_then(Option::as_ref);
        skeleton.is_some_and(|skeleton| skeleton.visible.contains(field))
    }

    /// Signature fields of the newest form without a value.
    fn empty_fields(&self) -> Vec<String> {
        let Some(newest) = self.history.newest() else {
            return Vec::new();
        };
        let Some(Some(skeleton)) = self.skeletons.get(newest) else {
            return Vec::new();
        };
        let filled: BTreeSet<&str> = self
            .found
            .occurrences
            .get(&newest)
            .into_iter()
            .flatten()
            .map(|one| one.field.as_str())
            .collect();
        let names: BTreeSet<&str> = skeleton
            .fields
            .iter()
            .filter(|field| field.is_signature && !filled.contains(&*field.name))
            .map(|field| &*field.name)
            .collect();
        names.into_iter().map(str::to_owned).collect()
    }

    /// `/ByteRange` keys of nobody's, outside the data of streams.
    fn stray_byte_ranges(&self) -> Vec<u64> {
        let owned: BTreeSet<usize> = self
            .found
            .signatures
            .values()
            .flat_map(|(_, written)| &written.keys)
            .chain(&self.found.usage_rights_keys)
            .copied()
            .collect();
        let data = self.history.stream_data();
        memchr::memmem::find_iter(self.bytes, b"/ByteRange")
            .filter(|at| !owned.contains(at) && !is_inside(&data, *at))
            .map(|at| at as u64)
            .collect()
    }
}

fn claims(view: View<'_>, dictionary: &Dictionary) -> Claims {
    let claim = |key: &[u8]| match view.entry(dictionary, key) {
        text @ lopdf::Object::String(..) => Some(value::text(text)),
        _ => None,
    };
    Claims {
        name: claim(b"Name"),
        reason: claim(b"Reason"),
        location: claim(b"Location"),
        time: value::date(view.entry(dictionary, b"M")),
    }
}
