//! The object store as this room uses it: whole objects, created once, read by blocking threads.
//!
//! # Created once, over a network
//!
//! The answer to a create can be lost, and a store may answer 409 when two create the same object at the
//! same moment. So a create that did not plainly succeed or plainly come second asks what stands there:
//! nothing, then it tries again; the very bytes, and an earlier attempt of its own may have put them there,
//! then it succeeded; anything else is somebody else's.

use std::fmt;
use std::io::{self, Read as _};
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::{try_join_all, try_join3};
use futures_util::stream::{BoxStream, StreamExt, TryStreamExt};
use object_store::path::Path;
use object_store::{
    Error, GetOptions, GetRange, GetResult, GetResultPayload, ObjectMeta, ObjectStore,
    ObjectStoreExt, PutMode, PutPayload,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use tokio::runtime::Handle;
use tokio::time::Instant;

use super::bucket::{Lock, Versions};
use super::error::{ArchiveError, Defect};
use super::location::Patience;
use crate::model::Sha256Digest;

/// Between two attempts at a create, times the attempts made.
const PAUSE: Duration = Duration::from_millis(100);

/// Bytes of a small object for which room is made at once, whatever its size is said to be.
const READ_AT_ONCE: usize = 1 << 20;

/// An object store and the runtime that drives it.
#[derive(Clone)]
pub(super) struct Store {
    objects: Objects,
    runtime: Handle,
}

/// One object store, with the patience that each of its uses needs.
#[derive(Clone)]
pub(super) struct Objects {
    /// For small objects and listings, which it may ask for again by itself.
    pub(super) reads: Arc<dyn ObjectStore>,
    /// For creates; never asks again by itself, since [`Store::create`] has to know of every attempt.
    pub(super) writes: Arc<dyn ObjectStore>,
    /// For documents, and for listings that are worked through: they may take longer than a small object,
    /// and what they wait for must not be kept waiting by them.
    pub(super) streams: Arc<dyn ObjectStore>,
    /// How objects are removed.
    pub(super) removal: Removal,
    /// How long a create is tried again.
    pub(super) patience: Patience,
}

impl Objects {
    /// A store that is the same for all uses.
    pub(super) fn plain(objects: Arc<dyn ObjectStore>) -> Self {
        Self {
            reads: Arc::clone(&objects),
            writes: Arc::clone(&objects),
            streams: objects,
            removal: Removal::Plain,
            patience: Patience::default(),
        }
    }
}

/// How objects are removed.
#[derive(Clone)]
pub(super) enum Removal {
    /// What is deleted is gone.
    Plain,
    /// The store may keep what is deleted.
    Versions(Arc<Versions>),
}

/// What became of a create.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Created {
    /// This call created the object.
    New,
    /// The object was there; it is as it was.
    Already,
}

impl Store {
    pub(super) const fn new(objects: Objects, runtime: Handle) -> Self {
        Self { objects, runtime }
    }

    /// Creates an object in a single put. The parts are not joined in memory.
    pub(super) fn create(&self, path: &Path, parts: &[Bytes]) -> Result<Created, ArchiveError> {
        self.runtime.block_on(self.put_new(path, parts))
    }

    /// Creates several objects at once, in no order; the answers come in the order asked.
    pub(super) fn create_all(
        &self,
        objects: &[(Path, Bytes)],
    ) -> Result<Vec<Created>, ArchiveError> {
        self.runtime.block_on(try_join_all(
            objects
                .iter()
                .map(|(path, body)| self.put_new(path, std::slice::from_ref(body))),
        ))
    }

    /// Creates an object, see the top of this file.
    pub(super) async fn put_new(
        &self,
        path: &Path,
        parts: &[Bytes],
    ) -> Result<Created, ArchiveError> {
        let patience = &self.objects.patience;
        let begun = Instant::now();
        // An earlier attempt of this call may have been the one that created the object.
        let mut perhaps_ours = false;
        let mut attempt = 0;
        loop {
            let payload: PutPayload = parts.iter().cloned().collect();
            let put = self
                .objects
                .writes
                .put_opts(path, payload, PutMode::Create.into());
            let failure = match put.await {
                Ok(_) => return Ok(Created::New),
                Err(error) if came_second(&error) && !perhaps_ours => return Ok(Created::Already),
                Err(Error::AlreadyExists { .. } | Error::Precondition { .. }) => None,
                Err(error) if is_refusal(&error) => return Err(ArchiveError::Unavailable(error)),
                Err(error) => {
                    perhaps_ours = true;
                    Some(error)
                }
            };
            // An empty object is nobody's in particular.
            let ours = perhaps_ours && parts.iter().any(|part| !part.is_empty());
            match self.stands(path, parts).await {
                Ok(Some(true)) if ours => return Ok(Created::New),
                Ok(Some(_)) => return Ok(Created::Already),
                Ok(None) => {}
                Err(error) => return Err(failure.map_or(error, ArchiveError::Unavailable)),
            }
            attempt += 1;
            if attempt > patience.retries || begun.elapsed() > patience.request {
                return Err(failure.map_or(ArchiveError::Contended, ArchiveError::Unavailable));
            }
            tokio::time::sleep(PAUSE * attempt as u32).await;
        }
    }

