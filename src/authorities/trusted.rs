//! Whether a token's authority is one we trust, and its clock right (rules T5 to T7).

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::cades::{TimestampReply, TimestampToken};
use crate::model::{Octets, PublicKey};
use crate::pki::path::{CertificatePath, Embedded, PathEnd, paths};
use crate::pki::{Anchors, CertificateFacts};

/// `id-kp-timeStamping`.
const TIME_STAMPING: &str = "1.3.6.1.5.5.7.3.8";
/// The shortest RSA key that may stamp.
const MIN_RSA_BITS: u32 = 2048;

/// Why a token that answers its request must not be used all the same.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Untrusted {
    /// `genTime` is too far from our own clock (T7). One of them is wrong.
    #[error("its clock says {given}, ours {ours}")]
    Clock {
        /// `genTime`.
        given: Timestamp,
        /// Our time.
        ours: Timestamp,
    },
    /// The certificate is not one for timestamps, and nothing but timestamps, marked critical (T5).
    #[error("the certificate of \"{subject}\" is not made for timestamps only")]
    Purpose {
        /// Common name.
        subject: String,
    },
    /// The key is too short.
    #[error("the key of \"{subject}\" is too weak: {key}")]
    WeakKey {
        /// Common name.
        subject: String,
        /// `RSA-1024`.
        key: String,
    },
    /// A certificate is not valid at the time stamped.
    #[error("the certificate of \"{subject}\" is valid from {from} until {until}")]
    Dates {
        /// Common name.
        subject: String,
        /// Start of its validity.
        from: Timestamp,
        /// End of its validity.
        until: Timestamp,
    },
    /// No way leads to an anchor for timestamps (T6).
    #[error(
        "the certificate of \"{subject}\" does not chain to an anchor for timestamps: {reason}"
    )]
    Chain {
        /// Common name.
        subject: String,
        /// Where the way ends.
        reason: String,
    },
    /// The certificate cannot be read.
    #[error("the authority's certificate cannot be read")]
    Unreadable,
}

/// The token, if its authority chains to `anchors` and its clock is within `skew` of `now`.
///
/// # Errors
/// [`Untrusted`]: the first thing that stands against it.
pub fn trusted(
    reply: TimestampReply,
    anchors: &Anchors,
    now: Timestamp,
    skew: Duration,
) -> Result<TimestampToken, Untrusted> {
    let TimestampReply { token, evidence } = reply;
    let time = evidence.time;
    let skew = SignedDuration::try_from(skew).unwrap_or(SignedDuration::MAX);
    if time.duration_since(now).abs() > skew {
        return Err(Untrusted::Clock {
            given: time,
            ours: now,
        });
    }
    let leaf = evidence
        .cms
        .signer_certificate
        .ok_or(Untrusted::Unreadable)?;
    let embedded = Embedded {
        certificates: &evidence.cms.certificates,
        ..Embedded::default()
    };
    let ways = paths(&leaf, embedded, anchors).map_err(|_| Untrusted::Unreadable)?;
    let first = ways.first().and_then(|way| way.links.first());
    let authority = &first.ok_or(Untrusted::Unreadable)?.facts;
    check_authority(authority)?;
    let anchored = ways.iter().filter(|way| way.end == PathEnd::Anchor);
    let mut fault = ways.first().map(|way| Untrusted::Chain {
        subject: authority.common_name.clone(),
        reason: reason(&way.end),
    });
    for way in anchored {
        match dates(way, time) {
            Ok(()) => {
                let chain = way.links.iter().map(|link| link.der.clone());
                return Ok(TimestampToken {
                    der: token,
                    time,
                    chain: chain.collect::<Vec<Octets>>(),
                });
            }
            Err(wrong) => fault = Some(wrong),
        }
    }
    Err(fault.unwrap_or(Untrusted::Unreadable))
}

/// The certificate is made for timestamps and nothing else (RFC 3161, 2.3), and its key is no weak one.
fn check_authority(facts: &CertificateFacts) -> Result<(), Untrusted> {
    let only_stamps = facts
        .extended_key_usage
        .as_ref()
        .is_some_and(|usage| usage.len() == 1 && usage.iter().all(|word| word == TIME_STAMPING));
    let may_sign = facts.key_usage.is_none() || facts.may_sign;
    if !only_stamps || !facts.extended_key_usage_critical || !may_sign {
        return Err(Untrusted::Purpose {
            subject: facts.common_name.clone(),
        });
    }
    match &facts.key {
        Some(PublicKey::Rsa { bits, .. }) if *bits < MIN_RSA_BITS => Err(Untrusted::WeakKey {
            subject: facts.common_name.clone(),
            key: facts.public_key.clone(),
        }),
        _ => Ok(()),
    }
}

/// Every certificate below the anchor is valid at the time stamped.
fn dates(way: &CertificatePath, at: Timestamp) -> Result<(), Untrusted> {
    let below = way.links.len().saturating_sub(1).max(1);
    let outside = way.links.iter().take(below).map(|link| &link.facts);
    match outside
        .clone()
        .find(|facts| at < facts.not_before || facts.not_after < at)
    {
        None => Ok(()),
        Some(facts) => Err(Untrusted::Dates {
            subject: facts.common_name.clone(),
            from: facts.not_before,
            until: facts.not_after,
        }),
    }
}

fn reason(end: &PathEnd) -> String {
    match end {
        PathEnd::Anchor => "its dates".to_owned(),
        PathEnd::Incomplete { issuer } => format!("the certificate of \"{issuer}\" is missing"),
        PathEnd::Untrusted { root } => format!("\"{root}\" is no anchor"),
        PathEnd::Broken {
            certificate,
            reason,
        } => format!("\"{certificate}\": {reason}"),
    }
}
