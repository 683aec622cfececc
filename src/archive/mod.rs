//! What is kept so that a code can be answered years later: create-only objects over an object store.
//!
//! # Objects
//!
//! ```text
//! copies/<2 hex>/<index>/intent.json         every request fact, before anything is stored
//! copies/<2 hex>/<index>/document.pdf        the sealed bytes
//! digests/<sha256>                           → index, version
//! organs/<DIR3>/<pre|pro>/<date>/<index>     the organ's list of the day (UTC)
//! refs/<hash of external reference>/<index>
//! copies/<2 hex>/<index>/record.json         the commit: only now does the code answer
//! copies/<2 hex>/<index>/events/NNNN.json    withdrawal, expiry, erasure, visibility
//! copies/<2 hex>/<index>/extensions/NNNN.bin preservation tails, each behind its record; then digests/…
//! copies/<2 hex>/<index>/stub.json           what is left of the record once the copy is erased
//! copies/<2 hex>/<index>/tries/<changes>/<day>/<hour>-<n>   tries at the second factor of a restricted copy
//! seals/<DIR3>/<fingerprint>.json            every certificate a seal ever used here
//! ```
//!
//! Every object is created once, in a single put, and never rewritten. So the store decides between
//! replicas, and there is no lock, no table and no state in the process. [`Archive::erase`] alone removes
//! any: the content of a copy, after an event and a stub that say so.
//!
//! # The commit
//!
//! [`Archive::look_up`] → [`Archive::begin`] → (seal) → [`Archive::commit`]. Whatever stands in the
//! store is right: who finds an object already there takes it as the answer. A process that dies
//! after any of the writes leaves something that the next identical request finishes, and that
//! [`Archive::complete`] and [`Archive::check`] finish without it.
//!
//! # Who gets content
//!
//! [`Archive::read`], [`Archive::read_range`] and [`Archive::stream`] take a [`Disclosure`], and nobody
//! but a [`Standing`] makes one: for the organ's own applications, for the public when the copy is open,
//! or for a [`Pass`], which [`Archive::try_factor`] gives to who knows the second factor. So no route can
//! forget to ask.
//!
//! # What a folder guarantees
//!
//! A create is atomic: the bytes go to a staging file beside the object, which is hard-linked to its
//! name; a name that exists is never replaced. It is durable when it returns: the file is synchronised
//! before the link, its folder (and every folder made for it) after. Two things to know: an object
//! found to exist may have been linked by another process whose synchronisation of the folder is still
//! under way, so that a power cut in those milliseconds can undo what was answered; and a process
//! killed in the middle of a create leaves its staging file (`document.pdf#1`) behind, which nothing
//! reads, [`Archive::check`] names and [`Archive::tidy`] removes. The file system must have hard links; [`Archive::probe`] finds out.
//!
//! # What a bucket guarantees
//!
//! A create is a single PUT with `If-None-Match: *`, durable when it is answered. An answer that is lost, a
//! 409 or a time-out says nothing: what then stands in the store decides. Where the bucket keeps versions,
//! erasing removes them all.
//!
//! # Threads
//!
//! All methods but [`Archive::stream`] block. They drive the store on the [`Handle`] given to
//! [`Archive::open`] and must be called from threads that may block (`spawn_blocking`, `web::block`,
//! a plain thread): on a thread that is polling asynchronous tasks they panic. The handle must be
//! that of a multi-threaded runtime.

mod access;
mod bucket;
mod check;
mod commit;
mod content;
mod error;
mod events;
mod extension;
mod layout;
mod location;
mod look_up;
mod measure;
mod parallel;
pub mod record;
mod retention;
mod seals;
mod staging;
mod standing;
mod store;
mod transfer;
mod tries;
mod usage;
mod week;

use std::fs::DirBuilder;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use jiff::Timestamp;
use object_store::ObjectStore;
use object_store::local::LocalFileSystem;
use tokio::runtime::Handle;

pub use access::{Access, FactorDigest, FactorKeys};
pub use bucket::Lock;
pub use check::{AbandonedIntent, ArchiveCheck, ArchiveFinding};
pub use commit::{Begun, Committed, Completion};
pub use content::Content;
pub use error::{ArchiveError, Defect};
pub use events::{NewAccess, Withdrew};
pub use extension::{Extension, ExtensionPart, ExtensionRecord, NewVersion, StoredVersion};
pub use location::{ArchiveLocation, Patience, StoreAccess, UnsupportedArchive};
pub use look_up::{Identified, LookUp};
pub use record::{
    CodeIndex, CopyRecord, CopyStatus, DocumentRecord, Finding, Intent, RegisteredSeal, SealRecord,
    Severity, SourceRecord,
};
pub use retention::{DueCopy, DueForErasure, Erasure, Expiry};
pub use standing::{Disclosure, Standing, Withdrawn, Withheld};
pub use transfer::{ExportedCopy, Transfer};
pub use tries::{Attempt, Pass};
pub use usage::{Usage, UsedBy};
pub use week::{Week, WithdrawnCopy};

