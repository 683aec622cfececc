//! What a caller asks for.

use bytes::Bytes;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use crate::model::organ::SourceSignatures;
use crate::model::{
    CopyKind, Dir3, DocumentType, ExternalRef, Language, Origin, Placement, Sha256Digest,
};

/// Who asks: a registered application, recognised by its key at the door.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Application {
    /// Stable id; codes are derived from it, so it never changes.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// The organs it may ask for.
    pub organs: Vec<Dir3>,
    /// The organ meant when a request names none; without it, the only one of `organs`.
    pub default_organ: Option<Dir3>,
}

/// A document that was counted and hashed while it arrived.
#[derive(Clone)]
pub struct Upload {
    /// The bytes received.
    pub bytes: Bytes,
    /// A hash that has seen exactly these bytes.
    pub hash: Sha256,
}

impl Upload {
    /// Hashes bytes that are already here.
    pub fn new(bytes: Bytes) -> Self {
        use sha2::Digest;
        let mut hash = Sha256::new();
        hash.update(&bytes);
        Self { bytes, hash }
    }

    /// SHA-256 of the document.
    pub fn digest(&self) -> Sha256Digest {
        Sha256Digest::of_state(&self.hash)
    }
}

/// The fields of a request (DESIGN §9), as sent: nothing filled in. The digest that names a copy is
/// taken over their JSON form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Fields {
    /// DIR3 code of the organ.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organ: Option<Dir3>,
    /// What kind of copy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<CopyKind>,
    /// Title for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// ENI document type.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document_type: Option<DocumentType>,
    /// Who made the source.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
    /// When the source was captured.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub captured_at: Option<Timestamp>,
    /// ENI identifier of the source.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source_id: Option<String>,
    /// Who asked for the copy; never printed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requested_by: Option<String>,
    /// The caller's own reference.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_ref: Option<ExternalRef>,
    /// Language of the band.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
    /// Where the band goes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub placement: Option<Placement>,
    /// Signature level: `B-B`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
    /// Who may see the copy: `open`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub visibility: Option<String>,
    /// A stricter rule for signed sources than the organ's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source_signatures: Option<SourceSignatures>,
    /// Make another copy even if the same request made one before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub force_new: Option<bool>,
}

/// A whole request.
#[derive(Clone)]
pub struct SealRequest {
    /// Who asks.
    pub application: Application,
    /// What it asks for.
    pub fields: Fields,
    /// The value of `Idempotency-Key`, when sent.
    pub idempotency_key: Option<String>,
    /// The document.
    pub upload: Upload,
}
