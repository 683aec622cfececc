//! The use case: judge a PDF. Two questions, two answers, never mixed: *did we issue exactly this?*
//! ([`identity`]) and *is the signature sound?* ([`signature`]).
//!
//! What follows the bytes of a copy of ours is judged by a strict reader of its own ([`appended`]). A
//! foreign signature is passed only when it covers the whole file: this version does not judge what later
//! revisions of foreign files change.

pub mod appended;
pub mod identity;
pub mod own_copy;
mod ranges;
pub mod report;
mod signature;

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;

use crate::archive::{Archive, Identified, LookUp, RegisteredSeal};
use crate::model::{Dir3, Sha256Digest};
use crate::pdf::byte_range::signatures_in;
use crate::pki::Anchors;
use appended::{Appended, BaseFacts, Violation};
use identity::Identity;
pub use report::{Indication, Report, Verdict};
use report::{IssuedCopy, RuleFinding, SignatureReport, SubIndication, TrustState, Weight};
use signature::Judged;

/// Name of the rules by which files are judged here.
const POLICY: &str = "segell-simple-1";

/// Signatures of one file that are judged; more are reported as a failure.
const MAX_SIGNATURES: usize = 64;

/// Judges PDFs.
pub struct Validator {
    archive: Arc<Archive>,
    anchors: Arc<Anchors>,
    seals: BTreeMap<Sha256Digest, Dir3>,
}

impl Validator {
    /// With the archive that knows our copies, the issuers trusted for seals, and every seal that was
    /// ever registered here.
    pub fn new(archive: Arc<Archive>, anchors: Arc<Anchors>, seals: Vec<RegisteredSeal>) -> Self {
        let seals = seals
            .into_iter()
            .map(|seal| (seal.certificate.fingerprint, seal.organ))
            .collect();
        Self {
            archive,
            anchors,
            seals,
        }
    }

    /// Judges a file whose digest is known already, at a time. A verdict is never an error: whatever
    /// cannot be said is `undetermined` or `INDETERMINATE`.
    pub fn validate(&self, bytes: &[u8], digest: Sha256Digest, at: Timestamp) -> Report {
        let identity = identity::identify(&self.archive, bytes, digest, at);
        let added = added_to_a_copy(bytes, &identity);
        // Harmless additions are not held against the seal: it is judged over what was issued.
        let issued = match (&identity, &added) {
            (Identity::Prefix { len, .. }, Some(Ok(_))) => prefix(bytes, *len),
            _ => bytes,
        };
        let mut found = signatures_in(issued);
        let excess = found.len() > MAX_SIGNATURES;
        found.truncate(MAX_SIGNATURES);
        let judged: Vec<Judged> = found
            .into_iter()
            .map(|found| signature::judge(issued, found, &self.seals, &self.anchors, at))
            .collect();
        let registered = judged.iter().any(|judged| judged.registered);
        let mut report = Report {
            verdict: Verdict::NotOurs,
            status: None,
            indication: None,
            sub_indication: None,
            signatures: Vec::new(),
            timestamps: Vec::new(),
            findings: Vec::new(),
            copy: None,
            digest,
            size: bytes.len() as u64,
            revisions: None,
            trust: TrustState::default(),
            validation_time: at,
            policy: POLICY,
            software: concat!("segell ", env!("CARGO_PKG_VERSION")),
        };
        for judged in judged {
            report.signatures.push(judged.report);
            report.findings.extend(judged.findings);
        }
        if excess {
            report.findings.push(RuleFinding {
                rule: "limit",
                severity: Weight::Failed,
                offset: None,
                signature: None,
                clause: None,
                text: format!("more than {MAX_SIGNATURES} signatures; the rest was not judged"),
            });
        }
        overall(&mut report, excess);
        answer(&mut report, identity, added, registered);
        report
    }
}

/// The worst over all signatures.
fn overall(report: &mut Report, excess: bool) {
    let worst: Option<&SignatureReport> = report.signatures.iter().reduce(|worst, next| {
        if next.indication > worst.indication {
            next
        } else {
            worst
        }
    });
    report.indication = worst.map(|worst| worst.indication);
    report.sub_indication = worst.and_then(|worst| worst.sub_indication);
    if excess {
        report.indication = Some(Indication::TotalFailed);
        report.sub_indication = Some(SubIndication::FormatFailure);
    }
}

