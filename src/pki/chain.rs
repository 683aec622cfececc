//! From a certificate up to an anchor (RFC 5280, 6), with OpenSSL.

use jiff::Timestamp;
use openssl::asn1::Asn1Time;
use openssl::error::ErrorStack;
use openssl::stack::Stack;
use openssl::x509::store::X509StoreBuilder;
use openssl::x509::verify::{X509VerifyFlags, X509VerifyParam};
use openssl::x509::{X509, X509NameRef, X509Ref, X509StoreContext, X509VerifyResult};

use super::Anchors;
use super::certificate::common_name;

/// OpenSSL's level 2: digests and keys below 112 bits of strength (SHA-1, RSA under 2048) break the
/// chain. A root's own signature is not looked at, since a root is trusted for itself.
const SECURITY_LEVEL: i32 = 2;
/// Longest chain, leaf and anchor included.
const MAX_DEPTH: i32 = 8;

/// Whether and how a chain reaches an anchor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChainOutcome {
    /// It does, and everything in it is valid at the time asked.
    Trusted,
    /// The certificate is past its validity at the time asked.
    Expired,
    /// The certificate is before its validity at the time asked.
    NotYetValid,
    /// An issuer's certificate is not at hand.
    Incomplete {
        /// Its common name.
        issuer: String,
    },
    /// It ends in a root that is no anchor.
    Untrusted {
        /// Its common name.
        root: String,
    },
    /// A signature, constraint or date in it is wrong, or an algorithm too weak.
    Broken {
        /// Common name of the certificate at fault.
        certificate: String,
        /// In OpenSSL's words.
        reason: String,
    },
}

/// A chain that was built: its outcome and, if trusted, its certificates, leaf first, anchor last.
pub(super) struct Chain {
    pub(super) outcome: ChainOutcome,
    pub(super) certificates: Vec<X509>,
}

/// Builds the chain of `leaf` with the help of `others`, which are not trusted.
///
/// Every anchor ends a chain, whether it is self-signed or not. The purpose of the certificates is
/// not looked at (extended key usage of seals differs among issuers); that issuers are authorities is.
pub(super) fn build(
    leaf: &X509Ref,
    others: &[X509],
    anchors: &Anchors,
    at: Timestamp,
) -> Result<Chain, ErrorStack> {
    let mut parameters = X509VerifyParam::new()?;
    parameters.set_flags(X509VerifyFlags::PARTIAL_CHAIN)?;
    parameters.set_time(at.as_second());
    parameters.set_depth(MAX_DEPTH);
    parameters.set_auth_level(SECURITY_LEVEL);
    let mut store = X509StoreBuilder::new()?;
    for anchor in anchors.certificates_at(at) {
        store.add_cert(anchor.clone())?;
    }
    store.set_param(&parameters)?;
    let mut untrusted = Stack::new()?;
    for certificate in others {
        untrusted.push(certificate.clone())?;
    }

    let leaf_dates = leaf_dates(leaf, at)?;
    X509StoreContext::new()?.init(&store.build(), leaf, &untrusted, |context| {
        let trusted = context.verify_cert()?;
        let outcome = if trusted {
            ChainOutcome::Trusted
        } else {
            outcome(context.error(), context.current_cert(), leaf_dates)
        };
        let certificates = context
            .chain()
            .map(|chain| chain.iter().map(|link| link.to_owned()).collect())
            .unwrap_or_default();
        Ok(Chain {
            outcome,
            certificates,
        })
    })
}

/// OpenSSL's verdict in our words; numbers from `x509_vfy.h`, which are part of its stable interface.
/// OpenSSL looks at dates from the anchor down; to us those of the leaf matter first.
fn outcome(
    error: X509VerifyResult,
    at_fault: Option<&X509Ref>,
    leaf_dates: Option<ChainOutcome>,
) -> ChainOutcome {
    const UNABLE_TO_GET_ISSUER: i32 = 2;
    const NOT_YET_VALID: i32 = 9;
    const HAS_EXPIRED: i32 = 10;
    const LEAF_SELF_SIGNED: i32 = 18;
    const SELF_SIGNED_IN_CHAIN: i32 = 19;
    const UNABLE_TO_GET_ISSUER_LOCALLY: i32 = 20;
    const UNABLE_TO_VERIFY_LEAF: i32 = 21;

    let name = |name: Option<&X509NameRef>| name.map(common_name).unwrap_or_default();
    match (error.as_raw(), leaf_dates) {
        (HAS_EXPIRED | NOT_YET_VALID, Some(leaf_dates)) => leaf_dates,
        (UNABLE_TO_GET_ISSUER | UNABLE_TO_GET_ISSUER_LOCALLY | UNABLE_TO_VERIFY_LEAF, _) => {
            ChainOutcome::Incomplete {
                issuer: name(at_fault.map(X509Ref::issuer_name)),
            }
        }
        (LEAF_SELF_SIGNED | SELF_SIGNED_IN_CHAIN, _) => ChainOutcome::Untrusted {
            root: name(at_fault.map(X509Ref::subject_name)),
        },
        _ => ChainOutcome::Broken {
            certificate: name(at_fault.map(X509Ref::subject_name)),
            reason: error.error_string().into(),
        },
    }
}

/// What is wrong with the dates of the leaf itself.
fn leaf_dates(leaf: &X509Ref, at: Timestamp) -> Result<Option<ChainOutcome>, ErrorStack> {
    let at = Asn1Time::from_unix(at.as_second())?;
    if leaf.not_after() < at {
        Ok(Some(ChainOutcome::Expired))
    } else if leaf.not_before() > at {
        Ok(Some(ChainOutcome::NotYetValid))
    } else {
        Ok(None)
    }
}

/// Subject and issuer are the same: a root.
pub(super) fn is_self_issued(certificate: &X509Ref) -> bool {
    let subject = certificate.subject_name();
    subject
        .try_cmp(certificate.issuer_name())
        .is_ok_and(|order| order.is_eq())
}
