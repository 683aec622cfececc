//! The applications file, as its operator writes it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde::Deserialize;

use super::{ApplicationsFault, EVALUATION_KEY, RESERVED_IDS};
use crate::http::{ApplicationKey, Registration, Scope, Scopes, TokenIssuer};
use crate::model::{Dir3, Environment, Sha256Digest};
use crate::pki::jws::JwsKeys;
use crate::pki::tls::CertificateMatch;
use crate::seal::Application;

/// How a key is made.
const MAKE_A_KEY: &str = "make one with `segell keys new`";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ApplicationsFile {
    #[serde(default)]
    application: Vec<Entry>,
}

/// `[[application]]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Entry {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) organs: Vec<Dir3>,
    default_organ: Option<Dir3>,
    pub(crate) environment: Option<Environment>,
    scopes: Option<Vec<Scope>>,
    copies_per_day: Option<u64>,
    /// The only key, in files that are older than `[[application.keys]]`.
    key_sha256: Option<Sha256Digest>,
    /// Since when that key opens nothing.
    revoked: Option<Day>,
    #[serde(default)]
    keys: Vec<KeyEntry>,
    #[serde(default)]
    client_certificates: Vec<CertificateEntry>,
    token: Option<TokenEntry>,
}

/// `[[application.keys]]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct KeyEntry {
    pub(crate) key_sha256: Sha256Digest,
    pub(crate) environment: Option<Environment>,
    pub(crate) label: Option<String>,
    pub(crate) created: Option<Day>,
    pub(crate) expires: Option<Day>,
    pub(crate) revoked: Option<Day>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CertificateEntry {
    subject: Option<String>,
    san: Option<String>,
    sha256: Option<Sha256Digest>,
    environment: Option<Environment>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TokenEntry {
    issuer: String,
    audience: String,
    keys: PathBuf,
    environment: Option<Environment>,
}

/// A day, or an instant of one: `2027-01-31` or `2027-01-31T10:00:00Z`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(crate) enum Day {
    /// The whole day, in UTC.
    Whole(Date),
    /// The instant.
    Instant(Timestamp),
}

impl Day {
    /// When it begins.
    pub(crate) fn begin(self) -> Timestamp {
        match self {
            Self::Whole(date) => midnight(date),
            Self::Instant(instant) => instant,
        }
    }

    /// When it is over.
    pub(crate) fn end(self) -> Timestamp {
        match self {
            Self::Whole(date) => midnight(date.saturating_add(1.day())),
            Self::Instant(instant) => instant,
        }
    }
}

fn midnight(date: Date) -> Timestamp {
    let zoned = date.to_zoned(TimeZone::UTC);
    zoned.map_or(Timestamp::MAX, |midnight| midnight.timestamp())
}

impl TryFrom<String> for Day {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl std::str::FromStr for Day {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let instant = text.parse().map(Self::Instant);
        instant
            .or_else(|_| text.parse().map(Self::Whole))
            .map_err(|_| "not a day such as 2027-01-31")
    }
}

impl std::fmt::Display for Day {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Whole(date) => date.fmt(f),
            Self::Instant(instant) => instant.fmt(f),
        }
    }
}

/// Reads and checks a file. Only the keys of token issuers are read besides.
pub(crate) fn entries(path: &Path, text: &str) -> Result<Vec<Entry>, ApplicationsFault> {
    let file: ApplicationsFile =
        toml::from_str(text).map_err(|error| ApplicationsFault::Malformed {
            path: path.to_owned(),
            line: error.span().map_or(1, |span| {
                let before = text.as_bytes().iter().take(span.start);
                1 + before.filter(|byte| **byte == b'\n').count()
            }),
            cause: error.message().replace('\n', " "),
        })?;
    let (mut ids, mut keys, mut issuers) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for entry in &file.application {
        let twice = |what: &str| Some(format!("another application has the same {what}"));
        let mut digests = entry.all_keys().map(|key| key.key_sha256);
        let issuer = entry.token.as_ref().map(|token| &token.issuer);
        let fault = if let Some(cause) = entry.fault() {
            Some(cause)
        } else if !ids.insert(&entry.id) {
            twice("id")
        } else if digests.any(|digest| !keys.insert(digest)) {
            twice("key")
        } else if issuer.is_some_and(|issuer| !issuers.insert(issuer)) {
            twice("token issuer")
        } else {
            None
        };
        if let Some(cause) = fault {
            return Err(entry.invalid(path, cause));
        }
    }
    Ok(file.application)
}

impl Entry {
    /// All its keys, that of the older form first.
    pub(crate) fn all_keys(&self) -> impl Iterator<Item = KeyEntry> {
        let only = self.key_sha256.map(|key_sha256| KeyEntry {
            key_sha256,
            environment: None,
            label: None,
            created: None,
            expires: None,
            revoked: self.revoked,
        });
        only.into_iter().chain(self.keys.iter().cloned())
    }

