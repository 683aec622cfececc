//! `segell health`: asks the service on this machine whether it is alive, without any HTTP library, so
//! that a container can ask itself.

use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::time::Duration;

use super::failure::{Exit, Failure};

/// How long the service may take.
const PATIENCE: Duration = Duration::from_secs(3);

/// Asks `/livez` at the operations address.
pub fn run(operations: SocketAddr, out: &mut dyn Write) -> Result<(), Failure> {
    let address = reachable(operations);
    let status = ask(address).map_err(|error| {
        Failure::new(
            Exit::Refused,
            format!("no answer from http://{address}/livez: {error}"),
        )
        .with_next_step("is the service running, and server.operations_bind the same for both?")
    })?;
    if status == 200 {
        writeln!(out, "alive")?;
        Ok(())
    } else {
        Err(Failure::new(
            Exit::Refused,
            format!("http://{address}/livez answered {status}"),
        ))
    }
}

/// An address that listens everywhere is asked on loopback.
pub(super) fn reachable(mut address: SocketAddr) -> SocketAddr {
    if address.ip().is_unspecified() {
        address.set_ip(match address {
            SocketAddr::V4(_) => IpAddr::V4(Ipv4Addr::LOCALHOST),
            SocketAddr::V6(_) => IpAddr::V6(Ipv6Addr::LOCALHOST),
        });
    }
    address
}

/// The status of the answer.
fn ask(address: SocketAddr) -> std::io::Result<u16> {
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    // In one piece: whoever answers after the first one and closes would break the pipe.
    let question = format!("GET /livez HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(question.as_bytes())?;
    let mut answer = [0; 64];
    let mut filled = 0;
    while let Some(rest) = answer.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match stream.read(rest)? {
            0 => break,
            read => filled += read,
        }
    }
    let line = String::from_utf8_lossy(&answer);
    line.strip_prefix("HTTP/1.1 ")
        .and_then(|rest| rest.split(' ').next()?.parse().ok())
        .ok_or_else(|| std::io::Error::other("that is not an HTTP answer"))
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    fn answering(answer: &'static str) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut question = [0; 1024];
            let _ = stream.read(&mut question);
            stream.write_all(answer.as_bytes()).unwrap();
        });
        address
    }

    #[test]
    fn alive_is_200_and_nothing_else() {
        let alive = answering("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
        assert_eq!(run(alive, &mut Vec::new()), Ok(()));
        let ailing = answering("HTTP/1.1 503 Service Unavailable\r\n\r\n");
        assert_eq!(
            run(ailing, &mut Vec::new()).unwrap_err().exit,
            Exit::Refused
        );
        let other = answering("SSH-2.0-OpenSSH\r\n");
        assert!(run(other, &mut Vec::new()).is_err());
    }

    #[test]
    fn a_service_that_listens_everywhere_is_asked_on_loopback() {
        let address = reachable("0.0.0.0:8081".parse().unwrap());
        assert_eq!(address.to_string(), "127.0.0.1:8081");
        let address = reachable("[::]:8081".parse().unwrap());
        assert_eq!(address.to_string(), "[::1]:8081");
    }
}
