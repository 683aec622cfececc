//! What is written about a copy.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::access::Access;
use crate::model::{
    Code, Description, Dir3, Environment, SealAlgorithm, Sha256Digest, SignatureLevel,
    SourceSignature, Withdrawal,
};
use crate::pdf::band::BandReport;
use crate::pdf::{ByteRange, SourceFacts};
use crate::pki::CertificateFacts;

/// Version of the structures in this file, for [`Intent::schema`]. A newer one is never guessed at.
pub const SCHEMA: u32 = 1;

/// The name of a copy in the archive: `SHA-256("segell/index/v1" ‖ code)`, so that the store's
/// listings give no code away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CodeIndex(pub Sha256Digest);

impl CodeIndex {
    /// The index of the copy that `code` names.
    pub fn of(code: &Code) -> Self {
        Self(Sha256Digest::of(
            format!("segell/index/v1{}", code.compact()).as_bytes(),
        ))
    }
}

/// Everything known about a copy before its document is stored. Written first, so that whoever finds a
/// sealed document without a record can complete it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Intent {
    /// Version of this structure.
    pub schema: u32,
    /// The copy.
    pub index: CodeIndex,
    /// The organ that seals.
    pub organ: Dir3,
    /// Test or real.
    pub environment: Environment,
    /// Stable id of the application that asked.
    pub application: String,
    /// Digest over the request's fields and the source (DESIGN §5).
    pub request_digest: Sha256Digest,
    /// The request came with an `Idempotency-Key`.
    pub keyed: bool,
    /// Which copy of the same request this is, from 0.
    pub generation: u32,
    /// The time of issue, as in `/M`.
    pub issued_at: Timestamp,
    /// How long the copy can be checked at least.
    pub available_until: Timestamp,
    /// The metadata.
    pub description: Description,
    /// Who may see it, until an event says otherwise.
    #[serde(default)]
    pub access: Access,
    /// The source.
    pub source: SourceRecord,
    /// The signatures that the source brought with it, as they were judged at `issued_at`. They stay
    /// inside the source; the copy's own form has the seal only.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub source_signatures: Vec<SourceSignature>,
    /// What drawing the band did.
    pub band: BandReport,
    /// What was found and let through.
    pub findings: Vec<Finding>,
    /// The seal.
    pub seal: SealRecord,
    /// Signature level asked: the organ's, or the request's if that was higher.
    #[serde(default = "basic")]
    pub level_asked: SignatureLevel,
    /// Signature level reached when the copy was made.
    pub level: SignatureLevel,
    /// Byte range of the seal.
    pub byte_range: ByteRange,
    /// The source's objects that the copy overrides.
    pub overridden: Vec<u32>,
    /// The copy starts with the source, byte for byte.
    pub prefix: bool,
    /// Version of the software that made it.
    pub software: String,
}

/// The level of copies from before there was another.
const fn basic() -> SignatureLevel {
    SignatureLevel::BB
}

/// The source of a copy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceRecord {
    /// Its SHA-256.
    pub digest: Sha256Digest,
    /// Its length in bytes.
    pub size: u64,
    /// What was found in it.
    pub facts: SourceFacts,
}

/// The seal that made a copy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealRecord {
    /// SHA-256 of its certificate.
    pub fingerprint: Sha256Digest,
    /// Its name.
    pub common_name: String,
    /// How it signed.
    pub algorithm: SealAlgorithm,
}

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Good to know.
    Info,
    /// Somebody should look.
    Warning,
    /// The copy is refused.
    Refusal,
}

/// Something found in a source, for people and programs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Stable word: `hybrid-xref`, `earlier-revisions`, `pdf-active-content`, …
    pub rule: String,
    /// How much it matters.
    pub severity: Severity,
    /// 1-based page, when it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    /// A sentence.
    pub text: String,
}

/// The sealed document of a copy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentRecord {
    /// SHA-256 of the sealed bytes.
    pub digest: Sha256Digest,
    /// Their length.
    pub size: u64,
}

/// The commit: once this is written the code answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CopyRecord {
    /// What was intended.
    #[serde(flatten)]
    pub intent: Intent,
    /// What came out.
    pub document: DocumentRecord,
    /// When the record was written.
    pub committed_at: Timestamp,
}

impl CopyRecord {
    /// What erasing leaves: which organ issued a copy, of what kind, when, until when and with which seal,
    /// and the digests that recognise it. No title, no reference, nothing that was found in the source.
    #[must_use]
    pub fn stub(self) -> Self {
        let Self {
            intent,
            document,
            committed_at,
        } = self;
        let pages = intent.source.facts.pages;
        Self {
            intent: Intent {
                description: Description {
                    title: None,
                    source_id: String::new(),
                    requested_by: None,
                    external_ref: None,
                    ..intent.description
                },
                access: intent.access.without_factor(),
                source: SourceRecord {
                    facts: SourceFacts {
                        pages,
                        ..SourceFacts::default()
                    },
                    ..intent.source
                },
                source_signatures: Vec::new(),
                findings: Vec::new(),
                ..intent
            },
            document,
            committed_at,
        }
    }
}

/// Whether a copy is answered for today. Events decide; without any, the dates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CopyStatus {
    /// Good.
    InForce,
    /// Withdrawn by its organ.
    Withdrawn,
    /// Past its availability.
    Expired,
    /// Its content was erased.
    Erased,
}

impl CopyStatus {
    /// The status after these events, in any order. What is erased stays erased and what is withdrawn
    /// stays withdrawn; only a copy without such an event expires by its date.
    pub fn after(events: &[Event], available_until: Timestamp, now: Timestamp) -> Self {
        let happened = |is: fn(&EventKind) -> bool| events.iter().any(|event| is(&event.kind));
        if happened(|kind| matches!(kind, EventKind::Erased)) {
            Self::Erased
        } else if happened(|kind| matches!(kind, EventKind::Withdrawn(_))) {
            Self::Withdrawn
        } else if happened(|kind| matches!(kind, EventKind::Expired)) || now > available_until {
            Self::Expired
        } else {
            Self::InForce
        }
    }
}

/// Something that happened to a copy after its commit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Version of this structure.
    pub schema: u32,
    /// The copy.
    pub index: CodeIndex,
    /// What happened.
    #[serde(flatten)]
    pub kind: EventKind,
    /// When.
    pub at: Timestamp,
    /// Stable id of the application that asked for it; absent when nobody did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub application: Option<String>,
}

/// What can happen to a copy. A word that is not among these is not skipped: it could mean that the
/// copy is not in force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum EventKind {
    /// Its organ withdrew it.
    Withdrawn(Withdrawal),
    /// Its availability ended.
    Expired,
    /// Its content was erased.
    Erased,
    /// Who may see it changed; its status did not.
    Visibility(Access),
}

/// What the digest of a document leads to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct DigestEntry {
    /// Version of this structure.
    pub(super) schema: u32,
    /// The copy.
    pub(super) index: CodeIndex,
    /// Which version of its document, from 1.
    pub(super) version: u32,
}

/// A certificate with which an organ seals or sealed here. Validation and the public list of seals
/// read these, so that a seal is known long after its certificate left the settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegisteredSeal {
    /// Version of this structure.
    pub schema: u32,
    /// The organ.
    pub organ: Dir3,
    /// What the certificate says.
    pub certificate: CertificateFacts,
    /// The certificate itself, PEM.
    pub pem: String,
}
