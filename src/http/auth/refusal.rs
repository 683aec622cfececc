//! Why somebody is not let in. The door maps each to a problem once, here.

use jiff::Timestamp;

use super::token::TokenFault;
use crate::http::problem::{Problem, ProblemCode};
use crate::model::{Environment, Sha256Digest};

/// A credential that opens nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refusal {
    /// There is none.
    #[error("no credential")]
    NoCredential,
    /// No application has this key, or not from where the request comes.
    #[error("unknown key")]
    KeyUnknown {
        /// The environment that its prefix says.
        environment: Option<Environment>,
    },
    /// The key was good.
    #[error("key expired since {since}")]
    KeyExpired {
        /// From when on it was not.
        since: Timestamp,
    },
    /// The key was taken back.
    #[error("key revoked")]
    KeyRevoked,
    /// The token is not one, or not from whom it says, or not for us or not for now.
    #[error(transparent)]
    Token(#[from] TokenFault),
    /// TLS has verified the certificate, and no application has it.
    #[error("unknown client certificate {fingerprint}")]
    CertificateUnknown {
        /// SHA-256 over it.
        fingerprint: Sha256Digest,
    },
    /// The credential is for one environment and its application for the other.
    #[error("credential of the other environment")]
    Environment {
        /// That of the credential.
        credential: Environment,
        /// That of the application or of the service.
        here: Environment,
    },
}

impl From<&Refusal> for Problem {
    fn from(refusal: &Refusal) -> Self {
        use ProblemCode as P;
        match refusal {
            Refusal::NoCredential => {
                Self::new(P::Unauthorized).with_detail("The request carries no credential.")
            }
            Refusal::KeyUnknown { .. } => Self::new(P::Unauthorized)
                .with_detail("The key is not known here, or not from where the request comes."),
            Refusal::KeyExpired { since } => {
                Self::new(P::KeyExpired).with_detail(format!("It ended at {since}."))
            }
            Refusal::KeyRevoked => P::KeyRevoked.into(),
            Refusal::Token(fault) => Self::new(P::TokenInvalid).with_detail(format!("{fault}.")),
            Refusal::CertificateUnknown { fingerprint } => Self::new(P::CertificateUnknown)
                .with_detail(format!("Its SHA-256 is {fingerprint}.")),
            Refusal::Environment { credential, here } => Self::environments(*credential, *here),
        }
    }
}
