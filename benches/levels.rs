//! What levels above B-B cost the processor, when the authority takes 50 ms and revocation data are at hand.
//!
//! `cargo bench --bench levels` seals 64 documents at once, at each level, with as many threads as there are
//! cores, and prints processor time per copy and how long all of them took. Waiting costs no thread, so
//! 64 copies at level B-T take little longer than at B-B, and the wait once.
//!
//! The authority's tokens are made beforehand by `openssl ts`: the same request at the same moment wants the same
//! timestamp again.
#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a bench reads its seal from disk, stops at the first surprise and prints"
)]

mod support;

use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::thread::available_parallelism;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use rustix::time::{ClockId, clock_gettime};
use segell::archive::{Archive, ArchiveLocation};
use segell::cades::{Imprint, TimestampToken};
use segell::model::{Deadline, Octets, SealAlgorithm, Sha256Digest, SignatureLevel};
use segell::pdf::Limits;
use segell::pki::revocation::{NotCurrent, RevocationData, RevocationKeeper};
use segell::seal::{
    Application, Fields, LevelMeans, Organs, SealRequest, Sealer, SealerParts, Seat, Step, Upload,
};
use segell::validate::{Trust, TrustedSet};
use support::{Bench, anchors, document};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tokio::sync::Semaphore;
use zeroize::Zeroizing;

/// Copies made at once.
const AT_ONCE: usize = 64;
/// Times that they are made, at each level.
const ROUNDS: usize = 8;
/// How long the authority takes.
const WAIT: Duration = Duration::from_millis(50);
/// Bytes reserved for a token.
const ROOM: usize = 8 << 10;

/// Makes an authority in the current folder.
const AUTHORITY: &str = "
set -e
printf '[tsa]\\nserial = serial\\ndefault_policy = 1.2.3.4\\ndigests = sha256\\nsigner_digest = sha256\\ness_cert_id_alg = sha256\\n' > tsa.cnf
openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=tsa -keyout tsa.key -out tsa.pem \
    -addext keyUsage=critical,digitalSignature -addext extendedKeyUsage=critical,timeStamping
openssl x509 -in tsa.pem -outform DER -out tsa.der
";
/// Makes the token `token` over the digest `$0`.
const STAMP: &str = "
set -e
openssl ts -query -digest $0 -sha256 -cert -out query
openssl ts -reply -config tsa.cnf -section tsa -queryfile query -signer tsa.pem -inkey tsa.key -token_out -out token
";

fn shell(folder: &Path, script: &str, argument: &str) {
    let run = Command::new("sh")
        .args(["-c", script, argument])
        .current_dir(folder)
        .output();
    let run = run.expect("a shell");
    assert!(
        run.status.success(),
        "{}",
        String::from_utf8_lossy(&run.stderr)
    );
}

/// The tokens over the imprints that will be asked for.
struct Authority {
    folder: TempDir,
    chain: Vec<Octets>,
    tokens: HashMap<Vec<u8>, TimestampToken>,
}

impl Authority {
    fn new() -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        shell(folder.path(), AUTHORITY, "");
        let der = std::fs::read(folder.path().join("tsa.der")).expect("a certificate");
        Self {
            folder,
            chain: vec![Octets(der)],
            tokens: HashMap::new(),
        }
    }

    fn prepare(&mut self, imprint: &Imprint) -> TimestampToken {
        let mut digest = String::new();
        for byte in &imprint.value {
            write!(digest, "{byte:02x}").expect("a string grows");
        }
        shell(self.folder.path(), STAMP, &digest);
        let token = TimestampToken {
            der: std::fs::read(self.folder.path().join("token")).expect("a token"),
            time: Timestamp::now(),
            chain: self.chain.clone(),
        };
        self.tokens.insert(imprint.value.clone(), token.clone());
        token
    }
}

/// Has an OCSP response of common size at hand for every certificate.
struct Keeper(Octets);

impl RevocationKeeper for Keeper {
    fn current(&self, chain: &[Octets], _: Timestamp) -> Result<RevocationData, NotCurrent> {
        Ok(RevocationData {
            certificates: chain.to_vec(),
            ocsp_responses: chain.iter().map(|_| self.0.clone()).collect(),
            crls: Vec::new(),
        })
    }

    fn revoked_since(&self, _: Sha256Digest) -> Option<Timestamp> {
        None
    }
}

/// In the form of an `OCSPResponse`.
fn response() -> Octets {
    const LEN: usize = 1_600;
    let noise = (0..LEN as u32).map(|n| n.wrapping_mul(2_654_435_761).to_be_bytes()[0]);
    let mut der = vec![0x30, 0x82];
    der.extend((LEN as u16 + 7).to_be_bytes());
    der.extend([0x0A, 1, 0, 0xA0, 0x82]);
    der.extend((LEN as u16).to_be_bytes());
    der.extend(noise);
    Octets(der)
}

/// Processor time of the whole process.
fn processor_time() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(
        time.tv_sec.unsigned_abs(),
        time.tv_nsec.unsigned_abs() as u32,
    )
}

struct Stage {
    sealer: Arc<Sealer>,
    requests: Vec<SealRequest>,
    now: Timestamp,
}

