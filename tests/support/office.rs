//! The product in this process: its own sealer, with the example seals and an archive in memory, and
//! the validators that read what it made.

use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use jiff::Timestamp;
use object_store::memory::InMemory;
use segell::archive::{Archive, RegisteredSeal};
use segell::cades::CmsProfile;
use segell::model::organ::{Cession, Names};
use segell::model::policy::{Admission, EarlierRevisions, Policy, Restricted, SourceSignatures};
use segell::model::{Deadline, Dir3, Environment, Organ, SealAlgorithm, Sha256Digest};
use segell::pdf::Limits;
use segell::pdf::typeface::Typeface;
use segell::pki::{Anchors, SealContainer, SealKey, SealRules};
use segell::seal::{
    Application, Fields, LoadedSeal, Organs, SealError, SealRequest, SealUse, Sealer, SealerParts,
    Seat, Upload, legend,
};
use segell::validate::{Options, Report, Trust, TrustedSet, Validator};
use serde::de::DeserializeOwned;
use tokio::runtime::Runtime;
use zeroize::Zeroizing;

/// When everything here is sealed and judged: the example seals are valid then.
const NOW: &str = "2026-11-22T12:00:00Z";

/// The organs of the examples, each with another kind of key.
pub(crate) const ORGANS: [&str; 5] = [
    "L01990015",
    "L01990027",
    "L01990033",
    "L01990048",
    "L01990051",
];

/// A sealer with its archive. Organs allow everything that an organ can allow.
pub(crate) struct Office {
    sealer: Sealer,
    archive: Arc<Archive>,
    caller: Application,
    anchors: Arc<Anchors>,
    seals: Vec<RegisteredSeal>,
    /// Drives the archive.
    _runtime: Runtime,
}

pub(crate) fn now() -> Timestamp {
    NOW.parse().expect("a time")
}

impl Office {
    /// Opens all example organs.
    pub(crate) fn open() -> Self {
        let runtime = Runtime::new().expect("a runtime");
        let archive = Archive::over(Arc::new(InMemory::new()), runtime.handle().clone());
        let archive = Arc::new(archive);
        let anchors = Arc::new(anchors());
        let seats: Vec<Seat> = ORGANS.iter().map(|organ| seat(organ, &anchors)).collect();
        for seat in &seats {
            let seal = seat.seal.as_ref().expect("a seal");
            archive
                .register_seal(&seat.organ.dir3, seal.key.facts(), "")
                .expect("an archive");
        }
        Self {
            caller: Application {
                id: "tests".to_owned(),
                name: "tests".to_owned(),
                organs: seats.iter().map(|seat| seat.organ.dir3.clone()).collect(),
                default_organ: None,
                environment: None,
            },
            seals: archive.registered_seals().expect("an archive"),
            sealer: Sealer::new(SealerParts {
                organs: Organs::new(seats),
                archive: Arc::clone(&archive),
                trust: Trust {
                    seals: TrustedSet::new(Arc::clone(&anchors)),
                    timestamps: TrustedSet::default(),
                },
                code_keys: vec![Zeroizing::new(b"the key of the tests".to_vec())],
                random: || [7; 32],
                limits: Limits::default(),
                pre_days: 30,
                pro_days: 1826,
            }),
            archive,
            anchors,
            _runtime: runtime,
        }
    }

    /// A copy of `source`, or why there is none.
    pub(crate) fn try_seal(&self, organ: &str, source: &[u8]) -> Result<Vec<u8>, SealError> {
        let request = SealRequest {
            application: self.caller.clone(),
            fields: Fields {
                organ: Some(organ.parse::<Dir3>().expect("a DIR3 code")),
                ..Fields::default()
            },
            upload: Upload::new(Bytes::copy_from_slice(source)),
            idempotency_key: None,
        };
        let issued = self.sealer.seal(&request, now(), &Deadline::never())?;
        Ok(issued.document.concat())
    }

    /// A copy of `source`, which can be sealed.
    pub(crate) fn seal(&self, organ: &str, source: &[u8]) -> Vec<u8> {
        let copy = self.try_seal(organ, source);
        copy.unwrap_or_else(|error| panic!("{organ}: {error:?}"))
    }

    /// The seal of an organ.
    pub(crate) fn key_of(&self, organ: &str) -> &LoadedSeal {
        let organ = organ.parse::<Dir3>().expect("a DIR3 code");
        let seat = self.sealer.organs().seat(&organ).expect("an example organ");
        seat.seal.as_ref().expect("a seal")
    }

    /// The archive.
    pub(crate) fn archive(&self) -> &Archive {
        &self.archive
    }

    /// A validator beside this archive.
    pub(crate) fn validator(&self) -> Validator {
        self.validator_over(Arc::clone(&self.archive), self.seals.clone())
    }

