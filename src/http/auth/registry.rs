//! The applications that may call, and the credentials by which they are known.

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;

use super::refusal::Refusal;
use super::scope::Scopes;
use super::token::{self, TokenIssuer};
use crate::model::{Environment, Sha256Digest};
use crate::pki::tls::{CertificateMatch, PeerCertificate};
use crate::seal::Application;

/// How keys begin that are for one environment.
const PREFIXES: [(&str, Environment); 2] = [
    ("segell_pre_", Environment::Pre),
    ("segell_pro_", Environment::Pro),
];

/// How a key of an environment begins.
pub fn key_prefix(environment: Environment) -> &'static str {
    match environment {
        Environment::Pre => "segell_pre_",
        Environment::Pro => "segell_pro_",
    }
}

/// The environment that a key says by how it begins.
pub(super) fn environment_of(key: &str) -> Option<Environment> {
    let said = PREFIXES.iter().find(|(prefix, _)| key.starts_with(prefix));
    said.map(|(_, environment)| *environment)
}

/// An application's record: who it is, what it may do, and how it is known.
#[derive(Clone, Debug)]
pub struct Registration {
    /// Who it is. Its environment, when it has one, is that of every credential that says none.
    pub application: Application,
    /// What it may do.
    pub scopes: Scopes,
    /// Copies that it may make in a day (UTC), as far as the archive has counted them.
    pub copies_per_day: Option<u64>,
    /// Its keys; several while one takes the place of another.
    pub keys: Vec<ApplicationKey>,
    /// Its client certificates.
    pub certificates: Vec<CertificateMatch>,
    /// Who signs its tokens.
    pub issuer: Option<TokenIssuer>,
    /// It is known only to callers on this machine.
    pub local_only: bool,
}

/// A key that opens the door.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApplicationKey {
    /// SHA-256 of the key. The key itself is stored nowhere.
    pub digest: Sha256Digest,
    /// The environment it is for, when its record says so; its prefix says it too.
    pub environment: Option<Environment>,
    /// From when on it no longer opens.
    pub expires: Option<Timestamp>,
    /// Since when it no longer opens, whatever else is said.
    pub revoked: Option<Timestamp>,
}

/// A registration as it is asked: the application once for each environment.
#[derive(Debug)]
struct Known {
    registration: Registration,
    /// For either environment, for PRE, for PRO.
    faces: [Arc<Application>; 3],
}

/// What is known about a caller once its credential has been looked at.
#[derive(Clone, Debug)]
pub(super) struct Recognised<'a> {
    pub(super) registration: &'a Registration,
    pub(super) application: Arc<Application>,
    /// When a key ends.
    pub(super) expires: Option<Timestamp>,
    /// What a token adds.
    pub(super) token: Option<token::Claims>,
}

/// The applications that may call.
///
/// A key is found by comparing its SHA-256 with every one there is, each in a time that does not
/// depend on where they differ.
#[derive(Default)]
pub struct Applications {
    known: Vec<Known>,
    /// Makes references to people out of what tokens say about them.
    trace_key: Vec<u8>,
}

impl Applications {
    /// From registrations, whose ids and keys are unique. `trace_key` keys the references under which
    /// the people of tokens stand in logs.
    pub fn new(registrations: impl IntoIterator<Item = Registration>, trace_key: Vec<u8>) -> Self {
        let known = registrations.into_iter().map(|registration| {
            let environments = [None, Some(Environment::Pre), Some(Environment::Pro)];
            Known {
                faces: environments.map(|environment| {
                    let own = registration.application.environment;
                    Arc::new(Application {
                        environment: environment.or(own),
                        ..registration.application.clone()
                    })
                }),
                registration,
            }
        });
        Self {
            known: known.collect(),
            trace_key,
        }
    }

    /// Others, whose people stand in logs under the same references.
    pub(in crate::http) fn with(&self, registrations: Vec<Registration>) -> Self {
        Self::new(registrations, self.trace_key.clone())
    }

