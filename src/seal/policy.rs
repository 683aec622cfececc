//! What was found in a source, judged by what its organ has decided.

use crate::archive::{Finding, Severity};
use crate::model::policy::{
    Admission, AnnotationsOutside, EarlierRevisions, Policy, Restricted, SourceSignatures,
};
use crate::model::{Indication, SourceSignature, SubIndication};
use crate::pdf::SourceFacts;
use crate::pdf::facts::CrossReference;
use crate::validate;

/// Findings about a source, refusals first in the order in which they are named to the caller.
/// `signatures` are those of the source, judged by [`crate::validate`]; `rule` is what becomes of them.
pub fn judge(
    facts: &SourceFacts,
    policy: &Policy,
    rule: SourceSignatures,
    signatures: &validate::SourceSignatures,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    restricted(facts, policy, &mut findings);
    xfa(facts, policy, &mut findings);
    active_content(facts, policy, &mut findings);
    signed(facts, rule, signatures, &mut findings);
    history(facts, policy, &mut findings);
    structure(facts, &mut findings);
    annotations(facts, policy, &mut findings);
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    findings
}

/// Whether any of them stops the copy.
pub fn refuses(findings: &[Finding]) -> bool {
    findings
        .iter()
        .any(|finding| finding.severity == Severity::Refusal)
}

fn finding(rule: &str, severity: Severity, page: Option<u32>, text: String) -> Finding {
    Finding {
        rule: rule.to_owned(),
        severity,
        page,
        text,
    }
}

fn restricted(facts: &SourceFacts, policy: &Policy, findings: &mut Vec<Finding>) {
    let Some(encryption) = &facts.encryption else {
        return;
    };
    let (severity, text) = match (encryption.restricted, policy.restricted) {
        (true, Restricted::Refuse) => (
            Severity::Refusal,
            "the author has restricted changes with an owner password",
        ),
        (true, Restricted::Seal) => (
            Severity::Warning,
            "the author has restricted changes with an owner password; the organ seals such documents",
        ),
        (false, _) => (Severity::Info, "encrypted, and opens without a password"),
    };
    let rule = if encryption.restricted {
        "pdf-restricted"
    } else {
        "encrypted"
    };
    findings.push(finding(
        rule,
        severity,
        None,
        format!("{text} ({})", encryption.cipher),
    ));
}

const fn admitted(admission: Admission) -> Severity {
    match admission {
        Admission::Refuse => Severity::Refusal,
        Admission::Allow => Severity::Warning,
    }
}

fn xfa(facts: &SourceFacts, policy: &Policy, findings: &mut Vec<Finding>) {
    if facts.xfa {
        findings.push(finding(
            "pdf-xfa",
            admitted(policy.xfa),
            None,
            "the document is an XFA form, which readers show differently".to_owned(),
        ));
    }
}

fn active_content(facts: &SourceFacts, policy: &Policy, findings: &mut Vec<Finding>) {
    for active in &facts.active_content {
        findings.push(finding(
            "pdf-active-content",
            admitted(policy.active_content),
            active.page,
            format!("the document acts by itself ({})", active.action),
        ));
    }
}

/// Sources that are already signed (DESIGN §10).
fn signed(
    facts: &SourceFacts,
    rule: SourceSignatures,
    judged: &validate::SourceSignatures,
    findings: &mut Vec<Finding>,
) {
    if facts.signatures == 0 {
        return;
    }
    let mut note =
        |rule, severity, text: String| findings.push(finding(rule, severity, None, text));
    if rule == SourceSignatures::Refuse {
        return note(
            "source-signed",
            Severity::Refusal,
            format!(
                "the document carries {} signature(s), and signed documents are refused here",
                facts.signatures
            ),
        );
    }
    let Some(whole) = judged.indication else {
        return note(
            "source-signature",
            Severity::Info,
            "nobody signed the document; the timestamps in it stay in the source".to_owned(),
        );
    };
    let signatures = &judged.signatures;
    for signature in signatures {
        let severity = weight(rule, signature.indication);
        note(signature_rule(severity), severity, describe(signature));
    }
    let worst = signatures
        .iter()
        .map(|signature| signature.indication)
        .max();
    if worst.is_none_or(|worst| whole > worst) {
        let severity = weight(rule, whole);
        let result = result(whole, judged.sub_indication);
        note(
            signature_rule(severity),
            severity,
            format!("as a whole, the signed document is {result}"),
        );
    }
}

