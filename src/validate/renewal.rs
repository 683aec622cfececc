//! When the archive timestamp of a copy has to be renewed (EN 319 142-1, 5.4.3 and 6.3; EN 319 102-1, 5.6):
//! before the certificate of its authority ends, and before an algorithm it rests on is no longer
//! acceptable (ETSI TS 119 312). After that it proves nothing by itself any more, and no later timestamp can
//! make up for it.

use jiff::{SignedDuration, Timestamp};

use super::algorithms::{AlgorithmTerms, Term};
use super::evidence::{DocumentTimestampEvidence, Evidence, TokenEvidence};
use super::policy::Policy;
use crate::pki::path::CertificatePath;

/// The archive timestamp in force, and its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Renewal {
    /// The time that it gives.
    pub stamped: Timestamp,
    /// The first moment at which it proves nothing by itself any more.
    pub ends: Timestamp,
    /// What ends then.
    pub reason: EndOfProof,
}

/// What ends the force of a timestamp.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndOfProof {
    /// A certificate between the authority and its anchor.
    Certificate,
    /// A digest, a signature algorithm or a key size.
    Algorithm,
}

/// Whether a timestamp is to be renewed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// Now.
    Now,
    /// Not before this time.
    From(Timestamp),
}

impl Renewal {
    /// The newest document timestamp of a file and its end; `None` when it has none that can be read.
    pub fn of(evidence: &Evidence, policy: &Policy) -> Option<Self> {
        let newest = evidence
            .timestamps
            .iter()
            .max_by_key(|timestamp| timestamp.end())?;
        of_timestamp(newest, policy.algorithms)
    }

    /// When renewing begins: `lead` before the end, but never in the first half of the time between. An
    /// authority whose certificates are short would otherwise be asked again at every look.
    pub fn begins(&self, lead: SignedDuration) -> Timestamp {
        let life = self.ends.duration_since(self.stamped);
        let half = self.stamped.checked_add(life / 2).unwrap_or(self.ends);
        let ahead = self.ends.checked_sub(lead).unwrap_or(half);
        ahead.max(half)
    }

    /// Whether it is to be renewed at `now`.
    pub fn due(&self, lead: SignedDuration, now: Timestamp) -> Due {
        let begins = self.begins(lead);
        match now < begins {
            true => Due::From(begins),
            false => Due::Now,
        }
    }
}

fn of_timestamp(timestamp: &DocumentTimestampEvidence, terms: &AlgorithmTerms) -> Option<Renewal> {
    let token = &timestamp.token;
    let stamped = token.token.as_ref().ok()?.time;
    let certificates = token.paths.first().and_then(end_of_path)?;
    let (ends, reason) = match end_of_algorithms(token, terms) {
        Term::Until(end) if end < certificates => (end, EndOfProof::Algorithm),
        Term::Never => (stamped, EndOfProof::Algorithm),
        Term::Until(_) | Term::Open => (certificates, EndOfProof::Certificate),
    };
    Some(Renewal {
        stamped,
        ends,
        reason,
    })
}

/// The earliest end of the certificates below the anchor, which is trusted for what it is.
fn end_of_path(path: &CertificatePath) -> Option<Timestamp> {
    let below = path.links.len().saturating_sub(1).max(1);
    let links = path.links.iter().take(below);
    links.map(|link| link.facts.not_after).min()
}

/// How long everything that the token rests on is acceptable.
fn end_of_algorithms(token: &TokenEvidence, terms: &AlgorithmTerms) -> Term {
    let Ok(token) = &token.token else {
        return Term::Never;
    };
    let cms = &token.cms;
    let key = cms.signer_key.as_ref().map(|key| terms.key(key));
    [
        terms.digest(&token.imprint_algorithm),
        terms.digest(&cms.digest_algorithm),
        terms.signature(&cms.signature_algorithm, Some(&cms.digest_algorithm)),
    ]
    .into_iter()
    .chain(key)
    .fold(Term::Open, Term::and)
}
