//! The enveloped signature of a list (TS 119 612, 5.7 and annex B; XML Signature 1.1; EN 319 132-1).

use std::ops::Range;

use roxmltree::{Document, Node};

use super::algorithm::{DigestMethod, SignatureMethod};
use super::canonical::{Canonical, Method};
use super::element::{DS, TSL, XML, children, octets, only_child};
use super::signer::{self, Signer};
use super::{TrustListFault, xades};
use crate::model::Sha256Digest;

/// Identifier of the enveloped signature transform.
const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
/// Namespace of exclusive canonicalisation, of its `InclusiveNamespaces`.
const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
/// Type of the reference to the signed properties (EN 319 132-1, 4.3.3).
const SIGNED_PROPERTIES: &str = "http://uri.etsi.org/01903#SignedProperties";
/// Most references of a signature; lists have two.
const MAX_REFERENCES: usize = 8;
/// Most certificates in a signature.
const MAX_CERTIFICATES: usize = 16;

/// What a signature turned out to cover, and whose it is.
pub(super) struct Signed {
    /// The canonical octets of the list, without its signature: what was digested.
    pub(super) octets: Vec<u8>,
    /// Who signed.
    pub(super) signer: Signer,
}

/// Verifies the one signature of a list against the pinned certificates.
pub(super) fn verify(
    text: &str,
    document: &Document<'_>,
    pins: &[Sha256Digest],
) -> Result<Signed, TrustListFault> {
    let root = document.root_element();
    if !root.has_tag_name((TSL, "TrustServiceStatusList")) {
        return Err(TrustListFault::NotATrustedList {
            found: super::element::one_line(root.tag_name().name()),
        });
    }
    let signature = only_signature(root)?;
    let info = part(signature, "SignedInfo")?;
    let references: Vec<Node<'_, '_>> = children(info, DS, "Reference").collect();
    if references.len() > MAX_REFERENCES {
        return Err(TrustListFault::TooMany {
            what: "references in its signature",
            most: MAX_REFERENCES,
        });
    }

    let properties = xades::signed_properties(signature)?;
    let certificates = certificates(signature)?;
    let named = xades::named_certificate(properties, &certificates)?;
    let unreadable = |_| TrustListFault::SigningCertificate;
    let certificate = signer::certificate(named).map_err(unreadable)?;
    let signer = Signer::of(&certificate, named).map_err(unreadable)?;
    if !pins.contains(&signer.fingerprint) {
        return Err(TrustListFault::SignerNotPinned {
            subject: signer.subject,
            fingerprint: signer.fingerprint,
        });
    }

    let canonical = Canonical::of(text)?;
    let method = method(part(info, "CanonicalizationMethod")?)?;
    let octets_of_info = canonical.element(&info.range(), &method)?;
    let algorithm = SignatureMethod::from_uri(algorithm(part(info, "SignatureMethod")?)?)?;
    let value =
        octets(part(signature, "SignatureValue")?).ok_or(TrustListFault::SignatureForm {
            what: "SignatureValue",
        })?;
    let key = certificate
        .public_key()
        .map_err(|_| TrustListFault::SigningCertificate)?;
    algorithm.verify(&key, &octets_of_info, &value)?;

    let octets = Covered {
        canonical: &canonical,
        document,
        signature,
        properties,
    }
    .check(&references)?;
    Ok(Signed { octets, signer })
}

/// The one signature of the document, a child of its root. Comments and processing instructions, which
/// parsers see differently, have no place in it.
fn only_signature<'a, 'input: 'a>(
    root: Node<'a, 'input>,
) -> Result<Node<'a, 'input>, TrustListFault> {
    let mut all = root
        .descendants()
        .filter(|node| node.has_tag_name((DS, "Signature")));
    let signature = all.next().ok_or(TrustListFault::NotSigned)?;
    if all.next().is_some() || signature.parent() != Some(root) {
        return Err(TrustListFault::SignatureMisplaced);
    }
    if signature
        .descendants()
        .any(|node| node.is_comment() || node.is_pi())
    {
        return Err(TrustListFault::SignatureForm { what: "content" });
    }
    Ok(signature)
}

/// What the references of a signature cover.
struct Covered<'a, 'input> {
    canonical: &'a Canonical<'a>,
    document: &'a Document<'input>,
    signature: Node<'a, 'input>,
    properties: Node<'a, 'input>,
}

impl<'a, 'input> Covered<'a, 'input> {
    /// Checks every reference; gives the octets of the list. One reference must be to the whole list, one
    /// to the signed properties; others may be to further parts of the signature (its `KeyInfo`).
    fn check(&self, references: &[Node<'a, 'input>]) -> Result<Vec<u8>, TrustListFault> {
        let (mut list, mut properties) = (None, false);
        for reference in references {
            let target = self.target(*reference)?;
            let octets = self.octets(*reference, target)?;
            let what = match target {
                None => "the list",
                Some(element) if element == self.properties => "the signed properties",
                Some(_) => "a part of the signature",
            };
            if digest_is_wrong(*reference, &octets)? {
                return Err(TrustListFault::Digest { what });
            }
            let typed = reference.attribute("Type") == Some(SIGNED_PROPERTIES);
            match target {
                None if list.is_some() => return Err(TrustListFault::NotTheWholeList),
                None => list = Some(octets),
                Some(element) => {
                    let is_properties = element == self.properties;
                    if is_properties != typed || (is_properties && properties) {
                        return Err(TrustListFault::SignedProperties);
                    }
                    properties |= is_properties;
                }
            }
        }
        if !properties {
            return Err(TrustListFault::SignedProperties);
        }
        list.ok_or(TrustListFault::NotTheWholeList)
    }

