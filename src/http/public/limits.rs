//! How often one address may ask. The limits protect the archive and the processors; what keeps the
//! documents secret is the length of the codes. Pages that cost nothing, and codes that are mistyped,
//! are not counted.
//!
//! They are kept per replica and in memory: losing them is harmless.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use actix_web::HttpRequest;
use governor::clock::Clock;
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use crate::http::client_address::{self, Network, masked};
use crate::http::problem::{Problem, ProblemCode};

/// A prefix may ask so many times as often as a single address: it may be a whole town.
const PREFIX_SHARE: u32 = 10;

/// Requests after which addresses that have been silent are forgotten.
const SWEEP: u32 = 4096;

/// What is counted apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Toll {
    /// A code or digests looked up, or a document fetched.
    LookUp,
    /// A file sent to be judged.
    File,
    /// A receipt to be made.
    Receipt,
}

/// How often one address may ask; zero means as often as it likes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RateLimits {
    /// Look-ups in a minute.
    pub look_ups_per_minute: u32,
    /// Look-ups in an hour.
    pub look_ups_per_hour: u32,
    /// Files judged in a minute.
    pub files_per_minute: u32,
    /// Receipts in an hour: each costs a seal.
    pub receipts_per_hour: u32,
    /// Proxies that may speak for others.
    pub trusted_proxies: Vec<Network>,
}

/// The counters.
#[derive(Debug)]
pub(crate) struct Limits {
    look_ups: Vec<Counter>,
    files: Vec<Counter>,
    receipts: Vec<Counter>,
    proxies: Vec<Network>,
}

impl Limits {
    /// New counters.
    pub(crate) fn new(limits: &RateLimits) -> Self {
        let by_minute = |number: u32| {
            let prefix = number.saturating_mul(PREFIX_SHARE);
            [
                Counter::new(Quota::per_minute, prefix, Width::Prefix),
                Counter::new(Quota::per_minute, number, Width::Address),
            ]
        };
        let by_hour = Counter::new(Quota::per_hour, limits.look_ups_per_hour, Width::Address);
        let receipts = limits.receipts_per_hour;
        let beside = receipts.saturating_mul(PREFIX_SHARE);
        Self {
            look_ups: by_minute(limits.look_ups_per_minute)
                .into_iter()
                .chain([by_hour])
                .flatten()
                .collect(),
            files: by_minute(limits.files_per_minute)
                .into_iter()
                .flatten()
                .collect(),
            receipts: [
                Counter::new(Quota::per_hour, beside, Width::Prefix),
                Counter::new(Quota::per_hour, receipts, Width::Address),
            ]
            .into_iter()
            .flatten()
            .collect(),
            proxies: limits.trusted_proxies.clone(),
        }
    }

    /// Counts a request.
    ///
    /// # Errors
    /// [`ProblemCode::TooManyRequests`], with the seconds to wait.
    pub(crate) fn pass(&self, request: &HttpRequest, toll: Toll) -> Result<(), Problem> {
        let counters = match toll {
            Toll::LookUp => &self.look_ups,
            Toll::File => &self.files,
            Toll::Receipt => &self.receipts,
        };
        // A connection without an address is no connection over a network.
        let Some(address) = client_address::of(request, &self.proxies) else {
            return Ok(());
        };
        match counters.iter().find_map(|counter| counter.refuse(address)) {
            None => Ok(()),
            Some(wait) => {
                let seconds = wait.as_secs().saturating_add(1).to_string();
                Err(Problem::new(ProblemCode::TooManyRequests).with_field("retry-after", seconds))
            }
        }
    }
}

/// How much of an address counts as one.
#[derive(Clone, Copy, Debug)]
enum Width {
    /// An IPv4 address, or what one IPv6 subscriber has.
    Address,
    /// The addresses beside it.
    Prefix,
}

impl Width {
    fn of(self, address: IpAddr) -> IpAddr {
        let bits = match (self, address.is_ipv4()) {
            (Self::Address, true) => 32,
            (Self::Address, false) => 64,
            (Self::Prefix, true) => 24,
            (Self::Prefix, false) => 48,
        };
        masked(address, bits)
    }
}

