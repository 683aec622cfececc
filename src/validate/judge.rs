//! From evidence to report: nothing is read here and nothing looked up.

use jiff::Timestamp;

use super::case::{Case, role};
use super::chain::{self, Purpose, Question};
use super::checks::document::{self, Whole};
use super::checks::{Judgement, acceptance, changes, cryptographic, format, identification};
use super::evidence::{Evidence, SignatureEvidence};
use super::policy::Policy;
use super::report::{
    ChangeReport, ClaimsReport, Indication, Report, Role, SignatureReport, SubIndication,
    TimeProof, Verdict,
};
use super::timeline::Timeline;
use super::{Options, SOFTWARE, answer, level, signer};
use crate::pdf::signed::Claims;

/// Changes of one signature that are listed; all are judged.
const MAX_CHANGES: usize = 100;

/// Judges the evidence.
pub(super) fn report(evidence: &Evidence, options: &Options) -> Report {
    let at = options.validation_time.unwrap_or(evidence.collected_at);
    let policy = options.policy;
    let timeline = Timeline::judge(evidence, policy, at);
    let mut report = Report {
        verdict: Verdict::NotOurs,
        status: None,
        indication: None,
        sub_indication: None,
        signatures: Vec::new(),
        timestamps: Vec::new(),
        findings: Vec::new(),
        copy: None,
        digest: evidence.digest,
        size: evidence.size,
        revisions: evidence
            .survey()
            .and_then(|survey| u32::try_from(survey.revisions.len()).ok()),
        validation_time: at,
        policy: policy.name,
        trust: evidence.trust.clone(),
        software: SOFTWARE,
    };
    let roles: Vec<Role> = evidence
        .signatures
        .iter()
        .map(|signature| role(evidence, signature))
        .collect();
    let whole = whole(evidence, &roles, &timeline);
    report.findings.extend(whole.findings.clone());
    for (_, token) in &timeline.documents {
        report.timestamps.push(token.report());
        report.findings.extend(token.judgement.findings.clone());
    }
    for (signature, role) in evidence.signatures.iter().zip(roles) {
        let (judged, judgement) = judge(evidence, signature, role, &timeline, policy, at);
        report.signatures.push(judged);
        report.findings.extend(judgement.findings);
    }
    (report.indication, report.sub_indication) = overall(&report, &whole);
    answer::write(&mut report, evidence);
    report
}

/// The rules about the document as a whole.
fn whole(evidence: &Evidence, roles: &[Role], timeline: &Timeline) -> Judgement {
    let documents = timeline.documents.iter();
    let case = Whole {
        evidence,
        roles,
        broken_timestamps: documents.filter(|(_, token)| token.is_broken()).count(),
    };
    let mut judgement = Judgement::about(None, None);
    judgement.ask(document::ALWAYS, |rule| rule(&case));
    if !evidence.signatures.is_empty() || !evidence.timestamps.is_empty() {
        judgement.ask(document::SIGNED, |rule| rule(&case));
    }
    judgement
}

/// The worst over all signatures that count and over the document; nothing when nothing signs, unless
/// something pretends to.
fn overall(report: &Report, whole: &Judgement) -> (Option<Indication>, Option<SubIndication>) {
    let signatures = report.signatures.iter().filter(|judged| judged.counts);
    let all = signatures
        .map(|judged| (judged.indication, judged.sub_indication))
        .reduce(|worst, next| if next.0 > worst.0 { next } else { worst });
    match all {
        Some(worst) if worst.0 >= whole.indication => (Some(worst.0), worst.1),
        None if whole.passed() || report.signatures.is_empty() && !pretends(whole) => (None, None),
        _ => (Some(whole.indication), whole.sub_indication),
    }
}

/// Something in an unsigned document looks like a signature.
fn pretends(whole: &Judgement) -> bool {
    whole.indication == Indication::TotalFailed
}

/// Judges one signature, block by block.
fn judge(
    evidence: &Evidence,
    signature: &SignatureEvidence,
    role: Role,
    timeline: &Timeline,
    policy: &'static Policy,
    at: Timestamp,
) -> (SignatureReport, Judgement) {
    let time = timeline.of(evidence, signature);
    let case = Case {
        evidence,
        signature,
        role,
        policy,
        at,
        time: &time,
    };
    let facts = &signature.facts;
    let mut judgement = Judgement::about(Some(facts.field.clone()), Some(signature.offset()));
    judgement.ask(format::RULES, |rule| rule(&case));
    judgement.ask(identification::RULES, |rule| rule(&case));
    let has_certificate = |signature: &SignatureEvidence| {
        let cms = signature.cms.as_ref();
        cms.is_ok_and(|cms| cms.signer_certificate.is_some())
    };
    if has_certificate(signature) {
        let question = Question {
            purpose: Purpose::Signing,
            policy,
            now: at,
            time: time.best(),
            made_after: time.made_after(),
            stamped: None,
        };
        chain::ask(&signature.paths, &question, &mut judgement);
    }
    judgement.ask(cryptographic::RULES, |rule| rule(&case));
    judgement.ask(acceptance::RULES, |rule| rule(&case));
    judgement.ask(changes::RULES, |rule| rule(&case));
    judgement.findings.extend(
        time.tokens()
            .flat_map(|token| token.judgement.findings.clone()),
    );

    let best = time.best();
    let committed = evidence.identity.copy().map(|copy| copy.committed_at);
    let (proven, time_proof) = match (best.proved, role, committed) {
        (true, _, _) => (Some(best.at), Some(TimeProof::Timestamp)),
        (false, Role::CopySeal, Some(committed)) => (Some(committed), Some(TimeProof::Archive)),
        (false, _, _) => (None, None),
    };
    let certificate = signature.paths.first().and_then(|path| path.links.first());
    let report = SignatureReport {
        field: facts.field.clone(),
        role,
        counts: role != Role::SourceSignature,
        level: level::level(evidence, signature)
            .filter(|_| judgement.indication != Indication::TotalFailed),
        indication: judgement.indication,
        sub_indication: judgement.sub_indication,
        signed_by: certificate
            .map(|link| signer::signed_by(&link.facts, signature.registered_for.as_ref())),
        time: proven,
        time_proof,
        best_signature_time: signature.cms.is_ok().then_some(best.at),
        timestamps: time.reports,
        claims: claims(&facts.claims),
        qualification: certificate.map(|link| signer::qualification(&link.facts)),
        covers_whole_file: signature.end() == Some(evidence.size),
        revision: facts.revision.map(from_one),
        certification: facts.doc_mdp,
        changes: changed(signature),
    };
    (report, judgement)
}

fn claims(claims: &Claims) -> ClaimsReport {
    ClaimsReport {
        time: claims.time,
        name: claims.name.as_deref().map(signer::mask),
        reason: claims.reason.as_deref().map(signer::mask),
        location: claims.location.clone(),
    }
}

/// What later revisions changed, the worst first as far as the list is cut.
fn changed(signature: &SignatureEvidence) -> Vec<ChangeReport> {
    let facts = &signature.facts;
    facts
        .changes
        .iter()
        .take(MAX_CHANGES)
        .map(|change| ChangeReport {
            revision: from_one(change.revision),
            class: change.class,
            permitted: changes::permission(facts.doc_mdp, change.class)
                == changes::Permission::Permitted,
            field: change.field.clone(),
            text: change.text.clone(),
        })
        .collect()
}

/// An index as people count.
fn from_one(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX).saturating_add(1)
}
