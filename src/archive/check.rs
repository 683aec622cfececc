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
use super::parallel::{self, Findings, Step};
use super::record::{CodeIndex, CopyRecord, CopyStatus, Intent};
use super::retention::check_erased;
use super::seals::check_seal;
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
    /// Staging files that killed processes left a day ago or more; nothing reads them.
    pub left_behind: Vec<String>,
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
            Some(organ) => store.visit(&layout::organ_pointers(organ), |pointer| {
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
        let shards = store.folders(&layout::COPIES.into())?;
        let pointers: [(&str, CheckOne); 4] = [
            (layout::DIGESTS, check_digest_entry),
            (layout::ORGANS, check_pointer),
            (layout::REFERENCES, check_pointer),
            (layout::SEALS, check_seal),
        ];
        let parts: Vec<Part> = (pointers.into_iter())
            .map(|(folder, check_one)| Part::Objects(folder.into(), check_one))
            .chain(shards.into_iter().map(Part::Copies))
            .collect();
        let (mut done, total) = (0, parts.len());
        let mut check = ArchiveCheck {
            left_behind: self.left_behind(now)?,
            ..ArchiveCheck::default()
        };
        progress(done, total);
        let job = |part: Part, findings: &Findings<'_, ArchiveCheck>| match part {
            Part::Copies(shard) => self.check_shard(&shard, now, findings),
            Part::Objects(folder, check_one) => store.visit(&folder, |object| {
                let mut check = ArchiveCheck::default();
                let outcome = check.note(object, check_one(store, object));
                findings.tell(check);
                outcome
            }),
        };
        parallel::each(parts, job, |step| match step {
            Step::Found(part) => check.add(part),
            Step::Done => {
                done += 1;
                progress(done, total);
            }
        })?;
        check.completed.sort();
        check
            .abandoned
            .sort_by_key(|intent| (intent.issued_at, intent.index));
        (check.findings)
            .sort_by(|one, other| (&one.object, one.defect).cmp(&(&other.object, other.defect)));
        Ok(check)
    }

    fn check_shard(
        &self,
        shard: &Path,
        now: Timestamp,
        findings: &Findings<'_, ArchiveCheck>,
    ) -> Result<(), ArchiveError> {
        for folder in self.store()?.folders(shard)? {
            let mut check = ArchiveCheck::default();
            match layout::index_at_end(&folder).filter(|index| layout::copy(*index) == folder) {
                Some(index) => self.check_copy(index, now, &mut check)?,
                None => check.find(&folder, Defect::Misplaced),
            }
            findings.tell(check);
        }
        Ok(())
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
        let erased = match read_events(store, index) {
            Ok(events) => {
                CopyStatus::after(&events, intent.available_until, now) == CopyStatus::Erased
            }
            Err(error) => {
                check.note(&folder, Err(error))?;
                false
            }
        };
        if erased {
            check.note(&folder, check_erased(store, &record))?;
        } else {
            check.note(&folder, check_intent(store, intent))?;
            check.note(&folder, check_document(store, &record))?;
            check.note(&folder, check_reference(store, intent))?;
        }
        check.note(&folder, check_digest(store, &record))?;
        check.note(&folder, check_organ_pointer(store, intent))?;
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

/// A part of the archive that is checked at once.
enum Part {
    /// The copies whose index begins the same.
    Copies(Path),
    /// The objects below a folder, one by one.
    Objects(Path, CheckOne),
}

impl ArchiveCheck {
    fn add(&mut self, part: Self) {
        self.copies += part.copies;
        self.in_progress += part.in_progress;
        self.completed.extend(part.completed);
        self.abandoned.extend(part.abandoned);
        self.findings.extend(part.findings);
        self.left_behind.extend(part.left_behind);
    }

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

/// What is listed or found by its reference was begun, and says of itself that it belongs there.
fn check_pointer(store: &Store, pointer: &Path) -> Result<(), ArchiveError> {
    let index = layout::index_at_end(pointer).ok_or(ArchiveError::Corrupt(Defect::Misplaced))?;
    let intent = match read_intent(store, index) {
        Ok(Some(intent)) => intent,
        // What is left of an erased copy.
        Ok(None) => match read_record(store, index)? {
            Some(stub) => stub.intent,
            None => return Err(ArchiveError::Corrupt(Defect::PointerStray)),
        },
        // An intent that cannot be read is a finding about its copy.
        Err(ArchiveError::Corrupt(_)) => return Ok(()),
        Err(error) => return Err(error),
    };
    let reference = intent.description.external_ref.as_ref();
    let named = *pointer == layout::organ_pointer(&intent)
        || reference.is_some_and(|one| *pointer == layout::reference_pointer(one, index));
    present(named, Defect::PointerStray)
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
    match read_record(store, entry.index) {
        Ok(Some(record)) => {
            let extensions = match entry.version {
                1 => Vec::new(),
                // The extensions of an erased copy went with its content.
                _ if store.size(&layout::record(entry.index))?.is_none() => return Ok(()),
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
        Ok(None) => {
            let begun = store.size(&layout::intent(entry.index))?;
            present(begun.is_some(), Defect::PointerStray)
        }
        // A record that cannot be read is a finding about its copy.
        Err(ArchiveError::Corrupt(_)) => Ok(()),
        Err(error) => Err(error),
    }
}
