//! Did we issue exactly this? The answer comes from the archive's facts; the signatures are asked only
//! when the archive knows nothing of the file.

use super::evidence::{Addition, Evidence, IdentityFacts, KnownCopy, SignatureEvidence};
use super::report::{
    CopyPart, CopyPartKind, Indication, IssuedCopy, Report, RuleFinding, Verdict, Weight,
};

/// The rule under which the answer stands in the findings.
const RULE: &str = "identity";

/// Writes the answer into the report, its finding first.
pub(super) fn write(report: &mut Report, evidence: &Evidence) {
    let mut findings = Vec::new();
    report.verdict = match &evidence.identity {
        IdentityFacts::Version { copy, added } => {
            describe(report, copy, evidence);
            match added.as_ref().map(|added| (added.bytes, &added.judged)) {
                None => {
                    findings.push(finding(Weight::Passed, None, identical(report)));
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

/// The version, and what it is made of.
fn identical(report: &Report) -> String {
    let Some(copy) = report.copy.as_ref().filter(|copy| copy.version > 1) else {
        return "byte for byte the copy that was issued".to_owned();
    };
    let part = |part: &CopyPart| match (part.kind, part.time) {
        (CopyPartKind::Copy, _) => "the copy".to_owned(),
        (CopyPartKind::ValidationData, _) => "validation data".to_owned(),
        (CopyPartKind::Timestamp, Some(time)) => {
            format!("timestamp of {}", time.strftime("%Y-%m-%d"))
        }
        (CopyPartKind::Timestamp, None) => "timestamp".to_owned(),
    };
    let parts: Vec<String> = copy.parts.iter().map(part).collect();
    format!(
        "byte for byte version {} of {} of the copy that was issued, as it is kept for longer: {}",
        copy.version,
        copy.versions,
        parts.join(", "),
    )
}

/// What the matching version is made of: the revision with the seal and all before it, then each later one.
fn parts(evidence: &Evidence, copy: &KnownCopy) -> Vec<CopyPart> {
    let whole = |end| CopyPart {
        kind: CopyPartKind::Copy,
        end,
        time: None,
    };
    let sealed = evidence
        .signatures
        .iter()
        .filter_map(SignatureEvidence::end)
        .filter(|end| *end > copy.source_size && *end <= copy.size)
        .min();
    let (Some(survey), Some(sealed)) = (evidence.survey(), sealed) else {
        return vec![whole(copy.size)];
    };
    let later = survey.revisions.iter().enumerate();
    let later = later.filter(|(_, revision)| revision.end > sealed && revision.end <= copy.size);
    let later = later.map(|(index, revision)| {
        let mut timestamps = evidence.timestamps.iter();
        let timestamp = timestamps.find(|timestamp| timestamp.facts.revision == Some(index));
        CopyPart {
            kind: match timestamp {
                Some(_) => CopyPartKind::Timestamp,
                None => CopyPartKind::ValidationData,
            },
            end: revision.end,
            time: timestamp
                .and_then(|timestamp| timestamp.token.token.as_ref().ok())
                .map(|token| token.time),
        }
    });
    std::iter::once(whole(sealed)).chain(later).collect()
}

fn describe(report: &mut Report, copy: &KnownCopy, evidence: &Evidence) {
    report.status = Some(copy.status);
    report.copy = Some(IssuedCopy {
        organ: copy.organ.clone(),
        issued_at: copy.issued_at,
        digest: copy.digest,
        size: copy.size,
        version: copy.version,
        versions: copy.versions,
        committed_at: copy.committed_at,
        parts: parts(evidence, copy),
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
