//! Where the archive is, and how a store on the network is reached.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use zeroize::Zeroizing;

/// Where copies are kept, as the settings say it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ArchiveLocation {
    /// Nowhere: the owner keeps them (`none`).
    None,
    /// In a folder of a file system with hard links (`file:///var/lib/segell`, `file://./archive`).
    Folder(PathBuf),
    /// In an S3-compatible store that honours create-only writes (`s3://bucket/prefix`).
    S3 {
        /// The bucket, which exists.
        bucket: String,
        /// What every name in it begins with; empty for the whole bucket.
        prefix: String,
    },
}

/// An address that is not understood or not supported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "not an archive: `file:///absolute/folder`, `file://./folder` under the working directory, \
     `s3://bucket/prefix` and `none` are supported"
)]
pub struct UnsupportedArchive;

impl FromStr for ArchiveLocation {
    type Err = UnsupportedArchive;

    /// What follows `file://` is the path as the file system knows it: nothing is percent-decoded.
    fn from_str(text: &str) -> Result<Self, UnsupportedArchive> {
        if text == "none" {
            return Ok(Self::None);
        }
        if let Some(rest) = text.strip_prefix("s3://") {
            return bucket_and_prefix(rest);
        }
        let path = text.strip_prefix("file://").ok_or(UnsupportedArchive)?;
        let rooted = ["/", "./", "../"]
            .iter()
            .any(|start| path.starts_with(start));
        if rooted && !path.contains('\0') {
            Ok(Self::Folder(PathBuf::from(path)))
        } else {
            Err(UnsupportedArchive)
        }
    }
}

/// `BUCKET` or `BUCKET/PREFIX`. Bucket names are lower-case letters, digits, hyphens and dots (3 to 63); a
/// prefix is what every store takes without quoting it.
fn bucket_and_prefix(text: &str) -> Result<ArchiveLocation, UnsupportedArchive> {
    let (bucket, prefix) = text.split_once('/').unwrap_or((text, ""));
    let prefix = prefix.trim_end_matches('/');
    let of_bucket = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.');
    let of_prefix = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    let is_part = |part: &str| !matches!(part, "" | "." | "..") && part.bytes().all(of_prefix);
    let named = (3..=63).contains(&bucket.len()) && bucket.bytes().all(of_bucket);
    if named && (prefix.is_empty() || prefix.split('/').all(is_part)) {
        Ok(ArchiveLocation::S3 {
            bucket: bucket.to_owned(),
            prefix: prefix.to_owned(),
        })
    } else {
        Err(UnsupportedArchive)
    }
}

/// How a store on the network is reached.
#[derive(Clone)]
pub struct StoreAccess {
    /// Its address (`AWS_ENDPOINT_URL`); that of the region when not said. `http://` is taken at its word.
    pub endpoint: Option<String>,
    /// Its region (`AWS_REGION`); most stores outside Amazon take any.
    pub region: Option<String>,
    /// Who asks (`AWS_ACCESS_KEY_ID`).
    pub access_key_id: String,
    /// Their secret (`AWS_SECRET_ACCESS_KEY`).
    pub secret_access_key: Zeroizing<String>,
    /// What goes with it when it is a temporary one (`AWS_SESSION_TOKEN`).
    pub session_token: Option<Zeroizing<String>>,
    /// How long it may take.
    pub patience: Patience,
}

/// How long a store on the network may take, and how much it is asked at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// Until there is a connection.
    pub connect: Duration,
    /// Until there is a whole answer. A document that is read may take longer, as long as it keeps coming.
    pub request: Duration,
    /// How often a request that failed is made again.
    pub retries: usize,
    /// Requests under way at once, reads and writes each, documents that are read not counted.
    pub at_once: usize,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(2),
            request: Duration::from_secs(15),
            retries: 3,
            at_once: 64,
        }
    }
}

impl fmt::Debug for StoreAccess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoreAccess")
            .field("endpoint", &self.endpoint)
            .field("region", &self.region)
            .field("patience", &self.patience)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_buckets_and_none_are_understood_and_nothing_else() {
        assert_eq!("none".parse(), Ok(ArchiveLocation::None));
        for (text, path) in [
            ("file:///var/lib/segell", "/var/lib/segell"),
            ("file://./archive", "./archive"),
            ("file://../shared archive", "../shared archive"),
        ] {
            assert_eq!(text.parse(), Ok(ArchiveLocation::Folder(path.into())));
        }
        for (text, bucket, prefix) in [
            ("s3://bucket", "bucket", ""),
            ("s3://bucket/", "bucket", ""),
            ("s3://my.bucket-1/pre", "my.bucket-1", "pre"),
            ("s3://bucket/segell/pro_1/", "bucket", "segell/pro_1"),
        ] {
            let expected = ArchiveLocation::S3 {
                bucket: bucket.to_owned(),
                prefix: prefix.to_owned(),
            };
            assert_eq!(text.parse(), Ok(expected), "{text}");
        }
        for text in [
            "",
            "None",
            "s3://",
            "s3://ab",
            "s3:///prefix",
            "s3://Bucket/prefix",
            "s3://bucket/a//b",
            "s3://bucket/../b",
            "s3://bucket/a b",
            "s3://user:secret@bucket/a",
            "file://",
            "file://host/folder",
            "file:/folder",
            "/folder",
            "file://./a\0b",
        ] {
            assert_eq!(text.parse::<ArchiveLocation>(), Err(UnsupportedArchive));
        }
    }

    #[test]
    fn no_secret_is_shown() {
        let access = StoreAccess {
            endpoint: None,
            region: None,
            access_key_id: "the id".to_owned(),
            secret_access_key: Zeroizing::new("the secret".to_owned()),
            session_token: Some(Zeroizing::new("the token".to_owned())),
            patience: Patience::default(),
        };
        let shown = format!("{access:?}");
        for secret in ["the id", "the secret", "the token"] {
            assert!(!shown.contains(secret), "{shown}");
        }
    }
}
