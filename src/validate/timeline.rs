//! What the timestamps prove (EN 319 102-1, 5.4, 5.5 and 5.6): newest first, because a document
//! timestamp proves that everything it covers is older, the older timestamps included.

use jiff::Timestamp;

use super::chain::{self, Purpose, Question};
use super::checks::{Judgement, token};
use super::evidence::{DocumentTimestampEvidence, Evidence, SignatureEvidence, TokenEvidence};
use super::policy::Policy;
use super::report::{Indication, TimestampKind, TimestampReport};
use super::signer::mask;
use crate::pdf::signed::SignatureFacts;

/// A time for which something is judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ProvedTime {
    pub(super) at: Timestamp,
    /// A validated timestamp proves it; if not, it is the validation time.
    pub(super) proved: bool,
}

/// A timestamp in front of the rules.
pub(super) struct TokenCase<'a> {
    pub(super) token: &'a TokenEvidence,
    /// The dictionary of a document timestamp.
    pub(super) facts: Option<&'a SignatureFacts>,
    /// The document was read revision by revision.
    pub(super) surveyed: bool,
    pub(super) policy: &'static Policy,
    /// The validation time.
    pub(super) at: Timestamp,
    /// The time at which the token is proved to have existed.
    pub(super) known: ProvedTime,
}

/// A timestamp, judged.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct JudgedToken {
    kind: TimestampKind,
    field: Option<String>,
    /// The time it gives, when it can be read.
    time: Option<Timestamp>,
    authority: Option<String>,
    pub(super) judgement: Judgement,
}

impl JudgedToken {
    fn judge(
        kind: TimestampKind,
        subject: Option<String>,
        offset: u64,
        case: &TokenCase<'_>,
    ) -> Self {
        let mut judgement = Judgement::about(subject, Some(offset));
        judgement.ask(token::FORMAT, |rule| rule(case));
        judgement.ask(token::IDENTIFICATION, |rule| rule(case));
        let read = case.token.token.as_ref().ok();
        if read.is_some_and(|token| token.cms.signer_certificate.is_some()) {
            let question = Question {
                purpose: Purpose::TimeStamping,
                policy: case.policy,
                now: case.at,
                time: case.known,
                made_after: None,
                stamped: read.map(|token| token.time),
            };
            chain::ask(&case.token.paths, &question, &mut judgement);
        }
        judgement.ask(token::CRYPTOGRAPHIC, |rule| rule(case));
        judgement.ask(token::ACCEPTANCE, |rule| rule(case));
        let authority = case.token.paths.first().and_then(|path| path.links.first());
        Self {
            kind,
            field: case.facts.map(|facts| facts.field.clone()),
            time: read.map(|token| token.time),
            authority: authority.map(|link| mask(&link.facts.common_name)),
            judgement,
        }
    }

    /// It does not stamp what it should, or was not made by who it says.
    pub(super) fn is_broken(&self) -> bool {
        self.judgement.indication == Indication::TotalFailed
    }

    /// The time that it proves.
    fn proof(&self) -> Option<Timestamp> {
        self.time.filter(|_| self.judgement.passed())
    }

    pub(super) fn report(&self) -> TimestampReport {
        TimestampReport {
            kind: self.kind,
            field: self.field.clone(),
            time: self.time,
            authority: self.authority.clone(),
            indication: self.judgement.indication,
            sub_indication: self.judgement.sub_indication,
        }
    }
}

/// Every document timestamp, judged.
pub(super) struct Timeline {
    policy: &'static Policy,
    at: Timestamp,
    /// In the order of the evidence, with what each covers.
    pub(super) documents: Vec<(Covered, JudgedToken)>,
}

/// The bytes that a signature or a timestamp covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Covered {
    hole_start: u64,
    hole_end: u64,
    end: u64,
}

impl Covered {
    fn of(facts: &SignatureFacts) -> Option<Self> {
        let range = facts.byte_range.as_ref().ok()?;
        Some(Self {
            hole_start: range.hole_start,
            hole_end: range.hole_end,
            end: range.end,
        })
    }

    /// Whether the value of `other` lies in what this one covers.
    fn covers(self, other: Self) -> bool {
        other.end <= self.end
            && (other.hole_end <= self.hole_start || self.hole_end <= other.hole_start)
    }
}

