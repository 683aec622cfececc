//! A real time-stamp authority, OCSP responder and CRL server on loopback: Certomancer, started and stopped
//! here. It speaks for the authorities of `certs-example`, whose private keys everybody has, so the seals of
//! the example organs are the ones it answers for.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

use super::tools;

/// The authorities, their services and their certificates; stopped when dropped.
pub(crate) struct PkiService {
    child: Child,
    port: u16,
    folder: TempDir,
}

impl PkiService {
    /// Starts it; `None` (said aloud) when Certomancer is not here.
    pub(crate) fn start() -> Option<Self> {
        let python = tools::python();
        if !tools::present(&[&python, "openssl"]) {
            return None;
        }
        let folder = TempDir::new().expect("a temporary folder can be made");
        let log = fs::File::create(folder.path().join("log")).expect("the log can be written");
        let mut child = Command::new(&python)
            .arg(super::root().join("tests/support/pki/animate.py"))
            .arg(super::root().join("certs-example"))
            .arg(folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .expect("Certomancer starts");
        let mut said = String::new();
        let out = child.stdout.take().expect("it has an output");
        // Ends when it ended too.
        let read = BufReader::new(out).read_line(&mut said);
        let port = read.ok().and_then(|_| said.trim().parse().ok());
        let Some(port) = port else {
            let _ = child.kill();
            let _ = child.wait();
            let log = fs::read_to_string(folder.path().join("log")).unwrap_or_default();
            panic!("Certomancer does not start:\n{log}");
        };
        let trusted = folder.path().join("trust-timestamps");
        fs::create_dir(&trusted).expect("a folder can be made");
        fs::copy(
            folder.path().join("time-root.pem"),
            trusted.join("time-root.pem"),
        )
        .expect("the root was written");
        Some(Self {
            child,
            port,
            folder,
        })
    }

    fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}/{path}", self.port)
    }

    /// The good time-stamp authority.
    pub(crate) fn tsa(&self) -> String {
        self.tsa_named("tsa")
    }

    /// A time-stamp authority: `tsa`, `tsa-2` (as good), `tsa-late` (from 2040 to 2046), `tsa-expired`, `tsa-purpose` (its extended key
    /// usage is not critical), `tsa-untrusted` (under a root that is no anchor).
    pub(crate) fn tsa_named(&self, name: &str) -> String {
        self.url(&format!("example/tsa/{name}"))
    }

    /// The OCSP responder of an authority: `root`, `sector-public`, `time-root`.
    pub(crate) fn ocsp(&self, authority: &str) -> String {
        self.url(&format!("example/ocsp/{authority}"))
    }

    /// The revocation list of an authority: `root`, `sector-public`.
    pub(crate) fn crl(&self, authority: &str) -> String {
        self.url(&format!("example/crls/{authority}/latest.crl"))
    }

    /// A certificate in PEM: an authority, a time-stamp authority, `ocsp-root` …, or the seal of an
    /// organ (`L01990015`).
    pub(crate) fn certificate(&self, name: &str) -> PathBuf {
        self.folder.path().join(format!("{name}.pem"))
    }

    /// The folder for `trust.timestamps`.
    pub(crate) fn timestamp_anchors(&self) -> PathBuf {
        self.folder.path().join("trust-timestamps")
    }

    /// A folder that goes when the service does, for whatever a test needs.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// `[revocation] sources`: OCSP for all of them, and revocation lists where there are some.
    pub(crate) fn revocation_sources(&self) -> String {
        let source = |name: &str, crl: String| {
            format!(
                "{{ issuer = \"{}\", ocsp = \"{}\"{crl} }}",
                self.certificate(name).display(),
                self.ocsp(name)
            )
        };
        let with_list = |name: &str| source(name, format!(", crl = \"{}\"", self.crl(name)));
        let sources = [
            with_list("root"),
            with_list("sector-public"),
            source("time-root", String::new()),
        ];
        format!("[{}]", sources.join(", "))
    }

    /// Settings under which a service uses all this, as variables of the environment.
    pub(crate) fn settings(&self) -> Vec<(&'static str, String)> {
        vec![
            (
                "SEGELL__TIMESTAMP__AUTHORITIES",
                format!("[{{ url = \"{}\" }}]", self.tsa()),
            ),
            (
                "SEGELL__TRUST__TIMESTAMPS",
                self.timestamp_anchors().display().to_string(),
            ),
            ("SEGELL__REVOCATION__SOURCES", self.revocation_sources()),
        ]
    }

    /// Its clock is ahead by so many seconds, or behind.
    pub(crate) fn set_clock(&self, offset: i64) {
        self.control(&format!("offset={offset}"));
    }

    /// Every answer takes so many seconds more.
    pub(crate) fn set_delay(&self, seconds: f32) {
        self.control(&format!("delay={seconds}"));
    }

    /// Every answer is 503, or not any more.
    pub(crate) fn set_down(&self, down: bool) {
        self.control(&format!("down={}", u8::from(down)));
    }

    /// Revokes a certificate now; `reason` as `key_compromise`, `certificate_hold`, …. OCSP says so at
    /// once, the next revocation list after at most six hours of its clock.
    pub(crate) fn revoke(&self, name: &str, reason: &str) {
        self.control(&format!("revoke={name}&reason={reason}"));
    }

    /// Takes a revocation back.
    pub(crate) fn restore(&self, name: &str) {
        self.control(&format!("restore={name}"));
    }

    /// How often each path was asked for, such as `/example/tsa/tsa`.
    pub(crate) fn asked(&self, path: &str) -> u32 {
        let counts = self.get("asked");
        let times = |line: &str| line.strip_prefix(path)?.strip_prefix(' ')?.parse().ok();
        counts.lines().find_map(times).unwrap_or(0)
    }

    fn control(&self, query: &str) {
        self.get(&format!("control?{query}"));
    }

    fn get(&self, path: &str) -> String {
        let answer = ureq::get(self.url(path)).call();
        let answer = answer.and_then(|mut answer| answer.body_mut().read_to_string());
        answer.expect("Certomancer answers")
    }
}

impl Drop for PkiService {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
