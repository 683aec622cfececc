//! Signatures of tokens (JWS, RFC 7515) under keys that the operator has put on disk. Only RS256 and ES256 are
//! known (RFC 7518, 3.3 and 3.4): what a token says about its own key is never followed.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openssl::bn::BigNum;
use openssl::ec::{EcGroup, EcKey};
use openssl::ecdsa::EcdsaSig;
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{Id, PKey, Public};
use openssl::rsa::Rsa;
use openssl::sign::Verifier;
use openssl::x509::X509;
use serde::Deserialize;

/// Weakest RSA key, in bits (RFC 7518, 3.3).
const RSA_BITS: u32 = 2048;
/// Strongest RSA key: beyond it a signature costs more than it proves.
const RSA_BITS_AT_MOST: u32 = 8192;
/// Keys of one issuer: several while one takes the place of another.
const KEYS_AT_MOST: usize = 16;
/// Length of an ES256 signature and of each of its halves, in bytes (RFC 7518, 3.4).
const ES256_BYTES: usize = 64;
const ES256_HALF: usize = 32;

/// How a token is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JwsAlgorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    Rs256,
    /// ECDSA on P-256 with SHA-256.
    Es256,
}

impl JwsAlgorithm {
    /// The algorithm that `alg` names. `none` and every secret-key algorithm are none.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "RS256" => Some(Self::Rs256),
            "ES256" => Some(Self::Es256),
            _ => None,
        }
    }
}

/// Why a file holds no keys of an issuer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JwsKeysFault {
    /// Neither PEM nor a JWK set.
    #[error("it is neither PEM (public keys or certificates) nor a JWK set (RFC 7517)")]
    NotKeys,
    /// A private or secret key.
    #[error("it holds a private or secret key: only the issuer should have that")]
    Private,
    /// A key of another kind.
    #[error("key {0} is neither RSA of 2048 to 8192 bits nor on P-256")]
    Unfit(usize),
    /// No key, or more than an issuer needs.
    #[error("it holds no key, or more than 16")]
    Number,
}

/// The public keys of an issuer.
#[derive(Clone)]
pub struct JwsKeys(Vec<JwsKey>);

#[derive(Clone)]
struct JwsKey {
    id: Option<String>,
    algorithm: JwsAlgorithm,
    key: PKey<Public>,
}

#[derive(Deserialize)]
struct JwkSet {
    keys: Vec<Jwk>,
}

/// A JSON Web Key as far as it concerns us (RFC 7518, 6).
#[derive(Deserialize)]
struct Jwk {
    kty: String,
    kid: Option<String>,
    #[serde(rename = "use")]
    usage: Option<String>,
    crv: Option<String>,
    n: Option<String>,
    e: Option<String>,
    x: Option<String>,
    y: Option<String>,
    d: Option<serde::de::IgnoredAny>,
    k: Option<serde::de::IgnoredAny>,
}

impl JwsKeys {
    /// From PEM or from a JWK set.
    ///
    /// # Errors
    /// [`JwsKeysFault`].
    pub fn read(bytes: &[u8]) -> Result<Self, JwsKeysFault> {
        let text = std::str::from_utf8(bytes).map_err(|_| JwsKeysFault::NotKeys)?;
        let keys = if text.trim_start().starts_with('{') {
            of_set(text)?
        } else {
            of_pem(text)?
        };
        if (1..=KEYS_AT_MOST).contains(&keys.len()) {
            Ok(Self(keys))
        } else {
            Err(JwsKeysFault::Number)
        }
    }

    /// Whether one of the keys has signed. A `key_id` chooses among keys that have one.
    pub fn verify(
        &self,
        algorithm: JwsAlgorithm,
        key_id: Option<&str>,
        signed: &[u8],
        signature: &[u8],
    ) -> bool {
        let meant = |key: &&JwsKey| match (key_id, key.id.as_deref()) {
            (Some(asked), Some(own)) => asked == own,
            _ => true,
        };
        let fits = self.0.iter().filter(|key| key.algorithm == algorithm);
        fits.filter(meant).any(|key| key.verify(signed, signature))
    }
}

impl fmt::Debug for JwsKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "JwsKeys({})", self.0.len())
    }
}

