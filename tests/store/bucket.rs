//! One S3 server for all tests, each of which takes a prefix of its own.

use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::LazyLock;

use crate::support::{root, tools};

/// A prefix in one of the server's buckets.
pub(crate) struct Bucket {
    name: &'static str,
    prefix: &'static str,
    server: &'static Server,
}

struct Server {
    address: String,
    // It ends when this is closed, with the tests.
    _child: Child,
    _open: Option<ChildStdin>,
}

static SERVER: LazyLock<Option<Server>> = LazyLock::new(|| {
    let python = tools::python();
    if !tools::present(&[&python]) {
        return None;
    }
    let mut child = Command::new(python)
        .arg(root().join("tests/store/s3_server.py"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("Python starts");
    let output = child.stdout.take().expect("it was asked for");
    let mut port = String::new();
    let read = BufReader::new(output).read_line(&mut port);
    assert!(
        read.is_ok() && !port.is_empty(),
        "the S3 server does not start"
    );
    Some(Server {
        address: format!("http://127.0.0.1:{}", port.trim()),
        _open: child.stdin.take(),
        _child: child,
    })
});

impl Bucket {
    /// `None`, said aloud, where there is no Python with moto.
    pub(crate) fn open(name: &'static str, prefix: &'static str) -> Option<Self> {
        let server = SERVER.as_ref()?;
        Some(Self {
            name,
            prefix,
            server,
        })
    }

    /// Its address as an archive.
    pub(crate) fn url(&self) -> String {
        format!("s3://{}/{}", self.name, self.prefix)
    }

    /// What the program has to be told to use it.
    pub(crate) fn settings(&self) -> Vec<(&'static str, String)> {
        vec![
            ("SEGELL__ARCHIVE__URL", self.url()),
            ("AWS_ENDPOINT_URL", self.server.address.clone()),
            ("AWS_ACCESS_KEY_ID", "tests".to_owned()),
            ("AWS_SECRET_ACCESS_KEY", "of the store".to_owned()),
        ]
    }

    /// The names of all objects below its prefix.
    pub(crate) fn names(&self) -> Vec<String> {
        let asked = ureq::get(format!("{}/-/names/{}", self.server.address, self.name)).call();
        self.own(asked)
    }

    /// The names of the objects of which any version holds these bytes.
    pub(crate) fn holding(&self, bytes: &[u8]) -> Vec<String> {
        let asked =
            ureq::post(format!("{}/-/holds/{}", self.server.address, self.name)).send(bytes);
        self.own(asked)
    }

    /// Writes another letter into the first "issued" of an object, as whoever has the keys of the bucket can.
    pub(crate) fn swap_a_letter(&self, name: &str) {
        let url = format!("{}/-/swap/{}", self.server.address, self.name);
        let changed = ureq::post(url).send(format!("{}/{name}", self.prefix));
        assert_eq!(self.own(changed), [name]);
    }

    /// How many objects end with this.
    pub(crate) fn count(&self, end: &str) -> usize {
        self.names()
            .iter()
            .filter(|name| name.ends_with(end))
            .count()
    }

    fn own(&self, answer: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Vec<String> {
        let mut answer = answer.expect("the server answers");
        let body = answer.body_mut().read_to_string().expect("a text");
        let start = format!("{}/", self.prefix);
        body.lines()
            .filter_map(|name| name.strip_prefix(&start))
            .map(str::to_owned)
            .collect()
    }
}