/// Did we issue exactly this?
fn answer(
    report: &mut Report,
    identity: Identity,
    added: Option<Result<Appended, Violation>>,
    registered: bool,
) {
    let (verdict, severity, offset, text) = match identity {
        Identity::Whole(identified) => {
            let digest = report.digest;
            match describe(report, identified, digest) {
                true => (
                    Verdict::Identical,
                    Weight::Passed,
                    None,
                    "byte for byte the copy that was issued".to_owned(),
                ),
                false => {
                    undetermined("the copy is known and not committed yet; ask again in a moment")
                }
            }
        }
        Identity::Prefix {
            identified,
            len,
            digest,
        } => {
            let bytes = report.size.saturating_sub(len);
            match (describe(report, identified, digest), added) {
                (false, _) => {
                    undetermined("the copy is known and not committed yet; ask again in a moment")
                }
                (true, Some(Ok(appended))) => (
                    Verdict::Extended,
                    Weight::Warning,
                    Some(len),
                    format!(
                        "the copy that was issued, and {bytes} byte(s) in {} revision(s) that somebody \
                         added: validation data and timestamps only, which were not verified",
                        appended.revisions.len()
                    ),
                ),
                (true, Some(Err(violation))) => {
                    report.findings.push(RuleFinding {
                        rule: violation.rule.as_str(),
                        severity: Weight::Failed,
                        offset: Some(violation.offset),
                        signature: None,
                        clause: None,
                        text: violation.text.to_owned(),
                    });
                    altered(len, bytes)
                }
                (true, None) => altered(len, bytes),
            }
        }
        Identity::Unknown if registered => match report.indication {
            Some(Indication::TotalFailed) => (
                Verdict::Altered,
                Weight::Failed,
                None,
                "a seal of ours over content that is not what it sealed".to_owned(),
            ),
            Some(Indication::TotalPassed) => (
                Verdict::SealedNotRegistered,
                Weight::Warning,
                None,
                "soundly sealed with a seal of ours, and not in the archive; tell the operator"
                    .to_owned(),
            ),
            Some(Indication::Indeterminate) | None => undetermined(
                "a seal of ours that cannot be judged to the end, and not in the archive",
            ),
        },
        Identity::Unknown => (
            Verdict::NotOurs,
            Weight::Info,
            None,
            "not a copy that was issued here".to_owned(),
        ),
        Identity::Silent => {
            undetermined("the archive cannot be asked now; this says nothing about the document")
        }
    };
    report.verdict = verdict;
    report.findings.insert(
        0,
        RuleFinding {
            rule: "identity",
            severity,
            offset,
            signature: None,
            clause: None,
            text,
        },
    );
}

fn altered(len: u64, added: u64) -> (Verdict, Weight, Option<u64>, String) {
    (
        Verdict::Altered,
        Weight::Failed,
        Some(len),
        format!("{added} byte(s) were added to the copy that was issued"),
    )
}

/// What follows a copy of ours in `bytes`, judged; `None` when nothing of ours is at its beginning.
fn added_to_a_copy(bytes: &[u8], identity: &Identity) -> Option<Result<Appended, Violation>> {
    let Identity::Prefix { len, .. } = identity else {
        return None;
    };
    let base = prefix(bytes, *len);
    let suffix = bytes.get(base.len()..).unwrap_or_default();
    Some(BaseFacts::read(base).and_then(|facts| appended::judge(base, suffix, &facts)))
}

/// The first `len` bytes.
fn prefix(bytes: &[u8], len: u64) -> &[u8] {
    usize::try_from(len)
        .ok()
        .and_then(|len| bytes.get(..len))
        .unwrap_or(bytes)
}

fn undetermined(text: &str) -> (Verdict, Weight, Option<u64>, String) {
    (
        Verdict::Undetermined,
        Weight::Warning,
        None,
        text.to_owned(),
    )
}

/// Fills in what is known of the copy; `false` when it is not committed yet.
fn describe(report: &mut Report, identified: Identified, digest: Sha256Digest) -> bool {
    let LookUp::Committed { record, status } = identified.copy else {
        return false;
    };
    for signature in &mut report.signatures {
        if signature.role == report::Role::CopySeal {
            signature.time = Some(record.committed_at);
        }
    }
    report.status = Some(status);
    report.copy = Some(IssuedCopy {
        organ: record.intent.organ.clone(),
        issued_at: record.intent.issued_at,
        digest,
        size: record.document.size,
        version: identified.version,
    });
    true
}
