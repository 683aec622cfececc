//! Going through the whole archive: finishing what was left unfinished, and comparing everything that
//! is stored with everything else.

use jiff::{SignedDuration, Timestamp};
use object_store::path::Path;
use sha2::Digest;

use super::commit::Completion;
use super::error::{ArchiveError, Defect};
use super::extension::{enter_digest, read_extensions};
use super::look_up::{read_digest, read_events, read_intent, read_record, version};
use super::measure::measure;
use super::record::{CodeIndex, CopyRecord, CopyStatus, Intent};
use super::store::Store;
use super::{Archive, layout};
use crate::model::{Dir3, Sha256Digest};

/// An intent older than this without a document will not get one.
const ABANDONED_AFTER: SignedDuration = SignedDuration::from_hours(24);

/// Compares one pointer with what it leads to.
type CheckOne = fn(&Store, &Path) -> Result<(), ArchiveError>;

/// What going through the archive found and did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ArchiveCheck {
    /// Copies that answer, those completed now included.
    pub copies: u64,
    /// Copies that had a document and no record, and answer from now on.
    pub completed: Vec<CodeIndex>,
    /// Copies begun more than a day ago that never got a document.
    pub abandoned: Vec<AbandonedIntent>,
    /// Copies begun since, without a document yet.
    pub in_progress: u64,
    /// What does not fit together. Empty in a sound archive.
    pub findings: Vec<ArchiveFinding>,
}

/// A copy that was begun and never sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AbandonedIntent {
    /// The copy.
    pub index: CodeIndex,
    /// The organ that would have sealed it.
    pub organ: Dir3,
    /// The application that asked.
    pub application: String,
    /// When.
    pub issued_at: Timestamp,
}

/// Something in the archive that does not fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArchiveFinding {
    /// The name of the object, or of the folder of the copy. It contains no code.
    pub object: String,
    /// What is wrong.
    pub defect: Defect,
}

impl Archive {
    /// Every copy that was begun, or those of one organ, in the order of their indexes.
    ///
    /// # Errors
    /// [`ArchiveError::Unavailable`]. What is no copy is passed over: [`Archive::check`] finds it.
    pub fn copies(&self, organ: Option<&Dir3>) -> Result<Vec<CodeIndex>, ArchiveError> {
        let store = self.store()?;
        let mut copies = Vec::new();
        match organ {
            Some(organ) => store.visit(&layout::organ(organ), |pointer| {
                copies.extend(layout::index_at_end(pointer));
                Ok(())
            })?,
            None => {
                for shard in store.folders(&layout::COPIES.into())? {
                    let folders = store.folders(&shard)?;
                    copies.extend(folders.iter().filter_map(layout::index_at_end));
                }
            }
        }
        copies.sort_unstable();
        copies.dedup();
        Ok(copies)
    }

    /// Goes through all copies and all pointers. Completes copies that have a document and no record,
    /// lists those that were abandoned, and compares record, document, digest and pointers. Reads
    /// every document once. `progress` is told how many of how many folders are done.
    ///
    /// # Errors
    /// [`ArchiveError::Unavailable`] and [`ArchiveError::Contended`] end the check. What is corrupt
    /// becomes a finding.
    pub fn check(
        &self,
        now: Timestamp,
        progress: &mut dyn FnMut(usize, usize),
    ) -> Result<ArchiveCheck, ArchiveError> {
        let store = self.store()?;
        let mut check = ArchiveCheck::default();
        let shards = store.folders(&layout::COPIES.into())?;
        let pointers: [(&str, CheckOne); 3] = [
            (layout::DIGESTS, check_digest_entry),
            (layout::ORGANS, check_pointer),
            (layout::REFERENCES, check_pointer),
        ];
        let total = shards.len() + pointers.len();
        let mut done = 0;
        progress(done, total);
        for shard in &shards {
            for folder in store.folders(shard)? {
                match layout::index_at_end(&folder).filter(|index| layout::copy(*index) == folder) {
                    Some(index) => self.check_copy(index, now, &mut check)?,
                    None => check.find(&folder, Defect::Misplaced),
                }
            }
            done += 1;
            progress(done, total);
        }
        for (folder, check_one) in pointers {
            store.visit(&folder.into(), |pointer| {
                check.note(pointer, check_one(store, pointer))
            })?;
            done += 1;
            progress(done, total);
        }
        Ok(check)
    }

    fn check_copy(
        &self,
        index: CodeIndex,
        now: Timestamp,
        check: &mut ArchiveCheck,
    ) -> Result<(), ArchiveError> {
        let store = self.store()?;
        let folder = layout::copy(index);
        let record = match read_record(store, index) {
            Ok(Some(record)) => record,
            Ok(None) => {
                let outcome = self.check_unfinished(index, now, check);
                return check.note(&folder, outcome);
            }
            Err(error) => return check.note(&folder, Err(error)),
        };
        check.copies += 1;
        let intent = &record.intent;
        check.note(&folder, check_intent(store, intent))?;
        let erased = match read_events(store, index) {
            Ok(events) => {
                CopyStatus::after(&events, intent.available_until, now) == CopyStatus::Erased
            }
            Err(error) => {
                check.note(&folder, Err(error))?;
                false
            }
        };
        if !erased {
            check.note(&folder, check_document(store, &record))?;
        }
        check.note(&folder, check_digest(store, &record))?;
        check.note(&folder, check_organ_pointer(store, intent))?;
        check.note(&folder, check_reference(store, intent))?;
        let seal = self.registered_seal(&intent.organ, intent.seal.fingerprint);
        check.note(
            &folder,
            seal.and_then(|seal| present(seal.is_some(), Defect::SealUnknown)),
        )
    }

