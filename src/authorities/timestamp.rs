//! The time-stamp authorities, in the order in which they are asked.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use const_oid::ObjectIdentifier;
use jiff::SignedDuration;
use tokio::runtime::Handle;
use tokio::time::sleep;

use super::access::{Access, UnusableAccess};
use super::endpoint::{Endpoint, EndpointKind, EndpointState, Question, TimeLimits};
use super::outage::{AuthorityFault, FailedAttempt, TimestampOutage};
use super::{Clock, Untrusted, trusted};
use crate::cades::timestamp_request::MAX_RESPONSE;
use crate::cades::{Imprint, TimestampRequest, TimestampToken};
use crate::model::Octets;
use crate::model::algorithm::DigestAlgorithm;
use crate::pki::Anchors;

/// Media type of a request (RFC 3161, 3.4).
const QUERY: &str = "application/timestamp-query";

/// One authority, as configured.
#[derive(Clone, Debug)]
pub struct AuthoritySetup {
    /// How it is reached.
    pub access: Access,
    /// The policy asked for, dotted; without one the authority chooses.
    pub policy: Option<String>,
}

/// Told the chain (DER, leaf first, anchor last) of each token that is used.
pub type ChainListener = Arc<dyn Fn(&[Octets]) + Send + Sync>;

/// What the authorities are made of.
pub struct TimestampParts {
    /// In order of preference.
    pub authorities: Vec<AuthoritySetup>,
    /// Time-outs and retries, of each.
    pub limits: TimeLimits,
    /// How far an authority's clock may be from ours.
    pub skew: Duration,
    /// Whose certificates may stamp.
    pub anchors: Arc<Anchors>,
    /// The calendar.
    pub clock: Clock,
    /// Random bits, for nonces and the pause before a retry.
    pub random: fn() -> [u8; 32],
    /// Told the chain of each token that is used.
    pub on_chain: ChainListener,
    /// Where connections live.
    pub runtime: Handle,
}

/// The time-stamp authorities (RFC 3161). Cheap to clone.
#[derive(Clone)]
pub struct TimestampAuthorities(Arc<Inner>);

struct Inner {
    authorities: Vec<Authority>,
    skew: Duration,
    anchors: Arc<Anchors>,
    clock: Clock,
    random: fn() -> [u8; 32],
    on_chain: ChainListener,
    runtime: Handle,
    /// How far the last authority that answered is ahead of our clock.
    clock_offset: Mutex<Option<SignedDuration>>,
}

struct Authority {
    endpoint: Arc<Endpoint>,
    policy: Option<ObjectIdentifier>,
}

impl TimestampAuthorities {
    /// Prepares the authorities; nobody is asked yet.
    ///
    /// # Errors
    /// [`UnusableAccess`] for an address, policy, certificate or key that cannot be used.
    pub fn new(parts: TimestampParts) -> Result<Self, UnusableAccess> {
        let (limits, clock) = (parts.limits, &parts.clock);
        let authorities = parts.authorities.iter().map(|setup| {
            let policy = setup.policy.as_deref().map(|policy| {
                policy.parse().map_err(|_| UnusableAccess::Policy {
                    policy: policy.to_owned(),
                })
            });
            let kind = EndpointKind::Timestamp;
            Ok(Authority {
                endpoint: Endpoint::new(kind, &setup.access, limits, Arc::clone(clock))?,
                policy: policy.transpose()?,
            })
        });
        Ok(Self(Arc::new(Inner {
            authorities: authorities.collect::<Result<_, _>>()?,
            skew: parts.skew,
            anchors: parts.anchors,
            clock: parts.clock,
            random: parts.random,
            on_chain: parts.on_chain,
            runtime: parts.runtime,
            clock_offset: Mutex::new(None),
        })))
    }

    /// No authority is configured.
    pub fn is_empty(&self) -> bool {
        self.0.authorities.is_empty()
    }

    /// A timestamp over `imprint`, from the first authority that gives one that can be used.
    ///
    /// May be awaited on any runtime: the connections live on the one it was made with.
    ///
    /// # Errors
    /// [`TimestampOutage`]: what each authority did instead.
    pub async fn timestamp(&self, imprint: &Imprint) -> Result<TimestampToken, TimestampOutage> {
        let (inner, imprint) = (Arc::clone(&self.0), imprint.clone());
        let stamping = async move {
            let mut outage = TimestampOutage::default();
            for authority in &inner.authorities {
                match inner.stamp(authority, &imprint).await {
                    Ok(token) => return Ok(token),
                    Err(fault) => outage.attempts.push(authority.failed(fault)),
                }
            }
            Err(outage)
        };
        let asked = self.0.runtime.spawn(stamping).await;
        asked.unwrap_or_else(|_| {
            let attempts = self.0.authorities.iter();
            Err(TimestampOutage {
                attempts: attempts
                    .map(|authority| authority.failed(AuthorityFault::Stopping))
                    .collect(),
            })
        })
    }

