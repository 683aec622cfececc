//! What the page of a copy costs many readers at once: its 95th percentile under 64 concurrent readers on
//! the folder archive, against serving a file of the same size by the same server library, with as many
//! threads, in the same process and the same run.
//!
//! `cargo bench --bench pages` prints both, in turns, so that a machine that slows down slows both; the
//! aim is at most five times. Times are of the clock on the wall, as readers wait by it.
#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a bench reads its seal from disk, stops at the first surprise and prints"
)]

mod support;

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::{Arc, Barrier};
use std::thread;
use std::time::{Duration, Instant};

use actix_web::{App, HttpResponse, HttpServer, rt, web};
use bytes::Bytes;
use jiff::{SignedDuration, Timestamp};
use segell::archive::Archive;
use segell::audit::Auditor;
use segell::http::{
    Addresses, AppState, Applications, HttpSettings, Looks, Oversight, Parts, RateLimits, Server,
    Site, Texts,
};
use segell::model::{Deadline, Environment, SealAlgorithm};
use segell::pdf::Limits;
use segell::pki::verify::certificate_facts;
use segell::raster::Renderer;
use segell::seal::preserve::{Preserver, PreserverParts};
use segell::seal::{
    Application, Fields, LevelMeans, NoTimestamp, Organs, SealRequest, Sealer, SealerParts, Seat,
    Upload,
};
use segell::validate::{Trust, TrustedSet, Validator};
use support::{Bench, anchors, document};
use tokio::runtime::Handle;
use zeroize::Zeroizing;

/// Readers at once, each with a connection that it keeps.
const READERS: usize = 64;

/// Pages that each reads in one round, and rounds.
const PAGES: usize = 40;
const ROUNDS: usize = 5;

/// Copies in the archive: readers do not all ask for the same one.
const COPIES: usize = 64;

fn threads() -> usize {
    thread::available_parallelism().map_or(2, usize::from)
}

/// The service over a folder, and the paths of its copies.
fn service(folder: &std::path::Path, runtime: &Handle) -> (AppState, Vec<String>) {
    let anchors = anchors();
    let bench = Bench::open(
        "L01990015",
        "P9900100J",
        SealAlgorithm::RsaPkcs1Sha256,
        &anchors,
    );
    let location = format!("file://{}", folder.display());
    let location = location.parse().expect("a location");
    let archive = Arc::new(Archive::open(&location, None, runtime.clone()).expect("an archive"));
    let leaf = bench.seal.key.chain().first().expect("a leaf").clone();
    let organ = bench.organ.dir3.clone();
    archive
        .register_seal(
            &organ,
            &certificate_facts(&leaf).expect("a certificate"),
            "",
        )
        .expect("a registered seal");
    let trust = Trust {
        seals: TrustedSet::new(anchors),
        timestamps: TrustedSet::default(),
    };
    let seals = archive.registered_seals().expect("registered seals");
    let sealer = Arc::new(Sealer::new(SealerParts {
        organs: Organs::new([Seat::new(bench.organ, Ok(bench.seal))]),
        archive: Arc::clone(&archive),
        trust: trust.clone(),
        code_keys: vec![Zeroizing::new(vec![7; 32])],
        random: || [7; 32],
        limits: Limits::default(),
        levels: LevelMeans::default(),
        pre_days: 30,
        pro_days: 1830,
    }));
    let paths = (1..=COPIES)
        .map(|number| issue(&sealer, &organ, document(1, number * 10, 0)))
        .collect();
    let validator = Arc::new(Validator::new(
        Arc::clone(&archive),
        trust,
        seals,
        Limits::default(),
    ));
    let state = AppState::new(Parts {
        sealer,
        timestamps: Arc::new(|_| Box::pin(async { Err(NoTimestamp::NotConfigured) })),
        preserver: Preserver::new(PreserverParts {
            archive: Arc::clone(&archive),
            validator: Arc::clone(&validator),
            levels: LevelMeans::default(),
            limits: Limits::default(),
            lead: SignedDuration::ZERO,
        }),
        chain_keeper: Arc::new(|_| Box::pin(async {})),
        validator,
        archive,
        applications: Applications::new(Vec::new(), Vec::new()),
        clock: Box::new(Timestamp::now),
        deadline: Box::new(Deadline::never),
        site: Site {
            texts: Texts::built_in(),
            looks: Arc::new(Looks::new(BTreeMap::new())),
            limits: RateLimits::default(),
            renderer: Renderer {
                program: PathBuf::new(),
                memory: 0,
                time: Duration::ZERO,
            },
        },
        oversight: Oversight::default(),
        auditor: Auditor::off(),
        settings: HttpSettings {
            body_bytes: 64 << 20,
            body_time: Duration::from_secs(60),
            header_time: Duration::from_secs(10),
            shutdown_time: Duration::from_secs(1),
            bytes_in_flight: 128 << 20,
            at_work: threads(),
            queue: 64,
            waiting: 64,
            threads: threads(),
            connections: 1024,
            environment: Environment::Pre,
            limits: Limits::default(),
        },
    });
    (state, paths)
}

