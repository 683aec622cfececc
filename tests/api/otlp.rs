//! Spans of requests, as a collector gets them. Not among the tests of every day: it takes a build with the
//! feature (`cargo test --features otlp --test api otlp`).

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::sync::mpsc;
use std::time::Duration;

use crate::call;
use crate::support::paper;
use crate::support::service::{Policies, Service};

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const SPAN: &str = "00f067aa0ba902b7";

/// What a collector is sent: the first line of each request, and its body.
fn collector() -> (String, mpsc::Receiver<(String, Vec<u8>)>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let address = listener.local_addr().expect("an address");
    let (sent, received) = mpsc::channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = BufReader::new(stream.expect("a connection"));
            let (mut head, mut length) = (String::new(), 0);
            loop {
                let mut line = String::new();
                if stream.read_line(&mut line).unwrap_or(0) <= 2 {
                    break;
                }
                let field = line.to_ascii_lowercase();
                if let Some(value) = field.strip_prefix("content-length:") {
                    length = value.trim().parse().expect("a length");
                }
                head.push_str(&line);
            }
            let mut body = vec![0; length];
            stream.read_exact(&mut body).expect("a whole body");
            let answer = "HTTP/1.1 200 OK\r\nContent-Type: application/x-protobuf\r\n\
                          Content-Length: 0\r\nConnection: close\r\n\r\n";
            let _ = stream.get_mut().write_all(answer.as_bytes());
            if sent.send((head, body)).is_err() {
                return;
            }
        }
    });
    (format!("http://{address}"), received)
}

fn bytes(hexadecimal: &str) -> Vec<u8> {
    (0..hexadecimal.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&hexadecimal[at..at + 2], 16).expect("hexadecimal"))
        .collect()
}

#[test]
fn the_span_of_a_request_arrives_at_the_collector_before_the_service_ends() {
    let (endpoint, received) = collector();
    let settings = [("SEGELL__TELEMETRY__OTLP_ENDPOINT", endpoint.as_str())];
    let service = Service::start_with(Policies::Default, &settings);
    let copy = call(&service, "POST", "/v1/copies")
        .header("traceparent", &format!("00-{TRACE}-{SPAN}-01"))
        .body(&paper::one_page("a span"))
        .answer();
    assert_eq!(copy.status, 201);
    let code = copy.header("Verification-Code").replace('-', "");
    let _ = call(&service, "GET", &format!("/v1/copies/{code}")).answer();
    // What waits to be sent in a batch is sent at the end.
    service.terminate();
    let (mut heads, mut spans) = (String::new(), Vec::new());
    while let Ok((head, body)) = received.recv_timeout(Duration::from_secs(1)) {
        heads.push_str(&head);
        spans.extend(body);
    }
    assert!(heads.contains("POST /v1/traces HTTP/1.1"), "{heads}");
    let has = |part: &[u8]| spans.windows(part.len()).any(|window| window == part);
    for part in [
        &b"service.name"[..],
        b"segell",
        b"POST /v1/copies",
        b"GET /v1/copies/{code}",
        b"http.route",
        b"http.response.status_code",
        &bytes(TRACE),
        &bytes(SPAN),
    ] {
        assert!(has(part), "{}", String::from_utf8_lossy(part));
    }
    assert!(!has(code.as_bytes()), "the code is in a span");
}
