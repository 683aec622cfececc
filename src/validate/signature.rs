//! Is a signature sound? One signature of a file, its evidence collected and judged rule by rule.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::ranges;
use super::report::{
    ClaimsReport, Indication, Role, RuleFinding, SignatureLevel, SignatureReport, SignedBy,
    SubIndication, Weight,
};
use crate::cades::CmsEvidence;
use crate::model::{Dir3, Sha256Digest};
use crate::pdf::byte_range::{ByteRangeDefect, FoundSignature};
use crate::pki::verify::{certificate_facts, chain_to_anchor};
use crate::pki::{Anchors, CertificateFacts, ChainOutcome};

/// What is known of one signature before it is judged.
struct Evidence {
    found: FoundSignature,
    covers_whole_file: bool,
    cms: CmsEvidence,
    digest_known: bool,
    digest_matches: bool,
    certificate: Option<CertificateFacts>,
    chain: Option<ChainOutcome>,
    registered_for: Option<Dir3>,
}

/// A signature judged, and whether a seal registered here made it.
pub(super) struct Judged {
    pub(super) report: SignatureReport,
    pub(super) findings: Vec<RuleFinding>,
    pub(super) registered: bool,
}

/// Judges what was found at one `/ByteRange`.
pub(super) fn judge(
    bytes: &[u8],
    found: Result<FoundSignature, ByteRangeDefect>,
    seals: &BTreeMap<Sha256Digest, Dir3>,
    anchors: &Anchors,
    at: Timestamp,
) -> Judged {
    let found = match found {
        Ok(found) => found,
        Err(defect) => return malformed(rule_of(defect), None, defect.to_string()),
    };
    let offset = found.byte_range.hole_start;
    match collect(bytes, found, seals, anchors, at) {
        Ok(evidence) => assess(&evidence),
        Err(text) => malformed("C1", Some(offset), text),
    }
}

fn collect(
    bytes: &[u8],
    found: FoundSignature,
    seals: &BTreeMap<Sha256Digest, Dir3>,
    anchors: &Anchors,
    at: Timestamp,
) -> Result<Evidence, String> {
    let range = found.byte_range;
    let part = |from: u64, to: u64| {
        let from = usize::try_from(from).ok()?;
        bytes.get(from..usize::try_from(to).ok()?)
    };
    let parts = (
        part(0, range.hole_start),
        part(range.hole_start, range.hole_end),
        part(range.hole_end, range.end),
    );
    let (Some(before), Some(hole), Some(after)) = parts else {
        return Err("the byte range leaves the file".to_owned());
    };
    let contents = ranges::decode_hole(hole)
        .ok_or_else(|| "the hole is not one hexadecimal string".to_owned())?;
    let cms = CmsEvidence::collect(&contents).map_err(|error| error.to_string())?;
    let digest = ranges::digest(&cms.digest_algorithm, &[before, after]);
    let certificate = cms
        .signer_certificate
        .as_deref()
        .and_then(|der| certificate_facts(der).ok());
    let chain = cms
        .signer_certificate
        .as_deref()
        .and_then(|leaf| chain_to_anchor(leaf, &cms.certificates, anchors, at).ok());
    let registered_for = certificate
        .as_ref()
        .and_then(|facts| seals.get(&facts.fingerprint).cloned());
    Ok(Evidence {
        covers_whole_file: range.end == bytes.len() as u64,
        digest_known: digest.is_some(),
        digest_matches: digest.is_some() && cms.message_digest.as_deref() == digest.as_deref(),
        found,
        cms,
        certificate,
        chain,
        registered_for,
    })
}

/// A rule over the evidence: whether it holds, and what it means when it does not.
struct Rule {
    name: &'static str,
    held: bool,
    indication: Indication,
    sub_indication: SubIndication,
    broken: &'static str,
}

fn assess(evidence: &Evidence) -> Judged {
    let rules = rules(evidence);
    let offset = Some(evidence.found.byte_range.hole_start);
    let findings = rules
        .iter()
        .filter(|rule| !rule.held)
        .map(|rule| RuleFinding {
            rule: rule.name,
            severity: match rule.indication {
                Indication::TotalFailed => Weight::Failed,
                Indication::Indeterminate | Indication::TotalPassed => Weight::Warning,
            },
            offset,
            signature: None,
            clause: None,
            text: rule.broken.to_owned(),
        })
        .collect();
    let worst = rules
        .iter()
        .filter(|rule| !rule.held)
        .reduce(|worst, rule| {
            if rule.indication > worst.indication {
                rule
            } else {
                worst
            }
        });
    let (indication, sub_indication) = worst.map_or((Indication::TotalPassed, None), |rule| {
        (rule.indication, Some(rule.sub_indication))
    });
    let registered = evidence.registered_for.is_some();
    let signed_by = evidence.certificate.as_ref().map(|facts| SignedBy {
        name: facts.common_name.clone(),
        organisation: facts.organisation.clone(),
        nif: facts.nif.clone(),
        issuer: facts.issuer.clone(),
        fingerprint: facts.fingerprint,
        registered_for: evidence.registered_for.clone(),
    });
    Judged {
        report: SignatureReport {
            field: format!("@{}", evidence.found.byte_range.hole_start),
            role: if registered {
                Role::CopySeal
            } else {
                Role::Signature
            },
            counts: true,
            level: (indication == Indication::TotalPassed).then_some(SignatureLevel::BB),
            indication,
            sub_indication,
            signed_by,
            time: None,
            time_proof: None,
            best_signature_time: None,
            timestamps: Vec::new(),
            claims: ClaimsReport::default(),
            qualification: None,
            covers_whole_file: evidence.covers_whole_file,
            revision: None,
            certification: None,
            changes: Vec::new(),
        },
        findings,
        registered,
    }
}

