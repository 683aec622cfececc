//! The signed properties of XAdES (EN 319 132-1): which certificate signed.

use roxmltree::Node;
use sha1::{Digest as _, Sha1};

use super::TrustListFault;
use super::algorithm::DigestMethod;
use super::element::{DS, XADES, octets, only_child};

/// The `SignedProperties` of a signature: those of the one `QualifyingProperties` that is about it.
pub(super) fn signed_properties<'a, 'input: 'a>(
    signature: Node<'a, 'input>,
) -> Result<Node<'a, 'input>, TrustListFault> {
    let target = signature.attribute("Id").map(|id| format!("#{id}"));
    let mut found = super::element::children(signature, DS, "Object")
        .flat_map(|object| super::element::children(object, XADES, "QualifyingProperties"));
    let (Some(properties), None) = (found.next(), found.next()) else {
        return Err(TrustListFault::SignedProperties);
    };
    if target.is_none() || properties.attribute("Target") != target.as_deref() {
        return Err(TrustListFault::SignedProperties);
    }
    only_child(properties, XADES, "SignedProperties").ok_or(TrustListFault::SignedProperties)
}

/// The certificate that the signed properties name, among those in the signature (EN 319 132-1, 5.2.2).
///
/// The digest may be SHA-1, as in lists of 2019: it only chooses among certificates, of which one that is
/// not pinned by its SHA-256 is refused.
pub(super) fn named_certificate<'c>(
    properties: Node<'_, '_>,
    certificates: &'c [Vec<u8>],
) -> Result<&'c [u8], TrustListFault> {
    let digest = only_child(properties, XADES, "SignedSignatureProperties")
        .and_then(|properties| {
            let versions = ["SigningCertificateV2", "SigningCertificate"];
            versions
                .into_iter()
                .find_map(|name| only_child(properties, XADES, name))
        })
        .and_then(|named| super::element::children(named, XADES, "Cert").next())
        .and_then(|named| only_child(named, XADES, "CertDigest"))
        .ok_or(TrustListFault::SigningCertificate)?;
    let method = only_child(digest, DS, "DigestMethod")
        .and_then(|method| method.attribute("Algorithm"))
        .ok_or(TrustListFault::SigningCertificate)?;
    let value = only_child(digest, DS, "DigestValue")
        .and_then(octets)
        .ok_or(TrustListFault::SigningCertificate)?;
    let is_named = |certificate: &[u8]| match method {
        "http://www.w3.org/2000/09/xmldsig#sha1" => {
            Ok(Sha1::digest(certificate).as_slice() == value)
        }
        other => DigestMethod::from_uri(other).map(|method| method.digest(certificate) == value),
    };
    for certificate in certificates {
        if is_named(certificate)? {
            return Ok(certificate);
        }
    }
    Err(TrustListFault::SigningCertificate)
}
