//! The keeper of revocation data: OCSP responses and revocation lists of the configured issuers, fetched in
//! the background, renewed before they end, and given out from memory.
//!
//! Nobody who seals ever waits for it, and no address in it comes from a certificate.

mod kept;
mod round;
mod source;

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use arc_swap::ArcSwap;
use jiff::Timestamp;
use tokio::runtime::Handle;
use tokio::sync::{Semaphore, watch};

use self::kept::KeptCertificate;
use self::source::Source;
use super::Clock;
use super::access::{Access, UnusableAccess};
use super::endpoint::{EndpointState, TimeLimits};
use crate::model::{Octets, Sha256Digest};
use crate::pki::above::issuers_above;
use crate::pki::path::{Embedded, PathEnd, paths};
use crate::pki::revocation::{NotCurrent, RevocationData, RevocationKeeper};
use crate::pki::{Anchors, UnreadableCertificate};

pub use kept::KeptState;

/// Requests under way at once, over all sources.
const AT_ONCE: usize = 8;

/// Where an issuer's answers are fetched.
#[derive(Clone, Debug)]
pub struct SourceSetup {
    /// The issuer's certificate, DER.
    pub issuer: Vec<u8>,
    /// Its OCSP responder.
    pub ocsp: Option<Access>,
    /// Its revocation list.
    pub crl: Option<Access>,
}

