//! What sealing costs above its floor: one private-key operation and one SHA-256 over the output, with
//! the same OpenSSL, in the same run.
//!
//! `cargo bench --bench seal` prints for each document the ratio to the floor and the share of every
//! step, then how much memory a 100 MB copy takes above the idle process. Times are of the processor, not
//! of the clock on the wall.
#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a bench reads its seal from disk, stops at the first surprise and prints"
)]

mod support;

use std::hint::black_box;
use std::time::Duration;

use bytes::Bytes;
use criterion::Criterion;
use jiff::Timestamp;
use segell::model::{Code, CopyKind, Deadline, Language, Placement, SealAlgorithm};
use segell::pdf::band::{self, BandOptions};
use segell::pdf::{Limits, SealedPdf, SignatureFields, SourcePdf, Update};
use segell::seal::{Upload, legend};
use segell::validate::own_copy;
use sha2::{Digest, Sha256};
use support::{Bench, anchors, document, peak_above_idle, processor_time};

/// The steps of one seal, in order.
const STEPS: [&str; 7] = [
    "parse",
    "band",
    "write",
    "hash",
    "CMS",
    "signature",
    "self-check",
];

fn limits() -> Limits {
    Limits {
        stream_bytes: 64 << 20,
        ..Limits::default()
    }
}

/// Seals once and adds what each step took to `spent`. The source was hashed while it arrived: that
/// hash is part of the whole and of the step `hash`.
fn seal(bench: &Bench, bytes: &Bytes, spent: &mut [Duration; STEPS.len()]) -> SealedPdf {
    let mut from = processor_time();
    let mut step = |index: usize| {
        let now = processor_time();
        spent[index] += now - from;
        from = now;
    };
    let upload = Upload::new(bytes.clone());
    step(3);
    let source = SourcePdf::open(bytes.clone(), &limits(), &Deadline::never()).expect("a source");
    step(0);
    let bits: [u8; 32] = Sha256::digest(bytes.get(..64).unwrap_or_default()).into();
    let code = Code::for_test(&bits);
    let now = Timestamp::UNIX_EPOCH;
    let legend = legend::legend(&bench.organ, CopyKind::Electronic, Language::Ca, &code, now);
    let mut update = Update::new(&source);
    let options = BandOptions {
        placement: Placement::Fit,
        flatten_outside: true,
    };
    band::draw(&mut update, &legend, &bench.seal.typeface, options).expect("a band");
    step(1);
    let fields = SignatureFields {
        name: bench.organ.names.ca.clone(),
        reason: legend.title.clone(),
        location: bench.organ.place.clone(),
        contact: bench.organ.verification_address.to_string(),
        time: now,
    };
    let reserved = bench.seal.cms.reserved(bench.seal.key.signature_len());
    let revision = update.finish(&fields, reserved).expect("a revision");
    step(2);
    let digest = revision.digest(upload.hash.state());
    step(3);
    let attributes = bench.seal.cms.signed_attributes(digest.as_bytes());
    step(4);
    let value = bench
        .seal
        .key
        .sign(attributes.to_be_signed())
        .expect("a signature");
    step(5);
    let sealed = revision
        .embed(&bench.seal.cms.assemble(&attributes, &value))
        .expect("a seal");
    step(4);
    let leaf = bench
        .seal
        .key
        .chain()
        .first()
        .map_or(&[][..], Vec::as_slice);
    let key = bench.seal.cms.verification_key();
    own_copy::check(&sealed, upload.hash.state(), leaf, key).expect("a sound copy");
    step(6);
    sealed
}

/// One private-key operation and one SHA-256 over `len` bytes.
fn floor(bench: &Bench, output: &[u8]) -> Duration {
    let from = processor_time();
    black_box(Sha256::digest(output));
    black_box(bench.seal.key.sign(&[0; 96]).expect("a signature"));
    processor_time() - from
}

/// Alternates seal and floor and prints the median ratio, so that a machine that slows down slows both.
fn ratio(name: &str, bench: &Bench, bytes: &Bytes, rounds: usize) {
    let mut spent = [Duration::ZERO; STEPS.len()];
    let sealed = seal(bench, bytes, &mut [Duration::ZERO; STEPS.len()]);
    let output = [sealed.source.as_ref(), sealed.tail.as_ref()].concat();
    let mut ratios: Vec<f64> = (0..rounds)
        .map(|_| {
            let before: Duration = spent.iter().sum();
            black_box(seal(bench, bytes, &mut spent));
            let after: Duration = spent.iter().sum();
            (after - before).as_secs_f64() / floor(bench, &output).as_secs_f64()
        })
        .collect();
    ratios.sort_by(f64::total_cmp);
    let total: Duration = spent.iter().sum();
    println!(
        "{name}: {} kB in, {:+} bytes, {:.2} ms, {:.2} × floor (10 % under {:.2}, 90 % under {:.2})",
        bytes.len() / 1000,
        sealed.tail.len(),
        total.as_secs_f64() * 1000.0 / rounds as f64,
        ratios[rounds / 2],
        ratios[rounds / 10],
        ratios[rounds * 9 / 10],
    );
    for (step, spent) in STEPS.iter().zip(spent) {
        let share = spent.as_secs_f64() / total.as_secs_f64() * 100.0;
        println!("    {step:<11}{share:5.1} %");
    }
}

/// Peak memory above the idle process while a document of 100 MB is sealed, the document itself included.
fn memory(bench: &Bench) {
    let mut size = 0.0;
    let peak = peak_above_idle(|| {
        let bytes = document(200, 500, 500_000);
        size = bytes.len() as f64;
        black_box(seal(bench, &bytes, &mut [Duration::ZERO; STEPS.len()]));
    });
    println!(
        "memory: {:.1} MB in, {:.1} MB above idle at the peak, {:.2} × the file",
        size / 1e6,
        peak / 1e6,
        peak / size
    );
}

fn main() {
    let anchors = anchors();
    let rsa2048 = Bench::open(
        "L01990015",
        "P9900100J",
        SealAlgorithm::RsaPkcs1Sha256,
        &anchors,
    );
    let rsa3072 = Bench::open(
        "L01990027",
        "P9900200H",
        SealAlgorithm::RsaPssSha256,
        &anchors,
    );
    memory(&rsa2048);
    let one = document(1, 2_000, 100_000);
    let text = document(300, 10_000, 0);
    let scan = document(200, 500, 500_000);
    ratio("1 page, RSA-2048", &rsa2048, &one, 1_000);
    ratio("1 page, RSA-3072 PSS", &rsa3072, &one, 500);
    ratio("300 pages of text, RSA-2048", &rsa2048, &text, 50);
    ratio("100 MB of scanned pages, RSA-2048", &rsa2048, &scan, 10);

    let mut criterion = Criterion::default().configure_from_args();
    criterion.bench_function("seal/1 page/RSA-2048", |bencher| {
        bencher.iter(|| seal(&rsa2048, &one, &mut [Duration::ZERO; STEPS.len()]));
    });
    criterion.bench_function("floor/RSA-2048 and 135 kB", |bencher| {
        let output = vec![0; one.len() + 33_000];
        bencher.iter(|| floor(&rsa2048, &output));
    });
    criterion.final_summary();
}
