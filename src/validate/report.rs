//! The report: two separate answers, *did we issue exactly this?* ([`Verdict`], [`CopyStatus`]) and
//! *is the signature sound?* ([`Indication`], ETSI EN 319 102-1), and the findings behind them.
//!
//! It is what ETSI TS 119 102-2 calls a validation report, in our own JSON. It is no report of a
//! *qualified* validation service and never says so.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::archive::CopyStatus;
use crate::model::{Dir3, Sha256Digest};
pub use crate::model::{Indication, SignatureLevel, SignedBy, SubIndication};
pub use crate::pdf::signed::ChangeClass;

/// Whether a file is a copy that was issued here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Byte for byte a version that is stored here.
    Identical,
    /// A version stored here, and allowed data that was added by somebody else.
    Extended,
    /// Begins with a version stored here and goes on with something else, or carries a seal of ours
    /// over other content.
    Altered,
    /// Sealed soundly with a seal registered here, and not in the archive.
    SealedNotRegistered,
    /// Nothing of ours.
    NotOurs,
    /// Cannot be said now: no archive, or it does not answer, or the copy is not committed yet.
    Undetermined,
}

impl Verdict {
    /// The word in reports.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Identical => "identical",
            Self::Extended => "extended",
            Self::Altered => "altered",
            Self::SealedNotRegistered => "sealed_not_registered",
            Self::NotOurs => "not_ours",
            Self::Undetermined => "undetermined",
        }
    }
}

/// What a signature stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The seal of a copy issued here.
    CopySeal,
    /// Somebody's signature or seal.
    Signature,
    /// A signature that the source of a copy of ours brought with it. It does not count for the copy.
    SourceSignature,
}

/// One signature, judged.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SignatureReport {
    /// Name of the signature field; `@` and the offset of the signature when it was not looked up.
    pub field: String,
    /// What it stands for.
    pub role: Role,
    /// Its indication is one of those from which the document's is made.
    pub counts: bool,
    /// Signature level reached; absent when it is no PAdES signature or not sound.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<SignatureLevel>,
    /// Its indication.
    pub indication: Indication,
    /// Why not passed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sub_indication: Option<SubIndication>,
    /// Who signed, when the certificate could be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signed_by: Option<SignedBy>,
    /// The earliest time at which it is proved to have existed, see [`Self::time_proof`]. Never a time
    /// that the signature claims for itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time: Option<Timestamp>,
    /// What proves [`Self::time`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_proof: Option<TimeProof>,
    /// Best-signature-time (EN 319 102-1, 5.5): the time for which the certificate was judged. The
    /// validation time unless a validated timestamp proves an earlier one; our archive is no timestamp.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub best_signature_time: Option<Timestamp>,
    /// The timestamps that concern it: its own, then the document timestamps that cover it.
    pub timestamps: Vec<TimestampReport>,
    /// What it says of itself.
    pub claims: ClaimsReport,
    /// What its certificate says about qualification.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub qualification: Option<Qualification>,
    /// It covers the file to its last byte.
    pub covers_whole_file: bool,
    /// The revision that it signs, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revision: Option<u32>,
    /// It certifies the document and permits changes up to this level, 1 to 3 (ISO 32000-2, 12.8.2.2).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certification: Option<u8>,
    /// What later revisions changed.
    pub changes: Vec<ChangeReport>,
}

/// What proves that a signature existed at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TimeProof {
    /// A validated timestamp of a trusted authority.
    Timestamp,
    /// The commit of the copy to our archive: evidence, no timestamp.
    Archive,
}

/// What a signature claims. Self-reported: no proof of anything.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ClaimsReport {
    /// `/M`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time: Option<Timestamp>,
    /// `/Name`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// `/Reason`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// `/Location`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
}

/// What a certificate says of itself about qualification (ETSI EN 319 412-5). Whether it was qualified
/// is written in the trusted lists and not judged here.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Qualification {
    /// `QcCompliance`: issued as a qualified certificate.
    pub qc_compliance: bool,
    /// `QcSSCD`: the key is in a qualified device.
    pub qc_sscd: bool,
    /// `QcType` eseal: for seals.
    pub qc_eseal: bool,
    /// National policy of an organ's seal (2.16.724.1.3.5.6.1 or .2).
    pub organ_seal: bool,
    /// Certificate policies, dotted.
    pub policies: Vec<String>,
}

/// Kinds of timestamp.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TimestampKind {
    /// Over the value of one signature (unsigned attribute signature-time-stamp).
    Signature,
    /// Over the document (`/DocTimeStamp`).
    Document,
}

