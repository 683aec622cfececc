//! Moving an archive, or what one organ has in it, into another archive: every object create-only, read
//! back and compared by its digest. Records come last, so that whatever answers is complete. The same again
//! finishes what was left, and compares what is there already. Moved into a folder, an archive is backed up.

use futures_util::future::ready;
use futures_util::stream::{self, StreamExt, TryStreamExt};
use jiff::Timestamp;
use object_store::path::Path;

use super::error::{ArchiveError, Defect};
use super::look_up::{read_events, read_record};
use super::parallel::{self, Findings, Step};
use super::record::{CodeIndex, CopyRecord, CopyStatus, DocumentRecord};
use super::store::{Created, Store};
use super::{Archive, layout};
use crate::model::{Dir3, Sha256Digest};

/// Objects on their way at once.
const AT_ONCE: usize = 16;

/// What a transfer did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Transfer {
    /// Objects that are there now, byte for byte.
    pub objects: u64,
    /// Those among them that were there before.
    pub already: u64,
    /// Bytes of all of them.
    pub bytes: u64,
    /// Objects of which the target holds another version, which stays. Empty when all went well.
    pub conflicts: Vec<String>,
}

/// A copy that was exported.
#[derive(Clone, Debug, PartialEq)]
pub struct ExportedCopy {
    /// What is recorded about it.
    pub record: CopyRecord,
    /// How it stood.
    pub status: CopyStatus,
    /// Where its document is inside the archive; `None` when it was erased.
    pub document: Option<String>,
}

impl Archive {
    /// Transfers everything into `target`, while copies are made here or not: what is made meanwhile
    /// arrives whole, or without its record, which the next transfer brings. `progress` is told how many
    /// of how many objects are done.
    ///
    /// For that the records to move are listed first, then the pointers are moved, then the contents,
    /// then those records. A record that was listed has all it needs in the store by then; a pointer that
    /// was moved leads to an intent that is moved after it.
    ///
    /// # Errors
    /// [`ArchiveError::Unavailable`], [`ArchiveError::Contended`]. What stands in the target and differs
    /// is no error but a conflict.
    pub fn transfer(
        &self,
        target: &Self,
        progress: &mut dyn FnMut(usize, usize),
    ) -> Result<Transfer, ArchiveError> {
        let (from, to) = (self.store()?, target.store()?);
        let mut total = 0;
        let mut records = Vec::new();
        from.wait(from.names(None).try_for_each(|name| {
            total += usize::from(is_kept(&name));
            records.extend(is_record(&name).then_some(name));
            ready(Ok(()))
        }))?;
        let copies = Path::from(layout::COPIES);
        let pointers = from.names(None).try_filter(|name| {
            let is_pointer = is_kept(name) && !name.prefix_matches(&copies);
            ready(is_pointer)
        });
        let contents = from.names(Some(&copies));
        let contents = contents.try_filter(|name| ready(!is_record(name)));
        let records = stream::iter(records).map(Ok);

        let mut transfer = Transfer::default();
        let mut done = 0;
        progress(done, total);
        for names in [pointers.boxed(), contents.boxed(), records.boxed()] {
            from.wait(async {
                let mut moves = names
                    .map(|name| async move {
                        let name = name?;
                        let moved = move_object(from, to, &name).await?;
                        Ok::<_, ArchiveError>((name, moved))
                    })
                    .buffer_unordered(AT_ONCE);
                while let Some((name, moved)) = moves.try_next().await? {
                    transfer.count(&name, moved);
                    done += 1;
                    progress(done, total.max(done));
                }
                Ok::<_, ArchiveError>(())
            })?;
        }
        transfer.conflicts.sort();
        Ok(transfer)
    }

    /// Transfers the copies of one organ into `target`, with everything that speaks for them: records,
    /// events, documents with what was appended, digests, references and the certificates of its seals.
    /// Tries at second factors, and what was begun and never committed, are left out.
    ///
    /// # Errors
    /// As [`Archive::transfer`]; [`ArchiveError::Corrupt`] when a copy cannot be read.
    pub fn transfer_organ(
        &self,
        organ: &Dir3,
        target: &Self,
        now: Timestamp,
        progress: &mut dyn FnMut(usize, usize),
    ) -> Result<(Transfer, Vec<ExportedCopy>), ArchiveError> {
        let (from, to) = (self.store()?, target.store()?);
        let mut transfer = Transfer::default();
        for seal in from.list(&layout::seals_of(organ))? {
            let name = seal.location;
            transfer.count(&name, from.wait(move_object(from, to, &name))?);
        }
        let indices: Vec<CodeIndex> = from
            .list(&layout::organ_pointers(organ))?
            .iter()
            .filter_map(|pointer| layout::index_at_end(&pointer.location))
            .collect();
        let (mut done, total) = (0, indices.len());
        progress(done, total);
        let mut copies = Vec::with_capacity(total);
        let job = |index: CodeIndex, findings: &Findings<'_, (ExportedCopy, Transfer)>| {
            if let Some(moved) = move_copy(from, to, index, now)? {
                findings.tell(moved);
            }
            Ok(())
        };
        parallel::each(indices, job, |step| match step {
            Step::Found((copy, moved)) => {
                transfer.add(moved);
                copies.push(copy);
            }
            Step::Done => {
                done += 1;
                progress(done, total);
            }
        })?;
        transfer.conflicts.sort();
        copies.sort_by_key(|copy| (copy.record.intent.issued_at, copy.record.intent.index));
        Ok((transfer, copies))
    }
}

