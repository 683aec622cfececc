//! Full means full: said at once, before the body is read.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use crate::support::paper;
use crate::support::service::{KEY, Policies, Service};
use crate::{call, problem};

/// A connection on which a request was begun and not finished.
fn begin(service: &Service, path: &str, headers: &str) -> TcpStream {
    let address = service.address().trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).expect("a connection");
    stream
        .set_read_timeout(Some(Duration::from_secs(20)))
        .expect("a time limit");
    let head =
        format!("POST {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {KEY}\r\n{headers}\r\n");
    stream.write_all(head.as_bytes()).expect("the head is sent");
    stream
}

fn status_line(stream: &mut TcpStream) -> String {
    let mut received = Vec::new();
    let mut byte = [0];
    while received.last() != Some(&b'\n') && stream.read(&mut byte).is_ok_and(|read| read == 1) {
        received.push(byte[0]);
    }
    String::from_utf8_lossy(&received).trim().to_owned()
}

#[test]
fn a_full_queue_is_said_before_the_body_and_ends_with_its_cause() {
    let service = Service::start_with(
        Policies::Default,
        &[
            ("SEGELL__SERVER__SEALS_AT_ONCE", "1"),
            ("SEGELL__SERVER__QUEUE", "0"),
        ],
    );
    let source = paper::one_page("Acta");
    let waiting = begin(&service, "/v1/copies", "Content-Length: 1000\r\n");
    std::thread::sleep(Duration::from_millis(300));

    // Only its head is sent: the answer comes all the same.
    let mut refused = begin(&service, "/v1/copies", "Content-Length: 1000\r\n");
    assert_eq!(
        status_line(&mut refused),
        "HTTP/1.1 503 Service Unavailable"
    );
    let refused = call(&service, "POST", "/v1/copies").body(&source).answer();
    problem(&refused, 503, "busy");
    let wait: u64 = refused.header("Retry-After").parse().expect("seconds");
    assert!((2..10).contains(&wait), "{wait}");

    // Checks have a queue of their own.
    let check = call(&service, "POST", "/v1/validations")
        .body(&source)
        .answer();
    assert_eq!(check.status, 200);

    drop(waiting);
    std::thread::sleep(Duration::from_millis(300));
    let sealed = call(&service, "POST", "/v1/copies").body(&source).answer();
    assert_eq!(sealed.status, 201, "the place of who left is free again");
}

#[test]
fn bytes_in_flight_are_bounded() {
    let service = Service::start_with(
        Policies::Default,
        &[
            ("SEGELL__LIMITS__BODY_BYTES", "1 MiB"),
            ("SEGELL__SERVER__BYTES_IN_FLIGHT", "1 MiB"),
        ],
    );
    let source = paper::one_page("Acta");
    let waiting = begin(&service, "/v1/copies", "Content-Length: 1000000\r\n");
    std::thread::sleep(Duration::from_millis(300));
    let refused = begin(&service, "/v1/copies", "Transfer-Encoding: chunked\r\n");
    let mut refused = refused;
    assert_eq!(
        status_line(&mut refused),
        "HTTP/1.1 503 Service Unavailable"
    );
    drop(waiting);
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!(
        call(&service, "POST", "/v1/copies")
            .body(&source)
            .answer()
            .status,
        201
    );
}

#[test]
fn a_body_of_the_limit_passes_and_one_byte_more_does_not() {
    let service = Service::start_with(
        Policies::Default,
        &[("SEGELL__LIMITS__BODY_BYTES", "64 KiB")],
    );
    let mut source = paper::one_page("Acta");
    source.resize(64 << 10, b'\n');
    let sealed = call(&service, "POST", "/v1/copies").body(&source).answer();
    assert_eq!(
        sealed.status,
        201,
        "{}",
        String::from_utf8_lossy(&sealed.body)
    );

    source.push(b'\n');
    let over = call(&service, "POST", "/v1/copies").body(&source).answer();
    let over = problem(&over, 413, "too-large");
    let detail = over["detail"].as_str().unwrap_or_default();
    assert!(
        detail.contains("65,536") && detail.contains("65,537"),
        "{detail}"
    );

    let mut chunked = begin(&service, "/v1/copies", "Transfer-Encoding: chunked\r\n");
    for chunk in source.chunks(8192) {
        let sent = write!(chunked, "{:x}\r\n", chunk.len())
            .and_then(|()| chunked.write_all(chunk))
            .and_then(|()| chunked.write_all(b"\r\n"));
        if sent.is_err() {
            break;
        }
    }
    let _ = chunked.write_all(b"0\r\n\r\n");
    assert_eq!(status_line(&mut chunked), "HTTP/1.1 413 Payload Too Large");
}

#[test]
fn a_refusal_reaches_a_client_that_is_still_sending() {
    let service = Service::start(Policies::Default);
    let large = vec![b'x'; 20 << 20];
    let refused = crate::public_call(&service, "POST", "/v1/copies")
        .body(&large)
        .answer();
    problem(&refused, 401, "unauthorized");
}
