mod checking;
mod commits;
mod contents;
mod events;
mod extensions;
mod faulty;
mod look_ups;
mod networks;
mod retention;
mod seals;
mod transfers;
mod tries;
mod usage;
mod week;

use std::sync::Arc;

use bytes::Bytes;
use jiff::{SignedDuration, Timestamp};
use object_store::memory::InMemory;
use object_store::{ObjectStore, ObjectStoreExt};
use tokio::runtime::Runtime;

use super::record::SCHEMA;
use super::*;
use crate::model::{
    Code, CopyKind, Description, DocumentType, Environment, ExternalRef, Language, Origin,
    Placement, SealAlgorithm, Sha256Digest, SignatureLevel, Withdrawal, WithdrawalReason,
};
use crate::pdf::band::BandReport;
use crate::pdf::{ByteRange, SourceFacts};
use crate::pki::CertificateFacts;

/// A store in memory, an archive over it, and a request for a copy.
struct Rig {
    runtime: Runtime,
    objects: Arc<dyn ObjectStore>,
    archive: Archive,
}

const SOURCE: &[u8] = b"%PDF-1.7 the source\n%%EOF\n";

fn now() -> Timestamp {
    "2026-11-21T10:00:00Z".parse().unwrap()
}

impl Rig {
    fn new() -> Self {
        Self::over(Arc::new(InMemory::new()))
    }

    fn over(objects: Arc<dyn ObjectStore>) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_time()
            .build()
            .unwrap();
        let archive = Archive::over(objects.clone(), runtime.handle().clone())
            .with_factor_keys(FactorKeys::new(vec![vec![7; 32].into()]));
        Self {
            runtime,
            objects,
            archive,
        }
    }

    fn in_folder(folder: &Path) -> Self {
        let objects = LocalFileSystem::new_with_prefix(folder).unwrap();
        Self::over(Arc::new(objects.with_fsync(true)))
    }

    /// The archive opened by its address, as the service does it.
    fn opened_in(folder: &Path) -> Self {
        let mut rig = Self::in_folder(folder);
        let location = ArchiveLocation::Folder(folder.to_owned());
        let archive = Archive::open(&location, None, rig.runtime.handle().clone()).unwrap();
        rig.archive = archive.with_factor_keys(FactorKeys::new(vec![vec![7; 32].into()]));
        rig
    }

    /// Another process over the same objects.
    fn archive_over(&self, objects: Arc<dyn ObjectStore>) -> Archive {
        Archive::over(objects, self.runtime.handle().clone())
    }

    fn put(&self, name: &str, body: impl Into<Bytes>) {
        let name = name.into();
        let put = self.objects.put(&name, body.into().into());
        self.runtime.block_on(put).unwrap();
    }

    fn get(&self, name: &str) -> Option<Bytes> {
        self.runtime.block_on(async {
            let object = self.objects.get(&name.into()).await.ok()?;
            Some(object.bytes().await.unwrap())
        })
    }

    fn delete(&self, name: &str) {
        let name = name.into();
        let delete = self.objects.delete(&name);
        self.runtime.block_on(delete).unwrap();
    }

    /// The names of all objects, sorted.
    fn names(&self) -> Vec<String> {
        use futures_util::TryStreamExt;
        let list = self.objects.list(None);
        let objects: Vec<_> = self.runtime.block_on(list.try_collect()).unwrap();
        let mut names: Vec<_> = objects
            .into_iter()
            .map(|object: object_store::ObjectMeta| object.location.to_string())
            .collect();
        names.sort();
        names
    }

    /// Commits the copy of `code`, which was begun.
    fn commit_begun(&self, code: &Code) -> Committed {
        let parts = document(code, b"seal");
        self.archive
            .commit(&intent(code), &parts, digest_of(&parts), now())
            .unwrap()
    }

    /// Withdraws a copy.
    fn withdraw(&self, index: CodeIndex) {
        let withdrawal = Withdrawal {
            reason: WithdrawalReason::Superseded,
            text: serde_json::from_value("replaced".into()).unwrap(),
        };
        let outcome = self.archive.withdraw(index, &withdrawal, "registre", now());
        assert_eq!(outcome.unwrap(), Withdrew::Done);
    }

    /// Begins and commits the copy of `code`, its seal registered.
    fn commit(&self, code: &Code) -> Committed {
        let intent = intent(code);
        assert_eq!(self.archive.begin(&intent).unwrap(), Begun::New);
        self.archive
            .register_seal(&intent.organ, &certificate(), "PEM")
            .unwrap();
        let parts = document(code, b"seal");
        self.archive
            .commit(&intent, &parts, digest_of(&parts), now())
            .unwrap()
    }
}

