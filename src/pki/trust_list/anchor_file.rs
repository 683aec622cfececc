//! A file of anchors that came from a list: PEM, with a head that says where they come from.
//!
//! The head is TOML in lines that begin with `# `, so that the file is still PEM (RFC 7468 allows text
//! around the certificates) and cannot be torn from what it says about them.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::super::anchors::TrustedPeriod;
use super::list::{Territory, TrustedList};
use super::selection::Purpose;
use super::{Selection, pem};
use crate::model::{Octets, Sha256Digest};

/// First line of every such file.
const FIRST_LINE: &str =
    "# Anchors from a trusted list (ETSI TS 119 612), made by `segell trust import`.";
/// Second line.
const SECOND_LINE: &str = "# Do not edit: import the next list instead.";
/// The shape of the head.
const FORMAT: u32 = 1;

/// Anchors for one purpose out of one list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnchorFile {
    format: u32,
    /// What they are for.
    pub purpose: Purpose,
    /// The list.
    #[serde(flatten)]
    pub list: ListFacts,
    /// The anchors.
    #[serde(default, rename = "anchor")]
    pub anchors: Vec<ListedAnchor>,
}

/// The list that anchors came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListFacts {
    /// Whose.
    pub territory: Territory,
    /// Scheme operator.
    pub operator: String,
    /// Sequence number.
    pub sequence: u64,
    /// When it was issued.
    pub issued: Timestamp,
    /// When the next one is due; `None` for a list that was closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_update: Option<Timestamp>,
    /// SHA-256 of the list's file.
    pub sha256: Sha256Digest,
    /// SHA-256 of its signer's certificate.
    pub signer: Sha256Digest,
}

impl ListFacts {
    /// A newer list should have been imported by that time.
    pub fn is_stale(&self, at: Timestamp) -> bool {
        self.next_update.is_none_or(|next| next < at)
    }
}

/// An anchor that came from a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListedAnchor {
    /// SHA-256 of the certificate.
    pub fingerprint: Sha256Digest,
    /// Common name of its subject.
    pub subject: String,
    /// Who provides the service.
    pub provider: String,
    /// The service.
    pub service: String,
    /// Its type: `CA/QC`, `TSA/QTST`, …
    pub kind: String,
    /// Its status: `granted`, `withdrawn`, …
    pub status: String,
    /// Since when.
    pub since: Timestamp,
    /// What it is for: `ForeSeals`, `ForeSignatures`, …
    pub uses: Vec<String>,
    /// Qualifiers for some of its certificates.
    pub qualifiers: Vec<String>,
    /// When it was approved, ascending; never empty.
    pub trusted: Vec<TrustedPeriod>,
    /// The certificate, DER.
    #[serde(skip)]
    pub der: Octets,
}

/// Why a file of anchors is not accepted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AnchorFileFault {
    /// The head cannot be read.
    #[error("its head cannot be read: {cause}")]
    Head {
        /// Why.
        cause: String,
    },
    /// The head says something else than the certificates are.
    #[error("its certificates are not those that its head describes: it was edited")]
    Edited,
}

impl AnchorFile {
    /// The anchors that a selection takes from a list.
    pub fn of(list: &TrustedList, selection: Selection, purpose: Purpose) -> Self {
        Self {
            format: FORMAT,
            purpose,
            list: ListFacts {
                territory: list.territory.clone(),
                operator: list.operator.clone(),
                sequence: list.sequence,
                issued: list.issued,
                next_update: list.next_update,
                sha256: list.digest,
                signer: list.signer.fingerprint,
            },
            anchors: selection.anchors(list, purpose),
        }
    }

    /// The name of the file: one per list and purpose.
    pub fn name(&self) -> String {
        format!(
            "trusted-list-{}-{}.pem",
            self.list.territory,
            self.purpose.word()
        )
    }

    /// A file is one of these, and not just any PEM file.
    pub fn is_one(bytes: &[u8]) -> bool {
        bytes.starts_with(FIRST_LINE.as_bytes())
    }

    /// Writes the file.
    ///
    /// # Errors
    /// [`AnchorFileFault`] when a certificate or a name cannot be written.
    pub fn write(&self) -> Result<String, AnchorFileFault> {
        let unwritable = |cause: String| AnchorFileFault::Head { cause };
        let head = toml::to_string(self).map_err(|error| unwritable(error.to_string()))?;
        let mut text = format!("{FIRST_LINE}\n{SECOND_LINE}\n");
        for line in head.lines() {
            text.push_str(if line.is_empty() { "#" } else { "# " });
            text.push_str(line);
            text.push('\n');
        }
        for anchor in &self.anchors {
            text.push('\n');
            let pem = pem(&anchor.der).map_err(|error| unwritable(error.to_string()))?;
            text.push_str(&pem);
        }
        Ok(text)
    }

    /// Reads the file back.
    ///
    /// # Errors
    /// [`AnchorFileFault`] when it is not as it was written.
    pub fn read(bytes: &[u8]) -> Result<Self, AnchorFileFault> {
        let head = |cause: &str| AnchorFileFault::Head {
            cause: cause.to_owned(),
        };
        let text = std::str::from_utf8(bytes).map_err(|_| head("not text in UTF-8"))?;
        let lines = text
            .lines()
            .skip(2)
            .take_while(|line| line.starts_with('#'));
        let toml: String = lines
            .map(|line| line.trim_start_matches('#').trim_start())
            .flat_map(|line| [line, "\n"])
            .collect();
        let mut file: Self = toml::from_str(&toml).map_err(|error| head(error.message()))?;
        if file.format != FORMAT {
            return Err(head("made by another version"));
        }
        let certificates = match text.split_once("\n\n") {
            Some((_, certificates)) => certificates,
            None if file.anchors.is_empty() => return Ok(file),
            None => return Err(AnchorFileFault::Edited),
        };
        let edited = |_| AnchorFileFault::Edited;
        let ders = super::signer::certificates(certificates.as_bytes()).map_err(edited)?;
        if file.anchors.len() != ders.len() {
            return Err(AnchorFileFault::Edited);
        }
        for (anchor, der) in file.anchors.iter_mut().zip(ders) {
            if anchor.fingerprint != Sha256Digest::of(&der) || anchor.trusted.is_empty() {
                return Err(AnchorFileFault::Edited);
            }
            anchor.der = Octets(der);
        }
        Ok(file)
    }
}
