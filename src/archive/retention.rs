//! The end of a copy: its availability ends, and later its content is erased.
//!
//! Erasing is the only thing that ever removes an object. In order: the event, from which moment nobody is
//! given anything; the stub, which answers instead of the record; then the document, what was appended to
//! it, the tries at its factor, the pointer of its reference, the intent and, last, the record. Whoever dies
//! in between is continued by the same call. What stays says that there was a copy and what became of it:
//! the stub, the events, the digests of its document and the organ's pointer.

use jiff::Timestamp;
use object_store::path::Path;

use super::check::ArchiveFinding;
use super::error::{ArchiveError, Defect};
use super::look_up::{read_events, read_record};
use super::parallel::{self, Step};
use super::record::{CodeIndex, CopyRecord, CopyStatus, Event, EventKind};
use super::store::{Created, Store, to_json};
use super::{Archive, Lock, layout};
use crate::model::Dir3;

/// What a scan for copies past their availability found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expiry {
    /// Copies looked at.
    pub copies: u64,
    /// Those whose availability ended and of which it was written down now.
    pub expired: Vec<CodeIndex>,
    /// What could not be read; nothing was decided about those copies.
    pub unreadable: Vec<ArchiveFinding>,
}

/// What a scan for copies to erase found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DueForErasure {
    /// Copies looked at.
    pub copies: u64,
    /// Those that are due, the longest ended first.
    pub due: Vec<DueCopy>,
    /// What could not be read; nothing was decided about those copies.
    pub unreadable: Vec<ArchiveFinding>,
}

/// A copy that is due for erasure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueCopy {
    /// The copy.
    pub index: CodeIndex,
    /// Its organ.
    pub organ: Dir3,
    /// When its availability ended.
    pub available_until: Timestamp,
}

/// What became of an erasure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Erasure {
    /// The content is gone, by this call or by one before.
    Done,
    /// There is no such copy.
    Absent,
}

impl Archive {
    /// Writes down of every copy whose availability ended as of `now` that it did. The copy answers the
    /// same with and without: the event says when it was noticed.
    ///
    /// # Errors
    /// [`ArchiveError::Unavailable`], [`ArchiveError::Contended`]. What is corrupt is listed and passed
    /// over.
    pub fn expire(
        &self,
        application: &str,
        now: Timestamp,
        progress: &mut dyn FnMut(usize, usize),
    ) -> Result<Expiry, ArchiveError> {
        let mut expiry = Expiry::default();
        let ended = |record: &CopyRecord, events: &[Event]| {
            let status = CopyStatus::after(events, record.intent.available_until, now);
            Ok(
                (status == CopyStatus::Expired && !says(events, &EventKind::Expired))
                    .then_some(record.intent.index),
            )
        };
        self.scan(ended, progress, |found| match found {
            Scanned::Copy(index) => {
                expiry.copies += 1;
                expiry.expired.extend(index);
            }
            Scanned::Unreadable(finding) => expiry.unreadable.push(finding),
        })?;
        expiry.expired.sort();
        for index in &expiry.expired {
            self.happen(*index, application, now, |events| {
                (!says(events, &EventKind::Expired)).then_some(EventKind::Expired)
            })?;
        }
        Ok(expiry)
    }

    /// The copies whose availability ended before `ended_before` and whose content is still there.
    ///
    /// # Errors
    /// As [`Archive::expire`].
    pub fn due_for_erasure(
        &self,
        ended_before: Timestamp,
        progress: &mut dyn FnMut(usize, usize),
    ) -> Result<DueForErasure, ArchiveError> {
        let store = self.store()?;
        let mut scan = DueForErasure::default();
        let is_due = |record: &CopyRecord, events: &[Event]| {
            let intent = &record.intent;
            let content_left =
                !says(events, &EventKind::Erased) || !leftovers(store, record)?.is_empty();
            let due = intent.available_until < ended_before && content_left;
            Ok(due.then(|| DueCopy {
                index: intent.index,
                organ: intent.organ.clone(),
                available_until: intent.available_until,
            }))
        };
        self.scan(is_due, progress, |found| match found {
            Scanned::Copy(copy) => {
                scan.copies += 1;
                scan.due.extend(copy);
            }
            Scanned::Unreadable(finding) => scan.unreadable.push(finding),
        })?;
        scan.due
            .sort_by_key(|copy| (copy.available_until, copy.index));
        Ok(scan)
    }

