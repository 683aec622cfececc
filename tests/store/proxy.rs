//! nginx as `config/deploy/nginx.conf` says, in front of two replicas on one bucket; only addresses and paths
//! are changed.

use std::fs;
use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use openssl::ssl::{SslConnector, SslMethod};
use reqwest::{Certificate, Client, Method, Response};
use segell::model::Sha256Digest;
use serde_json::Value;
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::bucket::Bucket;
use crate::support::service::{ORGAN, Policies, Service};
use crate::support::{logs, paper, root, tools};

const KEY: &str = "segell_pre_key_behind_nginx";

/// Requests while a replica is killed, under way at once, and those answered before.
const REQUESTS: usize = 40;
const AT_ONCE: usize = 4;
const BEFORE: usize = 12;

/// How often one citizen may look a code up in a minute.
const LOOK_UPS: usize = 5;

const PATIENCE: Duration = Duration::from_secs(20);

/// nginx with a certificate of its own; ended when dropped.
struct Proxy {
    child: Child,
    folder: TempDir,
    address: SocketAddr,
}

impl Proxy {
    fn start(replicas: [&Service; 2]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        make_certificate(folder.path());
        let [plain, address] = [(); 2].map(|()| {
            let free = TcpListener::bind("127.0.0.1:0").expect("a port is free");
            free.local_addr().expect("an address")
        });
        let path = |name: &str| folder.path().join(name).display().to_string();
        let [one, other] = replicas.map(|replica| replica.address().replace("http://", ""));
        let file = root().join("config/deploy/nginx.conf");
        let mut text = fs::read_to_string(file).expect("the configuration");
        for (theirs, ours) in [
            ("segell-1:8080", one.as_str()),
            ("segell-2:8080", &other),
            ("listen 80;", &format!("listen {plain};")),
            ("listen 443 ssl;", &format!("listen {address} ssl;")),
            ("/etc/nginx/tls", &path("")),
            ("/tmp/nginx", &path("nginx")),
            ("/dev/stdout", &path("access.log")),
            (
                "error_log stderr",
                &format!("error_log {}", path("error.log")),
            ),
        ] {
            assert!(text.contains(theirs), "{theirs}");
            text = text.replace(theirs, ours);
        }
        fs::write(folder.path().join("nginx.conf"), text).expect("a file");
        let nginx = || {
            let mut nginx = Command::new("nginx");
            nginx.args(["-p", &path(""), "-c", &path("nginx.conf")]);
            nginx.args(["-e", &path("start.log")]);
            nginx
        };
        let tried = nginx().arg("-t").output().expect("nginx starts");
        assert!(tried.status.success(), "{tried:?}");
        let child = nginx().args(["-g", "daemon off;"]).spawn();
        let proxy = Self {
            child: child.expect("nginx starts"),
            address,
            folder,
        };
        let start = Instant::now();
        while TcpStream::connect(address).is_err() {
            assert!(start.elapsed() < PATIENCE, "nginx does not listen");
            thread::sleep(Duration::from_millis(20));
        }
        proxy
    }

    /// A client at this address of this machine.
    fn client(&self, last: u8) -> Client {
        let pem = fs::read(self.folder.path().join("fullchain.pem")).expect("a certificate");
        let certificate = Certificate::from_pem(&pem).expect("a certificate");
        Client::builder()
            .tls_certs_only([certificate])
            .local_address(IpAddr::from(Ipv4Addr::new(127, 0, 0, last)))
            .timeout(PATIENCE)
            .build()
            .expect("a client")
    }

    fn url(&self, path: &str) -> String {
        format!("https://{}{path}", self.address)
    }

    /// What comes back when only the head of a request is sent.
    fn answer_to_head(&self, head: &str) -> (String, Value) {
        let mut connector = SslConnector::builder(SslMethod::tls_client()).expect("TLS");
        let authority = self.folder.path().join("fullchain.pem");
        connector.set_ca_file(authority).expect("a certificate");
        let stream = TcpStream::connect(self.address).expect("a connection");
        stream.set_read_timeout(Some(PATIENCE)).expect("a time-out");
        let mut stream = connector
            .build()
            .connect("127.0.0.1", stream)
            .expect("a handshake");
        stream.write_all(head.as_bytes()).expect("it is sent");
        // It goes on to wait for the body after it has answered.
        let (mut answer, mut byte) = (Vec::new(), [0]);
        while !answer.ends_with(b"}\n") && stream.read(&mut byte).unwrap_or(0) == 1 {
            answer.extend(byte);
        }
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_default();
        (
            head.to_owned(),
            serde_json::from_str(body).unwrap_or_default(),
        )
    }

