//! The use case: judge a PDF. Two questions, two answers, never mixed: *did we issue exactly this?*
//! ([`identity`]) and *is the signature sound?* ([`signature`]).
//!
//! This version judges copies of our own: anything that follows a copy's bytes counts as an alteration,
//! and a foreign signature is passed only when it covers the whole file.

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
use identity::Identity;
pub use report::{Indication, Report, Verdict};
use report::{IssuedCopy, RuleFinding, SignatureReport, SubIndication, Weight};
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
        let mut found = signatures_in(bytes);
        let excess = found.len() > MAX_SIGNATURES;
        found.truncate(MAX_SIGNATURES);
        let judged: Vec<Judged> = found
            .into_iter()
            .map(|found| signature::judge(bytes, found, &self.seals, &self.anchors, at))
            .collect();
        let registered = judged.iter().any(|judged| judged.registered);
        let mut report = Report {
            verdict: Verdict::NotOurs,
            status: None,
            indication: None,
            sub_indication: None,
            signatures: Vec::new(),
            findings: Vec::new(),
            copy: None,
            digest,
            size: bytes.len() as u64,
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
                text: format!("more than {MAX_SIGNATURES} signatures; the rest was not judged"),
            });
        }
        overall(&mut report, excess);
        answer(&mut report, identity, registered);
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
fn answer(report: &mut Report, identity: Identity, registered: bool) {
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
            let added = report.size.saturating_sub(len);
            match describe(report, identified, digest) {
                true => (
                    Verdict::Altered,
                    Weight::Failed,
                    Some(len),
                    format!("{added} byte(s) were added to the copy that was issued"),
                ),
                false => {
                    undetermined("the copy is known and not committed yet; ask again in a moment")
                }
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
            text,
        },
    );
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
