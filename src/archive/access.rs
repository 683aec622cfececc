//! Who may see a copy, as it is stored, and the keys under which second factors are stored.

use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::record::CodeIndex;
use crate::model::{FactorValue, Sha256Digest, Visibility};

/// Keep the uses of a key apart.
const STORED: &str = "segell/factor/v1";
const NAMED: &str = "segell/factor-request/v1";

/// Who may see a copy, as it is stored.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "visibility", rename_all = "snake_case")]
pub enum Access {
    /// Whoever has the code.
    #[default]
    Open,
    /// Whoever has the code, without the content.
    Metadata,
    /// Whoever has the code and knows a second factor.
    Restricted {
        /// What the factor is called; not what it is.
        label: String,
        /// The factor, under a key of the service.
        factor: FactorDigest,
    },
}

impl Access {
    /// The class.
    pub const fn visibility(&self) -> Visibility {
        match self {
            Self::Open => Visibility::Open,
            Self::Metadata => Visibility::Metadata,
            Self::Restricted { .. } => Visibility::Restricted,
        }
    }

    /// The same class, without the factor: nothing recognises it any more.
    pub(super) fn without_factor(self) -> Self {
        match self {
            Self::Restricted { .. } => Self::Restricted {
                label: String::new(),
                factor: FactorDigest(Sha256Digest::new([0; 32])),
            },
            other => other,
        }
    }

    /// What the second factor is called, when there is one.
    pub fn label(&self) -> Option<&str> {
        match self {
            Self::Restricted { label, .. } => Some(label),
            Self::Open | Self::Metadata => None,
        }
    }
}

/// HMAC-SHA256 of a factor and the index of its copy under a key of the service: without the key nobody
/// can try factors against a stolen archive, and equal factors of two copies look different.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FactorDigest(Sha256Digest);

impl FactorDigest {
    /// The 32 bytes.
    pub(super) const fn as_bytes(&self) -> &[u8; 32] {
        self.0.as_bytes()
    }
}

/// A key of the service.
type FactorKey = Zeroizing<Vec<u8>>;

/// The keys under which second factors are stored, newest first. The newest stores; all of them recognise.
#[derive(Default)]
pub struct FactorKeys(Vec<FactorKey>);

impl FactorKeys {
    /// These keys, newest first.
    pub const fn new(keys: Vec<FactorKey>) -> Self {
        Self(keys)
    }

    /// A factor as it is stored for a copy. `None` without a key.
    pub fn digest(&self, index: CodeIndex, value: &FactorValue) -> Option<FactorDigest> {
        let fields = [STORED.as_bytes(), index.0.as_bytes(), value.as_bytes()];
        Some(FactorDigest(self.sign(&fields)?))
    }

    /// A factor as part of what names a request: the same for every copy, so that the same request finds
    /// its copy again. The oldest key, which lasts longest. `None` without a key.
    pub fn name(&self, value: &FactorValue) -> Option<Sha256Digest> {
        let fields = [NAMED.as_bytes(), value.as_bytes()];
        Some(digest_of(keyed(self.0.last()?, &fields)?))
    }

    /// Whether this is the factor that was stored for a copy. Takes the same time whatever differs.
    pub(super) fn recognise(
        &self,
        index: CodeIndex,
        value: &FactorValue,
        stored: &FactorDigest,
    ) -> bool {
        let fields = [STORED.as_bytes(), index.0.as_bytes(), value.as_bytes()];
        self.verify(&fields, stored.as_bytes())
    }

    /// A mark that only this service can make. `None` without a key.
    pub(super) fn sign(&self, fields: &[&[u8]]) -> Option<Sha256Digest> {
        Some(digest_of(keyed(self.0.first()?, fields)?))
    }

    /// Whether a mark was made by [`Self::sign`] over these fields, in constant time for every key.
    pub(super) fn verify(&self, fields: &[&[u8]], mark: &[u8]) -> bool {
        self.0
            .iter()
            .filter_map(|key| keyed(key, fields))
            .any(|mac| mac.verify_slice(mark).is_ok())
    }
}

impl std::fmt::Debug for FactorKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "FactorKeys({})", self.0.len())
    }
}

/// An HMAC that has seen every field with its length before it. HMAC takes keys of any length
/// (RFC 2104), so this never fails.
fn keyed(key: &FactorKey, fields: &[&[u8]]) -> Option<Hmac<Sha256>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).ok()?;
    for field in fields {
        mac.update(&(field.len() as u64).to_be_bytes());
        mac.update(field);
    }
    Some(mac)
}

fn digest_of(mac: Hmac<Sha256>) -> Sha256Digest {
    Sha256Digest::new(mac.finalize().into_bytes().into())
}
