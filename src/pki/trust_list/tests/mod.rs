//! Lists of others, and lists made here.

mod anchor_files;
mod corpus;
mod forging;
mod making;
mod selecting;

use super::*;
use crate::model::Sha256Digest;

/// A list of the corpus; `None` when there is no corpus and none is required.
#[expect(
    clippy::disallowed_methods,
    clippy::print_stderr,
    reason = "a test reads its data"
)]
fn of_corpus(name: &str) -> Option<Vec<u8>> {
    let sibling = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/corpus");
    let root = std::env::var("SEGELL_CORPUS").unwrap_or_else(|_| sibling.into());
    let path = std::path::Path::new(&root).join("tsl").join(name);
    match std::fs::read(&path) {
        Ok(bytes) => Some(bytes),
        Err(error) => {
            assert!(
                std::env::var("SEGELL_REQUIRE_CORPUS").as_deref() != Ok("1"),
                "{}: {error}",
                path.display()
            );
            eprintln!("left out: {}: {error}", path.display());
            None
        }
    }
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