    /// Ends it; what it wrote into both logs.
    fn stop(mut self) -> (String, String) {
        end(&mut self.child);
        let read = |name| fs::read_to_string(self.folder.path().join(name)).unwrap_or_default();
        (read("access.log"), read("error.log") + &read("start.log"))
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        end(&mut self.child);
    }
}

/// Its own end: the workers go with it.
fn end(nginx: &mut Child) {
    if matches!(nginx.try_wait(), Ok(Some(_))) {
        return;
    }
    let _ = Command::new("kill")
        .args(["-TERM", &nginx.id().to_string()])
        .status();
    let _ = nginx.wait();
}

/// `fullchain.pem` and `key.pem`, for this machine.
fn make_certificate(folder: &Path) {
    let line = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key.pem \
                -out fullchain.pem -subj /CN=proxy -days 30 -addext subjectAltName=IP:127.0.0.1";
    let made = Command::new("openssl")
        .args(line.split_whitespace())
        .current_dir(folder)
        .output()
        .expect("OpenSSL");
    assert!(made.status.success(), "{made:?}");
}

/// The applications file with one key.
fn applications(folder: &Path) -> PathBuf {
    let path = folder.join("applications.toml");
    let digest = Sha256Digest::of(KEY.as_bytes());
    let text = format!(
        "[[application]]\nid = \"gestor\"\nname = \"gestor\"\norgans = [\"{ORGAN}\"]\n\
         [[application.keys]]\nkey_sha256 = \"{digest}\"\n"
    );
    fs::write(&path, text).expect("a file");
    path
}

/// A request for the copy that `name` names: the code of its answer, or why there is none.
async fn seal(client: &Client, url: &str, source: &[u8], name: &str) -> Result<String, String> {
    let request = client
        .request(Method::POST, url)
        .bearer_auth(KEY)
        .header("Content-Type", "application/pdf")
        .header("Idempotency-Key", name)
        .header("X-Request-Id", name)
        .body(source.to_vec());
    let answer = request.send().await.map_err(|error| error.to_string())?;
    let status = answer.status().as_u16();
    let code = answer.headers().get("Verification-Code").cloned();
    let body = answer.bytes().await.map_err(|error| error.to_string())?;
    match code {
        Some(code) if status < 300 => Ok(code.to_str().unwrap_or_default().to_owned()),
        _ => Err(format!("{status}: {}", String::from_utf8_lossy(&body))),
    }
}

/// Seals on and on while `kill` runs, as a client does that repeats what got no answer. The codes, and the
/// attempts that failed: those begun before the kill was over, and those begun after.
fn seal_while(
    proxy: &Proxy,
    source: &[u8],
    kill: impl FnOnce(),
) -> (Vec<String>, [Vec<String>; 2]) {
    let (next, answered, killed) = (
        AtomicUsize::new(0),
        AtomicUsize::new(0),
        AtomicBool::new(false),
    );
    let work = || {
        let (client, runtime) = (proxy.client(1), Runtime::new().expect("a runtime"));
        let url = proxy.url(&format!("/v1/copies?organ={ORGAN}"));
        let (mut codes, mut failed) = (Vec::new(), [Vec::new(), Vec::new()]);
        loop {
            let number = next.fetch_add(1, Ordering::SeqCst);
            if number >= REQUESTS {
                return (codes, failed);
            }
            for _ in 0..5 {
                let after = killed.load(Ordering::SeqCst);
                let name = format!("request-{number}");
                match runtime.block_on(seal(&client, &url, source, &name)) {
                    Ok(code) => {
                        codes.push(code);
                        break;
                    }
                    Err(cause) => failed[usize::from(after)].push(cause),
                }
            }
            answered.fetch_add(1, Ordering::SeqCst);
        }
    };
    thread::scope(|scope| {
        let workers = [(); AT_ONCE].map(|()| scope.spawn(work));
        while answered.load(Ordering::SeqCst) < BEFORE {
            thread::sleep(Duration::from_millis(5));
        }
        kill();
        killed.store(true, Ordering::SeqCst);
        let (mut codes, mut failed) = (Vec::new(), [Vec::new(), Vec::new()]);
        for worker in workers {
            let (more, [before, after]) = worker.join().expect("a worker");
            codes.extend(more);
            failed[0].extend(before);
            failed[1].extend(after);
        }
        (codes, failed)
    })
}