impl Transfer {
    fn count(&mut self, name: &Path, moved: Moved) {
        match moved {
            Moved::There { created, size } => {
                self.objects += 1;
                self.already += u64::from(created == Created::Already);
                self.bytes += size;
            }
            Moved::Conflict => self.conflicts.push(name.to_string()),
            Moved::Gone => {}
        }
    }

    fn add(&mut self, other: Self) {
        self.objects += other.objects;
        self.already += other.already;
        self.bytes += other.bytes;
        self.conflicts.extend(other.conflicts);
    }
}

/// What became of one object.
enum Moved {
    /// It is there, byte for byte.
    There { created: Created, size: u64 },
    /// Another one is.
    Conflict,
    /// It was erased meanwhile.
    Gone,
}

/// Probes belong to a store, not to an archive.
fn is_kept(name: &Path) -> bool {
    !name.prefix_matches(&Path::from(layout::PROBES))
}

fn is_record(name: &Path) -> bool {
    name.filename() == Some("record.json")
}

async fn move_object(from: &Store, to: &Store, name: &Path) -> Result<Moved, ArchiveError> {
    let Some(body) = from.fetch(name).await? else {
        return Ok(Moved::Gone);
    };
    let (size, digest) = (body.len() as u64, Sha256Digest::of(&body));
    let created = to.put_new(name, &[body]).await?;
    let stored = to.fetch(name).await?.ok_or(ArchiveError::Contended)?;
    if Sha256Digest::of(&stored) == digest {
        Ok(Moved::There { created, size })
    } else {
        Ok(Moved::Conflict)
    }
}

/// Moves everything of a copy that was committed, its record last. `None` for any other.
fn move_copy(
    from: &Store,
    to: &Store,
    index: CodeIndex,
    now: Timestamp,
) -> Result<Option<(ExportedCopy, Transfer)>, ArchiveError> {
    let Some(record) = read_record(from, index)? else {
        return Ok(None);
    };
    let events = read_events(from, index)?;
    let status = CopyStatus::after(&events, record.intent.available_until, now);
    let tries = layout::copy(index).join(layout::TRIES);
    let mut names: Vec<Path> = from
        .list(&layout::copy(index))?
        .into_iter()
        .map(|object| object.location)
        .filter(|name| !name.prefix_matches(&tries))
        .collect();
    let document = layout::document(index);
    let document = names.contains(&document).then(|| document.to_string());
    names.push(layout::organ_pointer(&record.intent));
    names.push(layout::digest(record.document.digest));
    names.extend(later_digests(from, index)?);
    if let Some(reference) = &record.intent.description.external_ref {
        names.push(layout::reference_pointer(reference, index));
    }
    names.sort_by_key(is_record);
    let mut transfer = Transfer::default();
    for name in &names {
        transfer.count(name, from.wait(move_object(from, to, name))?);
    }
    let copy = ExportedCopy {
        record,
        status,
        document,
    };
    Ok(Some((copy, transfer)))
}

/// The pointers of the later versions of a copy, whose digests their own records tell: the first line of
/// what was appended.
fn later_digests(from: &Store, index: CodeIndex) -> Result<Vec<Path>, ArchiveError> {
    let mut digests = Vec::new();
    for extension in from.list(&layout::extensions(index))? {
        let body = from
            .wait(from.fetch(&extension.location))?
            .unwrap_or_default();
        let line = body.split(|byte| *byte == b'\n').next().unwrap_or_default();
        let version: Version =
            serde_json::from_slice(line).map_err(|_| ArchiveError::Corrupt(Defect::Unreadable))?;
        digests.push(layout::digest(version.document.digest));
    }
    Ok(digests)
}

/// What is needed of the record of a later version.
#[derive(serde::Deserialize)]
struct Version {
    document: DocumentRecord,
}