    /// The element a reference means; `None` means the whole list.
    fn target(
        &self,
        reference: Node<'a, 'input>,
    ) -> Result<Option<Node<'a, 'input>>, TrustListFault> {
        let uri = reference
            .attribute("URI")
            .ok_or(TrustListFault::SignatureForm { what: "Reference" })?;
        if uri.is_empty() {
            return Ok(None);
        }
        let refused = || TrustListFault::Reference {
            uri: super::element::one_line(uri),
        };
        let id = uri.strip_prefix('#').ok_or_else(refused)?;
        let mut bearers = self
            .document
            .descendants()
            .filter(|node| node.is_element() && bears(*node, id));
        let (Some(element), None) = (bearers.next(), bearers.next()) else {
            return Err(refused());
        };
        if element == self.document.root_element() {
            return Ok(None);
        }
        let inside =
            element != self.signature && encloses(&self.signature.range(), &element.range());
        inside.then_some(Some(element)).ok_or_else(refused)
    }

    /// The octets a reference is about. For the list the transforms must be *enveloped signature*, then at
    /// most one canonicalisation (TS 119 612, annex B); for a part of the signature at most that.
    fn octets(
        &self,
        reference: Node<'a, 'input>,
        target: Option<Node<'a, 'input>>,
    ) -> Result<Vec<u8>, TrustListFault> {
        let mut transforms: Vec<Node<'_, '_>> = children(reference, DS, "Transforms")
            .flat_map(|transforms| children(transforms, DS, "Transform"))
            .collect();
        if target.is_none() {
            let enveloped = !transforms.is_empty() && algorithm(transforms.remove(0))? == ENVELOPED;
            if !enveloped {
                return Err(TrustListFault::NotTheWholeList);
            }
        }
        let method = match transforms.as_slice() {
            [] => Method::default(),
            [only] => method(*only)?,
            [surplus, ..] => {
                return Err(TrustListFault::Algorithm {
                    role: "transform",
                    algorithm: algorithm(*surplus)?.to_owned(),
                });
            }
        };
        match target {
            None => self.canonical.without(&self.signature.range(), &method),
            Some(element) => self.canonical.element(&element.range(), &method),
        }
    }
}

fn digest_is_wrong(reference: Node<'_, '_>, octets_of: &[u8]) -> Result<bool, TrustListFault> {
    let digest = DigestMethod::from_uri(algorithm(part(reference, "DigestMethod")?)?)?;
    let value = octets(part(reference, "DigestValue")?).ok_or(TrustListFault::SignatureForm {
        what: "DigestValue",
    })?;
    Ok(digest.digest(octets_of) != value)
}

/// The certificates in `KeyInfo`.
fn certificates(signature: Node<'_, '_>) -> Result<Vec<Vec<u8>>, TrustListFault> {
    let found: Vec<Vec<u8>> = children(part(signature, "KeyInfo")?, DS, "X509Data")
        .flat_map(|data| children(data, DS, "X509Certificate"))
        .take(MAX_CERTIFICATES)
        .filter_map(octets)
        .collect();
    if found.is_empty() {
        return Err(TrustListFault::SignatureForm {
            what: "X509Certificate",
        });
    }
    Ok(found)
}

fn part<'a, 'input: 'a>(
    node: Node<'a, 'input>,
    name: &'static str,
) -> Result<Node<'a, 'input>, TrustListFault> {
    only_child(node, DS, name).ok_or(TrustListFault::SignatureForm { what: name })
}

fn algorithm<'a>(node: Node<'a, '_>) -> Result<&'a str, TrustListFault> {
    node.attribute("Algorithm")
        .ok_or(TrustListFault::SignatureForm { what: "Algorithm" })
}

fn method(node: Node<'_, '_>) -> Result<Method, TrustListFault> {
    let prefixes = only_child(node, EXCLUSIVE, "InclusiveNamespaces")
        .and_then(|inclusive| inclusive.attribute("PrefixList"));
    Method::from_uri(algorithm(node)?, prefixes)
}

/// An element bears an identifier, however its schema writes the attribute.
fn bears(node: Node<'_, '_>, id: &str) -> bool {
    ["Id", "ID", "id"]
        .iter()
        .any(|name| node.attribute(*name) == Some(id))
        || node.attribute((XML, "id")) == Some(id)
}

fn encloses(outer: &Range<usize>, inner: &Range<usize>) -> bool {
    outer.start <= inner.start && inner.end <= outer.end
}
