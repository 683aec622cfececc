//! XML within limits, and its elements by name.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use roxmltree::{Document, Node, ParsingOptions};

use super::{MAX_BYTES, TrustListFault};

/// Namespace of trusted lists.
pub(super) const TSL: &str = "http://uri.etsi.org/02231/v2#";
/// Namespace of their extensions.
pub(super) const TSL_TYPES: &str = "http://uri.etsi.org/02231/v2/additionaltypes#";
/// Namespace of qualifications.
pub(super) const QUALIFICATIONS: &str =
    "http://uri.etsi.org/TrstSvc/SvcInfoExt/eSigDir-1999-93-EC-TrustedList/#";
/// Namespace of XML signatures.
pub(super) const DS: &str = "http://www.w3.org/2000/09/xmldsig#";
/// Namespace of XAdES.
pub(super) const XADES: &str = "http://uri.etsi.org/01903/v1.3.2#";
/// Namespace of `xml:lang` and `xml:id`.
pub(super) const XML: &str = "http://www.w3.org/XML/1998/namespace";

/// Most nodes of a list; one with 100 services has 30,000.
const MAX_NODES: u32 = 100_000;
/// Deepest nesting of elements.
const MAX_DEPTH: usize = 64;

/// The text of a file, without a byte order mark.
pub(super) fn text_of(bytes: &[u8]) -> Result<&str, TrustListFault> {
    if bytes.len() > MAX_BYTES {
        return Err(TrustListFault::TooLarge {
            bytes: bytes.len(),
            most: MAX_BYTES,
        });
    }
    let text = std::str::from_utf8(bytes).map_err(|_| TrustListFault::NotUtf8)?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
}

/// Parses XML. A document type declaration, and with it every entity, is refused.
pub(super) fn parse(text: &str) -> Result<Document<'_>, TrustListFault> {
    let options = ParsingOptions {
        allow_dtd: false,
        nodes_limit: MAX_NODES,
        ..ParsingOptions::default()
    };
    let document = Document::parse_with_options(text, options).map_err(|error| match error {
        roxmltree::Error::NodesLimitReached => TrustListFault::TooMany {
            what: "nodes",
            most: MAX_NODES as usize,
        },
        other => TrustListFault::NotXml {
            cause: other.to_string(),
        },
    })?;
    let mut depth = 0_usize;
    let mut node = document.root();
    // Down, along, up: no recursion, and the depth is known at every step.
    loop {
        if let Some(child) = node.first_child() {
            depth += 1;
            node = child;
            if depth > MAX_DEPTH {
                return Err(TrustListFault::TooMany {
                    what: "levels",
                    most: MAX_DEPTH,
                });
            }
            continue;
        }
        loop {
            if let Some(sibling) = node.next_sibling() {
                node = sibling;
                break;
            }
            let Some(parent) = node.parent() else {
                return Ok(document);
            };
            depth = depth.saturating_sub(1);
            node = parent;
        }
    }
}

/// The child elements of that name.
pub(super) fn children<'a, 'input: 'a>(
    node: Node<'a, 'input>,
    namespace: &'static str,
    name: &'static str,
) -> impl Iterator<Item = Node<'a, 'input>> {
    node.children()
        .filter(move |child| child.has_tag_name((namespace, name)))
}

/// The child element of that name, if there is exactly one.
pub(super) fn only_child<'a, 'input: 'a>(
    node: Node<'a, 'input>,
    namespace: &'static str,
    name: &'static str,
) -> Option<Node<'a, 'input>> {
    let mut found = children(node, namespace, name);
    let first = found.next()?;
    found.next().is_none().then_some(first)
}

/// The text of an element that holds nothing but text; white space around it does not count.
pub(super) fn text<'a>(node: Node<'a, '_>) -> Option<&'a str> {
    let mut children = node.children();
    let first = children.next()?;
    if children.next().is_some() || !first.is_text() {
        return None;
    }
    first.text().map(str::trim).filter(|text| !text.is_empty())
}

/// The octets of an element that holds base64, broken into lines or not.
pub(super) fn octets(node: Node<'_, '_>) -> Option<Vec<u8>> {
    let compact: String = text(node)?
        .chars()
        .filter(|written| !written.is_ascii_whitespace())
        .collect();
    STANDARD.decode(compact).ok()
}

/// The last words of an element's multilingual names: English first, or else the first.
pub(super) fn name_in_english(names: Node<'_, '_>) -> Option<String> {
    let mut all = children(names, TSL, "Name").filter_map(|name| {
        let language = name.attribute((XML, "lang")).unwrap_or_default();
        Some((language.eq_ignore_ascii_case("en"), text(name)?))
    });
    let first = all.next()?;
    let chosen = if first.0 {
        first
    } else {
        all.find(|(english, _)| *english).unwrap_or(first)
    };
    Some(one_line(chosen.1))
}

/// A name on one line, without control characters and of bounded length.
pub(super) fn one_line(text: &str) -> String {
    const MOST: usize = 100;
    let words: Vec<&str> = text
        .split(|written: char| written.is_whitespace() || written.is_control())
        .filter(|word| !word.is_empty())
        .collect();
    let line = words.join(" ");
    if line.chars().count() <= MOST {
        return line;
    }
    line.chars().take(MOST - 1).chain(['…']).collect()
}