    /// Whether an object is there, and if so, whether it has these bytes.
    async fn stands(&self, path: &Path, parts: &[Bytes]) -> Result<Option<bool>, ArchiveError> {
        let Some(opened) = found(self.objects.streams.get(path).await)? else {
            return Ok(None);
        };
        let size: u64 = parts.iter().map(|part| part.len() as u64).sum();
        if opened.meta.size != size {
            return Ok(Some(false));
        }
        let mut hash = Sha256::new();
        let mut chunks = opened.into_stream();
        while let Some(chunk) = chunks.try_next().await.map_err(ArchiveError::Unavailable)? {
            hash.update(&chunk);
        }
        let mut wanted = Sha256::new();
        parts.iter().for_each(|part| wanted.update(part));
        Ok(Some(
            Sha256Digest::of_state(&hash) == Sha256Digest::of_state(&wanted),
        ))
    }

    /// A whole small object, or `None`.
    pub(super) fn read(&self, path: &Path) -> Result<Option<Bytes>, ArchiveError> {
        self.wait(whole(&*self.objects.reads, path))
    }

    /// A whole object of any size, or `None`.
    pub(super) async fn fetch(&self, path: &Path) -> Result<Option<Bytes>, ArchiveError> {
        whole(&*self.objects.streams, path).await
    }

    /// A whole JSON object, or `None`, and all objects under two folders, asked for at once: a look-up
    /// waits for the store once.
    pub(super) fn read_json_and_lists<T: DeserializeOwned>(
        &self,
        path: &Path,
        folders: [&Path; 2],
    ) -> Result<(Option<T>, [Vec<ObjectMeta>; 2]), ArchiveError> {
        let body = whole(&*self.objects.reads, path);
        let [one, other] = folders.map(|folder| self.listed(folder));
        let (body, one, other) = self.wait(try_join3(body, one, other))?;
        let body = body.map(|body| from_versioned_json(&body)).transpose()?;
        Ok((body, [one, other]))
    }

    /// A whole JSON object, or `None`.
    pub(super) fn read_json<T: DeserializeOwned>(
        &self,
        path: &Path,
    ) -> Result<Option<T>, ArchiveError> {
        self.read(path)?
            .map(|body| from_versioned_json(&body))
            .transpose()
    }

    /// Size in bytes of an object, or `None`.
    pub(super) fn size(&self, path: &Path) -> Result<Option<u64>, ArchiveError> {
        let meta = self.runtime.block_on(self.objects.reads.head(path));
        Ok(found(meta)?.map(|meta| meta.size))
    }

    /// Opens a part of an object that is not empty, or the whole, or `None`.
    pub(super) async fn open(
        &self,
        path: &Path,
        range: Option<Range<u64>>,
    ) -> Result<Option<GetResult>, ArchiveError> {
        let options = GetOptions {
            range: range.map(GetRange::Bounded),
            ..GetOptions::default()
        };
        found(self.objects.streams.get_opts(path, options).await)
    }

    /// Runs asynchronous work to its end on this blocking thread.
    pub(super) fn wait<T>(&self, work: impl Future<Output = T>) -> T {
        self.runtime.block_on(work)
    }

    /// All objects under a folder, in no order.
    pub(super) fn list(&self, folder: &Path) -> Result<Vec<ObjectMeta>, ArchiveError> {
        self.runtime.block_on(self.listed(folder))
    }

    async fn listed(&self, folder: &Path) -> Result<Vec<ObjectMeta>, ArchiveError> {
        let objects = self.objects.reads.list(Some(folder)).try_collect();
        objects.await.map_err(ArchiveError::Unavailable)
    }

