//! A web server on loopback that does as it is told, badly too.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

/// What was asked.
pub(super) struct Request {
    pub(super) headers: Vec<String>,
    pub(super) body: Vec<u8>,
}

impl Request {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

/// What is done about it.
pub(super) enum Reply {
    Body(Vec<u8>),
    Status(u16, &'static str),
    /// Nothing at all, for as long as anybody waits.
    Silence,
    /// The connection is closed.
    Goodbye,
    /// The body, after a while.
    Late(Duration, Vec<u8>),
    /// A body without announced length, until the other side hangs up.
    Endless,
}

/// The server; its threads end with the test's process.
pub(super) struct Server {
    pub(super) url: String,
    pub(super) requests: Arc<AtomicUsize>,
    pub(super) connections: Arc<AtomicUsize>,
}

impl Server {
    pub(super) fn start(answer: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let (requests, connections) = (Arc::default(), Arc::<AtomicUsize>::default());
        let server = Self {
            url,
            requests: Arc::clone(&requests),
            connections: Arc::clone(&connections),
        };
        let answer = Arc::new(answer);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                connections.fetch_add(1, Ordering::SeqCst);
                let (answer, requests) = (Arc::clone(&answer), Arc::clone(&requests));
                thread::spawn(move || serve(stream, &*answer, &requests));
            }
        });
        server
    }

    pub(super) fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }

    /// An address at which nobody listens.
    pub(super) fn nobody() -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        format!("http://{}/", listener.local_addr().unwrap())
    }
}

/// Answers one connection until it ends; nobody minds how.
fn serve(
    stream: TcpStream,
    answer: &(impl Fn(&Request) -> Reply + ?Sized),
    requests: &AtomicUsize,
) -> Option<()> {
    let mut out = stream.try_clone().ok()?;
    let mut input = BufReader::new(stream);
    loop {
        let mut headers = Vec::new();
        loop {
            let mut line = String::new();
            if input.read_line(&mut line).ok()? == 0 {
                return None;
            }
            match line.trim_end() {
                "" => break,
                line => headers.push(line.to_owned()),
            }
        }
        headers.remove(0);
        let mut request = Request {
            headers,
            body: Vec::new(),
        };
        let length = request.header("content-length").unwrap_or("0");
        request.body = vec![0; length.parse().ok()?];
        input.read_exact(&mut request.body).ok()?;
        requests.fetch_add(1, Ordering::SeqCst);
        let whole = |status: &str, body: &[u8]| {
            let head = format!(
                "HTTP/1.1 {status}\r\nContent-Length: {}\r\n\r\n",
                body.len()
            );
            [head.as_bytes(), body].concat()
        };
        match answer(&request) {
            Reply::Body(body) => out.write_all(&whole("200 OK", &body)).ok()?,
            Reply::Status(status, more) => {
                let head = format!("HTTP/1.1 {status} So\r\n{more}Content-Length: 0\r\n\r\n");
                out.write_all(head.as_bytes()).ok()?;
            }
            Reply::Silence => thread::sleep(Duration::from_secs(60)),
            Reply::Goodbye => return None,
            Reply::Late(pause, body) => {
                thread::sleep(pause);
                out.write_all(&whole("200 OK", &body)).ok()?;
            }
            Reply::Endless => {
                out.write_all(b"HTTP/1.1 200 OK\r\n\r\n").ok()?;
                loop {
                    out.write_all(&[0x30; 16 << 10]).ok()?;
                }
            }
        }
    }
}
