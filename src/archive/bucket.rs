//! An S3-compatible bucket as an object store, and the removal of what stands in it for good.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use object_store::aws::{AmazonS3, AmazonS3Builder, Checksum, S3ConditionalPut};
use object_store::limit::LimitStore;
use object_store::path::Path;
use object_store::prefix::PrefixStore;
use object_store::signer::{SignedUrlOptions, Signer};
use object_store::{BackoffConfig, ClientOptions, Error, ObjectStore, RetryConfig};
use reqwest::{Method, Response, StatusCode};

use super::error::ArchiveError;
use super::location::{Patience, StoreAccess};
use super::store::{Objects, Removal};

/// Where a bucket is when nobody says; stores outside Amazon do not mind.
const REGION: &str = "us-east-1";

/// How long a request that was signed may be under way.
const SIGNED_FOR: Duration = Duration::from_secs(60);

/// Opens a bucket; nothing is asked of it yet.
pub(super) fn open(
    bucket: &str,
    prefix: &str,
    access: &StoreAccess,
) -> Result<Objects, ArchiveError> {
    let patience = &access.patience;
    let whole = ClientOptions::new()
        .with_connect_timeout(patience.connect)
        .with_timeout(patience.request);
    let streamed = ClientOptions::new()
        .with_connect_timeout(patience.connect)
        .with_timeout_disabled()
        .with_read_timeout(patience.request);
    let prefix = Path::from(prefix);
    let store = |options: &ClientOptions, retries: usize| {
        client(bucket, access, options, retries).map_err(ArchiveError::Unavailable)
    };
    let limited = |store: AmazonS3| -> Arc<dyn ObjectStore> {
        let limited = LimitStore::new(store, patience.at_once.max(1));
        Arc::new(PrefixStore::new(limited, prefix.clone()))
    };
    let reads = store(&whole, patience.retries)?;
    let versions = Versions {
        signer: reads.clone(),
        prefix: prefix.clone(),
        client: plain_client(patience).map_err(ArchiveError::Unavailable)?,
    };
    Ok(Objects {
        reads: limited(reads),
        writes: limited(store(&whole, 0)?),
        streams: Arc::new(PrefixStore::new(
            store(&streamed, patience.retries)?,
            prefix.clone(),
        )),
        removal: Removal::Versions(Arc::new(versions)),
        patience: *patience,
    })
}

fn client(
    bucket: &str,
    access: &StoreAccess,
    options: &ClientOptions,
    retries: usize,
) -> Result<AmazonS3, Error> {
    let mut builder = AmazonS3Builder::new()
        .with_bucket_name(bucket)
        .with_region(access.region.as_deref().unwrap_or(REGION))
        .with_access_key_id(&access.access_key_id)
        .with_secret_access_key(access.secret_access_key.as_str())
        .with_conditional_put(S3ConditionalPut::ETagMatch)
        // The store compares what arrives; a bucket with object lock demands it.
        .with_checksum_algorithm(Checksum::SHA256)
        .with_disable_bulk_delete(true)
        .with_retry(RetryConfig {
            backoff: BackoffConfig::default(),
            max_retries: retries,
            retry_timeout: access.patience.request,
        });
    let mut options = options.clone();
    if let Some(endpoint) = &access.endpoint {
        options = options.with_allow_http(endpoint.starts_with("http://"));
        builder = builder.with_endpoint(endpoint);
    }
    if let Some(token) = &access.session_token {
        builder = builder.with_token(token.as_str());
    }
    builder.with_client_options(options).build()
}

fn plain_client(patience: &Patience) -> Result<reqwest::Client, Error> {
    reqwest::Client::builder()
        .connect_timeout(patience.connect)
        .timeout(patience.request)
        .build()
        .map_err(failed)
}

/// The versions of objects, which a bucket may keep after a removal: whoever erases has to remove them by
/// name. The object store knows no versions, so these requests are signed by it and sent from here.
#[derive(Debug)]
pub(super) struct Versions {
    signer: AmazonS3,
    prefix: Path,
    client: reqwest::Client,
}

impl Versions {
    /// Until when the bucket's object lock keeps an object, at least; `None` when it does not.
    pub(super) async fn locked_until(&self, path: &Path) -> Result<Option<Lock>, ArchiveError> {
        let mut latest: Option<Lock> = None;
        for version in self.list(path).await?.unwrap_or_default() {
            let answer = self
                .send(Method::HEAD, &self.full(path), &version.query())
                .await?;
            let header = |name: &str| answer.headers().get(name)?.to_str().ok();
            if header("x-amz-object-lock-legal-hold") == Some("ON") {
                return Ok(Some(Lock::Hold));
            }
            let until = header("x-amz-object-lock-retain-until-date")
                .and_then(|date| date.parse::<Timestamp>().ok());
            latest = latest.max(until.map(Lock::Until));
        }
        Ok(latest)
    }

