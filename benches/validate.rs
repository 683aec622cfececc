//! What validating a copy of ours costs above its floor: one SHA-256 over the file and one public-key
//! operation for each certificate checked, with the same OpenSSL, in the same run.
//!
//! `cargo bench --bench validate` prints the ratios for a page, for 100 MB of scanned pages and for a file
//! that nobody here knows, then the memory that 100 MB take above the idle process. Times are of the
//! processor, not of the clock on the wall.
#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a bench reads its seal from disk, stops at the first surprise and prints"
)]

mod support;

use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use criterion::Criterion;
use jiff::Timestamp;
use object_store::memory::InMemory;
use openssl::pkey::Public;
use openssl::rsa::{Padding, Rsa};
use openssl::x509::{X509, X509VerifyResult};
use segell::archive::Archive;
use segell::model::{Deadline, HashTrail, SealAlgorithm};
use segell::pdf::Limits;
use segell::pki::Anchors;
use segell::pki::verify::certificate_facts;
use segell::seal::{
    Application, Fields, LevelMeans, Organs, SealRequest, Sealer, SealerParts, Seat, Upload,
};
use segell::validate::{Indication, Options, Trust, TrustedSet, Validator, Verdict};
use sha2::{Digest, Sha256};
use support::{Bench, anchors, document, peak_above_idle, processor_time};
use tokio::runtime::{Handle, Runtime};
use zeroize::Zeroizing;

/// A service that issued some copies, and its validator.
struct Office {
    sealer: Sealer,
    validator: Validator,
    application: Application,
    /// The keys of the two certificates that are checked: seal and authority, which is an anchor.
    keys: [Rsa<Public>; 2],
}

impl Office {
    fn open(bench: Bench, anchors: Anchors, runtime: &Handle) -> Self {
        let archive = Arc::new(Archive::over(Arc::new(InMemory::new()), runtime.clone()));
        let leaf = bench.seal.key.chain().first().expect("a leaf").clone();
        let dir3 = bench.organ.dir3.clone();
        archive
            .register_seal(&dir3, &certificate_facts(&leaf).expect("a certificate"), "")
            .expect("a registered seal");
        let signer = X509::from_der(&leaf).expect("a certificate");
        let authority = anchors
            .der()
            .iter()
            .map(|der| X509::from_der(der).expect("an anchor"))
            .find(|anchor| anchor.issued(&signer) == X509VerifyResult::OK)
            .expect("the authority of the seal");
        let keys = [signer, authority]
            .map(|certificate| certificate.public_key().and_then(|key| key.rsa()))
            .map(|key| key.expect("an RSA key"));
        let trust = Trust {
            seals: TrustedSet::new(anchors),
            timestamps: TrustedSet::default(),
        };
        let seals = archive.registered_seals().expect("registered seals");
        let limits = Limits {
            stream_bytes: 64 << 20,
            ..Limits::default()
        };
        let sealer = Sealer::new(SealerParts {
            organs: Organs::new([Seat::new(bench.organ, Ok(bench.seal))]),
            archive: Arc::clone(&archive),
            trust: trust.clone(),
            code_keys: vec![Zeroizing::new(vec![7; 32])],
            random: || [7; 32],
            limits: limits.clone(),
            levels: LevelMeans::default(),
            pre_days: 30,
            pro_days: 1830,
        });
        Self {
            sealer,
            validator: Validator::new(archive, trust, seals, limits),
            application: Application {
                id: "bench".to_owned(),
                name: "bench".to_owned(),
                organs: vec![dir3],
                default_organ: None,
                environment: None,
            },
            keys,
        }
    }

    fn issue(&self, source: Bytes) -> Bytes {
        let request = SealRequest {
            application: self.application.clone(),
            fields: Fields::default(),
            idempotency_key: None,
            upload: Upload::new(source),
        };
        let issued = self
            .sealer
            .seal(&request, Timestamp::now(), &Deadline::never())
            .expect("a copy");
        Bytes::from(issued.document.concat())
    }

    /// Judges a file and says how. It is hashed while it arrives, so it belongs to the work.
    fn judge(&self, bytes: &Bytes) -> (Verdict, Option<Indication>) {
        let hash = HashTrail::of(bytes);
        let options = Options::default();
        let report =
            self.validator
                .validate(bytes, &hash, Timestamp::now(), &options, &Deadline::never());
        (report.verdict, report.indication)
    }

    /// One SHA-256 over the file, one public-key operation for each certificate.
    fn floor(&self, bytes: &Bytes) {
        black_box(Sha256::digest(bytes));
        for key in &self.keys {
            let mut out = vec![0; key.size() as usize];
            let block = vec![1; out.len()];
            key.public_encrypt(&block, &mut out, Padding::NONE)
                .expect("an operation");
            black_box(out);
        }
    }
}

fn time(work: impl FnOnce()) -> Duration {
    let from = processor_time();
    work();
    processor_time() - from
}

/// Alternates work and floor and prints the median ratio, so that a machine that slows down slows both.
fn ratio(name: &str, rounds: usize, work: impl Fn(), floor: impl Fn()) {
    let mut spent = Duration::ZERO;
    let mut ratios: Vec<f64> = (0..rounds)
        .map(|_| {
            let took = time(&work);
            spent += took;
            took.as_secs_f64() / time(&floor).as_secs_f64()
        })
        .collect();
    ratios.sort_by(f64::total_cmp);
    println!(
        "{name}: {:.2} ms, {:.2} × floor (10 % under {:.2}, 90 % under {:.2})",
        spent.as_secs_f64() * 1000.0 / rounds as f64,
        ratios[rounds / 2],
        ratios[rounds / 10],
        ratios[rounds * 9 / 10],
    );
}

fn main() {
    let runtime = Runtime::new().expect("a runtime");
    let office = |dir3: &str, nif: &str, algorithm: SealAlgorithm| {
        let anchors = anchors();
        let bench = Bench::open(dir3, nif, algorithm, &anchors);
        Office::open(bench, anchors, runtime.handle())
    };
    let one = office("L01990015", "P9900100J", SealAlgorithm::RsaPkcs1Sha256);
    let other = office("L01990027", "P9900200H", SealAlgorithm::RsaPssSha256);

    let page = one.issue(document(1, 2_000, 100_000));
    assert_eq!(
        one.judge(&page),
        (Verdict::Identical, Some(Indication::TotalPassed))
    );
    ratio(
        "1 page of ours, RSA-2048",
        1_000,
        || _ = black_box(one.judge(&page)),
        || one.floor(&page),
    );
    assert_eq!(other.judge(&page).0, Verdict::NotOurs);
    ratio(
        "1 page that nobody here knows",
        300,
        || _ = black_box(other.judge(&page)),
        || other.floor(&page),
    );
    let scan = one.issue(document(200, 500, 500_000));
    let sha = || _ = black_box(Sha256::digest(&scan));
    ratio(
        "100 MB of ours, against its SHA-256",
        20,
        || _ = black_box(one.judge(&scan)),
        sha,
    );
    let size = scan.len() as f64;
    let above = peak_above_idle(|| {
        // What arrives is held once.
        let arrived = Bytes::copy_from_slice(&scan);
        black_box(one.judge(&arrived));
    });
    println!(
        "memory: {:.1} MB in, {:.1} MB above idle at the peak, {:.2} × the file",
        size / 1e6,
        above / 1e6,
        above / size
    );

    let mut criterion = Criterion::default().configure_from_args();
    criterion.bench_function("validate/1 page of ours", |bencher| {
        bencher.iter(|| one.judge(&page));
    });
    criterion.final_summary();
}
