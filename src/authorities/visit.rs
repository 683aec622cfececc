//! An address looked at once, as any visitor does: whether something answers there, what, and what time it is
//! there. For whoever looks after the service; nothing is trusted for it.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use jiff::Timestamp;
use jiff::fmt::rfc2822;
use reqwest::header::{ACCEPT, DATE};
use reqwest::tls::TlsInfo;
use reqwest::{Client, redirect};
use tokio::time::Instant;

use super::access::innermost;
use super::endpoint::ExchangeFault;

/// What was found at an address.
#[derive(Clone, Debug)]
pub struct Visit {
    /// HTTP status; redirections are not followed.
    pub status: u16,
    /// What time it is there (`Date`, RFC 9110, 6.6.1), to the second.
    pub date: Option<Timestamp>,
    /// The body, as far as it was wanted.
    pub body: Bytes,
    /// The certificate of its TLS, DER.
    pub certificate: Option<Vec<u8>>,
    /// How long the answer took.
    pub latency: Duration,
}

/// Looks at `url`, and reads at most `wanted` bytes of what is there.
///
/// # Errors
/// [`ExchangeFault`] when nothing answers in time.
pub async fn visit(
    url: &str,
    accept: &'static str,
    wanted: usize,
    patience: Duration,
) -> Result<Visit, ExchangeFault> {
    let fault = |error: reqwest::Error| match error.is_timeout() {
        true => ExchangeFault::TimedOut(patience),
        false => ExchangeFault::Connection(innermost(&error)),
    };
    let client = Client::builder()
        .user_agent(concat!("segell/", env!("CARGO_PKG_VERSION")))
        .no_proxy()
        .redirect(redirect::Policy::none())
        .timeout(patience)
        .tls_info(true)
        .build()
        .map_err(fault)?;
    let begun = Instant::now();
    let mut response = client
        .get(url)
        .header(ACCEPT, accept)
        .send()
        .await
        .map_err(fault)?;
    let latency = begun.elapsed();
    let date = response.headers().get(DATE);
    let date = date.and_then(|date| {
        let parser = rfc2822::DateTimeParser::new();
        parser.parse_timestamp(date.as_bytes()).ok()
    });
    let tls = response.extensions().get::<TlsInfo>();
    let certificate = tls.and_then(|tls| tls.peer_certificate().map(<[u8]>::to_vec));
    let status = response.status().as_u16();
    let mut body = BytesMut::new();
    while body.len() < wanted {
        match response.chunk().await.map_err(fault)? {
            Some(chunk) => body.extend_from_slice(&chunk),
            None => break,
        }
    }
    body.truncate(wanted);
    Ok(Visit {
        status,
        date,
        body: body.freeze(),
        certificate,
        latency,
    })
}
