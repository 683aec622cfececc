//! How a request names its copy: the code is derived, not drawn (DESIGN §5), so that the same request
//! names the same copy on every replica, without a table and without a lock.

use std::collections::BTreeMap;

use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;
use sha2::Sha256;
use zeroize::Zeroizing;

use super::request::{Fields, SealRequest};
use crate::model::{Code, Dir3, Environment, Sha256Digest};

/// Keeps this use of the code key apart from any other.
const DOMAIN: &str = "segell/code/v1";

/// A secret from which codes are derived. Losing it harms idempotency only, never existing codes.
pub type CodeKey = Zeroizing<Vec<u8>>;

/// What makes two requests the same one.
pub enum RequestName<'a> {
    /// The caller's `Idempotency-Key`.
    Key(&'a str),
    /// The request's own digest.
    Digest(Sha256Digest),
}

/// SHA-256 over the fields as sent, sorted and before any default, and the source's digest. A second factor
/// counts as `factor`, what the service's key makes of it: the digest is stored, and a factor could be
/// guessed back from anything that takes no key.
pub fn request_digest(request: &SealRequest, factor: Option<Sha256Digest>) -> Sha256Digest {
    let fields = match serde_json::to_value::<&Fields>(&request.fields) {
        Ok(Value::Object(fields)) => fields.into_iter().collect::<BTreeMap<_, _>>(),
        // A struct of plain fields always becomes an object.
        _ => BTreeMap::new(),
    };
    let mut text = String::new();
    for (name, value) in fields {
        let value = value.to_string();
        text.push_str(&format!("{}:{name}={}:{value};", name.len(), value.len()));
    }
    if let Some(factor) = factor {
        text.push_str(&format!("factor={factor};"));
    }
    text.push_str(&request.upload.digest().to_string());
    Sha256Digest::of(text.as_bytes())
}

/// Derives the code of the `generation`-th copy that a request makes. A real code that would begin
/// like a test code is derived again with a counter.
pub fn derive(
    key: &CodeKey,
    organ: &Dir3,
    environment: Environment,
    application: &str,
    name: &RequestName<'_>,
    generation: u32,
) -> Code {
    let digest;
    let (word, value): (&str, &[u8]) = match name {
        RequestName::Key(key) => ("key", key.as_bytes()),
        RequestName::Digest(request) => {
            digest = *request;
            ("request", digest.as_bytes())
        }
    };
    let mut counter = 0_u32;
    loop {
        // HMAC takes keys of any length (RFC 2104), so nothing is ever refused here.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else {
            unreachable!("HMAC refused a key")
        };
        for field in [
            DOMAIN.as_bytes(),
            organ.as_str().as_bytes(),
            application.as_bytes(),
            word.as_bytes(),
            value,
            &generation.to_be_bytes(),
            &counter.to_be_bytes(),
        ] {
            mac.update(&(field.len() as u64).to_be_bytes());
            mac.update(field);
        }
        let bits: [u8; 32] = mac.finalize().into_bytes().into();
        if let Some(code) = from_bits(&bits, environment) {
            return code;
        }
        counter = counter.wrapping_add(1);
    }
}

/// The code that these random or derived bits make; `None` when a real code would begin like a test one.
pub fn from_bits(bits: &[u8; 32], environment: Environment) -> Option<Code> {
    match environment {
        Environment::Pre => Some(Code::for_test(bits)),
        Environment::Pro => Code::from_bits(bits),
    }
}
