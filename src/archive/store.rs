//! The object store as this room uses it: whole objects, created once, read by blocking threads.

use std::fmt;
use std::io::{self, Read as _};
use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::future::{try_join, try_join_all};
use futures_util::stream::{BoxStream, StreamExt, TryStreamExt};
use object_store::path::Path;
use object_store::{
    Error, GetOptions, GetRange, GetResult, GetResultPayload, ObjectMeta, ObjectStore,
    ObjectStoreExt, PutMode, PutPayload,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::runtime::Handle;

use super::error::{ArchiveError, Defect};

/// Bytes of a small object for which room is made at once, whatever its size is said to be.
const READ_AT_ONCE: usize = 1 << 20;

/// An object store and the runtime that drives it.
#[derive(Clone)]
pub(super) struct Store {
    objects: Arc<dyn ObjectStore>,
    runtime: Handle,
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
    pub(super) fn new(objects: Arc<dyn ObjectStore>, runtime: Handle) -> Self {
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

    async fn put_new(&self, path: &Path, parts: &[Bytes]) -> Result<Created, ArchiveError> {
        let payload: PutPayload = parts.iter().cloned().collect();
        match self
            .objects
            .put_opts(path, payload, PutMode::Create.into())
            .await
        {
            Ok(_) => Ok(Created::New),
            Err(Error::AlreadyExists { .. } | Error::Precondition { .. }) => Ok(Created::Already),
            Err(error) => Err(ArchiveError::Unavailable(error)),
        }
    }

    /// A whole small object, or `None`.
    pub(super) fn read(&self, path: &Path) -> Result<Option<Bytes>, ArchiveError> {
        self.runtime.block_on(self.get(path))
    }

    async fn get(&self, path: &Path) -> Result<Option<Bytes>, ArchiveError> {
        let Some(result) = found(self.objects.get(path).await)? else {
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

    /// A whole JSON object, or `None`, and all objects under a folder, both asked for at once: a look-up
    /// waits for the store once and not twice.
    pub(super) fn read_json_and_list<T: DeserializeOwned>(
        &self,
        path: &Path,
        folder: &Path,
    ) -> Result<(Option<T>, Vec<ObjectMeta>), ArchiveError> {
        let (body, listed) = self
            .runtime
            .block_on(try_join(self.get(path), self.listed(folder)))?;
        Ok((
            body.map(|body| from_versioned_json(&body)).transpose()?,
            listed,
        ))
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
        let meta = self.runtime.block_on(self.objects.head(path));
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
        found(self.objects.get_opts(path, options).await)
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
        let objects = self.objects.list(Some(folder)).try_collect();
        objects.await.map_err(ArchiveError::Unavailable)
    }

    /// Visits all objects under a folder without holding their names.
    pub(super) fn visit(
        &self,
        folder: &Path,
        mut visit: impl FnMut(&Path) -> Result<(), ArchiveError>,
    ) -> Result<(), ArchiveError> {
        let mut objects: BoxStream<'_, _> = self.objects.list(Some(folder));
        while let Some(object) = self.runtime.block_on(objects.next()) {
            visit(&object.map_err(ArchiveError::Unavailable)?.location)?;
        }
        Ok(())
    }

    /// The folders directly inside a folder.
    pub(super) fn folders(&self, folder: &Path) -> Result<Vec<Path>, ArchiveError> {
        self.runtime
            .block_on(self.objects.list_with_delimiter(Some(folder)))
            .map(|listing| listing.common_prefixes)
            .map_err(ArchiveError::Unavailable)
    }

    /// Removes an object of the probe. Nothing else is ever removed here.
    pub(super) fn remove_probe(&self, path: &Path) {
        // A store that forbids deletion keeps a few bytes more: no reason to fail.
        let _ = self.runtime.block_on(self.objects.delete(path));
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Store({})", self.objects)
    }
}

/// The version that every JSON object states.
#[derive(serde::Deserialize)]
struct Schema {
    schema: u32,
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
        Err(Error::NotFound { .. }) => Ok(None),
        Err(error) => Err(ArchiveError::Unavailable(error)),
    }
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