/// Why the sources cannot be used as configured.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnusableSource {
    /// An address or a certificate for TLS.
    #[error(transparent)]
    Access(#[from] UnusableAccess),
    /// An issuer's certificate cannot be read.
    #[error("an issuer: {0}")]
    Issuer(#[from] UnreadableCertificate),
}

/// What the keeper is made of.
pub struct RevocationParts {
    /// The configured issuers.
    pub sources: Vec<SourceSetup>,
    /// Where chains end: the anchors for seals and those for timestamps.
    pub anchors: Vec<Arc<Anchors>>,
    /// Time-outs and retries, of each request.
    pub limits: TimeLimits,
    /// How old an answer may be although its `nextUpdate` is still to come; not for certificates of
    /// authorities, whose issuers speak a few times a year.
    pub max_age: Duration,
    /// The calendar.
    pub clock: Clock,
    /// Random bits, for nonces and the pause before a retry.
    pub random: fn() -> [u8; 32],
    /// Where the fetching happens.
    pub runtime: Handle,
}

/// Keeps revocation data at hand. Cheap to clone; ends fetching when the last clone is dropped.
#[derive(Clone)]
pub struct Revocation(Arc<Inner>);

struct Inner {
    sources: Vec<Arc<Source>>,
    anchors: ArcSwap<Vec<Arc<Anchors>>>,
    max_age: Duration,
    clock: Clock,
    random: fn() -> [u8; 32],
    runtime: Handle,
    at_once: Semaphore,
    chains: RwLock<Chains>,
    /// First rounds that are not over yet.
    first_rounds: watch::Sender<usize>,
}

#[derive(Default)]
struct Chains {
    /// By the fingerprint of the leaf.
    by_leaf: HashMap<Sha256Digest, Arc<Chain>>,
    /// Every certificate that is kept, by fingerprint.
    certificates: HashMap<Sha256Digest, Arc<KeptCertificate>>,
}

struct Chain {
    /// Leaf first, then up to the anchor and, as far as they are at hand, to the root above it.
    whole: Vec<Octets>,
    /// The certificates below the anchor.
    below: Vec<Arc<KeptCertificate>>,
    /// The anchor and what is above it, without the root: whoever trusts nothing but that root asks for
    /// them. Here an anchor is trusted as it is: nothing is missing when nothing is known of it.
    above: Vec<Arc<KeptCertificate>>,
}

impl Revocation {
    /// Prepares the sources. Nothing is fetched before a chain is there to keep.
    ///
    /// # Errors
    /// [`UnusableSource`] for an address or certificate that cannot be used.
    pub fn new(parts: RevocationParts) -> Result<Self, UnusableSource> {
        let sources = parts.sources.iter().map(|setup| {
            let source = Source::new(setup, parts.limits, &parts.clock)?;
            Ok::<_, UnusableSource>(Arc::new(source))
        });
        Ok(Self(Arc::new(Inner {
            sources: sources.collect::<Result<_, _>>()?,
            anchors: ArcSwap::from_pointee(parts.anchors),
            max_age: parts.max_age,
            clock: parts.clock,
            random: parts.random,
            runtime: parts.runtime,
            at_once: Semaphore::new(AT_ONCE),
            chains: RwLock::default(),
            first_rounds: watch::Sender::new(0),
        })))
    }

    /// Chains that are kept from now on end at these; those kept already stay as they are.
    pub fn replace_anchors(&self, anchors: Vec<Arc<Anchors>>) {
        self.0.anchors.store(Arc::new(anchors));
    }

    /// Keeps revocation data for every certificate of `chain` (DER, leaf first) below its anchor, from now on.
    /// A chain that is kept already costs nothing.
    pub fn keep(&self, chain: &[Octets]) {
        let Some(leaf) = chain.first() else { return };
        let fingerprint = Sha256Digest::of(leaf);
        if self.0.chain(fingerprint).is_some() {
            return;
        }
        let mut whole = self.0.up_to_anchor(chain);
        let last = whole.len().saturating_sub(1);
        let anchor = last.max(usize::from(!self.0.is_anchor(leaf)));
        whole.extend(self.0.above(&whole, chain));
        let root = whole.len().saturating_sub(1);
        let mut fresh = Vec::new();
        {
            let mut chains = self
                .0
                .chains
                .write()
                .unwrap_or_else(PoisonError::into_inner);
            let mut keep = |der| self.0.certificate(&mut chains, der, &mut fresh);
            let (below, above) = whole
                .split_at_checked(anchor)
                .unwrap_or((whole.as_slice(), &[]));
            let above = above.get(..root.saturating_sub(anchor)).unwrap_or_default();
            let chain = Chain {
                below: below.iter().map(&mut keep).collect(),
                above: above
                    .iter()
                    .filter(|der| self.0.has_source(der))
                    .map(&mut keep)
                    .collect(),
                whole: whole.clone(),
            };
            chains.by_leaf.insert(fingerprint, Arc::new(chain));
        }
        for kept in fresh {
            // A list that came while it was not yet among the others.
            kept.take_listed();
            round::start(&self.0, kept);
        }
    }

    /// Waits until everything that is kept was asked for once, whether or not it was answered.
    pub async fn first_round(&self) {
        let mut left = self.0.first_rounds.subscribe();
        // The sender is in our own hands.
        let _ = left.wait_for(|left| *left == 0).await;
    }

    /// Asks for everything again now, and waits for the outcomes: after a revocation became known, or before
    /// old copies are renewed.
    pub async fn refresh(&self) {
        round::refresh(&self.0).await;
    }

    /// How each source's addresses have been doing.
    pub fn states(&self) -> Vec<EndpointState> {
        self.0
            .sources
            .iter()
            .flat_map(|source| source.states())
            .collect()
    }

    /// What is kept for each certificate.
    pub fn kept(&self) -> Vec<KeptState> {
        let certificates = self.0.certificates();
        let mut kept: Vec<KeptState> = certificates.iter().map(|kept| kept.state()).collect();
        kept.sort_by(|one, other| one.subject.cmp(&other.subject));
        kept
    }
}

impl RevocationKeeper for Revocation {
    fn current(&self, chain: &[Octets], at: Timestamp) -> Result<RevocationData, NotCurrent> {
        let Some(leaf) = chain.first() else {
            return Ok(RevocationData::default());
        };
        let fingerprint = Sha256Digest::of(leaf);
        let Some(chain) = self.0.chain(fingerprint) else {
            return Err(NotCurrent::Missing {
                fingerprint,
                subject: kept::subject_of(leaf),
            });
        };
        let mut data = RevocationData {
            certificates: chain.whole.clone(),
            ..RevocationData::default()
        };
        for certificate in &chain.below {
            certificate.add_current(&mut data, at, self.0.max_age)?;
        }
        for certificate in &chain.above {
            // Nothing is added without an answer, and nothing is missing.
            let _ = certificate.add_current(&mut data, at, self.0.max_age);
        }
        Ok(data)
    }

    fn revoked_since(&self, leaf: Sha256Digest) -> Option<Timestamp> {
        let chain = self.0.chain(leaf)?;
        let below = chain.below.iter();
        below.filter_map(|kept| kept.revoked_since()).min()
    }
}

impl Inner {
    fn chain(&self, leaf: Sha256Digest) -> Option<Arc<Chain>> {
        let chains = self.chains.read().unwrap_or_else(PoisonError::into_inner);
        chains.by_leaf.get(&leaf).cloned()
    }

    /// What is kept for a certificate; begun, and added to `fresh`, when it is a new one.
    fn certificate(
        &self,
        chains: &mut Chains,
        der: &Octets,
        fresh: &mut Vec<Arc<KeptCertificate>>,
    ) -> Arc<KeptCertificate> {
        let place = chains.certificates.entry(Sha256Digest::of(der));
        let kept = place.or_insert_with(|| {
            let kept = Arc::new(KeptCertificate::new(der, &self.sources));
            fresh.push(Arc::clone(&kept));
            kept
        });
        Arc::clone(kept)
    }

    /// Somebody can be asked about a certificate.
    fn has_source(&self, der: &[u8]) -> bool {
        let mut sources = self.sources.iter();
        sources.any(|source| matches!(source.issued(der), Ok(Some(_))))
    }

    /// The certificates above the anchor with which `whole` ends, as far as they are at hand.
    fn above(&self, whole: &[Octets], chain: &[Octets]) -> Vec<Octets> {
        let Some(top) = whole.last().filter(|top| self.is_anchor(top)) else {
            return Vec::new();
        };
        let issuers = self.sources.iter().map(|source| source.issuer());
        let others: Vec<&[u8]> = chain.iter().map(|der| &**der).chain(issuers).collect();
        issuers_above(top, &self.anchors.load(), &others)
    }

    /// The chain up to its anchor, which a seal's own chain leaves out. As it came when none is reached: then
    /// somebody else has already said so.
    fn up_to_anchor(&self, chain: &[Octets]) -> Vec<Octets> {
        let embedded = Embedded {
            certificates: chain,
            ..Embedded::default()
        };
        let leaf = chain.first().map(|leaf| &**leaf).unwrap_or_default();
        let anchored = self.anchors.load().iter().find_map(|anchors| {
            let ways = paths(leaf, embedded, anchors).ok()?;
            ways.into_iter().find(|way| way.end == PathEnd::Anchor)
        });
        match anchored {
            Some(way) => way.links.into_iter().map(|link| link.der).collect(),
            None => chain.to_vec(),
        }
    }

    fn certificates(&self) -> Vec<Arc<KeptCertificate>> {
        let chains = self.chains.read().unwrap_or_else(PoisonError::into_inner);
        chains.certificates.values().cloned().collect()
    }

    fn is_anchor(&self, certificate: &[u8]) -> bool {
        let fingerprint = Sha256Digest::of(certificate);
        let anchors = self.anchors.load();
        let mut facts = anchors.iter().flat_map(|anchors| anchors.facts());
        facts.any(|facts| facts.fingerprint == fingerprint)
    }

    fn now(&self) -> Timestamp {
        (self.clock)()
    }
}