    /// The names of all objects there are, or of those under a folder, in no order.
    pub(super) fn names(&self, folder: Option<&Path>) -> BoxStream<'_, Result<Path, ArchiveError>> {
        let objects = self.objects.streams.list(folder);
        let names = objects.map_ok(|object| object.location);
        names.map_err(ArchiveError::Unavailable).boxed()
    }

    /// Visits all objects under a folder without holding their names.
    pub(super) fn visit(
        &self,
        folder: &Path,
        mut visit: impl FnMut(&Path) -> Result<(), ArchiveError>,
    ) -> Result<(), ArchiveError> {
        let mut objects: BoxStream<'_, _> = self.objects.streams.list(Some(folder));
        while let Some(object) = self.runtime.block_on(objects.next()) {
            visit(&object.map_err(ArchiveError::Unavailable)?.location)?;
        }
        Ok(())
    }

    /// The folders directly inside a folder.
    pub(super) fn folders(&self, folder: &Path) -> Result<Vec<Path>, ArchiveError> {
        self.runtime
            .block_on(self.objects.reads.list_with_delimiter(Some(folder)))
            .map(|listing| listing.common_prefixes)
            .map_err(ArchiveError::Unavailable)
    }

    /// Removes an object of the probe.
    pub(super) fn remove_probe(&self, path: &Path) {
        // A store that forbids deletion keeps a few bytes more: no reason to fail.
        let _ = self.remove(path);
    }

    /// Removes an object for good, all its versions where the store keeps some. What is not there is
    /// removed already.
    pub(super) fn remove(&self, path: &Path) -> Result<(), ArchiveError> {
        self.runtime.block_on(async {
            match &self.objects.removal {
                Removal::Versions(versions) => versions.remove(path).await,
                Removal::Plain => match self.objects.reads.delete(path).await {
                    Ok(()) | Err(Error::NotFound { .. }) => Ok(()),
                    Err(Error::PermissionDenied { .. }) => Err(ArchiveError::RemovalRefused(None)),
                    Err(error) => Err(ArchiveError::Unavailable(error)),
                },
            }
        })
    }

    /// What keeps an object from being removed, as far as the store says it.
    pub(super) fn lock(&self, path: &Path) -> Result<Option<Lock>, ArchiveError> {
        match &self.objects.removal {
            Removal::Versions(versions) => self.wait(versions.locked_until(path)),
            Removal::Plain => Ok(None),
        }
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Store({})", self.objects.reads)
    }
}

/// The version that every JSON object states.
#[derive(serde::Deserialize)]
struct Schema {
    schema: u32,
}

async fn whole(objects: &dyn ObjectStore, path: &Path) -> Result<Option<Bytes>, ArchiveError> {
    let Some(result) = found(objects.get(path).await)? else {
        return Ok(None);
    };
    let size = usize::try_from(result.meta.size).unwrap_or_default();
    match result.payload {
        // This thread may wait: it reads the file itself instead of waking one more.
        GetResultPayload::File(mut file, _) => {
            let mut body = Vec::with_capacity(size.min(READ_AT_ONCE));
            file.read_to_end(&mut body).map_err(unread)?;
            Ok(Some(body.into()))
        }
        GetResultPayload::Stream(_) => found(result.bytes().await),
    }
}

/// A file that was opened and could not be read.
fn unread(error: io::Error) -> ArchiveError {
    ArchiveError::Unavailable(Error::Generic {
        store: "file",
        source: Box::new(error),
    })
}

fn found<T>(answer: Result<T, Error>) -> Result<Option<T>, ArchiveError> {
    match answer {
        Ok(value) => Ok(Some(value)),
        // A bucket that is gone has no copies to know nothing of.
        Err(error @ Error::NotFound { .. }) if !error.to_string().contains("NoSuchBucket") => {
            Ok(None)
        }
        Err(error) => Err(ArchiveError::Unavailable(error)),
    }
}

/// Whether the store plainly says that the object was there before (412). A 409 says less: somebody is
/// writing it at this moment.
fn came_second(error: &Error) -> bool {
    match error {
        Error::Precondition { .. } => true,
        Error::AlreadyExists { source, .. } => !source.to_string().contains("409 Conflict"),
        _ => false,
    }
}

/// Whether the store says that it did not and will not do it.
const fn is_refusal(error: &Error) -> bool {
    matches!(
        error,
        Error::PermissionDenied { .. }
            | Error::Unauthenticated { .. }
            | Error::NotFound { .. }
            | Error::NotImplemented { .. }
            | Error::NotSupported { .. }
            | Error::InvalidPath { .. }
    )
}

/// Reads a JSON object that states its schema.
pub(super) fn from_versioned_json<T: DeserializeOwned>(body: &[u8]) -> Result<T, ArchiveError> {
    let schema: Schema = from_json(body)?;
    if schema.schema > super::record::SCHEMA {
        return Err(ArchiveError::Corrupt(Defect::NewerSchema));
    }
    from_json(body)
}

fn from_json<T: DeserializeOwned>(body: &[u8]) -> Result<T, ArchiveError> {
    serde_json::from_slice(body).map_err(|_| ArchiveError::Corrupt(Defect::Unreadable))
}

/// The JSON form of an object, indented: operators read it.
pub(super) fn to_json(object: &impl Serialize) -> Result<Bytes, ArchiveError> {
    serde_json::to_vec_pretty(object)
        .map(Bytes::from)
        .map_err(ArchiveError::Encoding)
}