impl Stage {
    fn request(&self, index: usize, level: SignatureLevel) -> SealRequest {
        let mut request = self.requests[index].clone();
        request.fields.level = Some(level);
        request
    }

    /// Goes through every copy once, so that the authority knows what it will be asked for.
    fn rehearse(&self, authority: &mut Authority, level: SignatureLevel) {
        for index in 0..AT_ONCE {
            let request = self.request(index, level);
            let clock = || self.now;
            self.sealer
                .seal_with(request, clock, &Deadline::never(), |imprint| {
                    Ok(match authority.tokens.get(&imprint.value) {
                        Some(token) => token.clone(),
                        None => authority.prepare(imprint),
                    })
                })
                .expect("a copy");
        }
    }

    /// Makes all copies at once: processor time and time on the wall.
    fn run(
        &self,
        runtime: &Runtime,
        authority: &Arc<Authority>,
        level: SignatureLevel,
    ) -> (Duration, Duration) {
        let cores = available_parallelism().map_or(1, usize::from);
        let threads = Arc::new(Semaphore::new(cores));
        let (from, start) = (processor_time(), Instant::now());
        let copies: Vec<_> = (0..AT_ONCE)
            .map(|index| {
                let (sealer, now) = (Arc::clone(&self.sealer), self.now);
                let (threads, authority) = (Arc::clone(&threads), Arc::clone(authority));
                let request = self.request(index, level);
                runtime.spawn(async move {
                    let turn = threads.acquire().await.expect("a thread");
                    let begin = move || sealer.begin(request, now, &Deadline::never());
                    let mut step = tokio::task::spawn_blocking(begin).await.expect("a stage");
                    drop(turn);
                    while let Step::Wanted(imprint, pending) = step.expect("a step") {
                        tokio::time::sleep(WAIT).await;
                        let token = authority.tokens[&imprint.value].clone();
                        let turn = threads.acquire().await.expect("a thread");
                        let go_on = move || pending.go_on(Ok(token), now, &Deadline::never());
                        step = tokio::task::spawn_blocking(go_on).await.expect("a stage");
                        drop(turn);
                    }
                })
            })
            .collect();
        for copy in copies {
            runtime.block_on(copy).expect("a copy");
        }
        (processor_time() - from, start.elapsed())
    }
}

fn main() {
    let anchors = anchors();
    let bench = Bench::open(
        "L01990015",
        "P9900100J",
        SealAlgorithm::RsaPkcs1Sha256,
        &anchors,
    );
    let runtime = Runtime::new().expect("a runtime");
    let archive = Archive::open(&ArchiveLocation::None, None, runtime.handle().clone());
    let dir3 = bench.organ.dir3.clone();
    let sealer = Sealer::new(SealerParts {
        organs: Organs::new([Seat::new(bench.organ, Ok(bench.seal))]),
        archive: Arc::new(archive.expect("no archive is always there")),
        trust: Trust {
            seals: TrustedSet::new(anchors),
            timestamps: TrustedSet::default(),
        },
        code_keys: vec![Zeroizing::new(vec![7; 32])],
        random: || [7; 32],
        limits: Limits::default(),
        levels: LevelMeans {
            token_bytes: Some(ROOM),
            revocation: Some(Arc::new(Keeper(response()))),
        },
        pre_days: 30,
        pro_days: 1_830,
    });
    let application = Application {
        id: "bench".to_owned(),
        name: "bench".to_owned(),
        organs: vec![dir3],
        default_organ: None,
        environment: None,
    };
    let requests = (0..AT_ONCE).map(|index| SealRequest {
        application: application.clone(),
        fields: Fields::default(),
        idempotency_key: None,
        upload: Upload::new(document(1, 2_000 + index, 100_000)),
    });
    let stage = Stage {
        sealer: Arc::new(sealer),
        requests: requests.collect(),
        now: Timestamp::now(),
    };
    let mut authority = Authority::new();
    let levels = [
        SignatureLevel::BB,
        SignatureLevel::BT,
        SignatureLevel::BLt,
        SignatureLevel::BLta,
    ];
    for level in levels {
        stage.rehearse(&mut authority, level);
    }
    let authority = Arc::new(authority);
    let mut spent = [(Duration::ZERO, Duration::ZERO); 4];
    // In turns, so that a machine that slows down slows all of them.
    for _ in 0..ROUNDS {
        for (level, spent) in levels.into_iter().zip(&mut spent) {
            let (processor, wall) = stage.run(&runtime, &authority, level);
            spent.0 += processor;
            spent.1 += wall;
        }
    }
    let copies = (ROUNDS * AT_ONCE) as f64;
    let per_copy = spent.map(|(processor, _)| processor.as_secs_f64() * 1_000.0 / copies);
    for (index, level) in levels.into_iter().enumerate() {
        let wall = spent[index].1.as_secs_f64() * 1_000.0 / ROUNDS as f64;
        println!(
            "{level}: {:.2} ms of the processor a copy ({:.2} × B-B, {:+.2} ms to the level below), \
             {AT_ONCE} at once in {wall:.0} ms",
            per_copy[index],
            per_copy[index] / per_copy[0],
            per_copy[index] - per_copy[index.saturating_sub(1)],
        );
    }
}
