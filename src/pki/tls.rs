//! TLS of the service itself, by OpenSSL: 1.2 or later, the cipher suites that Mozilla calls intermediate, and
//! client certificates under authorities of the operator's own.

mod current;

use std::fmt;

use der::Decode;
use openssl::error::ErrorStack;
use openssl::pkey::PKey;
use openssl::ssl::{
    AlpnError, SslAcceptor, SslAcceptorBuilder, SslMethod, SslOptions, SslRef, SslSessionCacheMode,
    SslVerifyMode, SslVersion, select_next_proto,
};
use openssl::stack::Stack;
use openssl::x509::store::X509StoreBuilder;
use openssl::x509::{X509, X509VerifyResult};
use x509_cert::Certificate;
use zeroize::Zeroizing;

use crate::model::{Environment, Sha256Digest};

pub use current::CurrentTls;

/// Keeps sessions of this service apart from those of another in the same process.
const SESSION_CONTEXT: &[u8] = b"segell";

/// The one protocol spoken (RFC 7301), behind its length.
const PROTOCOLS: &[u8] = b"\x08http/1.1";

/// Certificate and key of the service, and whose client certificates it takes.
#[derive(Clone)]
pub struct ServerTls {
    chain: Vec<X509>,
    key: Zeroizing<Vec<u8>>,
    client_authorities: Vec<X509>,
}

/// Why the service cannot speak TLS with what it was given.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TlsFault {
    /// No certificate can be read.
    #[error("the certificate is not PEM, or its file holds none")]
    Certificate,
    /// The key cannot be read.
    #[error("the key is not PEM, or it is encrypted")]
    Key,
    /// They belong to different owners.
    #[error("key and certificate do not belong together")]
    Mismatch,
    /// No authority can be read.
    #[error("the file of client authorities is not PEM, or holds no certificate")]
    ClientAuthorities,
    /// OpenSSL refuses something else.
    #[error("OpenSSL refuses it: {0}")]
    Refused(String),
}

impl ServerTls {
    /// From PEM: the chain with the service's own certificate first, its key without a passphrase, and
    /// the authorities under which client certificates are believed.
    ///
    /// # Errors
    /// [`TlsFault`].
    pub fn new(
        chain: &[u8],
        key: Zeroizing<Vec<u8>>,
        client_authorities: Option<&[u8]>,
    ) -> Result<Self, TlsFault> {
        let several = |pem: &[u8]| X509::stack_from_pem(pem).ok().filter(|all| !all.is_empty());
        let tls = Self {
            chain: several(chain).ok_or(TlsFault::Certificate)?,
            client_authorities: match client_authorities {
                Some(pem) => several(pem).ok_or(TlsFault::ClientAuthorities)?,
                None => Vec::new(),
            },
            key,
        };
        let key = tls.private_key().map_err(|_| TlsFault::Key)?;
        let own = tls.chain.first().ok_or(TlsFault::Certificate)?;
        let public = own.public_key().map_err(|_| TlsFault::Certificate)?;
        if !public.public_eq(&key) {
            return Err(TlsFault::Mismatch);
        }
        // Whatever else OpenSSL dislikes is better told now than at the first connection.
        tls.acceptor(true)?;
        Ok(tls)
    }

    /// Whether client certificates are believed at all.
    pub fn knows_clients(&self) -> bool {
        !self.client_authorities.is_empty()
    }

    /// What a listener needs. With `asks`, clients are asked for a certificate: who has none comes in all
    /// the same, who shows one that no authority here has issued does not.
    ///
    /// # Errors
    /// [`TlsFault::Refused`].
    pub fn acceptor(&self, asks: bool) -> Result<SslAcceptorBuilder, TlsFault> {
        self.build(asks)
            .map_err(|error| TlsFault::Refused(error.to_string()))
    }