    /// Asks every authority for a timestamp over nothing in particular: whether it works, and what its chain is.
    /// Addresses and outcomes, in order.
    pub async fn probe(&self) -> Vec<(String, Result<TimestampToken, AuthorityFault>)> {
        let mut under_way = Vec::new();
        for index in 0..self.0.authorities.len() {
            let inner = Arc::clone(&self.0);
            under_way.push(self.0.runtime.spawn(async move {
                let imprint = Imprint {
                    algorithm: DigestAlgorithm::Sha256,
                    value: (inner.random)().to_vec(),
                };
                match inner.authorities.get(index) {
                    Some(authority) => inner.stamp(authority, &imprint).await,
                    None => Err(AuthorityFault::Stopping),
                }
            }));
        }
        let mut outcomes = Vec::new();
        for (authority, asked) in self.0.authorities.iter().zip(under_way) {
            let outcome = asked.await.unwrap_or(Err(AuthorityFault::Stopping));
            outcomes.push((authority.endpoint.shown().to_owned(), outcome));
        }
        outcomes
    }

    /// Tries every authority now and then `every` so often, until the last clone is dropped; only now without
    /// `every`. What is found out is logged, and told to whoever keeps chains.
    pub fn watch(&self, every: Option<Duration>) {
        if self.is_empty() {
            return;
        }
        let authorities = Arc::downgrade(&self.0);
        self.0.runtime.spawn(async move {
            loop {
                let Some(inner) = authorities.upgrade() else {
                    return;
                };
                for (authority, outcome) in Self(inner).probe().await {
                    if let Ok(token) = outcome {
                        tracing::info!(authority, time = %token.time, "authority stamps");
                    }
                }
                let Some(every) = every else { return };
                sleep(every).await;
            }
        });
    }

    /// How far the last authority that answered is ahead of our clock; behind it when negative. To a second and
    /// the time of an answer. `None` before the first.
    pub fn clock_offset(&self) -> Option<SignedDuration> {
        *self.0.offset()
    }

    /// How each authority has been doing, in order.
    pub fn states(&self) -> Vec<EndpointState> {
        let authorities = self.0.authorities.iter();
        authorities
            .map(|authority| authority.endpoint.state())
            .collect()
    }
}

impl Inner {
    fn offset(&self) -> MutexGuard<'_, Option<SignedDuration>> {
        // Nothing is left half done by whoever panicked with the lock.
        self.clock_offset
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Remembers what an authority said about the time.
    fn note_time(&self, outcome: &Result<TimestampToken, Untrusted>) {
        let offset = match outcome {
            Ok(token) => token.time.duration_since((self.clock)()),
            Err(Untrusted::Clock { given, ours }) => given.duration_since(*ours),
            Err(_) => return,
        };
        *self.offset() = Some(offset);
    }

    async fn stamp(
        &self,
        authority: &Authority,
        imprint: &Imprint,
    ) -> Result<TimestampToken, AuthorityFault> {
        let bits = (self.random)();
        let mut nonce = [0; 16];
        nonce.iter_mut().zip(bits).for_each(|(to, from)| *to = from);
        let request = TimestampRequest::new(imprint, nonce, authority.policy);
        let question = Question::Post(QUERY, Bytes::copy_from_slice(request.der()));
        let judge = async |response: Bytes| {
            let reply = request.accept(&response)?;
            let outcome = trusted(reply, &self.anchors, (self.clock)(), self.skew);
            self.note_time(&outcome);
            Ok::<_, AuthorityFault>(outcome?)
        };
        let jitter = bits.last().copied().unwrap_or(0);
        let endpoint = &authority.endpoint;
        let outcome = endpoint.ask(&question, MAX_RESPONSE, judge, jitter).await;
        match &outcome {
            Ok(token) => (self.on_chain)(&token.chain),
            Err(fault) if fault.is_security_event() => tracing::warn!(
                security_event = true,
                authority = endpoint.shown(),
                fault = fault.word(),
                cause = %fault,
                "timestamp refused"
            ),
            Err(_) => {}
        }
        outcome
    }
}

impl Authority {
    fn failed(&self, fault: AuthorityFault) -> FailedAttempt {
        FailedAttempt {
            authority: self.endpoint.shown().to_owned(),
            fault,
        }
    }
}
