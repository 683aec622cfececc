//! The report: two separate answers, *did we issue exactly this?* ([`Verdict`], [`CopyStatus`]) and
//! *is the signature sound?* ([`Indication`], ETSI EN 319 102-1), and the findings behind them.

use jiff::Timestamp;
use serde::Serialize;

use crate::archive::CopyStatus;
use crate::model::{Dir3, Sha256Digest};

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

/// Main status indication of a signature (EN 319 102-1, 5.1.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Indication {
    /// Sound in every respect that was checked.
    #[serde(rename = "TOTAL-PASSED")]
    TotalPassed,
    /// Neither proved nor disproved.
    #[serde(rename = "INDETERMINATE")]
    Indeterminate,
    /// Disproved.
    #[serde(rename = "TOTAL-FAILED")]
    TotalFailed,
}

/// Sub-indication (EN 319 102-1, table 6), those that this version can give.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SubIndication {
    /// Not a signature that can be read.
    FormatFailure,
    /// The document's digest is not the one signed.
    HashFailure,
    /// The signature value does not verify.
    SigCryptoFailure,
    /// The signer's certificate is not the one the signature names, or not inside.
    NoSigningCertificateFound,
    /// Something in the signature breaks the rules for it.
    SigConstraintsFailure,
    /// No chain to a configured anchor.
    NoCertificateChainFound,
    /// Outside the certificate's validity, and nothing proves that the signature is older.
    OutOfBoundsNoPoe,
    /// The certificate was not valid yet when the signature claims to have been made.
    NotYetValid,
}

/// What a signature stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The seal of a copy issued here.
    CopySeal,
    /// Somebody's signature or seal.
    Signature,
}

/// Who signed. A custodian's personal data are never among it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SignedBy {
    /// Name of the seal: the certificate's common name.
    pub name: String,
    /// The organisation.
    pub organisation: String,
    /// Its NIF, when the certificate says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nif: Option<String>,
    /// Who issued the certificate.
    pub issuer: String,
    /// SHA-256 of the certificate.
    pub fingerprint: Sha256Digest,
    /// The organ for which this certificate is registered here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub registered_for: Option<Dir3>,
}

/// One signature, judged.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SignatureReport {
    /// Name of the signature field; the offset of the signature when it was not looked up.
    pub field: String,
    /// What it stands for.
    pub role: Role,
    /// Signature level reached: `B-B`; absent when it is no PAdES signature.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<&'static str>,
    /// Its indication.
    pub indication: Indication,
    /// Why not passed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sub_indication: Option<SubIndication>,
    /// Who signed, when the certificate could be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signed_by: Option<SignedBy>,
    /// The time at which the copy was committed, for a seal of ours; self-reported times are no proof
    /// and not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time: Option<Timestamp>,
    /// It covers the file to its last byte.
    pub covers_whole_file: bool,
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
}

/// The whole report.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// Did we issue exactly this?
    pub verdict: Verdict,
    /// Whether the copy is answered for today, when it is one of ours.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<CopyStatus>,
    /// The worst indication over all signatures; absent when there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub indication: Option<Indication>,
    /// Its sub-indication.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sub_indication: Option<SubIndication>,
    /// Every signature found.
    pub signatures: Vec<SignatureReport>,
    /// Every rule's answer, in the order in which they were asked.
    pub findings: Vec<RuleFinding>,
    /// The copy that was issued, when the file is or begins with one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub copy: Option<IssuedCopy>,
    /// SHA-256 of the file.
    pub digest: Sha256Digest,
    /// Length of the file in bytes.
    pub size: u64,
    /// The time for which it was judged.
    pub validation_time: Timestamp,
    /// The rules by which it was judged.
    pub policy: &'static str,
    /// What judged it.
    pub software: &'static str,
}