impl Timeline {
    /// Judges the document timestamps of a file, newest first.
    pub(super) fn judge(evidence: &Evidence, policy: &'static Policy, at: Timestamp) -> Self {
        let mut order: Vec<usize> = (0..evidence.timestamps.len()).collect();
        let end = |index: &usize| {
            let timestamp = evidence.timestamps.get(*index);
            std::cmp::Reverse(timestamp.and_then(DocumentTimestampEvidence::end))
        };
        order.sort_by_key(end);
        let mut judged: Vec<(usize, Covered, JudgedToken)> = Vec::new();
        for index in order {
            let Some(timestamp) = evidence.timestamps.get(index) else {
                continue;
            };
            let facts = &timestamp.facts;
            // One with a wrong byte range covers nothing and is covered by nothing.
            let covered = Covered::of(facts).unwrap_or(Covered {
                hole_start: 0,
                hole_end: 0,
                end: u64::MAX,
            });
            let newer = judged.iter().filter(|(_, newer, _)| newer.covers(covered));
            let case = TokenCase {
                token: &timestamp.token,
                facts: Some(facts),
                surveyed: evidence.survey().is_some(),
                policy,
                at,
                known: earliest(at, newer.filter_map(|(_, _, token)| token.proof())),
            };
            let token = JudgedToken::judge(
                TimestampKind::Document,
                Some(facts.field.clone()),
                timestamp.offset(),
                &case,
            );
            judged.push((index, covered, token));
        }
        judged.sort_by_key(|(index, _, _)| *index);
        let documents = judged
            .into_iter()
            .map(|(_, covered, token)| (covered, token));
        Self {
            policy,
            at,
            documents: documents.collect(),
        }
    }

    /// What is proved about one signature.
    pub(super) fn of(&self, evidence: &Evidence, signature: &SignatureEvidence) -> SignatureTime {
        let covered = Covered::of(&signature.facts);
        let documents = |covering: bool| {
            self.documents.iter().filter(move |(document, _)| {
                covered.is_some_and(|signature| match covering {
                    true => document.covers(signature),
                    false => signature.covers(*document),
                })
            })
        };
        let after: Vec<&JudgedToken> = documents(true).map(|(_, token)| token).collect();
        let before: Vec<&JudgedToken> = documents(false).map(|(_, token)| token).collect();
        let known = earliest(self.at, after.iter().filter_map(|token| token.proof()));
        let judge = |token: &TokenEvidence| {
            let case = TokenCase {
                token,
                facts: None,
                surveyed: evidence.survey().is_some(),
                policy: self.policy,
                at: self.at,
                known,
            };
            let subject = Some(signature.facts.field.clone());
            JudgedToken::judge(TimestampKind::Signature, subject, signature.offset(), &case)
        };
        let own: Vec<JudgedToken> = signature.timestamps.iter().map(judge).collect();
        let content: Vec<JudgedToken> = signature.content_timestamps.iter().map(judge).collect();

        let stamped = own.iter().filter_map(JudgedToken::proof);
        let stamped_latest = stamped.clone().max();
        let archived = after.iter().filter_map(|token| token.proof());
        let made_after = content
            .iter()
            .chain(before.iter().copied())
            .filter_map(JudgedToken::proof)
            .max();
        let best = earliest(self.at, stamped.chain(archived.clone()));
        let archived_first = archived.min();
        let not_after = |one: Option<Timestamp>, two: Option<Timestamp>| {
            one.zip(two).is_none_or(|(one, two)| one <= two)
        };
        let in_order = not_after(stamped_latest, archived_first)
            && not_after(made_after, best.proved.then_some(best.at))
            && self.documents_are_in_order();
        let reports = own.iter().chain(after).map(JudgedToken::report).collect();
        SignatureTime {
            best,
            made_after,
            in_order,
            tokens: own.into_iter().chain(content).collect(),
            reports,
        }
    }
}

impl Timeline {
    /// A document timestamp that covers another gives no earlier time.
    fn documents_are_in_order(&self) -> bool {
        let mut proofs: Vec<(u64, Timestamp)> = self
            .documents
            .iter()
            .filter_map(|(covered, token)| Some((covered.end, token.proof()?)))
            .collect();
        proofs.sort_unstable();
        proofs.is_sorted_by_key(|(_, time)| *time)
    }
}

/// What timestamps prove about one signature.
pub(super) struct SignatureTime {
    best: ProvedTime,
    made_after: Option<Timestamp>,
    in_order: bool,
    tokens: Vec<JudgedToken>,
    /// Its own timestamps, then the document timestamps that cover it.
    pub(super) reports: Vec<TimestampReport>,
}

impl SignatureTime {
    /// Best-signature-time.
    pub(super) const fn best(&self) -> ProvedTime {
        self.best
    }

    /// The latest time that the signature is proved to be younger than: it covers a timestamp.
    pub(super) const fn made_after(&self) -> Option<Timestamp> {
        self.made_after
    }

    /// The timestamps do not contradict one another.
    pub(super) const fn in_order(&self) -> bool {
        self.in_order
    }

    /// Its own timestamps.
    pub(super) fn tokens(&self) -> impl Iterator<Item = &JudgedToken> {
        self.tokens.iter()
    }
}

/// The earliest of the times proved, or the validation time.
fn earliest(at: Timestamp, proved: impl Iterator<Item = Timestamp>) -> ProvedTime {
    match proved.min().filter(|earliest| *earliest <= at) {
        Some(at) => ProvedTime { at, proved: true },
        None => ProvedTime { at, proved: false },
    }
}
