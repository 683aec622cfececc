//! The versions of a copy: as it was issued, and as it was kept since.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::archive::{CopyRecord, Extension, ExtensionPart};
use crate::model::Sha256Digest;

/// A version of a copy's document.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Version)]
pub struct VersionView {
    /// From 1, which is the one that was issued.
    pub version: u32,
    /// SHA-256, hexadecimal.
    #[schema(value_type = String)]
    pub digest: Sha256Digest,
    /// Bytes. Every version begins with the one before.
    pub size: u64,
    /// Signature level: `B-B`, `B-T`, `B-LT` or `B-LTA` (EN 319 142-1).
    #[schema(example = "B-LTA")]
    pub level: String,
    /// When it was stored.
    #[schema(value_type = String, format = DateTime)]
    pub stored_at: Timestamp,
    /// What was appended to the version before.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub appended: Vec<PartView>,
    /// Where it is.
    pub document: String,
}

/// What was appended to a version.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = VersionPart)]
pub struct PartView {
    /// `validation_data` or `timestamp`.
    #[schema(example = "timestamp")]
    pub kind: &'static str,
    /// Bytes.
    pub size: u64,
    /// The time that a timestamp gives.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, format = DateTime)]
    pub time: Option<Timestamp>,
    /// Who gives it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authority: Option<String>,
}

impl From<&ExtensionPart> for PartView {
    fn from(part: &ExtensionPart) -> Self {
        match part {
            ExtensionPart::ValidationData { size } => Self {
                kind: "validation_data",
                size: *size,
                time: None,
                authority: None,
            },
            ExtensionPart::Timestamp {
                size,
                time,
                authority,
            } => Self {
                kind: "timestamp",
                size: *size,
                time: Some(*time),
                authority: Some(authority.clone()),
            },
        }
    }
}

/// All versions of a copy whose record is at `here`.
pub(super) fn of(record: &CopyRecord, extensions: &[Extension], here: &str) -> Vec<VersionView> {
    let place = |version: u32| format!("{here}/document?version={version}");
    let issued = VersionView {
        version: 1,
        digest: record.document.digest,
        size: record.document.size,
        level: record.intent.level.to_string(),
        stored_at: record.committed_at,
        appended: Vec::new(),
        document: place(1),
    };
    let later = extensions.iter().map(|extension| {
        let record = &extension.record;
        VersionView {
            version: record.version,
            digest: record.document.digest,
            size: record.document.size,
            level: record.level.as_str().to_owned(),
            stored_at: record.stored_at,
            appended: record.parts.iter().map(PartView::from).collect(),
            document: place(record.version),
        }
    });
    std::iter::once(issued).chain(later).collect()
}
