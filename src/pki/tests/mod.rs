//! Seals as they should be, from `certs-example`, and one seal for each thing that can be wrong with
//! them, issued by the example authority.

mod answers;
mod defects;
mod foreign;
mod issuing;
mod path_building;
mod revocations;
mod rewrapping;
mod seals;

use jiff::Timestamp;
use zeroize::Zeroizing;

use super::*;
use crate::model::SealAlgorithm::{EcdsaP256Sha256, EcdsaP384Sha384, RsaPkcs1Sha256, RsaPssSha256};
use crate::model::{Nif, SealAlgorithm};

macro_rules! example {
    ($path:literal) => {
        include_bytes!(concat!("../../../certs-example/", $path)).as_slice()
    };
}
use example;

const ROOT: &[u8] = example!("trust/root.pem");
const CA: &[u8] = example!("trust/sector-public.pem");
const NIF: &str = "P9900100J";

fn now() -> Timestamp {
    "2026-06-01T12:00:00Z".parse().unwrap()
}

fn anchors() -> Anchors {
    Anchors::from_pem([("root.pem", ROOT), ("sector-public.pem", CA)]).unwrap()
}

fn open_with(
    container: &SealContainer<'_>,
    nif: &str,
    algorithm: SealAlgorithm,
    anchors: &Anchors,
) -> Result<SealKey, SealDefect> {
    let nif: Nif = nif.parse().unwrap();
    let rules = SealRules {
        nif: &nif,
        algorithm,
        anchors,
        now: now(),
    };
    SealKey::open(container, &rules)
}

fn open_example_pkcs12(
    bytes: &[u8],
    passphrase: &str,
    nif: &str,
    algorithm: SealAlgorithm,
) -> SealKey {
    let container = SealContainer::Pkcs12 {
        bytes,
        passphrase: &Zeroizing::new(passphrase.to_owned()),
    };
    open_with(&container, nif, algorithm, &anchors()).unwrap()
}

fn open_example_pem(
    certificates: &[u8],
    key: &[u8],
    nif: &str,
    algorithm: SealAlgorithm,
) -> SealKey {
    let container = SealContainer::Pem {
        certificates,
        key,
        passphrase: None,
    };
    open_with(&container, nif, algorithm, &anchors()).unwrap()
}

fn example_seals() -> Vec<SealKey> {
    vec![
        open_example_pkcs12(
            example!("seals/L01990015.p12"),
            "exemple-L01990015",
            NIF,
            RsaPkcs1Sha256,
        ),
        open_example_pkcs12(
            example!("seals/L01990027.p12"),
            "exemple-L01990027",
            "P9900200H",
            RsaPssSha256,
        ),
        open_example_pem(
            example!("seals/L01990033.chain.pem"),
            example!("seals/L01990033.key.pem"),
            "P9900300F",
            EcdsaP256Sha256,
        ),
        open_example_pkcs12(
            example!("seals/L01990048.p12"),
            "exemple-L01990048",
            "P9900400D",
            RsaPkcs1Sha256,
        ),
        open_example_pem(
            example!("seals/L01990051.chain.pem"),
            example!("seals/L01990051.key.pem"),
            "P9900500A",
            EcdsaP384Sha384,
        ),
    ]
}