impl JwsKey {
    fn new(id: Option<String>, key: PKey<Public>) -> Option<Self> {
        let algorithm = match key.id() {
            Id::RSA if (RSA_BITS..=RSA_BITS_AT_MOST).contains(&key.bits()) => JwsAlgorithm::Rs256,
            Id::EC => {
                let point = key.ec_key().ok()?;
                point.check_key().ok()?;
                (point.group().curve_name() == Some(Nid::X9_62_PRIME256V1))
                    .then_some(JwsAlgorithm::Es256)?
            }
            _ => return None,
        };
        Some(Self { id, algorithm, key })
    }

    fn verify(&self, signed: &[u8], signature: &[u8]) -> bool {
        let encoded = match self.algorithm {
            JwsAlgorithm::Rs256 => Some(signature.to_vec()),
            JwsAlgorithm::Es256 => der_of_es256(signature),
        };
        let verified = encoded.and_then(|signature| {
            let mut verifier = Verifier::new(MessageDigest::sha256(), &self.key).ok()?;
            verifier.verify_oneshot(&signature, signed).ok()
        });
        verified == Some(true)
    }
}

/// The two numbers of an ES256 signature, which stand one after the other, as the structure that X9.62 has
/// for them.
fn der_of_es256(signature: &[u8]) -> Option<Vec<u8>> {
    if signature.len() != ES256_BYTES {
        return None;
    }
    let (r, s) = signature.split_at_checked(ES256_HALF)?;
    let (r, s) = (BigNum::from_slice(r).ok()?, BigNum::from_slice(s).ok()?);
    EcdsaSig::from_private_components(r, s).ok()?.to_der().ok()
}

fn of_set(text: &str) -> Result<Vec<JwsKey>, JwsKeysFault> {
    let set: JwkSet = serde_json::from_str(text).map_err(|_| JwsKeysFault::NotKeys)?;
    if set
        .keys
        .iter()
        .any(|key| key.d.is_some() || key.k.is_some())
    {
        return Err(JwsKeysFault::Private);
    }
    // Keys for encryption stand in the same sets.
    let signing = |key: &&Jwk| key.usage.as_deref().is_none_or(|usage| usage == "sig");
    let numbered = (1..).zip(set.keys.iter().filter(signing));
    numbered
        .map(|(number, jwk)| {
            let key = jwk.key().ok_or(JwsKeysFault::Unfit(number))?;
            JwsKey::new(jwk.kid.clone(), key).ok_or(JwsKeysFault::Unfit(number))
        })
        .collect()
}

impl Jwk {
    fn key(&self) -> Option<PKey<Public>> {
        let number = |text: &Option<String>| {
            let bytes = URL_SAFE_NO_PAD.decode(text.as_deref()?).ok()?;
            BigNum::from_slice(&bytes).ok()
        };
        match self.kty.as_str() {
            "RSA" => {
                let key = Rsa::from_public_components(number(&self.n)?, number(&self.e)?).ok()?;
                PKey::from_rsa(key).ok()
            }
            "EC" if self.crv.as_deref() == Some("P-256") => {
                let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).ok()?;
                let (x, y) = (number(&self.x)?, number(&self.y)?);
                let key = EcKey::from_public_key_affine_coordinates(&group, &x, &y).ok()?;
                PKey::from_ec_key(key).ok()
            }
            _ => None,
        }
    }
}

fn of_pem(text: &str) -> Result<Vec<JwsKey>, JwsKeysFault> {
    const BEGIN: &str = "-----BEGIN ";
    if text.contains("PRIVATE KEY-----") {
        return Err(JwsKeysFault::Private);
    }
    let blocks = text.split(BEGIN).skip(1);
    let numbered = (1..).zip(blocks);
    let keys: Vec<JwsKey> = numbered
        .map(|(number, block)| {
            let pem = format!("{BEGIN}{block}");
            let key = if block.starts_with("CERTIFICATE-----") {
                X509::from_pem(pem.as_bytes()).and_then(|certificate| certificate.public_key())
            } else {
                PKey::public_key_from_pem(pem.as_bytes())
            };
            let key = key.map_err(|_| JwsKeysFault::NotKeys)?;
            JwsKey::new(None, key).ok_or(JwsKeysFault::Unfit(number))
        })
        .collect::<Result<_, _>>()?;
    if keys.is_empty() {
        Err(JwsKeysFault::NotKeys)
    } else {
        Ok(keys)
    }
}
