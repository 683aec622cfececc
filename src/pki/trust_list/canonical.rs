//! Canonical XML: which octets a digest or a signature is about.

use std::ops::Range;

use xml_sec::c14n::{C14nAlgorithm, canonicalize};
use xml_sec::{Document, Node};

use super::TrustListFault;

/// A method of canonicalisation, always without comments: Canonical XML 1.0 or 1.1, or Exclusive XML
/// Canonicalization 1.0.
pub(super) struct Method(C14nAlgorithm);

impl Default for Method {
    /// Canonical XML 1.0, which XML Signature (4.4.3.2) uses where none is named.
    fn default() -> Self {
        Self(C14nAlgorithm::new(
            xml_sec::c14n::C14nMode::Inclusive1_0,
            false,
        ))
    }
}

impl Method {
    /// The method with that identifier; `prefixes` is the `PrefixList` of exclusive canonicalisation.
    pub(super) fn from_uri(uri: &str, prefixes: Option<&str>) -> Result<Self, TrustListFault> {
        C14nAlgorithm::from_uri(uri)
            .filter(|method| !method.with_comments())
            .map(|method| Self(method.with_prefix_list(prefixes.unwrap_or_default())))
            .ok_or_else(|| TrustListFault::Algorithm {
                role: "canonicalisation",
                algorithm: uri.to_owned(),
            })
    }
}

/// A document that parts of can be canonicalised. Parts are told by their place in the text.
pub(super) struct Canonical<'input>(Document<'input>);

impl<'input> Canonical<'input> {
    /// Of a text that was parsed before, without a document type.
    pub(super) fn of(text: &'input str) -> Result<Self, TrustListFault> {
        Document::parse(text)
            .map(Self)
            .map_err(|error| TrustListFault::NotXml {
                cause: error.to_string(),
            })
    }

    /// The octets of an element and all inside.
    pub(super) fn element(
        &self,
        element: &Range<usize>,
        method: &Method,
    ) -> Result<Vec<u8>, TrustListFault> {
        self.filtered(element, method, &|node| within(node, element))
    }

    /// The octets of the document without an element and all inside: the enveloped signature transform
    /// (XML Signature, 6.6.4).
    pub(super) fn without(
        &self,
        element: &Range<usize>,
        method: &Method,
    ) -> Result<Vec<u8>, TrustListFault> {
        self.filtered(element, method, &|node| !within(node, element))
    }

    fn filtered(
        &self,
        element: &Range<usize>,
        method: &Method,
        visible: &dyn Fn(Node<'_, '_>) -> bool,
    ) -> Result<Vec<u8>, TrustListFault> {
        // Both parsers must mean the same element.
        let known = self
            .0
            .descendants()
            .any(|node| node.is_element() && node.range() == *element);
        if !known {
            return Err(TrustListFault::NotXml {
                cause: "two parsers disagree about where an element is".to_owned(),
            });
        }
        let mut octets = Vec::new();
        canonicalize(&self.0, Some(&visible), &method.0, &mut octets).map_err(|error| {
            TrustListFault::NotXml {
                cause: error.to_string(),
            }
        })?;
        Ok(octets)
    }
}

/// A node is an element's or inside it. The document node, which has the whole text, is inside nothing.
fn within(node: Node<'_, '_>, element: &Range<usize>) -> bool {
    let range = node.range();
    !node.is_root() && element.start <= range.start && range.end <= element.end
}
