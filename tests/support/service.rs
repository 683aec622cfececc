//! The real program, started as an operator starts it and asked as an application asks it.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;
use ureq::Agent;
use ureq::http::HeaderMap;

use super::logs;

/// The organ of the examples that the tests seal for, unless they say otherwise.
pub(crate) const ORGAN: &str = "L01990015";
/// The key that the evaluation profile accepts from this machine.
pub(crate) const KEY: &str = "segell_pre_evaluation";

const START_UP: Duration = Duration::from_secs(60);
const ANSWER: Duration = Duration::from_secs(60);

/// How strict the organs are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Policies {
    /// As an organ is that says nothing.
    Default,
    /// Everything that an organ can allow.
    Permissive,
}

impl Policies {
    fn table(self) -> &'static str {
        match self {
            Self::Default => "",
            Self::Permissive => {
                "\n[policy]\n\
                 restricted = \"seal\"\n\
                 active_content = \"allow\"\n\
                 xfa = \"allow\"\n\
                 earlier_revisions = \"report\"\n\
                 source_signatures = \"record\"\n"
            }
        }
    }
}

/// A running service with its own archive and organs; stopped when dropped.
pub(crate) struct Service {
    child: Child,
    address: String,
    operations: String,
    agent: Agent,
    log: PathBuf,
    folder: TempDir,
    secrets: Mutex<Vec<String>>,
    /// Pieces of the documents that were sent.
    pieces: Mutex<BTreeSet<String>>,
}

/// What the service answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// A header's value, empty when it is not there.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }

    /// The body as JSON; null when it is not.
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

impl Service {
    /// Starts the program with the example organs under these policies, and waits until it answers.
    pub(crate) fn start(policies: Policies) -> Self {
        Self::start_with(policies, &[])
    }

    /// The same with more settings, as `("SEGELL__SECTION__KEY", "value")`.
    pub(crate) fn start_with(policies: Policies, settings: &[(&str, &str)]) -> Self {
        let folder = TempDir::new().expect("a temporary folder can be made");
        let examples = folder.path().join("certs-example");
        copy_folder(&super::root().join("certs-example"), &examples);
        for organ in fs::read_dir(examples.join("organs")).expect("the examples have organs") {
            let path = organ.expect("the organs can be listed").path();
            let organ = fs::read_to_string(&path).expect("an organ is a text");
            fs::write(&path, organ + policies.table()).expect("the copy can be written");
        }

        let [address, operations] = free_addresses();
        let log = log_file();
        let child = Command::new(env!("CARGO_BIN_EXE_segell"))
            .arg("serve")
            .current_dir(folder.path())
            .env("SEGELL__SERVER__BIND", &address)
            .env("SEGELL__SERVER__OPERATIONS_BIND", &operations)
            .env("SEGELL__ORGANS__FOLDER", examples.join("organs"))
            .env("SEGELL__TRUST__SEALS", examples.join("trust"))
            .env(
                "SEGELL__ARCHIVE__URL",
                format!("file://{}", folder.path().join("archive").display()),
            )
            .env("SEGELL__LOG__LEVEL", "debug")
            .envs(settings.iter().copied())
            .stdin(Stdio::null())
            // The welcome, which tells people the evaluation key; everything else is logged.
            .stdout(Stdio::null())
            .stderr(File::create(&log).expect("the log can be written"))
            .spawn()
            .expect("the program starts");
        let mut service = Self {
            child,
            address: format!("http://{address}"),
            operations: format!("http://{operations}"),
            agent: Agent::config_builder()
                .http_status_as_error(false)
                .timeout_global(Some(ANSWER))
                .build()
                .new_agent(),
            log,
            folder,
            secrets: Mutex::new(vec![KEY.to_owned()]),
            pieces: Mutex::default(),
        };
        service.wait_for(&format!("http://{operations}/livez"));
        service
    }

    fn wait_for(&mut self, url: &str) {
        let start = Instant::now();
        while !self.answers(url) {
            let ended = self.child.try_wait().expect("the program can be asked");
            assert!(
                ended.is_none() && start.elapsed() < START_UP,
                "the service does not answer at {url} ({ended:?}); it logged:\n{}",
                fs::read_to_string(&self.log).unwrap_or_default()
            );
            thread::sleep(Duration::from_millis(50));
        }
    }

    fn answers(&self, url: &str) -> bool {
        let answer = self.agent.get(url).call();
        answer.is_ok_and(|answer| answer.status() == 200)
    }