/// One count per address or prefix.
struct Counter {
    limiter: DefaultKeyedRateLimiter<IpAddr>,
    width: Width,
    until_sweep: AtomicU32,
}

impl Counter {
    /// `None` when there is no limit.
    fn new(quota: fn(NonZeroU32) -> Quota, number: u32, width: Width) -> Option<Self> {
        Some(Self {
            limiter: RateLimiter::keyed(quota(NonZeroU32::new(number)?)),
            width,
            until_sweep: AtomicU32::new(SWEEP),
        })
    }

    /// How long to wait, when it is too much.
    fn refuse(&self, address: IpAddr) -> Option<Duration> {
        if self.until_sweep.fetch_sub(1, Ordering::Relaxed) == 1 {
            self.until_sweep.store(SWEEP, Ordering::Relaxed);
            self.limiter.retain_recent();
            self.limiter.shrink_to_fit();
        }
        let refused = self.limiter.check_key(&self.width.of(address)).err()?;
        Some(refused.wait_time_from(self.limiter.clock().now()))
    }
}

impl std::fmt::Debug for Counter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Counter({:?})", self.width)
    }
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use actix_web::test::TestRequest;

    use super::*;

    fn limits() -> Limits {
        Limits::new(&RateLimits {
            look_ups_per_minute: 3,
            look_ups_per_hour: 5,
            files_per_minute: 1,
            receipts_per_hour: 2,
            trusted_proxies: Vec::new(),
        })
    }

    fn passes(limits: &Limits, from: &str, toll: Toll) -> bool {
        let peer = SocketAddr::new(from.parse().unwrap(), 1);
        let request = TestRequest::default().peer_addr(peer).to_http_request();
        match limits.pass(&request, toll) {
            Ok(()) => true,
            Err(problem) => {
                assert_eq!(problem.code(), ProblemCode::TooManyRequests);
                false
            }
        }
    }

    #[test]
    fn an_address_that_asks_too_often_waits_and_the_others_do_not() {
        let limits = limits();
        for _ in 0..3 {
            assert!(passes(&limits, "203.0.113.1", Toll::LookUp));
        }
        assert!(!passes(&limits, "203.0.113.1", Toll::LookUp));
        assert!(passes(&limits, "203.0.113.2", Toll::LookUp));
        assert!(passes(&limits, "203.0.113.1", Toll::File), "counted apart");
        assert!(!passes(&limits, "203.0.113.1", Toll::File));
    }

    #[test]
    fn a_subscriber_of_ipv6_counts_as_one_and_a_prefix_as_ten() {
        let limits = limits();
        for host in 0..3 {
            assert!(passes(
                &limits,
                &format!("2001:db8:0:1::{host}"),
                Toll::LookUp
            ));
        }
        assert!(!passes(&limits, "2001:db8:0:1::9", Toll::LookUp));
        for subscriber in 2..28 {
            assert!(passes(
                &limits,
                &format!("2001:db8:0:{subscriber:x}::1"),
                Toll::LookUp
            ));
        }
        assert!(
            !passes(&limits, "2001:db8:0:ff::1", Toll::LookUp),
            "the prefix"
        );
        assert!(passes(&limits, "2001:db8:1::1", Toll::LookUp));
    }

    #[test]
    fn receipts_are_counted_by_the_hour_and_apart() {
        let limits = limits();
        for _ in 0..2 {
            assert!(passes(&limits, "203.0.113.1", Toll::Receipt));
        }
        assert!(!passes(&limits, "203.0.113.1", Toll::Receipt));
        assert!(passes(&limits, "203.0.113.1", Toll::LookUp));
    }

    #[test]
    fn zero_means_no_limit() {
        let limits = Limits::new(&RateLimits::default());
        for _ in 0..1000 {
            assert!(passes(&limits, "203.0.113.1", Toll::LookUp));
        }
    }
}