/// Makes a copy and tells the path of its page.
fn issue(sealer: &Sealer, organ: &segell::model::Dir3, source: Bytes) -> String {
    let request = SealRequest {
        application: Application {
            id: "bench".to_owned(),
            name: "bench".to_owned(),
            organs: vec![organ.clone()],
            default_organ: None,
            environment: None,
        },
        fields: Fields::default(),
        idempotency_key: None,
        upload: Upload::new(source),
    };
    let issued = sealer.seal(&request, Timestamp::now(), &Deadline::never());
    format!("/{}", issued.expect("a copy").code.compact())
}

/// Serves one file from disk, as a server of static files does: read off the threads that speak HTTP.
fn static_server(file: PathBuf) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    thread::spawn(move || {
        let server = HttpServer::new(move || {
            let file = file.clone();
            App::new().route(
                "/file",
                web::get().to(move || {
                    let file = file.clone();
                    async move {
                        let read = web::block(move || std::fs::read(file)).await;
                        let bytes = read.expect("a thread").expect("a file");
                        HttpResponse::Ok()
                            .content_type("text/html; charset=utf-8")
                            .body(bytes)
                    }
                }),
            )
        })
        .workers(threads())
        .disable_signals()
        .listen(listener)
        .expect("a listener");
        rt::System::new()
            .block_on(server.run())
            .expect("it serves until the end");
    });
    address
}

/// A reader with a connection.
struct Reader {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Reader {
    fn connect(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).expect("a connection");
        stream.set_nodelay(true).expect("a socket");
        Self {
            stream,
            buffer: Vec::new(),
        }
    }

    /// Reads a page to its last byte and tells its length.
    fn read(&mut self, path: &str) -> usize {
        let request =
            format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\n\r\n");
        self.stream
            .write_all(request.as_bytes())
            .expect("it is sent");
        self.buffer.clear();
        let mut chunk = [0; 16 << 10];
        loop {
            let length = self.stream.read(&mut chunk).expect("an answer");
            assert!(length > 0, "the connection is kept");
            self.buffer.extend_from_slice(&chunk[..length]);
            let Some(head) = self.buffer.windows(4).position(|end| end == b"\r\n\r\n") else {
                continue;
            };
            let fields = String::from_utf8_lossy(&self.buffer[..head]).to_ascii_lowercase();
            assert!(fields.starts_with("http/1.1 200"), "{fields}");
            let body = fields
                .lines()
                .find_map(|line| line.strip_prefix("content-length: ")?.parse::<usize>().ok())
                .expect("a length");
            if self.buffer.len() == head + 4 + body {
                return body;
            }
        }
    }
}

/// All readers at once, each its own way through the paths: how long each page took.
fn round(address: SocketAddr, paths: &[String]) -> Vec<Duration> {
    let start = Barrier::new(READERS);
    thread::scope(|scope| {
        let readers: Vec<_> = (0..READERS)
            .map(|number| {
                let start = &start;
                scope.spawn(move || {
                    let mut reader = Reader::connect(address);
                    let mut paths = paths.iter().cycle().skip(number);
                    start.wait();
                    (0..PAGES)
                        .map(|_| {
                            let path = paths.next().expect("a path");
                            let from = Instant::now();
                            reader.read(path);
                            from.elapsed()
                        })
                        .collect::<Vec<_>>()
                })
            })
            .collect();
        readers
            .into_iter()
            .flat_map(|reader| reader.join().expect("a reader"))
            .collect()
    })
}

/// A percentile in milliseconds.
fn percentile(times: &mut [Duration], share: usize) -> f64 {
    times.sort();
    times[times.len() * share / 100].as_secs_f64() * 1000.0
}

fn main() {
    let folder = tempfile::tempdir().expect("a folder");
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime");
    let (state, paths) = service(&folder.path().join("archive"), runtime.handle());
    let anywhere: SocketAddr = "127.0.0.1:0".parse().expect("an address");
    let server = Server::bind(
        state,
        Addresses {
            interface: anywhere,
            public: None,
            operations: anywhere,
        },
    );
    let server = server.expect("a server");
    let pages = server.address();
    thread::spawn(move || server.run());
    let size = Reader::connect(pages).read(&paths[0]);
    let file = folder.path().join("file.html");
    std::fs::write(&file, vec![b'x'; size]).expect("a file");
    let files = static_server(file);
    let file = ["/file".to_owned()];

    // Once without counting: connections, caches, threads.
    round(pages, &paths);
    round(files, &file);
    let (mut of_pages, mut of_files, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let mut page = round(pages, &paths);
        let mut file = round(files, &file);
        ratios.push(percentile(&mut page, 95) / percentile(&mut file, 95));
        of_pages.append(&mut page);
        of_files.append(&mut file);
    }
    for (name, times) in [("page of a copy", &mut of_pages), ("file", &mut of_files)] {
        println!(
            "{name}: {size} bytes, {READERS} readers: median {:.2} ms, 95 % under {:.2} ms, 99 % under {:.2} ms",
            percentile(times, 50),
            percentile(times, 95),
            percentile(times, 99),
        );
    }
    let whole = percentile(&mut of_pages, 95) / percentile(&mut of_files, 95);
    ratios.sort_by(f64::total_cmp);
    println!(
        "95th percentile: {whole:.2} × the file (rounds {:.2} to {:.2}); the aim is at most 5",
        ratios[0],
        ratios[ROUNDS - 1]
    );
}
