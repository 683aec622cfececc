//! Which digest a signature algorithm contains.

use der::asn1::{AnyRef, ObjectIdentifier};

use super::elements::Elements;

const RSA_PSS: &str = "1.2.840.113549.1.1.10";
const SHA_1: &str = "1.3.14.3.2.26";
const SHA_224: &str = "2.16.840.1.101.3.4.2.4";
const SHA_256: &str = "2.16.840.1.101.3.4.2.1";
const SHA_384: &str = "2.16.840.1.101.3.4.2.2";
const SHA_512: &str = "2.16.840.1.101.3.4.2.3";

/// Signature algorithms (RFC 4055, 5758; RSA and ECDSA) with the digests in their names.
const DIGESTS: [(&str, &str); 14] = [
    ("1.2.840.113549.1.1.2", "1.2.840.113549.2.2"), // MD2
    ("1.2.840.113549.1.1.4", "1.2.840.113549.2.5"), // MD5
    ("1.2.840.113549.1.1.5", SHA_1),
    ("1.3.14.3.2.29", SHA_1),
    ("1.2.840.113549.1.1.14", SHA_224),
    ("1.2.840.113549.1.1.11", SHA_256),
    ("1.2.840.113549.1.1.12", SHA_384),
    ("1.2.840.113549.1.1.13", SHA_512),
    ("1.2.840.10040.4.3", SHA_1),
    ("1.2.840.10045.4.1", SHA_1),
    ("1.2.840.10045.4.3.1", SHA_224),
    ("1.2.840.10045.4.3.2", SHA_256),
    ("1.2.840.10045.4.3.3", SHA_384),
    ("1.2.840.10045.4.3.4", SHA_512),
];

/// An algorithm of a signature, as facts.
#[derive(Clone, Debug)]
pub(super) struct SignatureAlgorithm {
    /// Dotted.
    pub(super) name: String,
    /// Dotted identifier of the digest inside; `None` where there is none (Ed25519) or it is not known.
    pub(super) digest: Option<String>,
}

impl SignatureAlgorithm {
    /// From an `AlgorithmIdentifier`.
    pub(super) fn read(identifier: AnyRef<'_>) -> der::Result<Self> {
        let mut fields = Elements::of(identifier)?;
        let name = fields.any()?.decode_as::<ObjectIdentifier>()?.to_string();
        let parameters = if fields.is_empty() {
            None
        } else {
            Some(fields.any()?)
        };
        Ok(Self::new(name, parameters))
    }

    /// From its name and its parameters.
    pub(super) fn new(name: String, parameters: Option<AnyRef<'_>>) -> Self {
        let digest = if name == RSA_PSS {
            parameters.and_then(|parameters| digest_of_pss(parameters).ok())
        } else {
            let known = DIGESTS.iter().find(|(algorithm, _)| *algorithm == name);
            known.map(|(_, digest)| (*digest).to_owned())
        };
        Self { name, digest }
    }
}

/// `hashAlgorithm` of `RSASSA-PSS-params` (RFC 4055, 3.1), which is SHA-1 when left out.
fn digest_of_pss(parameters: AnyRef<'_>) -> der::Result<String> {
    let mut fields = Elements::of(parameters)?;
    let Some(hash) = fields.optional(Elements::context(0))? else {
        return Ok(SHA_1.to_owned());
    };
    let mut identifier = Elements::of(Elements::of(hash)?.any()?)?;
    Ok(identifier
        .any()?
        .decode_as::<ObjectIdentifier>()?
        .to_string())
}
