//! `[tls]`.

use std::path::PathBuf;

use serde::Deserialize;

/// `[tls]`: what the service proves of itself, and whose client certificates it believes.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tls {
    /// The chain of certificates.
    #[serde(deserialize_with = "super::path_if_set")]
    pub certificate: Option<PathBuf>,
    /// The key.
    #[serde(deserialize_with = "super::path_if_set")]
    pub key_file: Option<PathBuf>,
    /// The authorities of client certificates.
    #[serde(deserialize_with = "super::path_if_set")]
    pub client_ca: Option<PathBuf>,
}
