//! How an address of an authority is reached: name and password, certificates, and the client for it.

use std::fmt;
use std::time::Duration;

use reqwest::{Certificate, Client, Url, redirect};
use zeroize::Zeroizing;

use super::endpoint::TimeLimits;

/// Connections kept open to one address while nobody needs them, and how long.
const IDLE_CONNECTIONS: usize = 16;
const IDLE_TIME: Duration = Duration::from_secs(60);
/// Characters of a cause that are repeated.
const MAX_WORDS: usize = 300;

/// How an address is reached.
#[derive(Clone, Default)]
pub struct Access {
    /// Where: `http://` or `https://`.
    pub url: String,
    /// Name and password (RFC 7617).
    pub credentials: Option<Credentials>,
    /// The certificate that we show (TLS client authentication).
    pub identity: Option<Identity>,
    /// PEM: the only authorities that may vouch for the server's TLS certificate. Without them the ones the
    /// machine knows may: they secure the way only, and what comes over it is judged by itself.
    pub tls_authorities: Option<Vec<u8>>,
}

/// Name and password.
#[derive(Clone)]
pub struct Credentials {
    /// The name.
    pub username: String,
    /// The password.
    pub password: Zeroizing<String>,
}

/// A certificate with its private key, for TLS.
#[derive(Clone)]
pub enum Identity {
    /// PKCS#12.
    Pkcs12 {
        /// The container.
        bytes: Vec<u8>,
        /// Its passphrase.
        passphrase: Zeroizing<String>,
    },
    /// PEM: the chain, leaf first, and the key in PKCS#8, not encrypted.
    Pem {
        /// The chain.
        certificates: Vec<u8>,
        /// The key.
        key: Zeroizing<Vec<u8>>,
    },
}

impl fmt::Debug for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Access({})", shown(&self.url))
    }
}

/// Why an address cannot be used as configured.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnusableAccess {
    /// Not an address.
    #[error("\"{url}\" is no address of a web service: say http://… or https://…")]
    Url {
        /// What was said, without name and password.
        url: String,
    },
    /// The policy is no object identifier.
    #[error("\"{policy}\" is no object identifier such as 0.4.0.2023.1.1")]
    Policy {
        /// What was said.
        policy: String,
    },
    /// The client certificate cannot be used.
    #[error("the client certificate for {url} cannot be used: {cause}")]
    Identity {
        /// Where it was to be shown.
        url: String,
        /// Why not.
        cause: String,
    },
    /// The TLS authorities cannot be read.
    #[error("the TLS authorities for {url} cannot be used: {cause}")]
    TlsAuthorities {
        /// Whose.
        url: String,
        /// Why not.
        cause: String,
    },
    /// The TLS library cannot be set up.
    #[error("no connection to {url} can be prepared: {cause}")]
    Client {
        /// Where.
        url: String,
        /// Why not.
        cause: String,
    },
}

pub(super) fn client(
    access: &Access,
    shown: &str,
    limits: TimeLimits,
) -> Result<Client, UnusableAccess> {
    let url = || shown.to_owned();
    let mut builder = Client::builder()
        .user_agent(concat!("segell/", env!("CARGO_PKG_VERSION")))
        .no_proxy()
        .redirect(redirect::Policy::none())
        .referer(false)
        .connect_timeout(limits.connect)
        .timeout(limits.total)
        .pool_max_idle_per_host(IDLE_CONNECTIONS)
        .pool_idle_timeout(IDLE_TIME)
        .tcp_nodelay(true);
    if let Some(pem) = &access.tls_authorities {
        let unusable = |cause: String| UnusableAccess::TlsAuthorities { url: url(), cause };
        let bundle = Certificate::from_pem_bundle(pem).map_err(|e| unusable(e.to_string()))?;
        if bundle.is_empty() {
            return Err(unusable("there is no certificate in the file".to_owned()));
        }
        builder = builder.tls_certs_only(bundle);
    }
    if let Some(identity) = &access.identity {
        let identity = match identity {
            Identity::Pkcs12 { bytes, passphrase } => {
                reqwest::Identity::from_pkcs12_der(bytes, passphrase)
            }
            Identity::Pem { certificates, key } => {
                reqwest::Identity::from_pkcs8_pem(certificates, key)
            }
        };
        let identity = identity.map_err(|error| UnusableAccess::Identity {
            url: url(),
            cause: innermost(&error),
        })?;
        builder = builder.identity(identity);
    }
    builder.build().map_err(|error| UnusableAccess::Client {
        url: url(),
        cause: innermost(&error),
    })
}

/// The innermost cause says it in the fewest words; the outer ones repeat the address.
pub(super) fn innermost(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string().chars().take(MAX_WORDS).collect()
}

/// An address as it may be shown: without name, password, query and fragment.
pub(super) fn shown(url: &str) -> String {
    let Ok(mut parsed) = Url::parse(url) else {
        // What cannot be read may hold anything.
        return url
            .split(['@', '?', '#'])
            .next_back()
            .map_or_else(String::new, |rest| rest.chars().take(MAX_WORDS).collect());
    };
    let anonymous = parsed
        .set_username("")
        .and_then(|()| parsed.set_password(None));
    if anonymous.is_err() {
        return parsed.scheme().to_owned();
    }
    parsed.set_query(None);
    parsed.set_fragment(None);
    parsed.to_string()
}