    /// A copy without a record.
    fn check_unfinished(
        &self,
        index: CodeIndex,
        now: Timestamp,
        check: &mut ArchiveCheck,
    ) -> Result<(), ArchiveError> {
        match self.complete(index, now)? {
            Completion::Committed(_) => {
                check.copies += 1;
                check.completed.push(index);
                Ok(())
            }
            Completion::NoDocument(intent) => {
                if now.duration_since(intent.issued_at) < ABANDONED_AFTER {
                    check.in_progress += 1;
                } else {
                    check.abandoned.push(AbandonedIntent {
                        index,
                        organ: intent.organ,
                        application: intent.application,
                        issued_at: intent.issued_at,
                    });
                }
                Ok(())
            }
            // A process killed while it wrote the intent leaves a folder with nothing in it.
            Completion::Absent => present(
                self.store()?.list(&layout::copy(index))?.is_empty(),
                Defect::IntentMissing,
            ),
        }
    }
}

impl ArchiveCheck {
    fn find(&mut self, object: &Path, defect: Defect) {
        self.findings.push(ArchiveFinding {
            object: object.to_string(),
            defect,
        });
    }

    /// Makes a finding of what is corrupt; any other error ends the check.
    fn note(
        &mut self,
        object: &Path,
        outcome: Result<(), ArchiveError>,
    ) -> Result<(), ArchiveError> {
        match outcome {
            Err(ArchiveError::Corrupt(defect)) => {
                self.find(object, defect);
                Ok(())
            }
            other => other,
        }
    }
}

fn present(is_present: bool, otherwise: Defect) -> Result<(), ArchiveError> {
    if is_present {
        Ok(())
    } else {
        Err(ArchiveError::Corrupt(otherwise))
    }
}

fn check_intent(store: &Store, recorded: &Intent) -> Result<(), ArchiveError> {
    let stored =
        read_intent(store, recorded.index)?.ok_or(ArchiveError::Corrupt(Defect::IntentMissing))?;
    present(stored == *recorded, Defect::IntentDiffers)
}

/// The document as issued, and everything appended to it since. A digest that leads nowhere yet is that of
/// an extension whose writer died: it is entered now.
fn check_document(store: &Store, record: &CopyRecord) -> Result<(), ArchiveError> {
    let measured =
        measure(store, &record.intent)?.ok_or(ArchiveError::Corrupt(Defect::DocumentMissing))?;
    present(
        measured.document == record.document,
        Defect::DocumentDiffers,
    )?;
    let mut hash = measured.hash;
    for extension in read_extensions(store, record)? {
        hash.update(extension.tail(store)?);
        let digest = Sha256Digest::of_state(&hash);
        let recorded = &extension.record;
        present(digest == recorded.document.digest, Defect::ExtensionDiffers)?;
        enter_digest(store, recorded)?;
    }
    Ok(())
}

fn check_digest(store: &Store, record: &CopyRecord) -> Result<(), ArchiveError> {
    let entry = read_digest(store, record.document.digest)?
        .ok_or(ArchiveError::Corrupt(Defect::DigestMissing))?;
    present(entry.index == record.intent.index, Defect::DigestDiffers)
}

fn check_organ_pointer(store: &Store, intent: &Intent) -> Result<(), ArchiveError> {
    let size = store.size(&layout::organ_pointer(intent))?;
    present(size.is_some(), Defect::OrganPointerMissing)
}

fn check_reference(store: &Store, intent: &Intent) -> Result<(), ArchiveError> {
    let Some(reference) = &intent.description.external_ref else {
        return Ok(());
    };
    let size = store.size(&layout::reference_pointer(reference, intent.index))?;
    present(size.is_some(), Defect::ReferenceMissing)
}

/// What is listed or found by its reference was begun.
fn check_pointer(store: &Store, pointer: &Path) -> Result<(), ArchiveError> {
    let index = layout::index_at_end(pointer).ok_or(ArchiveError::Corrupt(Defect::Misplaced))?;
    let begun = store.size(&layout::intent(index))?;
    present(begun.is_some(), Defect::PointerStray)
}

/// A digest leads to a copy that was begun, and to one with that document if it answers.
fn check_digest_entry(store: &Store, name: &Path) -> Result<(), ArchiveError> {
    let digest: Sha256Digest = name
        .filename()
        .and_then(|name| name.parse().ok())
        .ok_or(ArchiveError::Corrupt(Defect::Misplaced))?;
    let Some(entry) = read_digest(store, digest)? else {
        return Ok(());
    };
    let begun = store.size(&layout::intent(entry.index))?;
    present(begun.is_some(), Defect::PointerStray)?;
    match read_record(store, entry.index) {
        Ok(Some(record)) => {
            let extensions = match entry.version {
                1 => Vec::new(),
                _ => match read_extensions(store, &record) {
                    // What cannot be read is a finding about its copy.
                    Err(ArchiveError::Corrupt(_)) => return Ok(()),
                    extensions => extensions?,
                },
            };
            let version = version(&record, &extensions, entry.version)
                .ok_or(ArchiveError::Corrupt(Defect::ExtensionMissing))?;
            present(version.digest == digest, Defect::DigestDiffers)
        }
        // A record that cannot be read is a finding about its copy.
        Ok(_) | Err(ArchiveError::Corrupt(_)) => Ok(()),
        Err(error) => Err(error),
    }
}