#[test]
fn two_replicas_behind_nginx_are_one_service_and_its_log_tells_no_code() {
    if !tools::present(&["nginx", "openssl"]) {
        return;
    }
    let Some(bucket) = Bucket::open("plain", "proxied") else {
        return;
    };
    let folder = tempfile::tempdir().expect("a folder");
    let mut settings = bucket.settings();
    settings.extend([
        ("SEGELL__SERVER__BEHIND_PROXY", "true".to_owned()),
        (
            "SEGELL__SERVER__TRUSTED_PROXIES",
            "[\"127.0.0.1\"]".to_owned(),
        ),
        (
            "SEGELL__APPLICATIONS__FILE",
            applications(folder.path()).display().to_string(),
        ),
        ("SEGELL__LIMITS__BODY_BYTES", "64 KiB".to_owned()),
        ("SEGELL__PUBLIC__LOOK_UPS_PER_MINUTE", LOOK_UPS.to_string()),
    ]);
    let settings: Vec<(&str, &str)> = settings
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let start = || {
        let replica = Service::start_with(Policies::Default, &settings);
        replica.keep_secret(KEY);
        replica
    };
    let [one, other] = [start(), start()];
    let proxy = Proxy::start([&one, &other]);
    let runtime = Runtime::new().expect("a runtime");
    let source = paper::one_page("behind nginx");

    // What is made through one replica is known to the other.
    let client = proxy.client(1);
    let url = proxy.url(&format!("/v1/copies?organ={ORGAN}"));
    let code = runtime
        .block_on(seal(&client, &url, &source, "the-first"))
        .expect("a copy");
    for replica in [&one, &other] {
        let asked = client
            .get(format!("{}/v1/copies/{code}", replica.address()))
            .bearer_auth(KEY);
        let answer = runtime
            .block_on(async { asked.send().await })
            .expect("an answer");
        assert_eq!(answer.status(), 200);
    }

    // A replica dies: what was under way there is repeated, and nothing that comes after fails.
    let (codes, [under_way, after]) = seal_while(&proxy, &source, || drop(one));
    assert!(under_way.len() <= AT_ONCE, "{under_way:?}");
    assert_eq!(after, [""; 0], "begun when the replica was gone");
    assert_eq!(codes.len(), REQUESTS);
    assert_eq!(
        bucket.count("record.json"),
        REQUESTS + 1,
        "one copy each, whatever was repeated"
    );

    // The citizen is counted, not the proxy, and does not say who it is.
    let page = proxy.url(&format!("/{}", code.replace('-', "")));
    let look = |last: u8| -> Response {
        let asked = proxy.client(last).get(&page);
        let asked = asked.header("X-Forwarded-For", format!("10.0.0.{last}"));
        runtime
            .block_on(async { asked.send().await })
            .expect("an answer")
    };
    for number in 0..LOOK_UPS {
        assert_eq!(look(2).status(), 200, "{number}");
    }
    let refused = look(2);
    assert_eq!(refused.status(), 429);
    assert!(refused.headers().contains_key("Retry-After"));
    assert_eq!(look(3).status(), 200, "another citizen");

    // Too much is refused with a problem: by the service, or by nginx in its words.
    let large = vec![b' '; 100 * 1024];
    let refused = runtime.block_on(seal(&client, &url, &large, "too-large"));
    let refused = refused.expect_err("it is too large");
    assert!(refused.contains("The limit is 65,536 bytes"), "{refused}");
    let problems = client.get(proxy.url("/v1/problems"));
    let problems = runtime.block_on(async { problems.send().await?.text().await });
    let problems = problems.expect("the list of problems");
    let (head, problem) = proxy.answer_to_head(
        "POST /v1/copies HTTP/1.1\r\nHost: verifica.exemple.cat\r\nContent-Length: 80000000\r\n\
         Content-Type: application/pdf\r\nX-Request-Id: a\"b\r\n\r\n",
    );
    assert!(head.starts_with("HTTP/1.1 413"), "{head}");
    assert!(head.contains("application/problem+json"), "{head}");
    assert!(problems.contains(&format!("\"code\":{}", problem["code"])));

    drop(other);
    let nobody = look(4);
    assert_eq!(nobody.status(), 503);
    let problem = runtime.block_on(nobody.text()).expect("a problem");
    let problem: Value = serde_json::from_str(&problem).expect("a problem");
    assert!(problems.contains(&format!("\"code\":{}", problem["code"])));

    let (access, errors) = proxy.stop();
    let lines: Vec<Value> = access
        .lines()
        .map(|line| serde_json::from_str(line).expect("every line is JSON"))
        .collect();
    assert!(lines.len() > REQUESTS + LOOK_UPS, "{access}");
    let first = lines
        .iter()
        .find(|line| line["request_id"] == "the-first")
        .expect("a request keeps its name");
    assert_eq!(
        (&first["method"], &first["status"]),
        (&"POST".into(), &201.into())
    );
    let secrets: Vec<String> = codes.into_iter().chain([code, KEY.to_owned()]).collect();
    let leaks = logs::leaks_in(&(access + &errors), &secrets);
    assert!(leaks.is_empty(), "{leaks:?}");
}
