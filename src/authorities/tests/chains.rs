//! How far up a chain is kept.

use super::issuing::*;
use super::revocations::{Cast, lying};
use super::*;
use crate::model::Sha256Digest;
use crate::pki::revocation::RevocationKeeper as _;

#[tokio::test]
async fn an_anchor_below_its_root_brings_the_rest_of_the_way_and_what_is_known_of_it() {
    let root = Authority::root("Root");
    let middle = root.issue("Middle", Purpose::Authority);
    let seal = middle.issue("A seal", Purpose::Seal);
    let (upper, place) = lying(root.crl(FRESH, &[], &[]));
    let (lower, _) = lying(middle.crl(FRESH, &[], &[]));
    let source = |issuer: &Authority, url: &str| SourceSetup {
        issuer: issuer.der().0,
        ocsp: None,
        crl: Some(at(url)),
    };
    let cast = Cast::new();
    let keeper = |sources| {
        let anchors = vec![anchors(&[&middle])];
        let parts = RevocationParts {
            sources,
            anchors,
            ..cast.parts(None, None)
        };
        Revocation::new(parts).unwrap()
    };
    let chain = [seal.der()];
    // The root is known as the issuer of a source.
    let whole = keeper(vec![source(&middle, &lower.url), source(&root, &upper.url)]);
    whole.keep(&chain);
    whole.first_round().await;
    let data = whole.current(&chain, now()).unwrap();
    assert_eq!(data.certificates, [seal.der(), middle.der(), root.der()]);
    assert_eq!(data.crls.len(), 2);
    // The anchor is trusted as it is, whatever is known of it.
    *place.lock().unwrap() = Vec::new();
    let partial = keeper(vec![source(&middle, &lower.url), source(&root, &upper.url)]);
    partial.keep(&chain);
    partial.first_round().await;
    assert_eq!(partial.current(&chain, now()).unwrap().crls.len(), 1);
    assert_eq!(partial.revoked_since(Sha256Digest::of(&seal.der())), None);
    let unknown = keeper(vec![source(&middle, &lower.url)]);
    unknown.keep(&chain);
    unknown.first_round().await;
    let data = unknown.current(&chain, now()).unwrap();
    assert_eq!(data.certificates, [seal.der(), middle.der()]);
    assert_eq!(unknown.kept().len(), 1, "nobody could be asked about it");
}