    /// What it may do.
    pub(crate) fn scopes(&self) -> Scopes {
        match &self.scopes {
            Some(scopes) => scopes.iter().copied().collect(),
            None => Scopes::usual(),
        }
    }

    /// The file with the public keys of its tokens, when it has one. `path` is that of the applications file.
    pub(super) fn token_keys(&self, path: &Path) -> Option<PathBuf> {
        Some(self.token.as_ref()?.path(path))
    }

    fn invalid(&self, path: &Path, cause: String) -> ApplicationsFault {
        ApplicationsFault::Invalid {
            path: path.to_owned(),
            id: self.id.clone(),
            cause,
        }
    }

    /// What is wrong with this entry by itself.
    fn fault(&self) -> Option<String> {
        if let Some(cause) = fault_of_id(&self.id) {
            return Some(cause.to_owned());
        }
        let digests: Vec<_> = self.all_keys().map(|key| key.key_sha256).collect();
        if digests.contains(&Sha256Digest::of(EVALUATION_KEY.as_bytes())) {
            return Some(format!(
                "its key is the evaluation key, which everybody knows; {MAKE_A_KEY}"
            ));
        }
        if digests.contains(&Sha256Digest::of(b"")) {
            return Some(format!("its key is empty; {MAKE_A_KEY}"));
        }
        if digests.is_empty() && self.client_certificates.is_empty() && self.token.is_none() {
            return Some(format!(
                "nobody can call as it: it has no key; {MAKE_A_KEY}"
            ));
        }
        if self.revoked.is_some() && self.key_sha256.is_none() {
            return Some("`revoked` belongs beside the key that it revokes".to_owned());
        }
        if self.scopes.as_ref().is_some_and(Vec::is_empty) {
            return Some("it may do nothing; name some `scopes`, or leave them out".to_owned());
        }
        if self.organs.is_empty() {
            return Some("it may ask for no organ; name some in `organs`".to_owned());
        }
        let silent = |entry: &CertificateEntry| !entry.as_match().says_something();
        if self.client_certificates.iter().any(silent) {
            return Some(
                "a client certificate is told by `subject`, `san` or `sha256`, or by several of them"
                    .to_owned(),
            );
        }
        if let Some(token) = &self.token
            && (token.issuer.is_empty() || token.audience.is_empty())
        {
            return Some("a token has an `issuer` and an `audience`".to_owned());
        }
        match &self.default_organ {
            Some(organ) if !self.organs.contains(organ) => {
                Some(format!("its default organ {organ} is not among its organs"))
            }
            _ => None,
        }
    }

    /// The registration that it is. `path` is that of the file.
    pub(super) fn registration(self, path: &Path) -> Result<Registration, ApplicationsFault> {
        let issuer = match &self.token {
            Some(token) => Some(
                token
                    .issuer(path)
                    .map_err(|cause| self.invalid(path, cause))?,
            ),
            None => None,
        };
        let keys = self.all_keys().map(|key| ApplicationKey {
            digest: key.key_sha256,
            environment: key.environment,
            expires: key.expires.map(Day::end),
            revoked: key.revoked.map(Day::begin),
        });
        Ok(Registration {
            keys: keys.collect(),
            scopes: self.scopes(),
            copies_per_day: self.copies_per_day,
            certificates: self
                .client_certificates
                .iter()
                .map(CertificateEntry::as_match)
                .collect(),
            issuer,
            local_only: false,
            application: Application {
                id: self.id,
                name: self.name,
                organs: self.organs,
                default_organ: self.default_organ,
                environment: self.environment,
            },
        })
    }
}

/// What is wrong with an id.
pub(crate) fn fault_of_id(id: &str) -> Option<&'static str> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    if id.is_empty() || id.len() > 64 || !id.bytes().all(allowed) {
        return Some("an id has 1 to 64 letters, digits, `-`, `_` or `.`");
    }
    RESERVED_IDS
        .contains(&id)
        .then_some("this id is the program's own; choose another")
}

impl CertificateEntry {
    fn as_match(&self) -> CertificateMatch {
        CertificateMatch {
            subject: self.subject.clone(),
            alternative_name: self.san.clone(),
            fingerprint: self.sha256,
            environment: self.environment,
        }
    }
}

impl TokenEntry {
    fn path(&self, file: &Path) -> PathBuf {
        file.parent().unwrap_or(Path::new(".")).join(&self.keys)
    }

    fn issuer(&self, file: &Path) -> Result<TokenIssuer, String> {
        let path = self.path(file);
        let keys = std::fs::read(&path).map_err(|error| error.to_string());
        let keys = keys.and_then(|bytes| JwsKeys::read(&bytes).map_err(|fault| fault.to_string()));
        Ok(TokenIssuer {
            issuer: self.issuer.clone(),
            audience: self.audience.clone(),
            environment: self.environment,
            keys: keys.map_err(|cause| {
                format!("the keys of its token issuer, {}: {cause}", path.display())
            })?,
        })
    }
}