    /// A validator beside another archive, where the seals of these `organs` are registered too.
    pub(crate) fn validator_elsewhere(&self, organs: &[&str]) -> Validator {
        let handle = self._runtime.handle().clone();
        let archive = Archive::over(Arc::new(InMemory::new()), handle);
        let known = |seal: &&RegisteredSeal| organs.contains(&seal.organ.as_str());
        let seals = self.seals.iter().filter(known).cloned().collect();
        self.validator_over(Arc::new(archive), seals)
    }

    fn validator_over(&self, archive: Arc<Archive>, seals: Vec<RegisteredSeal>) -> Validator {
        let trust = Trust {
            seals: TrustedSet::new(Arc::clone(&self.anchors)),
            timestamps: TrustedSet::default(),
        };
        Validator::new(archive, trust, seals, Limits::default())
    }
}

/// What a validator says of a file.
pub(crate) fn report(validator: &Validator, bytes: &[u8]) -> Report {
    let bytes = Bytes::copy_from_slice(bytes);
    let digest = Sha256Digest::of(&bytes);
    let (options, deadline) = (Options::default(), Deadline::never());
    validator.validate(&bytes, digest, now(), &options, &deadline)
}

fn examples() -> std::path::PathBuf {
    super::root().join("certs-example")
}

fn read(path: &Path) -> Vec<u8> {
    std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The anchors of the example seals.
pub(crate) fn anchors() -> Anchors {
    let files = ["root.pem", "sector-public.pem"]
        .map(|name| (name, read(&examples().join("trust").join(name))));
    Anchors::from_pem(files.iter().map(|(name, pem)| (*name, pem.as_slice()))).expect("anchors")
}

/// An organ's file, as far as the tests need it.
struct OrganFile(toml::Table);

impl OrganFile {
    fn get<T: DeserializeOwned>(table: &toml::Table, key: &str) -> Option<T> {
        let value = table.get(key)?.clone();
        Some(value.try_into().expect("the examples are well formed"))
    }

    fn organ(&self) -> Organ {
        fn must<T: DeserializeOwned>(table: &toml::Table, key: &str) -> T {
            OrganFile::get(table, key).expect("the examples are complete")
        }
        Organ {
            dir3: must(&self.0, "dir3"),
            ine10: None,
            nif: must(&self.0, "nif"),
            environment: Environment::Pre,
            cession: Cession::Own,
            names: must::<Names>(&self.0, "name"),
            place: must(&self.0, "place"),
            language: must(&self.0, "language"),
            verification_address: must(&self.0, "verification_address"),
            policy: Policy {
                restricted: Restricted::Seal,
                active_content: Admission::Allow,
                xfa: Admission::Allow,
                earlier_revisions: EarlierRevisions::Report,
                source_signatures: SourceSignatures::Record,
                ..Policy::default()
            },
        }
    }
}

fn seat(dir3: &str, anchors: &Anchors) -> Seat {
    let folder = examples().join("organs");
    let text = read(&folder.join(format!("{dir3}.toml")));
    let text = String::from_utf8(text).expect("an organ's file is text");
    let file = OrganFile(text.parse().expect("an organ's file is TOML"));
    let organ = file.organ();
    let seal: toml::Table = OrganFile::get(&file.0, "seal").expect("a seal");
    let bytes_of =
        |key: &str| OrganFile::get::<String>(&seal, key).map(|path| read(&folder.join(path)));
    let passphrase = bytes_of("passphrase_file").unwrap_or_default();
    let passphrase = String::from_utf8(passphrase).expect("a passphrase is text");
    let passphrase = Zeroizing::new(passphrase.trim_end().to_owned());
    let (pkcs12, chain, key) = (
        bytes_of("pkcs12"),
        bytes_of("certificates"),
        bytes_of("key"),
    );
    let container = match (&pkcs12, &chain, &key) {
        (Some(bytes), _, _) => SealContainer::Pkcs12 {
            bytes,
            passphrase: &passphrase,
        },
        (None, Some(certificates), Some(key)) => SealContainer::Pem {
            certificates,
            key,
            passphrase: None,
        },
        _ => panic!("{dir3} has no seal"),
    };
    let algorithm: SealAlgorithm = OrganFile::get(&seal, "algorithm").expect("an algorithm");
    let rules = SealRules {
        nif: &organ.nif,
        algorithm,
        anchors,
        now: now(),
    };
    let key = SealKey::open(&container, &rules).expect("an example seal opens");
    let cms = CmsProfile::new(key.chain(), algorithm).expect("a profile");
    let typeface = Typeface::covering(&legend::alphabet(&organ)).expect("typefaces");
    Seat {
        organ,
        seal: Ok(LoadedSeal { key, cms, typeface }),
        seal_use: SealUse::Open,
    }
}