/// What a signature with this indication means for the copy.
const fn weight(rule: SourceSignatures, indication: Indication) -> Severity {
    match (rule, indication) {
        (SourceSignatures::Refuse, _)
        | (SourceSignatures::Require, Indication::Indeterminate | Indication::TotalFailed)
        | (SourceSignatures::Accept, Indication::TotalFailed) => Severity::Refusal,
        (SourceSignatures::Accept | SourceSignatures::Record, Indication::Indeterminate)
        | (SourceSignatures::Record, Indication::TotalFailed) => Severity::Warning,
        (_, Indication::TotalPassed) => Severity::Info,
    }
}

const fn signature_rule(severity: Severity) -> &'static str {
    match severity {
        Severity::Refusal => "source-signature-invalid",
        Severity::Warning | Severity::Info => "source-signature",
    }
}

fn describe(signature: &SourceSignature) -> String {
    let by = signature
        .signed_by
        .as_ref()
        .map(|signer| format!(" by {}", signer.name))
        .unwrap_or_default();
    let result = result(signature.indication, signature.sub_indication);
    format!(
        "the document's signature {}{by} is {result}",
        signature.field
    )
}

fn result(indication: Indication, why: Option<SubIndication>) -> String {
    match why {
        Some(why) => format!("{indication} ({why})"),
        None => indication.to_string(),
    }
}

fn history(facts: &SourceFacts, policy: &Policy, findings: &mut Vec<Finding>) {
    let severity = match policy.earlier_revisions {
        EarlierRevisions::Report => Severity::Info,
        EarlierRevisions::Refuse => Severity::Refusal,
    };
    if facts.earlier_revisions > 0 || facts.unreachable_objects > 0 {
        findings.push(finding(
            "pdf-earlier-revisions",
            severity,
            None,
            format!(
                "the file holds {} earlier revision(s) and {} object(s) that its pages do not show; \
                 whoever gets the copy can read them",
                facts.earlier_revisions, facts.unreachable_objects
            ),
        ));
    }
}

fn structure(facts: &SourceFacts, findings: &mut Vec<Finding>) {
    let mut note = |rule, severity, text| findings.push(finding(rule, severity, None, text));
    if facts.cross_reference == CrossReference::Hybrid {
        note(
            "hybrid-xref",
            Severity::Info,
            "hybrid cross-reference file: some validators refuse to judge any signature in one, so the \
             copy ends with a complete section of its own".to_owned(),
        );
    }
    if let Some(repaired) = &facts.repaired {
        note(
            "damaged-xref",
            Severity::Warning,
            format!("the cross-reference data was damaged and rebuilt: {repaired}"),
        );
    }
    if facts.trailing_bytes > 0 {
        note(
            "trailing-bytes",
            Severity::Info,
            format!(
                "{} byte(s) stand after the end of the document",
                facts.trailing_bytes
            ),
        );
    }
    if facts.attachments > 0 {
        note(
            "attachments",
            Severity::Info,
            format!(
                "{} file(s) are attached and travel with the copy",
                facts.attachments
            ),
        );
    }
    if facts.form_fields > 0 {
        note(
            "form",
            Severity::Info,
            format!(
                "{} form field(s); the copy can no longer be filled in",
                facts.form_fields
            ),
        );
    }
    if facts.layers > 0 {
        note(
            "layers",
            Severity::Info,
            format!(
                "{} layer(s): what is shown may depend on the reader's settings",
                facts.layers
            ),
        );
    }
}