    /// Removes an object and whatever the bucket kept of it.
    pub(super) async fn remove(&self, path: &Path) -> Result<(), ArchiveError> {
        let full = self.full(path);
        match self.list(path).await? {
            Some(versions) => {
                for version in versions {
                    self.delete(&full, &version.query()).await?;
                }
                Ok(())
            }
            None => self.delete(&full, &[]).await,
        }
    }

    async fn delete(&self, full: &Path, query: &[(&str, &str)]) -> Result<(), ArchiveError> {
        let answer = self.send(Method::DELETE, full, query).await?;
        match answer.status() {
            StatusCode::FORBIDDEN => Err(ArchiveError::RemovalRefused(None)),
            status if status.is_success() || status == StatusCode::NOT_FOUND => Ok(()),
            status => Err(answered(status)),
        }
    }

    /// The versions of an object, delete markers among them; `None` when the store knows none.
    async fn list(&self, path: &Path) -> Result<Option<Vec<Version>>, ArchiveError> {
        let full = self.full(path);
        let query = [("versions", ""), ("prefix", full.as_ref())];
        let answer = self.send(Method::GET, &Path::default(), &query).await?;
        match answer.status() {
            StatusCode::NOT_IMPLEMENTED | StatusCode::METHOD_NOT_ALLOWED => return Ok(None),
            StatusCode::FORBIDDEN => return Err(ArchiveError::RemovalRefused(None)),
            status if !status.is_success() => return Err(answered(status)),
            _ => {}
        }
        let body = answer
            .text()
            .await
            .map_err(|error| ArchiveError::Unavailable(failed(error)))?;
        let versions = Version::read_all(&body, full.as_ref()).ok_or_else(|| {
            ArchiveError::Unavailable(failed("the list of versions cannot be read"))
        })?;
        Ok(Some(versions))
    }

    fn full(&self, path: &Path) -> Path {
        self.prefix.parts().chain(path.parts()).collect()
    }

    async fn send(
        &self,
        method: Method,
        full: &Path,
        query: &[(&str, &str)],
    ) -> Result<Response, ArchiveError> {
        let options = SignedUrlOptions::new().with_query(query.iter().copied());
        let url = self
            .signer
            .signed_url_opts(method.clone(), full, SIGNED_FOR, &options)
            .await
            .map_err(ArchiveError::Unavailable)?;
        self.client
            .request(method, url)
            .send()
            .await
            // The address carries the signature.
            .map_err(|error| ArchiveError::Unavailable(failed(error.without_url())))
    }
}

/// What keeps an object in its bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lock {
    /// A retention that ends.
    Until(Timestamp),
    /// A legal hold, until somebody lifts it.
    Hold,
}

/// One version of an object, or the mark of its removal.
#[derive(Debug, PartialEq, Eq)]
struct Version(String);

impl Version {
    fn query(&self) -> [(&str, &str); 1] {
        [("versionId", self.0.as_str())]
    }

    /// The versions of the object `key` in the answer to `ListObjectVersions`.
    fn read_all(body: &str, key: &str) -> Option<Vec<Self>> {
        let document = roxmltree::Document::parse(body).ok()?;
        let root = document.root_element();
        let text = |node: &roxmltree::Node<'_, '_>, name: &str| {
            let child = node
                .children()
                .find(|child| child.tag_name().name() == name)?;
            child.text().map(str::to_owned)
        };
        let versions = root
            .children()
            .filter(|node| matches!(node.tag_name().name(), "Version" | "DeleteMarker"))
            .filter(|node| text(node, "Key").as_deref() == Some(key))
            .filter_map(|node| text(&node, "VersionId").map(Self))
            .collect();
        (root.tag_name().name() == "ListVersionsResult").then_some(versions)
    }
}

fn failed(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::Generic {
        store: "S3",
        source: cause.into(),
    }
}

fn answered(status: StatusCode) -> ArchiveError {
    ArchiveError::Unavailable(failed(format!("the store answered {status}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_versions_of_one_object_are_read_and_no_others() {
        let body = r#"<?xml version="1.0"?>
            <ListVersionsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>b</Name>
            <Version><Key>a</Key><VersionId>one</VersionId></Version>
            <Version><Key>ab</Key><VersionId>two</VersionId></Version>
            <DeleteMarker><Key>a</Key><VersionId>three</VersionId></DeleteMarker>
            </ListVersionsResult>"#;
        let expected = ["one", "three"].map(|id| Version(id.to_owned()));
        assert_eq!(Version::read_all(body, "a").as_deref(), Some(&expected[..]));
        assert_eq!(Version::read_all("<Error/>", "a"), None);
        assert_eq!(Version::read_all("nonsense", "a"), None);
    }

    #[test]
    fn a_hold_outlasts_every_date() {
        let date = Timestamp::MAX;
        assert!(Lock::Hold > Lock::Until(date));
        assert!(Some(Lock::Until(Timestamp::MIN)) > None);
    }
}