    /// The number of its process.
    pub(crate) fn process(&self) -> u32 {
        self.child.id()
    }

    /// Where it listens, such as `http://127.0.0.1:40123`.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// Where it answers whoever runs it.
    pub(crate) fn operations(&self) -> &str {
        &self.operations
    }

    /// The folder it works in; its archive is inside.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The anchors of the example seals, as PEM files.
    pub(crate) fn anchors(&self) -> Vec<PathBuf> {
        vec![self.folder().join("certs-example/trust/root.pem")]
    }

    /// Asks for a copy of a PDF; the query is what follows `?`.
    pub(crate) fn seal(&self, source: &[u8], query: &str) -> Result<Answer, String> {
        self.post(&format!("/v1/copies?{query}"), "application/pdf", source)
    }

    /// Posts a body with the evaluation key.
    pub(crate) fn post(&self, path: &str, kind: &str, body: &[u8]) -> Result<Answer, String> {
        if body.starts_with(b"%PDF") {
            let mut pieces = self.pieces.lock().expect("no thread panicked with them");
            pieces.extend(logs::pieces(body));
        }
        let answer = self
            .agent
            .post(format!("{}{path}", self.address))
            .header("Authorization", format!("Bearer {KEY}"))
            .header("Content-Type", kind)
            .send(body);
        self.received(answer)
    }

    /// Gets a path with the evaluation key.
    pub(crate) fn get(&self, path: &str) -> Result<Answer, String> {
        let answer = self
            .agent
            .get(format!("{}{path}", self.address))
            .header("Authorization", format!("Bearer {KEY}"))
            .call();
        self.received(answer)
    }

    fn received(
        &self,
        answer: Result<ureq::http::Response<ureq::Body>, ureq::Error>,
    ) -> Result<Answer, String> {
        let mut answer = answer.map_err(|error| error.to_string())?;
        let body = answer
            .body_mut()
            .with_config()
            .limit(1 << 30)
            .read_to_vec()
            .map_err(|error| error.to_string())?;
        let answer = Answer {
            status: answer.status().as_u16(),
            headers: answer.headers().clone(),
            body,
        };
        self.keep_secret(answer.header("Verification-Code"));
        Ok(answer)
    }

    /// Ends it politely, and waits until it has ended.
    pub(crate) fn terminate(mut self) {
        let id = self.child.id().to_string();
        let told = Command::new("kill").args(["-TERM", &id]).status();
        assert!(told.expect("kill runs").success());
        let ended = self.child.wait().expect("it can be waited for");
        assert!(ended.success(), "{ended}");
    }

    /// What it logged so far.
    pub(crate) fn log(&self) -> String {
        String::from_utf8_lossy(&fs::read(&self.log).expect("it logs")).into_owned()
    }

    /// Remembers what must never stand in the log.
    pub(crate) fn keep_secret(&self, secret: &str) {
        if !secret.is_empty() {
            self.secrets
                .lock()
                .expect("no thread panicked with the secrets")
                .push(secret.to_owned());
        }
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if !thread::panicking() {
            let secrets = self
                .secrets
                .lock()
                .expect("no thread panicked with the secrets");
            let pieces = self.pieces.lock().expect("no thread panicked with them");
            let mut leaks = logs::leaks(&self.log, &secrets);
            leaks.extend(logs::pieces_in(&self.log(), &pieces));
            assert!(
                leaks.is_empty(),
                "the log tells secrets:\n{}",
                leaks.join("\n")
            );
        }
    }
}

/// Two addresses that nobody listens on; both are held until both are known.
fn free_addresses() -> [String; 2] {
    let listeners = [(); 2].map(|()| TcpListener::bind("127.0.0.1:0").expect("a port is free"));
    listeners.map(|listener| {
        listener
            .local_addr()
            .expect("a listener has an address")
            .to_string()
    })
}

/// A log of its own for every service, kept in `target/test-logs` for who wants to read it.
fn log_file() -> PathBuf {
    static NUMBER: AtomicUsize = AtomicUsize::new(0);
    let folder = super::target().join("test-logs");
    fs::create_dir_all(&folder).expect("the folder of logs can be made");
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    folder.join(format!("{}-{number}.log", env!("CARGO_CRATE_NAME")))
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder can be made");
    for entry in fs::read_dir(from).expect("the folder is there") {
        let entry = entry.expect("the folder can be listed");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("a file can be copied");
        }
    }
}