    /// Who comes with this key or token.
    pub(super) fn by_secret(
        &self,
        secret: &str,
        local: bool,
        now: Timestamp,
    ) -> Result<Recognised<'_>, Refusal> {
        let digest = Sha256Digest::of(secret.as_bytes());
        let mut found = None;
        for known in &self.known {
            for key in &known.registration.keys {
                if key.digest.equals_in_constant_time(&digest) {
                    found = Some((known, key));
                }
            }
        }
        match found {
            Some((known, key)) if local || !known.registration.local_only => {
                if key.revoked.is_some_and(|since| since <= now) {
                    return Err(Refusal::KeyRevoked);
                }
                if let Some(since) = key.expires.filter(|until| *until <= now) {
                    return Err(Refusal::KeyExpired { since });
                }
                let environment = key.environment.or_else(|| environment_of(secret));
                known.recognised(environment, key.expires, None)
            }
            Some(_) => Err(Refusal::KeyUnknown { environment: None }),
            None if token::looks_like_one(secret) => self.by_token(secret, now),
            None => Err(Refusal::KeyUnknown {
                environment: environment_of(secret),
            }),
        }
    }

    /// Who comes with this token (RFC 7519).
    fn by_token(&self, text: &str, now: Timestamp) -> Result<Recognised<'_>, Refusal> {
        let token = token::Token::read(text)?;
        let known = self.known.iter().find_map(|known| {
            let issuer = known.registration.issuer.as_ref()?;
            token.is_of(issuer).then_some((known, issuer))
        });
        let (known, issuer) = known.ok_or(token::TokenFault::Issuer)?;
        let claims = token.verify(issuer, now, &self.trace_key)?;
        known.recognised(issuer.environment, None, Some(claims))
    }

    /// Who comes with this client certificate, which TLS has verified.
    pub(super) fn by_certificate(
        &self,
        certificate: &PeerCertificate,
    ) -> Result<Recognised<'_>, Refusal> {
        let known = self.known.iter().find_map(|known| {
            let mut certificates = known.registration.certificates.iter();
            let entry = certificates.find(|entry| entry.matches(certificate))?;
            Some((known, entry))
        });
        match known {
            Some((known, entry)) => known.recognised(entry.environment, None, None),
            None => Err(Refusal::CertificateUnknown {
                fingerprint: certificate.fingerprint,
            }),
        }
    }
}

impl Known {
    /// The application for a credential of `environment`, unless its record is for the other one.
    fn recognised(
        &self,
        environment: Option<Environment>,
        expires: Option<Timestamp>,
        token: Option<token::Claims>,
    ) -> Result<Recognised<'_>, Refusal> {
        let own = self.registration.application.environment;
        if let (Some(credential), Some(own)) = (environment, own)
            && credential != own
        {
            return Err(Refusal::Environment {
                credential,
                here: own,
            });
        }
        let [either, pre, pro] = &self.faces;
        let application = match environment {
            None => either,
            Some(Environment::Pre) => pre,
            Some(Environment::Pro) => pro,
        };
        Ok(Recognised {
            registration: &self.registration,
            application: Arc::clone(application),
            expires,
            token,
        })
    }
}

impl fmt::Debug for Applications {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries(self.known.iter().map(|known| &known.registration))
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn key(secret: &str) -> ApplicationKey {
        ApplicationKey {
            digest: Sha256Digest::of(secret.as_bytes()),
            environment: None,
            expires: None,
            revoked: None,
        }
    }

    fn applications(keys: Vec<ApplicationKey>, local_only: bool) -> Applications {
        let registration = Registration {
            application: Application {
                id: "a".to_owned(),
                name: "A".to_owned(),
                organs: Vec::new(),
                default_organ: None,
                environment: None,
            },
            scopes: Scopes::usual(),
            copies_per_day: None,
            keys,
            certificates: Vec::new(),
            issuer: None,
            local_only,
        };
        Applications::new([registration], Vec::new())
    }

    fn now() -> Timestamp {
        at("2026-11-22T12:00:00Z")
    }

    #[test]
    fn a_key_is_known_by_its_digest_and_a_local_one_only_here() {
        let everywhere = applications(vec![key("secret")], false);
        assert!(everywhere.by_secret("secret", false, now()).is_ok());
        assert!(everywhere.by_secret("Secret", true, now()).is_err());
        let here = applications(vec![key("secret")], true);
        assert!(here.by_secret("secret", true, now()).is_ok());
        assert!(here.by_secret("secret", false, now()).is_err());
    }

    #[test]
    fn two_keys_open_while_one_takes_the_place_of_the_other() {
        let old = ApplicationKey {
            expires: Some(at("2026-11-22T12:00:01Z")),
            ..key("old")
        };
        let both = applications(vec![old, key("new")], false);
        assert!(both.by_secret("old", false, now()).is_ok());
        assert!(both.by_secret("new", false, now()).is_ok());
        let later = at("2026-11-22T12:00:01Z");
        assert!(matches!(
            both.by_secret("old", false, later),
            Err(Refusal::KeyExpired { since }) if since == later
        ));
        assert!(both.by_secret("new", false, later).is_ok());
    }

    #[test]
    fn a_revoked_key_is_refused_even_before_it_expires() {
        let revoked = ApplicationKey {
            revoked: Some(at("2026-11-22T00:00:00Z")),
            expires: Some(at("2030-01-01T00:00:00Z")),
            ..key("k")
        };
        let refused = applications(vec![revoked], false);
        assert!(matches!(
            refused.by_secret("k", false, now()),
            Err(Refusal::KeyRevoked)
        ));
    }

    #[test]
    fn a_key_says_its_environment_by_its_prefix_and_an_unknown_one_too() {
        let known = applications(vec![key("segell_pre_1"), key("plain")], false);
        let environment = |secret: &str| {
            let recognised = known.by_secret(secret, false, now()).unwrap();
            recognised.application.environment
        };
        assert_eq!(environment("segell_pre_1"), Some(Environment::Pre));
        assert_eq!(environment("plain"), None);
        assert!(matches!(
            known.by_secret("segell_pro_1", false, now()),
            Err(Refusal::KeyUnknown {
                environment: Some(Environment::Pro)
            })
        ));
    }
}
