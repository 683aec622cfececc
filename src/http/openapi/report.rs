//! The schema of a validation report.

use utoipa::ToSchema;

/// A validation report. Two questions, two answers: *did we issue exactly this?* (`verdict`,
/// `status`) and *is the signature sound?* (`indication`). It is no report of a qualified validation
/// service.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes what `validate::Report` is as JSON")]
pub(crate) struct Report {
    /// `identical`, `extended`, `altered`, `sealed_not_registered`, `not_ours` or `undetermined`.
    #[schema(example = "identical")]
    verdict: String,
    /// `in_force`, `withdrawn`, `expired` or `erased`, when the file is a copy of ours.
    #[schema(example = "in_force")]
    status: Option<String>,
    /// The document as a whole: `TOTAL-PASSED`, `INDETERMINATE` or `TOTAL-FAILED` (EN 319 102-1); the worst
    /// over all signatures that count and over what was done to the document after them.
    #[schema(example = "TOTAL-PASSED")]
    indication: Option<String>,
    /// Why not passed (EN 319 102-1, table 6).
    #[schema(example = "HASH_FAILURE")]
    sub_indication: Option<String>,
    /// Every signature found.
    signatures: Vec<SignatureReport>,
    /// Every document timestamp found, oldest first.
    timestamps: Vec<TimestampReport>,
    /// The answer of every rule that did not hold, and of `identity`.
    findings: Vec<RuleFinding>,
    /// The copy that was issued, when the file is or begins with one.
    copy: Option<IssuedCopy>,
    /// SHA-256 of the file, hexadecimal.
    digest: String,
    /// Bytes of the file.
    size: u64,
    /// Revisions the file has; absent when they were not looked at.
    revisions: Option<u32>,
    /// The time for which it was judged.
    #[schema(format = DateTime)]
    validation_time: String,
    /// The rules by which it was judged.
    #[schema(example = "segell-1")]
    policy: String,
    /// What was trusted.
    trust: TrustState,
    /// What judged it.
    software: String,
}

/// One signature, judged.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes what `validate::Report` is as JSON")]
pub(crate) struct SignatureReport {
    /// Name of the signature field.
    field: String,
    /// `copy_seal`, `signature` or `source_signature`.
    #[schema(example = "copy_seal")]
    role: String,
    /// Its indication is one of those from which the document's is made.
    counts: bool,
    /// Signature level reached: `B-B`, `B-T`, `B-LT` or `B-LTA` (EN 319 142-1).
    #[schema(example = "B-B")]
    level: Option<String>,
    /// `TOTAL-PASSED`, `INDETERMINATE` or `TOTAL-FAILED`.
    #[schema(example = "TOTAL-PASSED")]
    indication: String,
    /// Why not passed.
    sub_indication: Option<String>,
    /// Who signed.
    signed_by: Option<SignedBy>,
    /// The earliest time at which it is proved to have existed.
    #[schema(format = DateTime)]
    time: Option<String>,
    /// What proves `time`: `timestamp`, or `archive` for a copy of ours.
    #[schema(example = "timestamp")]
    time_proof: Option<String>,
    /// The time for which the certificate was judged (EN 319 102-1, 5.5).
    #[schema(format = DateTime)]
    best_signature_time: Option<String>,
    /// The timestamps that concern it: its own, then the document timestamps that cover it.
    timestamps: Vec<TimestampReport>,
    /// What it says of itself: no proof of anything.
    claims: SignatureClaims,
    /// What its certificate says about qualification.
    qualification: Option<Qualification>,
    /// It covers the file to its last byte.
    covers_whole_file: bool,
    /// The revision that it signs, from 1.
    revision: Option<u32>,
    /// It certifies the document and permits changes up to this level, 1 to 3.
    certification: Option<u8>,
    /// What later revisions changed.
    changes: Vec<ChangeReport>,
}

/// What a signature claims of itself.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes what `validate::Report` is as JSON")]
pub(crate) struct SignatureClaims {
    /// `/M`.
    #[schema(format = DateTime)]
    time: Option<String>,
    /// `/Name`.
    name: Option<String>,
    /// `/Reason`.
    reason: Option<String>,
    /// `/Location`.
    location: Option<String>,
}

