//! Did we issue exactly this? The answer comes from the archive's facts; the signatures are asked only
//! when the archive knows nothing of the file.

use super::evidence::{Addition, Evidence, IdentityFacts, KnownCopy};
use super::report::{Indication, IssuedCopy, Report, RuleFinding, Verdict, Weight};

/// The rule under which the answer stands in the findings.
const RULE: &str = "identity";

/// Writes the answer into the report, its finding first.
pub(super) fn write(report: &mut Report, evidence: &Evidence) {
    let mut findings = Vec::new();
    report.verdict = match &evidence.identity {
        IdentityFacts::Version { copy, added } => {
            describe(report, copy);
            match added.as_ref().map(|added| (added.bytes, &added.judged)) {
                None => {
                    findings.push(finding(
                        Weight::Passed,
                        None,
                        "byte for byte the copy that was issued",
                    ));
                    Verdict::Identical
                }
                Some((bytes, Addition::Harmless { revisions })) => {
                    findings.push(finding(
                        Weight::Warning,
                        Some(copy.size),
                        format!(
                            "the copy that was issued, and {bytes} byte(s) in {revisions} revision(s) \
                             that somebody added: validation data and timestamps only"
                        ),
                    ));
                    Verdict::Extended
                }
                Some((bytes, Addition::Refused { rule, offset, text })) => {
                    findings.push(finding(
                        Weight::Failed,
                        Some(copy.size),
                        format!("{bytes} byte(s) were added to the copy that was issued"),
                    ));
                    findings.push(RuleFinding {
                        rule: rule.as_str(),
                        ..finding(Weight::Failed, Some(*offset), text.clone())
                    });
                    Verdict::Altered
                }
            }
        }
        IdentityFacts::Uncommitted => {
            findings.push(finding(
                Weight::Warning,
                None,
                "the copy is known and not committed yet; ask again in a moment",
            ));
            Verdict::Undetermined
        }
        IdentityFacts::Silent => {
            findings.push(finding(
                Weight::Warning,
                None,
                "the archive cannot be asked now; this says nothing about the document",
            ));
            Verdict::Undetermined
        }
        IdentityFacts::Unknown => {
            let (verdict, weight, text) = unknown(report, evidence);
            findings.push(finding(weight, None, text));
            verdict
        }
    };
    report.findings.splice(0..0, findings);
}

/// The archive does not know the file. Only a seal registered here makes it ours at all.
fn unknown(report: &Report, evidence: &Evidence) -> (Verdict, Weight, &'static str) {
    let registered = evidence
        .signatures
        .iter()
        .any(|signature| signature.registered_for.is_some());
    if !registered {
        return (
            Verdict::NotOurs,
            Weight::Info,
            "not a copy that was issued here",
        );
    }
    match report.indication {
        Some(Indication::TotalFailed) => (
            Verdict::Altered,
            Weight::Failed,
            "a seal of ours over content that is not what it sealed",
        ),
        Some(Indication::TotalPassed) => (
            Verdict::SealedNotRegistered,
            Weight::Warning,
            "soundly sealed with a seal of ours, and not in the archive; tell the operator",
        ),
        Some(Indication::Indeterminate) | None => (
            Verdict::Undetermined,
            Weight::Warning,
            "a seal of ours that cannot be judged to the end, and not in the archive",
        ),
    }
}

fn describe(report: &mut Report, copy: &KnownCopy) {
    report.status = Some(copy.status);
    report.copy = Some(IssuedCopy {
        organ: copy.organ.clone(),
        issued_at: copy.issued_at,
        digest: copy.digest,
        size: copy.size,
        version: copy.version,
    });
}

fn finding(severity: Weight, offset: Option<u64>, text: impl Into<String>) -> RuleFinding {
    RuleFinding {
        rule: RULE,
        severity,
        offset,
        signature: None,
        clause: None,
        sub_indication: None,
        text: text.into(),
    }
}