    /// Erases the content of a copy, whatever its status. The same again finishes what was left.
    ///
    /// # Errors
    /// [`ArchiveError::RemovalRefused`] when the store keeps the content; if it says so beforehand
    /// (object lock), nothing was changed. Otherwise as [`Archive::withdraw`].
    pub fn erase(
        &self,
        index: CodeIndex,
        application: &str,
        now: Timestamp,
    ) -> Result<Erasure, ArchiveError> {
        let store = self.store()?;
        let Some(record) = read_record(store, index)? else {
            return Ok(Erasure::Absent);
        };
        refuse_if_locked(store, index, now)?;
        self.happen(index, application, now, |events| {
            (!says(events, &EventKind::Erased)).then_some(EventKind::Erased)
        })?;
        let stub = to_json(&record.clone().stub())?;
        if store.create(&layout::stub(index), &[stub])? == Created::Already {
            // Whoever wrote it made it of the same record.
            store
                .read_json::<CopyRecord>(&layout::stub(index))?
                .ok_or(ArchiveError::Contended)?;
        }
        self.tidy_copy(index)?;
        for object in leftovers(store, &record)? {
            store.remove(&object)?;
        }
        match leftovers(store, &record)?.is_empty() {
            true => Ok(Erasure::Done),
            false => Err(ArchiveError::RemovalRefused(None)),
        }
    }

    /// Asks `judge` about every copy that was committed, with its events.
    fn scan<R: Send>(
        &self,
        judge: impl Fn(&CopyRecord, &[Event]) -> Result<R, ArchiveError> + Sync,
        progress: &mut dyn FnMut(usize, usize),
        mut take: impl FnMut(Scanned<R>),
    ) -> Result<(), ArchiveError> {
        let store = self.store()?;
        let shards = store.folders(&layout::COPIES.into())?;
        let (mut done, total) = (0, shards.len());
        progress(done, total);
        let look = |index: CodeIndex| match read_record(store, index)? {
            Some(record) => judge(&record, &read_events(store, index)?).map(Some),
            None => Ok(None),
        };
        let job = |shard: Path, findings: &parallel::Findings<'_, Scanned<R>>| {
            for folder in store.folders(&shard)? {
                let Some(index) = layout::index_at_end(&folder) else {
                    continue;
                };
                match look(index) {
                    Ok(Some(found)) => findings.tell(Scanned::Copy(found)),
                    Ok(None) => {}
                    Err(ArchiveError::Corrupt(defect)) => {
                        findings.tell(Scanned::Unreadable(ArchiveFinding {
                            object: folder.to_string(),
                            defect,
                        }));
                    }
                    Err(error) => return Err(error),
                }
            }
            Ok(())
        };
        parallel::each(shards, job, |step| match step {
            Step::Found(found) => take(found),
            Step::Done => {
                done += 1;
                progress(done, total);
            }
        })
    }
}

/// What a scan says of one copy.
enum Scanned<R> {
    Copy(R),
    Unreadable(ArchiveFinding),
}

fn says(events: &[Event], kind: &EventKind) -> bool {
    events.iter().any(|event| event.kind == *kind)
}

/// A store that says beforehand that it will keep the content has to be believed before anything is
/// written: a copy that is half erased helps nobody.
fn refuse_if_locked(store: &Store, index: CodeIndex, now: Timestamp) -> Result<(), ArchiveError> {
    for object in [layout::document(index), layout::record(index)] {
        match store.lock(&object)? {
            Some(Lock::Until(date)) if date <= now => {}
            None => {}
            lock => return Err(ArchiveError::RemovalRefused(lock)),
        }
    }
    Ok(())
}

/// The objects of a copy that an erasure removes, in the order in which it does: the record last, since
/// it alone knows the pointer of the reference. `record` is the stub when the record is gone already.
pub(super) fn leftovers(store: &Store, record: &CopyRecord) -> Result<Vec<Path>, ArchiveError> {
    let intent = &record.intent;
    let index = intent.index;
    let (events, stub) = (layout::events(index), layout::stub(index));
    let last = [layout::intent(index), layout::record(index)];
    let mut objects: Vec<Path> = store
        .list(&layout::copy(index))?
        .into_iter()
        .map(|object| object.location)
        .filter(|name| !name.prefix_matches(&events) && *name != stub)
        .collect();
    if let Some(reference) = &intent.description.external_ref {
        let pointer = layout::reference_pointer(reference, index);
        objects.extend(store.size(&pointer)?.map(|_| pointer));
    }
    objects.sort_by_key(|name| {
        last.iter()
            .position(|late| late == name)
            .map_or(0, |at| at + 1)
    });
    Ok(objects)
}

/// What is wrong with an erased copy: something of it is left.
pub(super) fn check_erased(store: &Store, record: &CopyRecord) -> Result<(), ArchiveError> {
    match leftovers(store, record)?.is_empty() {
        true => Ok(()),
        false => Err(ArchiveError::Corrupt(Defect::ErasureUnfinished)),
    }
}