/// A timestamp (RFC 3161), judged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TimestampReport {
    /// What it stamps.
    pub kind: TimestampKind,
    /// Field of a document timestamp.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// The time it gives, when it can be read; proof only if it passed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time: Option<Timestamp>,
    /// Common name of the authority's certificate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authority: Option<String>,
    /// Its indication.
    pub indication: Indication,
    /// Why not passed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sub_indication: Option<SubIndication>,
}

/// Something that a later revision changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ChangeReport {
    /// The later revision, from 1.
    pub revision: u32,
    /// What kind of change.
    pub class: ChangeClass,
    /// The signature permits it.
    pub permitted: bool,
    /// The form field concerned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// A sentence.
    pub text: String,
}

/// How much a finding counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Weight {
    /// Held.
    Passed,
    /// Good to know.
    Info,
    /// Leaves the answer open.
    Warning,
    /// Decides against the signature or the copy.
    Failed,
}

/// The answer of one rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RuleFinding {
    /// The rule: `identity`, `B3`, `C7`, `K1`, …
    pub rule: &'static str,
    /// How much it counts.
    pub severity: Weight,
    /// Byte offset it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offset: Option<u64>,
    /// Field of the signature it is about; absent when it is about the document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signature: Option<String>,
    /// The clause that asks for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clause: Option<&'static str>,
    /// What it makes of the indication when it is broken; absent when it is held against nobody.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sub_indication: Option<SubIndication>,
    /// A sentence.
    pub text: String,
}

/// The copy that was issued, as far as a report may tell: never its code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct IssuedCopy {
    /// The organ.
    pub organ: Dir3,
    /// When it was issued.
    pub issued_at: Timestamp,
    /// SHA-256 of the version that matched.
    pub digest: Sha256Digest,
    /// Its length in bytes: what stands after it was added.
    pub size: u64,
    /// Which version, from 1.
    pub version: u32,
    /// How many versions there are.
    pub versions: u32,
    /// When our archive committed the copy: evidence that it existed, and no timestamp.
    pub committed_at: Timestamp,
    /// What the version is made of, in order.
    pub parts: Vec<CopyPart>,
}

/// One part of a version of a copy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CopyPart {
    /// What it is.
    pub kind: CopyPartKind,
    /// Where it ends: bytes from the beginning of the file.
    pub end: u64,
    /// The time that a timestamp gives, proved or not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time: Option<Timestamp>,
}

/// Kinds of part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CopyPartKind {
    /// The source, band and seal: what was issued.
    Copy,
    /// Certificates and revocation data (ISO 32000-2, 12.8.4.3).
    ValidationData,
    /// A document timestamp (12.8.5).
    Timestamp,
}

/// What was trusted when the file was judged.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrustState {
    /// For seals and signatures.
    pub seals: AnchorState,
    /// For time-stamp authorities.
    pub timestamps: AnchorState,
}

/// A set of anchors.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnchorState {
    /// How many; without any nothing can pass.
    pub anchors: usize,
    /// When it was put together, if that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub as_of: Option<Timestamp>,
}

/// The whole report.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// Did we issue exactly this?
    pub verdict: Verdict,
    /// Whether the copy is answered for today, when it is one of ours.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<CopyStatus>,
    /// The document as a whole: the worst over all signatures that count and over what was done to the
    /// document after them; absent when nothing in it signs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub indication: Option<Indication>,
    /// Its sub-indication.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sub_indication: Option<SubIndication>,
    /// Every signature found.
    pub signatures: Vec<SignatureReport>,
    /// Every document timestamp found, oldest first.
    pub timestamps: Vec<TimestampReport>,
    /// Every rule's answer, in the order in which they were asked: the copy's, the document's, then
    /// signature by signature. Rules that held are left out, save `identity`.
    pub findings: Vec<RuleFinding>,
    /// The copy that was issued, when the file is or begins with one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub copy: Option<IssuedCopy>,
    /// SHA-256 of the file.
    pub digest: Sha256Digest,
    /// Length of the file in bytes.
    pub size: u64,
    /// Revisions the file has; absent when they were not looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revisions: Option<u32>,
    /// The time for which it was judged.
    pub validation_time: Timestamp,
    /// The rules by which it was judged.
    pub policy: &'static str,
    /// What was trusted.
    pub trust: TrustState,
    /// What judged it.
    pub software: &'static str,
}
