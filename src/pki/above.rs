//! What stands above an anchor. Here an anchor is trusted as it is; whoever trusts nothing but its root needs
//! the rest of the way.

use std::sync::Arc;

use openssl::x509::{X509, X509Ref, X509VerifyResult};

use super::Anchors;
use super::path::signed;
use crate::model::Octets;

/// Certificates above one that are told at most.
const MOST: usize = 8;

/// The certificates above `top` (DER), nearest first, up to its root or as far as they are among the anchors
/// and `others`. The name of each fits and its key verifies the certificate below it; more is not asked, for
/// nothing here is trusted because of them.
pub fn issuers_above(top: &[u8], anchors: &[Arc<Anchors>], others: &[&[u8]]) -> Vec<Octets> {
    let Ok(mut top) = X509::from_der(top) else {
        return Vec::new();
    };
    let others: Vec<X509> = others
        .iter()
        .filter_map(|der| X509::from_der(der).ok())
        .collect();
    let mut above = Vec::new();
    while above.len() < MOST && !issued(&top, &top) {
        let known = anchors
            .iter()
            .flat_map(|anchors| anchors.certificates())
            .chain(&others);
        let mut issuers = known.filter(|issuer| issued(issuer, &top) && signed(issuer, &top));
        let Some((issuer, der)) = issuers.find_map(|issuer| Some((issuer, issuer.to_der().ok()?)))
        else {
            break;
        };
        above.push(Octets(der));
        top = issuer.clone();
    }
    above
}

fn issued(issuer: &X509Ref, certificate: &X509Ref) -> bool {
    issuer.issued(certificate) == X509VerifyResult::OK
}
