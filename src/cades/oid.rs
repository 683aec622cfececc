//! Object identifiers of RFC 5652, 5035, 3161, 6211, 4055, 5754, 5758 and 8419, and of EN 319 122-1.

use const_oid::ObjectIdentifier as Oid;

/// A constant written in dotted form and compared as the bytes inside an `OBJECT IDENTIFIER`.
const fn oid(dotted: &'static str) -> Oid {
    Oid::new_unwrap(dotted)
}

// Content types.
pub(super) const DATA: Oid = oid("1.2.840.113549.1.7.1");
pub(super) const SIGNED_DATA: Oid = oid("1.2.840.113549.1.7.2");
pub(super) const TST_INFO: Oid = oid("1.2.840.113549.1.9.16.1.4");

// Attributes.
pub(super) const CONTENT_TYPE: Oid = oid("1.2.840.113549.1.9.3");
pub(super) const MESSAGE_DIGEST: Oid = oid("1.2.840.113549.1.9.4");
pub(super) const SIGNING_TIME: Oid = oid("1.2.840.113549.1.9.5");
pub(super) const ALGORITHM_PROTECTION: Oid = oid("1.2.840.113549.1.9.52");
pub(super) const SIGNING_CERTIFICATE: Oid = oid("1.2.840.113549.1.9.16.2.12");
pub(super) const SIGNING_CERTIFICATE_V2: Oid = oid("1.2.840.113549.1.9.16.2.47");
pub(super) const SIGNATURE_TIME_STAMP: Oid = oid("1.2.840.113549.1.9.16.2.14");
pub(super) const CONTENT_TIME_STAMP: Oid = oid("1.2.840.113549.1.9.16.2.20");
pub(super) const SIGNATURE_POLICY: Oid = oid("1.2.840.113549.1.9.16.2.15");
pub(super) const COMMITMENT_TYPE: Oid = oid("1.2.840.113549.1.9.16.2.16");
pub(super) const CERTIFICATE_VALUES: Oid = oid("1.2.840.113549.1.9.16.2.23");
pub(super) const REVOCATION_VALUES: Oid = oid("1.2.840.113549.1.9.16.2.24");
pub(super) const REVOCATION_INFO_ARCHIVAL: Oid = oid("1.2.840.113583.1.1.8");

// Kinds of revocation information (RFC 5940).
pub(super) const RI_OCSP_RESPONSE: Oid = oid("1.3.6.1.5.5.7.16.2");

// Digests.
pub(super) const MD5: Oid = oid("1.2.840.113549.2.5");
pub(super) const SHA1: Oid = oid("1.3.14.3.2.26");
pub(super) const SHA224: Oid = oid("2.16.840.1.101.3.4.2.4");
pub(super) const SHA256: Oid = oid("2.16.840.1.101.3.4.2.1");
pub(super) const SHA384: Oid = oid("2.16.840.1.101.3.4.2.2");
pub(super) const SHA512: Oid = oid("2.16.840.1.101.3.4.2.3");
pub(super) const SHA3_256: Oid = oid("2.16.840.1.101.3.4.2.8");
pub(super) const SHA3_384: Oid = oid("2.16.840.1.101.3.4.2.9");
pub(super) const SHA3_512: Oid = oid("2.16.840.1.101.3.4.2.10");
pub(super) const SHAKE256: Oid = oid("2.16.840.1.101.3.4.2.12");

// Signatures.
pub(super) const RSA_MD5: Oid = oid("1.2.840.113549.1.1.4");
pub(super) const RSA_ENCRYPTION: Oid = oid("1.2.840.113549.1.1.1");
pub(super) const RSA_SHA1: Oid = oid("1.2.840.113549.1.1.5");
pub(super) const RSA_SHA1_OIW: Oid = oid("1.3.14.3.2.29");
pub(super) const RSA_SHA224: Oid = oid("1.2.840.113549.1.1.14");
pub(super) const RSA_SHA256: Oid = oid("1.2.840.113549.1.1.11");
pub(super) const RSA_SHA384: Oid = oid("1.2.840.113549.1.1.12");
pub(super) const RSA_SHA512: Oid = oid("1.2.840.113549.1.1.13");
pub(super) const RSA_SHA3_256: Oid = oid("2.16.840.1.101.3.4.3.14");
pub(super) const RSA_SHA3_384: Oid = oid("2.16.840.1.101.3.4.3.15");
pub(super) const RSA_SHA3_512: Oid = oid("2.16.840.1.101.3.4.3.16");
pub(super) const RSA_PSS: Oid = oid("1.2.840.113549.1.1.10");
pub(super) const MGF1: Oid = oid("1.2.840.113549.1.1.8");
pub(super) const EC_PUBLIC_KEY: Oid = oid("1.2.840.10045.2.1");
pub(super) const ECDSA_SHA1: Oid = oid("1.2.840.10045.4.1");
pub(super) const ECDSA_SHA224: Oid = oid("1.2.840.10045.4.3.1");
pub(super) const ECDSA_SHA256: Oid = oid("1.2.840.10045.4.3.2");
pub(super) const ECDSA_SHA384: Oid = oid("1.2.840.10045.4.3.3");
pub(super) const ECDSA_SHA512: Oid = oid("1.2.840.10045.4.3.4");
pub(super) const ECDSA_SHA3_256: Oid = oid("2.16.840.1.101.3.4.3.10");
pub(super) const ECDSA_SHA3_384: Oid = oid("2.16.840.1.101.3.4.3.11");
pub(super) const ECDSA_SHA3_512: Oid = oid("2.16.840.1.101.3.4.3.12");
pub(super) const ED25519: Oid = oid("1.3.101.112");
pub(super) const ED448: Oid = oid("1.3.101.113");

// Certificate extensions.
pub(super) const SUBJECT_KEY_IDENTIFIER: Oid = oid("2.5.29.14");

/// Dotted form of the content of an `OBJECT IDENTIFIER`; empty when it is not one.
pub(super) fn dotted(content: &[u8]) -> String {
    Oid::from_bytes(content).map_or_else(|_| String::new(), |oid| oid.to_string())
}
