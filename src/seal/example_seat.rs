//! An organ with an example seal, for the tests of this room.

use jiff::Timestamp;

use super::{Health, LoadedSeal, Seat, legend};
use crate::archive::RegisteredSeal;
use crate::archive::record::SCHEMA;
use crate::cades::CmsProfile;
use crate::model::organ::{Cession, Names};
use crate::model::{Environment, Language, Organ, SealAlgorithm};
use crate::pdf::typeface::Typeface;
use crate::pki::{Anchors, CertificateFacts, SealContainer, SealKey, SealRules};

macro_rules! example {
    ($path:literal) => {
        include_bytes!(concat!("../../certs-example/", $path)).as_slice()
    };
}

/// A time within the validity of the example seals, which is from 2026 to 2045.
pub(super) const NOW: &str = "2026-02-01T12:00:00Z";

pub(super) fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// The organ with a key on P-256.
pub(super) fn seat(environment: Environment) -> Seat {
    let organ = Organ {
        dir3: "L01990033".parse().unwrap(),
        ine10: "9900330000".parse().ok(),
        nif: "P9900300F".parse().unwrap(),
        environment,
        cession: Cession::Own,
        names: Names {
            ca: "Ajuntament".to_owned(),
            es: None,
            oc_aranes: None,
            en: None,
        },
        place: "Pont".to_owned(),
        language: Language::Ca,
        verification_address: "https://verifica.exemple.cat".parse().unwrap(),
        policy: Default::default(),
    };
    let anchors = [
        ("root.pem", example!("trust/root.pem")),
        ("sector-public.pem", example!("trust/sector-public.pem")),
    ];
    let algorithm = SealAlgorithm::EcdsaP256Sha256;
    let container = SealContainer::Pem {
        certificates: example!("seals/L01990033.chain.pem"),
        key: example!("seals/L01990033.key.pem"),
        passphrase: None,
    };
    let rules = SealRules {
        nif: &organ.nif,
        algorithm,
        anchors: &Anchors::from_pem(anchors).unwrap(),
        now: time(NOW),
    };
    let key = SealKey::open(&container, &rules).unwrap();
    let seal = LoadedSeal {
        cms: CmsProfile::new(key.chain(), algorithm).unwrap(),
        key,
        typeface: Typeface::covering(&legend::alphabet(&organ)).unwrap(),
        health: Health::good(time(NOW)),
    };
    Seat::new(organ, Ok(seal))
}

/// What its certificate says.
pub(super) fn facts(seat: &Seat) -> &CertificateFacts {
    seat.seal.as_ref().unwrap().key.facts()
}

/// Another certificate of the organ, with these dates, and otherwise changed, as the archive knows it.
pub(super) fn registered(
    seat: &Seat,
    (not_before, not_after): (&str, &str),
    change: impl Fn(&mut CertificateFacts),
) -> RegisteredSeal {
    let mut certificate = facts(seat).clone();
    certificate.fingerprint = crate::model::Sha256Digest::of(not_before.as_bytes());
    certificate.not_before = time(not_before);
    certificate.not_after = time(not_after);
    change(&mut certificate);
    RegisteredSeal {
        schema: SCHEMA,
        organ: seat.organ.dir3.clone(),
        certificate,
        pem: String::new(),
    }
}