fn code(seed: u8) -> Code {
    Code::from_bits(Sha256Digest::of(&[seed]).as_bytes()).unwrap()
}

/// A sealed document in two parts, different for every code and every seal.
fn document(code: &Code, seal: &[u8; 4]) -> Vec<Bytes> {
    let index = CodeIndex::of(code).0.to_string();
    let tail = [
        b"<",
        seal.as_slice(),
        b"> ",
        index.as_bytes(),
        b"
%%EOF
",
    ]
    .concat();
    vec![Bytes::from_static(SOURCE), Bytes::from(tail)]
}

fn digest_of(parts: &[Bytes]) -> Sha256Digest {
    Sha256Digest::of(&parts.concat())
}

/// What gives everything of a copy without later versions.
fn disclosure(record: &CopyRecord) -> Disclosure<'_> {
    Disclosure {
        record,
        extensions: &[],
    }
}

/// The folder of the copy of `code`.
fn folder(code: &Code) -> String {
    layout::copy(CodeIndex::of(code)).to_string()
}

fn intent(code: &Code) -> Intent {
    let source = SOURCE.len() as u64;
    Intent {
        schema: SCHEMA,
        index: CodeIndex::of(code),
        organ: "L01990015".parse().unwrap(),
        environment: Environment::Pre,
        application: "registre".into(),
        request_digest: Sha256Digest::of(b"request"),
        keyed: true,
        generation: 0,
        issued_at: now(),
        available_until: now() + SignedDuration::from_hours(30 * 24),
        description: Description {
            kind: CopyKind::Electronic,
            language: Language::Ca,
            placement: Placement::Fit,
            title: Some("Acta del ple".into()),
            document_type: DocumentType::OTHER,
            origin: Origin::Administration,
            captured_at: now(),
            source_id: "ES_L01990015_2026_1".into(),
            source_id_generated: true,
            requested_by: None,
            external_ref: Some(ExternalRef {
                system: "registre".into(),
                id: "2026/1".into(),
            }),
        },
        access: Access::Open,
        source: SourceRecord {
            digest: Sha256Digest::of(SOURCE),
            size: source,
            facts: SourceFacts::default(),
        },
        source_signatures: Vec::new(),
        band: BandReport::default(),
        findings: Vec::new(),
        seal: SealRecord {
            fingerprint: certificate().fingerprint,
            common_name: "Segell d'exemple".into(),
            algorithm: SealAlgorithm::EcdsaP256Sha256,
        },
        level_asked: SignatureLevel::BB,
        level: SignatureLevel::BB,
        byte_range: ByteRange {
            hole_start: source,
            hole_end: source + 6,
            end: source + 18,
        },
        overridden: vec![1, 2],
        prefix: true,
        software: "segell 0".into(),
    }
}

fn certificate() -> CertificateFacts {
    CertificateFacts {
        fingerprint: Sha256Digest::of(b"certificate"),
        common_name: "Segell d'exemple".into(),
        organisation: "Ajuntament d'exemple".into(),
        nif: Some("P9900150B".into()),
        issuer: "CA".into(),
        serial: "01".into(),
        not_before: now() - SignedDuration::from_hours(24),
        not_after: now() + SignedDuration::from_hours(24),
        public_key: "EC P-256".into(),
        policies: vec!["2.16.724.1.3.5.6.2".into()],
        qc_eseal: true,
        qc_compliance: true,
        qc_sscd: false,
        may_sign: true,
        authority: false,
        key: None,
        key_usage: None,
        extended_key_usage: None,
        extended_key_usage_critical: false,
        self_issued: false,
        qc_esign: false,
    }
}