use store::{Created, Objects, Store};

/// The archive. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Archive {
    /// `None` when the owner keeps the copies.
    store: Option<Store>,
    /// Where it is on this machine, when it is.
    folder: Option<PathBuf>,
    factor_keys: Arc<FactorKeys>,
}

impl Archive {
    /// Opens the archive at `location`; a folder that is missing is made, readable by its owner only.
    /// A bucket is not made, and takes `access`.
    ///
    /// # Errors
    /// [`ArchiveError::Folder`], [`ArchiveError::Unavailable`]; [`ArchiveError::NoAccess`] for a bucket
    /// without `access`.
    pub fn open(
        location: &ArchiveLocation,
        access: Option<&StoreAccess>,
        runtime: Handle,
    ) -> Result<Self, ArchiveError> {
        match location {
            ArchiveLocation::None => Ok(Self {
                store: None,
                folder: None,
                factor_keys: Arc::default(),
            }),
            ArchiveLocation::Folder(folder) => {
                create_private_folder(folder).map_err(ArchiveError::Folder)?;
                let objects = LocalFileSystem::new_with_prefix(folder)
                    .map_err(ArchiveError::Unavailable)?
                    .with_fsync(true);
                let archive = Self::over(Arc::new(objects), runtime);
                Ok(Self {
                    folder: Some(folder.clone()),
                    ..archive
                })
            }
            ArchiveLocation::S3 { bucket, prefix } => {
                let access = access.ok_or(ArchiveError::NoAccess)?;
                let objects = bucket::open(bucket, prefix, access)?;
                Ok(Self {
                    store: Some(Store::new(objects, runtime)),
                    folder: None,
                    factor_keys: Arc::default(),
                })
            }
        }
    }

    /// An archive over any object store.
    pub fn over(objects: Arc<dyn ObjectStore>, runtime: Handle) -> Self {
        Self {
            store: Some(Store::new(Objects::plain(objects), runtime)),
            folder: None,
            factor_keys: Arc::default(),
        }
    }

    /// With the keys under which second factors are stored. Without any, no copy can be restricted and
    /// none that is can be opened.
    #[must_use]
    pub fn with_factor_keys(mut self, keys: FactorKeys) -> Self {
        self.factor_keys = Arc::new(keys);
        self
    }

    /// The keys under which second factors are stored.
    pub fn factor_keys(&self) -> &FactorKeys {
        &self.factor_keys
    }

    /// Whether copies are kept here; if not, every method that needs them answers
    /// [`ArchiveError::NoArchive`].
    pub fn keeps_copies(&self) -> bool {
        self.store.is_some()
    }

    /// Proves that the archive can be written and read, and that what is created once stays as it is.
    /// Done at startup: everything else rests on it.
    ///
    /// # Errors
    /// [`ArchiveError::NotCreateOnly`], [`ArchiveError::Unavailable`]. `archive = none` passes.
    pub fn probe(&self, now: Timestamp) -> Result<(), ArchiveError> {
        const FIRST: &[u8] = b"created by a probe; may be removed\n";
        let Ok(store) = self.store() else {
            return Ok(());
        };
        // Replicas that start together differ by process or by instant; if not, the next name is free.
        for attempt in 0..8 {
            let name = layout::probe(now, std::process::id(), attempt);
            if store.create(&name, &[Bytes::from_static(FIRST)])? == Created::Already {
                continue;
            }
            let again = store.create(&name, &[Bytes::from_static(b"replaced\n")]);
            let kept = store.read(&name);
            store.remove_probe(&name);
            return match (again?, kept?) {
                (Created::Already, Some(kept)) if kept == FIRST => Ok(()),
                _ => Err(ArchiveError::NotCreateOnly),
            };
        }
        Err(ArchiveError::Contended)
    }

    fn store(&self) -> Result<&Store, ArchiveError> {
        self.store.as_ref().ok_or(ArchiveError::NoArchive)
    }
}

/// Copies carry personal data: the folder is its owner's alone from the start.
fn create_private_folder(folder: &Path) -> std::io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

#[cfg(test)]
mod tests;
