//! Stores that misbehave.

use std::fmt;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream};
use object_store::memory::InMemory;
use object_store::path::Path;
use object_store::{
    CopyOptions, Error, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta,
    ObjectStore, PutMultipartOptions, PutOptions, PutPayload, PutResult, Result,
};

/// A process that dies at one of its writes: that write lands or not, and nothing works afterwards.
#[derive(Debug)]
pub(super) struct Dying {
    inner: Arc<dyn ObjectStore>,
    writes_left: AtomicUsize,
    last_write_lands: bool,
    dead: AtomicBool,
}

impl Dying {
    /// `writes` writes succeed; the next one is the last.
    pub(super) fn after_writes(
        inner: Arc<dyn ObjectStore>,
        writes: usize,
        last_write_lands: bool,
    ) -> Arc<Self> {
        Arc::new(Self {
            inner,
            writes_left: AtomicUsize::new(writes),
            last_write_lands,
            dead: AtomicBool::new(false),
        })
    }

    pub(super) fn is_dead(&self) -> bool {
        self.dead.load(Ordering::SeqCst)
    }

    fn alive(&self) -> Result<&dyn ObjectStore> {
        if self.is_dead() {
            Err(killed())
        } else {
            Ok(&*self.inner)
        }
    }
}

fn killed() -> Error {
    Error::Generic {
        store: "dying",
        source: "killed".into(),
    }
}

impl fmt::Display for Dying {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("dying")
    }
}

#[async_trait]
impl ObjectStore for Dying {
    async fn put_opts(
        &self,
        location: &Path,
        payload: PutPayload,
        opts: PutOptions,
    ) -> Result<PutResult> {
        let inner = self.alive()?;
        let left = self
            .writes_left
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| {
                left.checked_sub(1)
            });
        if left.is_ok() {
            return inner.put_opts(location, payload, opts).await;
        }
        self.dead.store(true, Ordering::SeqCst);
        if self.last_write_lands {
            inner.put_opts(location, payload, opts).await?;
        }
        Err(killed())
    }

    async fn put_multipart_opts(
        &self,
        _: &Path,
        _: PutMultipartOptions,
    ) -> Result<Box<dyn MultipartUpload>> {
        panic!("no create-only mode: never used")
    }

    async fn get_opts(&self, location: &Path, options: GetOptions) -> Result<GetResult> {
        self.alive()?.get_opts(location, options).await
    }

    async fn get_ranges(&self, location: &Path, ranges: &[Range<u64>]) -> Result<Vec<Bytes>> {
        self.alive()?.get_ranges(location, ranges).await
    }

    fn delete_stream(
        &self,
        locations: BoxStream<'static, Result<Path>>,
    ) -> BoxStream<'static, Result<Path>> {
        self.inner.delete_stream(locations)
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        match self.alive() {
            Ok(inner) => inner.list(prefix),
            Err(error) => stream::iter([Err(error)]).boxed(),
        }
    }

    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> Result<ListResult> {
        self.alive()?.list_with_delimiter(prefix).await
    }

    async fn copy_opts(&self, from: &Path, to: &Path, options: CopyOptions) -> Result<()> {
        self.alive()?.copy_opts(from, to, options).await
    }
}

/// A store that does not know create-only writes and replaces what is there.
#[derive(Debug)]
pub(super) struct Replacing(pub(super) InMemory);

impl fmt::Display for Replacing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("replacing")
    }
}

#[async_trait]
impl ObjectStore for Replacing {
    async fn put_opts(
        &self,
        location: &Path,
        payload: PutPayload,
        _: PutOptions,
    ) -> Result<PutResult> {
        self.0
            .put_opts(location, payload, PutOptions::default())
            .await
    }

    async fn put_multipart_opts(
        &self,
        _: &Path,
        _: PutMultipartOptions,
    ) -> Result<Box<dyn MultipartUpload>> {
        panic!("no create-only mode: never used")
    }

    async fn get_opts(&self, location: &Path, options: GetOptions) -> Result<GetResult> {
        self.0.get_opts(location, options).await
    }

    fn delete_stream(
        &self,
        locations: BoxStream<'static, Result<Path>>,
    ) -> BoxStream<'static, Result<Path>> {
        self.0.delete_stream(locations)
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        self.0.list(prefix)
    }

    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> Result<ListResult> {
        self.0.list_with_delimiter(prefix).await
    }

    async fn copy_opts(&self, from: &Path, to: &Path, options: CopyOptions) -> Result<()> {
        self.0.copy_opts(from, to, options).await
    }
}

/// What becomes of a create on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Network {
    /// It arrives, and its answer does not come back.
    LosesAnswer,
    /// It does not arrive.
    LosesRequest,
    /// The store answers 409: somebody is writing the same object.
    Conflicts,
}