    fn build(&self, asks: bool) -> Result<SslAcceptorBuilder, ErrorStack> {
        let mut builder = SslAcceptor::mozilla_intermediate_v5(SslMethod::tls_server())?;
        builder.set_min_proto_version(Some(SslVersion::TLS1_2))?;
        builder.set_options(SslOptions::NO_RENEGOTIATION | SslOptions::NO_COMPRESSION);
        if let [own, issuers @ ..] = self.chain.as_slice() {
            builder.set_certificate(own)?;
            for issuer in issuers {
                builder.add_extra_chain_cert(issuer.clone())?;
            }
        }
        let key = self.private_key()?;
        builder.set_private_key(&key)?;
        builder.check_private_key()?;
        builder.set_session_id_context(SESSION_CONTEXT)?;
        builder.set_alpn_select_callback(|_, offered| {
            select_next_proto(PROTOCOLS, offered).ok_or(AlpnError::NOACK)
        });
        if asks && self.knows_clients() {
            let mut store = X509StoreBuilder::new()?;
            let mut names = Stack::new()?;
            for authority in &self.client_authorities {
                store.add_cert(authority.clone())?;
                names.push(authority.subject_name().to_owned()?)?;
            }
            builder.set_verify_cert_store(store.build())?;
            builder.set_client_ca_list(names);
            builder.set_verify(SslVerifyMode::PEER);
            // Who comes back shows its certificate again: its authority may have been taken away meanwhile.
            builder.set_options(SslOptions::NO_TICKET);
            builder.set_session_cache_mode(SslSessionCacheMode::OFF);
        } else {
            builder.set_verify(SslVerifyMode::NONE);
        }
        Ok(builder)
    }

    fn private_key(&self) -> Result<PKey<openssl::pkey::Private>, ErrorStack> {
        // Nobody is there to type a passphrase.
        PKey::private_key_from_pem_callback(&self.key, |_| Ok(0))
    }
}

impl fmt::Debug for ServerTls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ServerTls")
    }
}

/// A client certificate that TLS has verified, as far as applications are known by it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeerCertificate {
    /// SHA-256 over it.
    pub fingerprint: Sha256Digest,
    /// Its subject (RFC 4514).
    subject: String,
    /// Its alternative names: DNS names and URIs.
    alternative_names: Vec<String>,
}

impl PeerCertificate {
    /// The certificate of the other end of a connection, when it showed one and it was verified.
    pub fn of(connection: &SslRef) -> Option<Self> {
        let certificate = connection.peer_certificate()?;
        if connection.verify_result() != X509VerifyResult::OK {
            return None;
        }
        Self::read(&certificate)
    }

    fn read(certificate: &X509) -> Option<Self> {
        let der = certificate.to_der().ok()?;
        let parsed = Certificate::from_der(&der).ok()?;
        let names = certificate.subject_alt_names();
        let names = names.iter().flatten().filter_map(|name| {
            let name = name.dnsname().or_else(|| name.uri())?;
            Some(name.to_owned())
        });
        Some(Self {
            fingerprint: Sha256Digest::of(&der),
            subject: parsed.tbs_certificate().subject().to_string(),
            alternative_names: names.collect(),
        })
    }
}

/// How an application's client certificate is told: everything that is said has to be so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateMatch {
    /// The whole subject as RFC 4514 writes it, which is what `openssl x509 -subject -nameopt RFC2253` prints.
    pub subject: Option<String>,
    /// One of its DNS names or URIs.
    pub alternative_name: Option<String>,
    /// SHA-256 over it.
    pub fingerprint: Option<Sha256Digest>,
    /// The environment that it is for.
    pub environment: Option<Environment>,
}

impl CertificateMatch {
    /// Whether it says anything: otherwise every certificate would be meant.
    pub const fn says_something(&self) -> bool {
        self.subject.is_some() || self.alternative_name.is_some() || self.fingerprint.is_some()
    }

    /// Whether it is this certificate.
    pub fn matches(&self, certificate: &PeerCertificate) -> bool {
        let tight = |name: &str| name.replace(", ", ",");
        self.says_something()
            && self
                .subject
                .as_ref()
                .is_none_or(|subject| tight(subject) == tight(&certificate.subject))
            && self.alternative_name.as_ref().is_none_or(|name| {
                let mut names = certificate.alternative_names.iter();
                names.any(|other| other.eq_ignore_ascii_case(name))
            })
            && self
                .fingerprint
                .is_none_or(|digest| digest == certificate.fingerprint)
    }
}
