//! Tokens: JWTs (RFC 7519) in the shape that the clients of the Catalan interoperability services send. `iss`
//! names the integrator, `sub` the body for which it asks (INE10 or DIR3), `user` and `name` the person in
//! front of the screen; they live for ten minutes at most.
//!
//! They are signed with RS256 or ES256 under keys that the operator has put on disk. Nothing that a token says
//! about its own key (`jku`, `jwk`, `x5u`, `x5c`) is followed.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use serde::Deserialize;
use sha2::Sha256;

use super::scope::{Scope, Scopes};
use crate::model::{Dir3, Environment, Ine10};
use crate::pki::jws::{JwsAlgorithm, JwsKeys};

/// Longest life of a token, in seconds.
const LIFE: i64 = 600;
/// Seconds by which two clocks may differ.
const CLOCKS: i64 = 30;
/// Longest issuer, audience or person looked at, in bytes.
const LONGEST_CLAIM: usize = 512;
/// Hexadecimal digits of a reference to a person.
const REFERENCE_DIGITS: usize = 16;

/// Who signs the tokens of an application.
#[derive(Clone, Debug)]
pub struct TokenIssuer {
    /// The value of `iss`.
    pub issuer: String,
    /// What `aud` has to name: this service.
    pub audience: String,
    /// Its public keys.
    pub keys: JwsKeys,
    /// The environment that its tokens are for.
    pub environment: Option<Environment>,
}

/// Why a token is not accepted. It is never repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum TokenFault {
    /// Not three parts of JSON, JSON and signature.
    #[error("It is not a signed JWT in compact form")]
    Form,
    /// `alg` is another.
    #[error("Its alg is neither RS256 nor ES256")]
    Algorithm,
    /// `crit` demands what is not understood.
    #[error("Its header has crit, and no extension is understood here")]
    Critical,
    /// Nobody here has this `iss`.
    #[error("Its iss is that of no application")]
    Issuer,
    /// The signature is not by the issuer.
    #[error("Its signature is by none of the keys registered for its issuer")]
    Signature,
    /// `aud` does not name this service.
    #[error("Its aud does not name this service")]
    Audience,
    /// No `exp`, or it is past.
    #[error("Its exp is missing or past")]
    Expired,
    /// `exp` is too far away.
    #[error("It lives for more than ten minutes")]
    Life,
    /// `nbf` or `iat` is still to come.
    #[error("Its nbf or iat is still to come; the clocks differ")]
    Early,
    /// `sub` names no body.
    #[error("Its sub is neither an INE10 nor a DIR3 code")]
    Subject,
}

/// A body, as tokens name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Subject {
    /// By its DIR3 code.
    Dir3(Dir3),
    /// By its INE10 code.
    Ine10(Ine10),
}

/// What a verified token says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Claims {
    /// The body for which it asks.
    pub(crate) subject: Subject,
    /// The scopes to which it restricts itself (RFC 9068, 2.2.3).
    pub(crate) scopes: Option<Scopes>,
    /// A reference to the person in front of the screen: keyed, so that it can be compared and not read.
    pub(crate) end_user: Option<String>,
}

/// A token of which nothing is proved yet.
pub(super) struct Token<'a> {
    signed: &'a str,
    signature: Vec<u8>,
    header: Header,
    body: Body,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    crit: Option<serde::de::IgnoredAny>,
}

#[derive(Deserialize)]
struct Body {
    iss: Option<String>,
    sub: Option<String>,
    aud: Option<Audience>,
    exp: Option<Date>,
    nbf: Option<Date>,
    iat: Option<Date>,
    scope: Option<String>,
    user: Option<String>,
    name: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

/// Seconds since 1970, with or without fractions (RFC 7519, 2).
#[derive(Clone, Copy, Deserialize)]
#[serde(untagged)]
enum Date {
    Whole(i64),
    Fraction(f64),
}

impl Date {
    /// Whole seconds; nothing for what is no time.
    fn seconds(self) -> Option<i64> {
        const LAST: i64 = 253_402_300_799;
        let seconds = match self {
            Self::Whole(seconds) => seconds,
            Self::Fraction(seconds) if (0.0..LAST as f64).contains(&seconds) => seconds as i64,
            Self::Fraction(_) => return None,
        };
        (0..=LAST).contains(&seconds).then_some(seconds)
    }
}

/// Whether a bearer's secret has the form of a token.
pub(super) fn looks_like_one(secret: &str) -> bool {
    secret.starts_with("ey") && secret.bytes().filter(|byte| *byte == b'.').count() == 2
}

impl<'a> Token<'a> {
    /// Takes a token apart. Its length is bounded at the door.
    pub(super) fn read(text: &'a str) -> Result<Self, TokenFault> {
        let (signed, signature) = text.rsplit_once('.').ok_or(TokenFault::Form)?;
        let (header, body) = signed.split_once('.').ok_or(TokenFault::Form)?;
        let bytes = |part: &str| URL_SAFE_NO_PAD.decode(part).map_err(|_| TokenFault::Form);
        Ok(Self {
            signed,
            signature: bytes(signature)?,
            header: serde_json::from_slice(&bytes(header)?).map_err(|_| TokenFault::Form)?,
            body: serde_json::from_slice(&bytes(body)?).map_err(|_| TokenFault::Form)?,
        })
    }

