//! What a list says (TS 119 612, 5), read from the octets that its signature covers.

use std::fmt;

use jiff::Timestamp;
use roxmltree::{Document, Node};
use serde::{Deserialize, Serialize};

use super::element::{
    TSL, TSL_TYPES, children, name_in_english, octets, one_line, only_child, text,
};
use super::service::{self, Service};
use super::{Signer, TrustListFault};
use crate::model::{Octets, Sha256Digest};

/// Most pointers of a list of lists; that of the Union has about 60.
const MAX_POINTERS: usize = 500;
/// Most certificates at a pointer.
const MAX_POINTER_CERTIFICATES: usize = 64;

/// Whose list it is (TS 119 612, 5.3.10): two capital letters, `EU` for the list of lists.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Territory([u8; 2]);

impl Territory {
    /// The letters.
    pub fn as_str(&self) -> &str {
        // Two ASCII letters, by construction.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl std::str::FromStr for Territory {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.as_bytes() {
            [first, second] if first.is_ascii_alphabetic() && second.is_ascii_alphabetic() => {
                Ok(Self([
                    first.to_ascii_uppercase(),
                    second.to_ascii_uppercase(),
                ]))
            }
            _ => Err("say two letters, such as ES"),
        }
    }
}

impl TryFrom<String> for Territory {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Territory> for String {
    fn from(territory: Territory) -> Self {
        territory.to_string()
    }
}

impl fmt::Display for Territory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Territory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Territory({self})")
    }
}

/// Kinds of lists (TS 119 612, 5.3.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ListKind {
    /// The services of one state: `EUgeneric`.
    Services,
    /// Pointers to the lists of the states: `EUlistofthelists`.
    ListOfLists,
}

/// A trusted list whose signature was verified; [`super::read`] makes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustedList {
    /// What kind.
    pub kind: ListKind,
    /// Whose.
    pub territory: Territory,
    /// Scheme operator, in English where it has such a name (5.3.4).
    pub operator: String,
    /// Sequence number, which grows with every issue (5.3.2).
    pub sequence: u64,
    /// When it was issued (5.3.14).
    pub issued: Timestamp,
    /// When the next will be issued at the latest (5.3.15); `None` for a list that was closed.
    pub next_update: Option<Timestamp>,
    /// SHA-256 of the file.
    pub digest: Sha256Digest,
    /// Who signed it.
    pub signer: Signer,
    /// Other lists (5.3.13).
    pub pointers: Vec<Pointer>,
    /// The services of its providers (5.5).
    pub services: Vec<Service>,
}

/// A pointer to another list (TS 119 612, 5.3.13), with the certificates that may sign it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Pointer {
    /// Whose list.
    pub territory: Territory,
    /// Its operator, in English where it has such a name.
    pub operator: String,
    /// Where it is published.
    pub location: String,
    /// Its media type: `application/vnd.etsi.tsl+xml` for the list that machines read.
    pub media_type: String,
    /// Certificates of its signers, DER.
    pub certificates: Vec<Octets>,
}

impl Pointer {
    /// It is to the list that machines read, not to one for people.
    pub fn is_for_machines(&self) -> bool {
        self.media_type == "application/vnd.etsi.tsl+xml"
    }
}

impl TrustedList {
    /// A newer list should have been issued by that time, or the list was closed.
    pub fn is_stale(&self, at: Timestamp) -> bool {
        self.next_update.is_none_or(|next| next < at)
    }
}

/// Reads the list from its canonical octets.
pub(super) fn read(
    document: &Document<'_>,
    digest: Sha256Digest,
    signer: Signer,
) -> Result<TrustedList, TrustListFault> {
    let root = document.root_element();
    let scheme =
        only_child(root, TSL, "SchemeInformation").ok_or(missing("SchemeInformation", "5.3"))?;
    let value = |name: &'static str, clause: &'static str| {
        only_child(scheme, TSL, name)
            .and_then(text)
            .ok_or(missing(name, clause))
    };
    let version = value("TSLVersionIdentifier", "5.3.1")?;
    if !matches!(version, "5" | "6") {
        return Err(TrustListFault::Version {
            found: one_line(version),
        });
    }
    let kind = value("TSLType", "5.3.3").and_then(kind)?;
    let issued = value("ListIssueDateTime", "5.3.14")?
        .parse()
        .map_err(|_| missing("ListIssueDateTime", "5.3.14"))?;
    valid_at_issue(&signer, issued)?;
    Ok(TrustedList {
        kind,
        territory: value("SchemeTerritory", "5.3.10")?
            .parse()
            .map_err(|_| missing("SchemeTerritory", "5.3.10"))?,
        operator: only_child(scheme, TSL, "SchemeOperatorName")
            .and_then(name_in_english)
            .ok_or(missing("SchemeOperatorName", "5.3.4"))?,
        sequence: value("TSLSequenceNumber", "5.3.2")?
            .parse()
            .map_err(|_| missing("TSLSequenceNumber", "5.3.2"))?,
        issued,
        next_update: next_update(scheme)?,
        digest,
        signer,
        pointers: pointers(scheme)?,
        services: service::services(root)?,
    })
}