fn rules(evidence: &Evidence) -> Vec<Rule> {
    use Indication::{Indeterminate, TotalFailed};
    let cms = &evidence.cms;
    let rule = |name, held, indication, sub_indication, broken| Rule {
        name,
        held,
        indication,
        sub_indication,
        broken,
    };
    let mut rules = vec![
        rule(
            "C5",
            cms.signers == 1,
            TotalFailed,
            SubIndication::FormatFailure,
            "the signature does not have exactly one signer",
        ),
        rule(
            "C3",
            cms.detached && cms.content_type_is_data,
            TotalFailed,
            SubIndication::FormatFailure,
            "the signature is not a detached signature over plain data",
        ),
        rule(
            "C15",
            cms.padding_is_zero,
            TotalFailed,
            SubIndication::FormatFailure,
            "something other than zeros stands after the signature in its hole",
        ),
        rule(
            "C10",
            evidence.digest_known && cms.signature_verifiable,
            Indeterminate,
            SubIndication::SigConstraintsFailure,
            "a digest algorithm that this version does not judge",
        ),
        rule(
            "C7",
            evidence.digest_matches || !evidence.digest_known,
            TotalFailed,
            SubIndication::HashFailure,
            "the document is not the one that was signed",
        ),
        rule(
            "C13",
            cms.signature_verifies || !cms.signature_verifiable,
            TotalFailed,
            SubIndication::SigCryptoFailure,
            "the signature value does not verify",
        ),
        rule(
            "C8",
            cms.signing_certificate_matches == Some(true),
            Indeterminate,
            SubIndication::NoSigningCertificateFound,
            "the signature does not name its certificate by signing-certificate-v2",
        ),
        rule(
            "B6",
            evidence.covers_whole_file,
            Indeterminate,
            SubIndication::SigConstraintsFailure,
            "bytes follow the signed part; this version does not judge what they change",
        ),
        rule(
            "C6",
            !cms.signing_time,
            Indeterminate,
            SubIndication::SigConstraintsFailure,
            "a signing-time attribute, which PAdES does not allow",
        ),
    ];
    rules.push(chain_rule(evidence.chain.as_ref()));
    rules
}

fn chain_rule(outcome: Option<&ChainOutcome>) -> Rule {
    let (sub_indication, broken) = match outcome {
        None => (
            SubIndication::NoSigningCertificateFound,
            "the signer's certificate is not in the signature, or cannot be read",
        ),
        Some(
            ChainOutcome::Trusted
            | ChainOutcome::Untrusted { .. }
            | ChainOutcome::Incomplete { .. }
            | ChainOutcome::Broken { .. },
        ) => (
            SubIndication::NoCertificateChainFound,
            "the certificate leads to no anchor configured here",
        ),
        Some(ChainOutcome::Expired) => (
            SubIndication::OutOfBoundsNoPoe,
            "the certificate has expired, and nothing proves that the signature is older",
        ),
        Some(ChainOutcome::NotYetValid) => (
            SubIndication::NotYetValid,
            "the certificate is not valid yet",
        ),
    };
    Rule {
        name: "chain",
        held: outcome == Some(&ChainOutcome::Trusted),
        indication: Indication::Indeterminate,
        sub_indication,
        broken,
    }
}

/// What has the look of a signature and cannot be verified is a failure, never skipped.
fn malformed(rule: &'static str, offset: Option<u64>, text: String) -> Judged {
    Judged {
        report: SignatureReport {
            field: offset.map_or_else(|| "?".to_owned(), |offset| format!("@{offset}")),
            role: Role::Signature,
            counts: true,
            level: None,
            indication: Indication::TotalFailed,
            sub_indication: Some(SubIndication::FormatFailure),
            signed_by: None,
            time: None,
            time_proof: None,
            best_signature_time: None,
            timestamps: Vec::new(),
            claims: ClaimsReport::default(),
            qualification: None,
            covers_whole_file: false,
            revision: None,
            certification: None,
            changes: Vec::new(),
        },
        findings: vec![RuleFinding {
            rule,
            severity: Weight::Failed,
            offset,
            signature: None,
            clause: None,
            text,
        }],
        registered: false,
    }
}

/// The rule that a byte range breaks.
const fn rule_of(defect: ByteRangeDefect) -> &'static str {
    match defect {
        ByteRangeDefect::NotFourNumbers
        | ByteRangeDefect::NoDictionary
        | ByteRangeDefect::InObjectStream
        | ByteRangeDefect::RepeatedKey => "B1",
        ByteRangeDefect::NotFromStart
        | ByteRangeDefect::NotAscending
        | ByteRangeDefect::BeyondFile => "B2",
        ByteRangeDefect::HoleIsNotContents => "B3",
        ByteRangeDefect::NoContents => "B4",
        ByteRangeDefect::NotAtRevisionEnd => "B6",
        ByteRangeDefect::Repeated => "C16",
    }
}