    /// Whether it says that it is of this issuer.
    pub(super) fn is_of(&self, issuer: &TokenIssuer) -> bool {
        self.body.iss.as_deref() == Some(issuer.issuer.as_str())
    }

    /// Proves who signed it, then reads what it says.
    pub(super) fn verify(
        self,
        issuer: &TokenIssuer,
        now: Timestamp,
        trace_key: &[u8],
    ) -> Result<Claims, TokenFault> {
        if self.header.crit.is_some() {
            return Err(TokenFault::Critical);
        }
        let algorithm = JwsAlgorithm::from_name(&self.header.alg).ok_or(TokenFault::Algorithm)?;
        let key_id = self.header.kid.as_deref();
        let signed = self.signed.as_bytes();
        if !issuer
            .keys
            .verify(algorithm, key_id, signed, &self.signature)
        {
            return Err(TokenFault::Signature);
        }
        let body = &self.body;
        let named = match &body.aud {
            Some(Audience::One(one)) => *one == issuer.audience,
            Some(Audience::Several(several)) => several.contains(&issuer.audience),
            None => false,
        };
        if !named {
            return Err(TokenFault::Audience);
        }
        body.check_times(now.as_second())?;
        Ok(Claims {
            subject: body.subject().ok_or(TokenFault::Subject)?,
            scopes: body.scope.as_deref().map(|words| {
                let words = words.split_ascii_whitespace();
                words.filter_map(Scope::from_word).collect()
            }),
            end_user: body.end_user(&issuer.issuer, trace_key),
        })
    }
}

impl Body {
    fn check_times(&self, now: i64) -> Result<(), TokenFault> {
        let expires = self
            .exp
            .and_then(Date::seconds)
            .ok_or(TokenFault::Expired)?;
        if expires.saturating_add(CLOCKS) <= now {
            return Err(TokenFault::Expired);
        }
        if expires > now.saturating_add(LIFE + CLOCKS) {
            return Err(TokenFault::Life);
        }
        for begins in [self.nbf, self.iat].into_iter().flatten() {
            let begins = begins.seconds().ok_or(TokenFault::Early)?;
            if begins > now.saturating_add(CLOCKS) {
                return Err(TokenFault::Early);
            }
        }
        let issued = self.iat.and_then(Date::seconds);
        if issued.is_some_and(|issued| expires.saturating_sub(issued) > LIFE) {
            return Err(TokenFault::Life);
        }
        Ok(())
    }

    fn subject(&self) -> Option<Subject> {
        let text = self.sub.as_deref()?;
        let dir3 = text.parse().ok().map(Subject::Dir3);
        dir3.or_else(|| text.parse().ok().map(Subject::Ine10))
    }

    /// An HMAC over issuer and person. The person's name and number are read here and kept nowhere.
    fn end_user(&self, issuer: &str, trace_key: &[u8]) -> Option<String> {
        let person = self.user.as_deref().or(self.name.as_deref())?;
        let person: String = person.chars().take(LONGEST_CLAIM).collect();
        let mut mac = Hmac::<Sha256>::new_from_slice(trace_key).ok()?;
        for field in ["segell/end-user/v1", issuer, &person] {
            mac.update(&(field.len() as u64).to_be_bytes());
            mac.update(field.as_bytes());
        }
        let bytes = mac.finalize().into_bytes();
        let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        digits.get(..REFERENCE_DIGITS).map(str::to_owned)
    }
}

#[cfg(test)]
mod tests;