pub(super) const fn missing(what: &'static str, clause: &'static str) -> TrustListFault {
    TrustListFault::Structure { what, clause }
}

fn kind(uri: &str) -> Result<ListKind, TrustListFault> {
    match uri {
        "http://uri.etsi.org/TrstSvc/TrustedList/TSLType/EUgeneric" => Ok(ListKind::Services),
        "http://uri.etsi.org/TrstSvc/TrustedList/TSLType/EUlistofthelists" => {
            Ok(ListKind::ListOfLists)
        }
        _ => Err(missing("TSLType", "5.3.3")),
    }
}

/// A key whose certificate has ended cannot make new lists, even for whoever still has it.
fn valid_at_issue(signer: &Signer, issued: Timestamp) -> Result<(), TrustListFault> {
    if (signer.not_before..=signer.not_after).contains(&issued) {
        return Ok(());
    }
    let day = |time: Timestamp| time.strftime("%Y-%m-%d").to_string();
    Err(TrustListFault::SignerNotValid {
        issued: day(issued),
        from: day(signer.not_before),
        until: day(signer.not_after),
    })
}

/// `NextUpdate` holds one `dateTime`, or nothing once the list is closed.
fn next_update(scheme: Node<'_, '_>) -> Result<Option<Timestamp>, TrustListFault> {
    let fault = missing("NextUpdate", "5.3.15");
    let Some(next) = only_child(scheme, TSL, "NextUpdate") else {
        return Err(fault);
    };
    if !next.has_children() {
        return Ok(None);
    }
    only_child(next, TSL, "dateTime")
        .and_then(text)
        .and_then(|text| text.parse().ok())
        .map(Some)
        .ok_or(fault)
}

fn pointers(scheme: Node<'_, '_>) -> Result<Vec<Pointer>, TrustListFault> {
    let all: Vec<Node<'_, '_>> = children(scheme, TSL, "PointersToOtherTSL")
        .flat_map(|pointers| children(pointers, TSL, "OtherTSLPointer"))
        .collect();
    if all.len() > MAX_POINTERS {
        return Err(TrustListFault::TooMany {
            what: "pointers",
            most: MAX_POINTERS,
        });
    }
    all.into_iter().map(pointer).collect()
}

fn pointer(node: Node<'_, '_>) -> Result<Pointer, TrustListFault> {
    let fault = || missing("OtherTSLPointer", "5.3.13");
    let information: Vec<Node<'_, '_>> = children(node, TSL, "AdditionalInformation")
        .flat_map(|additional| children(additional, TSL, "OtherInformation"))
        .collect();
    let information = |namespace, name| {
        information
            .iter()
            .find_map(|information| only_child(*information, namespace, name))
    };
    Ok(Pointer {
        territory: information(TSL, "SchemeTerritory")
            .and_then(text)
            .and_then(|text| text.parse().ok())
            .ok_or_else(fault)?,
        operator: information(TSL, "SchemeOperatorName")
            .and_then(name_in_english)
            .unwrap_or_default(),
        location: only_child(node, TSL, "TSLLocation")
            .and_then(text)
            .map(one_line)
            .ok_or_else(fault)?,
        media_type: information(TSL_TYPES, "MimeType")
            .and_then(text)
            .map(one_line)
            .unwrap_or_default(),
        certificates: children(node, TSL, "ServiceDigitalIdentities")
            .flat_map(|identities| children(identities, TSL, "ServiceDigitalIdentity"))
            .flat_map(certificates)
            .take(MAX_POINTER_CERTIFICATES)
            .map(Octets)
            .collect(),
    })
}

/// The certificates of a digital identity (TS 119 612, 5.5.3).
pub(super) fn certificates(identity: Node<'_, '_>) -> impl Iterator<Item = Vec<u8>> {
    children(identity, TSL, "DigitalId")
        .flat_map(|id| children(id, TSL, "X509Certificate"))
        .filter_map(octets)
}