#[test]
fn the_index_of_a_code_never_changes() {
    // printf 'segell/index/v1%s' 000G40R40M30E209185GR72Y | sha256sum
    let bits = std::array::from_fn(|index| u8::try_from(index).unwrap());
    assert_eq!(
        CodeIndex::of(&Code::from_bits(&bits).unwrap())
            .0
            .to_string(),
        "4a9ceccb1158621804fc50f7f97fffde2bedc31f0dcb54de5198a437846f77db"
    );
}

#[test]
fn an_archive_that_keeps_nothing_says_so_everywhere() {
    let rig = Rig::new();
    let location = "none".parse().unwrap();
    let none = Archive::open(&location, None, rig.runtime.handle().clone()).unwrap();
    assert!(!none.keeps_copies());
    assert!(none.probe(now()).is_ok());
    let index = CodeIndex::of(&code(1));
    assert!(matches!(
        none.look_up(index, now()),
        Err(ArchiveError::NoArchive)
    ));
    assert!(matches!(
        none.begin(&intent(&code(1))),
        Err(ArchiveError::NoArchive)
    ));
}

#[test]
fn a_folder_is_made_for_its_owner_only_and_the_probe_leaves_nothing_in_it() {
    let rig = Rig::new();
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("a/b");
    let location = format!("file://{}", folder.display()).parse().unwrap();
    let archive = Archive::open(&location, None, rig.runtime.handle().clone()).unwrap();
    archive.probe(now()).unwrap();
    assert!(archive.keeps_copies());
    assert_eq!(Rig::in_folder(&folder).names(), Vec::<String>::new());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = folder.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
    }
}

#[test]
fn a_store_that_replaces_objects_is_refused_with_that_sentence() {
    let store = faulty::Replacing(InMemory::new());
    let rig = Rig::over(Arc::new(store));
    let refusal = rig.archive.probe(now()).unwrap_err();
    assert!(matches!(refusal, ArchiveError::NotCreateOnly));
    assert!(
        refusal
            .to_string()
            .contains("create-only writes (`If-None-Match: *`)")
    );
}

#[test]
fn a_store_that_cannot_be_written_fails_the_probe() {
    let store = faulty::Dying::after_writes(Arc::new(InMemory::new()), 0, false);
    let rig = Rig::over(store);
    let refusal = rig.archive.probe(now()).unwrap_err();
    assert!(refusal.is_transient(), "{refusal:?}");
}

#[test]
fn the_archive_works_from_the_blocking_threads_of_a_single_threaded_server() {
    use futures_util::TryStreamExt;
    let folder = tempfile::tempdir().unwrap();
    let rig = Rig::in_folder(folder.path());
    let record = rig.commit(&code(1)).record;
    let server = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let bytes: Vec<Bytes> = server.block_on(async {
        let archive = rig.archive.clone();
        let check = tokio::task::spawn_blocking(move || archive.check(now(), &mut |_, _| {}));
        let check = check.await.unwrap().unwrap();
        assert_eq!((check.copies, check.findings), (1, vec![]));
        let whole = 0..record.document.size;
        let stream = rig
            .archive
            .stream(disclosure(&record), Content::Newest, whole);
        stream.await.unwrap().try_collect().await.unwrap()
    });
    assert_eq!(Sha256Digest::of(&bytes.concat()), record.document.digest);
}

/// A copy that an application was given at some time.
fn commit_as(rig: &Rig, seed: u8, application: &str, issued_at: Timestamp) -> CodeIndex {
    let code = code(seed);
    let intent = Intent {
        application: application.to_owned(),
        issued_at,
        ..intent(&code)
    };
    assert_eq!(rig.archive.begin(&intent).unwrap(), Begun::New);
    let parts = document(&code, b"seal");
    let digest = digest_of(&parts);
    rig.archive
        .commit(&intent, &parts, digest, issued_at)
        .unwrap();
    intent.index
}
