//! What is kept for one certificate: the newest answers, and a revocation that is never forgotten.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::source::{FetchFault, Source};
use crate::model::{Octets, Sha256Digest};
use crate::pki::revocation::{
    FetchedAnswer, IssuedCertificate, NotCurrent, RevocationAnswer, RevocationData,
    RevocationSource, RevocationStatus,
};
use crate::pki::verify::certificate_facts;

/// An answer may be this much ahead of our clock.
const SKEW: SignedDuration = SignedDuration::from_secs(60);
/// The one reason that may be taken back (RFC 5280, 5.3.1).
const HOLD: &str = "certificateHold";

/// A certificate below its anchor, and what is known of its revocation.
pub(super) struct KeptCertificate {
    fingerprint: Sha256Digest,
    subject: String,
    /// Its configured issuer; `None` when nothing can be asked about it.
    pub(super) origin: Option<Origin>,
    answers: Mutex<Answers>,
}

/// Where answers about a certificate come from.
pub(super) struct Origin {
    pub(super) certificate: IssuedCertificate,
    pub(super) source: Arc<Source>,
}

#[derive(Default)]
struct Answers {
    ocsp: Option<FetchedAnswer>,
    crl: Option<FetchedAnswer>,
    revoked: Option<Revoked>,
    last_fault: Option<(Timestamp, String)>,
}

struct Revoked {
    at: Timestamp,
    reason: Option<String>,
    /// `thisUpdate` of the answer that said so.
    said: Timestamp,
}

/// What is kept for a certificate, as told to people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptState {
    /// Its common name.
    pub subject: String,
    /// SHA-256 of it.
    pub fingerprint: Sha256Digest,
    /// A source is configured for its issuer.
    pub has_source: bool,
    /// It is revoked, since then.
    pub revoked: Option<Timestamp>,
    /// `thisUpdate` of the newest answer that it is good.
    pub this_update: Option<Timestamp>,
    /// `nextUpdate` of that answer.
    pub next_update: Option<Timestamp>,
    /// When an answer was last asked for in vain, and why.
    pub last_fault: Option<(Timestamp, String)>,
}

impl KeptCertificate {
    pub(super) fn new(der: &[u8], sources: &[Arc<Source>]) -> Self {
        let origin = sources.iter().find_map(|source| {
            let certificate = source.issued(der).ok()??;
            Some(Origin {
                certificate,
                source: Arc::clone(source),
            })
        });
        Self {
            fingerprint: Sha256Digest::of(der),
            subject: subject_of(der),
            origin,
            answers: Mutex::default(),
        }
    }

    /// Takes in what the newest list at hand says, if there is one.
    pub(super) fn take_listed(&self) {
        if let Some(origin) = &self.origin
            && let Some(listed) = origin.source.listed(&origin.certificate)
        {
            self.take(listed);
        }
    }

    pub(super) fn subject(&self) -> &str {
        &self.subject
    }

    /// Takes an answer in, unless a newer one of the same kind is at hand. A revocation stays, whatever a later
    /// answer says, save that of a hold which a later answer does not repeat.
    pub(super) fn take(&self, fetched: FetchedAnswer) {
        let mut answers = self.answers();
        let answer = &fetched.answer;
        match &answer.status {
            RevocationStatus::Revoked { at, reason, .. } => {
                let known = answers.revoked.as_ref();
                let is_news = known.is_none_or(|known| {
                    known.reason.as_deref() == Some(HOLD) && known.said <= answer.this_update
                });
                if is_news {
                    tracing::error!(
                        security_event = true,
                        subject = self.subject,
                        since = %at,
                        reason,
                        "certificate revoked"
                    );
                    answers.revoked = Some(Revoked {
                        at: *at,
                        reason: reason.clone(),
                        said: answer.this_update,
                    });
                }
            }
            RevocationStatus::Good => {
                let released = answers.revoked.as_ref().is_some_and(|revoked| {
                    revoked.reason.as_deref() == Some(HOLD) && revoked.said < answer.this_update
                });
                if released {
                    tracing::warn!(subject = self.subject, "certificate released from hold");
                    answers.revoked = None;
                }
                let place = match answer.source {
                    RevocationSource::Ocsp => &mut answers.ocsp,
                    RevocationSource::Crl => &mut answers.crl,
                };
                let newer = place
                    .as_ref()
                    .is_some_and(|kept| kept.answer.this_update > answer.this_update);
                if !newer {
                    *place = Some(fetched);
                }
            }
            RevocationStatus::Unknown => {}
        }
    }