/// A network before a store that does as planned with the first creates, and then nothing wrong.
#[derive(Debug)]
pub(super) struct Unreliable {
    inner: Arc<dyn ObjectStore>,
    plan: Mutex<Vec<Network>>,
}

impl Unreliable {
    pub(super) fn with(inner: Arc<dyn ObjectStore>, plan: &[Network]) -> Arc<Self> {
        let mut plan = plan.to_vec();
        plan.reverse();
        Arc::new(Self {
            inner,
            plan: Mutex::new(plan),
        })
    }
}

impl fmt::Display for Unreliable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("unreliable")
    }
}

#[async_trait]
impl ObjectStore for Unreliable {
    async fn put_opts(
        &self,
        location: &Path,
        payload: PutPayload,
        opts: PutOptions,
    ) -> Result<PutResult> {
        let fate = self.plan.lock().unwrap().pop();
        match fate {
            None => self.inner.put_opts(location, payload, opts).await,
            Some(Network::LosesRequest) => Err(killed()),
            Some(Network::LosesAnswer) => {
                self.inner.put_opts(location, payload, opts).await?;
                Err(killed())
            }
            Some(Network::Conflicts) => Err(Error::AlreadyExists {
                path: location.to_string(),
                source: "Server returned non-2xx status code: 409 Conflict".into(),
            }),
        }
    }

    async fn put_multipart_opts(
        &self,
        _: &Path,
        _: PutMultipartOptions,
    ) -> Result<Box<dyn MultipartUpload>> {
        panic!("no create-only mode: never used")
    }

    async fn get_opts(&self, location: &Path, options: GetOptions) -> Result<GetResult> {
        self.inner.get_opts(location, options).await
    }

    fn delete_stream(
        &self,
        locations: BoxStream<'static, Result<Path>>,
    ) -> BoxStream<'static, Result<Path>> {
        self.inner.delete_stream(locations)
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        self.inner.list(prefix)
    }

    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> Result<ListResult> {
        self.inner.list_with_delimiter(prefix).await
    }

    async fn copy_opts(&self, from: &Path, to: &Path, options: CopyOptions) -> Result<()> {
        self.inner.copy_opts(from, to, options).await
    }
}

/// A store of which a part cannot be read, or whose bucket is gone.
#[derive(Debug)]
pub(super) struct Unreadable {
    inner: Arc<dyn ObjectStore>,
    part: String,
    gone: bool,
}

impl Unreadable {
    /// Names that contain this are neither listed nor read.
    pub(super) fn below(inner: Arc<dyn ObjectStore>, part: &str) -> Self {
        Self {
            inner,
            part: part.to_owned(),
            gone: false,
        }
    }

    /// The bucket does not exist.
    pub(super) fn gone(inner: Arc<dyn ObjectStore>) -> Self {
        Self {
            inner,
            part: String::new(),
            gone: true,
        }
    }

    fn readable(&self, name: &str) -> Result<()> {
        if !name.contains(&self.part) {
            return Ok(());
        }
        Err(match self.gone {
            false => killed(),
            true => Error::NotFound {
                path: name.to_owned(),
                source: "404 Not Found: <Code>NoSuchBucket</Code>".into(),
            },
        })
    }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("unreadable")
    }
}

#[async_trait]
impl ObjectStore for Unreadable {
    async fn put_opts(
        &self,
        location: &Path,
        payload: PutPayload,
        opts: PutOptions,
    ) -> Result<PutResult> {
        self.inner.put_opts(location, payload, opts).await
    }

    async fn put_multipart_opts(
        &self,
        _: &Path,
        _: PutMultipartOptions,
    ) -> Result<Box<dyn MultipartUpload>> {
        panic!("no create-only mode: never used")
    }

    async fn get_opts(&self, location: &Path, options: GetOptions) -> Result<GetResult> {
        self.readable(location.as_ref())?;
        self.inner.get_opts(location, options).await
    }

    fn delete_stream(
        &self,
        locations: BoxStream<'static, Result<Path>>,
    ) -> BoxStream<'static, Result<Path>> {
        self.inner.delete_stream(locations)
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        match self.readable(prefix.map_or("", Path::as_ref)) {
            // What is listed is read afterwards.
            Ok(()) => self.inner.list(prefix),
            Err(error) => stream::iter([Err(error)]).boxed(),
        }
    }

    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> Result<ListResult> {
        self.readable(prefix.map_or("", Path::as_ref))?;
        self.inner.list_with_delimiter(prefix).await
    }

    async fn copy_opts(&self, from: &Path, to: &Path, options: CopyOptions) -> Result<()> {
        self.inner.copy_opts(from, to, options).await
    }
}
