//! Lists of others, and lists made here.

mod anchor_files;
mod corpus;
mod forging;
mod making;
mod selecting;

use super::*;
use crate::model::Sha256Digest;

/// A list of the corpus; `None` when there is no corpus and none is required.
#[expect(clippy::disallowed_methods, reason = "a test reads its data")]
fn of_corpus(name: &str) -> Option<Vec<u8>> {
    let path = crate::model::corpus::folder()?.join("tsl").join(name);
    Some(std::fs::read(&path).unwrap())
}

/// The certificate in a list's own signature. Whoever really trusts a list gets it from elsewhere.
fn own_pin(bytes: &[u8]) -> Sha256Digest {
    let text = element::text_of(bytes).unwrap();
    let document = element::parse(text).unwrap();
    let certificate = document
        .descendants()
        .find(|node| {
            let of_signature = node
                .parent()
                .is_some_and(|parent| parent.has_tag_name((element::DS, "X509Data")));
            of_signature && node.has_tag_name((element::DS, "X509Certificate"))
        })
        .unwrap();
    Sha256Digest::of(&element::octets(certificate).unwrap())
}