    /// Notes that an answer was asked for in vain.
    pub(super) fn failed(&self, now: Timestamp, fault: &FetchFault) {
        self.answers().last_fault = Some((now, fault.to_string()));
    }

    /// Adds what proves that it is good now.
    pub(super) fn add_current(
        &self,
        data: &mut RevocationData,
        at: Timestamp,
        max_age: Duration,
    ) -> Result<(), NotCurrent> {
        let answers = self.answers();
        if let Some(revoked) = &answers.revoked {
            return Err(NotCurrent::Revoked {
                subject: self.subject.clone(),
                at: revoked.at,
                reason: revoked.reason.clone(),
            });
        }
        let is_authority = self
            .origin
            .as_ref()
            .is_some_and(|origin| origin.certificate.facts().authority);
        let at_hand = || answers.ocsp.iter().chain(&answers.crl);
        let is_fresh = |one: &&FetchedAnswer| is_fresh(&one.answer, at, max_age, is_authority);
        if let Some(fresh) = at_hand().find(is_fresh) {
            let store = match fresh.answer.source {
                RevocationSource::Ocsp => &mut data.ocsp_responses,
                RevocationSource::Crl => &mut data.crls,
            };
            add(store, &fresh.der);
            if let Some(responder) = &fresh.responder {
                add(&mut data.certificates, responder);
            }
            return Ok(());
        }
        let newest = at_hand().map(|one| one.answer.this_update).max();
        Err(match newest {
            Some(as_of) => NotCurrent::Stale {
                subject: self.subject.clone(),
                as_of,
            },
            None => NotCurrent::Missing {
                fingerprint: self.fingerprint,
                subject: self.subject.clone(),
            },
        })
    }

    /// Since when it is revoked.
    pub(super) fn revoked_since(&self) -> Option<Timestamp> {
        self.answers().revoked.as_ref().map(|revoked| revoked.at)
    }

    pub(super) fn state(&self) -> KeptState {
        let answers = self.answers();
        let at_hand = answers.ocsp.iter().chain(&answers.crl);
        let newest = at_hand.max_by_key(|one| one.answer.this_update);
        KeptState {
            subject: self.subject.clone(),
            fingerprint: self.fingerprint,
            has_source: self.origin.is_some(),
            revoked: answers.revoked.as_ref().map(|revoked| revoked.at),
            this_update: newest.map(|one| one.answer.this_update),
            next_update: newest.and_then(|one| one.answer.next_update),
            last_fault: answers.last_fault.clone(),
        }
    }

    /// Each answer is written whole, so that one stays usable after a panic.
    fn answers(&self) -> MutexGuard<'_, Answers> {
        self.answers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The answer speaks of this time and is not too old. About an authority it lasts until its `nextUpdate`. Without
/// one newer answers are always available (RFC 6960, 2.4), so that its age counts.
fn is_fresh(
    answer: &RevocationAnswer,
    at: Timestamp,
    max_age: Duration,
    is_authority: bool,
) -> bool {
    let max_age = SignedDuration::try_from(max_age).unwrap_or(SignedDuration::MAX);
    let is_young = at.duration_since(answer.this_update) <= max_age;
    is_of_now(answer, at) && (is_young || is_authority && answer.next_update.is_some())
}

/// The answer has begun, has not ended, and whoever signed it could.
pub(super) fn is_of_now(answer: &RevocationAnswer, at: Timestamp) -> bool {
    let signer = answer.responder_validity;
    answer.this_update.duration_since(at) <= SKEW
        && answer.next_update.is_none_or(|next| at <= next)
        && signer.is_none_or(|(from, until)| from <= at && at <= until)
}

fn add(store: &mut Vec<Octets>, item: &Octets) {
    if !store.contains(item) {
        store.push(item.clone());
    }
}

/// The common name in a certificate; empty when it cannot be read.
pub(super) fn subject_of(der: &[u8]) -> String {
    certificate_facts(der).map_or_else(|_| String::new(), |facts| facts.common_name)
}
