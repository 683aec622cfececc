//! `[timestamp]` and `[revocation]`: the authorities that others run.

use std::path::PathBuf;

use serde::Deserialize;

use super::ByteSize;

/// `[timestamp]`: who binds seals to a time.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Timestamping {
    /// Authorities in order of preference.
    pub authorities: Vec<TimestampAuthority>,
    /// Seconds to connect.
    pub connect_seconds: u64,
    /// Seconds for one authority, retries included.
    pub total_seconds: u64,
    /// Retries after a failed connection or a 5xx.
    pub retries: u32,
    /// Seconds an authority's clock may be from ours.
    pub skew_seconds: u64,
    /// Minutes between two trials of every authority; 0 means at the start only.
    pub probe_minutes: u64,
    /// Bytes reserved in a copy for each token.
    pub token_bytes: ByteSize,
    /// Copies that may wait for a timestamp at once.
    pub waiting: usize,
}

/// An RFC 3161 timestamping authority.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TimestampAuthority {
    /// Where it answers.
    pub url: String,
    /// The policy to ask for, dotted.
    pub policy: Option<String>,
    /// The name to authenticate with (RFC 7617).
    pub username: Option<String>,
    /// The file with the password for it.
    pub password_file: Option<PathBuf>,
    /// Our certificate and key for TLS.
    pub pkcs12: Option<PathBuf>,
    /// The file with the passphrase of `pkcs12`.
    pub passphrase_file: Option<PathBuf>,
    /// Our certificate for TLS and its chain, PEM.
    pub certificates: Option<PathBuf>,
    /// Its key, PEM.
    pub key: Option<PathBuf>,
    /// The only authorities for its TLS certificate, PEM.
    pub ca_file: Option<PathBuf>,
}

/// `[revocation]`: whose word about certificates is kept at hand.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RevocationSettings {
    /// Issuers and where they answer.
    pub sources: Vec<RevocationSource>,
    /// Hours an answer about a seal or a time-stamp authority may be old.
    pub max_age_hours: u64,
    /// Seconds to connect.
    pub connect_seconds: u64,
    /// Seconds for one answer, retries included.
    pub total_seconds: u64,
}

/// An issuer and where it answers.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RevocationSource {
    /// Its certificate, PEM.
    pub issuer: PathBuf,
    /// Its OCSP responder.
    pub ocsp: Option<String>,
    /// Its revocation list.
    pub crl: Option<String>,
}
