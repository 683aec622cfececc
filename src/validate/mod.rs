//! The use case: judge a PDF. Two questions, two answers, never mixed: *did we issue exactly this?*
//! ([`identity`]) and *is the signature sound?* (ETSI EN 319 102-1).
//!
//! Facts first, verdict second: [`Evidence`] is collected from the bytes, the archive and the anchors;
//! what is judged afterwards is a function of it and of the [`Policy`] alone. What follows the bytes of a
//! copy of ours is judged by a strict reader of its own ([`appended`]); what follows a foreign signature
//! by the changes it makes ([`crate::pdf::signed`]).
//!
//! `CONFORMANCE.md` beside this file goes through the clauses and the tests that hold them.

mod algorithms;
mod answer;
pub mod appended;
mod case;
mod chain;
mod checks;
pub mod evidence;
pub mod identity;
mod judge;
mod level;
pub mod own_copy;
pub mod policy;
mod ranges;
pub mod renewal;
pub mod report;
mod revocation;
mod signer;
pub mod source;
#[cfg(test)]
mod tests;
mod timeline;
pub mod trust;

use std::collections::BTreeMap;
use std::sync::Arc;

use arc_swap::ArcSwap;
use bytes::Bytes;
use jiff::Timestamp;

use crate::archive::{Archive, RegisteredSeal};
use crate::model::{Deadline, Dir3, HashTrail, Sha256Digest};
use crate::pdf::Limits;
pub use evidence::Evidence;
use evidence::{IdentityFacts, Subject};
pub use policy::Policy;
pub use renewal::{Due, EndOfProof, Renewal};
pub use report::{Indication, Report, Verdict};
pub use source::{SourceSignatures, source_signatures};
pub use trust::{Trust, TrustedSet};

/// What judges here, as reports name it.
const SOFTWARE: &str = concat!("segell ", env!("CARGO_PKG_VERSION"));

/// How a file is to be judged.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// The validation time; that of the evidence without one.
    pub validation_time: Option<Timestamp>,
    /// The policy.
    pub policy: &'static Policy,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            validation_time: None,
            policy: &policy::DEFAULT,
        }
    }
}

/// Judges PDFs.
pub struct Validator {
    archive: Arc<Archive>,
    trust: ArcSwap<Trust>,
    seals: ArcSwap<BTreeMap<Sha256Digest, Dir3>>,
    limits: Limits,
}

impl Validator {
    /// With the archive that knows our copies, whom to trust for what, every seal that was ever
    /// registered here, and the limits under which unknown PDFs are read.
    pub fn new(
        archive: Arc<Archive>,
        trust: Trust,
        seals: Vec<RegisteredSeal>,
        limits: Limits,
    ) -> Self {
        let validator = Self {
            archive,
            trust: ArcSwap::from_pointee(trust),
            seals: ArcSwap::default(),
            limits,
        };
        validator.know_seals(seals);
        validator
    }

    /// Knows these registered seals too, from the next file on.
    pub fn know_seals(&self, seals: Vec<RegisteredSeal>) {
        let mut known = BTreeMap::clone(&self.seals.load());
        let seals = seals.into_iter();
        known.extend(seals.map(|seal| (seal.certificate.fingerprint, seal.organ)));
        self.seals.store(Arc::new(known));
    }

    /// Whom it trusts now.
    pub fn trust(&self) -> Arc<Trust> {
        self.trust.load_full()
    }

    /// Trusts these from the next file on.
    pub fn replace_trust(&self, trust: Trust) {
        self.trust.store(Arc::new(trust));
    }

    /// Collects what can be known of a file that is hashed already, as of `at`.
    pub fn collect(
        &self,
        bytes: &Bytes,
        hash: &HashTrail,
        at: Timestamp,
        deadline: &Deadline,
    ) -> Evidence {
        let identity = identity::identify(&self.archive, bytes, hash, at);
        let seals = self.seals.load_full();
        Evidence::collect(
            &Subject { bytes, hash, at },
            IdentityFacts::of(identity, bytes, hash.digest()),
            &|fingerprint| seals.get(fingerprint).cloned(),
            &self.trust.load_full(),
            &self.limits,
            deadline,
        )
    }

    /// Judges a file that is hashed already. A verdict is never an error: whatever cannot be said
    /// is `undetermined` or `INDETERMINATE`.
    pub fn validate(
        &self,
        bytes: &Bytes,
        hash: &HashTrail,
        at: Timestamp,
        options: &Options,
        deadline: &Deadline,
    ) -> Report {
        judge(&self.collect(bytes, hash, at, deadline), options)
    }
}

/// Judges evidence that was collected before. The same evidence and options give the same report.
pub fn judge(evidence: &Evidence, options: &Options) -> Report {
    judge::report(evidence, options)
}