fn annotations(facts: &SourceFacts, policy: &Policy, findings: &mut Vec<Finding>) {
    let (severity, text) = match policy.annotations_outside {
        AnnotationsOutside::Flatten => (
            Severity::Info,
            "an annotation reaches outside the page; it is flattened inside it",
        ),
        AnnotationsOutside::Refuse => (Severity::Refusal, "an annotation reaches outside the page"),
    };
    for page in &facts.annotations_outside {
        findings.push(finding(
            "annotation-outside-page",
            severity,
            Some(*page),
            text.to_owned(),
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signature(indication: Indication) -> SourceSignature {
        SourceSignature {
            field: "Signature1".to_owned(),
            signed_by: None,
            claimed_time: None,
            time: None,
            indication,
            sub_indication: (indication != Indication::TotalPassed)
                .then_some(SubIndication::NoCertificateChainFound),
            level: None,
            covers_whole_file: true,
        }
    }

    /// Rules and severities of what is found in a source with these signatures.
    fn found(rule: SourceSignatures, judged: &[Indication]) -> Vec<(String, Severity)> {
        found_in(rule, 1, judged, judged.iter().copied().max())
    }

    fn found_in(
        rule: SourceSignatures,
        count: u32,
        judged: &[Indication],
        whole: Option<Indication>,
    ) -> Vec<(String, Severity)> {
        let facts = SourceFacts {
            signatures: count,
            ..SourceFacts::default()
        };
        let judged = validate::SourceSignatures {
            signatures: judged.iter().copied().map(signature).collect(),
            indication: whole,
            sub_indication: None,
        };
        judge(&facts, &Policy::default(), rule, &judged)
            .into_iter()
            .map(|finding| (finding.rule, finding.severity))
            .collect()
    }

    fn refusal() -> (String, Severity) {
        ("source-signature-invalid".to_owned(), Severity::Refusal)
    }

    fn note(severity: Severity) -> (String, Severity) {
        ("source-signature".to_owned(), severity)
    }

    #[test]
    fn each_rule_takes_what_it_says() {
        use Indication::{Indeterminate, TotalFailed, TotalPassed};
        use SourceSignatures::{Accept, Record, Require};
        for (rule, indication, expected) in [
            (Require, TotalPassed, note(Severity::Info)),
            (Require, Indeterminate, refusal()),
            (Require, TotalFailed, refusal()),
            (Accept, TotalPassed, note(Severity::Info)),
            (Accept, Indeterminate, note(Severity::Warning)),
            (Accept, TotalFailed, refusal()),
            (Record, TotalPassed, note(Severity::Info)),
            (Record, Indeterminate, note(Severity::Warning)),
            (Record, TotalFailed, note(Severity::Warning)),
        ] {
            let found = found(rule, &[indication]);
            assert_eq!(found, [expected], "{rule:?} {indication}");
        }
    }

    #[test]
    fn one_signature_that_is_not_accepted_is_enough() {
        let mixed = [Indication::TotalPassed, Indication::TotalFailed];
        assert_eq!(
            found(SourceSignatures::Accept, &mixed),
            [refusal(), note(Severity::Info)]
        );
    }

    #[test]
    fn a_refused_signature_is_not_even_judged() {
        let refused = [("source-signed".to_owned(), Severity::Refusal)];
        assert_eq!(found(SourceSignatures::Refuse, &[]), refused);
    }

    #[test]
    fn a_document_that_is_worse_than_its_signatures_counts_as_a_whole() {
        let passed = [Indication::TotalPassed];
        let failed = Some(Indication::TotalFailed);
        assert_eq!(
            found_in(SourceSignatures::Accept, 1, &passed, failed),
            [refusal(), note(Severity::Info)]
        );
        let unreadable = Some(Indication::Indeterminate);
        assert_eq!(
            found_in(SourceSignatures::Require, 1, &[], unreadable),
            [refusal()]
        );
    }

    #[test]
    fn timestamps_alone_are_no_signature() {
        let found = found_in(SourceSignatures::Require, 2, &[], None);
        assert_eq!(found, [note(Severity::Info)]);
    }

    #[test]
    fn an_unsigned_source_is_no_matter_of_this_rule() {
        for rule in [
            SourceSignatures::Require,
            SourceSignatures::Accept,
            SourceSignatures::Record,
            SourceSignatures::Refuse,
        ] {
            assert!(found_in(rule, 0, &[], None).is_empty());
        }
    }

    #[test]
    fn a_refusal_says_what_is_wrong_with_which_signature() {
        assert_eq!(
            describe(&signature(Indication::TotalFailed)),
            "the document's signature Signature1 is TOTAL-FAILED (NO_CERTIFICATE_CHAIN_FOUND)"
        );
    }
}
