//! Authorities that are reached over TLS, and want to know who we are.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::thread;

use openssl::pkcs12::Pkcs12;
use openssl::ssl::{SslAcceptor, SslMethod, SslVerifyMode};
use openssl::x509::store::X509StoreBuilder;
use tokio::runtime::Handle;
use zeroize::Zeroizing;

use super::issuing::{Purpose, sha256};
use super::stamping::Stamp;
use super::*;
use crate::cades::Imprint;
use crate::model::algorithm::DigestAlgorithm;

/// A server of `serving` that stamps for whoever has a certificate by `clients`.
fn start(serving: &Authority, clients: &Authority, stamping: &Authority) -> String {
    let mut acceptor = SslAcceptor::mozilla_intermediate_v5(SslMethod::tls()).unwrap();
    acceptor.set_private_key(&serving.key).unwrap();
    acceptor.set_certificate(&serving.certificate).unwrap();
    acceptor.set_verify(SslVerifyMode::PEER | SslVerifyMode::FAIL_IF_NO_PEER_CERT);
    let mut store = X509StoreBuilder::new().unwrap();
    store.add_cert(clients.certificate.clone()).unwrap();
    acceptor.set_verify_cert_store(store.build()).unwrap();
    let acceptor = acceptor.build();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}/", listener.local_addr().unwrap());
    let stamping = stamping.clone();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            // Whoever is not let in is not answered.
            let Ok(stream) = acceptor.accept(stream) else {
                continue;
            };
            let _ = answer(BufReader::new(stream), &stamping);
        }
    });
    url
}

fn answer(
    mut stream: BufReader<openssl::ssl::SslStream<std::net::TcpStream>>,
    stamping: &Authority,
) -> std::io::Result<()> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        stream.read_line(&mut line)?;
        let line = line.trim_end().to_ascii_lowercase();
        if let Some(said) = line.strip_prefix("content-length:") {
            length = said.trim().parse().unwrap();
        }
        if line.is_empty() {
            break;
        }
    }
    let mut request = vec![0; length];
    stream.read_exact(&mut request)?;
    let body = Stamp::default().answer(stamping, &request);
    let head = format!(
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    let out = stream.get_mut();
    out.write_all(&[head.as_bytes(), &body].concat())?;
    out.flush()
}

#[tokio::test]
async fn a_client_certificate_opens_an_authority_that_our_own_bundle_vouches_for() {
    let root = Authority::root("Root of time");
    let stamping = root.issue("Time", Purpose::Stamping { critical: true });
    let web = Authority::root("Root of the web");
    let serving = web.issue("127.0.0.1", Purpose::Serving);
    let clients = Authority::root("Root of clients");
    let us = clients.issue("Us", Purpose::Seal);
    let url = start(&serving, &clients, &stamping);

    let mut container = Pkcs12::builder();
    container.name("us").pkey(&us.key).cert(&us.certificate);
    let container = container.build2("word").unwrap().to_der().unwrap();
    let pkcs12 = |passphrase: &str| Identity::Pkcs12 {
        bytes: container.clone(),
        passphrase: Zeroizing::new(passphrase.to_owned()),
    };
    let pem = Identity::Pem {
        certificates: us.pem(),
        key: Zeroizing::new(us.key.private_key_to_pem_pkcs8().unwrap()),
    };
    let client = |identity: Option<Identity>, bundle: Option<Vec<u8>>| {
        let access = Access {
            identity,
            tls_authorities: bundle,
            ..at(&url)
        };
        TimestampAuthorities::new(TimestampParts {
            authorities: vec![AuthoritySetup {
                access,
                policy: None,
            }],
            limits: LIMITS,
            skew: Duration::from_secs(60),
            anchors: anchors(&[&root]),
            clock: clock(),
            random,
            on_chain: Arc::new(|_| {}),
            runtime: Handle::current(),
        })
    };
    let imprint = Imprint {
        algorithm: DigestAlgorithm::Sha256,
        value: sha256(b"a signature"),
    };
    for identity in [pkcs12("word"), pem] {
        let client = client(Some(identity), Some(web.pem())).unwrap();
        let token = client.timestamp(&imprint).await;
        assert!(token.is_ok(), "{token:?}");
    }
    let unknown = client(None, Some(web.pem())).unwrap();
    let outage = unknown.timestamp(&imprint).await.unwrap_err();
    assert_eq!(outage.attempts[0].fault.word(), "connection", "{outage}");
    for bundle in [None, Some(clients.pem())] {
        let distrusting = client(Some(pkcs12("word")), bundle).unwrap();
        let outage = distrusting.timestamp(&imprint).await.unwrap_err();
        assert_eq!(outage.attempts[0].fault.word(), "connection", "{outage}");
    }
    let refused = client(Some(pkcs12("another")), None).err();
    assert!(matches!(refused, Some(UnusableAccess::Identity { .. })));
}