/// What a certificate says of itself about qualification. Whether it was qualified is not judged here.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes what `validate::Report` is as JSON")]
pub(crate) struct Qualification {
    /// Issued as a qualified certificate.
    qc_compliance: bool,
    /// The key is in a qualified device.
    qc_sscd: bool,
    /// For seals.
    qc_eseal: bool,
    /// National policy of an organ's seal.
    organ_seal: bool,
    /// Certificate policies, dotted.
    policies: Vec<String>,
}

/// A timestamp (RFC 3161), judged.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes what `validate::Report` is as JSON")]
pub(crate) struct TimestampReport {
    /// `signature` or `document`.
    #[schema(example = "document")]
    kind: String,
    /// Field of a document timestamp.
    field: Option<String>,
    /// The time it gives: proof only if it passed.
    #[schema(format = DateTime)]
    time: Option<String>,
    /// The authority.
    authority: Option<String>,
    /// `TOTAL-PASSED`, `INDETERMINATE` or `TOTAL-FAILED`.
    #[schema(example = "TOTAL-PASSED")]
    indication: String,
    /// Why not passed.
    sub_indication: Option<String>,
}

/// Something that a later revision changed.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes what `validate::Report` is as JSON")]
pub(crate) struct ChangeReport {
    /// The later revision, from 1.
    revision: u32,
    /// `validation_data`, `form_fill`, `locked_field`, `annotations`, `page_content` or `structure`.
    #[schema(example = "form_fill")]
    class: String,
    /// The signature permits it.
    permitted: bool,
    /// The form field concerned.
    field: Option<String>,
    /// A sentence.
    text: String,
}

/// Who signed. Identifiers of natural persons are masked.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes what `validate::Report` is as JSON")]
pub(crate) struct SignedBy {
    /// Name of the seal, or of the person.
    name: String,
    /// The organisation.
    organisation: String,
    /// Its NIF.
    nif: Option<String>,
    /// Who issued the certificate.
    issuer: String,
    /// SHA-256 of the certificate, hexadecimal.
    fingerprint: String,
    /// DIR3 code of the organ for which the certificate is registered here.
    registered_for: Option<String>,
}

/// The answer of one rule.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes what `validate::Report` is as JSON")]
pub(crate) struct RuleFinding {
    /// The rule.
    #[schema(example = "C7")]
    rule: String,
    /// `passed`, `info`, `warning` or `failed`.
    #[schema(example = "failed")]
    severity: String,
    /// Byte offset it is about.
    offset: Option<u64>,
    /// Field of the signature it is about; absent when it is about the document.
    signature: Option<String>,
    /// The clause that asks for it.
    #[schema(example = "RFC 5652, 11.2")]
    clause: Option<String>,
    /// What it makes of the indication when it is broken; absent when it is held against nobody.
    #[schema(example = "HASH_FAILURE")]
    sub_indication: Option<String>,
    /// A sentence.
    text: String,
}

/// The copy that was issued: never its code.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes what `validate::Report` is as JSON")]
pub(crate) struct IssuedCopy {
    /// DIR3 code of the organ.
    organ: String,
    /// When it was issued.
    #[schema(format = DateTime)]
    issued_at: String,
    /// SHA-256 of the version that matched, hexadecimal.
    digest: String,
    /// Its length in bytes.
    size: u64,
    /// Which version, from 1.
    version: u32,
    /// How many versions there are.
    versions: u32,
    /// When the archive committed the copy: evidence that it existed, and no timestamp.
    #[schema(format = DateTime)]
    committed_at: String,
    /// What the version is made of, in order.
    parts: Vec<CopyPart>,
}

/// One part of a version of a copy.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes what `validate::Report` is as JSON")]
pub(crate) struct CopyPart {
    /// `copy`, `validation_data` or `timestamp`.
    #[schema(example = "timestamp")]
    kind: String,
    /// Where it ends: bytes from the beginning of the file.
    end: u64,
    /// The time that a timestamp gives.
    #[schema(format = DateTime)]
    time: Option<String>,
}

/// What was trusted when the file was judged.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes what `validate::Report` is as JSON")]
pub(crate) struct TrustState {
    /// For seals and signatures.
    seals: AnchorState,
    /// For time-stamp authorities.
    timestamps: AnchorState,
}

/// A set of anchors.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes what `validate::Report` is as JSON")]
pub(crate) struct AnchorState {
    /// How many; without any nothing can pass.
    anchors: usize,
    /// When it was put together, if that is known.
    #[schema(format = DateTime)]
    as_of: Option<String>,
}
