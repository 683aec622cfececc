//! The product in this process: its own sealer, with the example seals and an archive in memory, and
//! the validators that read what it made.

use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use jiff::{SignedDuration, Timestamp};
use object_store::memory::InMemory;
use segell::archive::{Archive, RegisteredSeal};
use segell::cades::CmsProfile;
use segell::model::organ::{Cession, Names};
use segell::model::policy::{Admission, EarlierRevisions, Policy, Restricted, SourceSignatures};
use segell::model::{Deadline, Dir3, Environment, HashTrail, Organ, SealAlgorithm};
use segell::pdf::Limits;
use segell::pdf::typeface::Typeface;
use segell::pki::{Anchors, SealContainer, SealKey, SealRules};
use segell::seal::preserve::{Preserver, PreserverParts};
use segell::seal::{
    Application, Fields, Health, LevelMeans, LoadedSeal, Organs, SealError, SealRequest, Sealer,
    SealerParts, Seat, Upload, legend,
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
    objects: Arc<InMemory>,
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
        Self::open_with(LevelMeans::default(), |_| ())
    }

    /// The same whose copies answer for so many days.
    pub(crate) fn lasting(days: u32, levels: LevelMeans) -> Self {
        Self::open_for(days, levels, |_| ())
    }

    /// The same with what is needed for levels above B-B, and with other policies.
    pub(crate) fn open_with(levels: LevelMeans, change: impl Fn(&mut Policy)) -> Self {
        Self::open_for(30, levels, change)
    }

    fn open_for(pre_days: u32, levels: LevelMeans, change: impl Fn(&mut Policy)) -> Self {
        let runtime = Runtime::new().expect("a runtime");
        let objects = Arc::new(InMemory::new());
        let store = Arc::clone(&objects);
        let archive = Arc::new(Archive::over(store, runtime.handle().clone()));
        let anchors = Arc::new(anchors());
        let mut seats: Vec<Seat> = ORGANS.iter().map(|organ| seat(organ, &anchors)).collect();
        for seat in &mut seats {
            change(&mut Arc::make_mut(&mut seat.organ).policy);
        }
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
                levels,
                pre_days,
                pro_days: 1826,
            }),
            archive,
            objects,
            anchors,
            _runtime: runtime,
        }
    }

    /// A copy of `source`, or why there is none.
    pub(crate) fn try_seal(&self, organ: &str, source: &[u8]) -> Result<Vec<u8>, SealError> {
        let request = self.request(organ, source);
        let issued = self.sealer.seal(&request, now(), &Deadline::never())?;
        Ok(issued.document.concat())
    }

    /// A request for a copy of `source` that says nothing else.
    pub(crate) fn request(&self, organ: &str, source: &[u8]) -> SealRequest {
        SealRequest {
            application: self.caller.clone(),
            fields: Fields {
                organ: Some(organ.parse::<Dir3>().expect("a DIR3 code")),
                ..Fields::default()
            },
            upload: Upload::new(Bytes::copy_from_slice(source)),
            idempotency_key: None,
        }
    }

    /// The sealer itself.
    pub(crate) fn sealer(&self) -> &Sealer {
        &self.sealer
    }

    /// The names of the objects of the archive, in no order.
    pub(crate) fn object_names(&self) -> Vec<String> {
        use futures_util::TryStreamExt as _;
        use object_store::ObjectStore as _;
        let objects = self
            ._runtime
            .block_on(self.objects.list(None).try_collect());
        let objects: Vec<object_store::ObjectMeta> = objects.expect("an archive in memory");
        objects
            .iter()
            .map(|object| object.location.to_string())
            .collect()
    }

    /// The objects of the archive.
    pub(crate) fn objects(&self) -> &InMemory {
        &self.objects
    }

    /// A copy of `source`, which can be sealed.
    pub(crate) fn seal(&self, organ: &str, source: &[u8]) -> Vec<u8> {
        let copy = self.try_seal(organ, source);
        copy.unwrap_or_else(|error| panic!("{organ}: {error:?}"))
    }

    /// The seal of an organ.
    pub(crate) fn key_of(&self, organ: &str) -> Arc<LoadedSeal> {
        let organ = organ.parse::<Dir3>().expect("a DIR3 code");
        let organs = self.sealer.organs();
        let seat = organs.seat(&organ).expect("an example organ");
        Arc::clone(seat.seal.as_ref().expect("a seal"))
    }

    /// The archive.
    pub(crate) fn archive(&self) -> &Archive {
        &self.archive
    }

    /// A validator beside this archive.
    pub(crate) fn validator(&self) -> Validator {
        self.validator_over(Arc::clone(&self.archive), self.seals.clone())
    }

    /// A validator beside this archive that trusts these authorities for timestamps too.
    pub(crate) fn validator_trusting(&self, timestamps: Arc<Anchors>) -> Validator {
        let trust = Trust {
            seals: TrustedSet::new(Arc::clone(&self.anchors)),
            timestamps: TrustedSet::new(timestamps),
        };
        let archive = Arc::clone(&self.archive);
        Validator::new(archive, trust, self.seals.clone(), Limits::default())
    }

    /// Keeps the copies of this archive provable.
    pub(crate) fn preserver(
        &self,
        levels: LevelMeans,
        timestamps: Arc<Anchors>,
        lead: SignedDuration,
    ) -> Preserver {
        Preserver::new(PreserverParts {
            archive: Arc::clone(&self.archive),
            validator: Arc::new(self.validator_trusting(timestamps)),
            levels,
            limits: Limits::default(),
            lead,
        })
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
    let hash = HashTrail::of(&bytes);
    let (options, deadline) = (Options::default(), Deadline::never());
    validator.validate(&bytes, &hash, now(), &options, &deadline)
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
    let seal = LoadedSeal {
        key,
        cms,
        typeface,
        health: Health::good(now()),
    };
    Seat::new(organ, Ok(seal))
}
